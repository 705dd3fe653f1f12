"""Production is what one gets without saying so, and it is safe; the demo cannot touch it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from huiyin.adapters import keys

BARE = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "DJANGO_SETTINGS_MODULE": "huiyin.config.settings"}


def python(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], env=BARE | variables, capture_output=True, text=True, check=False)


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    keys.make(tmp_path / "huiyin.key")
    (tmp_path / "data" / "incoming").mkdir(parents=True)
    return {
        "HUIYIN_DATA": str(tmp_path / "data"),
        "HUIYIN_KEY_FILE": str(tmp_path / "huiyin.key"),
        "HUIYIN_HOSTS": "huiyin.example.cn",
        "HUIYIN_PROXY": "127.0.0.1",
    }


def test_djangos_deployment_check_has_nothing_to_say_about_production(production: dict[str, str]) -> None:
    told = python(
        "import django; django.setup(); from django.core.management import call_command;"
        "call_command('check', deploy=True, fail_level='WARNING')",
        **production,
    )
    assert told.returncode == 0, told.stderr


def test_production_is_the_mode_of_those_who_say_nothing(production: dict[str, str]) -> None:
    told = python(
        "from django.conf import settings as s; o = s.DATABASES['default']['OPTIONS']['init_command'];"
        "print(s.HUIYIN_MODE, s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, 'synchronous=FULL' in o)",
        **production,
    )
    assert told.stdout.split() == ["production", "False", "True", "True", "True"], told.stderr


@pytest.mark.parametrize(
    ("more", "address"),
    [
        ({"HUIYIN_PROXY": "127.0.0.1", "HUIYIN_PORT": "8020"}, "https://huiyin.example.cn"),
        ({"HUIYIN_TLS_CERT": "/x.pem", "HUIYIN_TLS_KEY": "/y.pem", "HUIYIN_PORT": "8443"}, "https://huiyin.example.cn:8443"),
        ({"HUIYIN_TLS_CERT": "/x.pem", "HUIYIN_TLS_KEY": "/y.pem", "HUIYIN_PORT": "443"}, "https://huiyin.example.cn"),
        ({"HUIYIN_TLS_CERT": "/x.pem", "HUIYIN_PORT": "8443", "HUIYIN_SITE_URL": "https://b.example.cn"}, "https://b.example.cn"),
    ],
)
def test_qr_codes_lead_to_the_port_that_is_served(production: dict[str, str], more: dict[str, str], address: str) -> None:
    told = python(
        "from django.conf import settings; print(settings.HUIYIN_SITE_URL)",
        **production | {"HUIYIN_HOSTS": "huiyin.example.cn"} | more,
    )
    assert told.stdout.strip() == address, told.stderr


def test_without_a_key_file_nothing_can_be_signed(production: dict[str, str], tmp_path: Path) -> None:
    told = python(
        "import django; django.setup(); from django.core import signing; signing.dumps('x')",
        **production | {"HUIYIN_KEY_FILE": str(tmp_path / "none")},
    )
    assert "SECRET_KEY" in told.stderr


def test_sessions_are_signed_with_a_key_of_their_own(production: dict[str, str], tmp_path: Path) -> None:
    told = python("from django.conf import settings; print(settings.SECRET_KEY)", **production)
    master = keys.read(tmp_path / "huiyin.key")
    assert told.stdout.strip() == keys.expand(master, "sessions", 48).hex()


def test_a_wrong_variable_stops_the_start_in_one_line() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "huiyin.cli", "check"],
        env=BARE | {"HUIYIN_PORT": "eighty"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2
    assert "HUIYIN_PORT is 'eighty'" in told.stderr
    assert "Traceback" not in told.stderr


def test_postgresql_is_used_when_it_is_named(production: dict[str, str]) -> None:
    told = python(
        "from django.conf import settings as s; d = s.DATABASES['default']; print(d['ENGINE'], d['NAME'], d['CONN_HEALTH_CHECKS'])",
        **production | {"HUIYIN_DATABASE_URL": "postgres://huiyin@/county?host=/run/postgresql"},
    )
    assert told.stdout.split() == ["django.db.backends.postgresql", "county", "True"], told.stderr


def test_every_role_that_a_posting_can_have_may_be_asked_for_a_second_factor() -> None:
    from django.conf import settings

    from huiyin.rules.workflow.vocabulary import Role

    never_posted = {Role.RES, Role.SYS, Role.LEAD, Role.LEADHEAD, Role.STANDIN, Role.AUTHOR}
    assert set(settings.STAFF_ROLES) == {role.value for role in set(Role) - never_posted}
