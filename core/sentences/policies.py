"""The sentences of the policies and of the list behind “Why?”: the part of `core.messages` on them.

Read through `core.messages.sentence` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
    # policies: dependencies, pause on failure, quiet hours, backfill
    "dependency.cycle": N_(
        "These dependencies would go in a circle: {path}. Remove one of them first."
    ),
    "reason.dependency_condition": N_(
        "Skipped: task {upstream_id} ended as {upstream_status}, but this task needs it to"
        " {condition}."
    ),
    "reason.dependency_no_outcome": N_(
        "Skipped: task {upstream_id} did not end after the previous start of this task, which"
        " waited {waited_seconds} for it."
    ),
    "reason.dependency_stale": N_(
        "Skipped: the last outcome of task {upstream_id} is older than {freshness_seconds}; this"
        " task waited {waited_seconds} for a newer one."
    ),
    "task.paused_after_failures": N_(
        "Paused by the system after {count} failures in a row: find the cause, then resume."
    ),
    "quiet.part_unreadable": N_(
        "“{part}” in {field} cannot be read: write days and times, such as mon-fri 08:00-17:00."
    ),
    "quiet.day_unknown": N_("“{part}” in {field} is no day: write mon to sun, or daily."),
    "quiet.time_unreadable": N_(
        "“{part}” in {field} is no time range: write it as 08:00-17:00, from 00:00 to 24:00."
    ),
    "quiet.time_empty": N_(
        "“{part}” in {field} begins and ends at the same time: write 00:00-24:00 for a whole day."
    ),
    "quiet.never_open": N_(
        "{field} covers the whole week, so nothing would ever train: leave some time free."
    ),
    "quiet.on_day": N_("{first_day}, {begin} to {end}"),
    "quiet.on_day_overnight": N_("{first_day}, {begin} to {end} the next day"),
    "quiet.on_days": N_("{first_day} to {last_day}, {begin} to {end}"),
    "quiet.on_days_overnight": N_("{first_day} to {last_day}, {begin} to {end} the next day"),
    "quiet.daily": N_("every day, {begin} to {end}"),
    "quiet.daily_overnight": N_("every day, {begin} to {end} the next day"),
    "backfill.reversed": N_("{field} is before the start of the range: exchange the two times."),
    "backfill.too_many": N_(
        "The range has {count} planned times: at most {high} can be backfilled at once, so choose a"
        " shorter one."
    ),
    "backfill.future": N_("Left out: this time has not come yet."),
    "backfill.active": N_("Left out: execution {execution_id} is {status}."),
    "backfill.has_run": N_("Left out: execution {execution_id} has ended ({status})."),
    # why an instant ran or did not: the rules in their order, and what each found
    "why.rule.trigger": N_("Trigger"),
    "why.rule.calendar": N_("Calendar"),
    "why.rule.window": N_("Start and end"),
    "why.rule.jitter": N_("Random delay"),
    "why.rule.pause": N_("Pause"),
    "why.rule.lateness": N_("Grace and catch-up"),
    "why.rule.dependency": N_("Dependencies"),
    "why.rule.data_guard": N_("Samples"),
    "why.rule.overlap": N_("Overlap"),
    "why.rule.slot": N_("Slot"),
    "why.rule.claim": N_("Runner"),
    "why.later": N_("Looked at when its time comes."),
    "why.not_for_request": N_("Does not apply to a run that a person asked for."),
    "why.not_in_use": N_("This task has none."),
    "why.trigger_matches": N_("The trigger gives {planned_at}."),
    "why.trigger_no_match": N_("The trigger does not give {planned_at}."),
    "why.asked": N_("A person asked for this run; no trigger was needed."),
    "why.upstream_ended": N_("The end of another task started this run."),
    "why.calendar_moved": N_("Moved here by the calendar from {original_at}."),
    "why.inside_window": N_("Between the start and the end of the task."),
    "why.before_window": N_("Before the task's start, {starts_at}."),
    "why.after_window": N_("After the task's end, {ends_at}."),
    "why.jitter": N_("Begins {jitter_seconds} later than planned, so that not all begin at once."),
    "why.not_paused": N_("The task was not paused."),
    "why.paused": N_("The task was paused at {paused_at} and not resumed before."),
    "why.grace_ahead": N_("Will run if found no more than {grace_seconds} late."),
    "why.on_time": N_("Found {late_seconds} after the planned time, within {grace_seconds}."),
    "why.caught_up": N_("Found {late_seconds} late and made up for by the catch-up policy."),
    "why.undecided": N_(
        "Due for {late_seconds} and not decided yet: check that a runner is alive."
    ),
    "why.dependency_met": N_("All that this run waits for has come."),
    "why.dependency_waiting": N_("Waits for task {upstream_id} until {until_at}."),
    "why.data_enough": N_("There is something to train on."),
    "why.no_overlap": N_("Nothing of the same task was in its way."),
    "why.quiet_hours": N_("Quiet hours: training waits until {quiet_until_at}."),
    "why.slot_waiting": N_("Waits for a slot; before it in the queue: {ahead}."),
    "why.slot_next": N_("Next in line for a slot."),
    "why.slot_free": N_("There was a free slot."),
    "why.claim_waiting": N_("Not taken by a runner yet."),
    "why.claimed": N_("Started on {host} at {started_at}."),
}
"""Codes of the policies, with their English templates."""

TERMS: Final[dict[str, str]] = {
    "dependency.condition.success": N_("succeed"),
    "dependency.condition.finished": N_("run to an end"),
    "dependency.condition.failed": N_("fail"),
    "dependency.condition.no_failure": N_("end without a failure"),
}
"""Codes of the policies that stand as a parameter inside a sentence."""
