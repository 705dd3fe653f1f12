"""What went wrong is said in the visitor's language, without asking the database, as JSON for scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.test import RequestFactory

from huiyin.web import errors


@pytest.mark.parametrize("status", sorted(errors.TITLES))
def test_every_page_says_what_to_do_now(status: int) -> None:
    answer = errors.page(RequestFactory().get("/", HTTP_ACCEPT="text/html"), status)
    assert answer.status_code == status
    assert str(errors.SAYINGS[status]) in answer.content.decode()


@pytest.mark.parametrize("status", sorted(errors.TITLES))
def test_a_page_of_the_demo_says_so_also_when_something_went_wrong(status: int, settings: Any) -> None:
    request = RequestFactory().get("/", HTTP_ACCEPT="text/html")
    assert "演示" not in errors.page(request, status).content.decode()
    settings.DEMO = True
    assert "演示方式登录不验证第二重身份，不能用于正式工作" in errors.page(request, status).content.decode()


def test_a_script_gets_json() -> None:
    answer = errors.not_found(RequestFactory().get("/", HTTP_ACCEPT="application/json"), Exception())
    assert answer.headers["Content-Type"] == "application/json"


def test_a_text_that_is_too_long_is_told_apart_from_a_broken_one() -> None:
    request = RequestFactory().post("/")
    assert errors.bad_request(request, RequestDataTooBig()).status_code == 413
    assert errors.bad_request(request, SuspiciousOperation()).status_code == 400


def test_a_database_that_fails_between_the_pages_is_503_too() -> None:
    try:
        raise OperationalError("database is locked")
    except OperationalError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 503


def test_a_fault_of_ours_is_500() -> None:
    try:
        raise ValueError("x")
    except ValueError:
        assert errors.server_error(RequestFactory().get("/")).status_code == 500
