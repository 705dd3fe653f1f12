"""A list is drafted, read, published and kept true: nothing in force is ever changed, and nobody overwrites a colleague."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.records.models import Compound, Designation, Law, ListItem, ListVersion, Notice, Settlement, Suggestion
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import governance
from huiyin.selectors import lists as known
from huiyin.services import lists
from huiyin.services.people import Forbidden
from tests.world import World


def today(world: World) -> date:
    return world.now.astimezone(SHANGHAI).date()


def coordinator(world: World) -> Any:
    return world.actor("zhoumin")


def in_force(world: World, listing: str = "enforcement") -> ListVersion:
    return known.in_force(today(world)).versions[listing]


def draft(world: World, listing: str = "enforcement") -> int:
    version = in_force(world, listing).pk
    return lists.new_draft(actor=coordinator(world), at=world.now, listing=listing, based_on=version)


def change(world: World, version: int, code: str, **data: Any) -> int:
    item = ListItem.objects.get(version=version, code=code)
    return lists.save_item(
        actor=coordinator(world), at=world.now, version=version, item=item.pk, seen=governance.mark(item), data=data
    )


def publish(world: World, version: int, day: date) -> None:
    lists.send_to_review(actor=coordinator(world), at=world.now, version=version)
    lists.publish(actor=coordinator(world), at=world.now, version=version, day=day)


def test_a_draft_has_everything_of_the_version_it_comes_from_and_changes_nothing_of_it(world: World) -> None:
    old = in_force(world)
    made = draft(world)
    assert governance.differences(made, old.pk) == [] and len(governance.matters(made)) == 32
    change(world, made, "QL-05", lead="nongye")
    assert known.in_force(today(world)).items["QL-05"].lead == "chengguan"
    assert [found.code for found in governance.differences(made, old.pk)] == ["QL-05"]


def test_the_reference_lists_may_be_published_as_they_are(world: World) -> None:
    for listing in ("enforcement", "service"):
        stops = [f"{one.item} {one}" for one in governance.problems_of(draft(world, listing), today(world)) if one.stops]
        assert stops == []


def test_a_version_is_in_force_from_its_day_and_the_one_before_ends_the_day_before(world: World) -> None:
    old, made, day = in_force(world), draft(world), today(world) + timedelta(days=7)
    change(world, made, "QL-05", lead="nongye")
    publish(world, made, day)
    old.refresh_from_db()
    assert old.in_force_to == day - timedelta(days=1)
    assert known.in_force(day - timedelta(days=1)).items["QL-05"].lead == "chengguan"
    assert known.in_force(day).items["QL-05"].lead == "nongye"


def test_a_case_keeps_the_version_it_was_assigned_under(world: World) -> None:
    number = world.assigned().number
    made = draft(world)
    change(world, made, "QL-05", name="散养家禽（新）", close_workdays=9)
    publish(world, made, today(world) + timedelta(days=1))
    world.later(days=1)
    case = world.case(number)
    item, _ = known.item_of(case, today(world))
    assert item is not None and item.name == "散养鸡鸭鹅等家禽家畜"
    assert world.case(world.assigned().number).item_name == "散养家禽（新）"


def test_departments_and_communities_are_told_and_boards_are_out_of_date(world: World) -> None:
    made = draft(world)
    change(world, made, "QL-05", lead="nongye")
    Compound.objects.update(board_at=today(world))
    assert governance.stale_boards(world.now) == []
    publish(world, made, today(world) + timedelta(days=1))
    told = set(Notice.objects.filter(version=made, kind="list").values_list("body__code", flat=True))
    assert {"chengguan", "nongye"} <= told and "xiaofang" not in told
    assert Notice.objects.filter(version=made, kind="board").exclude(community=None).exists()
    world.later(days=1)
    stale = governance.stale_boards(world.now)
    assert len(stale) == Compound.objects.filter(active=True).count()
    clerk = world.actor("wangxiulan")
    mine = [row for row in stale if row.community_id == clerk.postings[0].community]
    lists.boards_renewed(actor=clerk, at=world.now, compounds=[row.pk for row in mine])
    assert len(governance.stale_boards(world.now)) == len(stale) - len(mine)
    with pytest.raises(Forbidden):
        lists.boards_renewed(actor=clerk, at=world.now, compounds=[row.pk for row in stale])


def test_what_is_not_ready_is_not_published_and_says_why(world: World) -> None:
    made = draft(world)
    change(world, made, "QL-05", lead="")
    with pytest.raises(lists.NotReady, match="QL-05 没有牵头单位"):
        publish(world, made, today(world) + timedelta(days=1))


def test_two_versions_never_share_a_day_and_none_begins_in_the_past(world: World) -> None:
    one, other, day = draft(world), draft(world), today(world) + timedelta(days=3)
    publish(world, one, day)
    with pytest.raises(ValueError, match="要在那之后"):
        publish(world, other, day)
    with pytest.raises(ValueError, match="已经过了"):
        lists.publish(actor=coordinator(world), at=world.now, version=other, day=today(world) - timedelta(days=1))


def test_only_what_was_sent_to_review_is_published_and_meanwhile_nobody_edits_it(world: World) -> None:
    made = draft(world)
    with pytest.raises(ValueError, match="先送审"):
        lists.publish(actor=coordinator(world), at=world.now, version=made, day=today(world))
    lists.send_to_review(actor=coordinator(world), at=world.now, version=made)
    with pytest.raises(lists.Busy, match="送审"):
        change(world, made, "QL-05", lead="nongye")
    lists.take_back(actor=coordinator(world), at=world.now, version=made)
    change(world, made, "QL-05", lead="nongye")
    lists.drop_draft(actor=coordinator(world), at=world.now, version=made)
    with pytest.raises(lists.Busy):
        change(world, made, "QL-05", lead="chengguan")


def test_a_published_version_is_never_edited(world: World) -> None:
    version = in_force(world)
    with pytest.raises(lists.Busy):
        change(world, version.pk, "QL-05", lead="nongye")


def test_two_who_edit_one_item_notice_each_other_and_two_items_do_not_get_in_the_way(world: World) -> None:
    made = draft(world)
    item = ListItem.objects.get(version=made, code="QL-05")
    seen = governance.mark(item)
    change(world, made, "QL-01", plain="遛狗不拴绳")
    lists.save_item(actor=coordinator(world), at=world.now, version=made, item=item.pk, seen=seen, data={"plain": "先到的"})
    with pytest.raises(lists.Changed):
        lists.save_item(actor=coordinator(world), at=world.now, version=made, item=item.pk, seen=seen, data={"plain": "后到的"})
    assert ListItem.objects.get(pk=item.pk).plain == "先到的"


def test_items_and_clauses_are_added_and_taken_away(world: World) -> None:
    made, actor = draft(world), coordinator(world)
    common = {"actor": actor, "at": world.now, "version": made}
    with pytest.raises(ValueError, match="已经有了"):
        lists.save_item(**common, item=None, seen="", data={"code": "QL-05", "close_workdays": 5})
    new = lists.save_item(
        **common, item=None, seen="", data={"code": "QL-08", "name": "养蜂", "close_workdays": 5, "category_code": "QL"}
    )
    clause = {"law": "养蜂管理办法", "law_code": "yangfeng", "article": "第一条", "kind": "duty", "verified": "secondary"}
    basis = lists.save_basis(**common, item=new, basis=None, seen="", data=clause)
    assert Law.objects.get(code="yangfeng").name == "养蜂管理办法"
    row = governance.basis(new, basis)
    assert row is not None
    lists.remove_basis(**common, item=new, basis=basis, seen=governance.mark(row))
    lists.remove_item(**common, item=new, seen=governance.mark(ListItem.objects.get(pk=new)))
    assert not ListItem.objects.filter(version=made, code="QL-08").exists()


def test_only_the_coordinator_governs(world: World) -> None:
    for username in ("wangxiulan", "liuzhiqiang"):
        with pytest.raises(Forbidden):
            lists.new_draft(actor=world.actor(username), at=world.now, listing="service")


def test_a_code_that_was_dropped_never_comes_back(world: World) -> None:
    made = draft(world)
    item = ListItem.objects.get(version=made, code="ZJ-02")
    lists.remove_item(actor=coordinator(world), at=world.now, version=made, item=item.pk, seen=governance.mark(item))
    publish(world, made, today(world) + timedelta(days=1))
    world.later(days=2)
    again = draft(world)
    lists.save_item(
        actor=coordinator(world),
        at=world.now,
        version=again,
        item=None,
        seen="",
        data={"code": "ZJ-02", "name": "放鞭炮", "close_workdays": 5},
    )
    assert any("停用的代码" in str(problem) for problem in governance.problems_of(again, today(world)))


# ── laws ─────────────────────────────────────────────────────────────────────────────────────


def test_a_law_that_ends_is_a_to_do_for_every_item_that_cites_it_and_ends_there_everywhere(world: World) -> None:
    law, day = Law.objects.get(code="zhian"), today(world) + timedelta(days=10)
    cited = {one.code for one in governance.matters(in_force(world).pk) for clause in one.clauses if clause.law_code == "zhian"}
    lists.save_law(actor=coordinator(world), at=world.now, law=law.pk, valid_to=day, successor="新治安法")
    to_do = next(one for one in governance.to_do(today(world)) if one.version.listing == "enforcement")
    assert {ending.item for ending in to_do.endings if ending.clause.law_code == "zhian"} == cited and cited
    tree = known.in_force(today(world))
    ends = {basis.valid_to for rows in tree.bases.values() for basis in rows if basis.law_code == "zhian"}
    assert ends == {day}


def test_a_law_does_not_end_before_it_began_and_its_end_can_be_taken_back(world: World) -> None:
    law = Law.objects.get(code="zhian")
    Law.objects.filter(pk=law.pk).update(valid_from=today(world))
    with pytest.raises(ValueError, match="施行之前"):
        lists.save_law(actor=coordinator(world), at=world.now, law=law.pk, valid_to=today(world), successor="")
    lists.save_law(actor=coordinator(world), at=world.now, law=law.pk, valid_to=today(world) + timedelta(days=9), successor="")
    lists.save_law(actor=coordinator(world), at=world.now, law=law.pk, valid_to=None, successor="")
    assert known.law_ends() == {}


def test_a_designation_has_its_document_and_the_next_one_ends_it(world: World) -> None:
    given = {"actor": coordinator(world), "at": world.now, "law_code": "fadian", "article": "第一千一百三十一条"}
    lists.designate(**given, body=world.body("chengguan"), document="安府发〔2026〕1号", starts=today(world))
    with pytest.raises(ValueError, match="换一个日子"):
        lists.designate(**given, body=world.body("huanjing"), document="安府发〔2026〕2号", starts=today(world))
    later = today(world) + timedelta(days=30)
    lists.designate(**given, body=world.body("huanjing"), document="安府发〔2026〕9号", starts=later)
    assert Designation.objects.get(document="安府发〔2026〕1号").ends == later - timedelta(days=1)
    assert [row.body.code for row in governance.designations(later)] == ["huanjing"]
    with pytest.raises(ValueError, match="开始之前"):
        lists.end_designation(
            actor=coordinator(world), at=world.now, designation=governance.designations(later)[0].pk, last_day=today(world)
        )


# ── settled ──────────────────────────────────────────────────────────────────────────────────


def test_what_was_settled_is_kept_shown_for_the_next_case_and_offered_to_the_list(world: World) -> None:
    number = world.assigned().number
    world.do("liuzhiqiang", number, "decline", reason="not_ours", why="养鸡归农业")
    with pytest.raises(Refused, match="管辖协调"):
        world.do("wangxiulan", number, "assign", item="QL-05", lead=world.body("nongye"))
    world.do("zhoumin", number, "settle", item="QL-05", lead=world.body("nongye"), ground="agreed", why="两家商量好了")
    kept = Settlement.objects.get()
    assert (kept.item, kept.lead.code, kept.by_list.code, kept.ground) == ("QL-05", "nongye", "chengguan", "agreed")
    again = world.case(world.report().number)
    found = governance.settled_like("QL-05", again.pk)
    assert found is not None and found.case.number == number


def test_what_a_clerk_decides_is_kept_beside_what_was_suggested(world: World) -> None:
    shown = {"index": "x", "first": "QL-05", "second": "QL-04", "third": "HW-01", "score": 700, "in_scope": True}
    taken, refused = world.report(suggested=shown), world.report(suggested=shown)
    world.do("wangxiulan", taken.number, "assign", item="QL-05", lead=world.body("chengguan"))
    world.do("wangxiulan", refused.number, "refuse", refusal="off_list", turn_to="县教育局")
    one, other = Suggestion.objects.get(report=taken.report), Suggestion.objects.get(report=refused.report)
    assert (one.chosen, one.refused) == ("QL-05", "") and one.chosen_at is not None
    assert (other.chosen, other.refused) == ("", "off_list") and other.chosen_at is not None
