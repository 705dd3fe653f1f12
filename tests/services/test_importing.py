"""A county comes in from four tables whole or not at all, and bringing the same in again changes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Body, Community, Compound, Contract, Person, Posting, PostingRequest, SoleAct, TableImport
from huiyin.rules.tables import Cells
from huiyin.selectors.people import SYSTEM, Actor, actor_of
from huiyin.services import house, importing, table_imports
from huiyin.services import people as people_services
from huiyin.services.people import Forbidden
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]

pytestmark = pytest.mark.django_db

COUNTY: dict[str, list[list[str]]] = {
    "单位": [
        ["代码", "类别", "全称", "有行政执法权"],
        ["chengguan", "县部门", "安和县城市管理局", "是"],
        ["zhen", "乡镇街道", "城关镇人民政府", ""],
        ["xingfu-juwei", "社区", "幸福社区居民委员会", ""],
        ["anju", "物业", "安居物业", ""],
        ["jinxiu", "物业", "锦绣物业", ""],
    ],
    "社区": [
        ["代码", "名称", "乡镇街道代码", "居委会代码", "联络站电话"],
        ["xingfu", "幸福社区", "zhen", "xingfu-juwei", "0700-555 0112"],
    ],
    "小区": [
        ["社区代码", "名称", "别名", "户数", "坐标系", "经度", "纬度", "物业代码", "合同从"],
        ["xingfu", "幸福里小区", "幸福里、老宿舍", "320", "GCJ-02", "115.79", "25.60", "anju", "2025-01-01"],
        ["xingfu", "桂花苑", "", "", "", "", "", "", ""],
    ],
    "人员": [
        ["登录名", "姓名", "岗位", "单位代码", "社区代码", "执法证号", "执法证有效到"],
        ["liu", "刘某某", "执法人员", "chengguan", "", "安执 1", "2028-01-01"],
        ["liu", "刘某某", "部门负责人", "chengguan", "", "", ""],
        ["wang", "王某某", "社区工作人员", "", "xingfu", "", ""],
        ["zhou", "周某某", "协调监督", "", "", "", ""],
    ],
}


def sheets(**changes: list[list[str]]) -> dict[str, list[Cells]]:
    return {
        name: [Cells(number=number, cells=tuple(row)) for number, row in enumerate(rows, 1)]
        for name, rows in {**COUNTY, **changes}.items()
    }


@pytest.fixture
def asker(at: datetime) -> Actor:
    person = Person.objects.create(username="root", name="管理员")
    Posting.objects.create(person=person, role="admin", starts=at.date())
    return actor_of(person.pk, at)


def counted(plan: importing.Plan | importing.Brought) -> dict[str, tuple[int, int, int]]:
    return {name: (one.new, one.changed, one.same) for name, one in plan.counted.items()}


def test_an_empty_installation_becomes_a_county(at: datetime, asker: Actor) -> None:
    done = importing.bring_in(sheets=sheets(), at=at, actor=asker)
    assert counted(done) == {"bodies": (5, 0, 0), "communities": (1, 0, 0), "compounds": (2, 0, 0), "people": (4, 0, 0)}
    compound = Compound.objects.get(name="幸福里小区")
    assert compound.aliases == ["幸福里", "老宿舍"] and compound.lon is not None and 115.78 < compound.lon < 115.79
    assert Contract.objects.get().firm.code == "anju" and Community.objects.get().station_phone == "0700-555 0112"
    assert Body.objects.get(code="chengguan").may_enforce and Body.objects.get(code="zhen").short_name == "城关镇人民政府"
    assert Posting.objects.filter(person__username="liu").count() == 2
    assert {username for username, _, _ in done.passwords} == {"liu", "wang", "zhou"}
    person = Person.objects.get(username="liu")
    assert person.must_change_password and person.check_password({one[0]: one[2] for one in done.passwords}["liu"])


def test_nobody_becomes_coordinator_by_a_table_alone(at: datetime, asker: Actor) -> None:
    done = importing.bring_in(sheets=sheets(), at=at, actor=asker)
    assert done.asked == 1 and PostingRequest.objects.get().person.username == "zhou"
    assert not Posting.objects.filter(role="co").exists()


def test_the_same_tables_again_change_nothing(at: datetime, asker: Actor) -> None:
    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    codes = dict(Compound.objects.values_list("name", "code"))
    again = importing.bring_in(sheets=sheets(), at=at, actor=asker)
    assert all(new == changed == 0 for new, changed, _ in counted(again).values()) and again.passwords == ()
    assert dict(Compound.objects.values_list("name", "code")) == codes and PostingRequest.objects.count() == 1
    assert Contract.objects.count() == 1


def test_only_what_is_filled_in_changes_and_an_empty_cell_leaves_what_is_there(at: datetime, asker: Actor) -> None:
    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    only = {"小区": [["社区代码", "名称", "户数", "别名"], ["xingfu", "幸福里小区", "333", ""]]}
    done = importing.bring_in(sheets={"小区": sheets(**only)["小区"]}, at=at, actor=asker)
    compound = Compound.objects.get(name="幸福里小区")
    assert counted(done) == {"compounds": (0, 1, 0)}
    assert (compound.households, compound.aliases) == (333, ["幸福里", "老宿舍"])


def test_another_firm_ends_the_contract_that_runs(at: datetime, asker: Actor) -> None:
    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    row = ["xingfu", "幸福里小区", "jinxiu", "2026-12-01"]
    importing.bring_in(
        sheets={"小区": sheets(小区=[["社区代码", "名称", "物业代码", "合同从"], row])["小区"]}, at=at, actor=asker
    )
    assert (
        Contract.objects.get(firm__code="anju").ends == date(2026, 11, 30)
        and Contract.objects.get(firm__code="jinxiu").ends is None
    )


def test_one_mistake_keeps_everything_out(at: datetime, asker: Actor) -> None:
    bad = [*COUNTY["人员"], ["chen", "陈某某", "执法人员", "", "", "", ""]]
    with pytest.raises(importing.NotClean, match="人员 第 6 行“单位代码”：这个岗位要填单位"):
        importing.bring_in(sheets=sheets(人员=bad), at=at, actor=asker)
    assert not Body.objects.exists() and not Compound.objects.exists() and Person.objects.count() == 1


@pytest.mark.parametrize(
    ("table", "row", "why"),
    [
        ("社区", ["b", "乙", "nowhere", "xingfu-juwei", ""], "没有代码是“nowhere”的单位"),
        ("社区", ["b", "乙", "chengguan", "xingfu-juwei", ""], "不是这一类单位"),
        ("小区", ["nowhere", "丙", "", "", "", "", "", "", ""], "没有这个社区"),
        ("小区", ["xingfu", "丙", "", "", "", "25.6", "115.7", "", ""], "写反"),
        ("小区", ["xingfu", "丙", "", "", "", "115.7", "", "", ""], "一起填"),
        ("小区", ["xingfu", "丙", "", "", "", "", "", "chengguan", ""], "不是这一类单位"),
        ("人员", ["liu", "另一个人", "法制审核", "chengguan", "", "", ""], "已经是“刘某某”的"),
        ("人员", ["x", "某", "执法监督员", "", "", "", ""], "要填社区"),
        ("人员", ["x", "某", "社区工作人员", "", "nowhere", "", ""], "没有这个社区"),
    ],
)
def test_what_does_not_fit_together_is_named_and_nothing_is_kept(
    at: datetime, asker: Actor, table: str, row: list[str], why: str
) -> None:
    plan = importing.look(actor=asker, sheets=sheets(**{table: [*COUNTY[table], row]}), at=at)
    assert any(why in str(one) and one.row == len(COUNTY[table]) + 1 for one in plan.wrong)
    assert not Body.objects.exists() and Person.objects.count() == 1


def test_a_look_counts_and_keeps_nothing(at: datetime, asker: Actor) -> None:
    plan = importing.look(actor=asker, sheets={**sheets(), "说明": []}, at=at)
    assert plan.wrong == () and plan.unknown == ("说明",) and counted(plan)["bodies"] == (5, 0, 0)
    assert not Body.objects.exists() and Person.objects.count() == 1


def test_a_county_that_runs_takes_more_in_without_losing_anything(world: World) -> None:
    before = Compound.objects.count(), Posting.objects.count()
    only: dict[str, Any] = {"小区": [["社区代码", "名称"], [Community.objects.first().slug, "新来的小区"]]}  # type: ignore[union-attr]
    importing.bring_in(sheets={"小区": sheets(**only)["小区"]}, at=world.now, actor=SYSTEM)
    assert (Compound.objects.count(), Posting.objects.count()) == (before[0] + 1, before[1])


def people(*rows: list[str]) -> dict[str, list[Cells]]:
    head = ["登录名", "姓名", "岗位", "单位代码", "任职从", "任职到"]
    return {"人员": [Cells(number=number, cells=tuple(row)) for number, row in enumerate([head, *rows], 1)]}


def administrator() -> Posting:
    return Posting.objects.select_related("person").get(role="admin")


def test_an_administrator_posts_himself_only_with_a_second_person(world: World) -> None:
    own = administrator()
    row = [own.person.username, own.person.name, "执法人员", "chengguan", "", ""]
    importing.bring_in(sheets=people(row), at=world.now, actor=actor_of(own.person_id, world.now))
    assert not Posting.objects.filter(person=own.person, role="off").exists()
    assert PostingRequest.objects.filter(person=own.person, role="off", decided_at=None).exists()


def test_who_is_posted_or_kept_longer_by_a_table_is_told_to_a_second_person(world: World) -> None:
    own, officer = administrator(), Posting.objects.get(person__username="heyong", role="off")
    officer.ends = world.now.date() + timedelta(days=10)
    officer.save()
    rows = [
        ["newcomer", "新来的", "执法人员", "chengguan", "", ""],
        ["heyong", officer.person.name, "执法人员", "chengguan", officer.starts.isoformat(), "2099-01-01"],
    ]
    for _again in range(2):
        importing.bring_in(sheets=people(*rows), at=world.now, actor=actor_of(own.person_id, world.now))
    told = SoleAct.objects.order_by("pk").values_list("person__username", "role", "by__username", "seen_at")
    assert sorted(told) == [("heyong", "off", own.person.username, None), ("newcomer", "off", own.person.username, None)]


@pytest.mark.parametrize("until", ["2099-01-01", ""])
def test_a_protected_posting_is_not_lengthened_by_a_table(world: World, until: str) -> None:
    held = Posting.objects.filter(role="co", body__isnull=False).select_related("person", "body")[0]
    held.ends = world.now.date() + timedelta(days=10)
    held.save()
    assert held.body
    row = [held.person.username, held.person.name, "协调监督", held.body.code, held.starts.isoformat(), until]
    with pytest.raises(importing.NotClean, match="另一人同意"):
        importing.bring_in(sheets=people(row), at=world.now, actor=actor_of(administrator().person_id, world.now))
    before = held.ends
    held.refresh_from_db()
    assert held.ends == before


def test_the_last_administrator_stays(world: World) -> None:
    own = administrator()
    row = [own.person.username, own.person.name, "管理员", "", own.starts.isoformat(), world.now.date().isoformat()]
    with pytest.raises(importing.NotClean, match="至少要留一名"):
        importing.bring_in(sheets=people(row), at=world.now, actor=actor_of(own.person_id, world.now))
    own.refresh_from_db()
    assert own.ends is None


def test_a_protected_posting_is_not_told_as_done_where_nobody_can_ask_for_it(world: World) -> None:
    person = world.person("heyong")
    with pytest.raises(importing.NotClean, match="huiyin admin"):
        importing.bring_in(sheets=people([person.username, person.name, "协调监督", "sifa", "", ""]), at=world.now, actor=SYSTEM)


def test_every_change_is_told_value_by_value_before_it_is_made(at: datetime, asker: Actor) -> None:
    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    changed = sheets(
        小区=[
            ["社区代码", "名称", "户数", "有高层", "别名", "物业代码"],
            ["xingfu", "幸福里小区", "333", "是", "幸福里", "jinxiu"],
            ["xingfu", "桂花苑", "", "", "", ""],
            ["xingfu", "新苑", "10", "", "", ""],
        ],
        人员=[["登录名", "姓名", "岗位", "单位代码", "办公电话"], ["liu", "刘某某", "执法人员", "chengguan", "0700-555 0147"]],
    )
    only = {name: changed[name] for name in ("小区", "人员")}
    plan = importing.look(actor=asker, sheets=only, at=at)
    first, new, person = plan.changes
    assert [(one.label, one.old, one.new) for one in first.details] == [
        ("别名", ["幸福里", "老宿舍"], ["幸福里"]),
        ("户数", 320, 333),
        ("有高层", False, True),
        ("物业代码", "安居物业", "锦绣物业"),
        ("合同从", None, at.date()),
    ]
    assert (new.row, new.new, new.details) == (4, True, ()) and new.title == "新苑（幸福社区）"
    assert [(one.label, one.old, one.new) for one in person.details] == [("办公电话", "", "0700-555 0147")]
    importing.bring_in(sheets=only, at=at, actor=asker, seen=plan.mark)
    assert Person.objects.get(username="liu").desk_phone == "0700-555 0147"
    assert importing.look(actor=asker, sheets=only, at=at).changes == ()


def test_what_was_changed_after_the_look_is_not_overwritten_unseen(at: datetime, asker: Actor) -> None:
    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    only = {"小区": sheets(小区=[["社区代码", "名称", "户数"], ["xingfu", "幸福里小区", "333"]])["小区"]}
    plan = importing.look(actor=asker, sheets=only, at=at)
    Compound.objects.filter(name="幸福里小区").update(households=500)
    with pytest.raises(importing.Moved) as moved:
        importing.bring_in(sheets=only, at=at, actor=asker, seen=plan.mark)
    assert Compound.objects.get(name="幸福里小区").households == 500
    assert moved.value.plan.changes[0].details[0].old == 500
    importing.bring_in(sheets=only, at=at, actor=asker, seen=moved.value.plan.mark)
    assert Compound.objects.get(name="幸福里小区").households == 333


def test_only_an_administrator_or_the_servers_shell_looks_and_brings_in(world: World) -> None:
    for actor in (world.actor("zhoumin"), Actor(), world.actor("liuzhiqiang")):
        with pytest.raises(Forbidden):
            importing.look(actor=actor, sheets=sheets(), at=world.now)
        with pytest.raises(Forbidden):
            importing.bring_in(actor=actor, sheets=sheets(), at=world.now)
        with pytest.raises(Forbidden):
            table_imports.keep(actor=actor, at=world.now, sheets=sheets())
        with pytest.raises(Forbidden):
            table_imports.kept(actor=actor, at=world.now, pk=1)
        with pytest.raises(Forbidden):
            table_imports.bring_in(actor=actor, at=world.now, pk=1, seen="")
        with pytest.raises(Forbidden):
            table_imports.put_away(actor=actor, pk=1)
    assert not Body.objects.filter(code="anju").exists() and not TableImport.objects.exists()


def shown(*rows: list[str]) -> dict[str, list[Cells]]:
    return sheets(人员=[["登录名", "姓名", "岗位", "社区代码", "写在服务栏上"], *rows])


def test_a_community_gets_its_contact_and_supervisor_from_the_table(at: datetime, asker: Actor) -> None:
    rows = ["wang", "王某某", "社区工作人员", "xingfu", "是"], ["he", "何某某", "执法监督员", "xingfu", "是"]
    importing.bring_in(sheets=shown(*rows), at=at, actor=asker)
    community = Community.objects.select_related("contact", "supervisor").get()
    assert (str(community.contact), str(community.supervisor)) == ("王某某", "何某某")
    plan = importing.look(actor=asker, sheets=shown(["li", "李某某", "社区工作人员", "xingfu", "是"]), at=at)
    assert plan.changes[-1].new and plan.wrong == ()
    importing.bring_in(sheets=shown(["he", "何某某", "执法监督员", "xingfu", "否"]), at=at, actor=asker)
    assert Community.objects.get().supervisor is None


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["a", "甲", "社区工作人员", "xingfu", "是"], ["b", "乙", "社区工作人员", "xingfu", "是"]], "已经有一位"),
        ([["a", "甲", "县领导", "", "是"]], "只有社区的工作人员和监督员"),
    ],
)
def test_a_board_names_one_person_who_works_there(at: datetime, asker: Actor, rows: list[list[str]], why: str) -> None:
    plan = importing.look(actor=asker, sheets=shown(*rows), at=at)
    assert [why in str(one) for one in plan.wrong] == [True]


def test_who_may_not_sign_in_any_more_is_not_posted_again_by_a_table(at: datetime, asker: Actor) -> None:
    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    Person.objects.filter(username="wang").update(is_active=False)
    plan = importing.look(actor=asker, sheets=sheets(), at=at)
    assert [str(one) for one in plan.wrong] == ["人员 第 4 行“登录名”：这个人已经停用，请先在“人员”里改成可以登录。"]


def test_a_temporary_password_is_drawn_before_anybody_has_to_wait(
    at: datetime, asker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing inside the transaction would keep every writer of the county waiting."""
    inside: list[bool] = []
    drawing = people_services.temporary_password
    outer = len(connection.savepoint_ids)

    def watched() -> tuple[str, str]:
        inside.append(len(connection.savepoint_ids) > outer)
        return drawing()

    monkeypatch.setattr(importing, "temporary_password", watched)
    kept = table_imports.keep(actor=asker, at=at, sheets=sheets())
    mark = importing.look(actor=asker, sheets=sheets(), at=at).mark
    assert table_imports.bring_in(actor=asker, at=at, pk=kept, seen=mark) and inside == [False] * 3


