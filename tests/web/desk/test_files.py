"""案卷 on the page of a case, and the forms of 三查, as officers, their head, a reviewer, a clerk and others meet them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Party
from huiyin.web.desk import pages
from tests.services.cases.test_inquiry import OWNER, crew, filed, handled, inspected, liability, of_role
from tests.world import World

Desk = Callable[[str], Client]
MAX_QUERIES = 10


def page(desk: Desk, who: str, number: str, *, english: bool = False) -> str:
    client = desk(who)
    if english:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(f"/desk/cases/{number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def files_of(text: str) -> str:
    """The section of the files alone."""
    found = re.search(r'<section class="card flush files".*?</section>', text, re.S)
    return found[0] if found else ""


def told(world: World, number: str, **more: object) -> int:
    given = {
        "basis": liability(world, number), "penalties": ["fine"], "amount": 6000, "suspected": "未批先建二十一平方米", "reasons": "造价六万元的百分之十",
        "delivered_on": world.now.date(), "due": world.now.date() + timedelta(days=7), "hearing_told": "yes", **more,
    }  # fmt: skip
    return world.do(crew(world, "ziran")[0], number, "advance_notice", **given).seq


def decided(world: World, number: str) -> int:
    """Told, heard and, the time for a hearing being over, decided."""
    told(world, number)
    world.do(
        crew(world, "ziran")[0], number, "hear", heard="stated", statement="希望少罚", adopted="unfounded", asks_hearing="no"
    )
    world.later(days=9)
    return world.do(
        of_role("ziran", "head"), number, "decide", decision="penalty", basis=liability(world, number), circumstances=["none"],
        reasons="未批先建，拒不改正", penalties=["fine"], amount=6000,
    ).seq  # fmt: skip


@pytest.fixture
def roof(clock: World) -> str:
    """A roof extension with its file open, approved and inspected."""
    number = handled(clock, "WJ-01", "ziran")
    filed(clock, number, "ziran")
    inspected(clock, number, "ziran")
    return number


def test_the_files_path_says_what_is_done_and_leads_to_what_comes_now(desk: Desk, clock: World, roof: str) -> None:
    section = files_of(page(desk, crew(clock, "ziran")[0], roof))
    assert OWNER in section
    assert 'class="done"' in section and "事先告知" in section
    assert f"/desk/cases/{roof}/advance_notice/" in section


def test_who_helps_is_not_sent_to_the_steps_of_another_bodys_file(desk: Desk, clock: World, roof: str) -> None:
    decided(clock, roof)
    own, helping = files_of(page(desk, crew(clock, "ziran")[0], roof)), files_of(page(desk, "liuzhiqiang", roof))
    assert f'href="/desk/cases/{roof}/serve/' in own
    assert 'id="files"' in helping
    assert "去做" not in helping
    assert "没有您可以选的记录" in desk("liuzhiqiang").get(f"/desk/cases/{roof}/demand/").content.decode()


def test_a_colleagues_word_is_told_as_agreeing_not_as_a_bare_yes(desk: Desk, clock: World, roof: str) -> None:
    told = page(desk, crew(clock, "ziran")[0], roof)
    assert "会签：同意" in told
    assert "审批：同意" in told
    assert "会签：是" not in told


def test_what_waits_for_the_head_is_on_top_of_the_heads_page(desk: Desk, clock: World) -> None:
    number = handled(clock, "WJ-01", "ziran")
    first, second = crew(clock, "ziran")
    given = {"filing": "yes", "basis": liability(clock, number), "offence_on": clock.now.date(), "suspected": "楼顶搭建"}
    opened = clock.do(first, number, "open_file", second=clock.person(second).pk, **given)
    text = page(desk, second, number)
    assert f"/desk/cases/{number}/countersign/" in text.split("也可以")[0]
    clock.do(second, number, "countersign", of=opened.seq, yes="yes")
    head = page(desk, of_role("ziran", "head"), number)
    assert f"/desk/cases/{number}/approve/" in head.split("也可以")[0]
    assert "等负责人" in files_of(page(desk, first, number))


def test_who_does_not_investigate_sees_how_far_it_is_and_never_the_party(desk: Desk, clock: World, roof: str) -> None:
    text = page(desk, "wangxiulan", roof)
    assert "案卷" in files_of(text) and "调查取证" in files_of(text)
    assert OWNER not in text and "360000198001010000" not in text


def test_a_decision_is_told_with_its_sum_and_what_is_still_owed(desk: Desk, clock: World, roof: str) -> None:
    seq = decided(clock, roof)
    first = crew(clock, "ziran")[0]
    clock.do(first, roof, "serve", of=seq, way="direct", receiver="party", served_on=clock.now.date())
    section = files_of(page(desk, first, roof))
    assert "6,000 元" in section and "陆仟元整" in section and "还欠" in section
    assert "缴纳罚款" in section and "还剩" in section
    clock.later(days=30)
    assert "加处罚款算到今天" in files_of(page(desk, first, roof))
    clock.do(first, roof, "perform", of=seq, performed="all", paid=6000, done_on=clock.now.date())
    section = files_of(page(desk, first, roof))
    assert "还欠" not in section and f"/desk/cases/{roof}/close_file/" in section


def test_a_case_with_a_file_takes_at_most_ten_queries(desk: Desk, clock: World, roof: str) -> None:
    decided(clock, roof)
    for who in (crew(clock, "ziran")[0], of_role("ziran", "head"), "wangxiulan", "zhoumin"):
        client = desk(who)
        client.get(f"/desk/cases/{roof}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/desk/cases/{roof}/")
        assert len(asked) <= MAX_QUERIES, [query["sql"][:90] for query in asked.captured_queries]


def test_of_much_that_can_be_done_only_the_rung_of_the_case_stands_open(desk: Desk, clock: World, roof: str) -> None:
    answer = desk(crew(clock, "ziran")[0]).get(f"/desk/cases/{roof}/")
    groups = {group.name: group for group in answer.context["groups"]}
    assert not groups["查"].shut and groups["劝"].shut and groups["其他"].shut
    assert {choice.action for choice in groups["劝"].able} >= {"dissuade"}


def test_a_party_that_was_masked_has_no_name_on_the_page(desk: Desk, clock: World, roof: str) -> None:
    seq = Party.objects.get(case__number=roof).seq
    clock.do("zhoumin", roof, "mask", mask_what="party", mask_ground="request", of=seq)
    text = page(desk, crew(clock, "ziran")[0], roof)
    assert OWNER not in text and "（已遮蔽）" in files_of(text)


def test_what_the_police_investigate_is_on_nobody_elses_page(desk: Desk, clock: World) -> None:
    number = handled(clock, "QL-03", "gongan", words="大型犬没有拴绳")
    filed(clock, number, "gongan")
    assert files_of(page(desk, crew(clock, "gongan")[0], number))
    for who in ("wangxiulan", "zhoumin"):
        assert not files_of(page(desk, who, number))


# ── today and the lists ──────────────────────────────────────────────────────────────────────


def piles(desk: Desk, who: str) -> dict[str, list[str]]:
    answer = desk(who).get("/desk/")
    assert answer.status_code == 200
    return {name: [row.number for row in rows] for name, rows in answer.context["waits"]}


def test_what_waits_for_somebodys_word_is_on_their_day(desk: Desk, clock: World) -> None:
    number = handled(clock, "WJ-01", "ziran")
    first, second = crew(clock, "ziran")
    given = {"filing": "yes", "basis": liability(clock, number), "offence_on": clock.now.date(), "suspected": "楼顶搭建"}
    opened = clock.do(first, number, "open_file", second=clock.person(second).pk, **given)
    head = of_role("ziran", "head")
    assert piles(desk, second) == {"等我会签的": [number]}
    assert piles(desk, head) == {} and piles(desk, first) == {}
    clock.do(second, number, "countersign", of=opened.seq, yes="yes")
    assert piles(desk, head) == {"等我审批的": [number]}
    assert number in desk(head).get("/desk/cases/?tab=approve").content.decode()
    clock.do(head, number, "approve", of=opened.seq, yes="yes")
    assert piles(desk, head) == {}
    assert number not in desk(head).get("/desk/cases/?tab=approve").content.decode()
    assert number in desk(first).get("/desk/cases/?tab=filed").content.decode()


def test_a_reviewer_sees_the_files_of_the_own_department_and_nothing_else(desk: Desk, clock: World, roof: str) -> None:
    other = clock.handled().number
    unfiled = handled(clock, "WJ-01", "ziran", words="露台上搭了棚子")
    reviewer = of_role("ziran", "rev")
    client = desk(reviewer)
    assert client.get(f"/desk/cases/{roof}/").status_code == 200
    assert OWNER in files_of(page(desk, reviewer, roof))
    assert client.get(f"/desk/cases/{other}/").status_code == client.get(f"/desk/cases/{unfiled}/").status_code == 404
    listed = client.get("/desk/cases/").content.decode()
    assert roof in listed and other not in listed and unfiled not in listed
    assert piles(desk, reviewer) == {}
    first = crew(clock, "ziran")[0]
    told(clock, roof)
    clock.do(first, roof, "hear", heard="stated", statement="希望少罚", adopted="unfounded", asks_hearing="no")
    assert piles(desk, reviewer) == {"可以审核的": [roof]}
    form = client.get(f"/desk/cases/{roof}/review/")
    done = client.post(
        f"/desk/cases/{roof}/review/", {"passed": "yes", "opinion": "同意", "seen": form.context["seen"], "key": "r" * 32}
    )
    assert done.status_code == 302
    assert piles(desk, reviewer) == {}


def test_terms_that_bind_the_own_office_come_up_in_their_last_week(desk: Desk, clock: World, roof: str) -> None:
    seq = decided(clock, roof)
    first = crew(clock, "ziran")[0]
    assert not [row for row in desk(first).get("/desk/").context["running"] if row.title.startswith("送达决定书")]
    clock.later(days=6)
    text = desk(first).get("/desk/").content.decode()
    assert "七天内到期的法定期限" in text and "送达决定书" in text
    assert "七天内到期的法定期限" not in desk("liuzhiqiang").get("/desk/").content.decode()
    clock.do(first, roof, "serve", of=seq, way="direct", receiver="party", served_on=clock.now.date())
    assert "送达决定书" not in desk(first).get("/desk/").content.decode()


def test_todays_piles_take_at_most_ten_queries_for_a_head_and_a_reviewer(desk: Desk, clock: World, roof: str) -> None:
    told(clock, roof)
    handled(clock, "WJ-01", "ziran", words="露台上搭了棚子")
    for who in (of_role("ziran", "head"), of_role("ziran", "rev"), *crew(clock, "ziran")):
        client = desk(who)
        client.get("/desk/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/")
        assert len(asked) <= MAX_QUERIES, (who, [query["sql"][:90] for query in asked.captured_queries])


def test_a_clerk_has_no_list_of_files(desk: Desk, clock: World, roof: str) -> None:
    client = desk("wangxiulan")
    assert "tab=filed" not in client.get("/desk/cases/").content.decode()
    assert roof in client.get("/desk/cases/?tab=filed").content.decode()  # read as all: the tab is none of theirs


# ── forms ────────────────────────────────────────────────────────────────────────────────────


def first_values(desk: Desk, who: str, number: str, action: str) -> dict[str, object]:
    answer = desk(who).get(f"/desk/cases/{number}/{action}/")
    assert answer.status_code == 200, answer.content.decode()[:2000]
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_form_of_a_decision_begins_with_what_was_announced(desk: Desk, clock: World, roof: str) -> None:
    told(clock, roof)
    clock.do(crew(clock, "ziran")[0], roof, "hear", heard="stated", statement="希望少罚", adopted="unfounded", asks_hearing="no")
    found = first_values(desk, of_role("ziran", "head"), roof, "decide")
    assert (found["decision"], found["penalties"], found["amount"]) == ("penalty", ["fine"], 6000)
    assert found["basis"] == liability(clock, roof) and found["reasons"] == "造价六万元的百分之十"


def test_a_notice_begins_with_the_files_party_clause_and_facts(desk: Desk, clock: World, roof: str) -> None:
    found = first_values(desk, crew(clock, "ziran")[0], roof, "advance_notice")
    assert found["party"] == Party.objects.get(case__number=roof).pk
    assert found["suspected"] == "楼顶搭建约二十平方米" and found["basis"] == liability(clock, roof)
    assert found["delivered_on"] == clock.now.date()


def test_the_second_officer_of_before_is_offered_again(desk: Desk, clock: World, roof: str) -> None:
    first, second = crew(clock, "ziran")
    assert first_values(desk, first, roof, "inspect")["second"] == clock.person(second).pk


def test_what_is_seldom_needed_is_folded_away_and_opens_where_it_is_wrong(desk: Desk, clock: World, roof: str) -> None:
    first = crew(clock, "ziran")[0]
    answer = desk(first).get(f"/desk/cases/{roof}/spot_penalty/")
    folded = [part for part in answer.context["fields"] if part.folded]
    assert [part.open for part in folded] == [False]
    assert {"alone", "limitation"} <= {laid.bound.name for laid in folded[0].fields}
    wrong = desk(first).post(f"/desk/cases/{roof}/spot_penalty/", {"limitation": "never", "seen": 1, "key": "w" * 32})
    assert [part.open for part in wrong.context["fields"] if part.folded] == [True]


def test_who_names_the_party_for_a_penalty_comes_back_to_it(desk: Desk, clock: World) -> None:
    number = handled(clock, "HW-01", "chengguan", words="有人把装修垃圾倒在绿化带")
    first, _second = crew(clock, "chengguan")
    client = desk(first)
    text = client.get(f"/desk/cases/{number}/spot_penalty/").content.decode()
    assert f"/desk/cases/{number}/name_party/?then=spot_penalty" in text
    form = client.get(f"/desk/cases/{number}/name_party/?then=spot_penalty")
    assert 'name="then" value="spot_penalty"' in form.content.decode()
    done = client.post(
        f"/desk/cases/{number}/name_party/",
        {"party_kind": "person", "party_name": OWNER, "then": "spot_penalty", "seen": form.context["seen"], "key": "n" * 32},
    )
    assert done["Location"] == f"/desk/cases/{number}/spot_penalty/"
    assert first_values(desk, first, number, "spot_penalty")["party"] == Party.objects.get().pk


def test_a_refusal_leads_to_the_missing_record_and_what_was_typed_is_there_afterwards(desk: Desk, clock: World) -> None:
    number = handled(clock, "WJ-01", "ziran")
    first, second = crew(clock, "ziran")
    filed(clock, number, "ziran")
    client = desk(first)
    typed = {
        "basis": liability(clock, number), "party": Party.objects.get().pk, "penalties": "fine", "amount": 5000, "suspected": "未批先建二十一平方米",
        "reasons": "造价的百分之八", "delivered_on": "2026-11-24", "due": "2026-12-01", "hearing_told": "yes", "author": pages.author(clock.person(first).pk),
        "seen": clock.case(number).seq, "key": "t" * 32,
    }  # fmt: skip
    refused = client.post(f"/desk/cases/{number}/advance_notice/", typed)
    text = refused.content.decode()
    assert refused.status_code == 409 and "还没有生效的检查" in text and "造价的百分之八" in text
    assert f"/desk/cases/{number}/inspect/?then=advance_notice" in text
    inspected(clock, number, "ziran")
    form = client.get(f"/desk/cases/{number}/advance_notice/").context["form"]
    assert form["reasons"].value() == "造价的百分之八" and str(form["amount"].value()) == "5000"


def test_a_refusal_sends_nobody_where_they_cannot_go(desk: Desk, clock: World) -> None:
    """An officer does not approve: the page says that it waits, without a link that leads nowhere."""
    number = handled(clock, "WJ-01", "ziran")
    first, second = crew(clock, "ziran")
    given = {"filing": "yes", "basis": liability(clock, number), "offence_on": clock.now.date(), "suspected": "楼顶搭建"}
    opened = clock.do(first, number, "open_file", second=clock.person(second).pk, **given)
    clock.do(second, number, "countersign", of=opened.seq, yes="yes")
    text = page(desk, first, number)
    assert f"/desk/cases/{number}/approve/" not in text and "立案还没有批准" in text


def test_a_partys_identity_is_not_kept_in_the_session(desk: Desk, clock: World) -> None:
    number = handled(clock, "HW-01", "chengguan", words="有人把装修垃圾倒在绿化带")
    client = desk(crew(clock, "chengguan")[0])
    client.session.flush()
    client.cookies["sessionid"] = "gone"
    client.post(f"/desk/cases/{number}/name_party/", {"party_name": OWNER, "party_kind": "person", "author": pages.author(3)})
    assert OWNER not in str(dict(client.session))


# ── withdrawing, masking, the lines of hearings ──────────────────────────────────────────────


def test_a_record_that_waits_is_withdrawn_by_who_wrote_it(desk: Desk, clock: World) -> None:
    number = handled(clock, "WJ-01", "ziran")
    first, second = crew(clock, "ziran")
    given = {"filing": "yes", "basis": liability(clock, number), "offence_on": clock.now.date(), "suspected": "楼顶搭建"}
    opened = clock.do(first, number, "open_file", second=clock.person(second).pk, **given)
    address = f"/desk/cases/{number}/correct/?of={opened.seq}&amp;fact=withdrawn"
    assert address in files_of(page(desk, first, number)) and address not in files_of(page(desk, second, number))
    client = desk(first)
    form = client.get(f"/desk/cases/{number}/correct/?of={opened.seq}&fact=withdrawn")
    assert str(form.context["form"]["of"].value()) == str(opened.seq) and form.context["form"]["fact"].value() == "withdrawn"
    done = client.post(
        f"/desk/cases/{number}/correct/",
        {"of": opened.seq, "fact": "withdrawn", "words": "地址写错了", "seen": form.context["seen"], "key": "u" * 32},
    )
    assert done.status_code == 302, done.content.decode()[:3000]
    assert piles(desk, second) == {} and piles(desk, of_role("ziran", "head")) == {}
    assert f"/desk/cases/{number}/open_file/" in page(desk, first, number)


def test_a_party_is_masked_by_the_entry_that_names_it(desk: Desk, clock: World, roof: str) -> None:
    client = desk("zhoumin")
    typed = {"mask_what": "party", "mask_ground": "request", "of": 1, "seen": clock.case(roof).seq, "key": "m" * 32}
    refused = client.post(f"/desk/cases/{roof}/mask/", typed)
    assert refused.status_code == 409 and "请选登记这名当事人的那一条" in refused.content.decode()
    seq = Party.objects.get(case__number=roof).seq
    done = client.post(f"/desk/cases/{roof}/mask/", {**typed, "of": seq})
    assert done.status_code == 302
    assert Party.objects.get(case__number=roof).masked_at is not None


def test_the_notice_says_from_which_fine_on_a_hearing_is_offered(desk: Desk, clock: World, roof: str) -> None:
    first = crew(clock, "ziran")[0]
    address = f"/desk/cases/{roof}/advance_notice/"
    assert "公民罚款 201 元以上、单位罚款 3,001 元以上" in (text := desk(first).get(address).content.decode())
    assert "本部门的听证线没有登记" in text
    administrator = desk("fangzheng")
    body = clock.body("ziran")
    form = administrator.get(f"/desk/settings/bodies/{body}/")
    kept = {name: form.context["form"][name].value() or "" for name in form.context["form"].fields}
    saved = administrator.post(
        f"/desk/settings/bodies/{body}/",
        {**kept, "may_enforce": "on", "active": "on", "hearing_person": "2000", "hearing_firm": "20000"},
    )
    assert saved.status_code == 302
    text = desk(first).get(address).content.decode()
    assert "公民罚款 2,000 元以上、单位罚款 20,000 元以上" in text and "没有登记，按" not in text


# ── every clock of the law is shown ──────────────────────────────────────────────────────────


def terms_on(text: str) -> str:
    return re.sub(r"<[^>]+>", " ", text)


def test_every_clock_of_a_file_is_shown_while_it_runs_and_what_grows_by_the_day(desk: Desk, clock: World, roof: str) -> None:
    first = crew(clock, "ziran")[0]
    before = terms_on(page(desk, first, roof))
    assert "作出处罚决定 行政处罚法 60" in " ".join(before.split()) and "不处理可诉" in before
    seq = decided(clock, roof)
    waits = terms_on(page(desk, first, roof))
    for name, cites in (("送达决定书", "行政处罚法 61"), ("公示", "118号")):
        assert name in waits and cites in waits
    clock.do(first, roof, "serve", of=seq, way="direct", receiver="party", served_on=clock.now.date())
    served = terms_on(page(desk, first, roof))
    for name, cites in (
        ("缴纳罚款", "行政处罚法 67"), ("申请行政复议", "行政复议法 20"), ("提起行政诉讼", "行政诉讼法 46"), ("申请人民法院强制执行", "行政强制法 53"),
    ):  # fmt: skip
        assert name in served and cites in served, name
    assert "加处罚款" not in served
    for days, added in ((15, ""), (1, "加处罚款算到今天"), (80, "6,000 元")):
        clock.later(days=days)
        section = files_of(page(desk, first, roof))
        assert added in section and ("加处罚款算到今天" in section) == bool(added)
    assert "加处罚款算到今天" in section and section.count("6,000 元") >= 2, "never more than the fine itself"


def test_what_nobody_checks_is_said_on_the_form_and_beside_the_term(desk: Desk, clock: World, roof: str) -> None:
    first = crew(clock, "ziran")[0]
    form = desk(first).get(f"/desk/cases/{roof}/advance_notice/").content.decode()
    assert "系统没有替您核对的" in form and "不核对这一条是否由本单位执法" in form
    decided(clock, roof)
    assert "未核实" in files_of(page(desk, first, roof)), "the days of publication are known from reports only"


def test_what_nobody_checks_is_said_in_english_to_who_reads_english(desk: Desk, clock: World, roof: str) -> None:
    first = crew(clock, "ziran")[0]
    reader = desk(first)
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    form = reader.get(f"/desk/cases/{roof}/advance_notice/").content.decode()
    assert "does not check whether this clause is yours to enforce" in form and "不核对这一条" not in form
    decided(clock, roof)
    files = files_of(page(desk, first, roof, english=True))
    assert "known from reports only" in files and "只见转述" not in files


def test_a_report_says_from_when_its_resident_may_sue_and_a_pause_does_not_stop_that(desk: Desk, clock: World) -> None:
    receipt = clock.handled()
    text = page(desk, "liuzhiqiang", receipt.number)
    assert "不处理可诉" in text and "1月25日" in text.replace(" ", "")
