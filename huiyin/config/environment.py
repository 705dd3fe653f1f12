"""Reads HUIYIN_* variables and fails loudly, naming the variable and what it may hold, when one is wrong."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
POSTGRES_EXTRAS = frozenset({"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey"})

Network = IPv4Network | IPv6Network


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; the default when it is missing or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """1/true/yes/on or 0/false/no/off, in any case."""
    value = text(name).lower()
    if not value:
        return default
    if value in YES | NO:
        return value in YES
    raise _wrong(name, value, "1, true, yes, on, 0, false, no or off")


def number(name: str, default: int, *, low: int = 0, high: int | None = None) -> int:
    """A whole number within low and high, both included."""
    value = text(name)
    if not value:
        return default
    top = "" if high is None else f" and at most {high}"
    if not value.isascii() or not value.isdigit() or int(value) < low or (high is not None and int(value) > high):
        raise _wrong(name, value, f"a whole number of at least {low}{top}")
    return int(value)


def path(name: str, default: Path) -> Path:
    """An absolute path; a relative one is taken from the directory in which the program was started."""
    return Path(text(name) or default).expanduser().absolute()


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    """One of the allowed words."""
    value = text(name, default)
    if value not in allowed:
        raise _wrong(name, value, "one of " + ", ".join(allowed))
    return value


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def choices(name: str, allowed: Collection[str]) -> list[str]:
    """A list of allowed words separated by commas; none when it is not set."""
    chosen = words(name)
    if unknown := [word for word in chosen if word not in allowed]:
        raise _wrong(name, unknown[0], "a list of " + ", ".join(sorted(allowed)))
    return chosen


def url(name: str, default: str = "") -> str:
    """An http or https address without a slash at its end; empty when it is not set."""
    value = text(name, default).rstrip("/")
    if value and not _is_address(value):
        raise _wrong(name, value, "an address such as https://huiyin.example.gov.cn")
    return value


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is none, half a bracket
        return False


def posted_to(name: str, *, plain: bool) -> str:
    """An address to which messages to people are posted: https without a user in it, http too where `plain`. A wrong one is not repeated
    in the error, because of the password that it may hold."""
    value = text(name).rstrip("/")
    if not value:
        return ""
    if not _is_address(value) or "@" in urlsplit(value).netloc or not (plain or value.lower().startswith("https:")):
        raise ImproperlyConfigured(f"{name} must be an address such as https://gateway.example.gov.cn/send, without a user in it")
    return value


def address(name: str, default: str) -> str:
    """One IP address to listen on."""
    value = text(name, default)
    try:
        return str(ip_address(value))
    except ValueError as error:
        raise _wrong(name, value, "an IP address such as 127.0.0.1 or 0.0.0.0") from error


def networks(name: str) -> list[Network]:
    """IP addresses and networks (10.0.0.5, 10.1.0.0/16, ::1) separated by commas."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise _wrong(name, text(name), "IP addresses or networks separated by commas") from error


def sqlite(file: Path, *, synchronous: str) -> dict[str, Any]:
    """Our engine's entry for one SQLite file: WAL, writers wait their turn up to 20 s, 32 MB of cache, 128 MB mapped; what is deleted is overwritten."""
    pragmas = ("journal_mode=WAL", f"synchronous={synchronous}", "cache_size=-32000", "mmap_size=134217728", "secure_delete=ON")
    return {
        "ENGINE": "huiyin.adapters.sqlite",
        "NAME": str(file),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }


def postgres(name: str, place: str, *, statement_seconds: int) -> dict[str, Any]:
    """Django's entry for postgres://user:password@host:port/database; a socket is given as ?host=/directory.

    place may hold a password and is therefore never repeated in an error.
    """
    try:
        parts = urlsplit(place)
        extras = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        port = extras.pop("port", "") or str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read as postgres://user:password@host:port/database") from error
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must read postgres://user:password@host:port/database")
    if unknown := extras.keys() - POSTGRES_EXTRAS:
        raise ImproperlyConfigured(f"{name} has an unknown part: {', '.join(sorted(unknown))}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": extras.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": 5, "options": _limits(statement_seconds), **extras},
    }


def _limits(statement_seconds: int) -> str:
    limits: Mapping[str, int] = {
        "statement_timeout": statement_seconds * 1000,
        "lock_timeout": min(statement_seconds, 10) * 1000,
        "idle_in_transaction_session_timeout": 60_000,
    }
    return " ".join(f"-c {key}={value}" for key, value in limits.items())


def _wrong(name: str, value: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r} but must be {expected} (see docs/settings.md)")
