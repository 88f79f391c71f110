"""The fake backend with the real schedule engine behind `preview`: for what is typed about time."""

from __future__ import annotations

from itertools import islice

from core.contracts.records import SchedulePreview
from core.domain.calendar import CalendarPolicy
from core.domain.trigger import Schedule, under
from core.scheduling import fire_times, wording
from tests.fake_stage import a_call
from tests.fakes import FakeBackend


class EngineBackend(FakeBackend):
    """Says in words and instants what the product would say; of a calendar it reads the ranges."""

    @a_call
    def preview(
        self,
        schedule: Schedule,
        *,
        count: int = 5,
        calendar_id: int | None = None,
        calendar_policy: CalendarPolicy = CalendarPolicy.SKIP,
    ) -> SchedulePreview:
        record = None if calendar_id is None else self.calendars.get(calendar_id)
        calendar = None if record is None else record.calendar
        fire_times.check(schedule, self.clock.now(), calendar)
        told = under(schedule, calendar)
        instants = islice(fire_times.iter_after(told, self.clock.now()), count)
        return SchedulePreview(wording.words(schedule), tuple(instants), schedule.timezone)
