"""What every county starts with: the two reference lists, complete enough to be shown, dispatched and timed."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

DEPARTMENTS = {
    "gongan",
    "chengguan",
    "ziran",
    "liangwei",
    "huanjing",
    "zhujian",
    "sifa",
    "xiaofang",
    "shijian",
    "nongye",
    "weijian",
}
MAY_LEAD = DEPARTMENTS | {"zhenjie", "wuye"}
MAY_COOPERATE = MAY_LEAD | {"fayuan", "gongdian", "gongshui", "ranqi"}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("huiyin.seed").joinpath("lists", f"{name}.toml").read_text(encoding="utf-8"))


ENFORCEMENT, SERVICE = read("enforcement"), read("service")
CATEGORIES = [*ENFORCEMENT["categories"], *SERVICE["categories"]]
ITEMS = [*ENFORCEMENT["items"], *SERVICE["items"]]
every_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["code"])


def test_the_lists_hold_9_categories_32_items_and_10_services() -> None:
    assert (len(ENFORCEMENT["categories"]), len(ENFORCEMENT["items"]), len(SERVICE["items"])) == (9, 32, 10)


def test_every_code_is_given_once() -> None:
    codes = [entry["code"] for entry in [*CATEGORIES, *ITEMS]]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("listing", [ENFORCEMENT, SERVICE], ids=["enforcement", "service"])
def test_a_list_says_that_it_is_a_reference_drafted_by_the_project(listing: dict[str, Any]) -> None:
    assert "项目组起草的参考目录" in listing["status"]
    assert listing["title"]
    assert listing["drafted"]
    assert listing["law_status_note"]
    assert listing["number"] >= 1


def test_every_category_has_a_chinese_and_an_english_name() -> None:
    assert all(category["name"] and category["name_en"].isascii() for category in CATEGORIES)


@every_item
def test_an_item_says_who_leads_and_who_helps(item: dict[str, Any]) -> None:
    assert item["lead"] in MAY_LEAD
    assert set(item["cooperating"]) <= MAY_COOPERATE - {item["lead"]}
    assert len(item["cooperating"]) == len(set(item["cooperating"]))
    assert item["police"] is (item["lead"] == "gongan")


@every_item
def test_an_item_can_be_read_in_chinese_and_english(item: dict[str, Any]) -> None:
    assert item["name"]
    assert item["plain"]
    assert len(item["phrases"]) >= 2
    assert item["keywords"]
    assert item["name_en"].isascii()
    assert item["plain_en"].isascii()
    assert item["plain_en"].endswith(".")


@every_item
def test_an_item_belongs_to_a_category_of_its_list(item: dict[str, Any]) -> None:
    assert item["category"] in {category["code"] for category in CATEGORIES}
    assert item["code"].startswith(item["category"])


@every_item
def test_an_item_promises_its_times(item: dict[str, Any]) -> None:
    clocks = item["clocks"]
    assert clocks["urgency"] in {"急", "快", "常"}
    assert clocks["dispatch_working_hours"] > 0
    if item["category"] == "FS":
        assert clocks["reply_workdays"] > 0
    else:
        assert min(clocks["onsite_hours"], clocks["recheck_days"], clocks["close_workdays"]) > 0
        assert clocks["rectify_default"]


@every_item
def test_an_item_rests_on_a_basis(item: dict[str, Any]) -> None:
    assert item["bases"]
    if item["category"] == "FS":
        assert item["handling"]
    else:
        assert item["ladder"]
        assert item["measures"]


@every_item
def test_a_basis_names_law_article_words_and_how_they_were_checked(item: dict[str, Any]) -> None:
    for basis in item["bases"]:
        assert all(basis[key] for key in ("law", "article", "quote", "source"))
        assert basis["law_code"].replace("-", "").isalpha()
        assert basis["kind"] in {"duty", "liability", "procedure", "definition", "civil", "force", "exception"}
        assert basis["verified"] in {"statute_text", "secondary"}
        assert basis.get("valid_from", date.min) <= basis.get("valid_to", date.max)


def test_a_law_keeps_one_code_however_its_title_is_written() -> None:
    codes: dict[str, set[str]] = {}
    for item in ITEMS:
        for basis in item["bases"]:
            codes.setdefault(basis["law"], set()).add(basis["law_code"])
    assert all(len(found) == 1 for found in codes.values())
    assert codes["中华人民共和国治安管理处罚法（2025修订）"] == {"zhian"}


def test_a_required_first_step_hangs_on_a_basis_and_the_item_tells_it_in_words() -> None:
    """治安管理处罚法 88, 89 and others: the clause, not the item, demands an earlier order, warning or dissuasion."""
    with_step = {item["code"] for item in ENFORCEMENT["items"] if "prior_step" in item}
    with_clause = {item["code"] for item in ENFORCEMENT["items"] if any("requires_first" in basis for basis in item["bases"])}
    steps = {step for item in ENFORCEMENT["items"] for basis in item["bases"] for step in basis.get("requires_first", [])}
    assert with_step == with_clause
    assert len(with_step) == 9
    assert steps == {"dissuade", "order", "warning"}
