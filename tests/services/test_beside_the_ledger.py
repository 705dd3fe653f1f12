"""Whoever rewrites what stands beside the ledger with all rights of its owner, photos, parties, documents, contacts and what is public, is
found and named; honest erasure is not."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from huiyin.adapters import keys, vault
from huiyin.records import triggers
from huiyin.records.models import (
    Attachment,
    Case,
    Document,
    Entry,
    Party,
    Reporter,
)
from huiyin.rules import ledger
from huiyin.rules.workflow.vocabulary import Stage
from huiyin.selectors import parties
from huiyin.selectors.cases import entries_of
from huiyin.selectors.documents import sealed_context
from huiyin.services import cases
from huiyin.services import log as logging
from huiyin.services.cases import Receipt
from huiyin.services.cases.record import append
from huiyin.services.evidence import masked as recorded_as_masked
from tests.guards import lift_guards
from tests.services.cases.test_inquiry import _spot as fined_on_the_spot
from tests.services.cases.test_inquiry import crew, of_role
from tests.services.documents.test_documents import issued
from tests.services.test_log import _own_folder, signed, troubles
from tests.world import World, nothing_remembered, world

__all__ = ["_own_folder", "nothing_remembered", "world"]


def in_sql(statement: str, *values: Any) -> None:
    """As its owner writes to the database; no statement here changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0, statement


@dataclass
class Filed:
    """A case with all that may lie beside entries, and another like it."""

    case: int
    other: int
    report: int
    decided: int
    document: int


def filed_fine(world: World, words: str, picture: str, phone: str) -> Receipt:
    """Reported with a photo and both contacts, fined on the spot by a document that was issued."""
    key = secrets.token_urlsafe(24)
    cases.upload(actor=None, at=world.now, key=key, slot="0", stream=io.BytesIO(photo(picture)))
    receipt = world.report(words=words, item="HW-01", key=key, phone=phone, email=f"{picture}@example.com")
    world.do("wangxiulan", receipt.number, "assign", item="HW-01", lead=world.body("chengguan"))
    officer = crew(world, "chengguan")[0]
    world.do(officer, receipt.number, "accept")
    fined_on_the_spot(world, receipt.number, offence=world.now.date())
    given = {"地点": "单元门口", "缴款银行和账户": "县农商行", "复议机关": "安和县人民政府", "管辖法院": "安和县人民法院"}
    issued(world, officer, receipt.number, "spot_decision", **given)
    return receipt


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def filed(world: World, settings: Any, tmp_path: Path) -> Filed:
    """Verified whole and signed; then its owner sits down at the database."""
    settings.HUIYIN_UPLOADS = tmp_path / "uploads"
    first = filed_fine(world, "楼下又倒了一堆装修垃圾", "green", "19900000001")
    world.later(days=3)
    second = filed_fine(world, "大门边又倒了一堆垃圾", "blue", "19900000002")
    decided = Entry.objects.get(case_id=first.case, action="spot_penalty").seq
    world.do(of_role("chengguan", "head"), first.number, "publish", of=decided, public="某住户在路边倾倒装修垃圾，罚款 100 元")
    signed(world)
    assert troubles() == []
    lift_guards()
    return Filed(first.case, second.case, first.report, decided, Document.objects.get(case=first.case).pk)


def photo_taken_away(its: Filed, now: datetime) -> None:
    """Its way ends as if it had been masked, too: only an act is missing."""
    rows = Attachment.objects.filter(case=its.case)
    recorded_as_masked(list(rows), actor="sys", role="sys", at=now)
    in_sql(
        "UPDATE records_attachment SET state = 'masked', sha256 = '', copy = '', salt = NULL, claims = '', claims_salt = NULL, masked_at = %s"
        " WHERE case_id = %s", now, its.case,
    )  # fmt: skip


