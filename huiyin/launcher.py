"""Starts and watches the two processes of an installation, the web server and the worker, and stops both cleanly.

It stays small: tables, key and static files are prepared by a child, so that nothing of Django lies in memory for months.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import IO

from django.conf import settings

from huiyin.config.owner import refuse_another_owner
from huiyin.config.trouble import NotReady

DEMO_PORT = 8020
DEMO_MARKER = ".huiyin-demo"
DEMO_LOADED = ".loaded"
DEMO_LOGINS = "logins.json"
START_SECONDS = 60
STOP_SECONDS = 15
# A process that falls this often within the window will not be saved by starting it again.
FALLS, FALL_WINDOW_SECONDS = 5, 60
LONGEST_PAUSE_SECONDS = 30
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process: how it is started, when it fell, and whether everything stops when it cannot be kept up."""

    name: str
    command: list[str]
    vital: bool = True
    process: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)
    again_at: float = 0.0

    def start(self) -> None:
        """Starts it; the kernel stops it should this launcher be killed."""
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)

    def fell(self) -> bool:
        """Whether it has ended although nobody asked it to."""
        return self.process is not None and self.process.poll() is not None

    def ask(self, number: int) -> None:
        """Sends a signal if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Keeps the children running until a signal arrives and starts one that fell again.

    Pages that cannot be kept up stop everything, so that whoever started this (systemd) sees it. Without the worker reports still get
    in, so it is tried again for ever, and /healthz tells that it is silent.
    """

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def run(self, is_up: Callable[[], bool], on_up: Callable[[], None]) -> int:
        """Starts all, calls on_up once the pages answer, and waits. Returns the exit code: 0 after a signal, else 1."""
        try:
            for child in self.children:
                child.start()
            if not self._wait_until(is_up):
                return 0 if self.stopping else 1
            on_up()
            return self._watch()
        finally:
            self.stop()

    def _wait_until(self, is_up: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping and time.monotonic() < deadline:
            if any(child.fell() for child in self.children):
                _say_error("A process ended while starting; what it said stands above.")
                return False
            if is_up():
                return True
            time.sleep(0.1)
        if not self.stopping:
            _say_error(f"The pages did not answer within {START_SECONDS} seconds.")
        return False

    def _watch(self) -> int:
        while not self.stopping:
            for child in filter(Child.fell, self.children):
                if not child.again_at and not self._note_fall(child, time.monotonic()):
                    return 1
                if child.again_at <= time.monotonic() and not self.stopping:
                    child.again_at = 0.0
                    child.start()
            time.sleep(0.2)
        return 0

    def _note_fall(self, child: Child, now: float) -> bool:
        """Plans the next start, later each time. False when a vital child has fallen too often."""
        child.falls = [fall for fall in child.falls if now - fall < FALL_WINDOW_SECONDS] + [now]
        code = child.process.returncode if child.process else None
        if child.vital and len(child.falls) >= FALLS:
            _say_error(f"The {child.name} ended {FALLS} times within {FALL_WINDOW_SECONDS} seconds (last code {code}). Stopping.")
            return False
        pause = 2 ** (len(child.falls) - 1) - 1
        child.again_at = now + min(pause, LONGEST_PAUSE_SECONDS)
        _say_error(f"The {child.name} ended by itself (code {code}) and is started again" + (f" in {pause} s." if pause else "."))
        return True

    def stop(self) -> None:
        """Asks all to stop, waits STOP_SECONDS, then ends what is left."""
        for child in self.children:
            child.ask(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.ask(signal.SIGKILL)
                child.process.wait()


# ---- the two ways to start ----------------------------------------------------------------------------------------------


def demo(*, lan: bool, fresh: bool, port: int | None) -> int:
    """A made-up county on SQLite, on plain http, for one machine or one room. Nothing it sends leaves the machine."""
    address = "0.0.0.0" if lan else "127.0.0.1"  # noqa: S104, --lan asks for it in so many words
    chosen = _usable_port(address, port)
    hosts = _lan_addresses() if lan else ["127.0.0.1"]
    os.environ.update(
        HUIYIN_PORT=str(chosen),
        HUIYIN_ADDRESS=address,
        HUIYIN_SITE_URL=f"http://{hosts[0]}:{chosen}",
        HUIYIN_HOSTS="*" if lan else "",
    )
    data = Path(settings.HUIYIN_DATA)
    if fresh:
        _forget_demo(data)
    _claim_demo(data)
    with only_one(data, chosen):
        _say("回音 演示 · Huiyin demo: everything in it is made up (演示数据)")
        if port is None and chosen != DEMO_PORT:
            _say(f"port {DEMO_PORT} is taken, using {chosen}")
        _prepare("demo")
        return _serve(on_up=lambda: _greet(data, hosts, chosen))


def up() -> int:
    """Production, with the settings of this machine. Refuses what would be unsafe."""
    if settings.HUIYIN_MODE != "production":
        raise NotReady("HUIYIN_MODE must be production (or not set) for `huiyin up`; the demo is `huiyin demo`.")
    _refuse_unsafe()
    refuse_another_owner()
    _make_directory(settings.HUIYIN_DATA)
    with only_one(settings.HUIYIN_DATA, settings.HUIYIN_PORT):
        _refuse_taken(settings.HUIYIN_ADDRESS, settings.HUIYIN_PORT)
        _prepare("init")
        return _serve(on_up=lambda: _say(f"ready: {settings.HUIYIN_SITE_URL}"))


def _refuse_unsafe() -> None:
    certificate, key = settings.HUIYIN_TLS_CERT, settings.HUIYIN_TLS_KEY
    if bool(certificate) != bool(key):
        raise NotReady("HUIYIN_TLS_CERT and HUIYIN_TLS_KEY belong together; only one of them is set.")
    for file in filter(None, (certificate, key)):
        if not os.access(file, os.R_OK):
            raise NotReady(f"The file {file} cannot be read by this user.")
    if not certificate and not settings.HUIYIN_PROXY:
        raise NotReady(
            "Pages would travel in the clear. Either give a certificate (HUIYIN_TLS_CERT and HUIYIN_TLS_KEY), or put a proxy with TLS "
            "in front and name its address (for one on this machine: HUIYIN_PROXY=127.0.0.1)."
        )
    if not os.environ.get("HUIYIN_HOSTS", "").strip():
        raise NotReady("HUIYIN_HOSTS is not set: name the host under which people reach it, for example huiyin.example.gov.cn.")


def _serve(on_up: Callable[[], None]) -> int:
    children = [Child("web server", web_command()), Child("worker", _huiyin("worker"), vital=False)]
    return Supervisor(children).run(is_up, on_up)


def web_command() -> list[str]:
    """granian with our gateway; one process on SQLite, which has one writer anyway, two on PostgreSQL."""
    sqlite = "sqlite" in settings.DATABASES["default"]["ENGINE"]
    command = [sys.executable, "-m", "granian", "huiyin.config.gateway:application", "--interface", "rsgi", "--no-ws"]
    command += ["--host", settings.HUIYIN_ADDRESS, "--port", str(settings.HUIYIN_PORT)]
    command += ["--workers", "1" if sqlite else "2", "--respawn-failed-workers", "--respawn-interval", "0.5"]
    command += ["--workers-kill-timeout", "10", "--log-level", "warning"]
    if settings.HUIYIN_TLS_CERT:
        command += ["--ssl-certificate", settings.HUIYIN_TLS_CERT, "--ssl-keyfile", settings.HUIYIN_TLS_KEY]
        command += ["--ssl-protocol-min", "tls1.2"]
    return command


def is_up() -> bool:
    """Whether /healthz answers, well or badly; a refused connection and another program on the port do not count."""
    address = settings.HUIYIN_ADDRESS
    host = "127.0.0.1" if ip_address(address).is_unspecified else address
    host = f"[{host}]" if ":" in host else host
    tls = bool(settings.HUIYIN_TLS_CERT)
    url = f"{'https' if tls else 'http'}://{host}:{settings.HUIYIN_PORT}/healthz"
    headers = {"Host": settings.ALLOWED_HOSTS[0].replace("*", host)}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310, the address is put together from our own settings
    context = ssl._create_unverified_context() if tls else None  # noqa: S323, our own certificate names the public host, not this one
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:  # noqa: S310, as above
            return "verdict" in json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code == 503
    except (OSError, ValueError):
        return False


def _prepare(step: str) -> None:
    """A child prepares everything and goes. Its own words say what was wrong."""
    command = _huiyin("init") if step == "init" else [sys.executable, "-m", "huiyin.config.demo"]
    code = subprocess.call(command, stdin=subprocess.DEVNULL)
    if code:
        raise SystemExit(code if code > 0 else 130)


def _huiyin(command: str) -> list[str]:
    return [sys.executable, "-m", "huiyin.cli", command]


# ---- the demo's own directory ---------------------------------------------------------------------------------------------


def _claim_demo(data: Path) -> None:
    """Marks a new or empty directory as the demo's. Raises NotReady for one that holds anything else."""
    marker = data / DEMO_MARKER
    if marker.is_file():
        return
    if data.exists() and any(data.iterdir()):
        raise NotReady(f"{data} holds files that are not the demo's. Name an empty directory in HUIYIN_DATA, or leave it unset.")
    _make_directory(data)
    marker.write_text("Made by `huiyin demo`; `huiyin demo --fresh` deletes this directory.\n", encoding="utf-8")


def _make_directory(directory: Path) -> None:
    """Makes it, and closes one that was there (a home that useradd made) to others on the machine; a group that was let in stays."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(directory.stat().st_mode)
        if mode & stat.S_IRWXO:
            directory.chmod(mode & ~stat.S_IRWXO)
    except OSError as error:
        raise NotReady(f"The directory {directory} cannot be made: {error.strerror}.") from error


def _forget_demo(data: Path) -> None:
    if not data.exists():
        return
    if not (data / DEMO_MARKER).is_file() and any(data.iterdir()):
        raise NotReady(f"{data} was not made by the demo, so --fresh does not delete it.")
    with only_one(data, None):
        shutil.rmtree(data)


def _greet(data: Path, hosts: list[str], port: int) -> None:
    _say("")
    for host in hosts:
        _say(f"居民页面 for residents  http://{host}:{port}/")
        _say(f"工作页面 for staff      http://{host}:{port}/desk/")
    logins = json.loads((data / DEMO_LOGINS).read_text(encoding="utf-8")) if (data / DEMO_LOGINS).is_file() else []
    if logins:
        _say("")
        _say("演示账号 demo logins")
        for login in logins:
            _say("  " + "   ".join(str(part) for part in login))
    _say("")
    _say("停止 stop: Ctrl-C · 重来 start over: --fresh · 让手机也能访问 let phones in: --lan")


# ---- ports, addresses, locks -----------------------------------------------------------------------------------------------


@contextmanager
def only_one(data: Path, port: int | None) -> Iterator[None]:
    """Holds the installation's lock. The kernel drops it with the process, so that it is never stale."""
    try:
        file: IO[str] = open(data / "launcher.lock", "a+", encoding="utf-8")  # noqa: SIM115, held open as long as the lock
    except OSError as error:
        raise NotReady(
            f"{data / 'launcher.lock'} cannot be written: {error.strerror}. Check the owner and the permissions of {data}."
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        held = file.read().strip()
        file.close()
        raise NotReady(f"Huiyin already runs on {data} ({held or 'unknown process'}). Stop that one first.") from None
    file.truncate(0)
    file.write(f"process {os.getpid()}" + (f", port {port}" if port else ""))
    file.flush()
    try:
        yield
    finally:
        file.close()


def _usable_port(address: str, wanted: int | None) -> int:
    if wanted is not None:
        if not 1 <= wanted <= 65535:
            raise NotReady(f"{wanted} is no port: 1 to 65535.")
        _refuse_taken(address, wanted)
        return wanted
    free = next((port for port in range(DEMO_PORT, DEMO_PORT + 20) if _is_free(address, port)), None)
    if free is None:
        raise NotReady(f"The ports {DEMO_PORT} to {DEMO_PORT + 19} are all taken. Name a free one with --port.")
    return free


def _refuse_taken(address: str, port: int) -> None:
    if not _is_free(address, port):
        raise NotReady(f"Port {port} on {address} is taken by another program, or this user may not use it.")


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def _lan_addresses() -> list[str]:
    """The addresses under which others on the same network reach this machine; 127.0.0.1 when there is no network."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with suppress(OSError):
            probe.connect(("192.0.2.1", 9))  # A datagram socket sends nothing by connecting; it only picks a way out.
            found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return list(dict.fromkeys(address for address in found if not ip_address(address).is_loopback)) or ["127.0.0.1"]


def _say(text: str) -> None:
    print(text, flush=True)


def _say_error(text: str) -> None:
    print(f"huiyin: {text}", file=sys.stderr, flush=True)
