"""Documents say what the record says, keep their number and their words, and are seen by those who handle the file."""

from __future__ import annotations

import io
import os
import secrets
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import close_old_connections, connection
from PIL import Image

from huiyin.adapters import files, vault
from huiyin.jobs import documents as job
from huiyin.jobs import photos as photos_job
from huiyin.jobs import record
from huiyin.records.models import Attachment, Checkpoint, Document, Entry, Notice, Party, Signature
from huiyin.rules import checkpoint, ledger
from huiyin.rules.documents import wording
from huiyin.rules.documents.kinds import KINDS, Signer
from huiyin.selectors import cases as seen
from huiyin.selectors import documents as known
from huiyin.selectors import verifying
from huiyin.selectors.cases import Dossier
from huiyin.services import cases, documents, photos
from huiyin.services.cases import NotFound
from huiyin.services.documents import Gaps, Wrong
from tests.services.cases.test_inquiry import (
    OWNER,
    _decide,
    _spot,
    _tell,
    crew,
    filed,
    handled,
    inspected,
    liability,
    of_role,
)
from tests.world import World

CONTACT = {"联系人": "何勇", "联系电话": "0700-555 0145", "联系地址": "安和县文昌路88号"}
TINY = io.BytesIO()
Image.new("RGB", (8, 8), "black").save(TINY, "PNG")
STROKES = TINY.getvalue()


def loaded(world: World, number: str) -> Dossier:
    return seen.load(seen.with_places(type(world.case(number)).objects.filter(number=number)).get(), world.now)


def made(world: World, who: str, number: str, kind: str, **given: str) -> Document:
    """A draft of a kind about the newest act that has it."""
    dossier = loaded(world, number)
    held = known.of_case(dossier, world.actor(who))
    offer = next(one for one in known.offers(dossier, world.actor(who), held) if one.kind.code == kind)
    return documents.make(actor=world.actor(who), at=world.now, dossier=dossier, kind=kind, seq=offer.entry.seq, given=given)


def issued(world: World, who: str, number: str, kind: str, **given: str) -> Document:
    draft = made(world, who, number, kind, **given)
    return documents.issue(actor=world.actor(who), at=world.now, dossier=loaded(world, number), document=draft)


def words(document: Document) -> str:
    return str(known.content(Document.objects.get(pk=document.pk))["doc"])


def noticed(world: World) -> str:
    """A roof extension, told what is meant to be decided."""
    number = handled(world, "WJ-01", "ziran")
    filed(world, number, "ziran")
    inspected(world, number, "ziran")
    _tell(world, number, crew(world, "ziran")[0])
    return number


def decided(world: World) -> str:
    number = noticed(world)
    world.do(
        crew(world, "ziran")[0], number, "hear", heard="stated", statement="希望少罚", adopted="unfounded", asks_hearing="no"
    )
    world.later(days=9)
    _decide(world, number)
    return number


def scan(world: World, who: str) -> str:
    key = secrets.token_urlsafe(24)
    out = io.BytesIO()
    Image.effect_noise((60, 60), 50).convert("RGB").save(out, "JPEG")
    out.seek(0)
    cases.upload(actor=world.actor(who), at=world.now, key=key, slot="p0", stream=out)
    return key


# ── what they say ────────────────────────────────────────────────────────────────────────────


def test_a_notice_says_what_the_record_says(world: World) -> None:
    number = noticed(world)
    first, second = crew(world, "ziran")
    said = words(made(world, first, number, "advance_notice", **CONTACT))
    for part in (
        OWNER,
        "未批先建",
        "人民币陆仟元整（¥6,000）",
        "造价六万元的百分之十。",
        "第四十四条",
        "何勇",
        "安和县自然资源局",
        "《中华人民共和国城乡规划法》第六十四条",
    ):
        assert part in said, part
    record = words(made(world, first, number, "inspection"))
    assert world.person(first).name in record and world.person(second).name in record and "执法证号" in record
    assert "测得搭建 21 平方米" in record and "三栋楼顶" in record


