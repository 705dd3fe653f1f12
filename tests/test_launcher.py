"""Starting and stopping: what is unsafe is refused, what falls is lifted, what is asked to stop stops, and only the demo is ever deleted."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huiyin import launcher
from huiyin.config.trouble import NotReady

BARE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def huiyin(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huiyin.cli", *words]
    return subprocess.run(command, env=BARE | variables, capture_output=True, text=True, timeout=60, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    """Variables of a production that knows its host, in a directory of this test."""
    return {
        "HUIYIN_DATA": str(tmp_path / "data"),
        "HUIYIN_KEY_FILE": str(tmp_path / "keys" / "huiyin.key"),
        "HUIYIN_HOSTS": "huiyin.example.cn",
        "HUIYIN_PORT": str(free_port()),
    }


# ---- what is refused ---------------------------------------------------------------------------------------------------


def test_production_does_not_send_pages_in_the_clear(place: dict[str, str]) -> None:
    told = huiyin("up", **place)
    assert told.returncode == 2
    assert "HUIYIN_TLS_CERT" in told.stderr
    assert "HUIYIN_PROXY" in told.stderr


def test_half_a_certificate_is_refused(place: dict[str, str]) -> None:
    assert "belong together" in huiyin("up", **place, HUIYIN_TLS_CERT="cert.pem").stderr


def test_production_has_to_know_its_host(place: dict[str, str]) -> None:
    del place["HUIYIN_HOSTS"]
    assert "HUIYIN_HOSTS" in huiyin("up", **place, HUIYIN_PROXY="127.0.0.1").stderr


def test_a_port_in_use_is_named(place: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(place["HUIYIN_PORT"])))
        other.listen()
        told = huiyin("up", **place, HUIYIN_PROXY="127.0.0.1")
    assert told.returncode == 2
    assert f"Port {place['HUIYIN_PORT']}" in told.stderr


def test_a_second_start_on_the_same_data_is_refused(tmp_path: Path, place: dict[str, str]) -> None:
    (tmp_path / "data").mkdir()
    with launcher.only_one(tmp_path / "data", 8020):
        told = huiyin("up", **place, HUIYIN_PROXY="127.0.0.1")
    assert f"already runs on {tmp_path / 'data'} (process {os.getpid()}, port 8020)" in told.stderr


def test_nobody_else_on_the_machine_reads_what_residents_said(tmp_path: Path, place: dict[str, str]) -> None:
    """useradd may have made the home open to all; then the directory is closed, and no file is ever made for others to read."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    launcher._make_directory(data)
    assert data.stat().st_mode & 0o777 == 0o750, "a group that was let in stays, others do not"
    assert huiyin("init", **place).returncode == 0
    assert (data / "huiyin.sqlite3").stat().st_mode & 0o077 == 0


def test_a_lock_is_never_stale(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys, time, pathlib; from huiyin import launcher\n"
         "with launcher.only_one(pathlib.Path(sys.argv[1]), 1): print('held', flush=True); time.sleep(60)", str(tmp_path)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with launcher.only_one(tmp_path, 2):
        pass


def test_a_lock_that_belongs_to_somebody_else_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "launcher.lock").mkdir()  # as any file that cannot be opened for writing
    with pytest.raises(NotReady, match="Check the owner"), launcher.only_one(tmp_path, None):
        pass


def test_the_demo_does_not_settle_in_a_directory_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "huiyin.sqlite3").write_text("a county's real data")
    told = huiyin("demo", HUIYIN_DATA=str(tmp_path))
    assert told.returncode == 2
    assert "not the demo's" in told.stderr


def test_a_fresh_demo_deletes_only_what_a_demo_made(tmp_path: Path) -> None:
    (tmp_path / "huiyin.sqlite3").write_text("a county's real data")
    told = huiyin("demo", "--fresh", HUIYIN_DATA=str(tmp_path))
    assert told.returncode == 2
    assert (tmp_path / "huiyin.sqlite3").exists()


