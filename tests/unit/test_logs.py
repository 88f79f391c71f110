"""The program's own log: where its lines go, and what is never in them."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.logs import KEPT, MAX_BYTES, RUN_ID, Program, logging_to, redacted, write_fault

log = logging.getLogger("core.somewhere")
SECRET = "hunter2"  # noqa: S105 - what must not be found


@pytest.mark.parametrize("program", Program)
def test_that_a_warning_goes_to_the_programs_file_with_run_id_and_utc_time(
    tmp_path: Path, program: Program
) -> None:
    with logging_to(lambda: tmp_path / "logs", program):
        log.warning("the database is %s", "away")

    line = (tmp_path / "logs" / program.file).read_text(encoding="utf-8")
    assert line.endswith("WARNING MainThread core.somewhere: the database is away\n")
    assert f"Z {RUN_ID} " in line


def test_that_a_command_without_a_warning_makes_no_folder(tmp_path: Path) -> None:
    with logging_to(lambda: tmp_path / "logs", Program.CLI):
        log.info("nothing to worry about")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("program", [Program.WINDOW, Program.RUNNER])
def test_that_what_stays_up_logs_its_life_but_no_talkative_library(
    tmp_path: Path, program: Program
) -> None:
    with logging_to(lambda: tmp_path, program):
        log.info("runner 1 started")
        logging.getLogger("apscheduler.executors").info("looked at the clock")

    text = (tmp_path / program.file).read_text(encoding="utf-8")
    first, second = text.splitlines()
    assert f"Traintable {core.__version__}: {program.value}, process {os.getpid()}" in first
    assert "runner 1 started" in second
    assert "looked at the clock" not in text


def test_that_only_a_runners_warnings_reach_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for program in Program:
        with logging_to(lambda: tmp_path, program):
            log.info("quiet")
            log.warning("loud %s", program.value)

    assert capsys.readouterr().err == "WARNING core.somewhere: loud runner\n"


def test_that_a_file_that_cannot_be_written_fails_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    for program in Program:
        with logging_to(lambda: tmp_path / "file" / "logs", program):
            log.warning("said by %s", program.value)

    said = capsys.readouterr().err.splitlines()
    assert said == [
        "WARNING core.somewhere: said by window",
        "WARNING core.somewhere: said by runner",
    ]


def test_that_a_password_in_a_traceback_is_hidden_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logging_to(lambda: tmp_path, Program.RUNNER):
        try:
            raise ConnectionError(f"no way to postgresql+psycopg://me:{SECRET}@db/school")
        except ConnectionError:
            log.exception("a look failed")

    written = (tmp_path / "runner.log").read_text(encoding="utf-8")
    assert "postgresql+psycopg://me:***@db/school" in written
    assert SECRET not in written + capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://me:{SECRET}@db:5432/x",
        f"postgresql://:{SECRET}@db/x and more",
        f"postgresql://me:p@ss{SECRET}@db/x",
        f"postgresql://db/x?user=me&password={SECRET}&sslmode=require",
        f"host=db user=me password={SECRET} dbname=x",
        f"password='{SECRET} with \\' a quote' dbname=x",
        f"{{'host': 'db', 'password': '{SECRET}'}}",
        f'Password: "{SECRET}"',
        f"PGPASSWORD={SECRET}",
    ],
)
def test_that_every_form_of_a_password_is_hidden(text: str) -> None:
    assert SECRET not in redacted(text)
    assert "***" in redacted(text)


@given(st.text(st.characters(blacklist_characters=":@=")))
def test_that_other_text_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


def test_that_the_story_of_a_bug_is_kept_without_a_set_up(tmp_path: Path) -> None:
    file = write_fault(tmp_path / "logs", Program.CLI, f"Traceback\n sqlite://me:{SECRET}@x\n")

    text = file.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert SECRET not in text


def test_that_a_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    line = "x" * (MAX_BYTES // 3)
    with logging_to(lambda: tmp_path, Program.WINDOW):
        for _ in range(4 * (KEPT + 2)):
            log.info(line)

    files = list(tmp_path.iterdir())
    assert len(files) == KEPT + 1
    assert all(each.stat().st_size <= MAX_BYTES for each in files)


def test_that_the_set_up_leaves_nothing_behind(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = root.level, list(root.handlers)

    with logging_to(lambda: tmp_path, Program.RUNNER):
        assert root.level == logging.INFO

    assert (root.level, root.handlers) == before
