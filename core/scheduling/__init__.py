"""When a task runs, and what becomes of each planned instant."""
