"""Qt models: caches of frozen records, keyed by id."""