def test_the_passwords_are_told_again_until_they_are_put_away_or_changed_or_half_an_hour_is_over(
    at: datetime, asker: Actor
) -> None:
    kept = table_imports.keep(actor=asker, at=at, sheets=sheets())
    mark = importing.look(actor=asker, sheets=sheets(), at=at).mark
    for _click in range(2):
        assert table_imports.bring_in(actor=asker, at=at, pk=kept, seen=mark)
    assert Person.objects.count() == 4 and PostingRequest.objects.count() == 1
    told = table_imports.kept(actor=asker, at=at, pk=kept)
    assert told and told.brought and len(told.brought.passwords) == 3 and told.brought.asked == 1
    words = {username: word for username, _name, word in told.brought.passwords}
    assert Person.objects.get(username="liu").check_password(words["liu"])
    assert not any(word in str(TableImport.objects.values_list("rows", flat=True)[0]) for word in words.values())
    people_services.password_changed(person=Person.objects.get(username="liu").pk)
    again = table_imports.kept(actor=asker, at=at + timedelta(minutes=29), pk=kept)
    assert again and again.brought and {one[0] for one in again.brought.passwords} == {"wang", "zhou"}
    people_services.new_password(actor=asker, at=at, person=Person.objects.get(username="wang").pk)
    left = table_imports.kept(actor=asker, at=at, pk=kept)
    assert left and left.brought and {one[0] for one in left.brought.passwords} == {"zhou"}, (
        "a password that opens nothing is not told"
    )
    assert table_imports.kept(actor=asker, at=at + timedelta(minutes=31), pk=kept) is None
    house.forget(at=at + timedelta(minutes=31))
    assert not TableImport.objects.exists()


