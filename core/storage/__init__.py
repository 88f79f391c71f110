"""Rows in, records out: the only place that knows SQLAlchemy and Alembic."""
