"""The tables, one family a file; importing this package fills the metadata."""

from core.storage.base import Row
from core.storage.rows.calendar import CalendarOverrideRow, CalendarRangeRow, CalendarRow
from core.storage.rows.dependency import TaskDependencyRow
from core.storage.rows.event import EventRow
from core.storage.rows.execution import ScheduledTaskExecutionRow
from core.storage.rows.instance_setting import InstanceSettingRow
from core.storage.rows.model_version import ModelVersionRow
from core.storage.rows.runner import RunnerRow
from core.storage.rows.sample import SampleRow
from core.storage.rows.school import SchoolRow
from core.storage.rows.task import ScheduledTaskRow
from core.storage.rows.training_job import TrainingJobRow
from core.storage.rows.user import UserRow

__all__ = [
    "CalendarOverrideRow",
    "CalendarRangeRow",
    "CalendarRow",
    "EventRow",
    "InstanceSettingRow",
    "ModelVersionRow",
    "Row",
    "RunnerRow",
    "SampleRow",
    "ScheduledTaskExecutionRow",
    "ScheduledTaskRow",
    "SchoolRow",
    "TaskDependencyRow",
    "TrainingJobRow",
    "UserRow",
]
