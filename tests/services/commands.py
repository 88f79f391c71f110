"""Commands of a person, and how their refusal is taken; a test names only what it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.contracts.commands import CreateTask, EditTask
from core.contracts.records import TaskRecord
from core.domain.task import TrainingMode
from core.domain.trigger import TriggerType
from core.errors import AppError
from core.messages import SENTENCES, error_sentence
from core.services import tasks
from core.services.actor import Actor
from core.storage.unit_of_work import Store
from tests.builders import NOW

HOUR = timedelta(hours=1)


def hourly(**changes: Any) -> CreateTask:
    values: dict[str, Any] = {
        "name": "Hourly",
        "trigger_type": TriggerType.INTERVAL,
        "training_mode": TrainingMode.FULL,
        "interval_seconds": 3600,
        "timezone": "UTC",
    }
    return CreateTask(**(values | changes))


def once(**changes: Any) -> CreateTask:
    values = {"trigger_type": TriggerType.ONCE, "interval_seconds": None, "run_at": NOW + HOUR}
    return hourly(**(values | changes))


def nightly(**changes: Any) -> CreateTask:
    values = {
        "trigger_type": TriggerType.CRON,
        "interval_seconds": None,
        "cron_expression": "0 2 * * *",
    }
    return hourly(**(values | changes))


def refusal_of(call: Any, *args: Any) -> AppError:
    with pytest.raises(AppError) as refusal:
        call(*args)
    assert refusal.value.code in SENTENCES
    assert "?" not in error_sentence(refusal.value)
    return refusal.value


def edit(store: Store, actor: Actor, task_id: int, **changes: Any) -> TaskRecord:
    return tasks.edit_task(store, actor, EditTask(task_id, **changes))
