"""The tree over the record: every entry gets its place once, roots are signed and continue each other, and whoever rewrites the database
with all rights of its owner is found and named."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from huiyin.adapters import database, kept, signing
from huiyin.jobs import record, verify
from huiyin.records import triggers
from huiyin.records.models import (
    Alarm,
    Attachment,
    Case,
    Checkpoint,
    Compound,
    Entry,
    Leaf,
    LegalBasis,
    ListItem,
    ListVersion,
    LogState,
    Mark,
    Node,
    Report,
    Reporter,
    Words,
)
from huiyin.rules import checkpoint, ledger, log, merkle
from huiyin.selectors import log as known
from huiyin.selectors import verifying
from huiyin.selectors.cases import entry_of
from huiyin.services import log as logging
from huiyin.services.evidence import received
from tests.guards import lift_guards
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.HUIYIN_DATA = tmp_path


def troubles(*outside: checkpoint.Note) -> list[str]:
    kept_elsewhere = [("kept", note) for note in outside]
    found = (*verifying.missing_triggers(), *verifying.check_all(), *verifying.check_log(kept_elsewhere))
    return [str(trouble) for trouble in found if not trouble.honest]


def signed(world: World) -> checkpoint.Note:
    """An hour passes, the worker signs."""
    world.later(hours=1)
    assert record.run_checkpoint(world.now) == 1
    return checkpoint.read(Checkpoint.objects.order_by("-pk")[0].text)[0]


# ── the sequencer ────────────────────────────────────────────────────────────────────────────


def test_every_entry_and_every_list_in_force_gets_one_place_in_the_order_of_writing(world: World) -> None:
    world.echoed()
    world.report("路灯黑了一个月")
    assert record.run(world.now) == Entry.objects.count() + 2
    assert record.run(world.now) == 0
    leaves = list(Leaf.objects.order_by("index"))
    assert [leaf.index for leaf in leaves] == list(range(len(leaves)))
    placed = [(leaf.ref, leaf.seq) for leaf in leaves if leaf.kind == "entry"]
    assert placed == list(Entry.objects.order_by("pk").values_list("case_id", "seq"))
    assert {leaf.name for leaf in leaves if leaf.kind == "list"} == {"enforcement/1", "service/1"}
    assert troubles() == []


def test_the_tree_is_that_of_its_leaves_whatever_the_turns(world: World) -> None:
    for _ in range(4):
        world.report()
    while logging.sequence(many=3):
        world.report() if Entry.objects.count() < 9 else None
    frontier = merkle.Frontier()
    for entry in Entry.objects.order_by("pk").select_related("case"):
        frontier.add(log.entry_leaf(entry.case_id, entry.case.number, entry.seq, entry.hash))
    assert known.size() == frontier.size + 2  # and two lists
    rows = [bytes(held) for held in Leaf.objects.order_by("index").values_list("hash", flat=True)]
    whole = merkle.Frontier()
    for held in rows:
        whole.add(held)
    assert known.root(known.size()) == whole.root()


def test_a_list_is_not_logged_while_nothing_was_reported_yet(world: World) -> None:
    assert record.run(world.now) == 0
    assert not Leaf.objects.exists()


@pytest.mark.parametrize("table", ["leaf", "node", "checkpoint", "mark"])
@pytest.mark.parametrize("change", ["update", "delete", "replace"])
def test_the_database_refuses_to_change_the_log(world: World, table: str, change: str) -> None:
    world.report()
    signed(world)
    logging.mark_restored(at=world.now, why="硬盘坏了")
    Node.objects.create(level=8, index=0, hash=b"n" * 32)
    column = {"leaf": "name", "node": "level", "checkpoint": "size", "mark": "size"}[table]
    verb = "INSERT OR REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    statement = {
        "update": f"UPDATE records_{table} SET {column} = {column}",
        "delete": f"DELETE FROM records_{table}",
        "replace": f"{verb} records_{table} SELECT * FROM records_{table}",
    }[change]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# ── ids that commit out of order ─────────────────────────────────────────────────────────────


@pytest.fixture
def committing(transactional_db: None, at: Any, settings: Any) -> World:
    from huiyin.jobs.seeds import load_calendar, load_lists
    from huiyin.services.places import set_up_county
    from huiyin.sim.county import made_up_county

    load_calendar()
    load_lists(at)
    set_up_county(made_up_county(at.date()), actor="sys", at=at)
    return World(now=at)


@contextmanager
def _uncommitted(world: World, words: str) -> Iterator[None]:
    """A report that another connection has written and commits only when the block is over."""
    may_commit, has_written = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                world.report(words)
                has_written.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    late = threading.Thread(target=slow)
    late.start()
    assert has_written.wait(20)
    try:
        yield
    finally:
        may_commit.set()
        late.join()


def test_an_entry_that_commits_after_later_ones_is_not_passed_over(committing: World) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: ids are committed in order")
    world = committing
    with _uncommitted(world, "慢的一件"):
        quick = [world.report("快的一件").case for _ in range(3)]
        assert Entry.objects.count() == 3
        for _ in range(5):
            record.run(world.now)
        assert set(Leaf.objects.filter(kind="entry").values_list("ref", flat=True)) == set(quick)
        assert LogState.objects.get().swept < Entry.objects.order_by("pk")[0].pk, "the open transaction's id was passed over"
    record.run(world.now)
    assert Leaf.objects.filter(kind="entry").count() == 4
    record.run(world.now)
    record.run(world.now)
    assert LogState.objects.get().swept == Entry.objects.order_by("-pk")[0].pk
    assert not known.anything_new()
    assert troubles() == []


def test_an_entry_of_the_newest_transaction_that_still_runs_is_not_passed_over(committing: World) -> None:
    """Nobody who began later has ended yet: what is newest among those that ended tells nothing of it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: ids are committed in order")
    world = committing
    world.report("写成了的一件")
    with _uncommitted(world, "最新又还没写成的一件"):
        for _ in range(5):
            record.run(world.now)
    for _ in range(3):
        record.run(world.now)
    assert Entry.objects.count() == 2
    assert Leaf.objects.filter(kind="entry").count() == 2
    assert not known.anything_new() and troubles() == []


