"""An empty installation becomes a county: the first administrator, four tables filled in, a look, everything at once, and the first report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import FilePayload, Page, expect

from huiyin.adapters import tables
from huiyin.config import founding, installation
from huiyin.records.models import Body, Case, Compound, County, Person, Posting, PostingRequest
from huiyin.rules.county_tables import KINDS, ROLES, TABLES
from huiyin.rules.geo import to_gcj02
from huiyin.sim.county import MadeUpCounty, made_up_county
from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import Album, Resident

OWN = "our-own-words-2026"
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def model(at: datetime) -> MadeUpCounty:
    return made_up_county(at.date())


@pytest.fixture
def founders(transactional_db: None, at: datetime, capsys: pytest.CaptureFixture[str]) -> Iterator[dict[str, str]]:
    """{user name: temporary password} of the three whom `huiyin admin` makes on an installation in which nothing else was set up."""
    with time_machine.travel(at, tick=True):
        installation.load_seeds(lambda text: None, at)
        assert founding.main(["--generate"], at) == 0
        words = [line.split(":", 1)[1].split() for line in capsys.readouterr().out.splitlines() if "  (to be changed" in line]
        assert not Body.objects.exists() and not County.objects.exists() and Person.objects.count() == 3
        yield {username: password for username, password, *_rest in words}


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    return Album(request.node.name.removeprefix("test_")[:40])


def first_sign_in(page: Page, url: str, username: str, temporary: str) -> None:
    """With the temporary password, which is changed at once, and a second factor where the role asks for one."""
    page.goto(f"{url}/desk/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(temporary)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("现在的密码").fill(temporary)
    page.get_by_label("新密码", exact=True).fill(OWN)
    page.get_by_label("再输一次新密码").fill(OWN)
    page.get_by_role("button", name="修改").click()
    page.goto(f"{url}/desk/")
    secret = page.locator("b.mono")
    if "totp" in page.url:
        page.get_by_label("6 位数").fill(format_hotp_value(hotp_value(secret.inner_text(), int(time.time()) // 30)))
        page.get_by_role("button", name="设置").click()
        page.goto(f"{url}/desk/")
    assert page.url == f"{url}/desk/", page.url


def filled(model: MadeUpCounty) -> Rows:
    """What the county's offices would write into the four tables, column by column."""
    kinds, roles = ({value: name for name, value in offered.items()} for offered in (KINDS, ROLES))
    people = {one.username: one for one in model.people}
    named = {name for one in model.communities for name in (one.contact, one.supervisor)}
    day = max(posting.starts for posting in model.postings)
    bodies = [
        {name: getattr(one, name) for name in ("code", "name", "short_name", "phone", "complaint_phone", "email")}
        | {"kind": kinds[one.kind], "may_enforce": "是" if one.may_enforce else "否"}
        for one in model.bodies
    ]  # fmt: skip
    compounds = []
    for one in model.compounds:
        lon, lat = to_gcj02(one.lon, one.lat)  # as read off a map of 高德
        corners = ";".join(f"{x:.6f},{y:.6f}" for x, y in (to_gcj02(*corner) for corner in one.outline))
        compounds.append({
            "community": one.community, "name": one.name, "aliases": "、".join(one.aliases), "address": one.address,
            "households": one.households, "highrise": "是" if one.highrise else "否", "datum": "GCJ-02",
            "lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "outline": corners, "firm": model.firm_of(one.code, day) or "",
        })  # fmt: skip
    postings = [
        {name: getattr(one, name) for name in ("body", "community", "starts", "ends", "badge_no", "badge_expires")}
        | {"username": one.person, "name": people[one.person].name, "role": roles[one.role]}
        | {"desk_phone": people[one.person].desk_phone, "email": people[one.person].email}
        | {"shown": "是" if one.person in named else ""}
        for one in model.postings
    ]  # fmt: skip
    communities = [{column.name: getattr(one, column.name) for column in TABLES[1].columns} for one in model.communities]
    return {"bodies": bodies, "communities": communities, "compounds": compounds, "people": postings}


def workbooks(template: bytes, rows: Rows) -> list[FilePayload]:
    """The sheets of the template that was downloaded, one file each, filled in under its own headers."""
    given = tables.read(template)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    made: list[FilePayload] = []
    for table in TABLES:
        headers = [header.rstrip("*") for header in given[table.label][0].cells]
        columns = {column.label: column.name for column in table.columns}
        assert headers == list(columns)
        content = tables.template(
            [table], {table.name: [{columns[h]: row.get(columns[h]) for h in headers} for row in rows[table.name]]}
        )
        made.append({"name": f"{table.label}.xlsx", "mimeType": kind, "buffer": content})
    return made


def download(page: Page) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载模板").click()
    return Path(waiting.value.path()).read_bytes()


def send(page: Page, files: Sequence[FilePayload]) -> None:
    page.locator("input[name=files]").set_input_files(files)
    page.get_by_role("button", name="看看会怎么样").click()
    expect(page.get_by_role("heading", level=1, name="看看会怎么样")).to_be_visible()


def passwords(page: Page) -> dict[str, str]:
    """User name and temporary password from the page that shows them."""
    rows = page.locator("[data-passwords] li").all()
    return {row.locator("span.mono").inner_text(): row.locator("b.mono").inner_text() for row in rows}