def photo_emptied(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_attachment SET sha256 = '', copy = '', salt = NULL WHERE case_id = %s", its.case)


def photo_deleted(its: Filed, now: datetime) -> None:
    in_sql("DELETE FROM records_custody WHERE attachment_id IN (SELECT id FROM records_attachment WHERE case_id = %s)", its.case)
    in_sql("DELETE FROM records_attachment WHERE case_id = %s", its.case)


def party_taken_away(its: Filed, now: datetime) -> None:
    in_sql(
        "UPDATE records_party SET name = '', detail = '', mac = '', salt = NULL, masked_at = %s WHERE case_id = %s", now, its.case
    )


def party_emptied(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_party SET name = '', detail = '', mac = '' WHERE case_id = %s", its.case)


def party_changed(its: Filed, now: datetime) -> None:
    """Another number, sealed with the installation's own key."""
    row = Party.objects.get(case_id=its.case)
    detail = vault.seal(keys.derive("identity"), '{"id_no":"360000198001010001"}', parties.context("detail", row.pk))
    in_sql("UPDATE records_party SET detail = %s WHERE id = %s", detail, row.pk)


def party_committed_anew(its: Filed, now: datetime) -> None:
    other = Party.objects.get(case_id=its.other)
    in_sql(
        "UPDATE records_party SET name = %s, detail = %s, mac = %s, salt = %s, commitment = %s WHERE case_id = %s",
        other.name, other.detail, other.mac, other.salt, other.commitment, its.case,
    )  # fmt: skip


def document_taken_away(its: Filed, now: datetime) -> None:
    in_sql(
        "UPDATE records_document SET sealed = '', salt = NULL, pdf = '', docx = '', masked_at = %s WHERE case_id = %s",
        now,
        its.case,
    )


def document_emptied(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_document SET sealed = '', salt = NULL WHERE case_id = %s", its.case)


def document_changed(its: Filed, now: datetime) -> None:
    """Another fine, sealed with the installation's own key."""
    row = Document.objects.get(case_id=its.case)
    plain = vault.unseal(keys.derive("documents"), row.sealed, sealed_context(row.pk)).replace("100", "900")
    in_sql(
        "UPDATE records_document SET sealed = %s WHERE id = %s",
        vault.seal(keys.derive("documents"), plain, sealed_context(row.pk)),
        row.pk,
    )


def document_committed_anew(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_document SET commitment = %s WHERE case_id = %s", "0" * 64, its.case)


def document_deleted(its: Filed, now: datetime) -> None:
    in_sql("DELETE FROM records_document WHERE case_id = %s", its.case)


def document_file_changed(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_document SET state = 'signed', rendering = 'ready', pdf = %s WHERE case_id = %s", "ab" * 32, its.case)


def decision_reworded(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_publication SET words = '某住户倾倒垃圾，不予处罚' WHERE case_id = %s", its.case)


def decision_milder(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_publication SET amount = 50 WHERE case_id = %s", its.case)


def decision_gone(its: Filed, now: datetime) -> None:
    in_sql("DELETE FROM records_publication WHERE case_id = %s", its.case)


def decision_taken_down(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_publication SET withdrawn_at = %s WHERE case_id = %s", now, its.case)


def contact_emptied(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_reporter SET name = '', phone = '', email = '', phone_mac = '' WHERE report_id = %s", its.report)


def phone_emptied(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_reporter SET phone = '' WHERE report_id = %s", its.report)


def address_emptied(its: Filed, now: datetime) -> None:
    in_sql("UPDATE records_reporter SET email = '' WHERE report_id = %s", its.report)


def contact_deleted(its: Filed, now: datetime) -> None:
    in_sql("DELETE FROM records_reporter WHERE report_id = %s", its.report)


def contact_taken_away(its: Filed, now: datetime) -> None:
    in_sql(
        "UPDATE records_reporter SET name = '', phone = '', email = '', phone_mac = '', masked_at = %s WHERE report_id = %s",
        now, its.report,
    )  # fmt: skip


def contact_emptied_and_never_left(its: Filed, now: datetime) -> None:
    """The report is made to say that none was left."""
    contact_deleted(its, now)
    in_sql("UPDATE records_report SET contact = '' WHERE id = %s", its.report)


GONE = "was taken away, and no entry says that it was masked"
PUBLIC = "the decision of entry {decided} is not public"
BESIDE: list[tuple[Callable[[Filed, datetime], None], str]] = [
    (photo_taken_away, f"a photo at entry 1 {GONE}"),
    (photo_emptied, "a photo at entry 1 was changed"),
    (photo_deleted, "words, a photo or a party of entry 1 are gone"),
    (party_taken_away, f"the party at entry 4 {GONE}"),
    (party_emptied, "the party at entry 4 was changed"),
    (party_changed, "the party at entry 4 was changed"),
    (party_committed_anew, "the party at entry 4 is known to no entry"),
    (document_taken_away, f"document {{document}} {GONE}"),
    (document_emptied, "document {document} was changed"),
    (document_changed, "document {document} was changed"),
    (document_committed_anew, "document {document} is known to no entry"),
    (document_deleted, "document {document} is gone"),
    (document_file_changed, "the file of document {document} is not the one that was kept"),
    (decision_reworded, f"{PUBLIC} as it was published"),
    (decision_milder, f"{PUBLIC} as it was published"),
    (decision_gone, f"{PUBLIC}, or not taken down, as its entries say"),
    (decision_taken_down, f"{PUBLIC}, or not taken down, as its entries say"),
    (contact_emptied, "who made report {report} was emptied, and is not even marked as masked"),
    (phone_emptied, "who made report {report} was emptied, and is not even marked as masked"),
    (address_emptied, "who made report {report} was emptied, and is not even marked as masked"),
    (contact_deleted, "who made report {report} was deleted"),
    (contact_taken_away, f"who made report {{report}} {GONE}"),
    (contact_emptied_and_never_left, "report {report} says otherwise than the ledger what its reporter left"),
]


@pytest.mark.parametrize(("forge", "says"), BESIDE, ids=[forge.__name__ for forge, _ in BESIDE])
def test_what_the_owner_of_the_database_changes_beside_the_ledger_is_named(
    world: World, filed: Filed, forge: Callable[[Filed, datetime], None], says: str
) -> None:
    number = Case.objects.get(pk=filed.case).number
    forge(filed, world.now)
    triggers.ensure(connection)
    told = says.format(document=filed.document, report=filed.report, decided=filed.decided)
    assert f"{number}: {told}" in troubles()


def test_who_reported_is_erased_honestly_without_an_alarm_and_does_not_come_back_unseen(world: World, filed: Filed) -> None:
    triggers.ensure(connection)
    before = Reporter.objects.get(report=filed.report).phone
    number = Case.objects.get(pk=filed.case).number
    world.do("zhoumin", number, "mask", mask_what="reporter", report=filed.report, mask_ground="request")
    signed(world)
    assert troubles() == []
    in_sql("UPDATE records_reporter SET phone = %s WHERE report_id = %s", before, filed.report)
    assert troubles() == [f"{number}: who made report {filed.report} was masked by an entry, and is there again"]


def erased_by_nobody(number: str, at: datetime, action: str, **data: Any) -> None:
    """What a careful owner of the database appends, rightly chained and in the system's name, and the contact emptied as it says."""
    case = Case.objects.get(number=number)
    state = ledger.fold(entries_of(case.pk))
    after = append(case, state, action=action, actor="sys", role="sys", at=at, data=data)
    Case.objects.filter(pk=case.pk).update(seq=after.seq, head=after.head, last_at=after.at)
    Reporter.objects.filter(report__case=case).update(name="", phone="", email="", phone_mac="", masked_at=at)


def test_the_system_masks_nothing_by_itself_unless_a_backup_was_brought_back(world: World) -> None:
    receipt = world.handled(phone="19900000001")
    data = {"what": "reporter", "of": 0, "report": receipt.report, "ground": "retention"}
    erased_by_nobody(receipt.number, world.now, "mask", **data)
    assert troubles() == [
        f"{receipt.number}: entry 5 erases in the system's name, which masks by itself only at once after a backup was brought back"
    ]
    logging.mark_restored(at=world.now + timedelta(seconds=1), why="事后补记")
    assert len(troubles()) == 1, "a mark that came afterwards explains nothing"


def test_after_a_restore_the_system_masks_only_what_had_been_kept_long_enough(world: World) -> None:
    receipt = world.handled(phone="19900000001")
    logging.mark_restored(at=world.now, why="硬盘坏了")
    data = {"what": "reporter", "of": 0, "report": receipt.report}
    erased_by_nobody(receipt.number, world.now, "mask", ground="request", **data)
    assert any("entry 5 erases in the system's name" in trouble for trouble in troubles())
    other = world.handled(phone="19900000002")
    erased_by_nobody(other.number, world.now, "mask", **{**data, "report": other.report}, ground="retention")
    assert not any(trouble.startswith(other.number) for trouble in troubles())
    late = world.later(days=2).handled(phone="19900000003")
    erased_by_nobody(late.number, world.now, "mask", **{**data, "report": late.report}, ground="retention")
    assert any(trouble.startswith(late.number) for trouble in troubles()), "no mark covers what is masked days after it"


@pytest.mark.parametrize(("days", "kept", "found"), [(29, "contact", True), (31, "contact", False), (179, "content", True)])
def test_the_system_lets_nothing_go_before_the_fewest_days_a_county_may_set(
    world: World, days: int, kept: str, found: bool
) -> None:
    receipt = world.echoed(phone="19900000001")
    world.do(world.resident(receipt), receipt.number, "feedback", satisfied="yes")
    world.do("wangxiulan", receipt.number, "close")
    erased_by_nobody(receipt.number, world.now + timedelta(days=days), "expire", kept=kept)
    assert any("erases in the system's name before it was filed for" in trouble for trouble in troubles()) is found


def test_the_system_lets_go_neither_what_goes_on_nor_what_belongs_to_the_archive(world: World, filed: Filed) -> None:
    triggers.ensure(connection)
    going = world.handled(phone="19900000003")
    erased_by_nobody(going.number, world.now + timedelta(days=400), "expire", kept="contact")
    assert any(trouble.startswith(going.number) and "before it was filed" in trouble for trouble in troubles())
    case = Case.objects.get(pk=filed.case)
    state = ledger.fold(entries_of(case.pk))
    closed = append(case, state, action="close", actor="sys", role="sys", at=world.now, data={}, to=Stage.CLOSED)
    Case.objects.filter(pk=case.pk).update(
        stage="closed", outcome="punished", since=closed.since, seq=closed.seq, head=closed.head
    )
    erased_by_nobody(case.number, world.now + timedelta(days=400), "expire", kept="contact")
    assert any(trouble.startswith(case.number) and "belongs to the archive" in trouble for trouble in troubles())