def test_a_long_backlog_is_worked_off_without_looking_at_its_beginning_again(committing: World) -> None:
    world = committing
    for _ in range(12):
        world.report()
    seen = []
    for _ in range(6):
        logging.sequence(many=3)
        seen.append(LogState.objects.get().swept)
    assert seen == sorted(seen) and len(set(seen)) >= 4, seen
    assert Leaf.objects.filter(kind="entry").count() == 12
    assert troubles() == []


def test_ids_that_never_committed_are_left_behind(committing: World) -> None:
    world = committing
    world.report()

    def gives_up() -> None:
        with transaction.atomic():
            world.report("这一件没有写成")
            transaction.set_rollback(True)

    gives_up()
    world.report()
    for _ in range(4):
        record.run(world.now)
    assert Leaf.objects.filter(kind="entry").count() == 2
    assert not known.anything_new()


def test_two_sequencers_at_once_give_every_entry_one_place(committing: World) -> None:
    world = committing
    for _ in range(30):
        world.report()
    failed: list[BaseException] = []

    def works() -> None:
        try:
            for _ in range(12):
                logging.sequence(many=5)
        except BaseException as error:  # noqa: BLE001, told below
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=works) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failed
    assert Leaf.objects.filter(kind="entry").count() == 30
    assert troubles() == []


def test_what_the_sequencer_passed_over_is_found_at_night(world: World) -> None:
    world.report()
    record.run(world.now)
    late = world.report()
    LogState.objects.update(swept=Entry.objects.order_by("-pk")[0].pk)
    assert record.run(world.now) == 0
    signed(world)
    assert troubles() == [f"{late.number}: entry 1 never came into the log"]
    assert record.run_again(world.now) == 1
    assert record.run_again(world.now) == 0


# ── checkpoints ──────────────────────────────────────────────────────────────────────────────


def test_a_checkpoint_is_signed_once_an_hour_and_covers_all_that_was_written(world: World) -> None:
    world.handled()
    note = signed(world)
    assert note.head.size == known.size() == Leaf.objects.count() > 3
    assert note.head.root == known.root(note.head.size)
    assert signing.is_signed(note, signing.public_key())
    assert record.run_checkpoint(world.now) == 0
    assert [held for _, held in kept.notes()] == [note]
    later = signed(world.later(hours=1))
    assert later.head.size == note.head.size
    assert kept.newest() == later
    assert troubles(note, later) == []


