"""A workspace to play with: drawn handwriting, tasks of every kind, and a history that happened."""
