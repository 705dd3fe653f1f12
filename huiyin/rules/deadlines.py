"""When things are due: the work calendar with 调休, four units of time, and the five clocks of a case."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import NamedTuple

Amount = int | float | Decimal | Fraction

#: China has kept one offset without summer time since 1992, so the rules need no table of time zones.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
OFFICE_HOURS = ((time(8, 30), time(12, 0)), (time(14, 30), time(17, 30)))
NIGHT_BEGINS, NIGHT_ENDS = time(22, 0), time(6, 0)
LAST_SECOND = time(23, 59, 59)

DISPATCH_WORKING_HOURS = 4  # when no item has been suggested
ECHO_WORKDAYS = 2
ASK_WORKDAYS = 5  # a question to the reporter stops the clocks for so long at most

_MICROSECOND = timedelta(microseconds=1)
_HOUR = timedelta(hours=1) // _MICROSECOND


class Unit(StrEnum):
    """In what a time is counted."""

    CLOCK_HOURS = "clock_hours"
    WORKING_HOURS = "working_hours"
    WORKDAYS = "workdays"
    NATURAL_DAYS = "natural_days"


class DayKind(StrEnum):
    """What an exceptional day is: a weekend that is worked, or a day off (both other kinds)."""

    WORKDAY = "workday"
    RESTDAY = "restday"
    HOLIDAY = "holiday"


class SpecialDay(NamedTuple):
    """One row of the work calendar.

    statutory: the day itself is a 法定节假日 (全国年节及纪念日放假办法), not a day that was swapped for one.
    """

    day: date
    kind: str
    statutory: bool = False


class Span(NamedTuple):
    """A time during which clocks stand; end is None while they still do."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked and when: Monday to Friday unless a special day says otherwise, in the office hours of one time zone.

    Make it with Calendar.build. Every look-up is O(log n) in the number of special days; results carry the calendar's time zone.
    """

    zone: tzinfo
    hours: tuple[tuple[time, time], ...]
    _days: tuple[int, ...] = field(repr=False)  # ordinals of the days that differ from Monday to Friday
    _net: tuple[int, ...] = field(repr=False)  # what the first i of them add to the number of workdays
    _before: tuple[int, ...] = field(repr=False)  # workdays before each of them
    _worked: frozenset[int] = field(repr=False)  # those of them that are worked
    _statutory: frozenset[date] = field(repr=False)
    _spans: tuple[tuple[int, int], ...] = field(repr=False)  # office hours in microseconds from midnight
    _day: int = field(repr=False)  # microseconds in one working day

    @classmethod
    def build(
        cls,
        days: Iterable[tuple[date, str, bool] | tuple[date, str]] = (),
        *,
        hours: tuple[tuple[time, time], ...] = OFFICE_HOURS,
        zone: tzinfo = SHANGHAI,
    ) -> Calendar:
        """A calendar from rows (SpecialDay or the like). Raises ValueError for two rows of one date that differ, an unknown kind,
        a statutory day that is worked, or office hours that are empty, run backwards or overlap.
        """
        rows = _rows(days)
        odd = sorted((day.toordinal(), _works(row)) for day, row in rows.items() if _works(row) != _weekday(day.toordinal()))
        net = tuple(accumulate((1 if works else -1 for _, works in odd), initial=0))
        spans = _office_hours(hours)
        return cls(
            zone=zone,
            hours=hours,
            _days=tuple(day for day, _ in odd),
            _net=net,
            _before=tuple(_weekdays_before(day) + net[index] for index, (day, _) in enumerate(odd)),
            _worked=frozenset(day for day, works in odd if works),
            _statutory=frozenset(day for day, row in rows.items() if row.statutory),
            _spans=spans,
            _day=sum(end - start for start, end in spans),
        )

    def is_workday(self, day: date) -> bool:
        ordinal = day.toordinal()
        index = bisect_left(self._days, ordinal)
        if index < len(self._days) and self._days[index] == ordinal:
            return ordinal in self._worked
        return _weekday(ordinal)

    def is_statutory_holiday(self, day: date) -> bool:
        """Whether the day is a 法定节假日, on which nothing is enforced (行政强制法 43)."""
        return day in self._statutory

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year have been entered; of one that has none only Saturdays and Sundays are off."""
        return any(day.year == year for day in self._statutory)

    def is_night(self, moment: datetime) -> bool:
        """Whether it is between 22:00 and 06:00 (生态环境法典 572). Raises ValueError for a naive time."""
        clock = self.local(moment).time()
        return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS

    def add_workdays(self, start: datetime, days: int) -> datetime:
        """The end of office hours on the nth workday after the day of start, which itself is not counted (民法典 201, 203).

        days = 0 means by the end of office hours of the same day or, when these are over or the day is off, of the next workday.
        Raises ValueError for a naive time or a negative number.
        """
        _not_negative(days)
        start = self.local(start)
        today = start.date().toordinal()
        if days == 0:
            late = _since_midnight(start) > self._spans[-1][1]
            return self._closing(self._nth(self._workdays_before(today + late)))
        return self._closing(self._nth(self._workdays_before(today + 1) + days - 1))

    def add_working_hours(self, start: datetime, hours: Amount) -> datetime:
        """start and so many office hours, counted from start or from the next opening; hours = 0 gives start.

        A term that ends with a stretch of office hours ends then, not when the next stretch opens.
        Raises ValueError for a naive time or a negative number.
        """
        _not_negative(hours)
        start = self.local(start)
        wanted = _microseconds(hours)
        if wanted == 0:
            return start
        days, rest = divmod(self._worked_until(start) + wanted - 1, self._day)
        return self._moment(self._nth(days), rest + 1)

    def add_clock_hours(self, start: datetime, hours: Amount) -> datetime:
        """start and so many hours by the clock, day and night. Raises ValueError for a naive time or a negative number."""
        _not_negative(hours)
        return self.local(start) + _microseconds(hours) * _MICROSECOND

    def add_days(self, start: datetime, days: int) -> datetime:
        """The last second of the nth natural day after the day of start, which itself is not counted (民法典 201).

        Raises ValueError for a naive time or a negative number.
        """
        _not_negative(days)
        day = self.local(start).date() + timedelta(days=days)
        return datetime.combine(day, LAST_SECOND, self.zone)

    def workdays_between(self, start: datetime, end: datetime) -> int:
        """Workdays after the day of start up to and with the day of end; negative when end lies on an earlier day than start.

        Raises ValueError for a naive time.
        """
        first, last = (self.local(moment).date().toordinal() for moment in (start, end))
        return self._workdays_before(last + 1) - self._workdays_before(first + 1)

    def working_hours_between(self, start: datetime, end: datetime) -> Fraction:
        """Office hours from start to end; negative when end is before start. Raises ValueError for a naive time."""
        return Fraction(self._worked_until(self.local(end)) - self._worked_until(self.local(start)), _HOUR)

    def local(self, moment: datetime) -> datetime:
        """The same moment in the calendar's time zone. Raises ValueError for a naive time."""
        if moment.tzinfo is None or moment.utcoffset() is None:
            raise ValueError(f"{moment!r} has no time zone")
        return moment.astimezone(self.zone)

    def _workdays_before(self, ordinal: int) -> int:
        return _weekdays_before(ordinal) + self._net[bisect_left(self._days, ordinal)]

    def _nth(self, index: int) -> int:
        """The ordinal of the workday that has index workdays before it."""
        known = bisect_right(self._before, index)
        if known:
            last = self._days[known - 1]
            if self._before[known - 1] == index and last in self._worked:
                return last
        weeks, rest = divmod(index - self._net[known], 5)
        return weeks * 7 + rest + 1

    def _worked_until(self, local: datetime) -> int:
        """Microseconds of office hours from the beginning of time to this moment."""
        ordinal = local.toordinal()
        whole = self._workdays_before(ordinal) * self._day
        if not self.is_workday(local.date()):
            return whole
        now = _since_midnight(local)
        return whole + sum(min(now, end) - start for start, end in self._spans if start < now)

    def _moment(self, ordinal: int, worked: int) -> datetime:
        """When, on that workday, so many microseconds (more than none) of its office hours are over."""
        for start, end in self._spans:
            if worked <= end - start:
                break
            worked -= end - start
        return datetime.combine(date.fromordinal(ordinal), time(), self.zone) + (start + worked) * _MICROSECOND

    def _closing(self, ordinal: int) -> datetime:
        return datetime.combine(date.fromordinal(ordinal), self.hours[-1][1], self.zone)


