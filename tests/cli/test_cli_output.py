"""How answers look in a pipe and at a terminal, and what is never in them."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli.app import run_command_line
from core.cli.output import json_text, plain, table
from core.domain.task import TaskStatus
from core.settings import Settings
from tests.builders import a_task
from tests.cli.calling import Cli


class _Terminal(io.StringIO):
    """A standard output that somebody looks at."""

    def isatty(self) -> bool:
        return True


def make_task(cli: Cli, name: str) -> None:
    answer = cli(
        *("create", "--name", name, "--trigger-type", "interval", "--interval", "3600"),
        *("--training-mode", "full"),
    )
    assert answer.status == 0, answer.err


def test_that_a_piped_table_is_as_wide_as_its_data_and_plain(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    name = "很长的名称" * 30
    make_task(cli, name)

    out = cli("list").out

    assert name in out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 2


def test_that_a_terminal_gets_all_of_a_long_name_too(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    make_task(cli, "字" * 150)
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)

    cli("list")

    assert terminal.getvalue().count("字") == 150


def test_that_no_control_code_reaches_a_terminal(cli: Cli) -> None:
    make_task(cli, "red \x1b[31m bell \x07")

    assert "\x1b" not in cli("list").out + cli("show", "--id", "1").out
    assert "\x1b" not in cli("list", "--status", "\x1b[31m\n").err


def test_that_markup_in_a_name_is_only_text(cli: Cli) -> None:
    make_task(cli, "[bold]loud[/bold] :smile:")

    assert "[bold]loud[/bold] :smile:" in cli("list").out


def test_that_a_record_becomes_plain_json() -> None:
    record = a_task(status=TaskStatus.PAUSED, next_run_at=datetime(2026, 3, 1, tzinfo=UTC))

    values = json.loads(json_text(record, "utf-8"))

    assert values["status"] == "paused"
    assert values["next_run_at"] == "2026-03-01T00:00:00+00:00"
    assert values["policies"]["grace_seconds"] == 300
    assert values["active_run"] is None


@given(st.recursive(st.text() | st.integers() | st.none(), lambda each: st.lists(each) | each))
def test_that_json_survives_any_encoding_of_the_terminal(value: object) -> None:
    for encoding in ("ascii", "cp1252", "utf-8", None):
        text = json_text(value, encoding)
        if encoding in ("ascii", "cp1252"):
            assert text.isascii()
        assert json.loads(text) == plain(value)


def test_that_a_table_has_one_line_a_row() -> None:
    made = table(["Name"], [["two\nlines"]])

    assert str(made.columns[0]._cells[0]) == "two lines"


def test_that_a_bug_is_one_sentence_and_a_log_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRAINTABLE_HOME", str(tmp_path))
    log = tmp_path / "logs" / "cli.log"

    def broken_window(settings: Settings, language: str | None) -> int:
        raise ZeroDivisionError(f"{settings.language} {language}")

    status = run_command_line(["--language", "en"], broken_window)

    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert said.err == f"Internal error (ZeroDivisionError): see {log}.\n"
    assert "broken_window" in log.read_text(encoding="utf-8")
    monkeypatch.setenv("TRAINTABLE_DEBUG", "1")
    run_command_line([], broken_window)
    assert "Traceback" in capsys.readouterr().err


def test_that_an_interrupt_ends_with_130_and_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(settings: Settings, language: str | None) -> int:
        raise KeyboardInterrupt

    monkeypatch.setenv("TRAINTABLE_HOME", str(tmp_path))

    assert run_command_line([], interrupted) == 130
    assert capsys.readouterr().err == ""
