"""Codes with parameters become sentences, in the reader's language.

Core raises and stores codes; window, CLI, API and mail all speak through `sentence`. A sentence
says what, where and what to do, and ends with a full stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from core.errors import AppError, Param
from core.language import N_, _
from core.planning_sentences import PLANNING_SENTENCES
from core.policy_sentences import POLICY_SENTENCES, POLICY_TERMS
from core.term_sentences import TERM_SENTENCES, TERM_TERMS

SENTENCES: Final[dict[str, str]] = {
    # tasks and their fields
    "task.not_found": N_("There is no task {task_id}."),
    "task.name_empty": N_("The task needs a name: give name a text of 1 to 200 characters."),
    "task.name_taken": N_("A task named “{name}” already exists here: choose another name."),
    "task.already_ended": N_(
        "Task {task_id} has ended ({status}): edit its trigger to use it again."
    ),
    "task.never_again": N_("Task {task_id} would never run again: change its trigger first."),
    "text.too_long": N_("{field} has {length} characters: at most {high} are allowed."),
    "field.required": N_("{field} is missing: a task with this trigger needs it."),
    "field.not_for_trigger": N_(
        "{field} does not belong to a trigger of the kind “{trigger_type}”: leave it out."
    ),
    "field.out_of_range": N_("{field} is {value}: allowed are {low} to {high}."),
    "field.choice": N_("{field} is “{value}”: allowed are {choices}."),
    "time.unreadable": N_(
        "{field} is “{value}”: give an ISO 8601 time such as 2026-03-01T14:30 or"
        " 2026-03-01T14:30+08:00."
    ),
    "time.zone_unknown": N_(
        "timezone is “{value}”: give a name of the IANA database such as Asia/Shanghai."
    ),
    "once.in_the_past": N_("run_at is {value}, which has passed: choose a time after {now}."),
    "schedule.never_open": N_(
        "The calendar “{calendar}” leaves no day on which the task could run: choose another one."
    ),
    "window.empty": N_("ends_at is before starts_at: the task could never run."),
    "interval.out_of_range": N_(
        "interval_seconds is {value}: allowed are {low} to {high} whole seconds."
    ),
    "schedule.over": N_(
        "No time of this trigger is still to come: change {field}, or the end of its window."
    ),
    "window.never": N_(
        "No time of this trigger lies between starts_at and ends_at: the task could never run."
    ),
    # cron (core.scheduling.cron); {part} is one of TERMS
    "cron.too_long": N_("The cron expression has {length} characters: at most {high} are allowed."),
    "cron.not_standard": N_("The cron line “{value}” cannot be read: see the examples."),
    "cron.field_count": N_(
        "The cron expression “{value}” has {count} fields: it needs 5, for minute, hour, day of"
        " month, month and day of week, such as 0 2 * * *."
    ),
    "cron.unknown_alias": N_("“{value}” is not a known abbreviation: allowed are {choices}."),
    "cron.out_of_range": N_(
        "“{value}” does not fit the cron field {part}: allowed are {low} to {high}."
    ),
    "cron.unreadable": N_(
        "“{value}” cannot be read in the cron field {part}, which takes “{forms}”."
    ),
    "cron.step_out_of_range": N_(
        "The step of “{value}” does not fit the cron field {part}: allowed are {low} to {high}."
    ),
    "cron.step_chooses_one": N_(
        "“{value}” in the cron field {part} means {only} alone: write {only}, or a smaller step."
    ),
    "cron.step_across_end": N_(
        "“{value}” in the cron field {part} runs past the end and has a step: write a list instead."
    ),
    "cron.range_of_one": N_(
        "“{value}” in the cron field {part} begins and ends at the same value: write that value"
        " once, or * for all from {low} to {high}."
    ),
    "cron.nearest_in_list": N_(
        "“{value}” in the cron field {part} must stand alone: W takes one day, 1 to 31."
    ),
    "cron.nth_out_of_range": N_(
        "The number after # in “{value}” does not fit the cron field {part}: allowed are {low} to"
        " {high}."
    ),
    "cron.mixed_weekdays": N_(
        "“{value}” in the cron field {part} mixes plain weekdays with # or L: use one kind."
    ),
    "cron.never_fires": N_(
        "“{value}” in the cron field {part} never comes in month {months}: allowed are {low} to"
        " {high}."
    ),
    # states, as words inside a sentence
    "status.active": N_("active"),
    "status.paused": N_("paused"),
    "status.queued": N_("queued"),
    "status.running": N_("running"),
    "status.retrying": N_("retrying"),
    "status.completed": N_("completed"),
    "status.failed": N_("failed"),
    "status.timed_out": N_("timed out"),
    "status.cancelled": N_("cancelled"),
    "status.lost": N_("lost"),
    "status.skipped": N_("skipped"),
    "status.missed": N_("missed"),
    # executions
    "execution.not_found": N_("There is no execution {execution_id}."),
    "execution.illegal_transition": N_(
        "An execution cannot go from “{before_status}” to “{after_status}”."
    ),
    "execution.already_final": N_("Execution {execution_id} has already ended ({status})."),
    "execution.stale_fence": N_(
        "This result came too late: execution {execution_id} was given to another runner."
    ),
    # reasons an execution ended
    "reason.overlap": N_(
        "Skipped: execution {blocking_id} of the same task was still {blocking_status}."
    ),
    "reason.replaced": N_(
        "Skipped: execution {blocking_id}, planned later, took its place in the queue."
    ),
    "reason.calendar_range": N_(
        "Skipped: {count} planned times from {first_at} to {last_at} fell on closed days."
    ),
    "reason.grace": N_(
        "Missed: nothing was running at the planned time; found {late_seconds} late, beyond the"
        " grace of {grace_seconds}."
    ),
    "reason.grace_range": N_(
        "Missed: nothing was running; {count} planned times from {first_at} to {last_at} passed."
    ),
    "reason.too_few_samples": N_(
        "Too few samples: {found} processed, at least {needed} are needed; import more samples."
    ),
    "reason.too_few_students": N_(
        "Only {found} student has processed samples, at least {needed} are needed;"
        " import samples of"
        " another student."
    ),
    "reason.no_base_model": N_("No model in service to build on: run a full training first."),
    "reason.no_new_samples": N_(
        "No new sample since the model in service (version {version}): import samples,"
        " then run again."
    ),
    "reason.unchanged": N_(
        "Skipped: nothing changed since the model in service (version {version}); use force_retrain"
        " to train all the same."
    ),
    "reason.samples_removed": N_(
        "Samples of the model in service are gone: run a full training instead."
    ),
    "reason.extractor_changed": N_(
        "The features changed with this release: run a full training instead."
    ),
    "reason.sample_unreadable": N_(
        "The image of sample {sample_id} cannot be read ({file}): restore the file or"
        " import it again."
    ),
    "reason.base_model_damaged": N_(
        "The model in service (version {version}) does not match its checksum: run a full training."
    ),
    "reason.invalid_settings": N_("The task's settings cannot be used: {detail}"),
    "reason.trainer_failed": N_("The trainer failed: {detail}"),
    "reason.worker_died": N_(
        "The training process ended with {how} before it gave a result; see the log."
    ),
    "reason.no_result": N_("The training process ended without a result; see the log."),
    "reason.worker_not_started": N_(
        "The training process could not be started ({detail}): check disk space and memory."
    ),
    "reason.timeout": N_("Stopped: it ran longer than its time limit of {limit_seconds}."),
    "reason.cancelled": N_("Cancelled by {actor}."),
    "reason.runner_lost": N_(
        "The runner on {host} stopped answering while this ran; the result is unknown."
    ),
    "reason.runner_stopped": N_("Stopped because the runner was closed."),
    "reason.task_deleted": N_("Cancelled because the task was deleted."),
    "reason.gate_refused": N_(
        "Trained, but not put in service: {metric} is {candidate}, the model in service has"
        " {champion}."
    ),
    "reason.gate_floor": N_(
        "Trained, but not put in service: {metric} is {candidate}, at least {floor} is required."
    ),
    # stages of a training
    "stage.starting": N_("Starting"),
    "stage.waiting": N_("Waiting"),
    "stage.loading": N_("Loading the model in service"),
    "stage.features": N_("Computing features"),
    "stage.evaluating": N_("Evaluating on held-out samples"),
    "stage.fitting": N_("Fitting the model"),
    "stage.saving": N_("Saving the model"),
    "reason.model_format": N_(
        "The model in service (version {version}) was written by another release: run a full"
        " training instead."
    ),
    # images that cannot become samples
    "image.empty_file": N_("The file is empty: save the image again."),
    "image.no_file": N_("This is no file: choose an image file."),
    "image.file_unreadable": N_(
        "The file cannot be opened ({detail}): check that it exists and may be read."
    ),
    "image.unknown_format": N_(
        "The content is no image that is understood: use PNG, JPEG, BMP, TIFF, WebP or GIF."
    ),
    "image.too_many_bytes": N_("The file has {size} MB: at most {limit} MB are allowed."),
    "image.too_many_pixels": N_(
        "The image has more than {limit} million pixels: scan or export it smaller."
    ),
    "image.too_small": N_(
        "The image has {width} × {height} pixels: each side needs at least {least}."
    ),
    "image.broken": N_(
        "The {format} image is damaged or incomplete: save it again from its source."
    ),
    "image.blank": N_(
        "There is no handwriting on the image: check that ink and paper differ clearly."
    ),
    "image.decoder_died": N_(
        "Reading the image broke the reader off: save it again as PNG and import that."
    ),
    # imports
    "import.not_found": N_("There is no folder {value}: check the path."),
    "import.not_a_folder": N_("{value} is a file: give a folder, or a manifest.csv."),
    "import.no_images": N_("There is no image below {value}: give a folder school/student/image."),
    "import.columns_missing": N_("manifest.csv lacks the columns {columns}."),
    "import.line_incomplete": N_("Line {line} of manifest.csv lacks school, student or file."),
    "import.time_unreadable": N_(
        "Line {line} of manifest.csv: captured_at is “{value}”; give a time such as"
        " 2025-03-01T08:00:00Z."
    ),
    "import.wrong_depth": N_(
        "The image does not lie in school/student: move it, or name a school."
    ),
    "import.outside": N_("The path leads out of the folder: such files are not taken."),
    "import.link": N_("The file is a link: copy the image itself."),
    "import.file_missing": N_("The file is not there."),
    "import.unreadable": N_("The file cannot be read ({detail})."),
    "import.changed": N_("The file changed while it was read: import it again."),
    "import.name_unstorable": N_(
        "The name of school, student or file holds characters that cannot be stored: rename it."
    ),
    "import.not_utf8": N_("manifest.csv is not in UTF-8: save it in this encoding."),
    "import.manifest_unreadable": N_("manifest.csv cannot be read ({detail})."),
    "import.not_stored": N_(
        "{file} could not be stored ({detail}): check the disk of the data folder; what was taken"
        " in before is kept."
    ),
    "import.other_student": N_("The same image is already stored as by {student}."),
    # schools, samples, models
    "school.not_found": N_("There is no school “{school}”: see the list of schools."),
    "school.name_empty": N_("The school needs a name of 1 to 200 characters."),
    "school.name_taken": N_("A school named “{name}” already exists."),
    "model.none_in_service": N_("No model is in service for {school}: run a full training first."),
    "model.damaged": N_("The files of model version {version} are missing or damaged."),
    # school calendars; {kind} and {weekday} are of TERMS
    "calendar.opened": N_("{on} is open in “{calendar}”: {name}."),
    "calendar.opened_unnamed": N_("{on} is open in “{calendar}”: it is marked as a school day."),
    "calendar.closed": N_("{on} is closed in “{calendar}”: {name}."),
    "calendar.closed_unnamed": N_("{on} is closed in “{calendar}”: it is marked as closed."),
    "calendar.closed_by_range": N_(
        "{on} is closed in “{calendar}”: it lies in the {kind} “{name}”, {first_on} to {last_on}."
    ),
    "calendar.open_weekday": N_("{on} is open in “{calendar}”: it is a {weekday}."),
    "calendar.closed_weekday": N_("{on} is closed in “{calendar}”: it is a {weekday}."),
    "calendar.moved_later": N_(
        "{from_on} is closed in “{calendar}”: moved to the next open day, {to_on}."
    ),
    "calendar.moved_earlier": N_(
        "{from_on} is closed in “{calendar}”: moved to the previous open day, {to_on}."
    ),
    "calendar.merged": N_(
        "{from_on} is closed in “{calendar}”: one run on {to_on} stands for this one and the one"
        " planned for {into_at}."
    ),
    "calendar.moved_out_of_window": N_(
        "{from_on} is closed in “{calendar}”, and the open day {to_on} lies outside the time from"
        " start to end of the task."
    ),
    "calendar.no_open_day": N_(
        "{on} is closed in “{calendar}”, and there is no open day within {days} days."
    ),
    "calendar.not_found": N_("There is no calendar “{calendar}”: see the list of calendars."),
    "calendar.name_length": N_("{field} needs a text of 1 to {high} characters."),
    "calendar.name_taken": N_(
        "A calendar named “{name}” already exists here: choose another name."
    ),
    "calendar.weekday": N_("“{value}” is no weekday: allowed are {choices}."),
    "calendar.date_unreadable": N_("{field} is “{value}”: give a date such as 2026-10-01."),
    "calendar.date_far": N_("{field} is {value}: allowed are the years {low} to {high}."),
    "calendar.range_reversed": N_("{field} is {value}, which is before the first day, {first_on}."),
    "calendar.range_long": N_("The range has {days} days: at most {high} are allowed."),
    "calendar.range_not_found": N_("The calendar “{calendar}” has no range {range_id}."),
    "calendar.override_not_found": N_("{on} is not marked in “{calendar}”."),
    "calendar.in_use": N_(
        "The calendar “{name}” is used by {count} tasks ({tasks}): give them another first."
    ),
    "calendar.leaves_no_run": N_(
        "With this change of “{name}” these tasks would never run again: {tasks}. Nothing was"
        " saved; change them first, or confirm."
    ),
    "calendar.full": N_("A calendar holds at most {high} ranges and as many marked dates."),
    "calendar.country_unknown": N_(
        "No holidays are known for “{value}”: give a country's two-letter code, such as CN."
    ),
    "calendar.year_unknown": N_("No holidays of {value} are known for {country}."),
    "calendar.file_unreadable": N_("{value} cannot be read ({detail})."),
    "calendar.file_too_big": N_("{value} has {size} KB: at most {limit} KB are allowed."),
    "calendar.not_icalendar": N_(
        "{value} is no iCalendar file: export the calendar as .ics and import that."
    ),
    "calendar.no_events": N_("{value} holds no event with a date: nothing was imported."),
    # database and runner
    "database.remote_volume": N_(
        "{file} lies on a network share, where SQLite loses data: use a local folder or PostgreSQL."
    ),
    "database.outcome_unknown": N_(
        "The connection broke while saving: look whether the change is there before trying again."
    ),
    "database.keys_broken": N_(
        "The upgrade was taken back: rows of table {table} point to nothing; see the copy beside"
        " the database."
    ),
    "database.unavailable": N_(
        "The database cannot be reached ({detail}): check that it is running."
    ),
    "database.url_invalid": N_(
        "The database address “{value}” cannot be used: give sqlite:///FILE or"
        " postgresql://USER@HOST/NAME."
    ),
    "database.newer": N_(
        "The database was made by a newer Traintable (revision {revision}): update this program."
    ),
    "database.older": N_(
        "The database needs an upgrade: run “traintable db upgrade” on the machine of the runner."
    ),
    "database.not_found": N_("There is no database yet: run “traintable init”."),
    # the command line
    "cli.flag_unknown": N_("“{value}” is no flag of “{command}”: allowed are {choices}."),
    "cli.flag_unknown_near": N_("“{value}” is no flag of “{command}”: did you mean {choices}?"),
    "cli.flag_missing": N_("{field} is missing: “{command}” needs it, as {form}."),
    "cli.value_missing": N_("{field} needs a value: give {form}."),
    "cli.value_unwanted": N_("{field} takes no value: write it alone."),
    "cli.command_unknown": N_("“{value}” is no command of “{command}”: allowed are {choices}."),
    "cli.command_missing": N_("“{command}” needs a command: allowed are {choices}."),
    "cli.argument_unwanted": N_(
        "“{value}” is one word too many: see “{command} --help”, and put names with spaces in"
        " quotation marks."
    ),
    "cli.not_a_number": N_("{field} is “{value}”: give a whole number from {low} to {high}."),
    "cli.text_unreadable": N_("{field} is “{value}”, which is no valid text: use UTF-8."),
    "cli.path_missing": N_("{field} is “{value}”: there is no such file or folder."),
    "cli.usage": N_("This command line cannot be understood: {detail}"),
    "cli.nothing_to_change": N_("Nothing to change: give at least one flag, such as --name."),
    "cli.only_with_runner": N_("{field} belongs to a runner: give it together with --runner."),
    "cli.runner_alone": N_("--runner takes no command: leave out “{command}”."),
    "cli.no_window": N_(
        "The window cannot be opened ({detail}): install PySide6-Essentials, or use the commands of"
        " “traintable --help”."
    ),
    "cli.system_refused": N_(
        "The system refused this ({detail}, {file}): check the path, its permissions and the disk."
    ),
    "cli.run_failed": N_("Execution {execution_id} did not complete: it is {status}."),
    "cli.images_unreadable": N_(
        "{count} of {total} images cannot be read, the first is {file}: {detail}"
    ),
    "cli.doctor_found": N_("{count} of {total} checks need attention: see what to do above."),
    "demo.not_empty": N_(
        "The database {database} holds tasks already ({count}): give another folder with --home, or"
        " --force to add the demo there."
    ),
    # the command line: tasks in full, attempts
    "execution.attempt_not_found": N_("Execution {execution_id} has no attempt {attempt}."),
    "cli.not_a_length": N_(
        "{field} is “{value}”: give seconds, or a length such as 90s, 15m, 2h or 1d, from"
        " {low_seconds} to {high_seconds}."
    ),
    "cli.not_a_decimal": N_("{field} is “{value}”: give a number from {low} to {high}."),
    "cli.calendar_ambiguous": N_(
        "There are several calendars “{value}”: give its number instead, one of {choices}."
    ),
    # policies, and why an instant ran or did not (core.policy_sentences)
    **POLICY_SENTENCES,
    # dependencies, backfill, the bin, and the rest of planning (core.planning_sentences)
    **PLANNING_SENTENCES,
    # triggers told from a calendar (core.term_sentences)
    **TERM_SENTENCES,
    # access
    "access.forbidden": N_(
        "The role “{role}” may not do this ({verb}): ask someone with the role “{needed}”."
    ),
}
"""Every code the program raises or stores, with its English sentence (a `str.format` template)."""

TERMS: Final[dict[str, str]] = {
    "cron.part.minute": N_("minute"),
    "cron.part.hour": N_("hour"),
    "cron.part.day_of_month": N_("day of month"),
    "cron.part.month": N_("month"),
    "cron.part.day_of_week": N_("day of week"),
    "calendar.kind.term": N_("term"),
    "calendar.kind.holiday": N_("holiday"),
    "calendar.kind.exam": N_("exam time"),
    "calendar.kind.closure": N_("closure"),
    "calendar.weekday.monday": N_("Monday"),
    "calendar.weekday.tuesday": N_("Tuesday"),
    "calendar.weekday.wednesday": N_("Wednesday"),
    "calendar.weekday.thursday": N_("Thursday"),
    "calendar.weekday.friday": N_("Friday"),
    "calendar.weekday.saturday": N_("Saturday"),
    "calendar.weekday.sunday": N_("Sunday"),
    "role.system_admin": N_("system admin"),
    "role.school_admin": N_("school admin"),
    "role.teacher": N_("teacher"),
    "verb.see": N_("see"),
    "verb.manage_tasks": N_("manage tasks"),
    "verb.run_tasks": N_("run tasks"),
    "verb.import_samples": N_("import samples"),
    "verb.manage_models": N_("manage models"),
    "verb.manage_schools": N_("manage schools"),
    "trigger.once": N_("once"),
    "trigger.interval": N_("interval"),
    "trigger.cron": N_("cron"),
    "metric.top1": N_("Top-1 accuracy"),
    **POLICY_TERMS,
    **TERM_TERMS,
}
"""Codes that stand as a parameter inside a sentence, with the English words that replace them."""


def sentence(code: str, params: Mapping[str, Param] | None = None) -> str:
    """The sentence of `code` in the current language; an unknown code is shown as it is.

    A stored code may name parameters that an older release did not write: they show as “?”.
    """
    template = SENTENCES.get(code)
    if template is None:
        return code
    return _(template).format_map(_Shown(params or {}))


def error_sentence(error: AppError) -> str:
    """The sentence of a raised error in the current language."""
    return sentence(error.code, error.params)


def span_words(seconds: float) -> str:
    """A length of time in its two largest units: “2 h 5 min”, “40 s”."""
    whole = max(0, round(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=left)
    return _("{seconds} s").format(seconds=left)


class _Shown(dict[str, object]):
    """Parameters as text, by the ending of their names; absent ones are a question mark."""

    def __init__(self, params: Mapping[str, Param]) -> None:
        zone = params.get("timezone")
        super().__init__(
            (name, _shown(name, value, zone if isinstance(zone, str) else "UTC"))
            for name, value in params.items()
        )

    def __missing__(self, name: str) -> str:
        return "?"


def _shown(name: str, value: Param, zone: str) -> object:
    if isinstance(value, list):
        return _(", ").join(value)
    if isinstance(value, str) and value in TERMS:
        return _(TERMS[value])
    if name.endswith("_seconds") and isinstance(value, int | float):
        return span_words(value)
    if name.endswith("_at") and isinstance(value, str):
        return f"{datetime.fromisoformat(value).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
    if name.endswith("status") and isinstance(value, str):
        return sentence(f"status.{value}")
    return value
