"""Triage learns from what clerks confirm, when it is worth it, and keeps weights and figures but no text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huiyin.adapters import learner
from huiyin.jobs import learn
from huiyin.records.models import LogState, Report, Suggestion, TriageModel, Words
from huiyin.rules import triage
from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import elsewhere, lists
from huiyin.selectors import learning as selectors
from huiyin.services import cases, learning
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]

SHOWN = {"index": "x", "first": "QL-04", "second": "QL-05", "third": "HW-01", "score": 700, "in_scope": True}
HUM = "小区变电箱整夜嗡嗡嗡叫"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "FOLDS", 2)
    monkeypatch.setattr(elsewhere, "asides", tuple)


def confirmed(world: World, many: int, words: str = HUM) -> None:
    for turn in range(many):
        number = world.report(words=f"{words}，{turn}", suggested=SHOWN).number
        world.do("wangxiulan", number, "assign", item="QL-05", lead=world.body("chengguan"))


def asked(world: World, text: str) -> Any:
    return lists.suggest(text, world.now.astimezone(SHANGHAI).date())


def test_it_learns_once_for_the_lists_as_they_are_and_then_waits_for_something_new(world: World) -> None:
    assert learn.run(world.now) == 1
    kept = TriageModel.objects.get()
    assert kept.figures["top1"] > 0.7 and kept.figures["top3"] > 0.85 and len(kept.figures["items"]) == 42
    assert asked(world, "楼下养鸡").index == kept.version
    assert learn.run(world.now) == 0


def test_twenty_confirmations_teach_what_no_phrase_said(world: World) -> None:
    learn.run(world.now)
    before = asked(world, HUM)
    confirmed(world, learning.ENOUGH - 1)
    assert learn.run(world.now) == 0
    confirmed(world, 1)
    assert learn.run(world.now) == 1
    after = asked(world, HUM)
    assert before.suggestions[0].code != "QL-05" == after.suggestions[0].code
    assert before.index != after.index


def test_a_night_after_a_single_confirmation_is_enough(world: World) -> None:
    learn.run(world.now)
    confirmed(world, 1)
    assert learn.run(world.now + timedelta(hours=1)) == 0
    assert learn.run(world.now + timedelta(hours=22)) == 1


def test_what_was_refused_as_on_no_list_teaches_what_is_not_on_them(world: World) -> None:
    refused = world.report(words="孩子上学划片", suggested=SHOWN)
    world.do("wangxiulan", refused.number, "refuse", refusal="off_list", turn_to="县教育局")
    assert [(one.text, one.label) for one in selectors.confirmed()] == [("孩子上学划片", "X-00")]


def test_a_masked_report_teaches_nothing(world: World) -> None:
    confirmed(world, 1)
    report = Suggestion.objects.get().report
    world.do("zhoumin", report.case.number, "mask", mask_what="report", mask_ground="request", report=report.pk)
    assert selectors.confirmed() == []


def grams(model: TriageModel) -> set[str]:
    return set(triage.Weights.unpack(bytes(model.weights or b"")).grams)


def test_what_only_two_cases_say_is_in_no_weights_however_often_they_say_it(world: World) -> None:
    """A name that a household and its neighbour told is no word that others would use."""
    confirmed(world, 2, "欧阳麒麟家的鸡")
    for number in Report.objects.values_list("number", flat=True)[:1]:
        for turn in range(3):
            joined = cases.join(
                actor=None, at=world.now, key=f"{turn}" * 30, number=number, words=f"欧阳麒麟又来了{turn}", channel="qr"
            )
            Suggestion.objects.create(report_id=joined.report, index="x", chosen="QL-05", chosen_at=world.now)
    confirmed(world, 3, HUM)
    learn.run(world.now)
    known = grams(TriageModel.objects.get())
    assert "嗡嗡嗡" in known and not {"麒麟", "欧阳麒", "麒"} & known


def test_what_is_masked_is_unlearnt_within_the_hour_and_leaves_the_weights_before(world: World) -> None:
    confirmed(world, 3, "欧阳麒麟家的鸡")
    learn.run(world.now)
    confirmed(world, learning.ENOUGH)
    world.later(hours=1)
    learn.run(world.now)
    assert all("麒麟" in grams(model) for model in TriageModel.objects.all()) and TriageModel.objects.count() == 2
    report = Report.objects.order_by("pk")[0]
    world.do("zhoumin", report.case.number, "mask", mask_what="report", mask_ground="request", report=report.pk)
    Words.objects.exclude(masked_at=None).update(masked_at=world.now)
    assert learn.run(world.later(minutes=30).now) == 0
    assert learn.run(world.later(minutes=40).now) == 1
    (left,) = TriageModel.objects.exclude(weights=None)
    assert left.made_at == world.now and "麒麟" not in grams(left)
    assert LogState.objects.get().scrub
    assert learn.run(world.later(hours=2).now) == 0


def test_of_every_item_only_the_newest_teach(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "EACH", 2)
    confirmed(world, 2, "养鸡")
    confirmed(world, 2)
    assert all(one.text.startswith(HUM) for one in selectors.confirmed()) and len(selectors.confirmed()) == 2


def test_weights_of_the_last_three_are_kept_and_the_figures_of_all(world: World) -> None:
    for turn in range(5):
        TriageModel.objects.create(
            version=f"old-{turn}", catalogue="c", made_at=world.now - timedelta(days=9 - turn), weights=b"x"
        )
    learn.run(world.now)
    assert TriageModel.objects.exclude(weights=None).count() == learning.KEPT
    assert TriageModel.objects.count() == 6


def test_without_scikit_learn_the_first_day_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(examples: Any, asides: Any) -> None:
        raise ImportError

    monkeypatch.setattr(learner, "fit", missing)
    assert learn.run(world.now) == 0
    assert asked(world, "楼下养鸡").suggestions[0].code == "QL-05"


@pytest.mark.django_db
def test_a_county_without_lists_learns_nothing(at: Any) -> None:
    assert learn.run(at) == 0
