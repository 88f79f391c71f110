"""The worker as it really runs: a child process with a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.training.request import (
    PROGRESS_FILE,
    REQUEST_FILE,
    RESULT_FILE,
    TrainingRequest,
    TrainingResult,
)

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "core.training.worker"]


def a_request(**changes: object) -> TrainingRequest:
    values: dict[str, object] = {
        "trainer": "noop",
        "mode": "full",
        "samples": (),
        "base": None,
        "features_folder": "unused",
    }
    return TrainingRequest(**(values | changes))  # type: ignore[arg-type]  # a test's defaults


def run(folder: Path, request: TrainingRequest | None) -> subprocess.CompletedProcess[str]:
    if request is not None:
        (folder / REQUEST_FILE).write_text(request.to_json(), encoding="utf-8")
    return subprocess.run(
        [*COMMAND, str(folder)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TRAINTABLE_LANGUAGE": "en"},
        stdin=subprocess.DEVNULL,
    )


def result_in(folder: Path) -> TrainingResult:
    return TrainingResult.from_json((folder / RESULT_FILE).read_text(encoding="utf-8"))


def test_that_an_attempt_leaves_progress_and_a_result(tmp_path: Path) -> None:
    ended = run(tmp_path, a_request(params={"seconds": 0.2}))
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert result_in(tmp_path).reason is None
    lines = (tmp_path / PROGRESS_FILE).read_text(encoding="utf-8").splitlines()
    shares = [json.loads(line)["share"] for line in lines]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert "Nothing was trained." in ended.stdout


def test_that_a_foreseen_failure_keeps_its_code(tmp_path: Path) -> None:
    run(tmp_path, a_request(trainer="nobody"))
    assert result_in(tmp_path).reason == "reason.invalid_settings"
    assert "nobody" in str(result_in(tmp_path).params["detail"])


def test_that_a_failing_trainer_says_why(tmp_path: Path) -> None:
    ended = run(tmp_path, a_request(params={"fail": "the disk is on fire."}))
    assert ended.returncode == 0
    assert result_in(tmp_path).reason == "reason.trainer_failed"
    assert result_in(tmp_path).params == {"detail": "the disk is on fire."}
    assert "The trainer failed: the disk is on fire." in ended.stdout


@pytest.mark.parametrize("seconds", [-1, "long", True])
def test_that_a_useless_duration_is_refused(tmp_path: Path, seconds: object) -> None:
    run(tmp_path, a_request(params={"seconds": seconds}))
    assert result_in(tmp_path).reason == "reason.invalid_settings"


@pytest.mark.parametrize("text", [None, "{", '{"trainer": "noop", "unknown": 1}'])
def test_that_an_unreadable_request_is_a_result_with_a_traceback_in_the_log(
    tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / REQUEST_FILE).write_text(text, encoding="utf-8")
    ended = run(tmp_path, None)
    assert result_in(tmp_path).reason == "reason.trainer_failed"
    detail = str(result_in(tmp_path).params["detail"])
    assert detail
    assert "\n" not in detail
    assert "Traceback" in ended.stderr


def test_that_a_folder_that_is_gone_gives_no_result_and_a_bad_exit_status(tmp_path: Path) -> None:
    assert run(tmp_path / "gone", None).returncode == 1


def test_that_a_worker_without_a_folder_explains_itself() -> None:
    ended = subprocess.run(COMMAND, cwd=ROOT, check=False, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "FOLDER" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_that_a_request_to_stop_ends_it_at_once_without_a_result(tmp_path: Path) -> None:
    request = a_request(params={"seconds": 100})
    (tmp_path / REQUEST_FILE).write_text(request.to_json(), encoding="utf-8")
    child = subprocess.Popen([*COMMAND, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert b"Waiting 100 seconds" in child.stdout.readline()
    child.terminate()
    child.communicate()
    assert child.returncode == -signal.SIGTERM
    assert not (tmp_path / RESULT_FILE).exists()


def test_that_the_worker_starts_without_numpy_and_never_loads_storage_or_services() -> None:
    script = (
        "import sys, core.training.worker\n"
        "heavy = {'numpy', 'scipy', 'skimage', 'PIL', 'sqlalchemy', 'PySide6'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "from core.training.registry import create_trainer, trainer_names\n"
        "for name in trainer_names(): create_trainer(name)\n"
        "barred = ('sqlalchemy', 'alembic', 'PySide6', 'core.storage', 'core.services')\n"
        "print([name for name in sys.modules if name.startswith(barred)])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (ended.stdout.split("\n"), ended.stderr) == (["[]", "[]", ""], "")
