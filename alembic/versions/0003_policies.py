"""Policies

Tasks may depend on one another and are paused with a reason; executions wait and retry;
settings of the whole instance have a place.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

EXECUTIONS = "scheduled_task_executions"
TASKS = "scheduled_tasks"


def upgrade() -> None:
    op.create_table(
        "task_dependencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upstream_id", sa.Integer(), nullable=False),
        sa.Column("downstream_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(24), nullable=False),
        sa.Column("mode", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(
            ["upstream_id"],
            ["scheduled_tasks.id"],
            name=op.f("fk_task_dependencies_upstream_id_scheduled_tasks"),
        ),
        sa.ForeignKeyConstraint(
            ["downstream_id"],
            ["scheduled_tasks.id"],
            name=op.f("fk_task_dependencies_downstream_id_scheduled_tasks"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_dependencies")),
    )
    op.create_index(
        "uq_task_dependencies_pair",
        "task_dependencies",
        ["downstream_id", "upstream_id"],
        unique=True,
    )
    op.create_index(op.f("ix_task_dependencies_upstream_id"), "task_dependencies", ["upstream_id"])
    op.create_table(
        "instance_settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_instance_settings")),
    )
    # In place, also on SQLite: a rebuilt table would forget which numbers were given out.
    for table, column in _columns():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in _columns():
        op.drop_column(table, column.name)
    op.drop_table("instance_settings")
    op.drop_table("task_dependencies")


def _columns() -> list[tuple[str, sa.Column]]:
    return [
        (EXECUTIONS, sa.Column("not_before", sa.DateTime(timezone=True), nullable=True)),
        (EXECUTIONS, sa.Column("attempts", sa.Integer(), nullable=False, server_default="0")),
        (EXECUTIONS, sa.Column("lost_count", sa.Integer(), nullable=False, server_default="0")),
        (
            TASKS,
            sa.Column("consecutive_failures", sa.Integer(), nullable=False, server_default="0"),
        ),
        (TASKS, sa.Column("pause_code", sa.Text(), nullable=True)),
        (TASKS, sa.Column("pause_params", sa.JSON(), nullable=True)),
        (TASKS, sa.Column("dependency_how", sa.String(24), nullable=False, server_default="all")),
    ]
