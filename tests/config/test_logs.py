"""A log tells what went wrong and where, and nothing about anybody."""

from __future__ import annotations

import logging
import sys

from huiyin.config.logs import Discreet


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return Discreet().format(logging.LogRecord("huiyin.x", logging.ERROR, "x.py", 1, message, args, info))


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:  # noqa: BLE001, whatever the test raises
        return caught


def test_query_strings_numbers_and_mail_addresses_are_left_out() -> None:
    told = line("GET %s by %s at %s", "/track?n=2611-0379&code=ABCD", "wu@example.cn", "199 0000 1234")
    assert "code" not in told
    assert "example" not in told
    assert "0000" not in told
    assert "GET /track?…" in told


def test_values_in_the_text_of_an_error_are_left_out_but_its_place_is_told() -> None:
    told = line("failed", error=raised(ValueError("invalid literal for int(): '吴女士 19900001234'")))
    assert "吴" not in told
    assert "1990000" not in told
    assert "ValueError: invalid literal for int(): …" in told
    assert "test_logs.py" in told


def test_the_lines_below_the_first_are_left_out_because_databases_put_rows_there() -> None:
    told = line("failed", error=raised(ValueError("duplicate key\nDETAIL: Key (phone)=(abc) already exists")))
    assert "abc" not in told
    assert "duplicate key" in told


def test_the_first_cause_is_told_first() -> None:
    try:
        try:
            raise KeyError("x")
        except KeyError as cause:
            raise RuntimeError("second") from cause
    except RuntimeError as error:
        told = line("failed", error=error)
    assert told.index("KeyError") < told.index("RuntimeError")


def test_what_people_wrote_is_left_out_even_without_quotes() -> None:
    assert "吴" not in line("failed", error=raised(RuntimeError("no reply to 吴女士")))


def test_source_lines_are_not_shown() -> None:
    phone = "19900001234"
    told = line("failed", error=raised(RuntimeError(f"no {phone}")))
    assert "raise error" not in told
    assert sys.executable not in told


def test_names_of_our_own_modules_stay_readable() -> None:
    assert "huiyin.jobs.deliver" in line("failed", error=raised(ImportError("No module named 'huiyin.jobs.deliver'")))
