"""Terms that statutes set: which run on a case, which were kept, which are late; and the arithmetic of days, months and surcharges."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules import terms
from huiyin.rules.terms import Term
from tests.rules.workflow.inquest import Inquest, begun
from tests.rules.workflow.story import (
    BASES,
    BEIJING,
    CALENDAR,
    DOG,
    OFFICER,
    RUBBISH,
    SECOND_OFFICER,
    SMOKE,
)

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def of(story: Inquest, code: str) -> Term:
    [found] = [term for term in terms.terms_of(story.state, BASES, CALENDAR) if term.code == code]
    return found


def codes(story: Inquest) -> set[str]:
    return {term.code for term in terms.terms_of(story.state, BASES, CALENDAR)}


# ── counting ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("served", "last"),
    [
        ("2026-09-10", "2026-09-28"),  # 25 September is 中秋节, a Friday
        ("2026-09-16", "2026-10-08"),  # 1 October
        ("2026-11-02", "2026-11-17"),  # a Tuesday
        ("2026-09-25", "2026-10-10"),  # a Saturday that is worked: it does not roll
        ("2026-10-02", "2026-10-19"),  # a Saturday that is not
    ],
)
def test_a_fine_is_paid_in_fifteen_days_and_a_day_off_rolls_on(served: str, last: str) -> None:
    assert terms.pay_until(date.fromisoformat(served), CALENDAR) == date.fromisoformat(last)


def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert terms.months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert terms.months_after(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert terms.months_after(date(2026, 11, 15), 2) == date(2027, 1, 15)


@given(DAYS)
def test_sixty_days_end_before_six_months_and_three_more_follow(served: date) -> None:
    review, sue = terms.may_review_until(served, CALENDAR), terms.may_sue_until(served, CALENDAR)
    assert served + timedelta(days=60) <= review < sue < terms.court_until(served, CALENDAR)
    assert terms.months_after(served, 6) <= sue


@given(st.integers(0, 10_000_000), DAYS, st.integers(-10, 4000), st.integers(0, 400))
def test_a_surcharge_grows_by_three_in_a_hundred_a_day_and_never_beyond_the_fine(
    fine: int, due: date, days: int, standing: int
) -> None:
    until = due + timedelta(days=days)
    added = terms.surcharge(fine, due, until, standing)
    assert 0 <= added <= fine
    assert terms.surcharge(fine, due, until + timedelta(days=1), standing) >= added
    if 0 < days - standing <= 33:
        assert added == fine * 3 * (days - standing) // 100
    if days <= standing:
        assert added == 0


def test_the_surcharge_reaches_the_fine_on_the_thirty_fourth_day() -> None:
    due = date(2026, 9, 1)
    assert [terms.surcharge(1000, due, due + timedelta(days=days)) for days in (0, 1, 33, 34, 400)] == [0, 30, 990, 1000, 1000]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_days_that_stand_still_are_counted_once(spans: list[tuple[int, int]]) -> None:
    first = date(2026, 9, 1)
    told = [((first + timedelta(a)).isoformat(), (first + timedelta(a + b)).isoformat()) for a, b in spans]
    assert len(terms.standing_days(told)) <= sum(b for _, b in spans)
    assert terms.standing_days([*told, *told]) == terms.standing_days(told)


@given(st.integers(-40, 40), st.integers(0, 30), st.integers(0, 40), st.integers(0, 30))
def test_only_days_of_the_term_itself_put_its_end_off(first: int, many: int, second: int, more: int) -> None:
    begun, last = date(2026, 9, 1), date(2026, 10, 1)
    days = [begun + timedelta(first), begun + timedelta(first + many), begun + timedelta(first + many + second)]
    days.append(days[-1] + timedelta(more))
    spans = [(days[0].isoformat(), days[1].isoformat()), (days[2].isoformat(), days[3].isoformat())]
    ends = terms.put_off(last, spans, begun=begun)
    assert last <= ends <= last + timedelta(days=len(terms.standing_days(spans)))
    assert ends == last or any(start <= ends for start in (days[0], days[2]))
    if days[0] >= begun and days[2] <= last:
        assert ends == last + timedelta(days=many + more)
    if days[1] <= begun and days[2] > last:
        assert ends == last


# ── on a case ────────────────────────────────────────────────────────────────────────────────


def test_a_report_that_nobody_deals_with_lets_its_resident_sue_after_two_months() -> None:
    story = begun(RUBBISH, "2026-09-07 09:00")
    term = of(story, "inaction")
    assert (term.last, term.kept) == (date(2026, 11, 7), None)
    at = datetime(2026, 11, 8, tzinfo=BEIJING)
    assert not term.late(at - timedelta(seconds=1)) and term.late(at)


def test_a_file_is_decided_in_ninety_days() -> None:
    story = begun(RUBBISH)
    story.filed(basis=18)
    term = of(story, "decide")
    assert term.last == date(2026, 9, 7) + timedelta(days=90) and term.cites == "行政处罚法 60"
    assert term.running(story.at) and term.late(datetime(2026, 12, 7, tzinfo=BEIJING))


def test_a_file_that_was_decided_in_time_is_kept_for_ever() -> None:
    story = begun(RUBBISH)
    story.punished(basis=18)
    assert not of(story, "decide").late(datetime(2030, 1, 1, tzinfo=BEIJING))


def test_a_police_file_has_thirty_days_and_twice_thirty_more_without_the_days_of_tests() -> None:
    story = begun(DOG)
    story.filed(basis=13)
    assert of(story, "decide").last == date(2026, 10, 7)
    for n in (1, 2):
        story.proposed("longer_file", document=f"市公〔2026〕{n}号")
        assert of(story, "decide").last == date(2026, 10, 7) + timedelta(days=30 * n)
    story.later(days=10)
    began = story.at - timedelta(days=6)
    story.do(story.crew()[0], "test", began=began.isoformat(timespec="seconds"), ended=story.at.isoformat(timespec="seconds"))
    assert of(story, "decide").last == date(2026, 12, 12)


def test_a_file_that_the_head_turned_down_has_no_term() -> None:
    story = begun(RUBBISH)
    party = story.named()
    seq = story.signed("open_file", filing="yes", basis=18, party=party, offence_on="2026-09-07")
    story.approved(seq, yes="no")
    assert "decide" not in codes(story)


def test_a_hearing_may_be_asked_for_on_the_fifth_workday_and_not_on_the_sixth() -> None:
    story = begun(RUBBISH, "2026-09-28 09:00")  # the holiday of the first week of October lies between
    story.filed(basis=18)
    story.inspected()
    story.told(basis=18, amount=1000, hearing=True)
    term = of(story, "hearing")
    assert term.last == terms.workdays_after(date(2026, 9, 28), 5, CALENDAR) == date(2026, 10, 10)  # a Saturday that is worked
    assert (
        not term.binds
        and not term.late(datetime(2027, 1, 1, tzinfo=BEIJING))
        and term.over(datetime(2026, 10, 11, tzinfo=BEIJING))
    )


def test_things_taken_as_evidence_are_dealt_with_by_their_day() -> None:
    story = begun(RUBBISH)
    story.proposed("preserve")
    seq = story.signed("preserve", until="2026-09-16")
    term = of(story, "preserve")
    assert (term.of, term.last, term.kept) == (seq, date(2026, 9, 16), None)
    story.later(days=2).do(OFFICER, "lift", of=seq, disposal="returned")
    assert not of(story, "preserve").late(datetime(2027, 1, 1, tzinfo=BEIJING))


def test_a_seizure_of_thirty_days_is_prolonged_once_and_stands_still_during_tests() -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07")
    assert of(story, "seizure").last == date(2026, 10, 7)
    story.later(days=5)
    story.do(
        OFFICER,
        "test",
        began=(story.at - timedelta(days=3)).isoformat(timespec="seconds"),
        ended=story.at.isoformat(timespec="seconds"),
    )
    assert of(story, "seizure").last == date(2026, 10, 10)
    story.proposed("longer_seizure", of=seq)
    assert of(story, "seizure").last == date(2026, 11, 9)


def test_a_test_that_began_when_a_measure_had_run_out_does_not_bring_it_back() -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    story.signed("seize", measure="impound", basis=20, until="2026-10-07")
    story.later(days=60)
    told = {"began": "2026-10-20T09:00:00+08:00", "ended": "2026-11-04T09:00:00+08:00"}
    story.do(OFFICER, "test", **told)
    assert of(story, "seizure").last == date(2026, 10, 7) and of(story, "seizure").late(story.at)


def test_a_test_puts_off_the_file_of_the_police_by_the_days_since_it_was_opened_and_only_while_it_runs() -> None:
    story = begun(DOG, "2026-09-07 09:00")
    file = story.filed(basis=13)
    story.later(days=3)
    officer = story.crew()[0]
    story.do(officer, "test", file=file, began="2026-08-28T09:00:00+08:00", ended="2026-09-10T08:00:00+08:00")
    assert of(story, "decide").last == date(2026, 10, 7 + 3)
    story.later(days=60)
    story.do(officer, "test", file=file, began="2026-10-20T09:00:00+08:00", ended="2026-11-04T09:00:00+08:00")
    assert of(story, "decide").last == date(2026, 10, 7 + 3)


def test_a_test_that_is_not_over_yet_puts_nothing_off() -> None:
    story = begun(DOG, "2026-09-07 09:00")
    file = story.filed(basis=13)
    told = {"file": file, "began": "2026-09-07T08:00:00+08:00", "ended": "2026-12-07T09:00:00+08:00"}
    refusal = story.refusal(story.crew()[0], "test", **told)
    assert refusal is not None and "开始、结束时间不对" in str(refusal)
    assert of(story, "decide").last == date(2026, 10, 7)


def test_what_was_taken_back_waits_for_no_approval() -> None:
    story = begun(SMOKE)
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07", urgent="yes")
    story.later(hours=30).do(OFFICER, "correct", of=seq, fact="withdrawn", why="写错了件")
    assert "approval" not in codes(story)
    refused = begun(SMOKE)
    seq = refused.signed("seize", measure="impound", basis=20, until="2026-10-07", urgent="yes")
    refused.later(hours=3).approved(seq, yes="no")
    assert of(refused, "approval").kept is not None


def test_an_emergency_is_approved_within_twenty_four_hours() -> None:
    story = begun(SMOKE)
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07", urgent="yes")
    term = of(story, "approval")
    assert term.ends == story.at + timedelta(hours=24)
    assert not term.late(term.ends - timedelta(seconds=1)) and term.late(term.ends)
    story.later(hours=3).approved(seq)
    assert not of(story, "approval").late(datetime(2027, 1, 1, tzinfo=BEIJING))


def test_a_measure_that_was_approved_beforehand_owes_no_word_afterwards() -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    story.signed("seize", measure="impound", basis=20, until="2026-10-07")
    assert "approval" not in codes(story)


def test_a_decision_reaches_the_party_in_seven_workdays_and_that_of_the_police_in_two_days() -> None:
    story = begun(RUBBISH, "2026-09-28 09:00")
    story.ready(basis=18)
    story.decided(basis=18)
    assert of(story, "serve").last == terms.workdays_after(date(2026, 9, 28), 7, CALENDAR)
    police = begun(DOG, "2026-09-28 09:00")
    police.ready(basis=13)
    police.decided(basis=13)
    assert of(police, "serve").last == date(2026, 9, 30)


def test_what_the_police_decided_is_never_to_be_published() -> None:
    story = begun(DOG)
    story.punished(basis=13)
    assert "publish" not in codes(story)
    other = begun(RUBBISH)
    other.punished(basis=18)
    assert of(other, "publish").last == terms.workdays_after(date(2026, 9, 7), 7, CALENDAR)


def test_after_service_run_payment_reconsideration_lawsuit_and_the_court() -> None:
    story = begun(RUBBISH)
    story.punished(basis=18)
    served = date(2026, 9, 7)
    assert of(story, "pay").last == date(2026, 9, 22) and of(story, "pay").yuan == 100
    assert of(story, "reconsider").last == terms.may_review_until(served, CALENDAR)
    assert of(story, "sue").last == terms.may_sue_until(served, CALENDAR)
    court = of(story, "court")
    assert court.starts == of(story, "sue").last + timedelta(days=1)
    assert court.last == terms.months_after(of(story, "sue").last, 3) or not CALENDAR.is_workday(
        terms.months_after(of(story, "sue").last, 3)
    )


def test_the_court_waits_for_the_tenth_workday_after_a_late_demand() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=18)
    story.on("2027-03-15 09:00")
    story.do(OFFICER, "demand", of=made, due="2027-03-20", delivered_on="2027-03-15")
    assert of(story, "court").starts == terms.workdays_after(date(2027, 3, 15), 10, CALENDAR) + timedelta(days=1)
    assert of(story, "demand").last == date(2027, 3, 20)


def test_what_was_paid_runs_no_more_and_goes_to_no_court() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=18)
    story.later(days=3).do(OFFICER, "perform", of=made, performed="all", paid=100, done_on="2026-09-10")
    assert of(story, "pay").kept is not None and "court" not in codes(story)
    assert terms.owed(story.state, story.state.inquiry.decisions[made], CALENDAR, date(2027, 1, 1)) == (0, 0)


def test_what_is_owed_grows_day_by_day_and_by_less_after_a_part_was_paid() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=18, amount=200, penalties=["fine"])
    decision = story.state.inquiry.decisions[made]
    due = of(story, "pay").last
    assert terms.owed(story.state, decision, CALENDAR, due) == (200, 0)
    assert terms.owed(story.state, decision, CALENDAR, due + timedelta(days=5)) == (200, 30)
    story.at = datetime(2026, 9, 27, 10, tzinfo=BEIJING)
    story.do(OFFICER, "perform", of=made, performed="part", paid=100, done_on=(due + timedelta(days=5)).isoformat())
    decision = story.state.inquiry.decisions[made]
    assert terms.owed(story.state, decision, CALENDAR, due + timedelta(days=10)) == (100, 45)
    assert terms.owed(story.state, decision, CALENDAR, due + timedelta(days=1000))[1] == 200


def test_a_fine_on_the_spot_is_served_at_once_and_owes_no_service() -> None:
    story = begun(RUBBISH)
    party = story.named()
    story.signed(
        "spot_penalty", basis=18, party=party, spot_kinds=["fine"], amount=100, offence_on="2026-09-07", collection="bank"
    )
    assert "serve" not in codes(story) and of(story, "pay").last == date(2026, 9, 22)


def test_a_spot_fine_that_waits_for_the_second_officer_sets_no_term() -> None:
    story = begun(RUBBISH)
    party = story.named()
    story.do(
        OFFICER, "spot_penalty", second=SECOND_OFFICER.person, basis=18, party=party, spot_kinds=["fine"], amount=100, offence_on="2026-09-07",
        collection="bank",
    )  # fmt: skip
    assert codes(story) == {"inaction"}


def test_terms_come_in_the_order_in_which_they_run_out() -> None:
    story = begun(RUBBISH)
    story.punished(basis=18)
    ends = [term.ends for term in terms.terms_of(story.state, BASES, CALENDAR)]
    assert ends == sorted(ends) and len(ends) >= 7
