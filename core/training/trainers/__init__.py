"""The routines that make a model: one package or module each, reaching no database."""