def test_a_checkpoint_that_could_not_be_kept_beside_the_database_is_signed_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(note: checkpoint.Note) -> None:
        raise PermissionError

    world.handled()
    with monkeypatch.context() as here:
        here.setattr(kept, "keep", refuse)
        with pytest.raises(PermissionError):
            record.run_checkpoint(world.now)
    assert record.run_checkpoint(world.now) == 1
    assert len(list(kept.notes())) == 1


def test_a_note_is_read_back_as_it_was_signed_from_text_file_and_code(world: World) -> None:
    world.report()
    note = signed(world)
    assert checkpoint.read(note.text) == [note]
    assert checkpoint.read(note.text + "\n" + note.text) == [note, note]
    anchor = known.latest_anchor()
    assert anchor is not None and anchor.link.startswith("http") and checkpoint.read(anchor.link) == [note]
    assert anchor.short == note.head.short


def test_a_changed_note_is_nobodys(world: World) -> None:
    world.report()
    note = signed(world)
    larger = checkpoint.read(note.text.replace(f"\n{note.head.size}\n", f"\n{note.head.size + 1}\n"))[0]
    assert not signing.is_signed(larger, signing.public_key())
    assert any("not signed" in trouble for trouble in troubles(larger))
    for broken in ("", "hello", note.text.replace("Z\n", "\n"), note.text.replace("\u2014 ", "- "), note.text.split("\n\n")[0]):
        with pytest.raises(checkpoint.BadNote):
            checkpoint.read(broken)


def test_each_checkpoint_continues_those_before_and_every_leaf_is_proved_in_it(world: World) -> None:
    notes = []
    for _ in range(3):
        world.report()
        notes.append(signed(world).head)
    for old, new in zip(notes, notes[1:], strict=False):
        merkle.check_consistency(old.size, new.size, known.consistency(old.size, new.size), old.root, new.root)
    for leaf in Leaf.objects.filter(index__lt=notes[-1].size):
        path = known.inclusion(leaf.index, notes[-1].size)
        merkle.check_inclusion(bytes(leaf.hash), leaf.index, notes[-1].size, path, notes[-1].root)


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_a_list_is_digested_the_same_after_a_way_through_json(content: Any) -> None:
    assert log.digest(content) == log.digest(json.loads(json.dumps(content)))


# ── what the owner of the database does behind its back ──────────────────────────────────────


def rechained(case: int) -> None:
    """Every hash of a case's chain made anew, and its head: what a careful forger does."""
    prev = ledger.GENESIS
    for row in Entry.objects.filter(case_id=case).order_by("seq"):
        entry = ledger.sealed(ledger.replace(entry_of(row), prev=prev, hash=""))
        Entry.objects.filter(pk=row.pk).update(prev=entry.prev, hash=entry.hash)
        prev = entry.hash
    Case.objects.filter(pk=case).update(head=prev)


def relogged() -> None:
    """The whole tree made anew over what is there now: what a very careful forger does. Only the signatures cannot be made."""
    Leaf.objects.all().delete()
    Node.objects.all().delete()
    LogState.objects.update(swept=0, ahead=0, gate="")
    while logging.sequence():
        pass


def changed(world: World, case: int) -> None:
    Entry.objects.filter(case_id=case, seq=2).update(data={"lead": 1})


def changed_carefully(world: World, case: int) -> None:
    row = Entry.objects.get(case_id=case, seq=2)
    Entry.objects.filter(pk=row.pk).update(data={**row.data, "words": {}})
    rechained(case)


def deleted(world: World, case: int) -> None:
    Entry.objects.filter(case_id=case, seq=2).delete()


def last_deleted(world: World, case: int) -> None:
    row = Entry.objects.filter(case_id=case).order_by("-seq")[0]
    before = Entry.objects.get(case_id=case, seq=row.seq - 1)
    Words.objects.filter(case_id=case, seq=row.seq).delete()
    row.delete()
    Case.objects.filter(pk=case).update(head=before.hash, seq=before.seq, last_at=before.at)


def back_dated(world: World, case: int) -> None:
    row = Entry.objects.get(case_id=case, seq=2)
    Entry.objects.filter(pk=row.pk).update(at=row.at - timedelta(seconds=30))
    rechained(case)