def test_what_was_put_away_is_gone(at: datetime, asker: Actor) -> None:
    kept = table_imports.keep(actor=asker, at=at, sheets=sheets())
    table_imports.put_away(actor=asker, pk=kept)
    assert TableImport.objects.exists(), "only what was brought in is put away"
    table_imports.bring_in(actor=asker, at=at, pk=kept, seen=importing.look(actor=asker, sheets=sheets(), at=at).mark)
    table_imports.put_away(actor=asker, pk=kept)
    assert not TableImport.objects.exists() and not table_imports.bring_in(actor=asker, at=at, pk=kept, seen="")


def test_a_firm_that_was_entered_wrongly_is_put_right_on_the_same_day(at: datetime, asker: Actor) -> None:
    def table(firm: str) -> dict[str, list[Cells]]:
        return {"小区": sheets(小区=[["社区代码", "名称", "物业代码"], ["xingfu", "桂花苑", firm]])["小区"]}

    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    importing.bring_in(sheets=table("anju"), at=at, actor=asker)
    plan = importing.look(actor=asker, sheets=table("jinxiu"), at=at)
    assert [(one.label, one.old, one.new) for one in plan.changes[0].details] == [("物业代码", "安居物业", "锦绣物业")]
    importing.bring_in(sheets=table("jinxiu"), at=at, actor=asker)
    contract = Contract.objects.get(compound__name="桂花苑")
    assert (contract.firm.code, contract.starts, contract.ends) == ("jinxiu", at.date(), None)


