"""How many runs tasks with a limit have had by their own schedule."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from core.domain.execution import SCHEDULED_KINDS, ExecutionStatus
from core.storage.rows import ScheduledTaskExecutionRow
from core.storage.unit_of_work import Unit

_execution = ScheduledTaskExecutionRow


def runs_so_far(unit: Unit, task_ids: Sequence[int]) -> dict[int, int]:
    """Runs of each of these tasks; what was skipped or missed is none."""
    if not task_ids:
        return {}
    found = unit.session.execute(
        select(_execution.scheduled_task_id, func.count())
        .where(
            _execution.scheduled_task_id.in_(task_ids),
            _execution.kind.in_(SCHEDULED_KINDS),
            _execution.status.not_in([ExecutionStatus.SKIPPED, ExecutionStatus.MISSED]),
        )
        .group_by(_execution.scheduled_task_id)
    )
    return {row.scheduled_task_id: row[1] for row in found}
