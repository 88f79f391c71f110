"""A stranger's image file becomes a grey line of handwriting, or a refusal; stores nothing."""

from __future__ import annotations

import hashlib
import io
import stat
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

import numpy as np
from PIL import Image, ImageOps

from core.errors import InvalidValueError, Param
from core.training.child_pool import ChildDied, map_in_children
from core.training.normalisation import LINE_HEIGHT, MAX_LINE_WIDTH, Pixels, normalised_line

__all__ = [
    "LINE_HEIGHT",
    "MAX_BYTES",
    "MAX_LINE_WIDTH",
    "MAX_PIXELS",
    "Prepared",
    "PreparedImage",
    "Refused",
    "prepare",
    "prepare_many",
]

MAX_BYTES: Final = 20_000_000
MAX_PIXELS: Final = 25_000_000

_MIN_SIDE: Final = 8


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A line of handwriting as the trainer wants it: dark ink on white, 64 px high."""

    png: bytes
    width: int
    height: int
    sha256: str
    """Of the original bytes, as 64 hexadecimal digits."""
    ink_share: float
    """The share of pixels that are ink, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that became a sample."""

    file: Path
    image: PreparedImage


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot become a sample, with the code and parameters of its sentence."""

    file: Path
    code: str
    params: dict[str, Param]


def prepare(source: bytes) -> PreparedImage:
    """Check, decode and normalise one image file, or raise `InvalidValueError` (field `file`).

    Decodes in this process: for files from elsewhere use `prepare_many`, which gives the decoder a
    child to die in.
    """
    line = normalised_line(_decoded(source))
    if line is None:
        raise _refusal("image.blank")
    packed = io.BytesIO()
    Image.fromarray(line).save(packed, format="PNG")
    height, width = line.shape
    return PreparedImage(
        png=packed.getvalue(),
        width=width,
        height=height,
        sha256=hashlib.sha256(source).hexdigest(),
        ink_share=float(np.mean(line < 128)),
    )


def prepare_many(
    files: Sequence[Path],
    processes: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Prepared | Refused]:
    """Prepare `files` in child processes: one answer each, in order, until `should_stop` says so.

    An image that kills its decoder is refused as any other; the rest goes on.
    """
    for file, answer in map_in_children(_prepared_file, files, processes, should_stop):
        match answer:
            case ChildDied():
                yield Refused(file, "image.decoder_died", {"field": "file"})
            case Prepared() | Refused():
                yield answer
            case never:
                assert_never(never)


def _prepared_file(file: Path) -> Prepared | Refused:
    """Runs in the child; refusals travel back as values."""
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe would keep the child waiting for ever
            raise _refusal("image.no_file")
        if about.st_size > MAX_BYTES:
            raise _too_many_bytes(about.st_size)
        return Prepared(file, prepare(file.read_bytes()))
    except InvalidValueError as error:
        return Refused(file, error.code, error.params)
    except OSError as error:
        detail = error.strerror or type(error).__name__
        return Refused(file, "image.file_unreadable", {"field": "file", "detail": detail})


def _decoded(source: bytes) -> Pixels:
    """The first frame, upright, as grey 0 to 255, transparent paper filled in."""
    if len(source) > MAX_BYTES:
        raise _too_many_bytes(len(source))
    kind = _format_of(source)
    # What Pillow warns of (bombs, odd metadata) is checked below or does not touch the pixels.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(source), formats=[kind]) as image:
                _check_size(*image.size)
                return _grey(ImageOps.exif_transpose(image))
        except InvalidValueError:
            raise
        except Image.DecompressionBombError as error:
            raise _refusal("image.too_many_pixels", limit=MAX_PIXELS // 1_000_000) from error
        except Exception as error:  # fed with a stranger's bytes, a decoder raises anything
            raise _refusal("image.broken", format=kind) from error


def _format_of(source: bytes) -> str:
    """Pillow's name of the format that the first bytes claim; names and endings claim nothing."""
    head = source[:16]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    raise _refusal("image.empty_file" if not source else "image.unknown_format")


_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _refusal("image.too_many_pixels", limit=MAX_PIXELS // 1_000_000)
    if min(width, height) < _MIN_SIDE:
        raise _refusal("image.too_small", width=width, height=height, least=_MIN_SIDE)


def _grey(image: Image.Image) -> Pixels:
    if image.mode.startswith(("I", "F")):
        return _stretched(np.asarray(image, dtype=np.float32))
    if image.has_transparency_data:
        return _on_opposite_paper(image.convert("LA"))
    if image.mode == "CMYK":
        image = image.convert("RGB")
    return np.asarray(image.convert("L"), dtype=np.float32)


def _stretched(deep: Pixels) -> Pixels:
    """Sixteen bits and more seldom use their range: the darkest becomes 0, the lightest 255."""
    low, high = float(deep.min()), float(deep.max())
    if not np.isfinite(high - low) or high <= low:
        return np.zeros_like(deep)
    return np.asarray((deep - low) * (255.0 / (high - low)), dtype=np.float32)


def _on_opposite_paper(image: Image.Image) -> Pixels:
    """Lay transparent handwriting on white, or on black if the ink itself is light."""
    grey, alpha = (np.asarray(band, dtype=np.float32) for band in image.split())
    opacity = alpha / 255.0
    ink = float((grey * opacity).sum() / max(float(opacity.sum()), 1.0))
    paper = 0.0 if ink > 127.0 and float(opacity.mean()) < 0.5 else 255.0
    return np.asarray(grey * opacity + paper * (1.0 - opacity), dtype=np.float32)


def _too_many_bytes(size: int) -> InvalidValueError:
    return _refusal("image.too_many_bytes", size=f"{size / 1e6:.1f}", limit=MAX_BYTES // 1_000_000)


def _refusal(code: str, **params: Param) -> InvalidValueError:
    return InvalidValueError(code, field="file", **params)
