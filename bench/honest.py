"""`python -m bench.honest [--minutes 10] [--writers 3]`: honest work of every kind through the real services by several writers at once, and
what verification finds wrong with it. It should find nothing, however often it looks, also while they write.

Writers play the made-up stories again and again under one clock that is moved on by days between rounds, and beside them mask, look at
originals, hand evidence over, make, issue, sign and void documents, and correct. Another process does the worker's jobs meanwhile: photos,
documents, the sequencer, checkpoints, closing, erasing what has been kept long enough, and publishes lists. `HUIYIN_BENCH_DATABASE_URL` names
a PostgreSQL instead of SQLite (its pg_dump and pg_restore are looked for in PATH and beside each other in /usr/lib/postgresql). A backup is
brought back at the end: before it is marked it is named, and after `huiyin mark-restored` it is told as what it was.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.__main__ import _environment, _prepare

RUNNING = 24  # stories that a writer has going
BESIDE = 0.25  # how often something beside the stories is done
ROUND = 6.0  # seconds between two moves of the clock


def main() -> int:
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="python -m bench.honest")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        _environment(Path(folder))
        _prepare()
        return _run(options.minutes * 60, options.writers, options.seed, Path(folder))


def _run(seconds: float, writers: int, seed: int, folder: Path) -> int:
    from django.conf import settings
    from django.utils import timezone

    settings.DEMO = False  # nothing may be dated back
    spawn = multiprocessing.get_context("spawn")
    clock, over = spawn.Value("d", timezone.now().timestamp()), spawn.Event()
    locks = [spawn.Lock() for _ in range(writers)]
    told: Any = spawn.Queue()
    crew = [spawn.Process(target=write, args=(seed * 100 + number, clock, over, lock, told)) for number, lock in enumerate(locks)]
    for one in crew:
        one.start()
    keeper = Keeper(clock, locks, random.Random(seed), time.monotonic() + seconds)
    keeper.work()
    over.set()
    done, refused, failed = Counter[str](), Counter[str](), Counter[str]()
    for _ in crew:
        some = told.get(timeout=120)
        done, refused, failed = done + some[0], refused + some[1], failed + some[2]
    for one in crew:
        one.join(60)
    wrong = keeper.finish(folder)
    _tell(keeper, done, refused, failed, seconds)
    return 1 if wrong else 0


def _tell(keeper: Keeper, done: Counter[str], refused: Counter[str], failed: Counter[str], seconds: float) -> None:
    from django.db import connection

    from huiyin.records.models import Custody, Document, Entry, Mark

    operations = sum(done.values())
    print(
        f"\n{connection.vendor}: {operations:,} operations of {len(done)} kinds in {seconds:.0f} s, load {os.getloadavg()[0]:.1f}"
    )
    print(f"  {', '.join(f'{name} {many:,}' for name, many in done.most_common())}")
    print(f"  refused, as they should be: {sum(refused.values()):,}; failed: {dict(failed)}")
    print(
        f"  {Entry.objects.count():,} entries, {Custody.objects.count():,} steps of evidence, {Document.objects.count():,} documents, "
    )
    print(f"  {Mark.objects.count()} marks; the keeper: {dict(keeper.did)}")
    print(f"  verified {keeper.looked} times, {keeper.among} of them while others wrote: {len(keeper.wrong)} false alarms")
    for trouble in keeper.wrong[:20]:
        print(f"    {trouble}")


class Keeper:
    """Moves the clock, does the worker's jobs, and looks for what is wrong."""

    def __init__(self, clock: Any, locks: list[Any], draw: random.Random, until: float) -> None:
        self.clock, self.locks, self.draw, self.until = clock, locks, draw, until
        self.did: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.looked = self.among = 0

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.value, UTC)

    def work(self) -> None:
        rounds = 0
        while time.monotonic() < self.until:
            rounds += 1
            end = min(time.monotonic() + ROUND, self.until)
            while time.monotonic() < end:
                self.jobs()
                time.sleep(0.05)
            if rounds % 8 == 3:
                self.verify(among=True)
            with self.alone():
                self.settle()
                if rounds % 5 == 0:
                    self.publish_list()
                if rounds % 12 == 0:
                    self.verify(among=False)
                self.clock.value += self.draw.choice([1800, 7200, 20_000, 90_000, 90_000, 260_000])
        with self.alone():
            self.settle()

    def alone(self) -> ExitStack:
        """Nobody writes meanwhile: what was written before the clock moves on is in the log by then."""
        stack = ExitStack()
        for lock in self.locks:
            stack.enter_context(lock)
        return stack

    def jobs(self) -> None:
        from huiyin.jobs import documents, photos, record, retention

        for name, job in (
            ("photos", photos.run), ("documents", documents.run), ("sequenced", record.run), ("checkpoints", record.run_checkpoint),
            ("scrubbed", retention.run_scrub),
        ):  # fmt: skip
            self.did[name] += job(self.now)

    def settle(self) -> None:
        from huiyin.jobs import record, retention, sweep

        self.did["swept"] += sweep.run(self.now)
        while gone := retention.run(self.now):
            self.did["expired"] += gone
        while record.run(self.now):
            pass
        self.did["checkpoints"] += record.run_checkpoint(self.now)

    def publish_list(self) -> None:
        """The next version of a list, with one item changed, in force next week."""
        from huiyin.records.models import ListItem, ListVersion, Person
        from huiyin.selectors import governance
        from huiyin.selectors.people import actor_of
        from huiyin.services import lists
        from huiyin.services.people import Forbidden

        actor = actor_of(Person.objects.get(username="zhoumin").pk, self.now)
        listing = self.draw.choice(["enforcement", "service"])
        newest = ListVersion.objects.filter(listing=listing, state="published").order_by("-number")[0]
        made = lists.new_draft(actor=actor, at=self.now, listing=listing, based_on=newest.pk)
        item = self.draw.choice(list(ListItem.objects.filter(version=made)))
        data = {"name": item.name.rstrip("·") + "·"}
        try:
            lists.save_item(actor=actor, at=self.now, version=made, item=item.pk, seen=governance.mark(item), data=data)
            lists.send_to_review(actor=actor, at=self.now, version=made)
            day = max(self.now.date(), newest.in_force_from) + timedelta(days=7)
            lists.publish(actor=actor, at=self.now, version=made, day=day)
            self.did["lists"] += 1
        except (Forbidden, ValueError, lists.NotWhole) as why:  # type: ignore[attr-defined]
            self.did[f"list refused: {type(why).__name__}"] += 1

    def verify(self, *, among: bool) -> None:
        self.looked += 1
        self.among += among
        self.wrong += [str(one) for one in self.found() if not one.honest and str(one) not in self.wrong]

    def found(self) -> list[Any]:
        from huiyin.adapters import database, kept
        from huiyin.selectors import verifying

        outside = list(kept.notes())
        with database.snapshot():
            return [*verifying.missing_triggers(), *verifying.check_all(), *verifying.check_log(outside)]

    def finish(self, folder: Path) -> int:
        """Three years later, when much is erased, and the last look; then a backup is brought back, marked, and work goes on."""
        for days in (200, 800):
            self.clock.value += days * 86_400
            self.settle()
        self.verify(among=False)
        self.files()
        self.restore(folder)
        return len(self.wrong)

    def files(self) -> None:
        from huiyin.adapters import files
        from huiyin.selectors import verifying

        for case, number, seq, sha256 in verifying.kept_files():
            try:
                files.check_original(sha256)
            except (FileNotFoundError, files.Damaged) as why:
                self.wrong.append(f"{number or case}: the file at entry {seq}: {type(why).__name__}")

    def restore(self, folder: Path) -> None:
        """Backup, more work, the backup brought back, which is named, a mark, which explains it, more work."""
        from huiyin.jobs import verify
        from huiyin.selectors import memory

        bring_back = _backup(folder)
        self.play(60)
        bring_back()
        memory.forget_all()
        self.clock.value += 7200
        if not (told := [one for one in self.found() if "an older backup was brought back without a mark" in str(one)]):
            self.wrong.append("a backup that was brought back without a mark was not named")
        if verify.mark_restored("bench: a backup was brought back", [], self.now) != 0:
            self.wrong.append("the restore could not be marked")
        self.play(60)
        self.verify(among=False)
        if not (explained := [one for one in self.found() if one.honest]):
            self.wrong.append("an honest restore was not told as one")
        self.did.update({"restored": 1, "named before the mark": len(told), "told as honest after it": len(explained)})

    def play(self, many: int) -> None:
        writer = Writer(9_999, self.clock)
        for _ in range(many):
            writer.turn()
        self.clock.value += 90_000
        self.settle()


