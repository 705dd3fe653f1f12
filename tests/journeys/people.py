"""People of the stories at their own screens: a resident on a phone, staff signed in at the desk. Everything goes through the pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from huiyin.jobs import deliver, documents, photos
from huiyin.records.models import Attachment, Document, Posting
from huiyin.rules import ledger
from huiyin.selectors import cases, verifying
from huiyin.web.factor import HAS_ONE
from tests.adapters.documents.test_press import text_of
from tests.conftest import SHOTS, picture
from tests.world import World

PASSWORD = "not-a-secret"
NO_NETWORK = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
CASE_PAGE, LIST, WAY = 10, 8, 10  # most queries of each


def photo(name: str, colour: str) -> dict[str, Any]:
    """A picture as a file picker hands it over; another colour is another picture."""
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG")
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@dataclass
class Album:
    """Numbers the pictures of one story, so that somebody can look through it in order, and refuses sideways scroll."""

    story: str
    count: int = 0

    def take(self, page: Page, name: str) -> None:
        self.count += 1
        SHOTS.mkdir(parents=True, exist_ok=True)
        picture(page, SHOTS / f"{self.story}-{self.count:02d}-{name}.png")
        wide, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= room, f"{self.story}: {name} scrolls sideways: {wide} of {room} pixels"


@dataclass
class Someone:
    """One person at one screen."""

    page: Page
    url: str
    album: Album

    def see(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def is_told(self, text: str) -> None:
        """On the screen as it stands, without scrolling."""
        expect(self.page.get_by_text(text).first).to_be_in_viewport()

    def shoot(self, name: str) -> None:
        self.album.take(self.page, name)


@dataclass
class Resident(Someone):
    """Who has no account: a number and a code."""

    number: str = ""
    code: str = ""

    def starts_at_the_board(self, compound: str) -> None:
        """The address of the compound's QR, and the way to the form from there."""
        self.page.goto(f"{self.url}/c/{compound}")
        self.shoot("board")
        self.page.get_by_role("link", name="我要反映").first.click()

    def writes(self, words: str, *pictures: dict[str, Any]) -> None:
        self.page.get_by_label("用平常的话说").fill(words)
        self.see("听起来像这件事")
        self.page.get_by_label("是这件事").first.check()
        if pictures:
            self.page.locator("input[type=file]").set_input_files(list(pictures))
            expect(self.page.locator("[data-photos] img")).to_have_count(len(pictures))

    def sends(self) -> None:
        self.page.get_by_role("button", name="提交，拿回执").click()

    def gets_a_receipt(self) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("收到了，谢谢您")
        card = self.page.locator("[data-receipt]")
        self.number, self.code = card.get_attribute("data-number") or "", card.get_attribute("data-code") or ""
        assert re.fullmatch(r"\d{4}-\d{5}", self.number) and len(self.code) == 12
        assert self.code not in self.page.url
        self.shoot("receipt")

    def reports(self, compound: str, words: str, *pictures: dict[str, Any]) -> str:
        self.starts_at_the_board(compound)
        self.writes(words, *pictures)
        self.sends()
        self.gets_a_receipt()
        return self.number

    def follows(self, name: str = "way") -> None:
        """Opens the way with number and code, as typed from the receipt."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/track?n={self.number}")
        self.page.get_by_label("查询码").fill(self.code)
        self.page.get_by_role("button", name="看进度").click()
        self.see("您反映了这件事")
        self.shoot(name)

    def disputes(self, words: str, *pictures: dict[str, Any]) -> None:
        self.page.get_by_text("没解决", exact=True).click()
        self.page.get_by_label("哪里没解决？").fill(words)
        if pictures:
            self.page.locator("#verdict input[type=file]").set_input_files(list(pictures))
        self.page.get_by_role("button", name="告诉他们没解决").click()
        self.see("您说没解决。")
        self.shoot("disputed")

    def is_satisfied(self) -> None:
        self.page.get_by_role("button", name="解决了", exact=True).click()
        self.see("您说解决了。谢谢您告诉我们。")
        self.shoot("satisfied")

    def was_told(self, *sentences: str) -> None:
        """The way tells these, in the order in which they happened, newest first as on the page."""
        said = iter(reversed(self.lines()))
        for sentence in sentences:
            assert any(sentence in line for line in said), f"{sentence} is missing or out of order: {self.lines()}"

    def lines(self) -> list[str]:
        """办理经过, oldest first or as the page has it: the sentence of each line."""
        return self.page.locator("ol.tl > li > p:first-of-type").all_inner_texts()


@dataclass
class Staff(Someone):
    """Who signed in at the desk."""

    username: str = ""

    def signs_in(self, now: datetime) -> None:
        """With a clock that agrees with the server's, as a phone's does."""
        self.page.clock.install(time=now)
        self.page.goto(f"{self.url}/desk/")
        self.gives_the_password()
        expect(self.page.get_by_role("heading", level=1).first).to_be_visible()
        assert "login" not in self.page.url, self.page.url

    def gives_the_password(self) -> None:
        self.page.get_by_label("登录名").fill(self.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()

    def opens(self, number: str) -> None:
        self.page.goto(f"{self.url}/desk/cases/{number}/")

    def unfolds(self) -> None:
        """Opens what lies folded: what can be done later, and what cannot be done yet."""
        self.page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true; })")

    def should_first(self, act: str) -> None:
        """What the page of the case puts on top under 现在该做."""
        expect(self.page.locator("main .card .btn.pri.tall")).to_contain_text(act)

    def begins(self, number: str, action: str, *pictures: dict[str, Any], **fields: str | int) -> None:
        """From the page of the case to the form of an act, filled in but not sent."""
        self.opens(number)
        self.unfolds()
        self.page.locator(f"main a[href*='/cases/{number}/{action}/']:visible").first.click()
        self.page.locator("form[data-draft][data-ready]").wait_for()
        for name, value in fields.items():
            self.fill(name, str(value))
        if pictures:
            self.page.locator("form[data-draft] input[type=file]").set_input_files(list(pictures))
            expect(self.page.locator("[data-photos] img")).to_have_count(len(pictures))

    def fill(self, name: str, value: str) -> None:
        control = self.page.locator(f"form[data-draft] [name={name}]")
        control.first.evaluate("field => { const folded = field.closest('details'); if (folded) folded.open = true; }")
        if control.first.get_attribute("type") == "checkbox":
            chosen = self.page.locator(f"form[data-draft] [name={name}][value='{value}']")
            chosen.evaluate(
                "box => { const folded = box.closest('details'); if (folded) folded.open = true; if (!box.checked) box.click(); }"
            )
            expect(chosen).to_be_checked()
        elif control.first.get_attribute("type") == "radio":
            chosen = self.page.locator(f"[name={name}][value='{value}']")
            self.page.locator("form[data-draft] label", has=chosen).click()
            expect(chosen).to_be_checked()
        elif control.first.evaluate("field => field.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)

    def sends(self) -> None:
        self.page.locator("form[data-draft] button.pri").click()

    def does(self, number: str, action: str, *pictures: dict[str, Any], shot: str = "", **fields: str | int) -> None:
        """The whole of an act: from the page of the case through the form and back to the case."""
        self.begins(number, action, *pictures, **fields)
        if shot:
            self.shoot(f"{self.username}-{shot}")
        self.sends()
        self.page.wait_for_url(f"**/desk/cases/{number}/")
        self.see("已经记下：")

    # ── papers ───────────────────────────────────────────────────────────────────────────────

    def makes(self, number: str, title: str, *, shot: str = "", **given: str) -> str:
        """A document about the newest act that has one of that title: from the page of the case through the form, looked over, and final.
        Returns its address."""
        self.opens(number)
        self.page.get_by_role("link", name=re.compile("文书")).click()
        self.unfolds()
        offered = self.page.locator("main li").filter(has=self.page.get_by_text(title, exact=True))
        offered.get_by_role("link", name=re.compile("^(做文书|再做一份)$")).first.click()
        for name, value in given.items():
            self.page.locator(f"form [name='{name}']").fill(value)
        self.page.get_by_role("button", name="生成草稿").click()
        expect(self.page.locator("h1 + .tag")).to_contain_text("草稿")
        self.page.get_by_role("button", name="定稿").click()
        expect(self.page.locator("h1 + .tag")).not_to_contain_text("草稿")
        if shot:
            self.shoot(shot)
        return self.page.url

    def signs(self, paper: str) -> None:
        """In the system, wherever it is theirs to sign."""
        if self.page.url != paper:
            self.page.goto(paper)
        places = self.page.get_by_role("button", name=re.compile("^作为.*在系统中签名$"))
        left = places.count()
        assert left, f"{self.username} signs nowhere on {paper}"
        for done in range(left):
            places.first.click()
            expect(places).to_have_count(left - done - 1)

    def hands_over_the_screen(self, name: str, place: str, *, shot: str = "") -> None:
        """Whom the document is about writes with a finger on the page that is open."""
        self.page.locator("summary", has_text=f"{place}在屏幕上签名").click()
        self.page.locator("form[data-sign] [name=name]").fill(name)
        canvas = self.page.locator("canvas")
        expect(canvas).to_be_visible()  # when the script that draws has come
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 30, box["y"] + 30)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 120, box["y"] + 80, steps=5)
        self.page.mouse.up()
        if shot:
            self.shoot(shot)
        self.page.get_by_role("button", name="签好了").click()
        self.see(f"{place}{name}于")

    def notes_the_refusal(self, place: str, why: str, witness: str) -> None:
        """Whom the document is about does not sign the page that is open, before a witness."""
        self.page.locator("summary", has_text=f"{place}拒签或者不在场").click()
        self.page.get_by_label("拒绝签名").check()
        self.page.get_by_label("情况").fill(why)
        self.page.get_by_label("见证人", exact=True).fill(witness)
        self.page.get_by_role("button", name="记下").click()
        self.see(f"{place}拒绝签名（")

    def downloads(self, paper: str) -> bytes:
        """The PDF, by the link on its page."""
        if self.page.url != paper:
            self.page.goto(paper)
        address = self.page.get_by_role("link", name="打开 PDF").get_attribute("href")
        answer = self.page.request.get(f"{self.url}{address}")
        assert answer.ok and answer.headers["content-type"] == "application/pdf", address
        return answer.body()

    def reads(self, paper: str) -> str:
        """What the PDF says to whoever searches it, without blanks."""
        return "".join(text_of(self.downloads(paper)).split())

    def finds_no_paper(self, number: str, *papers: str) -> None:
        """Neither a list of them nor one of them nor its file."""
        listed = self.page.request.get(f"{self.url}/desk/cases/{number}/documents/")
        assert not any(f'href="{paper.removeprefix(self.url)}"' in listed.text() for paper in papers)
        for paper in papers:
            for address in (paper, f"{paper}pdf/", f"{paper}docx/"):
                assert self.page.request.get(address).status == 404, address


@dataclass
class Town:
    """The county with its server, and everybody who comes into the story."""

    world: World
    url: str
    visitor: Callable[..., Page]
    album: Album
    desks: list[Page] = field(default_factory=list)

    def resident(self, screen: dict[str, Any]) -> Resident:
        page = self.visitor(screen)
        page.clock.install(time=self.world.now)
        return Resident(page=page, url=self.url, album=self.album)

    def staff(self, username: str, screen: dict[str, Any]) -> Staff:
        someone = Staff(page=self.visitor(screen), url=self.url, album=self.album, username=username)
        self.desks.append(someone.page)
        someone.signs_in(self.world.now)
        return someone

    def looks_up(self) -> None:
        """Nobody's page still asks for a part of itself: a moment later its session may be over."""
        for page in self.desks:
            page.goto("about:blank")

    def officer_of(self, body: str) -> str:
        """The first officer of a department, whose badge is good for more than a year."""
        found = Posting.objects.filter(body__code=body, role="off").order_by("pk")
        return found.values_list("person__username", flat=True)[0]

    def worker_runs(self) -> None:
        """One round of the worker: photos are copied, echoes go out."""
        photos.run(self.world.now)
        deliver.run(self.world.now)
        assert not Attachment.objects.filter(state="received").exists()

    def papers_are_set(self) -> None:
        """The worker sets what waits for it, at the hour of those who wait."""
        while documents.run(timezone.now()):
            pass
        assert not Document.objects.exclude(rendering="ready").exists()

    def stage(self, number: str) -> str:
        return self.world.case(number).stage

    def acts(self, number: str) -> list[str]:
        return [entry.action for entry in cases.entries_of(self.world.case(number).pk)]

    def last(self, number: str) -> ledger.Entry:
        return list(cases.entries_of(self.world.case(number).pk))[-1]

    def ends_well(self, resident: Resident, username: str, acts: str) -> None:
        """The record holds these acts and no others but deliveries and calls, it is sound, and the pages about it are cheap."""
        assert [act for act in self.acts(resident.number) if act not in {"deliver", "call"}] == acts.split()
        self.record_is_sound(resident.number)
        self.pages_are_cheap(resident, username)

    def record_is_sound(self, number: str) -> None:
        entries = list(cases.entries_of(self.world.case(number).pk))
        assert ledger.check_chain(entries) == []
        assert [str(trouble) for trouble in verifying.check_all()] == []

    def queries(self, username: str, path: str) -> int:
        """How many queries a page of the desk takes, once the process has warmed up."""
        client = Client()
        person = self.world.person(username)
        client.force_login(person)
        session = client.session
        session[HAS_ONE] = person.pk
        session.save()
        return _counted(client, path)

    def pages_are_cheap(self, resident: Resident, username: str) -> None:
        assert self.queries(username, f"/desk/cases/{resident.number}/") <= CASE_PAGE
        assert self.queries(username, "/desk/cases/?tab=all") <= LIST
        client = Client()
        client.post("/track", {"number": resident.number, "code": resident.code})
        assert _counted(client, "/track") <= WAY


def _counted(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)
