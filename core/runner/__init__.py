"""The process that decides and executes: assembled here, hosted by the window or by itself."""
