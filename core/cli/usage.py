"""What is wrong with a command line, as an error of ours: one sentence instead of click's pages."""

from __future__ import annotations

from difflib import get_close_matches

import click

from core.cli.commands.task_flags import POLICY_FLAGS
from core.cli.spoken import Argument, Option
from core.cli.values import flag_of
from core.errors import AppError, InvalidValueError

FLAGS = {
    "name": "--name",
    "description": "--description",
    "status": "--status",
    "trigger_type": "--trigger-type",
    "run_at": "--run-at",
    "interval_seconds": "--interval",
    "cron_expression": "--cron",
    "term_rule": "--term-rule",
    "timezone": "--timezone",
    "training_mode": "--training-mode",
    "school_id": "--school-id",
    "force_retrain": "--force-retrain",
    "database": "--database",
    "from_at": "--from",
    "until_at": "--until",
    "quiet_hours": "TEXT",
    "starts_at": "--starts-at",
    "ends_at": "--ends-at",
    "anchor_at": "--anchor-at",
    "calendar_id": "--calendar",
    "calendar_policy": "--calendar-policy",
    "jitter_seconds": "--jitter",
    "max_runs": "--max-runs",
    **POLICY_FLAGS,
}
"""The flag that fills a field."""


def as_usage_error(error: click.ClickException) -> AppError:
    """The same complaint with a code of ours."""
    match error:
        case click.NoSuchOption():
            return _unknown_flag(error)
        case click.MissingParameter() if error.param is not None:
            return InvalidValueError(
                "cli.flag_missing",
                field=flag_of(error.param),
                form=_form(error.param),
                command=_path(error),
            )
        case click.BadOptionUsage():
            return _misused_flag(error)
        case _:
            detail = " ".join(error.format_message().split())
            return InvalidValueError("cli.usage", field="command", detail=detail)


def with_flag_names(error: AppError) -> AppError:
    """The same error, naming the flag in place of the field it fills."""
    if isinstance(error, InvalidValueError) and error.field in FLAGS:
        error.params["field"] = FLAGS[error.field]
    return error


def _unknown_flag(error: click.NoSuchOption) -> AppError:
    ctx = error.ctx
    known = [
        name
        for param in (ctx.command.get_params(ctx) if ctx else [])
        if isinstance(param, Option)
        for name in (*param.opts, *param.secondary_opts)
    ]
    near = get_close_matches(error.option_name, known, n=3)
    return InvalidValueError(
        "cli.flag_unknown_near" if near else "cli.flag_unknown",
        field=error.option_name,
        value=error.option_name,
        command=_path(error),
        choices=near or known,
    )


def _misused_flag(error: click.BadOptionUsage) -> AppError:
    """click says only in English which of the two it was; the flag itself tells."""
    params = error.ctx.command.get_params(error.ctx) if error.ctx else []
    for param in params:
        if isinstance(param, Option) and error.option_name in (*param.opts, *param.secondary_opts):
            code = "cli.value_unwanted" if param.is_flag else "cli.value_missing"
            return InvalidValueError(code, field=error.option_name, form=param.form)
    return InvalidValueError("cli.value_missing", field=error.option_name, form="…")


def _form(param: click.Parameter) -> str:
    return param.form if isinstance(param, Option | Argument) else param.type.name


def _path(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx else "traintable"