def test_a_fresh_demo_forgets_its_own_directory(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    launcher._claim_demo(data)
    (data / "files").mkdir()
    launcher._forget_demo(data)
    assert not data.exists()


def test_the_demo_forgets_what_a_real_installation_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin import cli

    monkeypatch.setenv("HUIYIN_DATABASE_URL", "postgres://huiyin@/county")
    monkeypatch.setenv("HUIYIN_MAIL_HOST", "mail.example.cn")
    monkeypatch.setenv("HUIYIN_DATA", "/somewhere")
    monkeypatch.setenv("HUIYIN_MODE", "production")
    cli._choose_demo()
    left = {name: os.environ[name] for name in os.environ if name.startswith("HUIYIN_")}
    assert left == {"HUIYIN_DATA": "/somewhere", "HUIYIN_MODE": "demo"}


def test_a_taken_port_is_no_obstacle_for_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr(launcher, "DEMO_PORT", taken)
        chosen = launcher._usable_port("127.0.0.1", None)
    assert chosen != taken


@pytest.mark.parametrize("port", [0, 65536, -1])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(NotReady, match="no port"):
        launcher._usable_port("127.0.0.1", port)


# ---- watching ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def handlers() -> Iterator[None]:
    """Puts this process's own signal handlers back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def running(child: launcher.Child) -> bool:
    return child.process is not None and child.process.poll() is None


@pytest.mark.usefixtures("handlers")
def test_a_signal_stops_every_child(monkeypatch: pytest.MonkeyPatch) -> None:
    children = [launcher.Child("web server", SLEEP), launcher.Child("worker", SLEEP)]
    supervisor = launcher.Supervisor(children)
    code = supervisor.run(lambda: True, lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert code == 0
    assert not any(running(child) for child in children)


@pytest.mark.usefixtures("handlers")
def test_a_child_that_falls_is_started_again_and_it_is_said(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    count = tmp_path / "count"
    code = f"import time, pathlib; p = pathlib.Path({str(count)!r}); n = len(p.read_text()) if p.exists() else 0; p.write_text('x' * (n + 1)); time.sleep(60 if n else 0)"
    child = launcher.Child("worker", [sys.executable, "-c", code])
    supervisor = launcher.Supervisor([child])

    def stop_once_lifted() -> bool:
        return True

    def watch() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not (count.exists() and count.read_text() == "x"):
            time.sleep(0.05)
        signal.signal(signal.SIGALRM, lambda number, frame: os.kill(os.getpid(), signal.SIGTERM))
        signal.alarm(3)

    assert supervisor.run(stop_once_lifted, watch) == 0
    assert count.read_text() == "xx"
    assert "started again" in capfd.readouterr().err


@pytest.mark.usefixtures("handlers")
def test_pages_that_keep_falling_stop_everything(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "FALLS", 2)
    good = launcher.Child("worker", SLEEP, vital=False)
    bad = launcher.Child("web server", [sys.executable, "-c", "import time; time.sleep(0.5)"])
    assert launcher.Supervisor([good, bad]).run(lambda: True, lambda: None) == 1
    assert not running(good)
    assert "Stopping" in capfd.readouterr().err


def test_a_worker_that_keeps_falling_is_tried_again_later_each_time(capfd: pytest.CaptureFixture[str]) -> None:
    worker = launcher.Child("worker", SLEEP, vital=False)
    supervisor = launcher.Supervisor.__new__(launcher.Supervisor)
    pauses = []
    for _ in range(8):
        assert supervisor._note_fall(worker, now=100.0)
        pauses.append(worker.again_at - 100.0)
    assert pauses == [0, 1, 3, 7, 15, 30, 30, 30]


@pytest.mark.usefixtures("handlers")
def test_a_start_that_fails_is_no_start(capfd: pytest.CaptureFixture[str]) -> None:
    child = launcher.Child("web server", [sys.executable, "-c", "raise SystemExit(3)"])
    assert launcher.Supervisor([child]).run(lambda: False, lambda: None) == 1
    assert "while starting" in capfd.readouterr().err


# ---- the whole of it ---------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    """A certificate of its own for huiyin.example.cn, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "huiyin.example.cn")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = builder.sign(key, hashes.SHA256())
    (tmp_path / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return {"HUIYIN_TLS_CERT": str(tmp_path / "cert.pem"), "HUIYIN_TLS_KEY": str(tmp_path / "key.pem")}


def health(place: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(f"https://127.0.0.1:{place['HUIYIN_PORT']}/healthz", headers={"Host": "huiyin.example.cn"})
    with urllib.request.urlopen(request, timeout=5, context=ssl._create_unverified_context()) as answer:
        return dict(json.load(answer))


def test_production_starts_on_an_empty_machine_serves_and_stops_cleanly(
    place: dict[str, str], certificate: dict[str, str]
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "huiyin.cli", "up"],
        env=BARE | place | certificate,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line)
            if line.startswith("ready"):
                break
        assert "https://huiyin.example.cn" in lines[-1], "".join(lines)
        found = health(place)
        assert (found["database"], found["verdict"]) == ("ok", "ok")
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        process.stdout.close()
    assert process.wait(20) == 0, rest
    assert Path(place["HUIYIN_KEY_FILE"]).stat().st_mode & 0o777 == 0o600
