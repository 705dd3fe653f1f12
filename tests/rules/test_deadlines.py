"""Terms are counted as people and the law count them: workdays with 调休, office hours, hours by the clock, natural days."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import huiyin
from huiyin.rules.deadlines import (
    LAST_SECOND,
    SHANGHAI,
    Calendar,
    Clocks,
    DayKind,
    SpecialDay,
    Unit,
    case_clocks,
    due,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# The National Day of 2026: 1–7 October off, 20 September and 10 October worked.
NATIONAL_DAY = [
    SpecialDay(date(2026, 9, 20), "workday"),
    *(SpecialDay(date(2026, 10, day), "holiday", statutory=day <= 3) for day in range(1, 8)),
    SpecialDay(date(2026, 10, 10), "workday"),
]
PLAIN = Calendar.build()
CALENDAR = Calendar.build(NATIONAL_DAY)

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
FIRST, LAST, NAIVE = (datetime.fromisoformat(text) for text in ("2024-01-01", "2028-12-31", "2026-11-05T10:00"))
moments = st.datetimes(FIRST, LAST, timezones=st.sampled_from([SHANGHAI, UTC]))
calendars = st.dictionaries(days, st.sampled_from([kind.value for kind in DayKind]), max_size=120).map(
    lambda rows: Calendar.build(rows.items())
)
part_hours = st.fractions(0, 60, max_denominator=60)


# ---- the calendar -----------------------------------------------------------------------------------------------------


def test_monday_to_friday_are_worked_unless_the_calendar_says_otherwise():
    assert PLAIN.is_workday(date(2026, 11, 6)) and not PLAIN.is_workday(date(2026, 11, 7))
    assert CALENDAR.is_workday(date(2026, 9, 20)) and CALENDAR.is_workday(date(2026, 10, 10))
    assert not CALENDAR.is_workday(date(2026, 10, 5))


def test_a_swapped_day_off_is_no_statutory_holiday():
    assert CALENDAR.is_statutory_holiday(date(2026, 10, 1))
    assert not CALENDAR.is_statutory_holiday(date(2026, 10, 5))
    assert not CALENDAR.is_statutory_holiday(date(2026, 11, 7))


@pytest.mark.parametrize(
    "rows",
    [
        [(date(2026, 5, 1), "holiday"), (date(2026, 5, 1), "workday")],
        [(date(2026, 5, 1), "feast")],
        [SpecialDay(date(2026, 5, 1), "workday", statutory=True)],
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(rows):
    with pytest.raises(ValueError, match=r"twice|feast|statutory"):
        Calendar.build(rows)


def test_a_day_may_stand_twice_when_both_rows_agree():
    assert not Calendar.build([(date(2026, 5, 1), "holiday")] * 2).is_workday(date(2026, 5, 1))


@pytest.mark.parametrize("hours", [(), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(17)))])
def test_office_hours_that_make_no_day_are_refused(hours):
    with pytest.raises(ValueError, match="office hours"):
        Calendar.build(hours=hours)


def test_a_row_that_says_what_is_so_anyway_changes_nothing():
    same = Calendar.build([(date(2026, 11, 7), "restday"), (date(2026, 11, 6), "workday")])
    assert same.add_workdays(at("2026-11-05 10:00"), 2) == PLAIN.add_workdays(at("2026-11-05 10:00"), 2)


def test_the_seeded_calendar_has_the_workdays_that_the_notices_give():
    seed = tomllib.loads((Path(huiyin.__file__).parent / "seed/calendar.toml").read_text("utf-8"))
    rows = [SpecialDay(row["date"], row["kind"], row.get("statutory", False)) for year in seed["years"] for row in year["days"]]
    calendar = Calendar.build(rows)
    for year, workdays in ((2024, 251), (2025, 248), (2026, 248)):
        assert (
            sum(
                calendar.is_workday(date(year, 1, 1) + timedelta(n))
                for n in range(366)
                if (date(year, 1, 1) + timedelta(n)).year == year
            )
            == workdays
        )


# ---- workdays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2026-11-05 10:00", 1, "2026-11-06 17:30"),  # Thursday → Friday
        ("2026-11-06 10:00", 1, "2026-11-09 17:30"),  # over a weekend
        ("2026-11-07 10:00", 1, "2026-11-09 17:30"),  # from a Saturday
        ("2026-11-06 23:59", 5, "2026-11-13 17:30"),  # however late the day, it is not counted
        ("2026-09-30 08:00", 1, "2026-10-08 17:30"),  # over the National Day
        ("2026-10-09 08:00", 1, "2026-10-10 17:30"),  # a Saturday that is worked
        ("2026-09-18 08:00", 1, "2026-09-20 17:30"),  # a Sunday that is worked
        ("2026-11-05 10:00", 0, "2026-11-05 17:30"),
        ("2026-11-05 17:30", 0, "2026-11-05 17:30"),
        ("2026-11-05 18:00", 0, "2026-11-06 17:30"),
        ("2026-11-07 10:00", 0, "2026-11-09 17:30"),
    ],
)
def test_workdays_are_counted_from_the_next_day_to_the_end_of_office_hours(start, number, expected):
    assert CALENDAR.add_workdays(at(start), number) == at(expected)


@given(calendars, moments, st.integers(1, 60))
def test_counting_workdays_agrees_with_counting_on_fingers(calendar, start, number):
    day, left = calendar.local(start).date(), number
    while left:
        day += timedelta(1)
        left -= calendar.is_workday(day)
    assert calendar.add_workdays(start, number) == datetime.combine(day, time(17, 30), SHANGHAI)


@given(calendars, moments, st.integers(0, 200))
def test_workdays_added_are_workdays_between(calendar, start, number):
    assert calendar.workdays_between(start, calendar.add_workdays(start, number)) == number or number == 0


@given(calendars, moments, moments)
def test_workdays_between_agrees_with_counting_and_turns_round(calendar, one, other):
    first, last = sorted((calendar.local(one).date(), calendar.local(other).date()))
    counted = sum(calendar.is_workday(first + timedelta(n)) for n in range(1, (last - first).days + 1))
    forward = calendar.workdays_between(*sorted((one, other)))
    assert forward == counted
    assert calendar.workdays_between(one, other) == -calendar.workdays_between(other, one)


@given(calendars, moments, moments, st.integers(0, 60))
def test_who_begins_later_is_never_due_earlier(calendar, one, other, number):
    one, other = sorted((one, other))
    for unit in Unit:
        assert due(one, number, unit, calendar) <= due(other, number, unit, calendar)


@given(calendars, moments, st.integers(0, 60), st.sampled_from(Unit))
def test_nothing_is_due_before_it_begins_and_more_is_never_due_earlier(calendar, start, number, unit):
    end = due(start, number, unit, calendar)
    assert start <= end + timedelta(seconds=1)
    assert end <= due(start, number + 1, unit, calendar)


def test_a_year_of_holidays_still_ends():
    year = Calendar.build([(date(2026, 1, 1) + timedelta(n), "holiday") for n in range(365)])
    assert year.add_workdays(at("2025-12-31 09:00"), 1) == at("2027-01-01 17:30")


# ---- office hours -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-05 09:00", 2, "2026-11-05 11:00"),
        ("2026-11-05 11:12", Decimal("0.5"), "2026-11-05 11:42"),
        ("2026-11-05 11:00", 2, "2026-11-05 15:30"),  # over noon
        ("2026-11-05 10:00", 2, "2026-11-05 12:00"),  # ends with the morning, not at 14:30
        ("2026-11-05 16:30", 4, "2026-11-06 11:30"),  # over night
        ("2026-11-06 16:30", 4, "2026-11-09 11:30"),  # over a weekend
        ("2026-11-05 13:00", 1, "2026-11-05 15:30"),  # from noon
        ("2026-11-05 22:00", 1, "2026-11-06 09:30"),  # from the night
        ("2026-11-07 03:00", 1, "2026-11-09 09:30"),  # from a Saturday
        ("2026-11-05 08:30", Fraction(13, 2), "2026-11-05 17:30"),  # one whole day
        ("2026-09-30 17:00", 1, "2026-10-08 09:00"),
        ("2026-11-05 22:00", 0, "2026-11-05 22:00"),
    ],
)
def test_office_hours_are_counted_only_while_the_office_is_open(start, hours, expected):
    assert CALENDAR.add_working_hours(at(start), hours) == at(expected)


def test_a_county_may_have_other_office_hours():
    early = Calendar.build(hours=((time(8), time(12)), (time(13), time(16))))
    assert early.add_working_hours(at("2026-11-05 11:00"), 2) == at("2026-11-05 14:00")
    assert early.add_workdays(at("2026-11-05 11:00"), 1) == at("2026-11-06 16:00")


@given(calendars, moments, part_hours.filter(bool))
def test_office_hours_added_are_office_hours_between(calendar, start, hours):
    end = calendar.add_working_hours(start, hours)
    gained = calendar.working_hours_between(start, end) - hours
    assert 0 <= gained < Fraction(1, 3_600_000_000)
    assert calendar.is_workday(end.date())


@given(calendars, moments, part_hours, part_hours)
def test_office_hours_can_be_added_in_two_steps(calendar, start, first, second):
    in_two = calendar.add_working_hours(calendar.add_working_hours(start, first), second)
    at_once = calendar.add_working_hours(start, first + second)
    assert abs(calendar.working_hours_between(in_two, at_once)) <= Fraction(2, 3_600_000_000)


@given(calendars, moments, moments)
def test_office_hours_between_turn_round(calendar, one, other):
    assert calendar.working_hours_between(one, other) == -calendar.working_hours_between(other, one)


# ---- hours by the clock, natural days, night ---------------------------------------------------------------------------


def test_clock_hours_run_through_nights_and_weekends():
    assert CALENDAR.add_clock_hours(at("2026-11-06 20:00"), 24) == at("2026-11-07 20:00")
    assert CALENDAR.add_clock_hours(at("2026-11-06 20:00"), 0.5) == at("2026-11-06 20:30")


def test_natural_days_end_with_the_day():
    assert CALENDAR.add_days(at("2026-11-06 20:00"), 15) == datetime.combine(date(2026, 11, 21), LAST_SECOND, SHANGHAI)


@pytest.mark.parametrize(
    ("clock", "night"),
    [("21:59:59", False), ("22:00", True), ("00:00", True), ("05:59:59", True), ("06:00", False), ("12:00", False)],
)
def test_night_is_from_ten_to_six(clock, night):
    assert CALENDAR.is_night(at(f"2026-11-06 {clock}")) is night


def test_times_of_other_zones_are_read_in_the_county_s_own():
    evening = datetime(2026, 11, 5, 16, 30, tzinfo=UTC)  # half past midnight on the 6th
    assert CALENDAR.is_night(evening)
    assert CALENDAR.add_workdays(evening, 1) == at("2026-11-09 17:30")


@pytest.mark.parametrize("unit", Unit)
def test_a_time_without_a_zone_is_refused(unit):
    with pytest.raises(ValueError, match="no time zone"):
        due(NAIVE, 1, unit, CALENDAR)
    for ask in (CALENDAR.is_night, CALENDAR.local, lambda moment: CALENDAR.workdays_between(moment, moment)):
        with pytest.raises(ValueError, match="no time zone"):
            ask(NAIVE)


@pytest.mark.parametrize("unit", Unit)
def test_a_negative_term_is_refused(unit):
    with pytest.raises(ValueError, match="negative"):
        due(at("2026-11-05 10:00"), -1, unit, CALENDAR)


@pytest.mark.parametrize("unit", [Unit.WORKDAYS, Unit.NATURAL_DAYS])
def test_half_a_day_is_refused(unit):
    with pytest.raises(ValueError, match="whole"):
        due(at("2026-11-05 10:00"), Decimal("1.5"), unit, CALENDAR)


# ---- the five clocks --------------------------------------------------------------------------------------------------

REPORTED = at("2026-11-02 09:12")  # a Monday
TERMS = {"dispatch_working_hours": 2, "onsite_hours": 24, "close_workdays": 5}


def test_before_it_is_assigned_only_the_dispatch_clock_runs():
    assert case_clocks(CALENDAR, reported_at=REPORTED) == Clocks(dispatch=at("2026-11-02 15:42"))
    assert case_clocks(CALENDAR, reported_at=REPORTED, dispatch_working_hours=Decimal("0.5")).dispatch == at("2026-11-02 09:42")


def test_assigning_starts_sign_off_presence_and_resolution():
    clocks = case_clocks(
        CALENDAR, reported_at=REPORTED, first_assigned_at=at("2026-11-02 10:00"), last_assigned_at=at("2026-11-02 10:00"), **TERMS
    )
    assert clocks == Clocks(
        dispatch=at("2026-11-02 11:12"),
        signoff=at("2026-11-02 12:00"),
        onsite=at("2026-11-03 10:00"),
        resolution=at("2026-11-09 17:30"),
    )


def test_resolution_counts_from_the_first_assign_the_others_from_the_last():
    clocks = case_clocks(
        CALENDAR, reported_at=REPORTED, first_assigned_at=at("2026-11-02 10:00"), last_assigned_at=at("2026-11-04 15:00"), **TERMS
    )
    assert (clocks.signoff, clocks.onsite) == (at("2026-11-04 17:00"), at("2026-11-05 15:00"))
    assert clocks.resolution == at("2026-11-09 17:30")


def test_a_service_matter_asks_nobody_to_come():
    clocks = case_clocks(CALENDAR, reported_at=REPORTED, first_assigned_at=REPORTED, last_assigned_at=REPORTED, close_workdays=3)
    assert clocks.onsite is None and clocks.resolution == at("2026-11-05 17:30")


def test_the_echo_is_due_two_workdays_after_it_is_resolved():
    clocks = case_clocks(CALENDAR, reported_at=REPORTED, first_assigned_at=REPORTED, resolved_at=at("2026-11-06 16:00"), **TERMS)
    assert clocks.echo == at("2026-11-10 17:30")


def test_a_refused_report_gets_its_echo_clock_without_any_assign():
    clocks = case_clocks(CALENDAR, reported_at=REPORTED, resolved_at=at("2026-11-02 11:00"))
    assert clocks == Clocks(dispatch=at("2026-11-02 15:42"), echo=at("2026-11-04 17:30"))


def resolution(**more):
    base = {
        "reported_at": REPORTED,
        "first_assigned_at": at("2026-11-02 10:00"),
        "last_assigned_at": at("2026-11-02 10:00"),
        **TERMS,
    }
    return case_clocks(CALENDAR, **{**base, **more}).resolution


def test_an_extension_adds_workdays():
    assert resolution(extended_workdays=3) == at("2026-11-12 17:30")


def test_a_pause_puts_the_resolution_off_by_its_workdays():
    assert resolution(pauses=[(at("2026-11-03 10:00"), at("2026-11-05 09:00"))]) == at("2026-11-11 17:30")
    assert resolution(pauses=[(at("2026-11-06 10:00"), at("2026-11-08 09:00"))]) == at(
        "2026-11-09 17:30"
    )  # a weekend costs nothing


def test_pauses_that_overlap_count_once():
    twice = [(at("2026-11-03 10:00"), at("2026-11-05 09:00")), (at("2026-11-04 10:00"), at("2026-11-05 08:00"))]
    assert resolution(pauses=twice) == resolution(pauses=twice[:1])


def test_while_a_pause_lasts_the_clock_stands():
    assert resolution(pauses=[(at("2026-11-03 10:00"), None)]) is None
    assert resolution(pauses=[(at("2026-11-03 10:00"), None)], shorter_due=at("2026-11-04 17:30")) is None


def test_a_pause_does_not_heal_what_was_late_before_it():
    assert resolution(pauses=[(at("2026-11-20 10:00"), None)]) == at("2026-11-09 17:30")
    assert resolution(pauses=[(at("2026-11-20 10:00"), at("2026-11-25 10:00"))]) == at("2026-11-09 17:30")


def test_a_question_to_the_reporter_stops_every_clock_until_it_is_answered():
    asked = (at("2026-11-02 09:42"), at("2026-11-03 09:00"))
    clocks = case_clocks(CALENDAR, reported_at=REPORTED, asked=asked, **TERMS)
    assert clocks.dispatch == at("2026-11-03 10:30")  # half an hour was used up, one and a half are left
    assert resolution(asked=(at("2026-11-03 10:00"), at("2026-11-05 09:00"))) == at("2026-11-11 17:30")


def test_an_unanswered_question_stops_the_clocks_for_five_workdays_at_most():
    asked = at("2026-11-03 10:00")
    assert resolution(asked=(asked, None)) == resolution(asked=(asked, at("2026-12-20 10:00"))) == at("2026-11-16 17:30")


def test_a_question_answered_before_the_clock_began_costs_nothing():
    assert resolution(asked=(at("2026-10-30 10:00"), at("2026-11-02 09:00"))) == resolution()


def test_a_question_within_a_pause_is_not_counted_again():
    pause = (at("2026-11-03 10:00"), at("2026-11-05 09:00"))
    assert resolution(pauses=[pause], asked=(at("2026-11-03 11:00"), at("2026-11-04 11:00"))) == resolution(pauses=[pause])


def test_a_dispute_starts_the_resolution_again_with_half_its_days_rounded_up():
    assert resolution(disputed_at=at("2026-11-10 11:00")) == at("2026-11-13 17:30")
    assert resolution(disputed_at=at("2026-11-10 11:00"), close_workdays=4) == at("2026-11-12 17:30")


def test_after_a_dispute_the_earlier_pause_and_echo_no_longer_count():
    assert resolution(disputed_at=at("2026-11-10 11:00"), pauses=[(at("2026-11-03 10:00"), at("2026-11-05 09:00"))]) == at(
        "2026-11-13 17:30"
    )
    disputed = case_clocks(CALENDAR, reported_at=REPORTED, resolved_at=at("2026-11-06 16:00"), disputed_at=at("2026-11-10 11:00"))
    assert disputed.echo is None


def test_a_disputed_refusal_has_its_full_time_when_it_is_assigned_at_last():
    assert resolution(disputed_at=at("2026-11-01 11:00")) == at("2026-11-09 17:30")


def test_a_shorter_time_set_by_a_person_holds_and_a_longer_one_does_not():
    assert resolution(shorter_due=at("2026-11-04 12:00")) == at("2026-11-04 12:00")
    assert resolution(shorter_due=at("2026-12-04 12:00")) == at("2026-11-09 17:30")
    assert resolution(shorter_due=at("2026-11-04 12:00"), disputed_at=at("2026-11-10 11:00")) == at("2026-11-13 17:30")


def test_what_is_kept_is_no_longer_owed():
    everything = Clocks(**dict.fromkeys(("dispatch", "signoff", "onsite", "resolution", "echo"), REPORTED))

    def left(**done):
        owed = everything.owed(
            **{"assigned": False, "accepted": False, "attended": False, "resolved": False, "echoed": False, **done}
        )
        return [name for name in ("dispatch", "signoff", "onsite", "resolution", "echo") if getattr(owed, name)]

    assert left() == ["dispatch"]
    assert left(assigned=True) == ["signoff", "onsite", "resolution"]
    assert left(assigned=True, accepted=True) == ["onsite", "resolution"]
    assert left(assigned=True, accepted=True, attended=True) == ["resolution"]
    assert left(assigned=True, resolved=True) == left(resolved=True) == ["echo"]
    assert left(assigned=True, resolved=True, echoed=True) == []


def test_the_next_clock_is_the_earliest():
    assert Clocks().next is None
    assert case_clocks(CALENDAR, reported_at=REPORTED, first_assigned_at=REPORTED, last_assigned_at=REPORTED, **TERMS).next == at(
        "2026-11-02 11:12"
    )


maybe = st.none() | moments
spans = st.tuples(moments, maybe)


@given(
    calendars,
    st.fixed_dictionaries(
        {"reported_at": moments},
        optional={
            **dict.fromkeys(("first_assigned_at", "last_assigned_at", "resolved_at", "disputed_at", "shorter_due"), maybe),
            "dispatch_working_hours": st.none() | st.decimals(0, 40, places=2),
            "onsite_hours": st.none() | st.integers(0, 200),
            "close_workdays": st.none() | st.integers(0, 120),
            "extended_workdays": st.integers(0, 60),
            "pauses": st.lists(spans, max_size=4),
            "asked": st.none() | spans,
        },
    ),
)
def test_clocks_can_be_told_for_any_order_of_times(calendar, facts):
    clocks = case_clocks(calendar, **facts)
    assert clocks.dispatch is not None and clocks.dispatch >= facts["reported_at"]
    if clocks.resolution is not None:
        assert clocks.resolution >= facts["first_assigned_at"]
        without = case_clocks(calendar, **{**facts, "pauses": [], "asked": None}).resolution
        assert clocks.resolution >= without
    assert (clocks.onsite is None) or facts["onsite_hours"] is not None


@given(calendars, moments, moments, moments, st.integers(1, 30))
def test_a_longer_pause_never_makes_a_case_due_earlier(calendar, start, one, other, workdays):
    stop, go = sorted((one, other))
    facts = {
        "reported_at": start,
        "first_assigned_at": start,
        "close_workdays": workdays,
        "onsite_hours": 48,
        "last_assigned_at": start,
    }
    short = case_clocks(calendar, **facts, pauses=[(stop, stop + (go - stop) / 2)])
    long = case_clocks(calendar, **facts, pauses=[(stop, go)])
    assert short.resolution <= long.resolution and short.onsite <= long.onsite
