"""What the stories of 三查 share: who acts, what passes in between, refusals, and papers from the form to what the PDF says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from playwright.sync_api import expect

from huiyin.records.models import Party, Posting
from huiyin.selectors import cases as seen
from tests.conftest import DESKTOP
from tests.journeys.people import Staff, Town

OWNER = "屋主钱某某"
ADDRESS = "安和县文昌街道锦绣家园三栋602"
#: What a body gives once and finds again in its next form.
CONTACT = {"联系人": "何勇", "联系电话": "0700-555 0145", "联系地址": "安和县文昌路88号"}


@contextmanager
def afterwards(story: Town, **span: float) -> Iterator[None]:
    """The world, the server and everybody's browser some time later."""
    story.looks_up()
    story.world.later(minutes=1, **span)
    with time_machine.travel(story.world.now, tick=True):
        yield
        story.looks_up()
    story.world.later(minutes=30)


def crew(code: str) -> tuple[str, str, str]:
    """Two officers and the head of a department."""
    held = Posting.objects.filter(body__code=code, role="off").order_by("pk").values_list("person__username", flat=True)
    return held[0], held[1], of_role(code, "head")


def of_role(code: str, role: str) -> str:
    """Who holds a role in a department."""
    return str(Posting.objects.filter(body__code=code, role=role).values_list("person__username", flat=True)[0])


def handled(story: Town, item: str, code: str, words: str) -> str:
    """Reported, assigned to the department, taken on by its first officer."""
    world = story.world
    receipt = world.report(words=words, item=item)
    world.do("wangxiulan", receipt.number, "assign", item=item, lead=world.body(code))
    world.do(crew(code)[0], receipt.number, "accept")
    return receipt.number


def clause(story: Town, number: str, kind: str = "liability", law: str = "") -> int:
    bases = seen.load(story.world.case(number), story.world.now).context.bases
    return next(pk for pk, row in bases.items() if row.kind == kind and law in row.law_code)


def named(story: Town, number: str, code: str) -> int:
    """The party, written down by an officer."""
    story.world.do(
        crew(code)[0], number, "name_party", party_kind="person", party_name=OWNER, party_id="360000198001010000", party_address=ADDRESS,
        party_sex="male", party_birth="1980-01-01",
    )  # fmt: skip
    return Party.objects.get(case__number=number).pk


def person(story: Town, username: str) -> int:
    return int(story.world.person(username).pk)


def today(story: Town, days: int = 0) -> str:
    return (story.world.now.date() + timedelta(days=days)).isoformat()


def minutes_ago(story: Town, minutes: int) -> str:
    return (story.world.now - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def is_refused(someone: Staff, text: str) -> None:
    """What was typed stands there still, and the page says why not."""
    someone.page.forgiven.append("status of 409")  # type: ignore[attr-defined]
    someone.sends()
    someone.see(text)
    assert someone.page.locator("form[data-draft]").count() == 1


def sends_at_last(someone: Staff, number: str) -> None:
    """The form that was refused goes through, mended."""
    someone.sends()
    someone.page.wait_for_url(f"**/desk/cases/{number}/")


def paper(
    story: Town, number: str, by: Staff, title: str, *, also: Sequence[Staff] = (), place: str = "", refused: bool = False, name: str = OWNER,
    says: Sequence[str] = (), shot: str = "", **given: str,
) -> str:  # fmt: skip
    """A paper from the page of the case to its PDF: `by` makes it and signs where it is theirs, so do those of `also`; at `place` whoever it
    is about signs on the screen, or is noted to have refused. `says` must be read in the PDF. Returns the address of its page."""
    made = by.makes(number, title, shot=shot, **given)
    for someone in (by, *also):
        if someone is not by or someone.page.get_by_role("button", name="在系统中签名").count():
            someone.signs(made)
    if place and refused:
        by.notes_the_refusal(place, "看了以后不肯签", "社区工作人员小周")
    elif place:
        by.hands_over_the_screen(name, place)
    story.papers_are_set()
    by.page.goto(made)
    expect(by.page.locator("h1 + .tag")).to_contain_text("已签")
    said = by.reads(made)
    for part in says:
        assert "".join(part.split()) in said, (title, part, said)
    return made


def seal_holds(story: Town, number: str, *usernames: str, words: Sequence[str], papers: Sequence[str]) -> None:
    """Clerk, coordinator and leader read one sentence instead, and no paper."""
    for username in usernames:
        other = story.staff(username, DESKTOP)
        other.opens(number)
        other.shoot(f"{username}-sees-the-seal")
        other.see("公安机关依法办理中")
        for word in words:
            expect(other.page.get_by_text(word)).to_have_count(0)
        other.finds_no_paper(number, *papers)
