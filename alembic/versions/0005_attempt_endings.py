"""Attempt endings

An attempt keeps why it ended: the execution tells only of its latest one.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JOBS = "training_jobs"
EXECUTIONS = "scheduled_task_executions"


def upgrade() -> None:
    # In place, also on SQLite: a rebuilt table would forget which numbers were given out.
    for column in _columns():
        op.add_column(JOBS, column)
    _take_over_latest()


def downgrade() -> None:
    for column in _columns():
        op.drop_column(JOBS, column.name)


def _columns() -> list[sa.Column]:
    return [
        sa.Column("reason", sa.String(24), nullable=True),
        sa.Column("message_code", sa.Text(), nullable=True),
        sa.Column("message_params", sa.JSON(), nullable=True),
    ]


def _take_over_latest() -> None:
    """Of earlier attempts nothing is known any more."""
    names = [column.name for column in _columns()]
    jobs = sa.table(JOBS, sa.column("id"), sa.column("completed_at"), *map(sa.column, names))
    executions = sa.table(EXECUTIONS, sa.column("training_job_id"), *map(sa.column, names))
    of_job = executions.c.training_job_id == jobs.c.id
    told = {name: sa.select(executions.c[name]).where(of_job).scalar_subquery() for name in names}
    op.get_bind().execute(sa.update(jobs).where(jobs.c.completed_at.is_not(None)).values(told))
