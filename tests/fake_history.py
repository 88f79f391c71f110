"""The history part of `tests.fakes.FakeBackend`: executions, attempts and logs as they were put."""

from __future__ import annotations

from typing import Final

from core.contracts.records import AttemptRecord, ExecutionFilter, ExecutionRecord, LogSlice
from core.errors import NotFoundError
from tests.fake_stage import FakeStage, a_call

ALL_EXECUTIONS: Final = ExecutionFilter()


class FakeHistory(FakeStage):
    """What ran: `logs` of executions, `attempts`, and `attempt_logs` where they differ."""

    @a_call
    def list_executions(
        self,
        which: ExecutionFilter = ALL_EXECUTIONS,
        *,
        before_id: int | None = None,
        limit: int = 50,
    ) -> tuple[ExecutionRecord, ...]:
        found = [
            execution
            for _, execution in sorted(self.executions.items(), reverse=True)
            if which.task_id in {None, execution.scheduled_task_id}
            and which.school_id in {None, execution.school_id}
            and (not which.statuses or execution.status in which.statuses)
            and (before_id is None or execution.id < before_id)
        ]
        return tuple(found[:limit])

    @a_call
    def get_execution(self, execution_id: int) -> ExecutionRecord:
        return self._execution(execution_id)

    @a_call
    def list_attempts(self, execution_id: int) -> tuple[AttemptRecord, ...]:
        self._execution(execution_id)
        return tuple(self.attempts[execution_id])

    @a_call
    def read_log(
        self, execution_id: int, *, offset: int = 0, attempt: int | None = None
    ) -> LogSlice:
        execution = self._execution(execution_id)
        text = self.logs[execution_id]
        if attempt is not None and (execution_id, attempt) in self.attempt_logs:
            text = self.attempt_logs[execution_id, attempt]
        return LogSlice(text[offset:], len(text), is_complete=execution.status.is_final)

    def _execution(self, execution_id: int) -> ExecutionRecord:
        if execution_id not in self.executions:
            raise NotFoundError("execution.not_found", execution_id=execution_id)
        return self.executions[execution_id]