def test_an_empty_installation_becomes_a_county_from_four_workbooks(
    founders: Mapping[str, str], model: MadeUpCounty, album: Album, live_server: Any, visitor: Callable[..., Page]
) -> None:
    url = live_server.url
    page = visitor(DESKTOP)
    first_sign_in(page, url, "admin", founders["admin"])
    album.take(page, "today-of-an-empty-county")
    page.get_by_role("paragraph").filter(has_text="这里还没有建县").get_by_role("link").click()
    page.locator("input.file").wait_for(state="attached")
    album.take(page, "import")
    template = download(page)

    rows = filled(model)
    assert (len(rows["communities"]), len(rows["compounds"]), len(rows["people"])) == (10, 97, len(model.postings))
    assert sum(one["kind"] == "县部门" for one in rows["bodies"]) == 11
    wrong = {**rows, "compounds": [*rows["compounds"], {"community": "nowhere", "name": "没有社区的小区"}]}
    send(page, workbooks(template, wrong))
    expect(page.get_by_text("有 1 处要改")).to_be_visible()
    expect(page.get_by_text("没有这个社区，先在社区表里加。")).to_be_visible()
    expect(page.get_by_role("button", name="导入", exact=True)).to_have_count(0)
    album.take(page, "one-wrong-row")
    assert not Body.objects.exists() and not Compound.objects.exists() and Person.objects.count() == 3

    page.get_by_role("link", name="从表格建县").click()
    send(page, workbooks(template, rows))
    expect(page.get_by_text("没有错。现在还什么都没动")).to_be_visible()
    album.take(page, "look")
    assert not Body.objects.exists()
    page.get_by_role("button", name="导入", exact=True).dblclick()
    expect(page.get_by_role("heading", level=1, name="导入好了")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the answer to the second click takes the place of the first one's
    album.take(page, "brought-in")
    given = passwords(page)
    page.reload()
    assert passwords(page) == given
    assert Compound.objects.count() == 97 and Posting.objects.filter(role="off").count() > 20
    assert set(given) == {one.username for one in model.people} and len(set(given.values())) == len(given)

    page.get_by_role("button", name="打印好了，收起密码").click()
    expect(page.get_by_text("临时密码收起来了")).to_be_visible()
    page.goto(f"{url}/desk/settings/map/")
    expect(page.get_by_text("97 个小区")).to_be_visible()
    page.get_by_role("button", name="打开地图").click()
    expect(page.locator("[data-canvas] path").first).to_be_visible()
    assert page.locator("[data-canvas] path").count() == 97
    album.take(page, "map")
    page.goto(f"{url}/desk/settings/county/")
    page.get_by_label("县名").fill("安和县")
    page.get_by_label("热线电话").fill(model.hotline)
    page.get_by_label("执法监督机构（司法局）").select_option(str(Body.objects.get(code="sifa").pk))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    album.take(page, "county")
    page.goto(f"{url}/desk/settings/")
    expect(page.get_by_text("还差什么")).to_be_visible()
    expect(page.get_by_text("清单里写了、系统里没有的单位")).to_have_count(0)
    album.take(page, "still-missing")

    second = visitor(DESKTOP)
    first_sign_in(second, url, "coordinator", founders["coordinator"])
    waiting = PostingRequest.objects.filter(decided_at=None).count()
    assert waiting > 0
    second.goto(f"{url}/desk/settings/requests/")
    for left in range(waiting, 0, -1):
        second.get_by_role("button", name="同意", exact=True).first.click()
        expect(second.get_by_role("button", name="同意", exact=True)).to_have_count(left - 1)
    expect(second.get_by_text("要当面交给本人的临时密码")).to_be_visible()
    assert second.locator("b.mono").count() == waiting, "each of them is still there after the next decision"
    album.take(second, "second-person")
    assert not PostingRequest.objects.filter(decided_at=None).exists()

    the_first_report_arrives(url, visitor, album, given)


def the_first_report_arrives(url: str, visitor: Callable[..., Page], album: Album, given: Mapping[str, str]) -> None:
    """From a compound's board over the clerk of its station to the department that the list names."""
    resident = Resident(page=visitor(PHONE), url=url, album=album)
    resident.page.goto(f"{url}/c/{Compound.objects.get(name='幸福里小区').code}")
    resident.see("王秀兰")
    resident.see("何建平")
    number = resident.reports(Compound.objects.get(name="幸福里小区").code, "楼下花坛里有人养鸡，天不亮就打鸣，一地鸡粪")
    clerk = visitor(DESKTOP)
    first_sign_in(clerk, url, "wangxiulan", given["wangxiulan"])
    expect(clerk.get_by_text(number).first).to_be_visible()
    album.take(clerk, "clerk-today")
    clerk.goto(f"{url}/desk/cases/{number}/")
    clerk.locator(f"main a[href*='/cases/{number}/assign/']:visible").first.click()
    clerk.locator("form[data-draft][data-ready]").wait_for()
    expect(clerk.locator("[name=item]")).to_have_value("QL-05")
    album.take(clerk, "assign")
    clerk.locator("form[data-draft] button.pri").click()
    expect(clerk.get_by_text("已经记下：派单")).to_be_visible()
    assert Case.objects.get(number=number).lead.code == "chengguan"
    officer = visitor(PHONE)
    first_sign_in(officer, url, "liuzhiqiang", given["liuzhiqiang"])
    expect(officer.get_by_text(number).first).to_be_visible()
    album.take(officer, "officer-today")
