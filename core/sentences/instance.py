"""The sentences of database, runner, command line and access.

Read through `core.messages` only.
"""

from __future__ import annotations

from typing import Final

from core.language import N_

SENTENCES: Final[dict[str, str]] = {
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
    # access
    "access.forbidden": N_(
        "The role “{role}” may not do this ({verb}): ask someone with the role “{needed}”."
    ),
}

TERMS: Final[dict[str, str]] = {
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
}
