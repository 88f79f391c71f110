"""The catalogue: takes texts from the source, and checks that every one has its Chinese.

Without an argument it updates and compiles `resources/locale`; with `--check` it changes nothing
and fails when a text is missing, untranslated, doubtful, or has other placeholders than its source.
"""

from __future__ import annotations

import io
import string
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
LANGUAGE = "zh_CN"
PO_FILE = LOCALE / LANGUAGE / "LC_MESSAGES" / "traintable.po"
ANY_DATE = datetime(2026, 1, 1, tzinfo=UTC)
KEYWORDS = {"_": None, "N_": None, "_n": (1, 2)}


def main(arguments: list[str]) -> int:
    """Update, or check; exit status."""
    catalogue = _read()
    before = _written(catalogue)
    catalogue.update(_extracted(), no_fuzzy_matching=True)
    faults = [fault for message in catalogue if (fault := _fault(message))]
    if arguments == ["--check"]:
        if _written(catalogue) != before:
            faults.append("the catalogue does not have the texts of the source")
        if PO_FILE.with_suffix(".mo").read_bytes() != _compiled(catalogue):
            faults.append("the compiled catalogue is out of step")
        if faults:
            faults.append("run: make translations")
    else:
        PO_FILE.parent.mkdir(parents=True, exist_ok=True)
        PO_FILE.write_bytes(_written(catalogue))
        PO_FILE.with_suffix(".mo").write_bytes(_compiled(catalogue))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _read() -> Catalog:
    if not PO_FILE.exists():
        return Catalog(locale=LANGUAGE, domain="traintable", project="Traintable")
    with PO_FILE.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="traintable")


def _extracted() -> Catalog:
    template = Catalog(domain="traintable", project="Traintable")
    for folder in ("core", "gui"):
        found = extract_from_dir(ROOT / folder, keywords=KEYWORDS, comment_tags=["NOTE:"])
        for file, _line, text, comments, context in found:
            # No line numbers: they would make every change of the source a change of the catalogue.
            place = [(f"{folder}/{file}", None)]
            template.add(text, None, place, auto_comments=comments, context=context)
    return template


def _fault(message: Message) -> str | None:
    if not message.id:
        return None
    translated = message.string if isinstance(message.string, tuple) else (message.string,)
    sources = message.id if isinstance(message.id, tuple) else (message.id,)
    if message.fuzzy or not all(translated):
        return f"not translated: {sources[0]}"
    wanted = _placeholders(sources[-1])
    if any(_placeholders(text) != wanted for text in translated):
        return f"other placeholders than the source: {sources[0]}"
    return None


def _placeholders(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:  # a text with braces of its own is not a template
        return set()


def _written(catalogue: Catalog) -> bytes:
    catalogue.obsolete.clear()
    buffer = io.BytesIO()
    write_po(
        buffer, catalogue, width=100, omit_header=False, sort_output=True, ignore_obsolete=True
    )
    lines = buffer.getvalue().splitlines(keepends=True)
    # Dates and tool versions would differ from one run to the next.
    noise = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator')
    return b"".join(line for line in lines if not line.startswith(noise))


def _compiled(catalogue: Catalog) -> bytes:
    stable = read_po(io.BytesIO(_written(catalogue)), locale=LANGUAGE, domain="traintable")
    stable.creation_date = stable.revision_date = ANY_DATE  # else every minute compiles anew
    buffer = io.BytesIO()
    write_mo(buffer, stable)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
