"""The coordinator sets where else residents turn and what they are asked; suggestions follow at once, and the project's words can come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import BoundaryQuestion, ElsewhereKind
from huiyin.rules.triage import Suggested, Suggestion
from huiyin.selectors import elsewhere, lists, memory
from huiyin.services import lists as services
from huiyin.services.people import Forbidden
from tests.world import World

Desk = Callable[[str], Client]
CO = "zhoumin"
KINDS, QUESTIONS = "/desk/lists/elsewhere/", "/desk/lists/questions/"
NEW = {
    "name": "渡口停航",
    "turn_to": "渡口的事，请找县交通运输局，0700-555 0177。",
    "name_en": "Ferry stopped",
    "turn_to_en": "",
    "phrases": "渡船三天冇开了\r\n过河的渡口停了怎么办\r\n轮渡停航没人通知\r\n渡口的船坏了，学生过不了河\r\n摆渡船不开了",
}


def form_of(client: Client, path: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the form on a page, with changes."""
    page = client.get(path)
    sent: dict[str, Any] = {"seen": page.context["seen"]}
    for bound in page.context["form"]:
        value = bound.value()
        sent[bound.name] = "\r\n".join(value) if isinstance(value, list | tuple) else value or ""
    return {**sent, **changes}


def near(first: str, second: str) -> Suggested:
    two = (Suggestion(code=first, score=0.6, words=()), Suggestion(code=second, score=0.5, words=()))
    return Suggested(suggestions=two, in_scope=True, score=0.6, index="x")


def test_without_the_countys_words_the_projects_are_known(world: World) -> None:
    assert elsewhere.kinds() == elsewhere.seeded_kinds()
    assert set(elsewhere.questions()) == set(elsewhere.seeded_questions().values())


def test_where_to_turn_is_the_countys_to_say_and_residents_read_it(desk: Desk, clock: World, client: Client) -> None:
    staff = desk(CO)
    sent = form_of(staff, f"{KINDS}X-01/", turn_to="工资的事，请打安和县劳动监察大队 0700-555 0199。")
    assert staff.post(f"{KINDS}X-01/", sent)["Location"] == KINDS
    told = client.post("/who", {"text": "包工头跑了，工资找谁要"}).content.decode()
    assert "安和县劳动监察大队 0700-555 0199" in told
    assert "安和县劳动监察大队" in staff.get(KINDS).content.decode()
    again = {"do": "restore", "seen": staff.get(f"{KINDS}X-01/").context["seen"]}
    assert staff.post(f"{KINDS}X-01/use/", again).status_code == 302
    assert elsewhere.kinds() == elsewhere.seeded_kinds() and not ElsewhereKind.objects.exists()


def test_a_kind_of_the_countys_own_is_recognised_at_once(desk: Desk, clock: World) -> None:
    staff = desk(CO)
    before = lists.index(clock.now.date()).version
    assert staff.post(f"{KINDS}new/", NEW).status_code == 302
    assert [row.code for row in ElsewhereKind.objects.all()] == ["X-C01"]
    found = lists.suggest("渡口的渡船停航了", clock.now.date())
    assert found.index != before and not found.in_scope
    kind, words = elsewhere.guesses(found)[0]
    assert kind.code == "X-C01" and words and kind.turn_to_en == NEW["turn_to"]
    stop = {"do": "stop", "seen": staff.get(f"{KINDS}X-C01/").context["seen"]}
    staff.post(f"{KINDS}X-C01/use/", stop)
    assert "X-C01" not in elsewhere.kinds() and "停用了" in staff.get(KINDS).content.decode()
    staff.post(f"{KINDS}X-C01/use/", {"do": "use", "seen": staff.get(f"{KINDS}X-C01/").context["seen"]})
    assert "X-C01" in elsewhere.kinds()
    assert staff.post(f"{KINDS}new/", {**NEW, "name": "另一种"}).status_code == 302 and "X-C02" in elsewhere.kinds()
    assert staff.post(f"{KINDS}X-C01/use/", {"do": "restore", "seen": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"phrases": "一句\r\n一句\r\n两句\r\n三句"}, "至少要四句"),
        ({"phrases": "甲甲\r\n乙乙\r\n丙丙\r\n早上遛狗的人很多都不牵绳子，老人都不敢下楼。"}, "和清单里事项的一样"),
        ({"turn_to": ""}, "没有保存"),
        ({"name": "长" * 41}, "没有保存"),
    ],
)
def test_what_a_kind_cannot_be_is_told_and_kept_in_the_form(desk: Desk, clock: World, change: dict[str, str], why: str) -> None:
    answer = desk(CO).post(f"{KINDS}new/", {**NEW, **change})
    assert (
        answer.status_code == 422 and why in answer.content.decode() and "渡口停航" in answer.content.decode() or "name" in change
    )
    assert not ElsewhereKind.objects.exists()


