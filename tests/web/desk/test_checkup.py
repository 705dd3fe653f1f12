"""清单体检: the coordinator sees what is mixed up, given away and unused, and one click writes the change into a draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from huiyin.records.models import ListItem, ListVersion, TriageModel
from tests.world import World

Desk = Callable[[str], Client]
SHOWN = {"index": "x", "first": "QL-04", "second": "QL-05", "third": "HW-01", "score": 700, "in_scope": True}


def mixed_up(world: World, many: int, words: str = "花坛里养土鸡") -> None:
    for turn in range(many):
        number = world.report(words=f"{words}，{turn} 楼", suggested=SHOWN).number
        world.do("wangxiulan", number, "assign", item="QL-05", lead=world.body("chengguan"))


def page(desk: Desk, who: str = "zhoumin", days: int = 90) -> str:
    answer = desk(who).get(f"/desk/lists/checkup/?days={days}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_county_is_told_that_there_is_nothing_yet(desk: Desk, clock: World) -> None:
    said = page(desk)
    assert "还没有弄混的" in said and "没有退过三次以上的事项" in said and "还没有" in said


def test_what_is_mixed_up_is_counted_with_its_doubt_and_led_to_the_words_that_are_missing(desk: Desk, clock: World) -> None:
    mixed_up(clock, 3)
    said = page(desk)
    assert "0 / 3" in said and "3 / 3" in said and "95%" in said
    assert "其实是“散养鸡鸭鹅等家禽家畜”" in said
    words = desk("zhoumin").get("/desk/lists/checkup/QL-05/").content.decode()
    assert "土鸡" in words


def test_ticked_words_stand_in_a_draft_and_not_in_the_list_in_force(desk: Desk, clock: World) -> None:
    client = desk("zhoumin")
    answer = client.post("/desk/lists/checkup/QL-05/change/", {"do": "words", "word": ["养土鸡", " ", "养土鸡"]})
    draft = ListVersion.objects.get(state="draft")
    assert answer.status_code == 302
    item = ListItem.objects.get(version=draft, code="QL-05")
    assert item.keywords.count("养土鸡") == 1 and " " not in item.keywords
    assert "养土鸡" not in ListItem.objects.get(version__state="published", code="QL-05").keywords
    client.post("/desk/lists/checkup/QL-01/change/", {"do": "words", "word": ["不系绳"]})
    assert ListVersion.objects.filter(state="draft").count() == 1, "the draft that is being worked on"


def test_an_item_that_is_handed_on_again_and_again_is_named(desk: Desk, clock: World) -> None:
    for _ in range(3):
        clock.do("liuzhiqiang", clock.assigned().number, "decline", reason="not_ours", why="不归我们")
    assert "退回 3 次" in page(desk)


def test_what_nobody_used_for_a_year_can_be_taken_out_of_the_draft(desk: Desk, clock: World) -> None:
    assert "没有。在用不满一年的事项不算。" in page(desk)
    ListVersion.objects.update(in_force_from=(clock.now - timedelta(days=400)).date())
    clock.assigned()
    said = page(desk)
    assert "/desk/lists/checkup/ZJ-02/change/" in said and "/desk/lists/checkup/QL-05/change/" not in said
    desk("zhoumin").post("/desk/lists/checkup/ZJ-02/change/", {"do": "out"})
    draft = ListVersion.objects.get(state="draft")
    assert not ListItem.objects.filter(version=draft, code="ZJ-02").exists()


def test_items_whose_own_phrases_do_not_find_them_are_named(desk: Desk, clock: World) -> None:
    TriageModel.objects.create(
        version="a" * 16, catalogue="b" * 16, made_at=clock.now, figures={"items": {"QL-05": 0.4, "QL-01": 0.9}}
    )
    said = page(desk)
    assert "40% 能找到" in said and "90% 能找到" not in said


def test_a_leader_reads_and_changes_nothing_and_others_see_no_such_page(desk: Desk, clock: World) -> None:
    mixed_up(clock, 1)
    assert "/change/" not in page(desk, "jiangyuanshan")
    assert desk("jiangyuanshan").post("/desk/lists/checkup/QL-05/change/", {"do": "edit"}).status_code == 404
    assert desk("wangxiulan").get("/desk/lists/checkup/").status_code == 404


def test_nonsense_is_answered_with_not_found(desk: Desk, clock: World) -> None:
    client = desk("zhoumin")
    assert client.get("/desk/lists/checkup/ZZ-99/").status_code == 404
    assert client.post("/desk/lists/checkup/ZZ-99/change/", {"do": "words", "word": ["x"]}).status_code == 404
    assert client.post("/desk/lists/checkup/QL-05/change/", {"do": "dance"}).status_code == 404
