"""A real server in a process of its own, on the engine under test, for what no test client can suffer: kills, locks, restarts."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest


@dataclass
class Served:
    """Where it listens, where its data lies, and its processes."""

    port: int
    data: Path
    process: subprocess.Popen[bytes]
    postgres: str

    def health(self) -> tuple[int, dict[str, Any]]:
        """Status and content of /healthz; (0, {}) while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)
        except OSError:
            return 0, {}

    def report(self, words: str = "楼下花坛里有人养鸡") -> tuple[int, str]:
        """Sends a report as a browser without scripts does: status and page."""
        fields = {"key": secrets.token_urlsafe(24), "words": words, "place_words": "河堤边", "channel": "web"}
        body = urllib.parse.urlencode(fields).encode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/report", body, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def on_postgres(self, statement: str) -> int:
        """Runs a statement in the database it serves from; the first number of what it answers."""
        writing = "-c default_transaction_read_only=off"  # whatever the database says to others
        with psycopg.connect(
            self.postgres.replace("postgres://", "postgresql://"), autocommit=True, options=writing
        ) as connection:
            answer = connection.execute(statement)
            row = answer.fetchone() if answer.description else None
        return int(row[0]) if row else 0

    def wait(self, status: int, seconds: float) -> float:
        """Asks until /healthz answers so; returns after how many seconds it did."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.health()[0] == status:
                return time.monotonic() - began
            time.sleep(0.1)
        raise AssertionError(f"/healthz did not answer {status} within {seconds} s, but {self.health()}")

    def workers(self) -> list[int]:
        """The processes that serve, children of granian's own."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listed.stdout.split()]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Prepared like any installation, then served by granian with the gateway."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    postgres = _new_postgres_database()
    variables = {
        "HUIYIN_MODE": "demo",
        "HUIYIN_DATA": str(tmp_path / "data"),
        "HUIYIN_KEY_FILE": str(tmp_path / "huiyin.key"),
        "HUIYIN_DATABASE_URL": postgres,
        "DJANGO_SETTINGS_MODULE": "huiyin.config.settings",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")} | variables
    subprocess.run([sys.executable, "-m", "huiyin.cli", "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "granian", "huiyin.config.gateway:application", "--interface", "rsgi", "--no-ws"]
    command += ["--port", str(port), "--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "error"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    found = Served(port, tmp_path / "data", process, postgres)
    try:
        found.wait(200, 20)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def _new_postgres_database() -> str:
    """An empty database on the PostgreSQL under test; no address, and so SQLite, when there is none."""
    server = os.environ.get("HUIYIN_DATABASE_URL", "")  # as tests.settings has it, for this worker
    if not server:
        return ""
    name = f"fault_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")
