"""From a stranger's file to a line of handwriting, or to a refusal with a sentence."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import InvalidValueError
from core.messages import SENTENCES, error_sentence, sentence
from core.training import preparation
from core.training.child_pool import ChildDied, map_in_children
from core.training.drawing import Writer, draw_line
from core.training.preparation import (
    LINE_HEIGHT,
    MAX_LINE_WIDTH,
    Prepared,
    PreparedImage,
    Refused,
    prepare,
    prepare_many,
)

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF")


@cache
def a_line(seed: int = 3) -> np.ndarray:
    """Dark on white, as a scanner saw it."""
    source = draw_line(Writer.from_seed(seed), np.random.default_rng(seed))
    return pixels(source)


def pixels(source: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(source)) as image:
        return np.array(image)


def a_file(grey: np.ndarray, kind: str = "PNG") -> bytes:
    packed = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(packed, kind)
    return packed.getvalue()


def ink(prepared: PreparedImage) -> np.ndarray:
    return pixels(prepared.png) < 128


def likeness(one: PreparedImage, other: PreparedImage) -> float:
    """The share of ink that two lines have in common, laid on the same width."""
    size = (one.width, LINE_HEIGHT)
    first, second = (
        np.array(Image.open(io.BytesIO(line.png)).resize(size)) < 128 for line in (one, other)
    )
    return float(np.sum(first & second) / np.sum(first | second))


def refusal(source: bytes) -> InvalidValueError:
    with pytest.raises(InvalidValueError) as caught:
        prepare(source)
    assert caught.value.field == "file"
    assert caught.value.code in SENTENCES
    assert "?" not in error_sentence(caught.value)
    return caught.value


@pytest.mark.parametrize("kind", FORMATS)
def test_that_every_allowed_format_gives_the_same_line(kind: str) -> None:
    assert likeness(prepare(a_file(a_line())), prepare(a_file(a_line(), kind))) > 0.9


def test_that_a_prepared_image_is_a_grey_line_of_64_pixels_cropped_to_its_ink() -> None:
    page = np.full((500, 900), 250)
    height, width = a_line().shape
    page[300 : 300 + height, 40 : 40 + width] = a_line()
    prepared = prepare(a_file(page))
    drawn = pixels(prepared.png)
    assert drawn.shape == (prepared.height, prepared.width) == (LINE_HEIGHT, prepared.width)
    assert drawn.dtype == np.uint8
    rows, columns = ink(prepared).any(axis=1), ink(prepared).any(axis=0)
    assert rows[:4].any()
    assert rows[-4:].any()
    assert columns[:4].any()
    assert columns[-4:].any()
    assert prepared.ink_share == pytest.approx(ink(prepared).mean())


def test_that_the_fingerprint_is_of_the_original_bytes() -> None:
    first, second = prepare(a_file(a_line(), "PNG")), prepare(a_file(a_line(), "BMP"))
    assert first.sha256 != second.sha256
    assert len(first.sha256) == 64


def test_that_the_same_bytes_always_give_the_same_image() -> None:
    assert prepare(a_file(a_line())) == prepare(a_file(a_line()))


def test_that_light_writing_on_a_dark_board_becomes_dark_writing_on_white() -> None:
    assert likeness(prepare(a_file(a_line())), prepare(a_file(255 - a_line()))) > 0.9


def test_that_faint_writing_becomes_full_ink() -> None:
    faint = 190 + a_line() * 0.25
    assert likeness(prepare(a_file(a_line())), prepare(a_file(faint))) > 0.85


@pytest.mark.parametrize("light_on_dark", [False, True])
def test_that_a_photograph_in_uneven_light_gives_the_line_that_the_scan_gives(
    light_on_dark: bool,
) -> None:
    page = np.full((700, 900), 245.0)
    height, width = a_line().shape
    page[250 : 250 + height, 150 : 150 + width] = a_line()
    down, right = np.mgrid[0:700, 0:900] / 900
    light = 0.4 + 0.55 * np.exp(-2 * ((down - 0.2) ** 2 + (right - 0.9) ** 2))
    light[:, :330] *= 0.8  # somebody's shadow, through the middle of the text
    photograph = page * light + np.random.default_rng(1).normal(0, 3, page.shape)
    if light_on_dark:
        photograph = 255 - photograph
    assert likeness(prepare(a_file(a_line())), prepare(a_file(photograph, "JPEG"))) > 0.7


def test_that_transparent_paper_is_filled_in_whatever_the_colour_of_the_ink() -> None:
    for colour in (20, 240):
        ink_only = np.full((*a_line().shape, 2), colour, dtype=np.uint8)
        ink_only[..., 1] = 255 - a_line()
        packed = io.BytesIO()
        Image.fromarray(ink_only, "LA").save(packed, "PNG")
        assert likeness(prepare(a_file(a_line())), prepare(packed.getvalue())) > 0.85


def test_that_sixteen_bits_of_grey_are_read_in_full() -> None:
    packed = io.BytesIO()
    Image.fromarray(a_line().astype(np.uint16) * 200).save(packed, "PNG")
    assert likeness(prepare(a_file(a_line())), prepare(packed.getvalue())) > 0.9


def test_that_a_photograph_held_sideways_is_turned_upright() -> None:
    turned = Image.fromarray(np.rot90(a_line()))
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn right to see it upright"
    packed = io.BytesIO()
    turned.save(packed, "JPEG", exif=exif, quality=95)
    assert likeness(prepare(a_file(a_line())), prepare(packed.getvalue())) > 0.85


def test_that_of_several_frames_the_first_is_taken() -> None:
    frames = [Image.fromarray(a_line(3)), Image.fromarray(a_line(3)[::-1, ::-1].copy())]
    packed = io.BytesIO()
    frames[0].save(packed, "GIF", save_all=True, append_images=frames[1:])
    assert likeness(prepare(a_file(a_line(3))), prepare(packed.getvalue())) > 0.9


def test_that_a_very_long_line_is_scaled_to_the_greatest_width() -> None:
    long = np.tile(a_line(), (1, 14))
    prepared = prepare(a_file(long))
    assert (prepared.height, prepared.width) == (LINE_HEIGHT, MAX_LINE_WIDTH)


def test_that_specks_of_dust_do_not_stretch_the_crop() -> None:
    page = np.full((400, 800), 250)
    height, width = a_line().shape
    page[200 : 200 + height, 300 : 300 + width] = a_line()
    page[3, 5] = page[380, 790] = 0
    assert likeness(prepare(a_file(a_line())), prepare(a_file(page))) > 0.9


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("paper", ["white", "black", "grain", "shaded"])
def test_that_an_image_without_writing_is_blank(paper: str, kind: str) -> None:
    grain = np.random.default_rng(0).normal(0, 3, (300, 500))
    page = {
        "white": np.full((300, 500), 255.0),
        "black": np.zeros((300, 500)),
        "grain": 230 + grain,
        "shaded": 120 + np.arange(500) * 0.2 + grain,
    }[paper]
    assert refusal(a_file(page, kind)).code == "image.blank"


def test_that_what_is_no_image_is_refused_by_its_first_bytes_not_by_its_name() -> None:
    assert refusal(b"").code == "image.empty_file"
    assert refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>").code == "image.unknown_format"
    assert refusal(b"%PDF-1.7").code == "image.unknown_format"


@pytest.mark.parametrize("kind", FORMATS)
def test_that_half_a_file_is_broken(kind: str) -> None:
    whole = a_file(a_line(), kind)
    assert refusal(whole[: len(whole) // 3]).code in {"image.broken", "image.blank"}


def test_that_a_file_of_too_many_bytes_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "MAX_BYTES", 1_000)
    assert refusal(a_file(a_line(), "BMP")).code == "image.too_many_bytes"


@pytest.mark.parametrize("side", [5_001, 12_000, 60_000])
def test_that_too_many_pixels_are_refused_without_decoding_them(side: int) -> None:
    small = a_file(np.full((10, 10), 255), "BMP")
    claimed = small[:18] + side.to_bytes(4, "little") * 2 + small[26:]
    assert refusal(claimed).code == "image.too_many_pixels"


def test_that_a_sliver_is_too_small() -> None:
    assert refusal(a_file(np.zeros((3, 200)))).code == "image.too_small"


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(FORMATS), data=st.data())
def test_that_damaged_bytes_are_prepared_or_refused_and_nothing_else(
    kind: str, data: st.DataObject
) -> None:
    source = bytearray(a_file(a_line(), kind))
    for _ in range(data.draw(st.integers(1, 12))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    try:
        code = None
        prepare(bytes(source))
    except InvalidValueError as error:
        code = error.code
    assert code is None or code in SENTENCES


@pytest.mark.slow
def test_that_many_files_are_answered_in_order_and_each_refusal_has_its_sentence(
    tmp_path: Path,
) -> None:
    for seed in range(3):
        (tmp_path / f"{seed}.png").write_bytes(a_file(a_line(seed)))
    (tmp_path / "broken.png").write_bytes(a_file(a_line())[:60])
    names = ["0.png", "broken.png", "1.png", "absent.png", "2.png", "."]
    files = [tmp_path / name for name in names]
    answers = list(prepare_many(files, processes=2))
    assert [answer.file for answer in answers] == files
    assert [type(answer) for answer in answers] == [Prepared, Refused] * 3
    codes = [answer.code for answer in answers if isinstance(answer, Refused)]
    assert codes == ["image.broken", "image.file_unreadable", "image.no_file"]
    assert all(
        "?" not in sentence(answer.code, answer.params)
        for answer in answers
        if isinstance(answer, Refused)
    )


def _die_on_thirteen(number: int) -> int:
    if number == 13:
        os._exit(1)
    return number * number


@pytest.mark.slow
def test_that_an_item_that_kills_its_child_is_found_and_the_rest_goes_on() -> None:
    answers = list(map_in_children(_die_on_thirteen, range(30), processes=2))
    expected = [(n, ChildDied() if n == 13 else n * n) for n in range(30)]
    assert answers == expected


@pytest.mark.slow
def test_that_work_stops_when_asked_and_takes_no_more_items_than_it_needs() -> None:
    taken: list[int] = []

    def endless() -> Iterator[int]:
        number = 100
        while True:
            taken.append(number)
            yield number
            number += 1

    seen: list[int] = []
    for item, _answer in map_in_children(
        _die_on_thirteen, endless(), processes=1, should_stop=lambda: len(seen) >= 5
    ):
        seen.append(item)
    assert seen == [100, 101, 102, 103, 104]
    assert len(taken) < 10
