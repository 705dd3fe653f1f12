"""Evidence goes through the browser: filmed in a basement, cut off half-way, gone on, looked at, taken along and checked elsewhere."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from huiyin.adapters import files
from huiyin.records.models import Attachment, Custody, Upload
from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import NO_NETWORK, Album, Staff, Town
from tests.rules.recordings import mp4
from tests.world import World

MB = 1024 * 1024
FILM = mp4(front=True, padding=random.Random(20).randbytes(20 * MB))
VIDEO = {"name": "VID_20261124_085800.mp4", "mimeType": "video/mp4", "buffer": FILM}
PAPER = {"name": "检测报告 王某.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"measured " * 999}


@pytest.fixture
def story(request: pytest.FixtureRequest, town: World, live_server: Any, visitor: Callable[..., Page]) -> Town:
    """The committed county behind a server, with an album named after the test."""
    return Town(world=town, url=live_server.url, visitor=visitor, album=Album(request.node.name.removeprefix("test_")[:40]))


def begins(officer: Staff, number: str, *chosen: dict[str, Any]) -> None:
    """The form of 到场 with these files, each read and kept by the phone."""
    officer.begins(number, "attend", found="花坛里六只鸡，拍了录像")
    for many, one in enumerate(chosen, start=1):
        officer.page.set_input_files("form[data-draft] input[type=file]", [one])
        expect(officer.page.locator("form[data-draft] .pic .face")).to_have_count(many, timeout=60_000)


def arrives(officer: Staff, number: str) -> None:
    officer.page.wait_for_url(f"**/desk/cases/{number}/", timeout=90_000)
    officer.see("已经记下：")


def test_a_film_of_20_mb_that_is_cut_off_half_way_goes_on_there(story: Town) -> None:
    number = _handled(story)
    officer = story.staff("liuzhiqiang", PHONE)
    officer.page.forgiven.extend([*NO_NETWORK, "503"])  # type: ignore[attr-defined]
    begins(officer, number, VIDEO, PAPER)
    officer.shoot("chosen")
    sent: list[int] = []

    def cut(route: Route) -> None:
        offset = int(route.request.headers.get("upload-offset", "-1"))
        if route.request.method == "POST" and offset >= 9 * MB and not story_is_back:
            route.abort("internetdisconnected")
            return
        sent.append(offset)
        route.continue_()

    story_is_back: list[bool] = []
    officer.page.route("**/desk/evidence/piece/**", cut)
    officer.sends()
    officer.is_told("秒后自动再试")
    officer.shoot("cut-off")
    half = Upload.objects.get()
    assert files.part_offset(half.part, half.size) == 9 * MB

    story_is_back.append(True)
    officer.page.get_by_role("button", name="现在再试").click()
    arrives(officer, number)
    assert sorted(sent) == [n * MB for n in range(21)], "no piece was sent twice"
    film, paper = Attachment.objects.filter(case__number=number).order_by("pk")
    assert (film.kind, film.sha256) == ("mp4", hashlib.sha256(FILM).hexdigest()) and paper.kind == "pdf"
    assert not Upload.objects.exists()
    story.record_is_sound(number)


def _handled(story: Town) -> str:
    receipt = story.world.assigned()
    story.world.do("liuzhiqiang", receipt.number, "accept")
    return receipt.number


def test_a_film_taken_without_network_is_sent_when_it_is_back_looked_at_and_taken_along(story: Town, tmp_path: Path) -> None:
    number = _handled(story)
    officer = story.staff("liuzhiqiang", PHONE)
    officer.page.forgiven.extend(NO_NETWORK)  # type: ignore[attr-defined]
    officer.begins(number, "attend", found="花坛里六只鸡，拍了录像")
    officer.page.context.set_offline(True)
    officer.page.set_input_files("form[data-draft] input[type=file]", [{**VIDEO, "buffer": mp4(padding=b"x" * 5 * MB)}])
    expect(officer.page.locator("form[data-draft] .pic .face")).to_have_count(1, timeout=60_000)
    officer.sends()
    officer.is_told("没有网络，已存在本机")
    officer.shoot("kept-in-the-basement")
    officer.page.context.set_offline(False)
    arrives(officer, number)
    officer.shoot("case")
    story.worker_runs()

    film = Attachment.objects.get(case__number=number)
    officer.page.goto(f"{story.url}/desk/evidence/{film.pk}/")
    officer.see("去掉了定位、时间、机型")
    officer.shoot("film")
    officer.page.get_by_label("制作文书、案卷").check()
    with officer.page.expect_download() as taken:
        officer.page.get_by_role("button", name="记下并下载原件").click()
    assert hashlib.sha256(Path(taken.value.path()).read_bytes()).hexdigest() == film.sha256

    head = story.staff("chenguodong", DESKTOP)
    head.page.goto(f"{story.url}/desk/cases/{number}/evidence/")
    head.page.get_by_text("经手").first.click()
    head.see("看了原件")
    head.page.get_by_label("交给谁").fill("县人民法院 立案庭")
    head.page.get_by_label("复议、诉讼举证").check()
    head.shoot("evidence-of-the-case")
    with head.page.expect_download() as bundled:
        head.page.get_by_role("button", name="做证据包并下载").click()
    place = tmp_path / "elsewhere"
    with zipfile.ZipFile(bundled.value.path()) as archive:
        archive.extractall(place)
    checked = subprocess.run([sys.executable, "-I", str(place / "verify.py")], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert [link.step for link in Custody.objects.filter(attachment=film).order_by("seq")] == ["received", "viewed", "bundled"]

    clerk = story.staff("wangxiulan", DESKTOP)
    clerk.page.goto(f"{story.url}/desk/evidence/{film.pk}/")
    clerk.see("经手")
    expect(clerk.page.get_by_role("button", name="记下并下载原件")).to_have_count(0)
    clerk.shoot("clerk-sees-the-copy")


def test_what_is_not_what_the_phone_hashed_is_refused_and_the_form_stays(story: Town) -> None:
    number = _handled(story)
    officer = story.staff("liuzhiqiang", PHONE)
    officer.page.forgiven.extend(["422"])  # type: ignore[attr-defined]
    begins(officer, number, PAPER)

    def another(route: Route) -> None:
        body = (route.request.post_data_buffer or b"").replace(b"measured measured", b"measured measurex", 1)
        route.continue_(post_data=body)

    officer.page.route("**/desk/photo/upload/", another)
    officer.sends()
    officer.page.clock.run_for(20_000)
    expect(officer.page.locator(".pic figcaption")).to_contain_text("不一样", timeout=60_000)
    officer.shoot("refused")
    assert not Attachment.objects.exists()
    expect(officer.page.locator("[name=found]")).to_have_value("花坛里六只鸡，拍了录像")
