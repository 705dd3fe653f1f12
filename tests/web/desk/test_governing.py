"""The coordinator governs the lists in the browser: drafts, items, clauses, publication, laws, designations, settlements, boards."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Body, Compound, Designation, Law, LegalBasis, ListItem, ListVersion, Posting, Settlement
from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import governance, memory
from huiyin.services import lists as services
from huiyin.web import wording
from huiyin.web.desk import pages
from huiyin.web.factor import HAS_ONE
from tests.world import World

Desk = Callable[[str], Client]
CO = "zhoumin"


def today(world: World) -> date:
    return world.now.astimezone(SHANGHAI).date()


def drafted(client: Client, listing: str = "enforcement") -> ListVersion:
    base = ListVersion.objects.get(listing=listing, state="published")
    answer = client.post("/desk/lists/versions/new/", {"listing": listing, "based_on": base.pk})
    draft = ListVersion.objects.get(listing=listing, state="draft")
    assert answer.status_code == 302 and answer["Location"].endswith(f"/{draft.pk}/")
    return draft


def path_of(draft: ListVersion, code: str) -> str:
    return f"/desk/lists/versions/{draft.pk}/items/{ListItem.objects.get(version=draft, code=code).pk}/"


def filled(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send of a form as it stands, with changes: boxes in the order of the page, lines ended as browsers do."""
    page = client.get(path)
    form = page.context["form"]
    sent: dict[str, Any] = {"seen": page.context["seen"]}
    for bound in form:
        value = bound.value()
        if hasattr(bound.field.widget, "allow_multiple_selected") and bound.field.widget.allow_multiple_selected:
            sent[bound.name] = [code for code, _ in bound.field.choices if code in (value or [])]
        elif isinstance(value, list | tuple):
            sent[bound.name] = "\r\n".join(value)
        elif value is not None and value is not False:
            sent[bound.name] = str(value).replace("\n", "\r\n")
    return {**sent, **changes}


def act(client: Client, draft: ListVersion, do: str) -> None:
    assert client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": do}).status_code == 302


def published(client: Client, draft: ListVersion, day: date) -> None:
    act(client, draft, "review")
    assert client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": day}).status_code == 302


def test_an_item_saved_as_it_stands_changes_nothing(desk: Desk, clock: World) -> None:
    client = desk(CO)
    for listing in ("enforcement", "service"):
        ListItem.objects.filter(version__listing=listing).update(
            notes="一行\n两行", cooperating=["xiaofang", "gongan", "nowhere"]
        )
        draft = drafted(client, listing)
        for item in ListItem.objects.filter(version=draft):
            path = path_of(draft, item.code)
            answer = client.post(path, filled(client, path))
            assert answer.status_code == 302, (item.code, answer.context["form"].errors)
        assert governance.differences(draft.pk, draft.based_on_id) == []