def _backup(folder: Path) -> Callable[[], None]:
    """Makes a backup with the engine's own means; returns what brings it back."""
    import sqlite3

    from django.db import connection

    settings = connection.settings_dict
    connection.close()
    if connection.vendor == "sqlite":
        path, copy = Path(str(settings["NAME"])), folder / "backup.sqlite3"
        _copied(sqlite3.connect(path), sqlite3.connect(copy))

        def copied_back() -> None:
            connection.close()
            _copied(sqlite3.connect(copy), sqlite3.connect(path))

        return copied_back
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: float(one.parent.name), reverse=True)
    path_of = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    env = {**os.environ, "PATH": path_of, **{name: str(value) for name, value in given.items() if value}}
    file, name = str(folder / "backup.dump"), str(settings["NAME"])
    subprocess.run([_program("pg_dump", path_of), "-Fc", "-f", file, name], env=env, check=True)

    def bring_back() -> None:
        connection.close()
        pg_restore = _program("pg_restore", path_of)
        subprocess.run([pg_restore, "--clean", "--if-exists", "--exit-on-error", "-d", name, file], env=env, check=True)

    return bring_back


def _program(name: str, path: str) -> str:
    return shutil.which(name, path=path) or name


def _copied(source: Any, target: Any) -> None:
    source.backup(target)
    source.close()
    target.close()