def swapped(world: World, case: int) -> None:
    Entry.objects.filter(case_id=case, seq=2).update(seq=99)
    Entry.objects.filter(case_id=case, seq=3).update(seq=2)
    Entry.objects.filter(case_id=case, seq=99).update(seq=3)
    rechained(case)


def dropped(world: World, case: int) -> None:
    for table in ("words", "attachment", "delivery", "suggestion", "sight", "notice", "replay"):
        with connection.cursor() as cursor:
            column = (
                "report_id IN (SELECT id FROM records_report WHERE case_id = %s)" if table == "suggestion" else "case_id = %s"
            )
            cursor.execute(f"DELETE FROM records_{table} WHERE {column}", [case])
    Entry.objects.filter(case_id=case).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM records_reporter WHERE report_id IN (SELECT id FROM records_report WHERE case_id = %s)", [case]
        )
    Report.objects.filter(case_id=case).delete()
    Case.objects.filter(pk=case).delete()


def renumbered(world: World, case: int) -> None:
    Case.objects.filter(pk=case).update(number="2001-00001")


def words_gone(world: World, case: int) -> None:
    Words.objects.filter(case_id=case, seq=1).delete()


def words_swapped(world: World, case: int) -> None:
    first, second = Words.objects.filter(case_id=case).order_by("pk")[:2]
    for row, other in ((first, second), (second, first)):
        Words.objects.filter(pk=row.pk).update(text=other.text, salt=other.salt, commitment=other.commitment)


def words_taken_away(world: World, case: int) -> None:
    """As if they had been masked: no entry says so."""
    Words.objects.filter(case_id=case, seq=1).update(text="", salt=None, masked_at=world.now)


def words_changed_and_called_masked(world: World, case: int) -> None:
    Words.objects.filter(case_id=case, seq=1).update(text="没有这回事", masked_at=world.now)


def reporter_taken_away(world: World, case: int) -> None:
    Reporter.objects.filter(report__case_id=case).update(phone="", phone_mac="", masked_at=world.now)


def moved_elsewhere(world: World, case: int) -> None:
    Case.objects.filter(pk=case).update(compound=Compound.objects.exclude(cases=case).first())


def report_put_elsewhere(world: World, case: int) -> None:
    Report.objects.filter(case_id=case).update(case=world.report("另一件").case)


def made_unreadable(world: World, case: int) -> None:
    """So that whoever looks stumbles, and says nothing of the rest."""
    Entry.objects.filter(case_id=case, seq=2).update(to="nowhere", tier="nothing", data=["no", "entry"])
    Entry.objects.filter(case_id=case, seq=1).update(data=7)


def list_edited(world: World, case: int) -> None:
    ListItem.objects.filter(code="QL-05").update(lead="gongan")


def clause_edited(world: World, case: int) -> None:
    LegalBasis.objects.filter(item__code="QL-05").update(article="第一条")


def list_begins_earlier(world: World, case: int) -> None:
    ListVersion.objects.filter(listing="enforcement").update(in_force_from="2020-01-01")


def list_gone(world: World, case: int) -> None:
    ListVersion.objects.filter(listing="service").update(listing="enforcement", number=77, in_force_from="2019-01-01")


def leaf_cut(world: World, case: int) -> None:
    Leaf.objects.filter(index=1).delete()


def node_bent(world: World, case: int) -> None:
    Node.objects.create(level=8, index=7, hash=b"x" * 32)


def checkpoint_bent(world: World, case: int) -> None:
    Checkpoint.objects.filter(pk=Checkpoint.objects.order_by("pk")[0].pk).update(root="0" * 64)


