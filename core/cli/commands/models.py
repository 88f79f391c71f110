"""Model commands: list versions, ask who wrote an image."""

from __future__ import annotations

from pathlib import Path

from core.cli.call import Call, pass_call
from core.cli.output import table
from core.cli.spoken import Argument, Command, Option, make_group
from core.cli.values import ID, ExistingPath, Text, WholeNumber
from core.cli.words import NOTHING, local_time, mode_word, percent, school_words
from core.contracts.records import ModelVersionRecord, Prediction
from core.domain.model_version import Gate
from core.errors import RefusedError
from core.language import N_, _
from core.messages import sentence

MOST_VERSIONS = 10_000


@pass_call
def _list(call: Call, school_id: int | None) -> None:
    found = call.backend().list_model_versions(school_id=school_id, limit=MOST_VERSIONS)
    headings = [
        _("ID"),
        _("School"),
        _("Version"),
        _("Mode"),
        _("Samples"),
        _("Students"),
        _("Top-1"),
        _("Top-5"),
        _("Gate"),
        _("In service"),
        _("Created"),
    ]
    call.out.answer(
        found,
        lambda: (
            table(headings, [_row(each) for each in found], right="0 2 4 5 6 7")
            if found
            else _("There is no model version yet.")
        ),
    )


def _row(model: ModelVersionRecord) -> list[str]:
    return [
        str(model.id),
        school_words(model.school_name),
        str(model.version),
        mode_word(model.training_mode),
        str(model.sample_count),
        str(model.student_count),
        percent(model.metrics.get("top1")),
        percent(model.metrics.get("top5")),
        _("passed") if model.gate is Gate.PASSED else _("refused"),
        _("yes") if model.is_in_service else _("no"),
        local_time(model.created_at),
    ]


@pass_call
def _predict(call: Call, images: tuple[Path, ...], school: str, top: int) -> None:
    found = call.backend().predict(images, school=school, top=top)
    call.out.answer(
        [_for_machines(each) for each in found],
        lambda: table([_("File"), _("Student"), _("Score")], _rows(found), right="2"),
    )
    unreadable = [each for each in found if each.error_code]
    if unreadable:
        raise RefusedError(
            "cli.images_unreadable",
            count=len(unreadable),
            total=len(found),
            file=unreadable[0].file,
            detail=_why(unreadable[0]),
        )


def _why(prediction: Prediction) -> str:
    return sentence(prediction.error_code or "", prediction.error_params)


def _for_machines(prediction: Prediction) -> dict[str, object]:
    answer: dict[str, object] = {
        "file": prediction.file,
        "predictions": list(prediction.candidates),
    }
    return answer | {"error": _why(prediction)} if prediction.error_code else answer


def _rows(found: tuple[Prediction, ...]) -> list[list[str]]:
    rows = []
    for prediction in found:
        answers = [(each.student, percent(each.score)) for each in prediction.candidates]
        if prediction.error_code:
            answers = [(_why(prediction), NOTHING)]
        rows += [[prediction.file, *answer] for answer in answers]
    return rows


GROUP = make_group(
    "models",
    N_("List model versions and recognise handwriting."),
    [
        Command(
            "list",
            callback=_list,
            help=N_("List model versions, newest first."),
            params=[Option(["--school-id"], type=ID, help=N_("Only of this school."))],
        ),
        Command(
            "predict",
            callback=_predict,
            help=N_("Say who may have written each image, by the school's model in service."),
            params=[
                Argument(
                    ["images"],
                    type=ExistingPath("IMAGE"),
                    nargs=-1,
                    required=True,
                    metavar="IMAGE…",
                ),
                Option(["--school"], type=Text("NAME"), required=True, help=N_("The school.")),
                Option(
                    ["--top"],
                    type=WholeNumber(1, 100),
                    default=5,
                    help=N_("How many students to name (else 5)."),
                ),
            ],
        ),
    ],
)
