"""The built-in trainer: learns whose hand wrote a line, from features of the strokes."""
