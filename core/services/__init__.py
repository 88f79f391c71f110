"""Use cases: authorise first, then one unit of work each."""
