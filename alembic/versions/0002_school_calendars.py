"""School calendars

Tasks are given a calendar, what becomes of closed dates, a jitter, a number of runs, and how far
they are decided.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CALENDAR_KEY = "fk_scheduled_tasks_calendar_id_calendars"


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("open_weekdays", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_calendars_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    scope = sa.func.coalesce(sa.text("school_id"), sa.text("0"))
    op.create_index("uq_calendars_scope_name", "calendars", [scope, "name"], unique=True)
    op.create_table(
        "calendar_ranges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_calendar_ranges_calendar_id_calendars")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_ranges")),
    )
    op.create_index(op.f("ix_calendar_ranges_calendar_id"), "calendar_ranges", ["calendar_id"])
    op.create_table(
        "calendar_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("date_on", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendars.id"],
            name=op.f("fk_calendar_overrides_calendar_id_calendars"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_overrides")),
    )
    op.create_index(
        "uq_calendar_overrides_calendar_date",
        "calendar_overrides",
        ["calendar_id", "date_on"],
        unique=True,
    )
    _extend_tasks()


def _extend_tasks() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # In place: a rebuilt table would forget which numbers were given out, and use them again.
        op.execute(
            "ALTER TABLE scheduled_tasks ADD COLUMN calendar_id INTEGER"
            f" CONSTRAINT {CALENDAR_KEY} REFERENCES calendars (id)"
        )
    else:
        op.add_column("scheduled_tasks", sa.Column("calendar_id", sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f(CALENDAR_KEY), "scheduled_tasks", "calendars", ["calendar_id"], ["id"]
        )
    for column in (
        sa.Column("calendar_policy", sa.String(24), nullable=False, server_default="skip"),
        sa.Column("jitter_seconds", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("max_runs", sa.Integer(), nullable=True),
        sa.Column("decided_until", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("scheduled_tasks", column)
    op.create_index(op.f("ix_scheduled_tasks_calendar_id"), "scheduled_tasks", ["calendar_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_scheduled_tasks_calendar_id"), "scheduled_tasks")
    # SQLite drops a column with a key only by a rebuild, which forgets AUTOINCREMENT unless told.
    with op.batch_alter_table(
        "scheduled_tasks", table_kwargs={"sqlite_autoincrement": True}
    ) as batch:
        batch.drop_column("decided_until")
        batch.drop_column("max_runs")
        batch.drop_column("jitter_seconds")
        batch.drop_column("calendar_policy")
        batch.drop_column("calendar_id")
    op.drop_table("calendar_overrides")
    op.drop_table("calendar_ranges")
    op.drop_table("calendars")
