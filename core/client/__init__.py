"""What window and command line talk to: the backend, and the one place that chooses it."""
