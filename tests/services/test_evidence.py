"""A large file comes in pieces and is kept once; who had which file is written down and stays so."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from huiyin.adapters import files, keys, vault
from huiyin.jobs import orphans, photos, record
from huiyin.records import triggers
from huiyin.records.models import Attachment, Custody, CustodyWords, Entry, Leaf, LogState, Upload
from huiyin.rules import blanking, ledger
from huiyin.rules import evidence as rules
from huiyin.rules.evidence import BadEvidence, Step
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import evidence as held
from huiyin.selectors import verifying
from huiyin.services import cases, evidence
from huiyin.services import log as logging
from tests.guards import lift_guards
from tests.rules.recordings import SECRET, SOUND, mp4
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]

OFFICER = "liuzhiqiang"
FILM = mp4(front=True, padding=b"pad " + os.urandom(2 * files.PIECE))


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.HUIYIN_UPLOADS = tmp_path / "uploads"
    settings.HUIYIN_DATA = tmp_path
    settings.HUIYIN_UPLOAD_RESERVE_MB = 0
    return tmp_path / "uploads"


def begin(world: World, content: bytes = FILM, *, key: str = "k" * 32, slot: str = "one.mp4", **said: Any) -> evidence.Progress:
    said = {"sha256": hashlib.sha256(content).hexdigest(), **said}
    return evidence.begin(actor=world.actor(OFFICER), at=world.now, key=key, slot=slot, size=len(content), said=said)


def go_on(world: World, found: evidence.Progress, content: bytes = FILM, upto: int | None = None) -> evidence.Progress:
    while found.done is None and found.offset < (len(content) if upto is None else upto):
        piece = content[found.offset : found.offset + files.PIECE]
        found = evidence.add_piece(
            actor=world.actor(OFFICER),
            at=world.now,
            upload=found.id,
            offset=found.offset,
            content=piece,
            sha256=hashlib.sha256(piece).hexdigest(),
        )
    return found


def filmed(world: World, **said: Any) -> tuple[str, Attachment]:
    """An officer attends with a film; the number of the case and the film."""
    receipt = world.assigned()
    world.do(OFFICER, receipt.number, "accept")
    key = secrets.token_hex(16)
    go_on(world, begin(world, key=key, **said))
    world.do(OFFICER, receipt.number, "attend", found="花坛里六只鸡", key=key)
    return receipt.number, Attachment.objects.get(case=receipt.case)


# ── in pieces ────────────────────────────────────────────────────────────────────────────────


def test_a_film_comes_in_pieces_and_belongs_to_its_entry(world: World) -> None:
    number, row = filmed(world, taken_at="2026-11-24T08:59:00+08:00", lon="115.79", lat="25.6")
    entry = Entry.objects.get(case__number=number, action="attend")
    assert (row.kind, row.size, row.state) == ("mp4", len(FILM), "received")
    assert files.read_original(row.sha256) == FILM
    assert entry.data["files"] == [row.commitment] and entry.data["taken"] == [row.claims_commitment]
    assert not Upload.objects.exists()


def test_what_the_phone_says_is_sealed_in_its_row_and_committed_to_in_the_entry(world: World) -> None:
    _, row = filmed(world, taken_at="2026-11-24T08:59:00+08:00", lon="115.79", lat="25.6")
    claims = held.claims_of(row)
    assert claims["lon"] == "115.79" and "115.79" not in row.claims
    assert ledger.commitment(bytes(row.claims_salt or b""), rules.claims_bytes(claims)) == row.claims_commitment
    assert [str(trouble) for trouble in verifying.check_all()] == []


def test_a_broken_network_costs_no_more_than_a_piece(world: World) -> None:
    found = go_on(world, begin(world), upto=files.PIECE)
    assert found.done is None
    again = begin(world)
    assert (again.id, again.offset) == (found.id, files.PIECE)
    assert go_on(world, again).done


def test_a_lost_last_answer_is_answered_again(world: World) -> None:
    done = go_on(world, begin(world)).done
    again = begin(world)
    assert again.done == done and Attachment.objects.count() == 1


def test_another_file_under_the_same_name_begins_anew(world: World) -> None:
    go_on(world, begin(world), upto=files.PIECE)
    other = FILM[:-1]
    assert begin(world, other).offset == 0
    assert Upload.objects.count() == 1


def test_a_whole_that_is_not_the_phones_is_refused_and_gone(world: World, disk: Path) -> None:
    found = begin(world, sha256="ab" * 32)
    with pytest.raises(BadEvidence) as refused:
        go_on(world, found)
    assert refused.value.code == "differs"
    assert not Upload.objects.exists() and not Attachment.objects.exists()
    assert not [file for file in disk.rglob("*") if file.is_file()]


def test_what_is_no_evidence_is_refused_with_its_first_piece(world: World) -> None:
    content = b"MZ" + os.urandom(3 * files.PIECE)
    with pytest.raises(BadEvidence) as refused:
        go_on(world, begin(world, content), content, upto=files.PIECE)
    assert refused.value.code == "unknown" and not Upload.objects.exists()


def test_only_who_began_goes_on(world: World) -> None:
    found = begin(world)
    piece = FILM[: files.PIECE]
    with pytest.raises(evidence.Gone):
        evidence.add_piece(
            actor=world.actor("heyong"),
            at=world.now,
            upload=found.id,
            offset=0,
            content=piece,
            sha256=hashlib.sha256(piece).hexdigest(),
        )


@pytest.mark.parametrize("size", [0, 201 * 1024 * 1024])
def test_too_little_and_too_much_is_refused_before_it_comes(world: World, size: int) -> None:
    with pytest.raises(BadEvidence):
        evidence.begin(actor=world.actor(OFFICER), at=world.now, key="k" * 32, slot="a", size=size, said={})


def test_one_person_fills_no_disk_with_beginnings(world: World) -> None:
    for number in range(evidence.MOST_UNFINISHED):
        begin(world, slot=f"{number}.mp4")
    with pytest.raises(BadEvidence) as refused:
        begin(world, slot="more.mp4")
    assert refused.value.code == "too_many"


def test_what_was_never_finished_goes_after_two_days(world: World, disk: Path) -> None:
    go_on(world, begin(world), upto=files.PIECE)
    assert orphans.run(world.now + timedelta(hours=47)) == 0
    assert orphans.run(world.now + timedelta(hours=49)) == 1
    assert not [file for file in disk.rglob("*") if file.is_file()] and not Upload.objects.exists()


def test_a_small_file_with_a_hash_that_is_not_its_own_is_refused(world: World) -> None:
    with pytest.raises(BadEvidence) as refused:
        cases.upload(
            actor=world.actor(OFFICER),
            at=world.now,
            key="k" * 32,
            slot="a",
            stream=io.BytesIO(mp4()),
            any_kind=True,
            said={"sha256": "ab" * 32},
        )
    assert refused.value.code == "differs" and not Attachment.objects.exists()


def test_residents_send_photos_alone(world: World) -> None:
    with pytest.raises(rules.BadFile, match="不是照片"):
        cases.upload(actor=None, at=world.now, key="k" * 32, slot="a", stream=io.BytesIO(mp4()))


# ── copies ───────────────────────────────────────────────────────────────────────────────────


def test_the_copy_of_a_film_is_the_same_film_without_what_it_says_of_the_phone(world: World) -> None:
    _, row = filmed(world)
    assert photos.run(world.now) == 1
    row.refresh_from_db()
    patches = blanking.unpacked(files.read_copy(row.copy))
    clean = blanking.laid_over(FILM, 0, patches)
    assert row.state == "ready" and SECRET not in clean and SOUND in clean
    assert files.read_original(row.sha256) == FILM, "what arrived stays as it arrived"


def test_a_film_that_cannot_be_cleaned_and_a_paper_are_kept_as_originals_alone(world: World) -> None:
    key = secrets.token_hex(16)
    for slot, content in (("film", mp4()[:-30]), ("paper", b"%PDF-1.7\n" + SECRET)):
        cases.upload(actor=world.actor(OFFICER), at=world.now, key=key, slot=slot, stream=io.BytesIO(content), any_kind=True)
    photos.run(world.now)
    assert set(Attachment.objects.values_list("kind", "state", "copy")) == {("mp4", "kept", ""), ("pdf", "kept", "")}


# ── from hand to hand ────────────────────────────────────────────────────────────────────────


def look(world: World, row: Attachment, why: str = "case", words: str = "") -> None:
    evidence.look(actor=world.actor(OFFICER), role=Role.OFF, at=world.now, attachment=row.pk, why=why, words=words)


def test_the_way_of_a_file_begins_with_who_sent_it_and_goes_on_with_who_looked(world: World) -> None:
    _, row = filmed(world)
    look(world, row)
    look(world, row, "other", "看清楚鸡笼上的字")
    way = held.ways_of([row])[row.pk]
    assert [(one.step, one.why, one.words) for one in way] == [
        ("received", "", ""),
        ("viewed", "case", ""),
        ("viewed", "other", "看清楚鸡笼上的字"),
    ]
    assert all(one.posting for one in way)
    assert "鸡笼" not in CustodyWords.objects.get().text


def test_the_steps_of_a_file_are_a_chain_that_anybody_can_compute(world: World) -> None:
    _, row = filmed(world)
    look(world, row)
    first, second = Custody.objects.filter(attachment=row).order_by("seq")
    link = rules.Link(
        file=row.commitment,
        seq=2,
        step="viewed",
        actor=second.actor,
        role="off",
        at=ledger.stamp(second.at),
        why="case",
        words="",
        prev=first.hash,
    )
    assert first.prev == rules.GENESIS and rules.link_hash(link) == second.hash


def test_nobody_looks_without_a_reason(world: World) -> None:
    _, row = filmed(world)
    for why, words in (("", ""), ("nosy", ""), ("other", " ")):
        with pytest.raises(ValueError, match="reason"):
            look(world, row, why, words)
    assert Custody.objects.count() == 1


def test_a_residents_photo_has_a_way_too(world: World) -> None:
    key = secrets.token_urlsafe(24)
    cases.upload(actor=None, at=world.now, key=key, slot="0", stream=io.BytesIO(_picture()))
    receipt = world.report(key=key)
    row = Attachment.objects.get(case=receipt.case)
    step = Custody.objects.get(attachment=row)
    assert (step.step, step.actor, step.role) == (Step.RECEIVED, f"r{receipt.report}", "res")


def _picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


def test_the_database_refuses_to_change_a_step(world: World) -> None:
    _, row = filmed(world)
    step = Custody.objects.get(attachment=row)
    for change in (
        lambda: Custody.objects.filter(pk=step.pk).update(actor="p1"),
        lambda: Custody.objects.filter(pk=step.pk).delete(),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    assert connection.vendor and Custody.objects.get(pk=step.pk).actor == step.actor


def test_masking_destroys_the_film_its_claims_and_what_was_written_of_its_way(world: World, disk: Path) -> None:
    number, row = filmed(world, lon="115.79", lat="25.6")
    photos.run(world.now)
    look(world, row, "other", "看清楚门牌")
    with transaction.atomic():
        world.do("zhoumin", number, "mask", mask_what="entry", of=row.seq, mask_ground="request")
    row.refresh_from_db()
    assert (row.state, row.sha256, row.claims, row.salt, row.claims_salt) == ("masked", "", "", None, None)
    words = CustodyWords.objects.get()
    assert (words.text, words.salt) == ("", None)
    assert [one.step for one in held.ways_of([row])[row.pk]] == ["received", "viewed", "masked"]
    assert [str(trouble) for trouble in verifying.check_all()] == []


def test_masking_removes_the_bytes_from_the_disk(world: World, disk: Path, django_capture_on_commit_callbacks: Any) -> None:
    number, row = filmed(world)
    photos.run(world.now)
    assert [file for file in disk.rglob("*") if file.is_file()]
    old = (world.now - timedelta(hours=1)).timestamp()
    for file in disk.rglob("*"):
        os.utime(file, (old, old))  # the clock of the story is not the disk's
    with django_capture_on_commit_callbacks(execute=True):
        world.do("zhoumin", number, "mask", mask_what="entry", of=row.seq, mask_ground="request")
    assert not [file for file in disk.rglob("*") if file.is_file()]


# ── what lies beside is checked ──────────────────────────────────────────────────────────────


def _troubles() -> list[str]:
    return [str(trouble) for trouble in (*verifying.check_all(), *verifying.check_log())]


def _rechained(row: Attachment, **first: Any) -> None:
    """The whole way of a file made anew, its first step with other values: what a careful forger does."""
    prev = rules.GENESIS
    for step in Custody.objects.filter(attachment=row).order_by("seq"):
        for name, value in (first if step.seq == 1 else {}).items():
            setattr(step, name, value)
        named = {name: getattr(step, name) for name in ("seq", "step", "actor", "role", "why", "words")}
        step.prev, step.hash = (
            prev,
            rules.link_hash(rules.Link(file=row.commitment, at=ledger.stamp(step.at), prev=prev, **named)),
        )
        step.save()
        prev = step.hash


def _step_changed(row: Attachment) -> None:
    Custody.objects.filter(attachment=row, seq=2).update(actor="p1")


def _step_rewritten(row: Attachment) -> None:
    Custody.objects.filter(attachment=row, seq=2).update(actor="p1")
    _rechained(row)


def _step_taken_out(row: Attachment) -> None:
    CustodyWords.objects.filter(custody__attachment=row, custody__seq=2).delete()
    Custody.objects.filter(attachment=row, seq=2).delete()
    Custody.objects.filter(attachment=row, seq=3).update(seq=2)
    _rechained(row)


def _last_cut_off(row: Attachment) -> None:
    Custody.objects.filter(attachment=row, seq=3).delete()


def _all_gone(row: Attachment) -> None:
    CustodyWords.objects.filter(custody__attachment=row).delete()
    Custody.objects.filter(attachment=row).delete()


def _arrived_earlier(row: Attachment) -> None:
    Attachment.objects.filter(pk=row.pk).update(arrived=row.arrived - timedelta(days=1))


def _begins_with_another(row: Attachment) -> None:
    _rechained(row, actor="p1")


def _masked_in_secret(row: Attachment) -> None:
    Attachment.objects.filter(pk=row.pk).update(state="masked", masked_at=row.arrived, sha256="", salt=None)


def _words_changed(row: Attachment) -> None:
    other = vault.seal(keys.derive("identity"), "别的话", f"custody:{Custody.objects.get(attachment=row, seq=2).words}")
    CustodyWords.objects.filter(custody__attachment=row).update(text=other)


def _words_gone(row: Attachment) -> None:
    CustodyWords.objects.filter(custody__attachment=row).delete()


def _claims_changed(row: Attachment) -> None:
    other = rules.claims_bytes({"taken_at": "2026-11-24T07:00:00+08:00"}).decode()
    Attachment.objects.filter(pk=row.pk).update(
        claims=vault.seal(keys.derive("identity"), other, f"claims:{row.claims_commitment}")
    )


def _claims_committed_anew(row: Attachment) -> None:
    salt, other = b"s" * 32, rules.claims_bytes({"taken_at": "2026-11-24T07:00:00+08:00"})
    held = ledger.commitment(salt, other)
    sealed = vault.seal(keys.derive("identity"), other.decode(), f"claims:{held}")
    Attachment.objects.filter(pk=row.pk).update(claims=sealed, claims_salt=salt, claims_commitment=held)


def _claims_taken_away(row: Attachment) -> None:
    Attachment.objects.filter(pk=row.pk).update(claims="", claims_salt=None)


def _no_hash(row: Attachment) -> None:
    Attachment.objects.filter(pk=row.pk).update(sha256="not a hash")


FORGERIES = [
    (_step_changed, "was changed at step 2"),
    (_step_rewritten, "another step 2 than the log"),
    (_step_taken_out, "lacks step 3: it stands in the log"),
    (_last_cut_off, "lacks step 3: it stands in the log"),
    (_all_gone, "does not begin with who sent it"),
    (_arrived_earlier, "does not begin with who sent it"),
    (_begins_with_another, "does not begin with who sent it"),
    (_masked_in_secret, "does not end as the file did"),
    (_words_changed, "had its words changed at step 2"),
    (_words_gone, "lacks the words of step 2"),
    (_claims_changed, "what the phone said of a photo at entry 4 was changed"),
    (_claims_committed_anew, "what the phone said of a photo at entry 4 is not what its entry knows"),
    (_claims_taken_away, "what the phone said of a photo at entry 4 was changed"),
    (_no_hash, "a photo at entry 4 was changed"),
]


@pytest.mark.parametrize(("forge", "says"), FORGERIES, ids=[forge.__name__.strip("_") for forge, _ in FORGERIES])
def test_what_the_owner_of_the_database_changes_beside_a_file_is_named(
    world: World, forge: Callable[[Attachment], None], says: str
) -> None:
    _, row = filmed(world, taken_at="2026-11-24T08:59:00+08:00")
    look(world, row, "other", "看清楚鸡笼上的字")
    look(world, row)
    world.later(hours=1)
    record.run_checkpoint(world.now)
    assert _troubles() == []
    lift_guards()
    forge(row)
    triggers.ensure(connection)
    assert any(says in trouble for trouble in _troubles()), _troubles()


def test_a_step_put_in_with_an_old_date_is_named(world: World) -> None:
    _, row = filmed(world)
    world.later(hours=1)
    record.run_checkpoint(world.now)
    world.now, late = world.now - timedelta(minutes=40), world.now
    look(world, row)
    world.now = late
    assert any("has a step 2 that never came into the log" in trouble for trouble in _troubles())


def test_a_photo_that_waited_for_its_report_over_a_checkpoint_is_no_alarm(world: World) -> None:
    key = secrets.token_urlsafe(24)
    cases.upload(actor=None, at=world.now, key=key, slot="0", stream=io.BytesIO(_picture()))
    world.later(hours=5)
    world.report("别的事")
    record.run_checkpoint(world.now)
    world.report(key=key)
    assert _troubles() == []
    world.later(hours=1)
    record.run_checkpoint(world.now)
    assert _troubles() == []


def test_a_step_that_the_sequencer_passed_over_is_found_at_night(world: World) -> None:
    _, row = filmed(world)
    record.run(world.now)
    LogState.objects.update(custody=10**6)  # as if later ones had committed before it
    look(world, row)
    assert record.run(world.now) == 0
    assert logging.sweep_again() == 1
    assert Leaf.objects.filter(kind="custody", ref=row.pk, seq=2).exists()
