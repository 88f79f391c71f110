"""Writes `golden_cron.tsv` anew: what each expression is said to mean, and when it fires next.

The first column is kept, the others are computed; a line that holds an expression alone is how one
is added. Run `python -m tests.unit.scheduling.make_golden` after a change that is meant to alter
the table, and read the difference line by line: the table is right because a person read it.
"""

from __future__ import annotations

import csv
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from core.domain.trigger import Cron, Schedule
from core.errors import InvalidValueError
from core.language import speaking
from core.scheduling import cron, fire_times, wording

GOLDEN = Path(__file__).with_name("golden_cron.tsv")
COLUMNS = ("expression", "verdict", "field", "words_en", "words_zh", "fires")
ZONE = "Europe/Berlin"
# A Friday, two days before the clocks go forward.
MOMENT = datetime(2026, 3, 27, 12, 0, tzinfo=ZoneInfo(ZONE))

Row = dict[str, str]


def golden_rows() -> list[Row]:
    """The table as it stands in the file."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", restval=""))


def row_now(expression: str) -> Row:
    """The line of the table for `expression`, as the program is now."""
    try:
        cron.parse(expression)
    except InvalidValueError as error:
        part = str(error.params.get("part", "")).removeprefix("cron.part.")
        return _row(expression, error.code, part, "", "", "")
    schedule = Schedule(Cron(expression), ZONE)
    with speaking("en"):
        english = wording.words(schedule)
    with speaking("zh_CN"):
        chinese = wording.words(schedule)
    fires = [
        instant.astimezone(MOMENT.tzinfo).isoformat(timespec="minutes")
        for instant in islice(fire_times.iter_after(schedule, MOMENT), 5)
    ]
    return _row(expression, "ok", "", english, chinese, " ".join(fires))


def main() -> None:
    """Write the table."""
    rows = [row_now(row["expression"]) for row in golden_rows()]
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _row(*cells: str) -> Row:
    return dict(zip(COLUMNS, cells, strict=True))


if __name__ == "__main__":
    main()
