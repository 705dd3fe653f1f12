"""What a list must have before it is published, what a law's end leaves bare, and what changed between versions, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules import lists
from huiyin.rules.lists import Clause, Known, Matter
from huiyin.rules.workflow.vocabulary import Listing

DAY = date(2026, 12, 1)
DUTY = Clause(law="动物防疫法", law_code="dongwufangyi", article="第三十条", kind="duty", verified="statute_text", quote="系犬绳")
LIABILITY = replace(DUTY, article="第九十二条", kind="liability", requires_first=("order",))
PHRASES = tuple(f"狗没拴绳 {turn}" for turn in range(20))
TESTS = {"resonance": "去年 41 件", "beyond_property": "物业劝过 30 次", "efficacy": "伤人少了"}
DOGS = Matter(
    code="QL-01",
    category="犬类",
    name="遛犬不牵绳",
    plain="遛狗不拴绳。",
    phrases=PHRASES,
    lead="gongan",
    cooperating=("chengguan",),
    close_workdays=5,
    measures={"fine_person_yuan": [200, 1000]},
    tests=TESTS,
    clauses=(DUTY, LIABILITY),
)
STALLS = Matter(
    code="FS-01",
    name="乱摆摊",
    plain="摊子堵门。",
    phrases=PHRASES,
    lead="chengguan",
    cooperating=("wuye",),
    close_workdays=3,
    handling="劝到疏导点",
)
KNOWN = Known(
    leads=frozenset({"gongan", "chengguan", "xiaofang", "wuye", "zhenjie"}),
    partners=frozenset({"gongdian"}),
    retired={"QL-09": "遛猪"},
    others={"XF-01": (), "QL-01": ()},
)


def stops(*matters: Matter, listing: Listing = Listing.ENFORCEMENT, day: date = DAY, known: Known = KNOWN) -> list[str]:
    return [str(problem) for problem in lists.problems(listing, matters, day, known) if problem.stops]


def tells(*matters: Matter, known: Known = KNOWN) -> list[str]:
    return [str(problem) for problem in lists.problems(Listing.ENFORCEMENT, matters, DAY, known) if not problem.stops]


@pytest.mark.keeps("PRE-01", side="lets")
def test_a_whole_item_may_be_published_with_nothing_to_say() -> None:
    found = lists.problems(Listing.ENFORCEMENT, [DOGS], DAY, KNOWN)
    assert found == [] and lists.may_be_published(found)
    assert stops(STALLS, listing=Listing.SERVICE) == []


@pytest.mark.keeps("PRE-01", side="stops")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lead": ""}, "没有牵头单位"),
        ({"lead": "shuiwu"}, "还没有设置"),
        ({"lead": "fayuan"}, "协作方不承办"),
        ({"lead": "gongdian"}, "协作方不承办"),
        ({"cooperating": ("shuiwu",)}, "配合单位 shuiwu"),
        ({"name": ""}, "没有写名称"),
        ({"close_workdays": 0}, "时限"),
        ({"phrases": PHRASES[:3]}, "只有 3 句"),
        ({"phrases": PHRASES[:1] * 9}, "只有 1 句"),
        ({"clauses": ()}, "没有一条有效的"),
        ({"clauses": (replace(DUTY, kind="civil"), replace(LIABILITY, kind="procedure"))}, "没有一条有效的"),
        ({"clauses": (replace(DUTY, valid_to=DAY), replace(LIABILITY, valid_from=DAY + timedelta(days=1)))}, "没有一条有效的"),
        ({"measures": {"order": "责令改正"}}, "幅度"),
        ({"code": "QL-09"}, "停用的代码"),
        ({"turns_into": ("QL-99",)}, "两张清单里都没有"),
    ],
)
def test_what_an_enforcement_item_lacks_keeps_the_list_back(change: dict[str, Any], why: str) -> None:
    found = stops(replace(DOGS, **change))
    assert len(found) == 1 and why in found[0]


def test_a_range_may_stand_in_the_clause_or_in_a_note() -> None:
    bare = replace(DOGS, measures={"order": "责令改正"})
    assert stops(replace(bare, clauses=(DUTY, replace(LIABILITY, fine={"person": [200, 1000]})))) == []
    assert stops(replace(bare, measures={"fine_person_note": "依省条例"})) == []


def test_without_liability_a_matter_may_be_dealt_with_and_says_that_it_is_not_punished() -> None:
    only_duty = replace(DOGS, clauses=(DUTY,), measures={})
    assert stops(only_duty) == [] and any("不能处罚" in said for said in tells(only_duty))
    assert not lists.may_be_punished(only_duty.clauses, DAY) and lists.may_be_punished(DOGS.clauses, DAY)


def test_a_law_counts_through_the_day_before_its_end() -> None:
    ending = replace(DOGS, clauses=(DUTY, replace(LIABILITY, valid_to=DAY)))
    assert lists.may_be_punished(ending.clauses, DAY - timedelta(days=1)) and not lists.may_be_punished(ending.clauses, DAY)
    assert any("自 2026-12-01 起不再有效" in said for said in tells(ending))


def test_what_is_not_yet_checked_or_designated_is_told_but_does_not_stop() -> None:
    loose = replace(DOGS, clauses=(DUTY, replace(LIABILITY, verified="secondary", designated=True)), tests={})
    said = tells(loose)
    assert [any(word in one for one in said) for word in ("核对", "指定", "三条标准")] == [True] * 3
    named = replace(KNOWN, designated=frozenset({("dongwufangyi", "第九十二条")}))
    assert not any("指定" in one for one in tells(loose, known=named))


def test_a_list_is_not_empty_and_has_no_code_twice() -> None:
    assert "还没有事项" in stops()[0]
    assert any("用了两次" in said for said in stops(DOGS, DOGS))


def test_a_phrase_that_two_items_share_is_told() -> None:
    other = replace(DOGS, code="QL-02", phrases=(*PHRASES[:1], *(f"没打针 {turn}" for turn in range(20))))
    assert any("QL-01 的一样" in said for said in tells(DOGS, other))


def test_a_service_needs_how_it_is_coordinated() -> None:
    assert "怎么协调" in stops(replace(STALLS, handling=""), listing=Listing.SERVICE)[0]


def test_what_turns_into_what_never_goes_round_in_a_circle() -> None:
    one, other = replace(STALLS, turns_into=("FS-02",)), replace(STALLS, code="FS-02", phrases=(), turns_into=("FS-01",))
    said = stops(one, replace(other, phrases=tuple(f"堆着 {turn}" for turn in range(20))), listing=Listing.SERVICE)
    assert len(said) == 2 and "FS-01 → FS-02 → FS-01" in said[0]
    assert stops(replace(STALLS, turns_into=("XF-01",)), listing=Listing.SERVICE) == []
    across = replace(KNOWN, others={"XF-01": ("FS-01",)})
    assert any(
        "绕成了一圈" in one for one in stops(replace(STALLS, turns_into=("XF-01",)), listing=Listing.SERVICE, known=across)
    )


CODES = st.sampled_from([f"A-{turn}" for turn in range(6)])


@given(st.dictionaries(CODES, st.lists(CODES, max_size=3).map(tuple)))
def test_a_circle_is_found_exactly_where_one_can_walk_back(turns: dict[str, tuple[str, ...]]) -> None:
    def reachable(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(turns.get(start, ()))
        while waiting:
            code = waiting.pop()
            if code not in seen:
                seen.add(code)
                waiting += turns.get(code, ())
        return seen

    for code in turns:
        way = lists._circle(code, turns)
        assert bool(way) == (code in reachable(code))
        assert all(there in turns[here] for here, there in zip(way, way[1:], strict=False))


# ── a law ends ───────────────────────────────────────────────────────────────────────────────


def test_an_item_whose_law_ends_with_nothing_in_its_place_comes_first() -> None:
    ends = DAY + timedelta(days=30)
    bare = replace(DOGS, code="QL-02", clauses=(replace(LIABILITY, valid_to=ends),))
    kept = replace(DOGS, clauses=(DUTY, replace(LIABILITY, valid_to=DAY - timedelta(days=1))))
    found = lists.endings([kept, bare], DAY)
    assert [(one.item, one.bare) for one in found] == [("QL-02", True), ("QL-01", False)]


def test_a_clause_that_another_follows_needs_nobody_and_a_far_end_is_not_spoken_of_yet() -> None:
    follows = replace(DOGS, clauses=(replace(LIABILITY, valid_to=DAY), replace(LIABILITY, article="第一百条", valid_from=DAY)))
    far = replace(DOGS, clauses=(replace(LIABILITY, valid_to=DAY + lists.AHEAD + timedelta(days=1)),))
    assert lists.endings([follows, far], DAY) == []


# ── what changed ─────────────────────────────────────────────────────────────────────────────


def test_the_same_list_has_no_differences() -> None:
    assert lists.differences([DOGS, STALLS], [DOGS, STALLS]) == []


def test_differences_say_what_came_and_what_went() -> None:
    changed = replace(DOGS, lead="chengguan", phrases=(*PHRASES[1:], "新的一句"), clauses=(DUTY,))
    first, second, third = lists.differences([DOGS, STALLS], [changed, replace(STALLS, code="FS-02")])
    assert (first.code, first.kind) == ("QL-01", "changed")
    told = {change.field: change for change in first.changes}
    assert (told["lead"].gone, told["lead"].come) == (("gongan",), ("chengguan",))
    assert (told["phrases"].gone, told["phrases"].come) == (PHRASES[:1], ("新的一句",))
    assert "第九十二条" in told["clauses"].gone[0] and "先责令改正" in told["clauses"].gone[0] and not told["clauses"].come[1:]
    assert [(one.code, one.kind) for one in (second, third)] == [("FS-02", "added"), ("FS-01", "removed")]


def told(new: Matter, names: dict[str, str] | None = None) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    [found] = lists.differences([DOGS], [new], names)
    return {change.field: (change.gone, change.come) for change in found.changes}


def test_a_part_that_only_went_is_told_without_all_that_stays() -> None:
    assert told(replace(DOGS, phrases=PHRASES[1:])) == {"phrases": (PHRASES[:1], ())}


def test_another_order_of_the_same_is_told_as_a_whole() -> None:
    assert told(replace(DOGS, phrases=PHRASES[::-1])) == {"phrases": (PHRASES, PHRASES[::-1])}


def test_codes_are_told_as_what_they_stand_for() -> None:
    changed = replace(
        DOGS, lead="chengguan", duties={"chengguan": "清场"}, measures={"fine_person_yuan": [200, 500]}, persuadable="no"
    )
    assert told(changed, {"gongan": "公安局", "chengguan": "城管局"}) == {
        "lead": (("公安局",), ("城管局",)),
        "duties": ((), ("城管局：清场",)),
        "measures": (("对个人罚款（元）：200–1000",), ("对个人罚款（元）：200–500",)),
        "persuadable": ((), ("不能",)),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "force"}, {"verified": "secondary"}, {"designated": True}, {"valid_from": DAY}, {"valid_to": DAY}, {"applies": "县城"},
        {"quote": "拴狗"}, {"fine": {"person": [50, 200]}}, {"unless": "情况紧急"}, {"requires_first": ("warning",)},
    ],
)  # fmt: skip
def test_no_change_of_a_clause_goes_untold(change: dict[str, Any]) -> None:
    gone, come = told(replace(DOGS, clauses=(replace(DUTY, **change), LIABILITY)))["clauses"]
    assert len(gone) == len(come) == 1


def test_a_new_item_is_told_with_all_that_it_says() -> None:
    [found] = lists.differences([], [DOGS])
    assert {"name", "plain", "lead", "clauses"} <= {change.field for change in found.changes}
    assert not any(change.gone for change in found.changes), "there was nothing before it"


def test_every_problem_of_an_item_names_a_field_of_it() -> None:
    wrong = replace(
        DOGS, name="", lead="", phrases=(), clauses=(), tests={}, close_workdays=0, cooperating=("nowhere",), turns_into=("ZZ",)
    )
    found = lists.problems(Listing.ENFORCEMENT, [wrong, replace(DOGS, lead="x", measures={})], DAY, KNOWN)
    assert len(found) > 8 and {problem.where for problem in found if problem.item} <= set(Matter.__dataclass_fields__)


def test_every_field_of_an_item_has_a_name_for_people() -> None:
    assert set(lists.LABELS) == {name for name in Matter.__dataclass_fields__ if name != "code"}
