"""What a child writes is followed as it grows, and taken only if it is what it should be."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.attempt_files import ProgressFollower, parse_progress, read_result
from core.training.request import Progress, TrainingResult


def test_that_only_complete_lines_count(tmp_path: Path) -> None:
    file = tmp_path / "progress.jsonl"
    follower = ProgressFollower(file)
    follower.read()
    assert follower.latest is None
    file.write_text('{"stage": "stage.fitting", "share": 0.5}\n{"stage": "stage.sav')
    follower.read()
    assert follower.latest == Progress("stage.fitting", 0.5)
    with file.open("a") as lines:
        lines.write('ing", "share": 1}\n')
    follower.read()
    assert follower.latest == Progress("stage.saving", 1.0)
    assert follower.bad_lines == 0


def test_that_an_endless_line_is_one_bad_line(tmp_path: Path) -> None:
    file = tmp_path / "progress.jsonl"
    file.write_bytes(b"x" * 3_000_000 + b'\n{"stage": "stage.fitting", "share": 0.5}\n')
    follower = ProgressFollower(file)
    for _megabyte in range(4):
        follower.read()
    assert (follower.latest, follower.bad_lines) == (Progress("stage.fitting", 0.5), 1)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[" * 5000,
        b'{"stage": "stage.fitting"}',
        b'{"stage": "stage.fitting", "share": NaN}',
        b'{"stage": "stage.fitting", "share": 1.01}',
        b'{"stage": "stage.fitting", "share": "0.5"}',
        b'{"stage": "a\\u0000", "share": 0.5}',
        b'{"stage": "a\\ud800", "share": 0.5}',
    ],
)
def test_that_a_line_which_is_no_progress_is_refused(line: bytes) -> None:
    assert parse_progress(line) is None


@given(st.binary())
def test_that_no_line_breaks_the_reader(line: bytes) -> None:
    parse_progress(line)


def test_that_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = TrainingResult(
        reason=None,
        metrics={"top1": 0.5, "worst_pairs": [["张三", "李四", 3]]},
        sha256="ab",
        data_cutoff_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    (tmp_path / "result.json").write_text(result.to_json(), encoding="utf-8")
    assert read_result(tmp_path / "result.json") == result


def test_that_no_result_is_not_a_bad_result(tmp_path: Path) -> None:
    assert read_result(tmp_path / "result.json") is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_that_a_pipe_in_place_of_a_result_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "result.json")
    assert read_result(tmp_path / "result.json") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": 5},
        {"sha256": ["ab"]},
        {"sample_count": "7"},
        {"metrics": [1]},
        {"metrics": {"top1": float("nan")}},
        {"params": {"detail": "a\0b"}},
        {"params": {"\ud800": 1}},
        {"data_cutoff_at": "2026-03-01T00:00:00"},
        {"data_cutoff_at": "yesterday"},
        {"unknown": 1},
    ],
)
def test_that_a_result_nobody_could_store_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    values = asdict(TrainingResult(reason=None, sha256="ab")) | changes
    (tmp_path / "result.json").write_text(json.dumps(values))
    with pytest.raises(ValueError, match=r".+"):
        read_result(tmp_path / "result.json")


@pytest.mark.parametrize("text", [b"", b"[]", b"null", b"{}", b"\xff", b"[" * 100_000])
def test_that_a_file_which_is_no_result_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "result.json").write_bytes(text)
    with pytest.raises(ValueError, match=r".+"):
        read_result(tmp_path / "result.json")
