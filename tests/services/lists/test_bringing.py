"""A written list comes into force whole, once, and never under a case's feet."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.records.models import LegalBasis, ListItem, ListVersion
from huiyin.services.lists import BadList, Brought, bring_in

pytestmark = pytest.mark.django_db

SOURCE: dict[str, Any] = {
    "title": "试用清单",
    "listing": "enforcement",
    "number": 3,
    "status": "项目组起草的参考目录",
    "drafted": date(2026, 11, 1),
    "categories": [{"code": "QL", "name": "犬类", "name_en": "Dogs"}],
    "items": [
        {
            "code": "QL-01",
            "category": "QL",
            "name": "遛犬不牵绳",
            "plain": "遛狗不拴绳。",
            "phrases": ["狗没拴绳"],
            "lead": "gongan",
            "clocks": {"urgency": "快", "dispatch_working_hours": 2, "onsite_hours": 24, "close_workdays": 5},
            "bases": [
                {
                    "law": "动物防疫法",
                    "law_code": "dongwufangyi",
                    "article": "第三十条",
                    "kind": "duty",
                    "quote": "…",
                    "verified": "secondary",
                }
            ],
        }
    ],
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(SOURCE), **changes}


def with_item(**changes: Any) -> dict[str, Any]:
    source = deepcopy(SOURCE)
    source["items"][0].update(changes)
    return source


def test_a_list_comes_into_force_with_items_and_bases_on_the_day_it_is_brought_in(at: datetime) -> None:
    assert bring_in(SOURCE, actor="sys", at=at) is Brought.NEW
    version = ListVersion.objects.get()
    assert (version.number, version.in_force_from, version.in_force_to) == (3, at.date(), None)
    assert "项目组起草的参考目录" in version.note
    item = version.items.get()
    assert (item.code, item.lead, item.category_name_en, item.close_workdays) == ("QL-01", "gongan", "Dogs", 5)
    assert item.bases.get().article == "第三十条"


def test_the_day_is_that_of_shanghai(at: datetime) -> None:
    late = datetime.fromisoformat("2026-11-24T17:30:00+00:00")
    bring_in(SOURCE, actor="sys", at=late)
    assert ListVersion.objects.get().in_force_from == date(2026, 11, 25)


def test_the_same_list_again_changes_nothing(at: datetime) -> None:
    bring_in(SOURCE, actor="sys", at=at)
    assert bring_in(deepcopy(SOURCE), actor="sys", at=at + timedelta(days=9)) is Brought.SAME
    assert ListVersion.objects.get().in_force_from == at.date()
    assert ListItem.objects.count() == LegalBasis.objects.count() == 1


def test_changed_content_under_a_number_in_force_is_not_applied(at: datetime, caplog: pytest.LogCaptureFixture) -> None:
    bring_in(SOURCE, actor="sys", at=at)
    assert bring_in(with_item(lead="nongye"), actor="sys", at=at) is Brought.CHANGED
    assert ListItem.objects.get().lead == "gongan"
    assert "give it a new number" in caplog.text


def test_a_new_number_begins_and_the_one_before_ends_the_day_before(at: datetime) -> None:
    bring_in(SOURCE, actor="sys", at=at - timedelta(days=30))
    assert bring_in(changed(number=4), actor="sys", at=at) is Brought.NEW
    old, new = ListVersion.objects.order_by("number")
    assert old.in_force_to == at.date() - timedelta(days=1)
    assert (new.in_force_from, new.in_force_to) == (at.date(), None)


def test_two_versions_on_one_day_begin_on_two_days(at: datetime) -> None:
    bring_in(SOURCE, actor="sys", at=at)
    bring_in(changed(number=4), actor="sys", at=at)
    old, new = ListVersion.objects.order_by("number")
    assert (old.in_force_from, old.in_force_to) == (at.date(), at.date())
    assert new.in_force_from == at.date() + timedelta(days=1)


def test_a_number_below_the_countys_own_is_left_alone(at: datetime) -> None:
    bring_in(changed(number=7), actor="sys", at=at)
    assert bring_in(SOURCE, actor="sys", at=at) is Brought.OLDER
    assert ListVersion.objects.count() == 1


def test_the_two_lists_have_numbers_of_their_own(at: datetime) -> None:
    bring_in(SOURCE, actor="sys", at=at)
    assert bring_in(changed(listing="service"), actor="sys", at=at) is Brought.NEW


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (with_item(category="ZS"), "QL-01: category 'ZS'"),
        (with_item(name="长" * 81), "QL-01: name"),
        (with_item(clocks={"urgency": "快", "dispatch_working_hours": 2}), "QL-01: close_workdays is missing"),
        (with_item(bases=[{"law": "动物防疫法"}]), "QL-01, basis 1: law_code is missing"),
        (changed(items=SOURCE["items"] * 2), "given twice: QL-01"),
    ],
    ids=["category", "too long", "clock", "basis", "twice"],
)
def test_a_list_with_a_mistake_is_refused_by_name_and_leaves_nothing(source: dict[str, Any], why: str, at: datetime) -> None:
    bring_in(changed(number=1), actor="sys", at=at - timedelta(days=3))
    with pytest.raises(BadList, match=why):
        bring_in(source, actor="sys", at=at)
    assert ListVersion.objects.get().in_force_to is None
    assert ListItem.objects.count() == 1