def test_mistakes_are_told_in_the_order_of_the_tables_and_their_rows(at: datetime, asker: Actor) -> None:
    people = [*COUNTY["人员"], ["", "某", "执法人员"]]
    compounds = [*COUNTY["小区"], ["nowhere", "丙"], ["xingfu", "丁", "", "很多"]]
    plan = importing.look(actor=asker, sheets=sheets(人员=people, 小区=compounds), at=at)
    assert [(one.table, one.row) for one in plan.wrong] == [("小区", 4), ("小区", 5), ("人员", 6)]


def test_an_import_asks_the_database_once_for_what_is_there(at: datetime, asker: Actor) -> None:
    """While it writes, everybody else who writes waits: a row that changes nothing costs at most one question."""
    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    many = [["xingfu", f"小区{number}", "", "", "", "", "", "", ""] for number in range(200)]
    importing.bring_in(sheets=sheets(小区=[*COUNTY["小区"][:1], *many]), at=at, actor=asker)
    with CaptureQueriesContext(connection) as asked:
        plan = importing.look(actor=asker, sheets=sheets(小区=[*COUNTY["小区"][:1], *many]), at=at)
    assert counted(plan)["compounds"] == (0, 0, 200) and len(asked) < 30


def test_an_outline_alone_leaves_the_point_that_was_given(at: datetime, asker: Actor) -> None:
    def outline(name: str) -> dict[str, list[Cells]]:
        corners = "115.1,25.1;115.102,25.1;115.102,25.102"
        return {"小区": sheets(小区=[["社区代码", "名称", "轮廓"], ["xingfu", name, corners]])["小区"]}

    importing.bring_in(sheets=sheets(), at=at, actor=asker)
    before = Compound.objects.get(name="幸福里小区")
    importing.bring_in(sheets=outline("幸福里小区"), at=at, actor=asker)
    after = Compound.objects.get(name="幸福里小区")
    assert (after.lon, after.lat, after.datum) == (before.lon, before.lat, "GCJ-02") and len(after.outline) == 3
    importing.bring_in(sheets=outline("桂花苑"), at=at, actor=asker)
    assert Compound.objects.get(name="桂花苑").lon == pytest.approx(115.1013, abs=1e-3)
