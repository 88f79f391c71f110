"""Alembic's entry: runs the scripts on the connection it is given, or on a database's address.

`core.storage.migrate` hands over a connection that already holds the migration lock. From the
command line (`alembic revision --autogenerate`) the address comes from TRAINTABLE_DATABASE_URL.
"""

import os

from sqlalchemy import create_engine

from alembic import context


def render(kind, item, _context):
    """Write our column types as SQLAlchemy's own: a script imports nothing of the program."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "Enum":
        return f"sa.String({item.length})"
    return False


def run(connection, metadata=None) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    from core.storage.rows import Row  # only a comparison with the models needs them

    with create_engine(os.environ["TRAINTABLE_DATABASE_URL"]).connect() as connection:
        run(connection, Row.metadata)
