"""The worker: jobs on time, each for itself, failures counted and told, and a clean stop."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event
from unittest.mock import Mock

import pytest
from django.utils import timezone

from huiyin.jobs import worker
from huiyin.jobs.worker import Job, Timetable
from huiyin.records.models import Heartbeat
from huiyin.selectors import house

ran: list[datetime] = []
supply: list[int] = []


def fine(at: datetime) -> int:
    """A job that finds as much as the test put there."""
    ran.append(at)
    return supply.pop() if supply else 0


def broken(at: datetime) -> int:
    raise RuntimeError("吴女士 19900001234")


FINE = Job(name="fine", every_seconds=10, run=f"{__name__}.fine")
DRAINING = Job(name="draining", every_seconds=10, run=f"{__name__}.fine", drains=True)
BROKEN = Job(name="broken", every_seconds=10, run=f"{__name__}.broken")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    supply.clear()
    monkeypatch.setattr(worker, "_find", lambda dotted: {"fine": fine, "broken": broken}[dotted.rpartition(".")[2]])


@pytest.mark.django_db
def test_a_job_that_ran_says_so_with_what_it_did() -> None:
    supply[:] = [3]
    assert worker.run_job(FINE) == 0
    beat = Heartbeat.objects.get(name="fine")
    assert (beat.done, beat.failures) == (3, 0)


@pytest.mark.django_db
def test_a_job_that_drains_goes_on_while_it_finds_something() -> None:
    supply[:] = [1, 50, 50]
    worker.run_job(DRAINING)
    assert len(ran) == 4
    assert Heartbeat.objects.get(name="draining").done == 101


@pytest.mark.django_db
def test_a_job_that_always_finds_something_gives_way() -> None:
    supply[:] = [50] * 1000
    worker.run_job(DRAINING)
    assert len(ran) == worker.TURNS


@pytest.mark.django_db
def test_a_job_whose_turns_take_long_gives_way_after_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 4))
    monkeypatch.setattr(worker.time, "monotonic", lambda: float(next(clock)))
    supply[:] = [50] * 1000
    worker.run_job(DRAINING)
    assert len(ran) == 3


@pytest.mark.django_db
def test_a_failure_is_counted_and_tells_nothing_about_people(caplog: pytest.LogCaptureFixture) -> None:
    assert [worker.run_job(BROKEN) for _ in range(3)] == [1, 2, 3]
    beat = Heartbeat.objects.get(name="broken")
    assert (beat.failures, beat.last_error) == (3, "RuntimeError")


@pytest.mark.django_db
def test_success_ends_the_count_of_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    worker.run_job(BROKEN)
    monkeypatch.setattr(worker, "_find", lambda dotted: fine)
    worker.run_job(BROKEN)
    assert Heartbeat.objects.get(name="broken").failures == 0


@pytest.mark.django_db
def test_a_stopping_worker_finishes_its_turn_and_begins_none() -> None:
    stop = Event()
    stop.set()
    supply[:] = [50] * 5
    worker.run_job(DRAINING, stop)
    assert len(ran) == 1


def test_jobs_are_due_when_their_time_has_come() -> None:
    timetable = Timetable((FINE, BROKEN))
    assert timetable.due(0) == [FINE, BROKEN]
    timetable.done(FINE, 0)
    assert timetable.due(9) == [BROKEN]
    assert timetable.due(10) == [FINE, BROKEN]


def test_a_failing_job_waits_longer_each_time_and_an_hour_at_most() -> None:
    timetable = Timetable((BROKEN,))
    timetable.done(BROKEN, 0, failures=3)
    assert timetable.next["broken"] == 80
    timetable.done(BROKEN, 0, failures=40)
    assert timetable.next["broken"] == worker.LONGEST_PAUSE_SECONDS


def test_a_job_aside_that_fails_waits_longer_each_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    timetable = Timetable((BROKEN,))
    monkeypatch.setattr(worker, "run_job", lambda job, stop: 3)
    monkeypatch.setattr(worker, "connection", Mock())
    monkeypatch.setattr(worker.time, "monotonic", lambda: 100.0)
    worker._run_aside(BROKEN, Event(), timezone.now(), timetable)
    assert timetable.next["broken"] == 180


@pytest.mark.parametrize(
    ("hour", "hours_since", "rests"),
    [
        (9, 8, True),
        (3, -24, False),
        (9, -24 * 365, False),
        (3, 8, True),
        (3, 24, False),
        (9, 24, True),
        (9, 49, False),
        (3, None, False),
        (9, None, True),
    ],
)
def test_nightly_work_runs_at_night_or_when_it_missed_two_or_ran_in_a_future_that_was_none(
    at: datetime, hour: int, hours_since: int | None, rests: bool
) -> None:
    now = at.replace(hour=hour)
    last = None if hours_since is None else now - timedelta(hours=hours_since)
    assert worker.has_had_its_night(last, began=now, at=now) is rests


def test_the_schedule_names_every_job_once() -> None:
    names = [job.name for job in worker.SCHEDULE]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_the_worker_says_that_it_lives() -> None:
    worker._beat()
    assert house.sign_of_life("worker") is not None


def test_the_worker_says_so_between_two_jobs_that_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, clock, beats = Event(), [0.0], list[float]()

    def slow(job: Job, stop: Event) -> int:
        clock[0] += 90
        if job.name == "third":
            stop.set()
        return 0

    three = tuple(Job(name=name, every_seconds=600, run="") for name in ("first", "second", "third"))
    monkeypatch.setattr(worker, "Timetable", lambda: Timetable(three))
    monkeypatch.setattr(worker, "TICK_SECONDS", 0)
    monkeypatch.setattr(worker, "run_job", slow)
    monkeypatch.setattr(worker, "_beat", lambda: beats.append(clock[0]))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.time, "monotonic", lambda: clock[0])
    worker._loop(stop)
    assert beats == [0, 90, 180]


def test_a_nightly_job_that_finds_another_running_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, started = Event(), list[str]()

    class Slow:
        """A thread that is seen alive twice."""

        left = 2

        def is_alive(self) -> bool:
            self.left -= 1
            return self.left >= 0

    def start(job: Job, *_: object) -> Slow:
        started.append(job.name)
        if len(started) == 2:
            stop.set()
        return Slow()

    both = tuple(Job(name=name, every_seconds=600, run=f"{__name__}.fine", nightly=True) for name in ("one", "other"))
    monkeypatch.setattr(worker, "Timetable", lambda: Timetable(both))
    monkeypatch.setattr(worker, "TICK_SECONDS", 0)
    monkeypatch.setattr(worker, "_start_aside", start)
    monkeypatch.setattr(worker, "_beat", lambda: None)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    worker._loop(stop)
    assert started == ["one", "other"]
