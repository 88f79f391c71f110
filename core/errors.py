"""What can go wrong, as codes with parameters; `core.messages` turns them into sentences.

A code is stable and for machines; its sentence says what is wrong, where, and what to do, in the
reader's language. Anything that is not an `AppError` is a bug and is reported as one.
"""

from __future__ import annotations

from typing import ClassVar

Param = str | int | float | bool | None | list[str]
"""A value that may stand in a message and survives JSON."""


class AppError(Exception):
    """A foreseen failure: a code of `core.messages.SENTENCES` and the values its sentence names."""

    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code, params)
        self.code = code
        self.params: dict[str, Param] = params

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({values})"


class InvalidValueError(AppError):
    """A value that cannot be taken; `field` names it as database, CLI and API do."""

    exit_status = 2
    http_status = 422

    def __init__(self, code: str, *, field: str, **params: Param) -> None:
        super().__init__(code, field=field, **params)
        self.field = field


class RefusedError(AppError):
    """The request is understood, but the present state does not allow it."""

    http_status = 409


class NotFoundError(AppError):
    """Nothing of that name or number here - or nothing this person may see."""

    http_status = 404


class ForbiddenError(AppError):
    """The person may see it, but their role lacks the verb."""

    http_status = 403


class UnavailableError(AppError):
    """The environment failed (database, disk, network): the same call may succeed later."""

    http_status = 503
    retryable = True


class TrainingError(AppError):
    """An attempt to train that ended without a model; the code is the execution's reason."""
