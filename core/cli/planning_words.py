"""Planning in words: tables and sentences for people, plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table

from core.cli.output import Shown, table
from core.cli.words import NOTHING, local_time, outcome_words, school_words, status_word
from core.contracts.planning import (
    BackfillPlan,
    ChangeKind,
    DeletedTask,
    DependencyRecord,
    Explanation,
    QuietHours,
    TaskConsequences,
    TaskDependencies,
)
from core.contracts.records import ExecutionRecord
from core.domain import quiet_text
from core.domain.backfill import Entry
from core.domain.dependency import Mode, Needed
from core.domain.explanation import RuleResult, Verdict
from core.language import N_, _
from core.messages import TERMS, sentence

_VERDICTS: Final = {
    Verdict.PASSED: N_("passed"),
    Verdict.STOPPED: N_("stopped"),
    Verdict.WAITING: N_("waits"),
    Verdict.INFO: N_("note"),
    Verdict.NOT_REACHED: N_("not reached"),
}
_CHANGES: Final = {
    ChangeKind.ADDED: N_("added"),
    ChangeKind.REMOVED: N_("removed"),
    ChangeKind.MOVED: N_("moved"),
}
_MODES: Final = {
    Mode.AFTER: N_("starts it when it has ended"),
    Mode.WAIT: N_("is waited for"),
}
_NEEDED: Final = {
    Needed.ALL: N_("all of them are needed"),
    Needed.ANY: N_("one of them is enough"),
}


def explanation_parts(found: Explanation) -> list[Shown]:
    """The list behind “Why?”, and what became of it in the end."""
    rows = [
        [
            sentence(f"why.rule.{each.rule.value}"),
            _(_VERDICTS[each.verdict]),
            _result_words(each),
        ]
        for each in found.results
    ]
    parts: list[Shown] = [_title(found), table([_("Rule"), _("Verdict"), _("Why")], rows)]
    if found.execution is not None:
        parts.append(_execution_words(found.execution))
    return parts


def explanation_value(found: Explanation) -> dict[str, Any]:
    """The same for machines, with its sentences."""
    return {
        "task_id": found.task_id,
        "task_name": found.task_name,
        "timezone": found.timezone,
        "planned_at": found.planned_at,
        "rules": [
            {
                "rule": each.rule,
                "verdict": each.verdict,
                "code": each.code,
                "params": each.params,
                "sentence": sentence(each.code, each.params) if each.code else None,
            }
            for each in found.results
        ],
        "execution": found.execution,
    }


def backfill_parts(plan: BackfillPlan, *, is_dry: bool) -> list[Shown]:
    """Every planned time of the range and what becomes of it, then the sum."""
    if not plan.entries:
        return [_("The task was not planned to run in this time.")]
    rows = [
        [local_time(each.planned_at, plan.timezone), _entry_words(each)] for each in plan.entries
    ]
    count = sum(each.is_chosen for each in plan.entries)
    total = len(plan.entries)
    text = (
        _("A backfill would run {count} of {total} planned times.").format(count=count, total=total)
        if is_dry
        else _("Queued: {count} of {total} planned times.").format(
            count=len(plan.execution_ids), total=total
        )
    )
    return [table([_("Planned"), _("Backfill")], rows), text]


def backfill_value(plan: BackfillPlan, *, is_dry: bool) -> dict[str, Any]:
    """The same for machines."""
    return {
        "task_id": plan.task_id,
        "timezone": plan.timezone,
        "dry_run": is_dry,
        "entries": [
            {
                "planned_at": each.planned_at,
                "is_chosen": each.is_chosen,
                "execution_id": each.existing.execution_id if each.existing else None,
                "status": each.existing.status if each.existing else None,
                "code": each.code,
                "sentence": sentence(each.code, each.params) if each.code else None,
            }
            for each in plan.entries
        ],
        "execution_ids": plan.execution_ids,
    }


def consequences_parts(found: TaskConsequences, limit: int) -> list[Shown]:
    """How many runs come, go and move, then the first of them."""
    until = local_time(found.until_at, found.timezone)
    parts: list[Shown] = [
        _("Runs until {time}: {before} as it is, {after} with the change.").format(
            time=until, before=found.before_count, after=found.after_count
        ),
        _("Added {added}, removed {removed}, moved {moved}.").format(
            added=found.added, removed=found.removed, moved=found.moved
        ),
    ]
    if found.compared_until < found.until_at:
        parts.append(
            _("There are very many: only those until {time} are compared one by one.").format(
                time=local_time(found.compared_until, found.timezone)
            )
        )
    if found.has_no_run:
        parts.append(_("The task would never run again."))
    if shown := found.changes[:limit]:
        rows = [
            [
                _(_CHANGES[each.kind]),
                local_time(each.before_at, found.timezone),
                local_time(each.after_at, found.timezone),
            ]
            for each in shown
        ]
        parts.append(table([_("Run"), _("As it is"), _("With the change")], rows))
    return parts


def dependencies_parts(found: TaskDependencies) -> list[Shown]:
    """What a task depends on, then what depends on it."""
    if not found.upstream and not found.downstream:
        return [_("Task {task_id} has no dependencies.").format(task_id=found.task_id)]
    parts: list[Shown] = []
    if found.upstream:
        text = _("Task {task_id} depends on these; {needed}:")
        needed = _(_NEEDED[found.needed])
        parts.append(text.format(task_id=found.task_id, needed=needed))
        ends = [(each, each.upstream_id, each.upstream_name) for each in found.upstream]
        parts.append(_edges_table(ends))
    if found.downstream:
        parts.append(_("These depend on task {task_id}:").format(task_id=found.task_id))
        ends = [(each, each.downstream_id, each.downstream_name) for each in found.downstream]
        parts.append(_edges_table(ends))
    return parts


def deleted_table(found: Sequence[DeletedTask]) -> Table:
    """The recycle bin."""
    headings = [_("ID"), _("Name"), _("School"), _("Status"), _("Deleted"), _("Gone for good")]
    rows = [
        [
            str(each.id),
            each.name,
            school_words(each.school_name),
            status_word(each.status),
            local_time(each.deleted_at),
            local_time(each.gone_at),
        ]
        for each in found
    ]
    return table(headings, rows, right="0")


def quiet_parts(found: QuietHours) -> list[Shown]:
    """The weekly times, one a line, and whether it is quiet now."""
    lines = quiet_text.spoken(quiet_text.parse(found.text))
    parts: list[Shown] = [
        _("No training starts in these times ({timezone}):").format(timezone=found.timezone)
    ]
    parts += [sentence(each.code, each.params) for each in lines]
    if found.quiet_until_at is None:
        return [*parts, _("It is not quiet now.")]
    time = local_time(found.quiet_until_at, found.timezone)
    return [*parts, _("It is quiet now, until {time}.").format(time=time)]


def _title(found: Explanation) -> str:
    values = {"task_id": found.task_id, "name": found.task_name}
    if found.planned_at is None:
        return _("Task {task_id} “{name}”:").format(**values)
    time = local_time(found.planned_at, found.timezone)
    return _("Task {task_id} “{name}” at {time}:").format(**values, time=time)


def _execution_words(record: ExecutionRecord) -> str:
    values = {"execution_id": record.id, "status": status_word(record.status)}
    if not record.status.is_final:
        return _("Execution {execution_id}: {status}.").format(**values)
    text = _("Execution {execution_id}: {status}. {detail}")
    return text.format(**values, detail=outcome_words(record))


def _result_words(result: RuleResult) -> str:
    return NOTHING if result.code is None else sentence(result.code, result.params)


def _entry_words(entry: Entry) -> str:
    return _("runs") if entry.code is None else sentence(entry.code, entry.params)


def _edges_table(ends: Sequence[tuple[DependencyRecord, int, str | None]]) -> Table:
    headings = [_("Task"), _("Name"), _("Upstream must"), _("Upstream")]
    rows = [
        [
            str(task_id),
            name or NOTHING,
            _(TERMS[f"dependency.condition.{edge.condition.value}"]),
            _(_MODES[edge.mode]),
        ]
        for edge, task_id, name in ends
    ]
    return table(headings, rows, right="0")
