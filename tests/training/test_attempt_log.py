"""A log keeps its head and its tail within its bound, and is always text that can be stored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.attempt_log import AttemptLog, readable, shortened_log

LIMIT = 1000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AttemptLog]:
    """An empty log."""
    with AttemptLog(tmp_path / "log.txt", LIMIT) as log:
        yield log


def test_that_a_short_log_is_kept_as_it_is(log: AttemptLog) -> None:
    with log.open_for_child() as child:
        os.write(child, "训练\n".encode())
        assert log.text() == log.tail(100) == "训练\n"
        assert log.written == 7


def test_that_the_child_goes_on_behind_the_head_after_a_cut(
    log: AttemptLog, tmp_path: Path
) -> None:
    with log.open_for_child() as child:
        os.write(child, b"head\n" + b"m" * 5 * LIMIT)
        log.trim()
        assert (tmp_path / "log.txt").stat().st_size == LIMIT // 2
        os.write(child, b"\ntail\n")
    assert (tmp_path / "log.txt").stat().st_size == LIMIT // 2 + 6
    text = log.text()
    assert text.startswith("head\nm")
    assert text.endswith("m\ntail\n")
    assert len(text) <= LIMIT
    assert log.written == 5 * LIMIT + 11


def test_that_the_tail_reaches_back_over_a_cut(log: AttemptLog) -> None:
    with log.open_for_child() as child:
        os.write(child, b"m" * 2 * LIMIT + b"before\n")
        log.trim()
        os.write(child, b"after\n")
    assert log.tail(13) == "before\nafter\n"
    assert log.tail(6) == "after\n"


def test_that_a_tail_does_not_begin_with_half_a_character(log: AttemptLog) -> None:
    with log.open_for_child() as child:
        os.write(child, "训练".encode())
    assert log.tail(4) == "练"


@given(parts=st.lists(st.binary(max_size=3 * LIMIT), max_size=6))
def test_that_whatever_is_written_stays_within_the_bound(
    parts: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any_log.txt"
    with AttemptLog(file, LIMIT) as log, log.open_for_child() as child:
        for part in parts:
            os.write(child, part)
            log.trim()
            assert file.stat().st_size <= LIMIT
        text = log.text()
        assert log.written == sum(map(len, parts))
    assert len(text.encode("utf-8")) <= LIMIT
    everything = readable(b"".join(parts))
    if max(len(everything.encode("utf-8")), sum(map(len, parts))) <= LIMIT:
        assert text == everything


@given(st.text(), st.integers(min_value=0, max_value=300))
def test_that_a_shortened_log_is_within_its_limit_and_keeps_both_ends(
    text: str, limit: int
) -> None:
    short = shortened_log(text, limit)
    assert len(short.encode("utf-8")) <= limit
    assert short == text or len(text.encode("utf-8")) > limit


def test_that_what_was_left_out_is_said() -> None:
    short = shortened_log("a" * 500 + "b" * 500, 200)
    assert short.startswith("aaa")
    assert short.endswith("bbb")
    assert "left out" in short
    assert shortened_log(short, 200) == short


@given(st.binary())
def test_that_any_bytes_become_text_without_control_characters(data: bytes) -> None:
    assert all(char.isprintable() or char in "\n\t" or ord(char) > 0x9F for char in readable(data))