# ── writers ──────────────────────────────────────────────────────────────────────────────────


def write(seed: int, clock: Any, over: Any, lock: Any, told: Any) -> None:
    """A process that works until it is told to end, one act at a time under its own lock."""
    import django

    django.setup()
    from django.conf import settings

    settings.DEMO = False
    writer = Writer(seed, clock)
    while not over.is_set():
        with lock:
            writer.turn()
        time.sleep(0.001)  # let the keeper have the lock
    told.put((writer.done, writer.refused, writer.failed))


class Writer:
    def __init__(self, seed: int, clock: Any) -> None:
        from django.utils import timezone

        from huiyin.sim.county import made_up_county

        self.draw, self.clock, self.turns = random.Random(seed), clock, 0
        self.county = made_up_county(timezone.now().date())
        self.stories: list[list[Any]] = []
        self.numbers: list[str] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.held: list[tuple[str, Callable[[], None]]] = [
            ("mask", self.mask), ("view original", self.view), ("hand over", self.hand_over), ("document", self.document),
            ("correct", self.correct), ("disclose", self.disclose), ("note", self.note),
        ]  # fmt: skip

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.value, UTC)

    def turn(self) -> None:
        self.turns += 1
        if self.numbers and self.draw.random() < BESIDE:
            name, act = self.draw.choice(self.held)
            self._try(name, act)
            return
        ripe = [one for one in self.stories if one[1][0].moment <= self.now]
        if not ripe or len(self.stories) < RUNNING:
            self._begin()
            ripe = [one for one in self.stories if one[1][0].moment <= self.now]
        if not ripe:
            return
        one = self.draw.choice(ripe)
        stage, steps = one
        step = steps.pop(0)
        ended = not self._try(step.act.action if step.act else "report", lambda: stage.take(replace(step, moment=self.now)))
        if step.act is None and not ended:
            self.numbers.append(stage.receipts[-1].receipt.number)
        if ended or not steps:
            self.stories.remove(one)

    def _begin(self) -> None:
        from huiyin.jobs.stories import _Stage
        from huiyin.selectors import places
        from huiyin.sim.stories import STORIES
        from huiyin.sim.stories.telling import Step, moments

        whole = [story for story in STORIES if not any(act.action == "merge" for act in story.acts)]
        drawn = self.draw.choice(whole)
        span = 24.0 * 500
        story = replace(drawn, key=f"{drawn.key}-{secrets.token_hex(4)}", days=0, clock="", hours=span)
        when = moments(story, now=self.now + timedelta(hours=span), is_workday=places.calendar().is_workday)
        steps = [Step(moment, story, act) for moment, act in zip(when, (None, *story.acts), strict=True)]
        stage = _Stage(self.county)
        stage._photos = self.draw.randrange(40)  # the same photo is sent by many
        self.stories.append([stage, steps])

    def _try(self, name: str, act: Callable[[], None]) -> bool:
        from huiyin.rules.workflow.judge import Refused
        from huiyin.services.cases import NotFound
        from huiyin.services.documents import Gaps, Wrong

        try:
            act()
        except (Refused, NotFound, Gaps, Wrong, Nothing, KeyError, StopIteration):
            self.refused[name] += 1
            return False
        except Exception as why:  # noqa: BLE001, counted and told
            self.failed[f"{name}: {type(why).__name__}: {str(why)[:80]}"] += 1
            if self.failed.total() <= 3:
                traceback.print_exc()
            return False
        self.done[name] += 1
        return True

    # ── beside the stories ───────────────────────────────────────────────────────────────────

    def case(self) -> Any:
        from huiyin.records.models import Case
        from huiyin.selectors import cases as seen

        recent = self.numbers[-400:]
        found = seen.with_places(Case.objects.filter(number=self.draw.choice(recent))).first()
        if found is None:
            raise Nothing
        return found

    def who(self, username: str) -> Any:
        from huiyin.records.models import Person
        from huiyin.selectors.people import actor_of

        return actor_of(Person.objects.get(username=username).pk, self.now)

    def of(self, body: int | None, role: str) -> str:
        from huiyin.records.models import Posting

        found = Posting.objects.filter(body=body, role=role).order_by("pk").values_list("person__username", flat=True).first()
        if found is None:
            raise Nothing
        return str(found)

    def act(self, who: str, case: Any, action: str, **data: Any) -> None:
        from huiyin.services import cases

        cases.act(actor=self.who(who), at=self.now, number=case.number, action=action, data=data)

    def mask(self) -> None:
        from huiyin.records.models import Party, Report

        case, what = self.case(), self.draw.choice(["reporter", "report", "entry", "party"])
        given: dict[str, Any] = {"mask_what": what, "mask_ground": self.draw.choice(["request", "retention"])}
        if what in {"reporter", "report"}:
            given["report"] = self._any(Report.objects.filter(case=case)).pk
        elif what == "party":
            given["of"] = self._any(Party.objects.filter(case=case)).seq
        else:
            given["of"] = self.draw.randrange(1, case.seq + 1)
        self.act("zhoumin", case, "mask", **given)

    def view(self) -> None:
        from huiyin.records.models import Attachment
        from huiyin.rules.workflow.vocabulary import Role
        from huiyin.services import evidence

        case = self.case()
        file = self._any(Attachment.objects.filter(case=case).exclude(state="masked"))
        evidence.look(actor=self.who("zhoumin"), role=Role.CO, at=self.now, attachment=file.pk, why="other", words="复核")

    def hand_over(self) -> None:
        from huiyin.records.models import Attachment
        from huiyin.rules.evidence import Step
        from huiyin.rules.workflow.vocabulary import Role
        from huiyin.services import evidence

        files = Attachment.objects.filter(case=self.case()).exclude(state="masked").values_list("pk", flat=True)
        if not files:
            raise Nothing
        evidence.hand_over(
            actor=self.who("zhoumin"), role=Role.CO, at=self.now, attachments=list(files), step=Step.BUNDLED, why="other", words="县法院"
        )  # fmt: skip

    def document(self) -> None:
        from huiyin.selectors import cases as seen
        from huiyin.selectors import documents as known
        from huiyin.services import documents

        case = self.case()
        dossier = seen.load(case, self.now)
        actor = self.who(self.of(case.lead_id, "off"))
        held = known.of_case(dossier, actor)
        offer = self._any(list(known.offers(dossier, actor, held)))
        given = dict.fromkeys(("联系人", "联系电话", "联系地址"), "0700-555 0145")
        row = documents.make(
            actor=actor,
            at=self.now,
            dossier=dossier,
            kind=offer.kind.code,
            seq=offer.entry.seq if offer.entry else 0,
            given=given,
        )
        row = documents.issue(actor=actor, at=self.now, dossier=seen.load(case, self.now), document=row)
        if self.draw.random() < 0.4:
            head = self.who(self.of(case.lead_id, "head"))
            documents.void(actor=head, at=self.now, document=row, why="写错了")
        elif self.draw.random() < 0.5:
            key = secrets.token_urlsafe(24)
            self._scan(actor, key)
            documents.sign_on_paper(actor=actor, at=self.now, dossier=seen.load(case, self.now), document=row, key=key)

    def _scan(self, actor: Any, key: str) -> None:
        import io

        from huiyin.jobs.stories import _picture
        from huiyin.services import cases

        cases.upload(actor=actor, at=self.now, key=key, slot="0", stream=io.BytesIO(_picture(self.draw.randrange(60))))

    def correct(self) -> None:
        case = self.case()
        self.act("zhoumin", case, "correct", of=self.draw.randrange(1, case.seq + 1), fact="words", words="写错了一个字")

    def disclose(self) -> None:
        from huiyin.records.models import Posting, Report
        from huiyin.services import cases

        case = self.case()
        keeper = Posting.objects.filter(role="cus").values_list("person__username", flat=True)[0]
        report = self._any(Report.objects.filter(case=case)).pk
        cases.disclose(
            actor=self.who(str(keeper)), at=self.now, number=case.number, report=report, asked_by="县纪委", why="核实举报"
        )

    def note(self) -> None:
        self.act("zhoumin", self.case(), "note", words="内部备注一句")

    def _any(self, rows: Any) -> Any:
        found = list(rows)
        if not found:
            raise Nothing
        return self.draw.choice(found)


class Nothing(Exception):
    """There is nothing here to do that to."""


if __name__ == "__main__":
    sys.exit(main())