FORGERIES: list[tuple[Callable[[World, int], None], str]] = [
    (changed, "entry 2 content does not match its hash"),
    (changed_carefully, "entry 2 is not the one in the log"),
    (deleted, "entry 2 was deleted"),
    (last_deleted, "was deleted: it stands in the log"),
    (back_dated, "entry 2 is not the one in the log"),
    (swapped, "entry 2 is not the one in the log"),
    (dropped, "the case is gone, its"),
    (renumbered, "was logged under the number"),
    (words_gone, "of entry 1 are gone"),
    (words_swapped, "known to no entry"),
    (made_unreadable, "entry 1 content does not match its hash"),
    (words_taken_away, "words of entry 1 were taken away, and no entry says that it was masked"),
    (words_changed_and_called_masked, "words of entry 1 were taken away"),
    (reporter_taken_away, "who made report"),
    (moved_elsewhere, "the copy's compound_id differs"),
    (report_put_elsewhere, "does not lie with the case"),
    (list_edited, "the list enforcement/1, published, is not the one in the log"),
    (clause_edited, "the list enforcement/1, published, is not the one in the log"),
    (list_begins_earlier, "the list enforcement/1, published, is not the one in the log"),
    (list_gone, "the list service/1, published, is not the one in the log"),
    (leaf_cut, "the log lacks its leaves 1 to 1"),
    (node_bent, "nodes over leaves that are not there"),
    (checkpoint_bent, "was not signed with this installation's key"),
]


@pytest.mark.parametrize(("forge", "says"), FORGERIES, ids=[forge.__name__ for forge, _ in FORGERIES])
def test_what_the_owner_of_the_database_changes_is_named(world: World, forge: Callable[[World, int], None], says: str) -> None:
    case = world.handled(phone="19900000001").case
    signed(world)
    lift_guards()
    forge(world, case)
    triggers.ensure(connection)
    assert any(says in trouble for trouble in troubles()), troubles()


CAREFUL = [changed_carefully, last_deleted, back_dated, swapped, dropped]


@pytest.mark.parametrize("forge", CAREFUL, ids=[forge.__name__ for forge in CAREFUL])
def test_a_forger_who_makes_the_whole_tree_anew_still_lacks_the_signatures(
    world: World, forge: Callable[[World, int], None]
) -> None:
    case = world.handled().case
    world.report()
    signed(world)
    lift_guards()
    forge(world, case)
    relogged()
    triggers.ensure(connection)
    found = troubles()
    assert any("another root" in trouble or "cut off" in trouble for trouble in found), found


@pytest.mark.parametrize("forge", [changed_carefully, last_deleted, back_dated, dropped], ids=lambda forge: forge.__name__)
def test_without_the_checkpoints_in_the_database_one_kept_elsewhere_finds_it(
    world: World, forge: Callable[[World, int], None]
) -> None:
    case = world.handled().case
    world.report()
    outside = signed(world)
    lift_guards()
    forge(world, case)
    relogged()
    Checkpoint.objects.all().delete()
    triggers.ensure(connection)
    assert troubles() == [], "inside the database nothing shows any more"
    assert [trouble for trouble in troubles(outside) if "kept: the checkpoint" in trouble]
    world.later(hours=1)
    assert record.run_checkpoint(world.now) == 0, (
        "and the worker signs nothing that does not continue the file beside the database"
    )
    assert Alarm.objects.filter(kind="record").exists()


def test_the_newest_entries_cut_off_are_missed_by_whoever_kept_a_checkpoint(world: World) -> None:
    world.report()
    early = signed(world)
    for _ in range(3):
        world.report()
    late = signed(world)
    lift_guards()
    for entry in Entry.objects.order_by("-pk")[:3]:
        dropped(world, entry.case_id)
    Leaf.objects.filter(index__gte=early.head.size).delete()
    Checkpoint.objects.filter(size__gt=early.head.size).delete()
    triggers.ensure(connection)
    assert troubles(early) == []
    (said,) = troubles(early, late)
    assert "knows 3 more than there are: the newest entries were cut off" in said


def restored_to(early: checkpoint.Note, world: World) -> None:
    """An older backup of the database is brought back: what came after it is as if it had never been."""
    lift_guards()
    for entry in Entry.objects.order_by("-pk")[:2]:
        dropped(world, entry.case_id)
    Leaf.objects.filter(index__gte=early.head.size).delete()
    Checkpoint.objects.filter(size__gt=early.head.size).delete()
    LogState.objects.update(swept=0, ahead=0, gate="")
    triggers.ensure(connection)


