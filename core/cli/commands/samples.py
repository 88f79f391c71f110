"""Sample commands: import a folder, list what is there."""

from __future__ import annotations

from pathlib import Path

from core.cli.call import Call, pass_call
from core.cli.output import bar, say, table
from core.cli.paging import whole_list
from core.cli.spoken import Argument, Command, Option, make_group
from core.cli.values import ExistingPath, Text, WholeNumber
from core.cli.words import NOTHING, local_time
from core.contracts.backend import Backend
from core.contracts.records import ImportSummary, RefusedFile, SampleRecord, SampleStatus
from core.errors import NotFoundError
from core.language import N_, _
from core.messages import sentence

MOST_SAMPLES = 10_000_000
_STATUSES = {
    SampleStatus.PENDING: N_("pending"),
    SampleStatus.PROCESSED: N_("processed"),
    SampleStatus.FAILED: N_("unreadable"),
}


@pass_call
def _import(call: Call, path: Path, school: str | None) -> None:
    backend = call.backend(create=True)
    with bar() as advance:
        summary = backend.import_samples(
            path,
            school=school,
            on_progress=lambda done, total: advance(
                _("Importing {done} of {total}").format(done=done, total=total),
                done / total if total else 1.0,
            ),
        )
    call.out.answer(_for_machines(summary), lambda: _summary_words(summary))
    if not call.out.as_json:
        for refused in summary.refused:
            say(f"{refused.file}: {_why(refused)}")


def _for_machines(summary: ImportSummary) -> dict[str, object]:
    return {
        "taken": summary.taken,
        "known": summary.known,
        "refused": [
            {"file": each.file, "code": each.code, "reason": _why(each)} for each in summary.refused
        ],
    }


def _summary_words(summary: ImportSummary) -> str:
    return _("{taken} taken, {known} already known, {refused} refused.").format(
        taken=summary.taken, known=summary.known, refused=len(summary.refused)
    )


def _why(refused: RefusedFile) -> str:
    return sentence(refused.code, refused.params)


@pass_call
def _list(call: Call, school: str | None, student: str | None, limit: int | None) -> None:
    backend = call.backend()
    school_id = None if school is None else school_id_of(backend, school)
    found = whole_list(
        lambda skip, size: backend.list_samples(
            school_id=school_id, student=student, skip=skip, limit=size
        ),
        limit,
    )
    headings = [
        _("ID"),
        _("School"),
        _("Student"),
        _("File"),
        _("Captured"),
        _("Status"),
        _("Reason"),
    ]
    call.out.answer(
        found,
        lambda: (
            table(headings, [_row(each) for each in found], right="0")
            if found
            else _("There is no such sample.")
        ),
    )


def _row(sample: SampleRecord) -> list[str]:
    return [
        str(sample.id),
        sample.school_name,
        sample.student,
        sample.file,
        local_time(sample.captured_at),
        _(_STATUSES[sample.status]),
        sample.error or NOTHING,
    ]


def school_id_of(backend: Backend, name: str) -> int:
    """The number of the school of that name. Raises `NotFoundError`."""
    for school in backend.list_schools():
        if school.name == name:
            return school.id
    raise NotFoundError("school.not_found", school=name)


GROUP = make_group(
    "samples",
    N_("Import and list samples of handwriting."),
    [
        Command(
            "import",
            callback=_import,
            help=N_(
                "Import a folder school/student/image, or one with a manifest.csv of"
                " school,student,file,captured_at; importing twice changes nothing."
            ),
            params=[
                Argument(["path"], type=ExistingPath(), metavar="PATH"),
                Option(
                    ["--school"],
                    type=Text("NAME"),
                    help=N_("Only this school; its folder may then hold student/image."),
                ),
            ],
        ),
        Command(
            "list",
            callback=_list,
            help=N_("List samples, newest capture first."),
            params=[
                Option(["--school"], type=Text("NAME"), help=N_("Only of this school.")),
                Option(["--student"], type=Text("NAME"), help=N_("Only of this student.")),
                Option(
                    ["--limit"],
                    type=WholeNumber(1, MOST_SAMPLES),
                    help=N_("At most this many (else all)."),
                ),
            ],
        ),
    ],
)