def due(start: datetime, amount: Amount, unit: Unit, calendar: Calendar) -> datetime:
    """When a term of that amount ends which begins at start. Workdays and natural days must be whole.

    Raises ValueError for a naive time, a negative amount or a part of a day.
    """
    match unit:
        case Unit.CLOCK_HOURS:
            return calendar.add_clock_hours(start, amount)
        case Unit.WORKING_HOURS:
            return calendar.add_working_hours(start, amount)
        case Unit.WORKDAYS:
            return calendar.add_workdays(start, _whole(amount))
        case Unit.NATURAL_DAYS:
            return calendar.add_days(start, _whole(amount))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """When the five promises of a case are due; None for a clock that has not begun or that stands.

    dispatch 派单, signoff 签收, onsite 到场, resolution 办结, echo 回音. A time stays when the promise has been kept, so that
    "kept" and "late" can be told; `owed` leaves only what is still to be done.
    """

    dispatch: datetime | None = None
    signoff: datetime | None = None
    onsite: datetime | None = None
    resolution: datetime | None = None
    echo: datetime | None = None

    def owed(self, *, assigned: bool, accepted: bool, attended: bool, resolved: bool, echoed: bool) -> Clocks:
        """The same clocks without those whose promise has been kept or is no longer asked for."""
        return Clocks(
            dispatch=None if assigned or resolved else self.dispatch,
            signoff=None if accepted or resolved or not assigned else self.signoff,
            onsite=None if attended or resolved or not assigned else self.onsite,
            resolution=None if resolved or not assigned else self.resolution,
            echo=None if echoed or not resolved else self.echo,
        )

    @property
    def next(self) -> datetime | None:
        """The earliest of them."""
        clocks = (self.dispatch, self.signoff, self.onsite, self.resolution, self.echo)
        return min((at for at in clocks if at is not None), default=None)