def test_an_older_backup_is_named_and_an_honest_restore_is_told_as_one(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.report()
    early = signed(world)
    world.report()
    world.report()
    late = signed(world)
    restored_to(early, world)
    assert verify.main([]) == 1  # the file beside the database knows more
    assert "an older backup was brought back without a mark" in capsys.readouterr().out
    assert record.run_checkpoint(world.later(hours=1).now) == 0
    assert verify.mark_restored("硬盘坏了，用夜里的备份恢复", [], world.now) == 0
    assert f"已知曾有 {late.head.size} 条" in capsys.readouterr().out
    world.report()
    world.report()
    world.report()
    after = signed(world)
    assert after.head.size > late.head.size
    assert verify.main([]) == 0
    said = capsys.readouterr().out
    assert "已说明" in said and "硬盘坏了" in said
    assert troubles(early, late, after) == []


def test_a_mark_does_not_explain_what_was_signed_after_it(world: World) -> None:
    world.report()
    early = signed(world)
    logging.mark_restored(at=world.now, why="试一试")
    world.report()
    world.report()
    late = signed(world)
    restored_to(early, world)
    assert any("cut off" in trouble for trouble in troubles(late))


def test_a_mark_cannot_be_changed_or_taken_back(world: World) -> None:
    world.report()
    logging.mark_restored(at=world.now, why="硬盘坏了")
    signed(world)
    lift_guards()
    Mark.objects.update(why="没有的事")
    assert any("the mark of" in trouble and "was changed" in trouble for trouble in troubles())
    Mark.objects.all().delete()
    assert any("stands in the log and is gone" in trouble for trouble in troubles())
    triggers.ensure(connection)
    with pytest.raises(ValueError, match="reason"):
        logging.mark_restored(at=world.now, why=" ")


def test_a_whole_case_slipped_in_with_an_old_date_is_named(world: World) -> None:
    world.report()
    signed(world)
    early = world.now - timedelta(days=30)
    slipped = World(now=early).report("这一件是后来塞进来的")
    signed(world)
    assert any(f"{slipped.number}: entry 1 is dated before a checkpoint" in trouble for trouble in troubles())


def test_two_photos_that_changed_places_are_named(world: World) -> None:
    rows = []
    for name in ("一", "二"):
        case, salt = world.report(f"照片{name}").case, name.encode() * 8
        sha = ledger.commitment(b"", name.encode())
        held = ledger.commitment(salt, bytes.fromhex(sha))
        entry = Entry.objects.get(case_id=case)
        lift_guards()
        Entry.objects.filter(pk=entry.pk).update(data={**entry.data, "files": [held]})
        rechained(case)
        rows.append(Attachment(case_id=case, seq=1, sha256=sha, salt=salt, commitment=held, arrived=world.now))
    triggers.ensure(connection)
    for row in Attachment.objects.bulk_create(rows):
        received([row], actor=(entry := Entry.objects.get(case_id=row.case_id)).actor, role=entry.role)
    signed(world)
    assert troubles() == []
    first, second = Attachment.objects.order_by("pk")
    for row, other in ((first, second), (second, first)):
        Attachment.objects.filter(pk=row.pk).update(sha256=other.sha256, salt=other.salt, commitment=other.commitment)
    assert sum("a photo at entry 1 is known to no entry" in trouble for trouble in troubles()) == 2


def test_what_was_masked_and_stands_there_again_is_named(world: World) -> None:
    receipt = world.handled(phone="19900000001")
    before = list(Words.objects.filter(case_id=receipt.case, seq=1).values("pk", "text", "salt"))
    world.do("zhoumin", receipt.number, "mask", mask_what="report", report=receipt.report, mask_ground="request")
    assert troubles() == []
    Words.objects.filter(pk=before[0]["pk"]).update(text=before[0]["text"])
    assert troubles() == [f"{receipt.number}: words of entry 1 were masked by an entry, and are there again"]


def test_masking_breaks_nothing(world: World) -> None:
    receipt = world.echoed(phone="19900000001")
    outside = signed(world)
    world.do("zhoumin", receipt.number, "mask", mask_what="report", report=receipt.report, mask_ground="request")
    later = signed(world)
    assert troubles(outside, later) == []


def test_verifying_reads_one_moment(committing: World) -> None:
    world = committing
    world.report()
    with database.snapshot():
        seen = Entry.objects.count()
        more = threading.Thread(target=_report_apart, args=(world,))
        more.start()
        more.join()
        assert Entry.objects.count() == seen
    assert Entry.objects.count() == seen + 1


def _report_apart(world: World) -> None:
    try:
        world.report()
    finally:
        connection.close()
