"""What has been kept long enough goes by itself, by how the case ended, and nothing of it can be found again anywhere."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import TestCase
from hypothesis import given
from hypothesis import strategies as st

from huiyin.adapters import database, files, kept
from huiyin.jobs import photos, record, retention, verify
from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.records.models import Attachment, Case, Entry, LogState, Reporter, Retention, Words
from huiyin.rules import ledger
from huiyin.rules import retention as rules
from huiyin.rules.workflow.acts import Act, Context
from huiyin.rules.workflow.guards import who
from huiyin.rules.workflow.vocabulary import Tier
from huiyin.selectors import memory, verifying
from huiyin.selectors import retention as known
from huiyin.selectors.cases import entries_of
from huiyin.services import cases
from huiyin.services import retention as services
from huiyin.services.cases import Receipt
from huiyin.services.places import set_up_county
from huiyin.sim.county import made_up_county
from tests.web.portal.test_portal import jpeg
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]

PHONE = "19900000001"
WORDS = "露台上的芦花鸡叫得孩子睡不着甲乙丙丁"


def filed(world: World, receipt: Receipt) -> datetime:
    """The reporter is satisfied, the clerk files the case."""
    world.do(world.resident(receipt), receipt.number, "feedback", satisfied="yes")
    world.do("wangxiulan", receipt.number, "close")
    return world.case(receipt.number).since


def actions(number: str) -> list[str]:
    return list(Entry.objects.filter(case__number=number).order_by("seq").values_list("action", flat=True))


def honest() -> bool:
    return not [*verifying.check_all(), *verifying.check_log()]


def test_the_contact_goes_after_half_a_year_and_the_words_after_two(world: World) -> None:
    receipt = world.echoed(words=WORDS, phone=PHONE)
    since = filed(world, receipt)
    assert retention.run(since + timedelta(days=180)) == 0
    assert retention.run(since + timedelta(days=180, minutes=1)) == 1
    reporter = Reporter.objects.get()
    assert (reporter.phone, reporter.name, reporter.phone_mac) == ("", "", "") and reporter.masked_at is not None
    assert Words.objects.filter(text=WORDS).exists()
    assert retention.run(since + timedelta(days=729)) == 0
    assert retention.run(since + timedelta(days=731)) == 1
    assert not Words.objects.exclude(text="").exists() and not Words.objects.exclude(salt=None).exists()
    assert actions(receipt.number)[-2:] == ["expire", "expire"]
    assert retention.run(since + timedelta(days=800)) == 0
    record.run_checkpoint(since + timedelta(days=801))
    assert honest()


def test_a_case_that_goes_on_or_went_on_again_keeps_everything(world: World) -> None:
    open_one = world.handled(words=WORDS, phone=PHONE)
    again = world.echoed(phone=PHONE)
    since = filed(world, again)
    world.now = since + timedelta(days=1)
    world.do("zhoumin", again.number, "reopen", reopen_ground="wrong", why="又养起来了")
    assert retention.run(since + timedelta(days=4000)) == 0
    assert {"expire"} & {*actions(open_one.number), *actions(again.number)} == set()


@pytest.mark.parametrize(("column", "value"), [("filed", True), ("tier", "coerced"), ("outcome", "punished")])
def test_what_belongs_to_the_archive_never_goes_by_itself(world: World, column: str, value: Any) -> None:
    receipt = world.echoed(words=WORDS, phone=PHONE)
    since = filed(world, receipt)
    Case.objects.filter(number=receipt.number).update(**{column: value})
    assert known.ripe(since + timedelta(days=4000), 50) == []
    Retention.objects.create(code="filed", days=30)  # whoever writes it into the table changes nothing
    assert known.ripe(since + timedelta(days=4000), 50) == []


def test_a_file_that_the_copies_keep_to_themselves_is_not_asked_for_every_night(world: World) -> None:
    receipt = world.echoed(words=WORDS, phone=PHONE)
    since = filed(world, receipt)
    later = since + timedelta(days=4000)
    assert known.ripe(later, 50)
    last = Entry.objects.filter(case__number=receipt.number).order_by("-seq")[0]
    Entry.objects.create(
        case=last.case, seq=last.seq + 1, action="spot_penalty", actor="sys", role="sys", at=since, table=1, prev="", hash=""
    )
    assert known.ripe(later, 50) == []


def test_the_ledger_itself_refuses_to_erase_a_file(world: World) -> None:
    receipt = world.echoed(words=WORDS)
    since = filed(world, receipt)
    state = ledger.fold(entries_of(world.case(receipt.number).pk))
    asked = Act(action="expire", at=since)
    for tier, refused in ((Tier.PERSUADED, False), (Tier.ORDERED, False), (Tier.COERCED, True)):
        assert (who.nothing_for_the_archive(replace(state, tier=tier), asked, Context()) is not None) is refused


def test_what_was_ordered_stays_until_the_county_says_how_long(world: World) -> None:
    receipt = world.echoed(words=WORDS)
    since = filed(world, receipt)
    Case.objects.filter(number=receipt.number).update(tier="ordered")
    assert known.ripe(since + timedelta(days=4000), 50) == []
    services.keep_for(actor=world.actor("zhoumin"), at=world.now, days={"ordered": 365})
    assert known.ripe(since + timedelta(days=366), 50) == [(receipt.number, "content")]


def test_a_merged_case_goes_with_the_one_it_was_merged_into(world: World) -> None:
    goes, stays = world.report(words=WORDS, phone=PHONE), world.handled()
    world.do("zhoumin", goes.number, "merge", survivor=stays.number, why="同一件事")
    late = world.now + timedelta(days=4000)
    assert known.ripe(late, 50) == []
    Case.objects.filter(number=stays.number).update(stage="closed", outcome="stopped", tier="persuaded", since=world.now)
    assert goes.number in [number for number, _ in known.ripe(late, 50)]
    Case.objects.filter(number=stays.number).update(filed=True)
    assert known.ripe(late, 50) == []


@given(st.sampled_from(list(rules.CLASSES)), st.none() | st.integers(-5, 100_000))
def test_no_class_is_kept_shorter_than_its_least(code: str, days: int | None) -> None:
    rule = rules.CLASSES[code]
    allowed = not rule.fixed and (days is None or rule.least <= days <= 36_500)
    assert rules.may_set(code, days) is allowed
    assert rule.days is None or rules.may_set(code, rule.days)


# ── nothing is left ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def committing(transactional_db: None, at: datetime, settings: Any, tmp_path: Path) -> World:
    settings.HUIYIN_UPLOADS = tmp_path / "files"
    load_calendar()
    load_lists(at)
    set_up_county(made_up_county(at.date()), actor="sys", at=at)
    memory.forget_all()
    return World(now=at)


def left_in_files(planted: str) -> list[str]:
    """Files of the database and of the data folder in which the text stands."""
    where = [Path(str(connection.settings_dict["NAME"])).parent, Path(configured.HUIYIN_DATA), Path(configured.HUIYIN_UPLOADS)]
    every = {file for folder in where for file in folder.rglob("*") if file.is_file()}
    return sorted(file.name for file in every if planted.encode() in file.read_bytes())


def test_what_was_erased_is_in_no_file_of_the_database_or_the_folder(committing: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its server's")
    world = committing
    planted = [f"栽下的话第{number}句" for number in range(40)]
    receipts = [world.report(words=text + "。" * (number * 97 % 1500), phone=PHONE) for number, text in enumerate(planted)]
    assert left_in_files(planted[7])
    for receipt in receipts:
        world.do("zhoumin", receipt.number, "mask", mask_what="report", mask_ground="request", report=receipt.report)
    assert LogState.objects.get().scrub
    assert retention.run_scrub(world.now) == 1
    assert {text: found for text in planted if (found := left_in_files(text))} == {}
    assert retention.run_scrub(world.now) == 0
    assert honest()


def test_the_log_is_cleared_later_while_somebody_still_reads(committing: World) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its server's")
    world, reads, may_end = committing, threading.Event(), threading.Event()
    receipt = world.report(words=WORDS)

    def reader() -> None:
        try:
            with database.snapshot():
                assert Words.objects.filter(text=WORDS).exists()
                reads.set()
                assert may_end.wait(30)
        finally:
            connection.close()

    one = threading.Thread(target=reader)
    one.start()
    assert reads.wait(20)
    world.do("zhoumin", receipt.number, "mask", mask_what="report", mask_ground="request", report=receipt.report)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    assert retention.run_scrub(world.now) == 0 and LogState.objects.get().scrub
    may_end.set()
    one.join()
    assert retention.run_scrub(world.now) == 1
    assert left_in_files(WORDS) == []


def test_on_postgresql_the_dead_rows_go_at_night(committing: World) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite overwrites what it deletes")
    world = committing
    receipt = world.report(words=WORDS)
    world.do("zhoumin", receipt.number, "mask", mask_what="report", mask_ground="request", report=receipt.report)
    assert retention.run_scrub(world.now) == 0
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('records_words'))")
        assert WORDS.encode() in bytes(cursor.fetchone()[0])
        assert retention.run_scrub_whole(world.now) == 1
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('records_words'))")
        assert WORDS.encode() not in bytes(cursor.fetchone()[0])


def test_after_a_restore_what_had_been_erased_goes_again_and_nothing_else(world: World) -> None:
    asked, kept_one = world.report(words=WORDS, phone=PHONE), world.report(words="这一件没有人要求删", phone=PHONE)
    expired = world.echoed(words="过期的话", phone=PHONE)
    since = filed(world, expired)
    tables = (Words, Reporter)
    before = [(table, list(table.objects.values())) for table in tables]
    with TestCase.captureOnCommitCallbacks(execute=True):
        world.do("zhoumin", asked.number, "mask", mask_what="report", mask_ground="request", report=asked.report)
        retention.run(since + timedelta(days=4000))
    for table, rows in before:  # as the backup had it
        for row in rows:
            table.objects.filter(pk=row["id"]).update(**row)
    assert Words.objects.filter(text=WORDS).exists() and Words.objects.filter(text="过期的话").exists()
    assert verify.mark_restored("用备份恢复", [], since + timedelta(days=4001)) == 0
    assert not Words.objects.filter(text__in=[WORDS, "过期的话"]).exists()
    assert Words.objects.filter(text="这一件没有人要求删").exists()
    assert list(Reporter.objects.filter(masked_at=None).values_list("report", flat=True)) == [kept_one.report]
    assert services.erase_again(at=since + timedelta(days=4002)) == 0
    assert "mask" in actions(asked.number) and honest(), "in the system's name, after the mark"


def test_a_row_that_took_the_place_of_what_was_erased_is_left_alone(world: World) -> None:
    receipt = world.report(words=WORDS, phone=PHONE)
    kept.note_erasure({"number": receipt.number, "what": "report", "report": receipt.report, "of": 0, "same": "0" * 64})
    kept.note_erasure({"number": receipt.number, "what": "entry", "report": 0, "of": 1, "same": "0" * 64})
    kept.note_erasure({"number": "2611-99999", "kept": "content", "same": "0" * 64})
    assert services.erase_again(at=world.now) == 0
    assert Words.objects.filter(text=WORDS).exists()


def test_photos_of_what_expired_are_gone_from_the_disk(committing: World) -> None:
    world = committing
    cases.upload(actor=None, at=world.now, key="p" * 30, slot="a", stream=jpeg())
    receipt = world.echoed(words=WORDS, key="p" * 30, phone=PHONE)
    photos.run(world.now)
    kept = Attachment.objects.get(case__number=receipt.number)
    assert files.read_original(kept.sha256)
    since = filed(world, receipt)
    retention.run(since + timedelta(days=4000))
    with pytest.raises(FileNotFoundError):
        files.read_original(kept.sha256)
    with pytest.raises(FileNotFoundError):
        files.read_copy(kept.copy)
    kept.refresh_from_db()
    assert (kept.sha256, kept.salt, kept.state) == ("", None, "masked")
    assert honest()
