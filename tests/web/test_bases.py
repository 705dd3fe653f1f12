"""The bases that every page stands on, with everything in the context and with nothing."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

COUNTY = SimpleNamespace(name="安和县", demo=True, gas_phone="0700-555 0199")


def page(base: str, **context: Any) -> str:
    source = "{% extends base %}{% block title %}试一页{% endblock %}{% block main %}<h1>试一页</h1>{% endblock %}"
    return engines["django"].from_string(source).render({"base": base, **context})


@pytest.mark.parametrize("base", ["portal/base.html", "desk/base.html", "desk/plain.html"])
def test_a_base_stands_with_an_empty_context(base: str) -> None:
    drawn = page(base)
    assert drawn.count("<h1>") == 1 and 'id="main"' in drawn and 'href="#main"' in drawn
    assert drawn.count('rel="stylesheet"') == 2, "one stylesheet, and the one for pages without scripts"
    assert "演示" not in drawn


@pytest.mark.parametrize("base", ["portal/base.html", "desk/base.html", "desk/plain.html"])
def test_every_page_of_a_demo_says_that_nobody_is_real(base: str) -> None:
    assert "演示数据：安和县为虚构，人名、电话、案件均非真实" in page(base, county=COUNTY)
    assert "不验证第二重身份" not in page(base, county=COUNTY)
    assert "不验证第二重身份" in page(base, county=COUNTY, no_second_factor=True)


def test_a_page_says_its_language() -> None:
    assert '<html lang="zh-CN">' in page("portal/base.html")
    with override("en"):
        assert '<html lang="en">' in page("portal/base.html")


def test_care_mode_is_a_class_of_the_body() -> None:
    assert '<body class="portal care"' in page("portal/base.html", care=True)
    assert '<body class="portal"' in page("portal/base.html")


def test_the_rail_shows_what_it_is_given(at: datetime) -> None:
    request = RequestFactory().get("/desk/")
    request.user = SimpleNamespace(pk=7, name="刘志强", is_authenticated=True)  # type: ignore[assignment]
    nav = [{"url": "/desk/", "label": "今日", "icon": "layout-dashboard", "count": 7, "current": True}]
    drawn = page("desk/base.html", request=request, nav=nav, now=at, post_label="县消防救援大队")
    assert 'href="/desk/" aria-current="page"' in drawn and '<span class="count">7</span>' in drawn
    assert "刘志强" in drawn and "县消防救援大队" in drawn and "11月24日 周二 9:00" in drawn
    assert 'data-person="7"' in drawn


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500, 503])
def test_what_went_wrong_is_told_without_database_or_request(status: int) -> None:
    drawn = render_to_string("errors/plain.html", {"status": status, "title": "我们这边出错了", "saying": "请过一会儿再试。"})
    assert drawn.count("<h1>") == 1 and "请过一会儿再试。" in drawn and "119" in drawn


@pytest.mark.parametrize("status", [409, 422, 429])
def test_what_can_be_mended_has_words_of_its_own(status: int) -> None:
    drawn = render_to_string(f"errors/{status}.html", {})
    assert "返回" in drawn or "再试" in drawn
    assert "请过 30 秒再试" in render_to_string("errors/429.html", {"seconds": 30})
