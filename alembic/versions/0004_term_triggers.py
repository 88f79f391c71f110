"""Term triggers

Tasks may be told from the ranges of their calendar; of two tasks of one school that are not deleted
no two have the same name.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TASKS = "scheduled_tasks"
NAME_KEY = "uq_scheduled_tasks_scope_name"
KEPT = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    # In place, also on SQLite: a rebuilt table would forget which numbers were given out.
    op.add_column(TASKS, sa.Column("term_rule", sa.Text(), nullable=True))
    _number_namesakes()
    scope = sa.func.coalesce(sa.text("school_id"), sa.text("0"))
    op.create_index(
        NAME_KEY, TASKS, [scope, "name"], unique=True, sqlite_where=KEPT, postgresql_where=KEPT
    )


def downgrade() -> None:
    op.drop_index(NAME_KEY, TASKS)
    op.drop_column(TASKS, "term_rule")


def _number_namesakes() -> None:
    """Two who saved at the same moment could give one name twice: the later task shows its number.

    Until no name is taken twice: a name with a number may be taken as well.
    """
    tasks = sa.table(
        TASKS, sa.column("id"), sa.column("name"), sa.column("school_id"), sa.column("deleted_at")
    )
    older = tasks.alias("older")
    namesake = sa.exists().where(
        older.c.name == tasks.c.name,
        sa.func.coalesce(older.c.school_id, 0) == sa.func.coalesce(tasks.c.school_id, 0),
        older.c.deleted_at.is_(None),
        older.c.id < tasks.c.id,
    )
    numbered = tasks.c.name + " (" + sa.cast(tasks.c.id, sa.Text()) + ")"
    renaming = sa.update(tasks).where(tasks.c.deleted_at.is_(None), namesake).values(name=numbered)
    while op.get_bind().execute(renaming).rowcount:
        pass
