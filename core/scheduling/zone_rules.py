"""Wall time to instants: what happens to matches that a clock change skips or repeats.

A zone is a row of segments, in each of which the wall clock runs at one distance from UTC; the
rules only concern the seams. Instants and wall times are seconds since 1970, in UTC and on the
wall.

- An expression that matches every hour is *frequent*: it fires whenever the wall clock matches, not
  in a gap, and twice in a fold.
- Any other is *fixed*: a match in a gap fires once, at the first instant after the gap, together
  with whatever else is due then; in a fold only the first pass counts. A gap of more than three
  hours is a lost day, not a clock change: nothing is made up for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from core.scheduling.cron import DAY_SECONDS, CronExpression

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
# A little inside what datetime can hold, so that every local time can be held as well.
FIRST_INSTANT: Final = (datetime(1, 1, 4, tzinfo=UTC) - EPOCH) // SECOND
LAST_INSTANT: Final = (datetime(9998, 12, 28, tzinfo=UTC) - EPOCH) // SECOND

_LONGEST_GAP: Final = 3 * 3600
_CHUNK: Final = 360 * DAY_SECONDS
# No zone has changed its clock twice within a week since 1970, so no change hides between probes.
_PROBE: Final = 3 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Segment:
    """From `start` on and before `end`, wall time is the instant plus `offset`."""

    start: int
    end: int
    offset: int
    reached: int
    """How far the wall clock had come before: less than at the start in a gap, more in a fold."""

    @property
    def wall_start(self) -> int:
        """The wall time at the start."""
        return self.start + self.offset

    @property
    def wall_end(self) -> int:
        """The wall time that is not reached any more."""
        return self.end + self.offset

    def first_wall(self, *, frequent: bool) -> int:
        """The earliest wall time whose match belongs here."""
        if frequent or self.wall_start - self.reached > _LONGEST_GAP:
            return self.wall_start
        return self.reached


class ZoneRules:
    """The segments of one zone, found by asking it and remembered."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._chunks: dict[int, tuple[Segment, ...]] = {}

    def segments_from(self, instant: int) -> Iterator[Segment]:
        """The segment that holds `instant`, and all later ones up to the end of the calendar."""
        chunk = instant // _CHUNK
        while chunk * _CHUNK <= LAST_INSTANT:
            for segment in self._segments(chunk):
                if segment.end > instant:
                    yield segment
            chunk += 1

    def changes_between(self, start: int, end: int) -> bool:
        """Whether the clock is ever changed after `start` and up to `end`."""
        for segment in self.segments_from(start):
            if segment.start > end:
                break
            if segment.start > start and segment.wall_start != segment.reached:
                return True
        return False

    def _segments(self, chunk: int) -> tuple[Segment, ...]:
        known = self._chunks.get(chunk)
        if known is None:
            known = self._chunks[chunk] = tuple(self._explore(chunk * _CHUNK))
        return known

    def _explore(self, begin: int) -> Iterator[Segment]:
        # The chunk before is looked into, because a fold may reach across the cut.
        start = begin - _PROBE
        offset = self._offset(start)
        reached = start + offset
        for probe in range(start, begin + _CHUNK, _PROBE):
            following = self._offset(probe + _PROBE)
            if following != offset:
                change = self._first_with(following, probe, probe + _PROBE)
                yield from _clipped(Segment(start, change, offset, reached), begin)
                reached = max(reached, change + offset)
                start, offset = change, following
        yield from _clipped(Segment(start, begin + _CHUNK, offset, reached), begin)

    def _first_with(self, offset: int, low: int, high: int) -> int:
        """The first second in (low, high] from which on `offset` holds; it holds at `high`."""
        while low < high:
            middle = (low + high) // 2
            if self._offset(middle) == offset:
                high = middle
            else:
                low = middle + 1
        return high

    def _offset(self, instant: int) -> int:
        held = min(max(instant, FIRST_INSTANT), LAST_INSTANT)
        offset = (EPOCH + timedelta(seconds=held)).astimezone(self._zone).utcoffset()
        return 0 if offset is None else offset // SECOND


def _clipped(segment: Segment, begin: int) -> Iterator[Segment]:
    """The part of `segment` from `begin` on, if there is any."""
    if segment.start >= begin:
        yield segment
    elif segment.end > begin:
        reached = max(segment.reached, begin + segment.offset)
        yield Segment(begin, segment.end, segment.offset, reached)


@lru_cache(maxsize=256)
def rules_of(zone: ZoneInfo) -> ZoneRules:
    """The segments of `zone`, shared by everybody who asks."""
    return ZoneRules(zone)


def first_after(expression: CronExpression, zone: ZoneInfo, after: int) -> int | None:
    """The first instant after `after` at which `expression` fires in `zone`."""
    frequent = expression.is_frequent
    searched_from = found = FIRST_INSTANT - DAY_SECONDS
    for segment in rules_of(zone).segments_from(after + 1):
        wall = segment.first_wall(frequent=frequent)
        if after >= segment.start:
            wall = max(wall, after + segment.offset + 1)
        if not searched_from <= wall <= found:
            next_wall = expression.first_from(wall)
            if next_wall is None:
                return None
            searched_from, found = wall, next_wall
        if found < segment.wall_end:
            return max(segment.start, found - segment.offset)
    return None


def count_between(expression: CronExpression, zone: ZoneInfo, after: int, until: int) -> int:
    """How often `expression` fires in `zone` after `after` and up to `until`."""
    frequent, total = expression.is_frequent, 0
    for segment in rules_of(zone).segments_from(after + 1):
        if segment.start > until:
            break
        wall = segment.first_wall(frequent=frequent)
        if after >= segment.start:
            wall = max(wall, after + segment.offset + 1)
        if wall < segment.wall_start:
            in_gap = expression.first_from(wall)
            total += in_gap is not None and in_gap <= segment.wall_start
            wall = segment.wall_start + 1
        total += expression.count(wall, min(segment.wall_end, until + segment.offset + 1))
    return total


def instant_of(zone: ZoneInfo, wall: int) -> int:
    """The instant a person means by `wall`: the first of two, and the end of the gap for none."""
    for segment in rules_of(zone).segments_from(wall - 2 * DAY_SECONDS):
        if wall < segment.wall_end:
            return max(segment.start, wall - segment.offset)
    return LAST_INSTANT
