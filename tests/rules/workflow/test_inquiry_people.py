"""Who may investigate, sign, approve, review, chair and decide: two officers with badges and powers, on their own ground, none of whom stands aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.rules.workflow.vocabulary import Role, Stage
from tests.rules.workflow.inquest import Inquest, begun, lets, stops
from tests.rules.workflow.story import (
    BASES,
    BODIES,
    CHIEF,
    CITY,
    CLERK,
    CONSTABLE,
    COORDINATOR,
    DANCE,
    DOG,
    FIRE,
    FIREMAN,
    FIREWORKS,
    GARDENER,
    GARDENERS_HEAD,
    HEAD,
    JUSTICE,
    JUSTICE_OFFICER,
    OFFICER,
    PARKS,
    POLICE,
    POSTINGS,
    REVIEWER,
    RUBBISH,
    SECOND_CONSTABLE,
    SECOND_FIREMAN,
    SECOND_GARDENER,
    SECOND_HEAD,
    SECOND_OFFICER,
    SMOKE,
    TOWNSHIP,
    County,
    Posting,
)

TODAY = date(2026, 9, 7)


def with_badge(posting: Posting, expires: date | None) -> County:
    return County(postings={**POSTINGS, posting.id: replace(posting, badge_expires=expires)})


def worn(county: County, posting: Posting) -> Posting:
    return county.postings[posting.id]


# ── badges and powers ────────────────────────────────────────────────────────────────────────


@pytest.mark.keeps("PRE-03", side="both")
@pytest.mark.parametrize(("expires", "passes"), [(TODAY, True), (TODAY - timedelta(days=1), False), (None, False)])
def test_a_badge_is_good_through_its_last_day(expires: date | None, passes: bool) -> None:
    first = with_badge(OFFICER, expires)
    story = Inquest(RUBBISH, county=first)
    story.assigned().do(SECOND_OFFICER, "accept")
    second = with_badge(SECOND_OFFICER, expires)
    other = begun(RUBBISH, county=second)
    if passes:
        lets(story, worn(first, OFFICER), "inspect", second=SECOND_OFFICER.person)
        lets(other, OFFICER, "inspect", second=SECOND_OFFICER.person)
    else:
        stops(story, worn(first, OFFICER), "inspect", "PRE-03", "执法证", second=SECOND_OFFICER.person)
        stops(other, OFFICER, "inspect", "PRE-03", "执法证", second=SECOND_OFFICER.person)


@pytest.mark.keeps("PRE-03", side="lets")
def test_what_was_inspected_while_the_badge_was_good_is_kept_when_it_is_written_down_later() -> None:
    county = with_badge(OFFICER, TODAY)
    story = Inquest(RUBBISH, county=county)
    story.assigned().do(SECOND_OFFICER, "accept")
    then = story.at + timedelta(hours=2)
    story.later(days=3)
    claimed = {"claimed": then, "began": then.isoformat(timespec="seconds"), "ended": then.isoformat(timespec="seconds")}
    lets(story, worn(county, OFFICER), "inspect", second=SECOND_OFFICER.person, **claimed)
    stops(story, worn(county, OFFICER), "inspect", "PRE-03", "执法证", second=SECOND_OFFICER.person)


@pytest.mark.keeps("PRE-03", side="stops")
@pytest.mark.parametrize("action", ["open_file", "inspect", "interview", "propose", "order"])
def test_a_body_without_powers_investigates_nothing(action: str) -> None:
    county = County(bodies={**BODIES, CITY: replace(BODIES[CITY], may_enforce=False)})
    story = begun(RUBBISH, county=county)
    stops(story, OFFICER, action, "PRE-03", "行政执法权")


@pytest.mark.keeps("PRE-03", side="stops")
def test_an_officer_of_a_department_without_powers_is_no_second_officer() -> None:
    story = Inquest(RUBBISH)
    story.assigned(cooperating=[JUSTICE]).do(OFFICER, "accept")
    stops(story, OFFICER, "inspect", "PRE-03", "第二名执法人员", second=JUSTICE_OFFICER.person)


@pytest.mark.keeps("PRE-03", side="both")
def test_officers_of_departments_that_help_act_beside_the_lead_and_strangers_do_not() -> None:
    story = Inquest(RUBBISH)
    story.assigned(cooperating=[FIRE]).do(OFFICER, "accept")
    lets(story, FIREMAN, "inspect", second=SECOND_FIREMAN.person)
    lets(story, OFFICER, "inspect", second=FIREMAN.person)
    stops(story, OFFICER, "inspect", "PRE-03", "牵头或配合部门", second=GARDENER.person)


def test_the_lead_alone_answers_for_joint_work() -> None:
    story = Inquest(RUBBISH)
    story.assigned(cooperating=[FIRE]).do(OFFICER, "accept")
    assert story.refusal(FIREMAN, "resolve", result="stopped", proof="photo") is not None
    assert "resolve" not in story.options(FIREMAN) and "resolve" in story.options(OFFICER)


@pytest.mark.keeps("PRE-03", side="both")
def test_only_the_police_punish_by_their_own_law() -> None:
    story = Inquest(DANCE)
    story.assigned(cooperating=[CITY]).do(CONSTABLE, "accept")
    story.do(CONSTABLE, "dissuade")
    party = story.named()
    given = {"party": party, "offence_on": TODAY.isoformat()}
    stops(story, OFFICER, "open_file", "PRE-03", "公安机关决定", basis=14, second=SECOND_OFFICER.person, **given)
    lets(story, CONSTABLE, "open_file", basis=14, second=SECOND_CONSTABLE.person, **given)
    lets(story, OFFICER, "open_file", basis=15, second=SECOND_OFFICER.person, **given)


@pytest.mark.keeps("PRE-03", side="both")
@pytest.mark.parametrize("action", ["open_file", "order"])
def test_a_clause_is_used_by_whom_the_county_designated_for_it(action: str) -> None:
    def told(*designated: tuple[int, date, date | None]) -> Inquest:
        story = Inquest(DANCE, county=County(bases={**BASES, 15: replace(BASES[15], designated=designated)}))
        story.assigned(cooperating=[CITY]).do(CONSTABLE, "accept")
        return story

    given: dict[str, object] = {"basis": 15, "second": SECOND_OFFICER.person}
    if action == "open_file":
        given["offence_on"] = TODAY.isoformat()
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    for passes, designated in (
        (True, ()),
        (True, ((CITY, TODAY, None),)),
        (True, ((FIRE, yesterday, yesterday), (CITY, TODAY, TODAY))),
        (True, ((FIRE, tomorrow, None),)),
        (False, ((FIRE, yesterday, TODAY),)),
        (False, ((CITY, yesterday, yesterday), (FIRE, TODAY, None))),
    ):
        story = told(*designated)
        more = {"party": story.named()} if action == "open_file" else {}
        if passes:
            lets(story, OFFICER, action, **given, **more)
        else:
            stops(story, OFFICER, action, "PRE-03", "县里指定的", **given, **more)


@pytest.mark.keeps("PRE-03", side="lets")
def test_who_opened_a_file_while_the_clause_was_theirs_ends_it() -> None:
    changes = TODAY + timedelta(days=2)
    bases = {
        **BASES,
        15: replace(
            BASES[15],
            quote="给予警告，可以处二百元以下的罚款",
            requires_first=frozenset(),
            designated=((CITY, TODAY, TODAY + timedelta(days=1)), (FIRE, changes, None)),
        ),
    }
    story = Inquest(DANCE, county=County(bases=bases))
    story.assigned(cooperating=[CITY]).do(CONSTABLE, "accept")
    party = story.named()
    opened = story.signed(
        "open_file", by=OFFICER, second=SECOND_OFFICER, filing="yes", basis=15, party=party, offence_on=TODAY.isoformat()
    )
    story.approved(opened, by=HEAD)
    story.signed("inspect", by=OFFICER, second=SECOND_OFFICER)
    story.later(days=3)
    lets(
        story,
        OFFICER,
        "advance_notice",
        basis=15,
        due=(story.today + timedelta(days=1)).isoformat(),
        hearing_told="no",
        penalties=["warning"],
    )


# ── two officers ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-01", side="stops")
@pytest.mark.parametrize("action", ["inspect", "interview", "preserve", "open_file", "spot_penalty", "seize", "enforce"])
def test_nobody_acts_alone(action: str) -> None:
    story = begun(RUBBISH)
    story.named()
    more = {"means": "clear"} if action == "enforce" else {}
    stops(story, OFFICER, action, "MA-01", "不得少于两人", second=0, **more)
    stops(story, OFFICER, action, "PRE-03", "另一个人", second=OFFICER.person, **more)


@pytest.mark.keeps("MA-01", side="both")
def test_one_police_officer_questions_in_the_station_with_full_recording() -> None:
    story = begun(DOG)
    lets(story, CONSTABLE, "interview", second=0, alone="station", recorded="yes")
    stops(story, CONSTABLE, "interview", "MA-01", "全程同步录音录像", second=0, alone="station", recorded="no")
    stops(story, CONSTABLE, "interview", "MA-01", "全程同步录音录像", second=0, alone="station")
    stops(story, CONSTABLE, "interview", "MA-01", "不是一人", second=SECOND_CONSTABLE.person, alone="station", recorded="yes")


@pytest.mark.keeps("MA-01", side="stops")
def test_one_police_officer_never_inspects_alone_and_other_departments_do_nothing_alone() -> None:
    stops(begun(DOG), CONSTABLE, "inspect", "MA-01", "不得少于两人", second=0)
    stops(begun(RUBBISH), OFFICER, "interview", "MA-01", "不能由一人", second=0, alone="station", recorded="yes")
    stops(begun(DOG), CONSTABLE, "interview", "MA-01", "不能由一人", second=0, alone="undisputed", recorded="yes")


@pytest.mark.keeps("MA-01", side="both")
@pytest.mark.parametrize(("measure", "passes"), [("impound", True), ("seal_things", False), ("seal_place", False)])
def test_one_police_officer_impounds_in_the_station_and_seals_nothing(measure: str, passes: bool) -> None:
    story = begun(DOG)
    story.proposed("seize")
    given: dict[str, Any] = {
        "second": 0,
        "alone": "station",
        "recorded": "yes",
        "measure": measure,
        "basis": 13,
        "until": "2026-10-01",
    }
    if passes:
        lets(story, CONSTABLE, "seize", **given)
    else:
        stops(story, CONSTABLE, "seize", "MA-01", "不能由一人", **given)


@pytest.mark.keeps("MA-01", side="both")
@pytest.mark.parametrize(("item", "basis"), [(DOG, 13), (FIREWORKS, 21)])
def test_one_police_officer_fines_on_the_spot_whom_nobody_disputes(item: Any, basis: int) -> None:
    story = begun(item)
    story.named()
    given = {
        "basis": basis,
        "spot_kinds": ["fine"],
        "amount": 200,
        "offence_on": TODAY.isoformat(),
        "second": 0,
        "alone": "undisputed",
    }
    lets(story, CONSTABLE, "spot_penalty", recorded="yes", **given)
    stops(story, CONSTABLE, "spot_penalty", "MA-01", "全程同步录音录像", **given)


@pytest.mark.keeps("MA-01", side="stops")
def test_an_act_counts_when_the_second_officer_has_signed_and_never_by_the_same_hand() -> None:
    story = begun(RUBBISH)
    seq = story.wrote(OFFICER, "inspect", second=SECOND_OFFICER.person)
    assert not story.state.counts(seq)
    assert story.refusal(OFFICER, "countersign", of=seq, yes="yes") is not None
    assert story.refusal(HEAD, "countersign", of=seq, yes="yes") is not None
    story.do(SECOND_OFFICER, "countersign", of=seq, yes="yes")
    assert story.state.counts(seq)


@pytest.mark.keeps("MA-01", side="both")
def test_a_signature_on_paper_counts_with_its_photo() -> None:
    story = begun(RUBBISH)
    stops(story, OFFICER, "inspect", "PRE-03", "签字页", second=SECOND_OFFICER.person, paper="yes")
    story.do(OFFICER, "inspect", second=SECOND_OFFICER.person, paper="yes", files=1)
    assert story.state.counts(story.last)


# ── showing the badge, own ground ────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-02", side="both")
@pytest.mark.parametrize("action", ["inspect", "interview"])
def test_the_badge_is_shown_before_anybody_is_asked_anything(action: str) -> None:
    story = begun(RUBBISH)
    stops(story, OFFICER, action, "MA-02", "出示执法证件", second=SECOND_OFFICER.person, id_shown="no")
    lets(story, OFFICER, action, second=SECOND_OFFICER.person, id_shown="yes")


@pytest.mark.keeps("MA-02", side="stops")
def test_the_badge_is_shown_at_a_fine_a_seizure_and_an_execution() -> None:
    story = begun(RUBBISH)
    story.named()
    stops(story, OFFICER, "spot_penalty", "MA-02", "出示执法证件", id_shown="no", second=SECOND_OFFICER.person)
    smoke = begun(SMOKE)
    smoke.proposed("seize")
    stops(smoke, OFFICER, "seize", "MA-02", "出示执法证件", basis=20, id_shown="no", second=SECOND_OFFICER.person)
    fined = begun(SMOKE)
    made = fined.punished(basis=19, amount=600, hearing=True)
    stops(
        fined, OFFICER, "enforce", "MA-02", "出示执法证件", of=made, id_shown="no", means="stand_in", second=SECOND_OFFICER.person
    )


@pytest.mark.keeps("PR-07", side="both")
@pytest.mark.parametrize("action", ["order", "open_file", "inspect", "propose"])
def test_a_township_acts_on_its_own_ground_only(action: str) -> None:
    powers = {**BODIES, TOWNSHIP: replace(BODIES[TOWNSHIP], may_enforce=True, has_head=True)}
    warden = Posting(id=131, person=31, role=Role.OFF, body=TOWNSHIP, starts=date(2026, 1, 1), badge_expires=date(2027, 12, 31))
    second = replace(warden, id=132, person=32)
    posted = {**POSTINGS, 131: warden, 132: second}
    given = {"second": 32, "basis": 18, "offence_on": TODAY.isoformat()}
    for home, passes in ((True, True), (False, False)):
        county = County(bodies=powers, postings=posted)
        county = county if home else replace(county, place=replace(county.place, township=99))
        story = Inquest(RUBBISH, county=county)
        story.do(COORDINATOR, "assign", item=RUBBISH.code, lead=TOWNSHIP)
        story.do(warden, "accept")
        if passes:
            lets(story, warden, action, **given)
        else:
            stops(story, warden, action, "PR-07", "管辖", **given)


# ── standing aside ───────────────────────────────────────────────────────────────────────────


@pytest.mark.keeps("CR-07", side="stops")
def test_who_stands_aside_signs_questions_chairs_deliberates_and_decides_no_more() -> None:
    story = begun(RUBBISH)
    story.filed(basis=18)
    story.inspected()
    story.told(basis=18, hearing=True)
    story.heard(asks_hearing="yes")
    story.do(SECOND_OFFICER, "recuse", who=SECOND_OFFICER.person, recuse_ground="relation", heir=OFFICER.person)
    story.do(SECOND_HEAD, "recuse", who=SECOND_HEAD.person, recuse_ground="interest", heir=OFFICER.person)
    stops(story, SECOND_OFFICER, "inspect", "CR-07", "回避", second=OFFICER.person)
    stops(story, OFFICER, "inspect", "CR-07", "回避", second=SECOND_OFFICER.person)
    stops(story, SECOND_HEAD, "decide", "CR-07", "回避", basis=18)
    stops(story, HEAD, "deliberate", "CR-07", "回避", members=[HEAD.person, SECOND_HEAD.person])
    story.later(days=14)
    stops(
        story,
        OFFICER,
        "hold_hearing",
        "MA-06",
        "非本案调查人员",
        chair=SECOND_HEAD.person,
        notified_on="2026-09-07",
        held_on="2026-09-21",
    )
    lets(story, OFFICER, "hold_hearing", chair=HEAD.person, notified_on="2026-09-07", held_on="2026-09-21")


@pytest.mark.keeps("CR-07", side="lets")
def test_others_go_on_when_one_stands_aside() -> None:
    story = begun(RUBBISH)
    story.do(SECOND_OFFICER, "recuse", who=SECOND_OFFICER.person, recuse_ground="relation", heir=OFFICER.person)
    story.do(COORDINATOR, "settle", item=RUBBISH.code, lead=CITY, ground="agreed")
    lets(story, OFFICER, "accept")
    lets(story, HEAD, "recuse", who=OFFICER.person, recuse_ground="interest", heir=HEAD.person)


@pytest.mark.keeps("CR-07", side="stops")
def test_who_takes_over_signs_no_inspection_at_which_they_were_not() -> None:
    story = begun(RUBBISH)
    seq = story.wrote(OFFICER, "inspect", second=SECOND_OFFICER.person)
    story.do(SECOND_OFFICER, "recuse", who=SECOND_OFFICER.person, recuse_ground="relation", heir=OFFICER.person)
    assert story.state.pending[seq] == SECOND_OFFICER.person and not story.state.counts(seq)
    story.do(OFFICER, "correct", of=seq, fact="withdrawn", words="第二名执法人员已回避，重新检查")
    assert not story.state.pending and not story.state.counts(seq)


# ── approving, reviewing, deciding ───────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-09", side="stops")
def test_nobody_approves_what_they_wrote_or_signed_nor_another_body_for_it() -> None:
    both = replace(HEAD, id=151)
    officer_too = replace(OFFICER, id=152, role=Role.HEAD)
    county = County(postings={**POSTINGS, 151: both, 152: officer_too})
    story = begun(RUBBISH, county=county)
    seq = story.wrote(OFFICER, "propose", proposed="preserve")
    stops(story, officer_too, "approve", "MA-09", "别的负责人", of=seq, yes="yes")
    assert story.refusal(GARDENERS_HEAD, "approve", of=seq, yes="yes") is not None
    lets(story, HEAD, "approve", of=seq, yes="yes")


@pytest.mark.keeps("MA-07", side="both")
def test_reviewer_and_decider_are_others_than_who_investigated_and_than_each_other() -> None:
    reviewer_too = replace(SECOND_OFFICER, id=153, role=Role.REV)
    head_too = replace(SECOND_OFFICER, id=154, role=Role.HEAD)
    reviewing_head = replace(REVIEWER, id=155, role=Role.HEAD)
    county = County(postings={**POSTINGS, 153: reviewer_too, 154: head_too, 155: reviewing_head})
    story = begun(RUBBISH, county=county)
    story.ready(basis=18)
    stops(story, reviewer_too, "review", "MA-07", "不审核自己办的案", passed="yes")
    story.do(REVIEWER, "review", passed="yes")
    decision = {"decision": "penalty", "penalties": ["fine"], "amount": 100, "basis": 18, "circumstances": ["none"]}
    stops(story, head_too, "decide", "MA-07", "调查的人不作决定", **decision)
    stops(story, reviewing_head, "decide", "MA-07", "审核的人不作决定", **decision)
    lets(story, HEAD, "decide", **decision)


@pytest.mark.keeps("MA-07", side="both")
@pytest.mark.keeps("MA-09", side="both")
def test_a_head_who_handles_the_case_approves_and_decides_nothing_in_it() -> None:
    story = Inquest(RUBBISH)
    story.assigned().do(HEAD, "accept")
    assert story.state.handler == HEAD.person
    party = story.named()
    seq = story.signed("open_file", filing="yes", basis=18, party=party, offence_on=TODAY.isoformat())
    stops(story, HEAD, "approve", "MA-09", "经办人", of=seq, yes="yes")
    story.approved(seq, by=SECOND_HEAD)
    story.inspected()
    story.told(basis=18)
    story.heard()
    given = {"decision": "penalty", "penalties": ["fine"], "amount": 100, "basis": 18, "circumstances": ["none"]}
    stops(story, HEAD, "decide", "MA-07", "经办人", **given)
    story.do(HEAD, "entrust", person=OFFICER.person)
    lets(story, HEAD, "decide", **given)


@pytest.mark.keeps("MA-07", side="stops")
def test_a_deliberation_of_one_is_none() -> None:
    story = begun(RUBBISH)
    story.ready(basis=18)
    assert story.refusal(HEAD, "deliberate", members=[HEAD.person]) is not None
    lets(story, HEAD, "deliberate", members=[HEAD.person, SECOND_HEAD.person])


# ── handing over ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["crime", "discipline", "other_county"])
def test_a_matter_for_others_is_handed_over_and_its_files_end(kind: str) -> None:
    story = begun(RUBBISH)
    seq = story.filed(basis=18)
    assert story.refusal(OFFICER, "transfer", transfer_kind=kind) is not None
    story.do(HEAD, "transfer", transfer_kind=kind, to_whom="有权处理的机关")
    assert story.stage is Stage.RESOLVED and not story.state.inquiry.files[seq].open
    assert story.state.inquiry.files[seq].ends_as == "moved"


def test_another_department_takes_a_file_over_by_settlement_only() -> None:
    story = begun(RUBBISH)
    seq = story.filed(basis=18)
    for action in ("decline", "reassign", "merge"):
        assert story.refusal(OFFICER if action == "decline" else CLERK if action == "merge" else COORDINATOR, action) is not None
    story.do(COORDINATOR, "settle", item=RUBBISH.code, lead=PARKS, ground="agreed")
    assert not story.state.inquiry.files[seq].open and story.state.lead == PARKS
    story.do(GARDENER, "accept")
    lets(story, GARDENER, "open_file", basis=18, second=SECOND_GARDENER.person, offence_on=TODAY.isoformat())


def test_each_body_has_its_own_file_and_none_acts_on_the_other_s() -> None:
    story = Inquest(DANCE)
    story.assigned(cooperating=[CITY]).do(CONSTABLE, "accept")
    party = story.named()
    story.signed(
        "open_file", by=OFFICER, second=SECOND_OFFICER, filing="yes", basis=15, party=party, offence_on=TODAY.isoformat()
    )
    story.approved(story.state.inquiry.file_of(CITY).seq, by=HEAD)  # type: ignore[union-attr]
    assert story.state.inquiry.file_of(POLICE) is None
    assert story.refusal(CONSTABLE, "advance_notice", basis=14) is not None
    assert story.refusal(CHIEF, "decide", basis=14) is not None


@pytest.mark.parametrize("first", ["head", "second"])
def test_a_file_that_was_not_signed_or_not_approved_leaves_the_way_open_for_another(first: str) -> None:
    story = begun(RUBBISH)
    party = story.named()
    seq = story.wrote(
        OFFICER, "open_file", filing="yes", basis=18, party=party, second=SECOND_OFFICER.person, offence_on=TODAY.isoformat()
    )
    if first == "head":
        story.approved(seq)
        story.do(SECOND_OFFICER, "countersign", of=seq, yes="no", why="事实不对")
    else:
        story.do(SECOND_OFFICER, "countersign", of=seq, yes="yes")
        story.approved(seq, yes="no")
    assert not story.state.counts(seq)
    story.filed(basis=18, party=party)


@pytest.mark.parametrize("action", ["serve", "demand", "perform", "court"])
def test_who_only_helps_is_not_offered_what_follows_another_bodys_decision(action: str) -> None:
    story = begun(RUBBISH)
    story.do(OFFICER, "request_help", body=FIRE)
    story.punished(basis=18)
    helping = story.options(FIREMAN)[action].refusal
    assert helping is not None and "本单位没有作出决定" in str(helping)
    own = story.options(OFFICER)[action].refusal
    assert own is None or "本单位没有作出决定" not in str(own)