def test_every_clause_saved_as_it_stands_stays_as_it_is_and_as_checked_as_it_was(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    for basis in LegalBasis.objects.filter(item__version=draft).select_related("item"):
        path = f"{path_of(draft, basis.item.code)}bases/{basis.pk}/"
        answer = client.post(path, filled(client, path))
        assert answer.status_code == 302, (basis, answer.context["form"].errors)
        before = governance.mark(basis)
        basis.refresh_from_db()
        assert governance.mark(basis) == before, basis


def test_a_coordinator_changes_reviews_and_publishes_and_the_public_page_shows_it(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    assert client.post(path, filled(client, path, lead="nongye", plain="有人在小区养鸡养鸭养鹅。")).status_code == 302
    changed = client.get(f"/desk/lists/versions/{draft.pk}/changes/").content.decode()
    named = Body.objects.get(code="nongye").short_name
    assert "养鸡养鸭养鹅" in changed and f"<ins>{named}</ins>" in changed
    assert "nongye" not in changed and "QL-01" not in changed
    assert client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": today(clock)}).status_code == 422, "not in review yet"
    late = filled(client, path, plain="偷改")
    client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": "review"})
    assert client.post(path, late).status_code == 422
    day = today(clock) + timedelta(days=1)
    assert client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": day}).status_code == 302
    public = client.get("/lists/changes").content.decode()
    assert "现在还没到" in public and "QL-05" in public and "养鸡养鸭养鹅" in public
    assert clock.person(CO).name not in public, "no names of staff"
    assert (
        "第 2 版从" in client.get("/lists").content.decode()
        and "有人在小区养鸡养鸭养鹅" not in client.get("/who/QL-05").content.decode()
    )
    told = desk("liuzhiqiang").get("/desk/").content.decode()
    assert "清单有了新版，涉及您单位" in told and f"/desk/lists/versions/{draft.pk}/changes/" in told
    assert "公示栏要换新" in desk("wangxiulan").get("/desk/").content.decode()


def test_what_is_missing_is_named_at_its_item_and_keeps_the_version_back(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    client.post(path, filled(client, path, lead="", phrases="一句\n两句"))
    page = client.get(f"/desk/lists/versions/{draft.pk}/").content.decode()
    assert "没有牵头单位" in page and "只有 2 句" in page and "还有 2 处要改" in page
    client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": "review"})
    refused = client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": today(clock) + timedelta(days=1)})
    assert refused.status_code == 422 and "还有 2 处要改" in refused.content.decode()


def test_two_versions_for_one_day_and_a_day_that_has_passed_are_refused_in_words(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": "review"})
    for day, why in ((today(clock), "要在那之后"), (today(clock) - timedelta(days=1), "已经过了"), ("nonsense", "")):
        answer = client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": day})
        assert answer.status_code == 422 and why in answer.content.decode()


def test_who_saves_second_sees_both_and_loses_nothing(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    mine = filled(client, path, plain="我写的说明")
    client.post(path, filled(client, path, plain="先到的说明"))
    answer = client.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "我写的说明" in page and "先到的说明" in page
    assert ListItem.objects.get(version=draft, code="QL-05").plain == "先到的说明"
    assert client.post(path, {**mine, "seen": answer.context["seen"]}).status_code == 302
    assert ListItem.objects.get(version=draft, code="QL-05").plain == "我写的说明"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"fine_person_low": "500", "fine_person_high": "200"}, "最高比最低还低"),
        ({"fine_person_low": "500", "fine_person_high": ""}, "一起填"),
        ({"code": "QL-01"}, "已经有了"),
        ({"cooperating": [], "duty_gongan": "现场劝阻"}, "没有打勾"),
        ({"cooperating": ["nowhere"]}, ""),
        ({"lead": "shuiwu"}, ""),
        ({"close_workdays": "0"}, ""),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_saved(desk: Desk, clock: World, change: dict[str, str], why: str) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    answer = client.post(path, filled(client, path, **change))
    assert answer.status_code == 422 and why in answer.content.decode()
    assert governance.differences(draft.pk, draft.based_on_id) == []


def test_items_are_added_and_taken_out(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client, "service")
    new = {"code": "FS-11", "category_code": "FS", "category_name": "服务", "name": "遮雨棚", "plain": "想加遮雨棚。", "lead": "wuye", "urgency": "常",
           "dispatch_working_hours": "4", "close_workdays": "5", "persuadable": "yes", "handling": "物业协调", "cooperating": ["chengguan"], "duty_chengguan": "看现场"}  # fmt: skip
    assert client.post(f"/desk/lists/versions/{draft.pk}/items/new/", new).status_code == 302
    item = ListItem.objects.get(version=draft, code="FS-11")
    assert item.duties == {"chengguan": "看现场"}
    path = path_of(draft, "FS-11")
    client.post(f"{path}remove/", {"seen": "old"})
    assert ListItem.objects.filter(pk=item.pk).exists(), "somebody else was quicker"
    client.post(f"{path}remove/", {"seen": governance.mark(item)})
    assert not ListItem.objects.filter(pk=item.pk).exists()


def test_a_quotation_counts_as_checked_only_when_it_stands_in_the_statute(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05") + "bases/"
    new = {
        "law": "养犬管理条例",
        "law_code": "yangquan",
        "article": "第二条",
        "kind": "duty",
        "quote": "应当系犬绳",
        "statute": "第二条 遛犬应当系犬绳。",
    }
    assert client.post(f"{path}new/", new).status_code == 302
    basis = LegalBasis.objects.get(item__version=draft, law_code="yangquan")
    assert basis.verified == "statute_text"
    one = f"{path}{basis.pk}/"
    seen = client.get(one).context["seen"]
    client.post(one, {**new, "quote": "应当拴狗", "statute": "", "seen": seen})
    basis.refresh_from_db()
    assert (basis.quote, basis.verified) == ("应当拴狗", "secondary")
    stray = client.post(one, {**new, "quote": "遛犬应当拴狗绳", "seen": governance.mark(basis)})
    assert stray.status_code == 422 and "从“拴狗绳”起和贴的原文对不上" in stray.content.decode(), "and nothing is saved"
    assert LegalBasis.objects.get(pk=basis.pk).quote == "应当拴狗"
    wrong = client.post(one, {**new, "valid_from": "2026-01-02", "valid_to": "2026-01-01", "seen": governance.mark(basis)})
    assert wrong.status_code == 422 and "生效之前" in wrong.content.decode()
    client.post(f"{one}remove/", {"seen": governance.mark(basis)})
    assert not LegalBasis.objects.filter(pk=basis.pk).exists()


def test_a_law_that_ends_leads_to_every_item_that_cites_it_and_one_click_edits_it(desk: Desk, clock: World) -> None:
    client = desk(CO)
    law = Law.objects.get(code="zhian")
    answer = client.post(f"/desk/lists/laws/{law.pk}/", {"valid_to": today(clock) + timedelta(days=9), "successor": "新法"})
    affected = client.get(answer["Location"]).content.decode()
    assert "ZJ-01" in affected and "之后这一项没有别的依据" in affected and "QL-05" not in affected
    page = client.get("/desk/lists/todo/").content.decode()
    assert "ZJ-01" in page and "之后这一项没有别的依据" in page
    opened = client.post("/desk/lists/checkup/ZJ-01/change/", {"do": "edit"})
    assert client.get(opened["Location"]).status_code == 200
    Law.objects.filter(pk=law.pk).update(valid_from=date(2026, 1, 1))
    assert client.post(f"/desk/lists/laws/{law.pk}/", {"valid_to": "1900-01-01"}).status_code == 422
    assert client.get("/desk/lists/laws/987654/").status_code == 404
    assert "zhian" in client.get("/desk/lists/laws/").content.decode()


def test_a_designation_is_entered_with_its_document(desk: Desk, clock: World) -> None:
    client = desk(CO)
    wanted = client.get("/desk/lists/todo/").content.decode()
    assert "要由县里指定部门" in wanted
    code, article, _law = governance.designable()[0]
    given = {
        "clause": f"{code} {article}",
        "body": clock.body("chengguan"),
        "document": "安府办〔2026〕3号",
        "starts": today(clock),
    }
    assert client.post("/desk/lists/laws/designate/", given).status_code == 302
    assert Designation.objects.get().document == "安府办〔2026〕3号"
    assert client.post("/desk/lists/laws/designate/", given).status_code == 422
    assert client.post("/desk/lists/laws/designate/", {}).status_code == 422
    made = f"/desk/lists/laws/designations/{Designation.objects.get().pk}/"
    assert client.post(made, {"last_day": today(clock) - timedelta(days=1)}).status_code == 422
    assert client.post(made, {"last_day": today(clock)}).status_code == 302
    assert Designation.objects.get().ends == today(clock)


def test_what_was_settled_becomes_the_lead_of_the_draft_in_one_click(desk: Desk, clock: World) -> None:
    client = desk(CO)
    assert "还没有协调过管辖" in client.get("/desk/lists/settlements/").content.decode()
    number = clock.assigned().number
    clock.do("liuzhiqiang", number, "decline", reason="not_ours", why="养鸡归农业")
    clock.do(CO, number, "settle", item="QL-05", lead=clock.body("nongye"), ground="agreed", why="两家商量好了")
    kept = Settlement.objects.get()
    shown = client.get("/desk/lists/settlements/").content.decode()
    assert "写进下一版" in shown and f'href="/desk/cases/{number}/"' in shown
    answer = client.post(f"/desk/lists/settlements/{kept.pk}/")
    assert answer.status_code == 302
    draft = ListVersion.objects.get(state="draft")
    assert ListItem.objects.get(version=draft, code="QL-05").lead == "nongye"
    kept.refresh_from_db()
    assert kept.taken_up_id == draft.pk and "写进下一版" not in client.get("/desk/lists/settlements/").content.decode()


def test_a_clerk_renews_the_boards_of_the_own_community_only(desk: Desk, clock: World) -> None:
    clerk = desk("wangxiulan")
    page = clerk.get("/desk/lists/boards/").content.decode()
    mine = clock.compound()
    other = Compound.objects.exclude(community=mine.community_id)[0]
    assert mine.name in page and f'value="{other.pk}"' not in page
    paper = clerk.get(f"/desk/lists/boards/{mine.pk}/").content.decode()
    lead = Body.objects.get(code="chengguan")
    assert 'class="qr"' in paper and "散养鸡鸭鹅等家禽家畜" in paper and lead.short_name in paper and lead.phone in paper
    assert clerk.get(f"/desk/lists/boards/{other.pk}/").status_code == 404
    assert desk("liuzhiqiang").get(f"/desk/lists/boards/{mine.pk}/").status_code == 404
    assert desk(CO).get(f"/desk/lists/boards/{other.pk}/").status_code == 200
    clerk.post("/desk/lists/boards/", {"compound": [mine.pk]})
    clerk.post("/desk/lists/boards/", {"compound": [other.pk]})
    assert Compound.objects.get(pk=mine.pk).board_at == today(clock) and Compound.objects.get(pk=other.pk).board_at is None
    assert f'value="{other.pk}"' in desk(CO).get("/desk/lists/boards/").content.decode()


def test_a_township_clerk_renews_the_boards_of_the_own_township(desk: Desk, clock: World) -> None:
    here = clock.compound()
    name = Posting.objects.filter(role="com", body=here.community.township).values_list("person__username", flat=True)[0]
    clerk, other = desk(name), Compound.objects.exclude(community__township=here.community.township)[0]
    page = clerk.get("/desk/lists/boards/").content.decode()
    assert f'value="{here.pk}"' in page and f'value="{other.pk}"' not in page
    assert clerk.get(f"/desk/lists/boards/{here.pk}/").status_code == 200
    clerk.post("/desk/lists/boards/", {"compound": [here.pk]})
    assert Compound.objects.get(pk=here.pk).board_at == today(clock)


def test_others_read_and_do_not_edit(desk: Desk, clock: World) -> None:
    draft = drafted(desk(CO))
    officer = desk("liuzhiqiang")
    for path in ("versions/", f"versions/{draft.pk}/", f"versions/{draft.pk}/changes/"):
        page = officer.get(f"/desk/lists/{path}")
        assert page.status_code == 200 and "建草稿" not in page.content.decode()
    assert officer.post("/desk/lists/versions/new/", {"listing": "service"}).status_code == 404


def test_an_empty_list_is_a_draft_with_one_thing_to_do(desk: Desk, clock: World) -> None:
    client = desk(CO)
    client.post("/desk/lists/versions/new/", {"listing": "service"})
    draft = ListVersion.objects.get(state="draft")
    assert "清单里还没有事项" in client.get(f"/desk/lists/versions/{draft.pk}/").content.decode()
    assert client.post("/desk/lists/versions/new/", {"listing": "nonsense"}).status_code == 404
    assert client.post("/desk/lists/versions/new/", {"listing": "service", "based_on": 99_999}).status_code == 404


def test_the_public_page_says_what_may_not_be_punished_and_what_comes_first(client: Client, clock: World) -> None:
    liability = LegalBasis.objects.filter(item__code="QL-05", kind="liability")
    liability.update(valid_to=date(2020, 1, 1))
    now = client.get("/who/QL-05").content.decode()
    assert "可以办，不能处罚" in now and "责令限期处理" in now and "没收禽畜" not in now
    liability.update(valid_to=None, valid_from=date(2090, 1, 1))
    memory.forget_all()
    later = client.get("/who/QL-05").content.decode()
    assert "可以办，不能处罚" in later and "从 2090年1月1日 起才有效" in later
    page = client.get("/who/ZS-03").content.decode()
    assert "不能处罚" not in page and "200–1,000" in page and "仍不改才能处罚" in page
    assert client.get("/lists/changes").status_code == 200


def test_the_public_page_says_where_a_clause_applies_and_that_its_quotation_was_not_checked(client: Client, clock: World) -> None:
    assert "引文还没有和原文核对" not in client.get("/who/QL-05").content.decode()
    first = LegalBasis.objects.filter(item__code="QL-05")[0]
    LegalBasis.objects.filter(pk=first.pk).update(verified="secondary", applies="", places=["county_town"])
    memory.forget_all()
    page = client.get("/who/QL-05").content.decode()
    assert "引文还没有和原文核对" in page and "在哪里适用" in page and "县城" in page


def test_the_public_history_tells_how_many_phrases_changed_and_no_notes(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path, other = path_of(draft, "QL-05"), path_of(draft, "QL-01")
    client.post(path, filled(client, path, phrases="鸡在花坛\n鸭在水池\n鹅在门口\n鸡叫得早"))
    client.post(other, filled(client, other, notes="内部记一笔"))
    published(client, draft, today(clock) + timedelta(days=1))
    page = client.get("/lists/changes").content.decode()
    assert "加了 4 句" in page and "鸡在花坛" not in page and "内部记一笔" not in page and "QL-01" not in page


def test_a_law_that_ends_far_ahead_shows_its_items_at_once(desk: Desk, clock: World) -> None:
    client = desk(CO)
    law = Law.objects.get(code="zhian")
    answer = client.post(f"/desk/lists/laws/{law.pk}/", {"valid_to": today(clock) + timedelta(days=400)})
    assert "ZJ-01" in client.get(answer["Location"]).content.decode()
    assert "ZJ-01" not in client.get("/desk/lists/todo/").content.decode(), "nothing to do for the next months"


def test_a_version_is_checked_for_the_day_on_which_it_is_to_be_in_force(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    day = today(clock) + timedelta(days=5)
    client.post(f"/desk/lists/laws/{Law.objects.get(code='zhian').pk}/", {"valid_to": day})
    act(client, draft, "review")
    refused = client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": day})
    page = refused.content.decode()
    assert (
        refused.status_code == 422
        and "没有一条有效的义务或责任条款" in page
        and "PRE-02" in page
        and f"按 {wording.day(day)}" in page
    )
    assert client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": day - timedelta(days=1)}).status_code == 302


def test_a_problem_leads_to_the_field_where_it_is_put_right(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    client.post(path, filled(client, path, lead=""))
    page = client.get(f"/desk/lists/versions/{draft.pk}/").content.decode()
    assert f'href="{path}#id_lead"' in page and 'id="id_lead"' in client.get(path).content.decode()
    anchors = set(re.findall(rf"{re.escape(path)}#([a-z_]+)", page))
    item = client.get(path).content.decode()
    assert len(anchors) > 1 and all(f'id="{anchor}"' in item for anchor in anchors)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"FS-01": {"turns_into": "FS-02"}, "FS-02": {"turns_into": "FS-01"}}, "绕成了一圈"),
        ({"FS-01": {"turns_into": "ZZ-99"}}, "两张清单里都没有"),
    ],
)
def test_a_list_that_turns_in_a_circle_or_into_nothing_says_so(
    desk: Desk, clock: World, changes: dict[str, dict[str, str]], why: str
) -> None:
    client = desk(CO)
    draft = drafted(client, "service")
    for code, change in changes.items():
        path = path_of(draft, code)
        assert client.post(path, filled(client, path, **change)).status_code == 302
    assert why in client.get(f"/desk/lists/versions/{draft.pk}/").content.decode()


def test_a_code_that_was_dropped_is_refused_for_something_new(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    client.post(f"{path}remove/", {"seen": client.get(path).context["seen"]})
    published(client, draft, today(clock) + timedelta(days=1))
    clock.later(days=1)
    again = client.post("/desk/lists/versions/new/", {"listing": "enforcement", "based_on": draft.pk})
    number = ListVersion.objects.get(state="draft").pk
    old = ListItem.objects.get(version__number=1, code="QL-05")
    copied = ListItem.objects.filter(version=number)[0]
    path = f"/desk/lists/versions/{number}/items/{copied.pk}/"
    client.post(path, filled(client, path, code="QL-05"))
    assert f"代码 QL-05 以前是“{old.name}”" in client.get(again["Location"]).content.decode()


def test_what_was_typed_stays_when_the_item_was_taken_out_meanwhile(
    desk: Desk, clock: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    mine = filled(client, path, plain="我写的说明")
    item = ListItem.objects.get(version=draft, code="QL-05")

    def gone(**_given: Any) -> int:
        raise services.NotThere

    monkeypatch.setattr(services, "save_item", gone)
    answer = client.post(path, mine)
    assert (
        answer.status_code == 422
        and "我写的说明" in answer.content.decode()
        and "被别人从草稿里去掉了" in answer.content.decode()
    )
    assert item.plain != "我写的说明"


def test_beside_each_field_that_differs_stands_what_is_there_now(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    mine = filled(client, path, lead="gongan", close_workdays="9", cooperating=["gongan"], duty_gongan="出警")
    client.post(path, filled(client, path, lead="nongye", close_workdays="7", test_resonance="四十一件"))
    answer = client.post(path, mine)
    there = answer.context["form"].there
    assert answer.status_code == 409 and there["lead"].endswith("农业农村局") and there["close_workdays"] == "7"
    assert there["test_resonance"] == "四十一件" and there["duty_gongan"] == "没有填"
    assert "name" not in there and "phrases" not in there, "what both left alone is not in the way"


def test_who_saves_a_clause_second_sees_both_and_loses_nothing(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    basis = LegalBasis.objects.filter(item__version=draft, item__code="QL-05")[0]
    path = f"{path_of(draft, 'QL-05')}bases/{basis.pk}/"
    mine = filled(client, path, article="第八条", fine_person_low="50", fine_person_high="200")
    client.post(path, filled(client, path, article="第七条"))
    answer = client.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 409 and "第八条" in page and answer.context["form"].there["article"] == "第七条"
    basis.refresh_from_db()
    assert basis.article == "第七条"
    assert client.post(path, {**mine, "seen": answer.context["seen"]}).status_code == 302
    basis.refresh_from_db()
    assert (basis.article, basis.fine["person"]) == ("第八条", [50, 200])


def test_a_quotation_moved_to_another_law_is_no_longer_checked(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    basis = LegalBasis.objects.filter(item__version=draft, item__code="QL-05", verified="statute_text")[0]
    path = f"{path_of(draft, 'QL-05')}bases/{basis.pk}/"
    client.post(path, filled(client, path, register="zhian"))
    basis.refresh_from_db()
    assert (basis.law_code, basis.verified) == ("zhian", "secondary")
    assert basis.law == Law.objects.get(code="zhian").name


def test_measures_tests_and_duties_are_kept_as_they_are_entered(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    given = {
        "measure_order": "责令限期处理", "fine_person_low": "20", "fine_person_high": "100", "fine_firm_low": "", "fine_firm_high": "",
        "test_efficacy": "不再推来推去", "cooperating": ["gongan", "nongye"], "duty_nongye": "收容",
    }  # fmt: skip
    client.post(path, filled(client, path, **given))
    item = ListItem.objects.get(version=draft, code="QL-05")
    assert item.measures["order"] == "责令限期处理" and item.measures["fine_person_yuan"] == [20, 100]
    assert (
        "fine_firm_yuan" not in item.measures and item.tests == {"efficacy": "不再推来推去"} and item.duties == {"nongye": "收容"}
    )


def test_beside_the_three_tests_stand_the_countys_own_figures(desk: Desk, clock: World) -> None:
    client = desk(CO)
    began = clock.now
    clock.settled()
    given_away = clock.assigned().number
    clock.do("liuzhiqiang", given_away, "decline", reason="not_ours", why="养鸡归农业")
    path = path_of(drafted(client), "QL-05")
    figures = client.get(path).context["figures"]
    assert (figures.cases, figures.declined, figures.declined_percent, figures.reports) == (2, 1, 50, 2)
    assert figures.median_days == round((clock.now - began) / timedelta(days=1), 1)
    assert "部门退回过 1 件（50%）" in client.get(path).content.decode()
    clock.later(days=366)
    assert client.get(path).context["figures"].cases == 0


def test_what_was_typed_waits_for_the_coordinator_whose_session_ended(desk: Desk, clock: World) -> None:
    client = desk(CO)
    path = path_of(drafted(client), "QL-05")
    typed = filled(
        client, path, plain="写了一半的说明", author=pages.author(clock.person(CO).pk), cooperating=["gongan"], duty_gongan="出警"
    )
    typed["was"] = typed["seen"]
    ListItem.objects.filter(version__state="draft", code="QL-05").update(name="别人起的名字")
    Session.objects.all().delete()
    assert "/login/" in client.post(path, typed)["Location"]
    client.post(f"/desk/account/login/?next={path}", {"login": CO, "password": "not-a-secret", "next": path})
    session = client.session
    session[HAS_ONE] = clock.person(CO).pk
    session.save()
    page = client.get(path)
    assert "写了一半的说明" in page.content.decode() and page.context["form"]["cooperating"].value() == "gongan"
    assert [box.data["value"] for box in page.context["form"]["cooperating"] if box.data["selected"]] == ["gongan"]
    again = client.post(path, {**typed, "seen": page.context["seen"]})
    assert again.status_code == 409 and again.context["form"].there["name"] == "别人起的名字", "nobody is overwritten unseen"
    assert "写了一半的说明" not in client.get(path).content.decode()


def test_a_published_version_is_read_and_not_edited(desk: Desk, clock: World) -> None:
    client = desk(CO)
    version = ListVersion.objects.get(listing="enforcement")
    path = path_of(version, "QL-05")
    page = client.get(path).content.decode()
    assert "这一版不是草稿，只能看" in page and ">保存</button>" not in page
    sent = filled(client, path_of(drafted(client), "QL-05"), plain="偷改")
    assert client.post(path, sent).status_code == 422
    assert "偷改" not in ListItem.objects.get(version=version, code="QL-05").plain


def test_a_version_is_compared_with_the_one_that_is_asked_for(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft, other = drafted(client), ListVersion.objects.get(listing="service")
    path = f"/desk/lists/versions/{draft.pk}/changes/"
    assert "没有不同" in client.get(path, {"against": draft.based_on_id}).content.decode()
    assert client.get(path, {"against": other.pk}).status_code == 404
    assert client.get(path, {"against": 987_654}).status_code == 404


def test_today_tells_the_coordinator_of_clauses_to_see_to_in_few_queries(desk: Desk, clock: World) -> None:
    client = desk(CO)
    client.get("/desk/")
    memory.forget_all()
    client.get("/desk/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/desk/")
    many = sum(len(row.endings) + len(row.undesignated) for row in governance.to_do(today(clock)))
    assert many and f"清单有 {many} 条依据要处理" in page.content.decode()
    assert len(asked) <= 10, [query["sql"][:100] for query in asked.captured_queries]
    assert "条依据要处理" not in desk("wangxiulan").get("/desk/").content.decode()


def test_everybody_at_the_desk_reads_a_whole_item_of_the_version_in_force(desk: Desk, clock: World) -> None:
    item = ListItem.objects.get(version__state="published", code="XF-03")
    for who in ("liuzhiqiang", clock.head("gongan"), "wangxiulan", "heyong", CO):
        client = desk(who)
        path = f"/desk/lists/versions/{item.version_id}/items/{item.pk}/"
        assert path in client.get("/desk/lists/").content.decode()
        with CaptureQueriesContext(connection) as asked:
            page = client.get(path)
        text = page.content.decode()
        assert page.status_code == 200 and len(asked) <= 10
        assert item.plain in text and item.phrases[0] in text and item.bases.first().quote in text and ">保存<" not in text
        assert "消防" in text and "到场小时" in text


def test_only_the_coordinator_edits_what_everybody_reads(desk: Desk, clock: World) -> None:
    draft = drafted(desk(CO))
    officer = desk("liuzhiqiang")
    path = path_of(draft, "QL-01")
    assert officer.get(path).status_code == 200 and officer.post(path, {"name": "别的"}).status_code == 404
    law = Law.objects.get(code="zhian")
    read = officer.get(f"/desk/lists/laws/{law.pk}/").content.decode()
    assert law.name in read and 'name="valid_to"' not in read
    assert officer.post(f"/desk/lists/laws/{law.pk}/", {"valid_to": "2027-01-01"}).status_code == 404
    register = officer.get("/desk/lists/laws/").content.decode()
    assert law.name in register and "登记一次指定" not in register
    for path in ("/desk/lists/todo/", "/desk/lists/settlements/"):
        assert officer.get(path).status_code == 200


def test_a_draft_is_not_dropped_before_it_was_asked_whether_that_is_meant(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    asked = client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": "drop"})
    assert asked.status_code == 200 and "作废这一版？" in asked.content.decode() and "32 项" in asked.content.decode()
    assert ListVersion.objects.get(pk=draft.pk).state == "draft"
    assert client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": "drop", "sure": "1"}).status_code == 302
    assert ListVersion.objects.get(pk=draft.pk).state == "dropped"
