"""The coordinator governs the lists in the browser: drafts, items, clauses, publication, laws, designations, settlements, boards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.records.models import Compound, Designation, Law, LegalBasis, ListItem, ListVersion, Notice, Settlement
from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import governance
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
    """What the form of an item would send as it stands, with changes."""
    page = client.get(path)
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    lines = {
        name: "\n".join(value)
        for name, value in data.items()
        if name in {"duties", "phrases", "keywords", "ladder", "turns_into"} and isinstance(value, list)
    }
    plain = {name: value for name, value in {**data, **lines}.items() if value is not None and value is not False}
    return {**plain, "seen": page.context["seen"], **changes}


def test_an_item_saved_as_it_stands_changes_nothing(desk: Desk, clock: World) -> None:
    client = desk(CO)
    for listing, codes in (("enforcement", ("QL-01", "ZS-03", "XF-01", "WJ-01")), ("service", ("FS-01", "FS-06"))):
        draft = drafted(client, listing)
        for code in codes:
            path = path_of(draft, code)
            assert client.post(path, filled(client, path)).status_code == 302
        assert governance.differences(draft.pk, draft.based_on_id) == []


def test_a_coordinator_changes_reviews_and_publishes_and_the_public_page_shows_it(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    path = path_of(draft, "QL-05")
    assert client.post(path, filled(client, path, lead="nongye", plain="有人在小区养鸡养鸭养鹅。")).status_code == 302
    changed = client.get(f"/desk/lists/versions/{draft.pk}/changes/").content.decode()
    assert "养鸡养鸭养鹅" in changed and "nongye" in changed and "QL-01" not in changed
    assert client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": today(clock)}).status_code == 422, "not in review yet"
    client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": "review"})
    assert client.post(path, filled(client, path, plain="偷改")).status_code == 422
    day = today(clock) + timedelta(days=1)
    assert client.post(f"/desk/lists/versions/{draft.pk}/publish/", {"day": day}).status_code == 302
    public = client.get("/lists/changes").content.decode()
    assert "现在还没到" in public and "QL-05" in public
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
        ({"duties": "没有冒号"}, "单位代码"),
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
           "dispatch_working_hours": "4", "close_workdays": "5", "persuadable": "yes", "handling": "物业协调", "duties": "chengguan：看现场"}  # fmt: skip
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
    client.post(one, {**new, "quote": "应当拴狗", "seen": seen})
    basis.refresh_from_db()
    assert (basis.quote, basis.verified) == ("应当拴狗", "secondary")
    wrong = client.post(one, {**new, "valid_from": "2026-01-02", "valid_to": "2026-01-01", "seen": governance.mark(basis)})
    assert wrong.status_code == 422 and "生效之前" in wrong.content.decode()
    client.post(f"{one}remove/", {"seen": governance.mark(basis)})
    assert not LegalBasis.objects.filter(pk=basis.pk).exists()


def test_a_law_that_ends_leads_to_every_item_that_cites_it_and_one_click_edits_it(desk: Desk, clock: World) -> None:
    client = desk(CO)
    law = Law.objects.get(code="zhian")
    answer = client.post(f"/desk/lists/laws/{law.pk}/", {"valid_to": today(clock) + timedelta(days=9), "successor": "新法"})
    assert answer["Location"] == "/desk/lists/todo/"
    page = client.get("/desk/lists/todo/").content.decode()
    assert "ZJ-01" in page and "之后这一项没有别的依据" in page
    opened = client.post("/desk/lists/checkup/ZJ-01/change/", {"do": "edit"})
    assert client.get(opened["Location"]).status_code == 200
    early = client.post(f"/desk/lists/laws/{law.pk}/", {"valid_to": "1900-01-01"})
    assert early.status_code in {302, 422}
    assert "zhian" in client.get("/desk/lists/laws/").content.decode()


def test_a_designation_is_entered_with_its_document(desk: Desk, clock: World) -> None:
    client = desk(CO)
    given = {
        "law_code": "shengtai",
        "article": "第一千一百八十九条",
        "body": clock.body("chengguan"),
        "document": "安府办〔2026〕3号",
        "starts": today(clock),
    }
    assert client.post("/desk/lists/laws/designate/", given).status_code == 302
    assert Designation.objects.get().document == "安府办〔2026〕3号"
    assert client.post("/desk/lists/laws/designate/", given).status_code == 422
    assert client.post("/desk/lists/laws/designate/", {}).status_code == 422


def test_what_was_settled_becomes_the_lead_of_the_draft_in_one_click(desk: Desk, clock: World) -> None:
    client = desk(CO)
    assert "还没有协调过管辖" in client.get("/desk/lists/settlements/").content.decode()
    number = clock.assigned().number
    clock.do("liuzhiqiang", number, "decline", reason="not_ours", why="养鸡归农业")
    clock.do(CO, number, "settle", item="QL-05", lead=clock.body("nongye"), ground="agreed", why="两家商量好了")
    kept = Settlement.objects.get()
    assert "写进下一版" in client.get("/desk/lists/settlements/").content.decode()
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
    clerk.post("/desk/lists/boards/", {"compound": [mine.pk]})
    clerk.post("/desk/lists/boards/", {"compound": [other.pk]})
    assert Compound.objects.get(pk=mine.pk).board_at == today(clock) and Compound.objects.get(pk=other.pk).board_at is None
    assert f'value="{other.pk}"' in desk(CO).get("/desk/lists/boards/").content.decode()


def test_others_read_and_do_not_edit(desk: Desk, clock: World) -> None:
    draft = drafted(desk(CO))
    officer = desk("liuzhiqiang")
    for path in ("versions/", f"versions/{draft.pk}/", f"versions/{draft.pk}/changes/"):
        page = officer.get(f"/desk/lists/{path}")
        assert page.status_code == 200 and "建草稿" not in page.content.decode()
    for path in (path_of(draft, "QL-05"), "/desk/lists/laws/", "/desk/lists/settlements/", "/desk/lists/todo/"):
        assert officer.get(path).status_code == 404
    assert officer.post("/desk/lists/versions/new/", {"listing": "service"}).status_code == 404


def test_an_empty_list_is_a_draft_with_one_thing_to_do(desk: Desk, clock: World) -> None:
    client = desk(CO)
    client.post("/desk/lists/versions/new/", {"listing": "service"})
    draft = ListVersion.objects.get(state="draft")
    assert "清单里还没有事项" in client.get(f"/desk/lists/versions/{draft.pk}/").content.decode()
    assert client.post("/desk/lists/versions/new/", {"listing": "nonsense"}).status_code == 404
    assert client.post("/desk/lists/versions/new/", {"listing": "service", "based_on": 99_999}).status_code == 404


def test_the_public_page_says_what_may_not_be_punished_and_what_comes_first(client: Client, clock: World) -> None:
    LegalBasis.objects.filter(item__code="QL-05", kind="liability").update(valid_to=date(2020, 1, 1))
    assert "不能处罚" in client.get("/who/QL-05").content.decode()
    page = client.get("/who/ZS-03").content.decode()
    assert "不能处罚" not in page and "200–1,000" in page and "仍不改才能处罚" in page
    Notice.objects.all().delete()
    assert client.get("/lists/changes").status_code == 200
