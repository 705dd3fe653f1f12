"""An officer makes a document, reads it, issues it, has it signed and downloads it; what is missing is named with a link."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.adapters.documents import press, templates
from huiyin.jobs import documents as job
from huiyin.records.models import Document
from huiyin.rules.documents.kinds import KINDS
from huiyin.selectors import documents as known
from huiyin.services import documents
from tests.services.cases.test_inquiry import OWNER, crew, of_role
from tests.services.documents.test_documents import CONTACT, STROKES, decided, issued, loaded, made, noticed, scan
from tests.web.english import left_in_chinese, proper_names
from tests.world import World

Desk = Callable[[str], Client]
MAX_QUERIES = 10


def url(number: str, *parts: object) -> str:
    return f"/desk/cases/{number}/documents/" + "".join(f"{part}/" for part in parts)


@pytest.fixture(autouse=True)
def rested() -> Any:
    yield
    press.rest()


def test_the_page_offers_what_can_be_made_and_names_what_is_missing(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first = crew(clock, "ziran")[0]
    officer = desk(first)
    page = officer.get(url(number)).content.decode()
    assert "行政处罚事先告知书" in page and "现场检查（勘验）笔录" in page and "立案审批表" in page


def test_the_pages_of_documents_take_few_queries_however_much_there_is(desk: Desk, clock: World) -> None:
    number = decided(clock)
    first, head = crew(clock, "ziran")[0], of_role("ziran", "head")
    for kind, given in (("filing", {}), ("advance_notice", CONTACT), ("notice_receipt", {}), ("inspection", {})):
        record = issued(clock, first, number, kind, **given)
    asked = {"actor": clock.actor(first), "at": clock.now, "dossier": loaded(clock, number), "document": record}
    documents.sign_not(way="refused", why="不肯", witness="小周", **asked)
    drawn = made(clock, head, number, "decision")
    for client in (desk(first), desk(head)):
        for path in (url(number), url(number, record.pk), url(number, drawn.pk), url(number, "new", "decision", drawn.seq)):
            client.get(path)
            with CaptureQueriesContext(connection) as told:
                assert client.get(path).status_code == 200
            assert len(told) <= MAX_QUERIES, (path, [one["sql"][:80] for one in told.captured_queries])


def test_a_gap_links_to_the_act_that_fills_it(desk: Desk, clock: World) -> None:
    receipt = clock.handled()
    second = clock.person(crew(clock, "chengguan")[1]).pk
    from tests.services.cases.test_inquiry import liability

    clock.do(
        "liuzhiqiang", receipt.number, "order", basis=liability(clock, receipt.number), facts="清走", due=clock.now.date().replace(day=30),
        second=second,
    )  # fmt: skip
    page = desk("liuzhiqiang").get(url(receipt.number)).content.decode()
    assert f"/desk/cases/{receipt.number}/name_party/" in page and "行政处罚法第五十九条" in page


def test_a_document_is_drafted_issued_signed_and_downloaded(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first, head = crew(clock, "ziran")[0], of_role("ziran", "head")
    officer = desk(first)
    draft = made(clock, first, number, "advance_notice", **CONTACT)
    form = officer.get(url(number, "new", "advance_notice", draft.seq))
    assert CONTACT["联系地址"] in form.content.decode(), "what the body gave last stands in the form"
    short = officer.post(url(number, "new", "advance_notice", draft.seq), {"联系人": "何勇"})
    assert short.status_code == 422 and "这里还要填" in short.content.decode()
    gone = officer.post(url(number, "new", "advance_notice", draft.seq), CONTACT)
    assert gone["Location"] == url(number, draft.pk)
    page = officer.get(url(number, draft.pk)).content.decode()
    assert OWNER in page and "草稿" in page and "正在排版" in page
    assert officer.post(url(number, draft.pk, "do"), {"do": "issue"}).status_code == 302
    assert officer.post(url(number, draft.pk, "do"), {"do": "issue"}).status_code == 409
    assert desk(head).post(url(number, draft.pk, "do"), {"do": "sign", "role": "head"}).status_code == 409, "no second factor"
    key = scan(clock, head)
    assert desk(head).post(url(number, draft.pk, "do"), {"do": "paper", "key": key}).status_code == 302
    assert Document.objects.get(pk=draft.pk).state == "signed"
    assert officer.get(url(number, draft.pk, "pdf")).status_code == 404, "not set yet"
    job.run(clock.now)
    got = officer.get(url(number, draft.pk, "pdf"))
    assert b"".join(got.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert got["Content-Disposition"] == f'inline; filename="{number}-{draft.pk}.pdf"'
    assert OWNER not in got["Content-Disposition"] and "no-store" in got["Cache-Control"]
    assert b"".join(officer.get(url(number, draft.pk, "docx")).streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    ledgered = officer.get(f"/desk/cases/{number}/").content.decode()
    assert "行政处罚事先告知书 已定稿" in ledgered


def test_a_second_factor_of_this_session_lets_the_head_sign(desk: Desk, clock: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = noticed(clock)
    first, head = crew(clock, "ziran")[0], of_role("ziran", "head")
    draft = made(clock, first, number, "advance_notice", **CONTACT)
    desk(first).post(url(number, draft.pk, "do"), {"do": "issue"})
    client = desk(head)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}, {"method": "mfa", "at": 2.0}]
    session["account_authentication_methods_user"] = str(clock.person(head).pk)
    session.save()
    assert client.post(url(number, draft.pk, "do"), {"do": "sign", "role": "head"}).status_code == 302
    page = client.get(url(number, draft.pk)).content.decode()
    assert "在系统中签名（使用了第二重验证）" in page


def test_a_party_signs_on_the_screen_and_an_empty_pad_is_refused(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first = crew(clock, "ziran")[0]
    draft = made(clock, first, number, "inspection")
    officer = desk(first)
    officer.post(url(number, draft.pk, "do"), {"do": "issue"})
    asked = {"do": "screen", "role": "party", "name": OWNER}
    for strokes in ("", "data:image/png;base64,!!", "data:text/html;base64,PHA+"):
        refused = officer.post(url(number, draft.pk, "do"), {**asked, "strokes": strokes})
        assert refused.status_code == 409
        # The browser now stands at an address that only takes forms; where the page looks for the file is its own.
        assert f'hx-get="{url(number, draft.pk)}"' in refused.content.decode()
        opened = officer.get(url(number, draft.pk, "do"), headers={"accept": "text/html"})
        assert opened.headers["Location"] == url(number, draft.pk)
    drawn = "data:image/png;base64," + base64.b64encode(STROKES).decode()
    assert officer.post(url(number, draft.pk, "do"), {**asked, "strokes": drawn}).status_code == 302
    assert "在屏幕上签名" in officer.get(url(number, draft.pk)).content.decode()


def test_nonsense_is_told_and_changes_nothing(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first = crew(clock, "ziran")[0]
    draft = made(clock, first, number, "inspection")
    officer = desk(first)
    for sent, status in (
        ({"do": "dance"}, 409),
        ({"do": "sign", "role": "king"}, 404),
        ({"do": "void", "why": ""}, 409),
        ({}, 409),
    ):
        assert officer.post(url(number, draft.pk, "do"), sent).status_code == status, sent
    assert officer.post(url(number, "new", "advance_notice", 2), {}).status_code == 404
    assert officer.post(url(number, draft.pk, "do"), {"do": "discard"})["Location"] == url(number)


def test_what_is_still_to_be_made_stands_apart_and_a_receipt_says_of_what(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first = crew(clock, "ziran")[0]
    officer = desk(first)

    def parts() -> tuple[str, str, str]:
        page = officer.get(url(number)).content.decode()
        made, _, rest = page.partition("可以做的文书</h2>")
        left, _, again = rest.partition("做过的，再做一份")
        return made, left, again

    notice = issued(clock, first, number, "advance_notice", **CONTACT)
    issued(clock, first, number, "notice_receipt")
    made_ones, left, again = parts()
    assert "送的是：行政处罚事先告知书" in made_ones
    assert "行政处罚事先告知书" not in left and "行政处罚事先告知书" in again and "立案审批表" in left
    documents.void(actor=clock.actor(first), at=clock.now, document=notice, why="写错了")
    made_ones, left, again = parts()
    assert "行政处罚事先告知书" in left and "送的是" not in made_ones, "what is void was not made and went to nobody"


def test_a_file_is_offered_for_binding_once_something_is_final(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first = crew(clock, "ziran")[0]
    officer = desk(first)
    draft = made(clock, first, number, "filing")
    page = officer.get(url(number)).content.decode()
    assert "现在还没有定稿的" in page and url(number, "whole") not in page
    assert "没有可以装订的" in officer.post(url(number, "whole"), follow=True).content.decode()
    officer.post(url(number, draft.pk, "do"), {"do": "issue"})
    assert url(number, "whole") in officer.get(url(number)).content.decode()


def test_the_whole_file_is_bound_with_index_page_numbers_and_bookmarks(desk: Desk, clock: World) -> None:
    import io

    import pikepdf

    number = noticed(clock)
    first = crew(clock, "ziran")[0]
    officer = desk(first)
    for kind, given in (("filing", {}), ("inspection", {}), ("advance_notice", CONTACT)):
        draft = made(clock, first, number, kind, **given)
        officer.post(url(number, draft.pk, "do"), {"do": "issue"})
    job.run(clock.now)
    place = officer.post(url(number, "whole"))["Location"]
    assert "正在排版" in officer.get(place).content.decode()
    assert job.run_binding(clock.now) == 1 and job.run_binding(clock.now) == 0
    whole = b"".join(officer.get(place + "pdf/").streaming_content)  # type: ignore[attr-defined]
    with pikepdf.open(io.BytesIO(whole)) as opened, opened.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
        assert titles[0] == "封面、目录" and len(titles) == 4 and titles[1].startswith("立案审批表")
        row = Document.objects.get(kind=known.WHOLE)
        assert row.pages == len(opened.pages) >= 6
    assert officer.post(url(number, "whole"))["Location"] == place, "asking again binds the same one anew"


def test_a_county_s_own_wording_prints_the_next_paper_and_leaves_the_last_as_it_was(
    desk: Desk, clock: World, settings: Any, tmp_path: Path
) -> None:
    settings.HUIYIN_DATA = tmp_path
    number = noticed(clock)
    first = crew(clock, "ziran")[0]
    officer = desk(first)
    before = issued(clock, first, number, "inspection")
    templates.folder().mkdir()
    own, source = templates.folder() / "inspection.toml", templates.shipped(KINDS["inspection"])
    own.write_text(source.replace("现依法进行检查。", "现依法检查，请您配合。"), "utf-8")
    form = url(number, "new", "inspection", before.seq)
    new = officer.post(form, {})["Location"]
    assert "现依法检查，请您配合。" in officer.get(new).content.decode()
    old = officer.get(url(number, before.pk)).content.decode()
    assert "现依法进行检查。" in old and "请您配合" not in old
    own.write_text(source + '\n[[block]]\np = "请缴纳{罚金}"\n', "utf-8")
    refused = officer.post(form, {})
    line = source.count("\n") + 3
    assert refused.status_code == 422
    assert f"模板 inspection.toml 第 {line} 行：没有“罚金”这一项" in refused.content.decode()
    late = officer.post(new + "do/", {"do": "issue"})
    assert late.status_code == 409 and f"第 {line} 行" in late.content.decode()


def test_the_register_shows_numbers_and_the_head_sets_their_word(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first, head = crew(clock, "ziran")[0], of_role("ziran", "head")
    draft = made(clock, first, number, "advance_notice", **CONTACT)
    chief = desk(head)
    assert chief.post("/desk/documents/", {"word": "ABC"}).status_code == 422
    assert chief.post("/desk/documents/", {"word": "安自然"}).status_code == 302
    assert desk(first).post("/desk/documents/", {"word": "安自然"}).status_code == 404
    desk(first).post(url(number, draft.pk, "do"), {"do": "issue"})
    page = chief.get("/desk/documents/").content.decode()
    assert "安自然罚告字〔2026〕1号" in page and OWNER not in page


def test_read_in_english_the_pages_of_documents_are_english(desk: Desk, clock: World) -> None:
    number = noticed(clock)
    first, head = crew(clock, "ziran")[0], of_role("ziran", "head")
    draft = made(clock, first, number, "advance_notice", **CONTACT)
    record = made(clock, first, number, "inspection")
    officer = desk(first)
    officer.post(url(number, record.pk, "do"), {"do": "issue"})
    officer.post(url(number, record.pk, "do"), {"do": "not", "way": "refused", "why": "不肯", "witness": "小周"})
    for client, path in (
        (officer, url(number)), (officer, url(number, "new", "advance_notice", draft.seq)), (officer, url(number, draft.pk)),
        (officer, url(number, record.pk)), (officer, "/desk/documents/"), (desk(head), "/desk/documents/"),
    ):  # fmt: skip
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert left_in_chinese(answer.content.decode(), proper_names()) == [], path
    short = officer.post(url(number, "new", "advance_notice", draft.seq), {})
    assert left_in_chinese(short.content.decode(), proper_names()) == []
