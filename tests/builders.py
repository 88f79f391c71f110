"""Records with sensible values: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core.contracts.records import (
    ActiveRun,
    AttemptRecord,
    ExecutionRecord,
    ModelVersionRecord,
    RunnerRecord,
    SampleRecord,
    SampleStatus,
    SchoolRecord,
    StudentCounts,
    TaskRecord,
)
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.model_version import Gate
from core.domain.task import Policies, TaskStatus, TrainingMode
from core.domain.trigger import TriggerType

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
"""The instant that the records are built around: Monday, 14:00 in Shanghai."""
ZONE = "Asia/Shanghai"


def a_task(**changes: Any) -> TaskRecord:
    """An active nightly full training of all schools."""
    values: dict[str, Any] = {
        "id": 1,
        "name": "Nightly full training",
        "description": "",
        "status": TaskStatus.ACTIVE,
        "trigger_type": TriggerType.CRON,
        "interval_seconds": None,
        "cron_expression": "0 2 * * *",
        "run_at": None,
        "timezone": ZONE,
        "anchor_at": NOW - timedelta(days=30),
        "starts_at": None,
        "ends_at": None,
        "training_mode": TrainingMode.FULL,
        "school_id": None,
        "school_name": None,
        "force_retrain": False,
        "policies": Policies(),
        "last_run_at": NOW - timedelta(hours=12),
        "next_run_at": NOW + timedelta(hours=12),
        "total_runs": 12,
        "success_runs": 11,
        "failed_runs": 1,
        "last_error": None,
        "last_outcome": ExecutionStatus.COMPLETED,
        "created_by": None,
        "created_by_name": None,
        "created_at": NOW - timedelta(days=30),
        "updated_at": NOW - timedelta(days=30),
        "active_run": None,
    }
    return TaskRecord(**(values | changes))


def an_active_run(**changes: Any) -> ActiveRun:
    """A training that is fitting, 42 % done."""
    values: dict[str, Any] = {
        "execution_id": 1,
        "status": ExecutionStatus.RUNNING,
        "progress": 0.42,
        "stage": "fitting",
        "started_at": NOW - timedelta(minutes=2),
        "is_cancel_requested": False,
    }
    return ActiveRun(**(values | changes))


def an_execution(**changes: Any) -> ExecutionRecord:
    """A scheduled full training that completed in 95 seconds and made model version 3."""
    values: dict[str, Any] = {
        "id": 1,
        "scheduled_task_id": 1,
        "task_name": "Nightly full training",
        "school_id": None,
        "school_name": None,
        "training_job_id": 1,
        "kind": ExecutionKind.SCHEDULED,
        "planned_at": NOW - timedelta(hours=12),
        "decided_at": NOW - timedelta(hours=12) + timedelta(seconds=1),
        "started_at": NOW - timedelta(hours=12) + timedelta(seconds=2),
        "completed_at": NOW - timedelta(hours=12) + timedelta(seconds=97),
        "status": ExecutionStatus.COMPLETED,
        "reason": None,
        "message_code": None,
        "message_params": {},
        "output": None,
        "error_message": None,
        "progress": 1.0,
        "stage": None,
        "attempt": 1,
        "training_mode": TrainingMode.FULL,
        "timezone": ZONE,
        "settings": {},
        "is_cancel_requested": False,
        "missed_count": None,
        "runner_host": "runner-1",
        "model_version_id": 3,
        "model_version": 3,
        "gate": Gate.PASSED,
        "metrics": {"top1": 0.934, "samples": 120, "students": 12},
    }
    return ExecutionRecord(**(values | changes))


def an_attempt(**changes: Any) -> AttemptRecord:
    """A first attempt that failed after a minute and a half."""
    values: dict[str, Any] = {
        "job_id": 1,
        "execution_id": 1,
        "attempt": 1,
        "status": ExecutionStatus.FAILED,
        "started_at": NOW - timedelta(hours=12) + timedelta(seconds=2),
        "completed_at": NOW - timedelta(hours=12) + timedelta(seconds=97),
        "progress": 0.42,
        "stage": "fitting",
        "metrics": {},
        "reason": None,
        "message_code": None,
        "message_params": {},
    }
    return AttemptRecord(**(values | changes))


def a_school(**changes: Any) -> SchoolRecord:
    """A school with samples and a model in service."""
    values: dict[str, Any] = {
        "id": 1,
        "name": "No. 1 Primary School",
        "student_count": 12,
        "sample_count": 240,
        "model_version": 3,
    }
    return SchoolRecord(**(values | changes))


def a_sample(**changes: Any) -> SampleRecord:
    """A processed image of the first student."""
    values: dict[str, Any] = {
        "id": 1,
        "school_id": 1,
        "school_name": "No. 1 Primary School",
        "student": "S01",
        "file": "S01/page-1.png",
        "stored_file": None,
        "sha256": "0" * 64,
        "captured_at": NOW - timedelta(days=3),
        "processed_at": NOW - timedelta(days=2),
        "status": SampleStatus.PROCESSED,
        "error": None,
    }
    return SampleRecord(**(values | changes))


def student_counts(**changes: Any) -> StudentCounts:
    """Twenty processed samples of the first student."""
    values: dict[str, Any] = {
        "school_id": 1,
        "school_name": "No. 1 Primary School",
        "student": "S01",
        "processed": 20,
        "failed": 0,
        "pending": 0,
        "newest_captured_at": NOW - timedelta(days=3),
    }
    return StudentCounts(**(values | changes))


def a_model_version(**changes: Any) -> ModelVersionRecord:
    """Version 3 of the model for all schools, in service."""
    values: dict[str, Any] = {
        "id": 3,
        "school_id": None,
        "school_name": None,
        "version": 3,
        "parent_version": None,
        "training_mode": TrainingMode.FULL,
        "data_cutoff_at": NOW - timedelta(days=2),
        "sample_count": 240,
        "student_count": 12,
        "metrics": {"top1": 0.934, "top5": 0.99, "samples": 120, "students": 12},
        "gate": Gate.PASSED,
        "gate_code": None,
        "gate_params": {},
        "artefact": "models/3",
        "sha256": "0" * 64,
        "is_in_service": True,
        "execution_id": 1,
        "created_at": NOW - timedelta(hours=12),
        "promoted_at": NOW - timedelta(hours=12),
    }
    return ModelVersionRecord(**(values | changes))


def a_runner(**changes: Any) -> RunnerRecord:
    """A living runner with one slot."""
    values: dict[str, Any] = {
        "id": 1,
        "identity": "runner-1/4242",
        "host": "runner-1",
        "pid": 4242,
        "slots": 1,
        "started_at": NOW - timedelta(days=1),
        "heartbeat_at": NOW,
        "is_alive": True,
        "running_count": 0,
    }
    return RunnerRecord(**(values | changes))
