"""Values that cross a boundary: window, command line, API, child process."""