def case_clocks(
    calendar: Calendar,
    *,
    reported_at: datetime,
    first_assigned_at: datetime | None = None,
    last_assigned_at: datetime | None = None,
    resolved_at: datetime | None = None,
    disputed_at: datetime | None = None,
    dispatch_working_hours: Amount | None = None,
    onsite_hours: Amount | None = None,
    close_workdays: int | None = None,
    extended_workdays: int = 0,
    pauses: Iterable[tuple[datetime, datetime | None]] = (),
    asked: tuple[datetime, datetime | None] | None = None,
    shorter_due: datetime | None = None,
) -> Clocks:
    """The five clocks of one case ("Clocks" of the workflow), from the facts of the case and the terms of its item.

    reported_at: when the case came, or last came back, to be assigned.
    dispatch_working_hours: of the first suggested item, 4 without one; sign-off has the same.
    onsite_hours: by the clock; None for services.
    close_workdays: of the item (services: reply_workdays); None while there is no item.
    extended_workdays: sum of the extensions given since the resolution clock last began.
    pauses: spans in which the presence and resolution clocks stand; one that is not over makes a clock that had not run out None.
    asked: the one question to the reporter and its answer; every clock that runs waits for it, 5 workdays at most.
    disputed_at: the resolution clock, if it had begun, begins again with half its workdays, rounded up.
    shorter_due: set by a person; it counts when it is earlier and lies after the beginning of the clock.
    Raises ValueError for a naive time or a negative term.
    """
    local = calendar.local
    hours = DISPATCH_WORKING_HOURS if dispatch_working_hours is None else dispatch_working_hours
    question = [] if asked is None else [_at_most_five_workdays(asked, calendar)]
    stands = _united([*(Span(local(start), None if end is None else local(end)) for start, end in pauses), *question])
    begun, workdays = _resolution_begins(_local(first_assigned_at, calendar), _local(disputed_at, calendar), close_workdays)

    def running(start: datetime | None, amount: Amount | None, unit: Unit, spans: list[Span]) -> datetime | None:
        if start is None or amount is None:
            return None
        return _held(local(start), due(start, amount, unit, calendar), unit, spans, calendar)

    echoes = resolved_at is not None and (disputed_at is None or local(disputed_at) <= local(resolved_at))
    resolution = running(begun, None if workdays is None else workdays + extended_workdays, Unit.WORKDAYS, stands)
    return Clocks(
        dispatch=running(reported_at, hours, Unit.WORKING_HOURS, question),
        signoff=running(last_assigned_at, hours, Unit.WORKING_HOURS, question),
        onsite=running(last_assigned_at, onsite_hours, Unit.CLOCK_HOURS, stands),
        resolution=_earlier(resolution, _local(shorter_due, calendar), begun),
        echo=running(resolved_at if echoes else None, ECHO_WORKDAYS, Unit.WORKDAYS, []),
    )