def test_who_saves_a_kind_second_sees_both(desk: Desk, clock: World) -> None:
    staff = desk(CO)
    mine = form_of(staff, f"{KINDS}X-02/", turn_to="我写的。")
    theirs = form_of(staff, f"{KINDS}X-02/", turn_to="别人写的。")
    staff.post(f"{KINDS}X-02/", theirs)
    answer = staff.post(f"{KINDS}X-02/", mine)
    text = answer.content.decode()
    assert answer.status_code == 409 and "我写的。" in text and "别人写的。" in text
    assert staff.post(f"{KINDS}X-02/", {**mine, "seen": answer.context["seen"]}).status_code == 302
    assert elsewhere.kinds()["X-02"].turn_to == "我写的。"


def test_a_question_of_the_countys_is_asked_and_the_projects_can_come_back(desk: Desk, clock: World) -> None:
    staff = desk(CO)
    path = f"{QUESTIONS}FS-04+XF-01/"
    assert staff.post(path, form_of(staff, path, ask="车停在消防通道上吗？"))["Location"] == QUESTIONS
    asked = elsewhere.question(near("XF-01", "FS-04"))
    assert asked is not None and asked.ask == "车停在消防通道上吗？"
    staff.post(f"{path}use/", {"do": "stop", "seen": staff.get(path).context["seen"]})
    assert elsewhere.question(near("XF-01", "FS-04")) is None
    staff.post(f"{path}use/", {"do": "restore", "seen": staff.get(path).context["seen"]})
    back = elsewhere.question(near("XF-01", "FS-04"))
    assert back is not None and back.ask == "车停在哪里？" and not BoundaryQuestion.objects.exists()


def test_a_new_question_stands_between_the_items_that_its_answers_name(desk: Desk, clock: World) -> None:
    staff = desk(CO)
    sent = {
        "ask": "养的是什么？", "ask_en": "", "text_1": "鸡鸭", "item_1": "QL-05", "text_2": "狗", "item_2": "QL-01", "text_3": "", "item_3": "",
        "text_4": "", "item_4": "",
    }  # fmt: skip
    assert staff.post(f"{QUESTIONS}new/", sent).status_code == 302
    asked = elsewhere.question(near("QL-05", "QL-01"))
    assert asked is not None and [answer.item for answer in asked.answers] == ["QL-05", "QL-01"]
    assert "已经有一个问句" in staff.post(f"{QUESTIONS}new/", sent).content.decode()
    same = staff.post(f"{QUESTIONS}new/", {**sent, "item_2": "QL-05"})
    assert same.status_code == 422 and "两个不同的事项" in same.content.decode()
    half = staff.post(f"{QUESTIONS}new/", {**sent, "text_3": "猫"})
    assert half.status_code == 422 and "要一起填" in half.content.decode()
    path = f"{QUESTIONS}QL-01+QL-05/"
    assert staff.post(path, form_of(staff, path, item_2="QL-03")).status_code == 302
    assert [row.between for row in BoundaryQuestion.objects.all()] == ["QL-03+QL-05"]


def test_everybody_at_the_desk_reads_and_only_the_coordinator_writes(desk: Desk, clock: World) -> None:
    officer = desk("liuzhiqiang")
    for path in (KINDS, QUESTIONS):
        text = officer.get(path).content.decode()
        assert ">改</a>" not in text and officer.get(f"{path}new/").status_code == 404
    with pytest.raises(Forbidden):
        services.use_kind(actor=clock.actor("liuzhiqiang"), at=clock.now, code="X-01", seen="", used=False)
    memory.forget_all()
    with CaptureQueriesContext(connection) as asked:
        officer.get(KINDS)
    assert len(asked) <= 10