def test_a_decision_gathers_notice_statement_and_evidence(world: World) -> None:
    number = decided(world)
    said = words(made(world, of_role("ziran", "head"), number, "decision"))
    for part in (
        "现场检查笔录1份",
        "送达行政处罚事先告知书",
        "提出了陈述、申辩",
        "六个月内直接向安和县人民法院",
        "安和县人民政府",
        "三栋 602",
    ):
        assert part in said, part
    assert "治安管理处罚法》第一百一十三条" not in said


def test_a_document_that_would_lack_what_the_law_wants_is_stopped_and_the_gap_is_named(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    with pytest.raises(Gaps) as found:
        made(world, first, number, "advance_notice")
    assert [slot.name for slot in found.value.slots] == ["联系人", "联系电话", "联系地址"]
    assert not Document.objects.exists()


def test_what_an_act_would_give_is_linked_to_that_act(world: World) -> None:
    number = handled(world, "WJ-01", "ziran")
    first, second = crew(world, "ziran")
    world.do(
        first, number, "order", basis=liability(world, number), facts="停工", due=world.now.date() + timedelta(days=3),
        second=world.person(second).pk,
    )  # fmt: skip
    dossier = loaded(world, number)
    offer = next(one for one in known.offers(dossier, world.actor(first), []) if one.kind.code == "order")
    assert {(slot.name, act) for slot, act in offer.from_acts} == {("当事人", "name_party"), ("当事人地址", "name_party")}


def test_what_the_body_gave_last_is_offered_again(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    made(world, first, number, "advance_notice", **CONTACT)
    kept = known.lasting(KINDS["demand"], list(Document.objects.order_by("pk")))
    assert kept == CONTACT


def test_only_what_is_asked_for_can_be_typed(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    said = words(made(world, first, number, "advance_notice", **CONTACT, 违法事实="另一件事", 当事人="别人"))
    assert "另一件事" not in said and "别人" not in said


def test_what_is_issued_carries_the_latest_signed_checkpoint_and_a_draft_carries_none(
    world: World, settings: Any, tmp_path: Path
) -> None:
    """As short text, and as a QR code that holds the whole of it: who keeps the paper keeps the checkpoint."""
    settings.HUIYIN_DATA = tmp_path
    number = noticed(world)
    first = crew(world, "ziran")[0]
    assert record.run_checkpoint(world.later(hours=1).now) == 1
    note = checkpoint.read(Checkpoint.objects.get().text)[0]
    draft = made(world, first, number, "advance_notice", **CONTACT)
    assert "checkpoint" not in documents.printed(draft)[0]
    row = documents.issue(actor=world.actor(first), at=world.now, dossier=loaded(world, number), document=draft)
    doc, _ = documents.printed(row)
    assert note.head.short in doc["checkpoint"]
    link = known.checkpoint()
    assert link is not None and checkpoint.read(link[1]) == [note] and doc["qr"] == documents.qr(link[1])


# ── numbers ──────────────────────────────────────────────────────────────────────────────────


def test_numbers_run_without_gaps_and_a_voided_one_stays_with_its_reason(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    one = issued(world, first, number, "advance_notice", **CONTACT)
    documents.void(actor=world.actor(first), at=world.now, document=one, why="金额写错了")
    two = issued(world, first, number, "advance_notice", **CONTACT)
    assert [known.number_of(row) for row in (one, two)] == ["安自然资源罚告字〔2026〕1号", "安自然资源罚告字〔2026〕2号"]
    listed = known.register(world.actor(first), world.body("ziran"), 2026)
    assert [(line.document.serial, line.document.state) for line in listed] == [(2, "open"), (1, "void")]
    assert listed[1].document.void_why == "金额写错了"


def test_a_draft_takes_no_number_and_can_be_thrown_away(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    draft = made(world, first, number, "advance_notice", **CONTACT)
    assert known.number_of(draft) == ""
    documents.discard(actor=world.actor(first), document=draft)
    assert not Document.objects.exists()


def test_every_body_year_and_kind_counts_for_itself(world: World) -> None:
    number = decided(world)
    head = of_role("ziran", "head")
    decision = issued(world, head, number, "decision")
    notice = issued(world, crew(world, "ziran")[0], number, "advance_notice", **CONTACT)
    assert (decision.serial, notice.serial) == (1, 1)
    assert decision.word != notice.word


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_get_two_numbers(at: Any) -> None:
    """On both engines: no number twice, none left out."""
    from tests.world import load_calendar, load_lists, made_up_county, memory, set_up_county

    load_calendar()
    load_lists(at)
    set_up_county(made_up_county(at.date()), actor="sys", at=at, password="not-a-secret")
    memory.forget_all()
    world = World(now=at)
    numbers = [noticed(world) for _ in range(2)]
    first = crew(world, "ziran")[0]
    drafts = [made(world, first, number, "advance_notice", **CONTACT) for number in numbers]
    dossiers = [loaded(world, number) for number in numbers]
    actor, begin, troubles = world.actor(first), threading.Barrier(2), []

    def issue(n: int) -> None:
        try:
            begin.wait()
            documents.issue(actor=actor, at=world.now, dossier=dossiers[n], document=drafts[n])
        except Exception as error:  # noqa: BLE001, whatever it is fails the test below
            troubles.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=issue, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert sorted(Document.objects.values_list("serial", flat=True)) == [1, 2]


# ── frozen and signed ────────────────────────────────────────────────────────────────────────


def test_an_issued_document_no_longer_follows_the_record(world: World) -> None:
    number = noticed(world)
    first, second = crew(world, "ziran")
    document = issued(world, first, number, "advance_notice", **CONTACT)
    before = words(document)
    Party.objects.filter(case__number=number).update(kind="firm")
    world.person(second).save()
    assert words(document) == before
    with pytest.raises(Wrong, match="已经定稿"):
        documents.issue(actor=world.actor(first), at=world.now, dossier=loaded(world, number), document=document)
    again = documents.make(
        actor=world.actor(first), at=world.now, dossier=loaded(world, number), kind="advance_notice", seq=document.seq, given=CONTACT,
        cites=document.pk,
    )  # fmt: skip
    assert known.number_of(document) in words(again) and again.cites_id == document.pk


def test_who_signs_signs_in_the_system_with_a_second_factor(world: World) -> None:
    number = noticed(world)
    first, head = crew(world, "ziran")[0], of_role("ziran", "head")
    document = issued(world, first, number, "advance_notice", **CONTACT)
    dossier, given = loaded(world, number), {"at": world.now, "document": document, "role": Signer.HEAD}
    with pytest.raises(NotFound):
        documents.sign(actor=world.actor(first), dossier=dossier, factor=True, **given)
    with pytest.raises(Wrong, match="第二重验证"):
        documents.sign(actor=world.actor(head), dossier=dossier, factor=False, **given)
    signed = documents.sign(actor=world.actor(head), dossier=dossier, factor=True, **given)
    assert (signed.state, signed.signed_at) == ("signed", world.now)
    with pytest.raises(Wrong, match="签过"):
        documents.sign(actor=world.actor(head), dossier=dossier, factor=True, **given)


def test_those_who_have_to_sign_are_told(world: World) -> None:
    number = noticed(world)
    first, second = crew(world, "ziran")
    Notice.objects.all().delete()
    issued(world, first, number, "filing")
    told = {(row.person_id, row.body_id, row.role) for row in Notice.objects.filter(kind="sign")}
    assert told == {(world.person(second).pk, None, ""), (None, world.body("ziran"), "head")}


def test_a_party_signs_on_the_screen_or_refuses_before_a_witness(world: World) -> None:
    number = noticed(world)
    first, second = crew(world, "ziran")
    document = issued(world, first, number, "inspection")
    dossier = loaded(world, number)
    asked: dict[str, Any] = {"actor": world.actor(first), "at": world.now, "dossier": dossier, "document": document}
    documents.sign(role=Signer.OFFICER, factor=True, **asked)
    documents.sign(**{**asked, "actor": world.actor(second)}, role=Signer.SECOND, factor=True)
    for nothing in (b"GIF89a", STROKES[:8] + b"cut off", STROKES[:-20]):
        with pytest.raises(Wrong, match="再写一次"):
            documents.sign_on_screen(role=Signer.PARTY, name=OWNER, strokes=nothing, **asked)
    with pytest.raises(Wrong, match="见证人"):
        documents.sign_not(way="refused", why="不肯签", witness="", **asked)
    done = documents.sign_on_screen(role=Signer.PARTY, name=OWNER, strokes=STROKES, **asked)
    assert done.state == "signed", "a witness is needed only where the party did not sign"
    kept = Signature.objects.get(role="party")
    assert OWNER not in str(kept.__dict__) and files.read_original(kept.picture) == STROKES


def test_where_the_party_refuses_the_witness_signs(world: World) -> None:
    number = noticed(world)
    first, second = crew(world, "ziran")
    document = issued(world, first, number, "inspection")
    asked: dict[str, Any] = {"actor": world.actor(first), "at": world.now, "dossier": loaded(world, number), "document": document}
    documents.sign(role=Signer.OFFICER, factor=True, **asked)
    documents.sign(**{**asked, "actor": world.actor(second)}, role=Signer.SECOND, factor=True)
    documents.sign_not(way="refused", why="说不认", witness="网格员小周", **asked)
    assert documents.places_to_sign(Document.objects.get(pk=document.pk), known.signatures(document)) == [Signer.WITNESS]
    documents.sign_on_screen(role=Signer.WITNESS, name="小周", strokes=STROKES, **asked)
    assert Document.objects.get(pk=document.pk).state == "signed"
    told = [documents.told(row) for row in known.signatures(document)]
    assert any("拒绝签名" in line and "网格员小周" in line for line in told)


def test_on_paper_one_scan_stands_for_all_who_signed(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    document = issued(world, first, number, "advance_notice", **CONTACT)
    asked: dict[str, Any] = {"actor": world.actor(first), "at": world.now, "dossier": loaded(world, number), "document": document}
    with pytest.raises(Wrong, match="扫描件"):
        documents.sign_on_paper(key="", **asked)
    done = documents.sign_on_paper(key=scan(world, first), **asked)
    assert done.state == "signed"
    entry = Entry.objects.filter(action="document").latest("seq")
    assert Attachment.objects.get(case__number=number, seq=entry.seq).commitment in entry.data["files"]


def test_what_was_done_with_a_document_stands_in_the_ledger_without_its_words(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    document = issued(world, first, number, "advance_notice", **CONTACT)
    documents.void(actor=world.actor(first), at=world.now, document=document, why="写错了")
    entries = [entry for entry in seen.entries_of(world.case(number).pk) if entry.action == "document"]
    assert [entry.data["step"] for entry in entries] == ["issued", "void"]
    assert entries[0].data["content"] == document.commitment
    assert OWNER not in str(list(Entry.objects.values())) and OWNER not in str(list(Document.objects.values()))
    assert ledger.check_chain(seen.entries_of(world.case(number).pk)) == []


# ── set, verified, masked ────────────────────────────────────────────────────────────────────


def test_the_worker_sets_a_document_and_what_is_kept_can_be_verified(world: World) -> None:
    number = noticed(world)
    head = of_role("ziran", "head")
    document = issued(world, crew(world, "ziran")[0], number, "advance_notice", **CONTACT)
    documents.sign(
        actor=world.actor(head), at=world.now, dossier=loaded(world, number), document=document, role=Signer.HEAD, factor=True
    )
    assert job.run(world.now) >= 1 and job.run(world.now) == 0
    row = Document.objects.get(pk=document.pk)
    assert (row.rendering, row.pages > 0, row.docx_size > 0) == ("ready", True, True)
    assert files.read_original(row.pdf).startswith(b"%PDF-")
    assert list(verifying.check_all()) == []
    photos.forget_strays(at=world.now + timedelta(days=9))
    assert files.read_original(row.pdf) and files.read_original(row.docx), "files that a document names are no strays"
    row.sealed = vault.seal(b"k" * 32, "{}", "x")
    row.save()
    assert [str(trouble) for trouble in verifying.check_all()] == [f"{number}: document {row.pk} was changed"]


def test_a_document_that_changed_while_it_was_set_is_set_again(world: World) -> None:
    number = noticed(world)
    document = issued(world, crew(world, "ziran")[0], number, "advance_notice", **CONTACT)
    waiting = documents.take()
    assert waiting is not None
    documents.void(actor=world.actor(crew(world, "ziran")[0]), at=world.now, document=document, why="写错了")
    assert not documents.ready(waiting=waiting, at=world.now, pdf=b"%PDF-old", docx=b"", pages=1)
    job.run(world.now)
    assert Document.objects.get(pk=document.pk).rendering == "ready"


def test_masking_the_party_takes_every_document_and_leaves_the_register(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    document = issued(world, first, number, "advance_notice", **CONTACT)
    job.run(world.now)
    sha256 = Document.objects.get(pk=document.pk).pdf
    seq = Party.objects.get(case__number=number).seq
    world.do("zhoumin", number, "mask", mask_what="party", mask_ground="retention", of=seq)
    row = Document.objects.get(pk=document.pk)
    assert (row.sealed, row.pdf, row.salt, row.serial) == ("", "", None, 1)
    assert row.masked_at is not None and sha256
    assert known.of_case(loaded(world, number), world.actor(first)) == []
    assert len(known.register(world.actor(first), world.body("ziran"), 2026)) == 1
    assert list(verifying.check_all()) == []


# ── who sees them ────────────────────────────────────────────────────────────────────────────


def test_who_handles_the_file_and_the_coordinator_see_documents_and_nobody_else(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    document = issued(world, first, number, "advance_notice", **CONTACT)
    dossier = loaded(world, number)
    may = {
        who: known.may_see(dossier, world.actor(who), document)
        for who in (first, of_role("ziran", "head"), "zhoumin", "wangxiulan", "jiangyuanshan", "fangzheng", "shenruolan")
    }
    assert [who for who, yes in may.items() if yes] == [first, of_role("ziran", "head"), "zhoumin"]
    with pytest.raises(NotFound):
        documents.make(
            actor=world.actor("wangxiulan"), at=world.now, dossier=dossier, kind="advance_notice", seq=document.seq, given=CONTACT
        )


def test_a_document_of_a_police_file_is_for_the_police_alone(world: World) -> None:
    number = handled(world, "QL-03", "gongan", "狗咬了孩子")
    first = crew(world, "gongan")[0]
    filed(world, number, "gongan")
    document = issued(world, first, number, "filing")
    assert document.police
    dossier = loaded(world, number)
    assert known.may_see(dossier, world.actor(first), document)
    for who in ("zhoumin", "wangxiulan", "liuzhiqiang", "jiangyuanshan"):
        assert not known.may_see(dossier, world.actor(who), document), who
    assert known.register(world.actor("zhoumin"), world.body("gongan"), 2026) == []


def test_a_clerk_makes_the_record_of_a_dissuasion(world: World) -> None:
    receipt = world.handled()
    world.do(
        "wangxiulan", receipt.number, "dissuade", persuader="community", method="door", response="agreed", stopped="yes", how="讲了邻居的难处"
    )  # fmt: skip
    document = issued(world, "wangxiulan", receipt.number, "dissuasion")
    said = words(document)
    assert "讲了邻居的难处" in said and "王秀兰" in said
    dossier = loaded(world, receipt.number)
    assert known.may_see(dossier, world.actor("wangxiulan"), document)
    assert known.may_see(dossier, world.actor("liuzhiqiang"), document)


def test_a_decision_on_the_spot_bears_the_day_of_the_act_however_late_it_is_set_and_a_correction_its_own(world: World) -> None:
    number = _spot(world, handled(world, "HW-01", "chengguan", "楼下又倒了一堆装修垃圾"))
    first = crew(world, "chengguan")[0]
    told = wording.day(world.now.date())
    world.later(days=8)
    given = {"地点": "单元门口", "缴款银行和账户": "县农商行", "复议机关": "安和县人民政府", "管辖法院": "安和县人民法院"}
    one = issued(world, first, number, "spot_decision", **given)
    dated = [block["text"] for block in known.content(one)["doc"]["blocks"] if block["kind"] == "date"]
    assert dated == [told] and "当场交付" in words(one)
    dossier = loaded(world, number)
    again = documents.make(
        actor=world.actor(first), at=world.now, dossier=dossier, kind="spot_decision", seq=one.seq, given=given, cites=one.pk
    )
    dated = [block["text"] for block in known.content(again)["doc"]["blocks"] if block["kind"] == "date"]
    assert dated == [wording.day(world.now.date())] and "当场交付" not in words(again) and "替代（更正）" in words(again)


def test_nothing_is_bound_while_nothing_is_final(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    made(world, first, number, "inspection")
    with pytest.raises(Wrong, match="还没有定稿"):
        documents.bind(actor=world.actor(first), at=world.now, dossier=loaded(world, number))
    assert not Document.objects.filter(kind=known.WHOLE).exists()


def test_a_bound_file_holds_photos_and_leaves_the_police_out_of_others_files(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    world.do(first, number, "attend", found="又去看了", key=scan(world, first))
    photos_job.run(world.now)
    issued(world, first, number, "inspection")
    police = issued(world, first, number, "filing")
    Document.objects.filter(pk=police.pk).update(police=True)  # as a police body working beside on the same case leaves it
    job.run(world.now)
    asked = documents.bind(actor=world.actor(first), at=world.now, dossier=loaded(world, number))
    sheaf = known.sheaf(asked.pk, world.now)
    assert sheaf is not None
    assert [row.kind for row in sheaf.documents] == ["inspection"]
    assert [len(copies) for copies, _ in sheaf.photos] == [1]
    assert job.run_binding(world.now) == 1
    kept = Document.objects.get(pk=asked.pk)
    assert (kept.rendering, kept.pages) == ("ready", 4), "cover, index, the record and the photo"
    with pytest.raises(NotFound):
        documents.bind(actor=world.actor("wangxiulan"), at=world.now, dossier=loaded(world, number))


# ── twice, too late, and the same file under two names ───────────────────────────────────────


def test_a_scan_comes_once_and_not_for_what_was_voided_or_is_a_draft(world: World) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    document = issued(world, first, number, "advance_notice", **CONTACT)
    asked: dict[str, Any] = {"actor": world.actor(first), "at": world.now, "dossier": loaded(world, number), "document": document}
    documents.sign_on_paper(key=scan(world, first), **asked)
    again = issued(world, first, number, "advance_notice", **CONTACT)
    documents.void(actor=world.actor(first), at=world.now, document=again, why="写错了")
    draft = made(world, first, number, "advance_notice", **CONTACT)
    entries = Entry.objects.count()
    for one in (document, again, draft):
        with pytest.raises(Wrong, match="不能签"):
            documents.sign_on_paper(key=scan(world, first), **{**asked, "document": one})
    assert Entry.objects.count() == entries and Signature.objects.filter(document=again).count() == 0


def test_a_bound_file_is_no_document_that_could_be_voided(world: World) -> None:
    number, _ = _printed(world)
    head = of_role("ziran", "head")
    whole = documents.bind(actor=world.actor(head), at=world.now, dossier=loaded(world, number))
    with pytest.raises(Wrong):
        documents.void(actor=world.actor(head), at=world.now, document=whole, why="不要了")
    assert list(verifying.check_all()) == []


def _sent_as_evidence(world: World, who: str, sha256: str) -> str:
    key = secrets.token_urlsafe(24)
    cases.upload(
        actor=world.actor(who), at=world.now, key=key, slot="p0", stream=io.BytesIO(files.read_original(sha256)), any_kind=True
    )
    return key


def _printed(world: World) -> tuple[str, Document]:
    number = noticed(world)
    document = issued(world, crew(world, "ziran")[0], number, "advance_notice", **CONTACT)
    job.run(world.now)
    return number, Document.objects.get(pk=document.pk)


def _there(sha256: str) -> bool:
    try:
        return bool(files.read_original(sha256))
    except FileNotFoundError:
        return False


def test_a_print_that_came_back_as_its_own_scan_outlives_the_print(world: World, django_capture_on_commit_callbacks: Any) -> None:
    number, document = _printed(world)
    first, sha256 = crew(world, "ziran")[0], document.pdf
    key = _sent_as_evidence(world, first, sha256)
    with django_capture_on_commit_callbacks(execute=True):
        documents.sign_on_paper(actor=world.actor(first), at=world.now, dossier=loaded(world, number), document=document, key=key)
        job.run(world.now)
    assert Document.objects.get(pk=document.pk).pdf != sha256
    assert _there(sha256), "the scan is evidence of the case now"
    seq = Party.objects.get(case__number=number).seq
    with django_capture_on_commit_callbacks(execute=True):
        world.later(hours=1)
        world.do("zhoumin", number, "mask", mask_what="party", mask_ground="retention", of=seq)
    assert not Attachment.objects.filter(case__number=number, sha256=sha256).exists()
    assert list(verifying.check_all()) == []


def test_masking_evidence_leaves_the_document_it_was_printed_from(
    world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    number, document = _printed(world)
    first = crew(world, "ziran")[0]
    key = _sent_as_evidence(world, first, document.pdf)
    world.do(first, number, "attend", found="门上贴着", key=key)
    row = Attachment.objects.get(case__number=number, sha256=document.pdf)
    for file in Path(settings.HUIYIN_UPLOADS).rglob("*"):
        os.utime(file, (0, 0))  # the clock of the story is not the disk's
    with django_capture_on_commit_callbacks(execute=True):
        world.do("zhoumin", number, "mask", mask_what="entry", mask_ground="request", of=row.seq)
    assert _there(document.pdf), "the document still says what it said"


def test_what_is_drafted_after_masking_is_a_new_draft_that_can_be_issued(world: World) -> None:
    number, clerk = noticed(world), "wangxiulan"
    world.do(clerk, number, "dissuade", persuader="community", method="door", response="agreed", stopped="yes", how="讲了难处")
    old = made(world, clerk, number, "dissuasion")
    seq = Party.objects.get(case__number=number).seq
    world.do("zhoumin", number, "mask", mask_what="party", mask_ground="request", of=seq)
    assert Document.objects.get(pk=old.pk).sealed == ""
    new = made(world, clerk, number, "dissuasion")
    assert new.pk != old.pk
    documents.issue(actor=world.actor(clerk), at=world.now, dossier=loaded(world, number), document=new)


# ── the year's turn ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("moment", "year"),
    [("2026-12-31T23:59:59+08:00", 2026), ("2027-01-01T00:00:00+08:00", 2027), ("2027-01-01T07:59:00+08:00", 2027)],
)
def test_a_number_is_of_the_year_in_beijing(world: World, moment: str, year: int) -> None:
    number = noticed(world)
    first = crew(world, "ziran")[0]
    draft = made(world, first, number, "advance_notice", **CONTACT)
    at = datetime.fromisoformat(moment)
    row = documents.issue(actor=world.actor(first), at=at, dossier=loaded(world, number), document=draft)
    assert known.number_of(row) == f"安自然资源罚告字〔{year}〕1号"
    assert f"{year}年" in words(row)
