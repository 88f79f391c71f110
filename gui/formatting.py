"""Values become words, a tone and the name of an icon; pure functions that touch no widget.

Texts are translated when they are asked for, so a page that is shown again speaks the new language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name

from core.contracts.records import SampleStatus
from core.domain.execution import ExecutionKind, ExecutionStatus
from core.domain.model_version import Gate
from core.domain.task import TaskStatus, TrainingMode
from core.domain.trigger import TriggerType
from core.language import N_, _, _n
from core.messages import sentence
from gui.tones import Tone

DASH: Final = "–"
"""Stands where there is no value."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: always the word, with an icon, in a tone."""

    word: str
    tone: Tone
    icon: str


_TASK_LOOKS: Final[dict[TaskStatus, tuple[str, Tone, str]]] = {
    TaskStatus.ACTIVE: (N_("Active"), Tone.SUCCESS, "clock"),
    TaskStatus.PAUSED: (N_("Paused"), Tone.WARNING, "paused"),
    TaskStatus.COMPLETED: (N_("Completed"), Tone.NEUTRAL, "success"),
    TaskStatus.FAILED: (N_("Failed"), Tone.DANGER, "error"),
}
_EXECUTION_LOOKS: Final[dict[ExecutionStatus, tuple[str, Tone, str]]] = {
    ExecutionStatus.QUEUED: (N_("Queued"), Tone.NEUTRAL, "queued"),
    ExecutionStatus.RUNNING: (N_("Running"), Tone.ACCENT, "running"),
    ExecutionStatus.RETRYING: (N_("Retrying"), Tone.ACCENT, "retrying"),
    ExecutionStatus.COMPLETED: (N_("Completed"), Tone.SUCCESS, "success"),
    ExecutionStatus.FAILED: (N_("Failed"), Tone.DANGER, "error"),
    ExecutionStatus.TIMED_OUT: (N_("Timed out"), Tone.DANGER, "timed-out"),
    ExecutionStatus.CANCELLED: (N_("Cancelled"), Tone.NEUTRAL, "cancel"),
    ExecutionStatus.LOST: (N_("Lost"), Tone.DANGER, "lost"),
    ExecutionStatus.SKIPPED: (N_("Skipped"), Tone.NEUTRAL, "skipped"),
    ExecutionStatus.MISSED: (N_("Missed"), Tone.WARNING, "missed"),
}
_SAMPLE_LOOKS: Final[dict[SampleStatus, tuple[str, Tone, str]]] = {
    SampleStatus.PENDING: (N_("Pending"), Tone.NEUTRAL, "queued"),
    SampleStatus.PROCESSED: (N_("Processed"), Tone.SUCCESS, "success"),
    SampleStatus.FAILED: (N_("Unreadable"), Tone.DANGER, "error"),
}
_GATE_LOOKS: Final[dict[Gate, tuple[str, Tone, str]]] = {
    Gate.PASSED: (N_("Gate passed"), Tone.SUCCESS, "gate"),
    Gate.REFUSED: (N_("Gate refused"), Tone.WARNING, "gate-refused"),
}
_KINDS: Final[dict[ExecutionKind, str]] = {
    ExecutionKind.SCHEDULED: N_("Scheduled"),
    ExecutionKind.CATCH_UP: N_("Catch-up"),
    ExecutionKind.MANUAL: N_("Manual"),
    ExecutionKind.BACKFILL: N_("Backfill"),
    ExecutionKind.DEPENDENCY: N_("Dependency"),
}
_MODES: Final[dict[TrainingMode, str]] = {
    TrainingMode.FULL: N_("Full"),
    TrainingMode.INCREMENTAL: N_("Incremental"),
}
_TRIGGERS: Final[dict[TriggerType, str]] = {
    TriggerType.ONCE: N_("Once"),
    TriggerType.INTERVAL: N_("Interval"),
    TriggerType.CRON: N_("Cron"),
    TriggerType.TERM: N_("Term"),
}
_WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def task_look(status: TaskStatus) -> Look:
    """How a task's status is shown."""
    return _translated(_TASK_LOOKS[status])


def execution_look(status: ExecutionStatus) -> Look:
    """How an execution's status (and a task's last outcome) is shown."""
    return _translated(_EXECUTION_LOOKS[status])


def sample_look(status: SampleStatus) -> Look:
    """How a sample's status is shown."""
    return _translated(_SAMPLE_LOOKS[status])