def _local(moment: datetime | None, calendar: Calendar) -> datetime | None:
    return None if moment is None else calendar.local(moment)


def _resolution_begins(
    assigned: datetime | None, disputed: datetime | None, workdays: int | None
) -> tuple[datetime | None, int | None]:
    """When the resolution clock last began, and with how many workdays."""
    if assigned is None or workdays is None:
        return None, None
    if disputed is not None and disputed > assigned:
        return disputed, (workdays + 1) // 2
    return assigned, workdays


def _held(start: datetime, end: datetime, unit: Unit, spans: Iterable[Span], calendar: Calendar) -> datetime | None:
    """end, put off by the time for which the clock stood; None while it stands. spans: apart from each other, in order."""
    for stop, go in spans:
        if go is not None and go <= start:
            continue
        if stop > end:
            break
        if go is None:
            return None
        end = _put_off(end, max(stop, start), go, unit, calendar)
    return end


def _put_off(end: datetime, stop: datetime, go: datetime, unit: Unit, calendar: Calendar) -> datetime:
    match unit:
        case Unit.CLOCK_HOURS:
            return end + (go - stop)
        case Unit.WORKING_HOURS:
            return calendar.add_working_hours(end, calendar.working_hours_between(stop, go))
        case Unit.WORKDAYS:
            days = calendar.workdays_between(stop, go)
            return calendar.add_workdays(end, days) if days else end
        case Unit.NATURAL_DAYS:
            return calendar.add_days(end, (calendar.local(go).date() - calendar.local(stop).date()).days)


def _at_most_five_workdays(asked: tuple[datetime, datetime | None], calendar: Calendar) -> Span:
    start, answered = calendar.local(asked[0]), _local(asked[1], calendar)
    limit = calendar.add_workdays(start, ASK_WORKDAYS)
    return Span(start, max(start, min(answered or limit, limit)))


def _united(spans: list[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap made one. A span that ends before it begins is none."""
    united: list[Span] = []
    for span in sorted((span for span in spans if span.end is None or span.end > span.start), key=lambda span: span.start):
        last = united[-1] if united else None
        if last is not None and (last.end is None or span.start <= last.end):
            ends = None if last.end is None or span.end is None else max(last.end, span.end)
            united[-1] = Span(last.start, ends)
        else:
            united.append(span)
    return united


def _earlier(computed: datetime | None, shorter: datetime | None, begun: datetime | None) -> datetime | None:
    if computed is None or shorter is None or begun is None or shorter <= begun:
        return computed
    return min(computed, shorter)


def _rows(days: Iterable[tuple[date, str, bool] | tuple[date, str]]) -> dict[date, SpecialDay]:
    rows: dict[date, SpecialDay] = {}
    for given in days:
        row = SpecialDay(*given)
        if row.statutory and _works(row):
            raise ValueError(f"{row.day} cannot be a statutory holiday and be worked")
        if rows.setdefault(row.day, row) != row:
            raise ValueError(f"{row.day} stands in the calendar twice and differently")
    return rows


def _works(row: SpecialDay) -> bool:
    return DayKind(row.kind) is DayKind.WORKDAY


def _office_hours(hours: tuple[tuple[time, time], ...]) -> tuple[tuple[int, int], ...]:
    spans = tuple((_clock(start), _clock(end)) for start, end in hours)
    if not spans or any(start >= end for start, end in spans) or any(before[1] > after[0] for before, after in pairwise(spans)):
        raise ValueError("office hours must follow one another, each ending after it begins")
    return spans


def _clock(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


def _since_midnight(local: datetime) -> int:
    return ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


def _weekday(ordinal: int) -> bool:
    return (ordinal - 1) % 7 < 5  # day 1 of the calendar was a Monday


def _weekdays_before(ordinal: int) -> int:
    weeks, rest = divmod(ordinal - 1, 7)
    return weeks * 5 + min(rest, 5)


def _microseconds(hours: Amount) -> int:
    return -int(-(Fraction(hours) * _HOUR) // 1)  # a part of a microsecond counts as a whole one


def _not_negative(amount: Amount) -> None:
    if amount < 0:
        raise ValueError(f"a term cannot be negative: {amount}")


def _whole(amount: Amount) -> int:
    if amount != int(amount):
        raise ValueError(f"days are counted whole, not {amount}")
    return int(amount)
