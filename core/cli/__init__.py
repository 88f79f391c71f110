"""The command line: words in, Backend calls, words or JSON out; it decides nothing itself."""