def gate_look(gate: Gate) -> Look:
    """How the verdict on a candidate model is shown."""
    return _translated(_GATE_LOOKS[gate])


def kind_word(kind: ExecutionKind) -> str:
    """Why an execution exists, in a word."""
    return _(_KINDS[kind])


def mode_word(mode: TrainingMode) -> str:
    """A training mode in a word."""
    return _(_MODES[mode])


def trigger_word(trigger_type: TriggerType) -> str:
    """A kind of trigger in a word."""
    return _(_TRIGGERS[trigger_type])


def scope_text(school_name: str | None) -> str:
    """The school a task or model is for."""
    return school_name if school_name is not None else _("All schools")


def progress_text(stage: str | None, share: float) -> str:
    """What a running execution does now, and how far it is: “Fitting the model · 42%”."""
    if not stage:
        return percent(share, digits=0)
    words = sentence(stage if "." in stage else f"stage.{stage}")
    return f"{words} · {percent(share, digits=0)}"


def count(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}"


def percent(share: float | None, *, digits: int = 1) -> str:
    """A share from 0 to 1."""
    return DASH if share is None else f"{share:.{digits}%}"


def duration(span: timedelta | None) -> str:
    """A length of time in its two largest units: “1 h 05 min”, “4.2 s”."""
    if span is None:
        return DASH
    seconds = max(span.total_seconds(), 0.0)
    if seconds < 10:
        return _("{n} s").format(n=f"{seconds:.1f}")
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return _("{d} d {h} h").format(d=days, h=hour)
    if hours:
        return _("{h} h {m} min").format(h=hours, m=f"{minute:02}")
    if minutes:
        return _("{m} min {s} s").format(m=minutes, s=f"{second:02}")
    return _("{n} s").format(n=second)


def instant(at: datetime | None, zone: str | None = None) -> str:
    """The minute on the wall clock of `zone` (this machine's, if `None`): “2026-03-01 14:30”."""
    return DASH if at is None else f"{at.astimezone(_zone(zone)):%Y-%m-%d %H:%M}"


def instant_with_zone(at: datetime | None, zone: str | None = None) -> str:
    """As `instant`, with the zone's name: “2026-03-01 14:30 Asia/Shanghai”."""
    return DASH if at is None else f"{instant(at, zone)} {zone or local_zone_name()}"


def exact(at: datetime | None, zone: str | None = None) -> str:
    """Everything about an instant, for tooltips: weekday, second, zone and offset."""
    if at is None:
        return DASH
    local = at.astimezone(_zone(zone))
    return _("{weekday}, {date} {time}, {zone} (UTC{offset})").format(
        weekday=_(_WEEKDAYS[local.weekday()]),
        date=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M:%S}",
        zone=zone or local_zone_name(),
        offset=_offset(local),
    )


def wall_time(at: datetime, zone: str) -> str:
    """As `exact`, for where the zone's name stands nearby."""
    local = at.astimezone(ZoneInfo(zone))
    return _("{weekday}, {date} {time} (UTC{offset})").format(
        weekday=_(_WEEKDAYS[local.weekday()]),
        date=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M:%S}",
        offset=_offset(local),
    )


def relative(at: datetime | None, now: datetime) -> str:
    """How far an instant is from now: “in 3 h”, “2 min ago”, “now”."""
    if at is None:
        return DASH
    seconds = round((at - now).total_seconds())
    distance = abs(seconds)
    if distance < 5:
        return _("now")
    if distance < 60:
        words = _("{n} s").format(n=distance)
    elif distance < 3600:
        words = _("{n} min").format(n=distance // 60)
    elif distance < 48 * 3600:
        words = _("{n} h").format(n=distance // 3600)
    else:
        words = _n("{n} day", "{n} days", distance // 86400).format(n=distance // 86400)
    return (_("in {span}") if seconds > 0 else _("{span} ago")).format(span=words)


def local_zone_name() -> str:
    """The IANA name of this machine's zone."""
    return _local_zone_name()


def _translated(look: tuple[str, Tone, str]) -> Look:
    word, tone, icon = look
    return Look(_(word), tone, icon)


def _offset(local: datetime) -> str:
    offset = f"{local:%z}"
    return f"{offset[:3]}:{offset[3:5]}"


def _zone(name: str | None) -> tzinfo:
    return ZoneInfo(name or _local_zone_name())


@lru_cache(maxsize=1)
def _local_zone_name() -> str:
    # Reading /etc for every painted cell would be felt.
    return get_localzone_name() or "UTC"
