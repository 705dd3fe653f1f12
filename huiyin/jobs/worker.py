"""The worker: says that it lives, and runs what the clock starts and what rows wait for. One job's failure stops no other."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from threading import Event, Thread
from types import FrameType

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from huiyin.selectors import house as known
from huiyin.services import house

log = logging.getLogger(__name__)

TICK_SECONDS = 1
BEAT_SECONDS = 10
LONGEST_PAUSE_SECONDS = 3600
# A job that always finds more to do gives way to the others after so many turns, or when its turns have taken so long.
TURNS = 20
GIVE_WAY_SECONDS = 10.0

Run = Callable[[datetime], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`run(at) -> int` at the dotted name does one short turn (50 rows at most) and returns how many things it did.

    A job that `drains` is asked again at once while it still finds something to do. One that may take a minute runs `aside`, in a thread
    of its own. A `nightly` one goes over everything: it runs aside between two and five, or by day when it has missed two nights.
    """

    name: str
    every_seconds: int
    run: str
    drains: bool = False
    nightly: bool = False
    aside: bool = False


SCHEDULE: tuple[Job, ...] = (
    Job(name="deliver", every_seconds=2, run="huiyin.jobs.deliver.run", drains=True),
    Job(name="photos", every_seconds=2, run="huiyin.jobs.photos.run", drains=True),
    Job(name="documents", every_seconds=1, run="huiyin.jobs.documents.run", drains=True),
    Job(name="bind", every_seconds=5, run="huiyin.jobs.documents.run_binding", aside=True),
    Job(name="sweep", every_seconds=60, run="huiyin.jobs.sweep.run", drains=True),
    Job(name="sequence", every_seconds=2, run="huiyin.jobs.record.run", drains=True),
    Job(name="checkpoint", every_seconds=60, run="huiyin.jobs.record.run_checkpoint"),
    Job(name="scrub", every_seconds=60, run="huiyin.jobs.retention.run_scrub"),
    Job(name="recount", every_seconds=10, run="huiyin.jobs.recount.run", drains=True),
    Job(name="orphans", every_seconds=3600, run="huiyin.jobs.orphans.run", drains=True),
    Job(name="housekeeping", every_seconds=3600, run="huiyin.jobs.housekeeping.run", drains=True),
    Job(name="learn", every_seconds=30, run="huiyin.jobs.learn.run", aside=True),
    Job(name="unlogged", every_seconds=600, run="huiyin.jobs.record.run_again", nightly=True),
    Job(name="expire", every_seconds=600, run="huiyin.jobs.retention.run", drains=True, nightly=True),
    Job(name="scrub whole", every_seconds=600, run="huiyin.jobs.retention.run_scrub_whole", nightly=True),
    Job(name="strays", every_seconds=600, run="huiyin.jobs.orphans.run_strays", nightly=True),
    Job(name="refold", every_seconds=600, run="huiyin.jobs.refold.run", nightly=True),
)


NIGHT_HOURS = range(2, 5)
ONE_NIGHT = timedelta(hours=12)
TWO_NIGHTS = timedelta(hours=48)


def has_had_its_night(last: datetime | None, began: datetime, at: datetime) -> bool:
    """Whether a nightly job need not run now. last: its last success; began: when this worker started, for a job that never ran."""
    since = at - (last or began)
    if since < timedelta(0):  # the clock was ahead, and waiting until it is there again may take years
        return False
    if timezone.localtime(at).hour in NIGHT_HOURS:
        return last is not None and since < ONE_NIGHT
    return since < TWO_NIGHTS


class Timetable:
    """When each job is due next, in seconds of a clock that never goes back. After failures the pause doubles, an hour at most."""

    def __init__(self, schedule: tuple[Job, ...] = SCHEDULE) -> None:
        self.schedule = schedule
        self.next = dict.fromkeys((job.name for job in schedule), 0.0)

    def due(self, monotonic: float) -> list[Job]:
        """Jobs whose time has come, in the order of the table."""
        return [job for job in self.schedule if self.next[job.name] <= monotonic]

    def done(self, job: Job, monotonic: float, failures: int = 0) -> None:
        """Plans the next run: `failures` in a row make the pause longer."""
        pause = job.every_seconds * 2 ** min(failures, 12)
        longest = max(LONGEST_PAUSE_SECONDS, job.every_seconds)
        self.next[job.name] = monotonic + min(pause, longest)


def main() -> int:
    """Works until SIGTERM or SIGINT. A turn that has begun is finished first."""
    stop = Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    _loop(stop)
    connection.close()
    return 0


def _loop(stop: Event) -> None:
    timetable, beaten, began = Timetable(), float("-inf"), timezone.now()
    aside: Thread | None = None
    while not stop.is_set():
        close_old_connections()
        beaten = _beaten(beaten)
        for job in timetable.due(time.monotonic()):
            beaten = _beaten(beaten)  # a pass over all jobs may take minutes
            if job.nightly or job.aside:
                if aside is None or not aside.is_alive():  # otherwise it stays due until the other has ended
                    timetable.done(job, time.monotonic())
                    aside = _start_aside(job, stop, began, timetable)
            elif not stop.is_set():
                timetable.done(job, time.monotonic(), run_job(job, stop))
        stop.wait(TICK_SECONDS)


def _start_aside(job: Job, stop: Event, began: datetime, timetable: Timetable) -> Thread:
    thread = Thread(target=_run_aside, args=(job, stop, began, timetable), name=job.name, daemon=True)
    thread.start()
    return thread


def _run_aside(job: Job, stop: Event, began: datetime, timetable: Timetable) -> None:
    try:
        if not job.nightly or not has_had_its_night(known.sign_of_life(job.name), began, timezone.now()):
            timetable.done(job, time.monotonic(), run_job(job, stop))
    except (DatabaseError, InterfaceError) as error:
        log.error("%s could not be looked up", job.name, exc_info=error)
    finally:
        connection.close()


def run_job(job: Job, stop: Event | None = None) -> int:
    """One job, turn after turn while it drains. Returns how often it has failed in a row, 0 after success."""
    done, began = 0, time.monotonic()
    try:
        run = _find(job.run)
        for _ in range(TURNS if job.drains else 1):
            found = run(timezone.now())
            done += found
            late = time.monotonic() - began >= GIVE_WAY_SECONDS and not job.nightly
            if not found or late or (stop is not None and stop.is_set()):
                break
        house.beat(name=job.name, at=timezone.now(), done=done)
    except Exception as error:  # noqa: BLE001, whatever one job stumbles over is counted, logged and told, and the others go on
        return _stumbled(job, error)
    return 0


def _find(dotted: str) -> Run:
    module, _, name = dotted.rpartition(".")
    run: Run = getattr(import_module(module), name)
    return run


def _stumbled(job: Job, error: Exception) -> int:
    log.error("%s failed", job.name, exc_info=error)
    try:
        return house.stumble(name=job.name, at=timezone.now(), error=type(error).__name__)
    except (DatabaseError, InterfaceError):
        connection.close()
        return 1


def _beaten(last: float) -> float:
    """Says that the worker lives, when it is time again; returns when it last did, in seconds of the clock that never goes back."""
    now = time.monotonic()
    if now - last < BEAT_SECONDS:
        return last
    _beat()
    return now


def _beat() -> None:
    try:
        house.beat(name="worker", at=timezone.now())
    except (DatabaseError, InterfaceError) as error:
        log.error("the database refused the worker's sign of life", exc_info=error)
        connection.close()
