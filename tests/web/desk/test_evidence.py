"""Evidence on the desk: what comes in, what is shown of it, and who may take the original for what reason."""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import json
import os
import secrets
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.adapters import files
from huiyin.adapters.bundles import CHECKER
from huiyin.jobs import photos
from huiyin.records.models import Alarm, Attachment, Custody, Posting
from huiyin.services import cases, log
from tests.rules.recordings import PICTURE, SECRET, SOUND, mp4
from tests.web.desk.test_case import PNG
from tests.world import World

Desk = Callable[[str], Client]
OFFICER = "liuzhiqiang"
FILM = mp4(front=True, padding=b"pad " + os.urandom(files.PIECE))
MAX_QUERIES = 10


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.HUIYIN_UPLOADS = tmp_path
    settings.HUIYIN_DATA = tmp_path / "data"  # where checkpoints are kept
    settings.HUIYIN_UPLOAD_RESERVE_MB = 0
    return tmp_path


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def begin(client: Client, content: bytes = FILM, key: str = "k" * 32, **said: str) -> HttpResponse:
    given = {"sha256": hashlib.sha256(content).hexdigest(), **said}
    return client.post("/desk/evidence/begin/", {"key": key, "name": "film.mp4", "size": len(content), **given})


def piece(client: Client, url: str, offset: int, content: bytes, sha256: str = "") -> HttpResponse:
    marks = {"Upload-Offset": str(offset), "Upload-Hash": sha256 or hashlib.sha256(content).hexdigest()}
    return client.post(url, content, content_type="application/octet-stream", headers=marks)


def send(client: Client, content: bytes = FILM, key: str = "k" * 32, **said: str) -> Any:
    answer = begin(client, content, key, **said).json()
    while "id" not in answer:
        at = answer["offset"]
        answer = {**answer, **piece(client, answer["url"], at, content[at : at + files.PIECE]).json()}
    return answer


def filmed(desk: Desk, clock: World, **said: str) -> tuple[str, Attachment]:
    """An officer attends and films it, through the pages."""
    receipt = clock.assigned()
    clock.do(OFFICER, receipt.number, "accept")
    client, key = desk(OFFICER), secrets.token_hex(16)
    sent = send(client, key=key, **said)
    page = client.post(
        f"/desk/cases/{receipt.number}/attend/",
        {"found": "花坛里六只鸡", "key": key, "photo": [sent["id"]], "seen": clock.case(receipt.number).seq},
    )
    assert page.status_code == 302, page.content.decode()[:2000]
    photos.run(clock.now)
    return receipt.number, Attachment.objects.get(case=receipt.case)


# ── coming in ────────────────────────────────────────────────────────────────────────────────


def test_a_film_comes_in_pieces_and_stands_in_the_timeline(desk: Desk, clock: World) -> None:
    number, row = filmed(desk, clock, taken_at="2026-11-24T08:58:00+08:00")
    page = desk(OFFICER).get(f"/desk/cases/{number}/").content.decode()
    assert f"/desk/evidence/{row.pk}/" in page and "视频 MP4" in page
    assert f"/desk/photo/{row.pk}/" not in page


def test_a_piece_at_the_wrong_place_is_told_where_the_file_is(desk: Desk, clock: World) -> None:
    client = desk(OFFICER)
    url = begin(client).json()["url"]
    assert piece(client, url, 0, FILM[: files.PIECE]).json()["offset"] == files.PIECE
    again = piece(client, url, 0, FILM[: files.PIECE])
    assert (again.status_code, again.json()) == (409, {"offset": files.PIECE})
    assert client.get(url).json()["offset"] == files.PIECE


def test_a_piece_that_was_damaged_on_the_way_is_asked_for_again(desk: Desk, clock: World) -> None:
    client = desk(OFFICER)
    url = begin(client).json()["url"]
    answer = piece(client, url, 0, FILM[: files.PIECE], sha256="ab" * 32)
    assert (answer.status_code, answer.json()["code"]) == (422, "piece")
    assert client.get(url).json()["offset"] == 0


def test_a_whole_that_is_not_the_phones_is_refused_in_plain_words(desk: Desk, clock: World) -> None:
    client = desk(OFFICER)
    found = begin(client, sha256="ab" * 32).json()
    for at in range(0, len(FILM), files.PIECE):
        answer = piece(client, found["url"], at, FILM[at : at + files.PIECE])
    assert (answer.status_code, answer.json()["code"]) == (422, "differs")
    assert "不一样" in answer.json()["errors"]["file"][0]
    assert client.get(found["url"]).status_code == 410


def test_nobody_goes_on_with_what_somebody_else_began(desk: Desk, clock: World) -> None:
    url = begin(desk(OFFICER)).json()["url"]
    assert piece(desk("heyong"), url, 0, FILM[: files.PIECE]).status_code == 410


@pytest.mark.parametrize("marks", [{}, {"Upload-Offset": "-1"}, {"Upload-Offset": "one"}, {"Upload-Offset": "9" * 40}])
def test_a_piece_without_its_place_is_refused(desk: Desk, clock: World, marks: dict[str, str]) -> None:
    client = desk(OFFICER)
    url = begin(client).json()["url"]
    assert client.post(url, b"x", content_type="application/octet-stream", headers=marks).status_code == 422


def test_a_piece_larger_than_a_piece_is_refused(desk: Desk, clock: World) -> None:
    client = desk(OFFICER)
    url = begin(client).json()["url"]
    assert piece(client, url, 0, b"x" * (files.PIECE + 1)).status_code == 422


def test_without_scripts_a_film_that_fits_a_form_comes_with_it(desk: Desk, clock: World) -> None:
    receipt = clock.assigned()
    clock.do(OFFICER, receipt.number, "accept")
    given = {"found": "六只鸡", "key": "k" * 32, "seen": clock.case(receipt.number).seq}
    films = [SimpleUploadedFile("VID.mp4", mp4()), SimpleUploadedFile("a.pdf", b"%PDF-1.7\n" + SECRET)]
    assert desk(OFFICER).post(f"/desk/cases/{receipt.number}/attend/", {**given, "upload": films}).status_code == 302
    assert set(Attachment.objects.filter(case=receipt.case).values_list("kind", flat=True)) == {"mp4", "pdf"}


def test_without_scripts_something_else_is_refused_and_what_was_typed_stays(desk: Desk, clock: World) -> None:
    receipt = clock.assigned()
    clock.do(OFFICER, receipt.number, "accept")
    given = {"found": "六只鸡", "key": "k" * 32, "seen": clock.case(receipt.number).seq}
    page = desk(OFFICER).post(
        f"/desk/cases/{receipt.number}/attend/", {**given, "upload": [SimpleUploadedFile("a.exe", b"MZ" + b"x" * 99)]}
    )
    assert page.status_code == 422 and "这种文件收不了" in page.content.decode() and "六只鸡" in page.content.decode()


def test_a_small_photo_says_what_the_phone_says_of_it(desk: Desk, clock: World) -> None:
    client = desk(OFFICER)
    said = {"key": "k" * 32, "name": "a", "sha256": hashlib.sha256(PNG).hexdigest(), "lon": "115.7", "lat": "25.6"}
    assert client.post("/desk/photo/upload/", {**said, "file": SimpleUploadedFile("a.png", PNG)}).status_code == 200
    refused = client.post(
        "/desk/photo/upload/", {**said, "name": "b", "sha256": "ab" * 32, "file": SimpleUploadedFile("a.png", PNG)}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "differs")
    assert Attachment.objects.get().claims


# ── what is shown ────────────────────────────────────────────────────────────────────────────


def test_the_player_gets_the_film_without_what_it_says_of_the_phone(desk: Desk, clock: World) -> None:
    _, row = filmed(desk, clock)
    client = desk(OFFICER)
    whole = client.get(f"/desk/evidence/{row.pk}/play/")
    content = body(whole)
    assert whole.status_code == 200 and len(content) == len(FILM) == int(whole["Content-Length"])
    assert SECRET not in content and PICTURE in content and SOUND in content
    assert whole["Content-Type"] == "video/mp4" and whole["Accept-Ranges"] == "bytes"
    assert not Custody.objects.filter(step="viewed").exists(), "a copy is no original"


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=100-", 100, len(FILM)),
        ("bytes=-50", len(FILM) - 50, len(FILM)),
        ("bytes=5-99999999", 5, len(FILM)),
    ],
)
def test_the_player_gets_the_slice_that_it_asks_for(desk: Desk, clock: World, asked: str, low: int, high: int) -> None:
    _, row = filmed(desk, clock)
    client = desk(OFFICER)
    whole = body(client.get(f"/desk/evidence/{row.pk}/play/"))
    slice_ = client.get(f"/desk/evidence/{row.pk}/play/", headers={"Range": asked})
    assert slice_.status_code == 206 and slice_["Content-Range"] == f"bytes {low}-{high - 1}/{len(FILM)}"
    assert body(slice_) == whole[low:high]


@pytest.mark.parametrize("asked", [f"bytes={len(FILM)}-", "bytes=9-3", f"bytes={10**9}-"])
def test_a_slice_behind_the_end_cannot_be_had(desk: Desk, clock: World, asked: str) -> None:
    _, row = filmed(desk, clock)
    answer = desk(OFFICER).get(f"/desk/evidence/{row.pk}/play/", headers={"Range": asked})
    assert answer.status_code == 416 and answer["Content-Range"] == f"bytes */{len(FILM)}"


@pytest.mark.parametrize("asked", ["lines=1-2", "bytes=1-2,4-5", "bytes=-", "bytes=a-b"])
def test_a_range_that_nobody_understands_gets_the_whole(desk: Desk, clock: World, asked: str) -> None:
    _, row = filmed(desk, clock)
    assert desk(OFFICER).get(f"/desk/evidence/{row.pk}/play/", headers={"Range": asked}).status_code == 200


def test_the_page_of_a_film_says_the_phones_word_beside_the_servers(desk: Desk, clock: World) -> None:
    _, row = filmed(desk, clock, taken_at="2026-11-24T08:58:00+08:00", lon="115.79", lat="25.6", accuracy="12")
    client = desk(OFFICER)
    client.get(f"/desk/evidence/{row.pk}/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/desk/evidence/{row.pk}/").content.decode()
    assert len(asked) <= MAX_QUERIES
    for text in ("手机说拍于", "8:58", "25.60000, 115.79000", "误差约 12 米", row.sha256, "一致", "经手", "收到"):
        assert text in page, text


def test_a_paper_is_offered_as_the_original_alone(desk: Desk, clock: World) -> None:
    receipt = clock.assigned()
    clock.do(OFFICER, receipt.number, "accept")
    given = {"found": "六只鸡", "key": "k" * 32, "seen": clock.case(receipt.number).seq}
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n" + SECRET)
    desk(OFFICER).post(f"/desk/cases/{receipt.number}/attend/", {**given, "upload": [paper]})
    row = Attachment.objects.get(case=receipt.case)
    page = desk(OFFICER).get(f"/desk/evidence/{row.pk}/").content.decode()
    assert "只能取原件" in page and "记下并下载原件" in page and "<video" not in page
    assert desk(OFFICER).get(f"/desk/evidence/{row.pk}/play/").status_code == 404


# ── originals ────────────────────────────────────────────────────────────────────────────────


def test_whoever_takes_an_original_says_why_and_oversight_reads_it(desk: Desk, clock: World) -> None:
    _, row = filmed(desk, clock)
    answer = desk(OFFICER).post(f"/desk/evidence/{row.pk}/", {"why": "document", "words": ""})
    assert body(answer) == FILM
    assert answer["Content-Type"] == "application/octet-stream" and answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    page = desk("zhoumin").get(f"/desk/evidence/{row.pk}/").content.decode()
    assert "看了原件" in page and "制作文书、案卷" in page and "刘志强" in page


@pytest.mark.parametrize("given", [{}, {"why": "nosy"}, {"why": "other", "words": " "}])
def test_without_a_reason_there_is_no_original(desk: Desk, clock: World, given: dict[str, str]) -> None:
    _, row = filmed(desk, clock)
    page = desk(OFFICER).post(f"/desk/evidence/{row.pk}/", given)
    assert page.status_code == 422 and "请选一个原因" in page.content.decode()
    assert not Custody.objects.filter(step="viewed").exists()


@pytest.mark.parametrize(("who", "status"), [("heyong", 200), ("zhoumin", 200), ("wangxiulan", 404)])
def test_a_clerk_sees_the_copy_and_takes_no_original(desk: Desk, clock: World, who: str, status: int) -> None:
    _, row = filmed(desk, clock)
    assert desk(who).get(f"/desk/evidence/{row.pk}/").status_code == 200
    assert desk(who).post(f"/desk/evidence/{row.pk}/", {"why": "case"}).status_code == status


def test_an_original_that_is_not_what_arrived_is_not_handed_out_and_raises_an_alarm(desk: Desk, clock: World, disk: Path) -> None:
    _, row = filmed(desk, clock)
    file = next(file for file in (disk / "originals").rglob("*") if file.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    page = desk(OFFICER).post(f"/desk/evidence/{row.pk}/", {"why": "case"})
    assert page.status_code == 422 and "已经告警" in page.content.decode()
    assert Alarm.objects.filter(kind="photo").exists() and not Custody.objects.filter(step="viewed").exists()


def test_a_film_is_no_photo_for_anybody_who_asks_for_photos(desk: Desk, clock: World) -> None:
    number, row = filmed(desk, clock)
    assert desk(OFFICER).get(f"/desk/photo/{row.pk}/").status_code == 404
    form = desk(OFFICER).get(f"/desk/cases/{number}/request_help/").content.decode()
    assert f"/desk/photo/{row.pk}/" not in form, "what is released to others are photos"


# ── all of a case, and a bundle to take away ─────────────────────────────────────────────────

TO = "县人民法院 立案庭"


def bundled(desk: Desk, number: str, *rows: Attachment, who: str = OFFICER, **more: str) -> Any:
    given = {"do": "bundle", "file": [row.pk for row in rows], "why": "suit", "to": TO, **more}
    return desk(who).post(f"/desk/cases/{number}/evidence/", given)


def unpacked(content: bytes, into: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(into)
    return into


def checked(place: Path, *more: str) -> tuple[int, str]:
    """What the program in the bundle says, run by itself in an empty environment."""
    done = subprocess.run(
        [sys.executable, "-I", str(place / "verify.py"), *more],
        capture_output=True,
        text=True,
        env={"PYTHONUTF8": "1"},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def bundle(desk: Desk, clock: World, tmp_path: Path) -> Path:
    """A bundle of a case with a film, a paper and a resident's photo left out, unpacked."""
    number, film = filmed(desk, clock, taken_at="2026-11-24T08:58:00+08:00", lon="115.79", lat="25.6")
    desk(OFFICER).post(f"/desk/evidence/{film.pk}/", {"why": "other", "words": "看清楚鸡笼上的字"})
    log.sequence()
    log.sign_checkpoint(at=clock.now)
    answer = bundled(desk, number, film)
    assert answer.status_code == 200, answer.content.decode()[-1500:]
    return unpacked(body(answer), tmp_path / "bundle")


def test_a_bundle_can_be_checked_by_anybody_offline(bundle: Path) -> None:
    status, said = checked(bundle)
    assert status == 0, said
    for text in ("没有改过", "当时写进记录的", "一环扣一环", "在签了名的检查点之下", "全部相符", "Everything agrees"):
        assert text in said, said
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    assert manifest["made"]["to"] == TO and "刘志强" in manifest["made"]["by"] and manifest["whole"] is True
    steps = [(step["step"], step["text"]) for step in manifest["files"][0]["custody"]]
    assert steps == [("received", ""), ("viewed", "看清楚鸡笼上的字"), ("bundled", TO)]
    assert (bundle / manifest["files"][0]["name"]).read_bytes() == FILM


def _edit(place: Path, change: Callable[[Any], None]) -> None:
    manifest = json.loads((place / "manifest.json").read_text("utf-8"))
    change(manifest)
    (place / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def _swap_bytes(place: Path) -> None:
    file = next((place / "files").iterdir())
    file.write_bytes(file.read_bytes()[:-1] + b"!")


def _swap_file_and_list(place: Path) -> None:
    file = next((place / "files").iterdir())
    file.write_bytes(b"another film")
    new = hashlib.sha256(b"another film").hexdigest()
    _edit(place, lambda manifest: manifest["files"][0].update(sha256=new, size=12))


def _sign_anew(manifest: Any) -> None:
    """Another key signs the same heads: the hint and the name of the county's key stay."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    other = Ed25519PrivateKey.generate()
    for entry in manifest["entries"]:
        body, _, rest = entry["proof"]["checkpoint"].partition("\n\n")
        dash, name, held = rest.strip("\n").split(" ")
        forged = base64.b64encode(base64.b64decode(held)[:4] + other.sign(f"{body}\n".encode())).decode()
        entry["proof"]["checkpoint"] = f"{body}\n\n{dash} {name} {forged}\n"


def _date_anew(manifest: Any) -> None:
    for entry in manifest["entries"]:
        entry["proof"]["checkpoint"] = entry["proof"]["checkpoint"].replace("2026-", "2025-", 1)


FORGERIES: dict[str, Callable[[Path], Any]] = {
    "被改过": _swap_bytes,
    "不是第": _swap_file_and_list,
    "少了文件": lambda place: next((place / "files").iterdir()).unlink(),
    "多出一个": lambda place: (place / "files" / "more.mp4").write_bytes(b"x"),
    "哈希不一致": lambda place: _edit(place, lambda manifest: manifest["entries"][3].update(at="2026-11-24T00:00:00.000000Z")),
    "手机时间、地点被改过": lambda place: _edit(place, lambda manifest: manifest["files"][0]["claims"].update(lon="116.1")),
    "经手记录被改过": lambda place: _edit(place, lambda manifest: manifest["files"][0]["custody"].pop(1)),
    "次经手记录被改": lambda place: _edit(place, lambda manifest: manifest["files"][0]["custody"][1].update(text="随便看看")),
    "从收到开始": lambda place: _edit(place, lambda manifest: manifest["files"][0]["custody"].clear()),
    "缺了条目": lambda place: _edit(place, lambda manifest: manifest["entries"].pop(1)),
    "不是这把钥匙签的": lambda place: _edit(place, lambda manifest: _sign_anew(manifest)),
    "检查点不是这把钥匙": lambda place: _edit(place, lambda manifest: _date_anew(manifest)),
    "读不通": lambda place: _edit(place, lambda manifest: manifest["entries"][0].pop("data")),
}


@pytest.mark.parametrize("said", list(FORGERIES))
def test_whatever_is_changed_in_a_bundle_is_named(bundle: Path, said: str) -> None:
    FORGERIES[said](bundle)
    status, found = checked(bundle)
    assert status == 1 and said in found and "Everything agrees" not in found, found


def _unsigned(manifest: Any) -> None:
    """As whoever has no key of the county writes a bundle: files and custody fit each other, and no entry stands under anything."""
    manifest.update(whole=False, entries=[])
    manifest.pop("signature")
    manifest["files"][0].update(entry=1)


def test_a_bundle_that_anybody_could_have_written_does_not_pass(bundle: Path) -> None:
    key = json.loads((bundle / "manifest.json").read_text("utf-8"))["key"]
    _edit(bundle, _unsigned)
    status, said = checked(bundle)
    assert status == 1 and "没有县里的签名" in said and "Everything agrees" not in said, said
    status, said = checked(bundle, "--key", key)
    assert status == 1 and "清单不是这把钥匙签的" in said, said


def _forget_a_step(manifest: Any) -> None:
    """The way of a file written anew without the look in the middle, each step with a hash that fits."""
    row = manifest["files"][0]
    del row["custody"][1]
    prev = "0" * 64
    for number, step in enumerate(row["custody"], start=1):
        step.update(seq=number, prev=prev)
        lines = ["huiyin-custody-1", row["commitment"], str(number), step["step"], step["actor"], step["role"], step["at"]]
        lines += [step["why"], step["words"], prev]
        prev = step["hash"] = hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_a_way_from_hand_to_hand_that_was_written_anew_is_named(bundle: Path) -> None:
    _edit(bundle, _forget_a_step)
    status, said = checked(bundle)
    assert "2 次经手一环扣一环" in said, "the forged way fits by itself"
    assert status == 1 and "清单不是这把钥匙签的" in said, said


def _move_words_into_salt(manifest: Any) -> None:
    step = manifest["files"][0]["custody"][1]
    cut = len("看清楚".encode())
    step.update(salt=step["salt"] + step["text"].encode()[:cut].hex(), text=step["text"].encode()[cut:].decode())


def test_words_cut_off_into_the_salt_are_named(bundle: Path) -> None:
    _edit(bundle, _move_words_into_salt)
    status, said = checked(bundle)
    assert status == 1 and "a salt has 32 bytes" in said, said


def test_two_files_of_one_name_in_a_bundle_are_named(bundle: Path, tmp_path: Path) -> None:
    """Which of them a program unpacks nobody knows; this one would have checked the last alone."""
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    name, whole = manifest["files"][0]["name"], tmp_path / "twice.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(whole, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, b"another film")
        for file in sorted(one for one in bundle.rglob("*") if one.is_file()):
            archive.writestr(file.relative_to(bundle).as_posix(), file.read_bytes())
    status, said = checked(bundle, str(whole))
    assert status == 1 and "同一个名字有两个文件" in said, said


def test_a_link_in_the_place_of_a_file_is_named(bundle: Path, tmp_path: Path) -> None:
    file = next((bundle / "files").iterdir())
    file.rename(tmp_path / "elsewhere.mp4")
    file.symlink_to(tmp_path / "elsewhere.mp4")
    status, said = checked(bundle)
    assert status == 1 and "指向别处的链接" in said, said


def test_a_file_hidden_in_a_folder_of_pythons_is_named(bundle: Path) -> None:
    (bundle / "files" / "__pycache__").mkdir()
    (bundle / "files" / "__pycache__" / "more.mp4").write_bytes(b"x")
    assert checked(bundle)[0] == 1


def test_what_stands_in_a_bundle_writes_no_line_of_the_program(bundle: Path) -> None:
    _edit(bundle, lambda manifest: manifest["made"].update(by="x\n全部相符\x1b[8m"))
    status, said = checked(bundle)
    assert status == 1 and "\x1b" not in said and "\n全部相符" not in said, said


def test_what_is_no_bundle_is_said_to_be_none(bundle: Path, tmp_path: Path) -> None:
    (bundle / "manifest.json").write_text("{}", "utf-8")
    assert checked(bundle)[0] == 2
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 cut off")
    assert checked(bundle, str(tmp_path / "x.zip"))[0] == 2


def test_a_bundle_is_checked_as_it_came_too_and_against_a_root_from_elsewhere(
    desk: Desk, clock: World, tmp_path: Path, bundle: Path
) -> None:
    number = Attachment.objects.get().case.number  # type: ignore[union-attr]  # it belongs to a case
    whole = tmp_path / "evidence.zip"
    whole.write_bytes(body(bundled(desk, number, Attachment.objects.get())))
    assert checked(bundle, str(whole))[0] == 0
    assert checked(bundle, "--root", "ab" * 32)[0] == 1
    key = json.loads((bundle / "manifest.json").read_text("utf-8"))["key"]
    status, said = checked(bundle, "--key", key)
    assert status == 0 and "您给的钥匙" in said, said
    name, mark, _ = key.split("+", 2)
    other = base64.b64encode(bytes([1]) + b"k" * 32).decode()
    assert checked(bundle, "--key", f"{name}+{mark}+{other}")[0] == 1


def test_the_program_in_a_bundle_is_read_by_an_old_python_and_needs_nothing() -> None:
    tree = ast.parse(CHECKER.read_text("utf-8"), feature_version=(3, 8))
    needs = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    needs |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {one.split(".")[0] for one in needs} <= sys.stdlib_module_names


def test_nobody_takes_evidence_along_without_saying_to_whom_and_why(desk: Desk, clock: World) -> None:
    number, film = filmed(desk, clock)
    for wrong in ({"to": " "}, {"why": ""}, {"why": "nosy"}):
        assert bundled(desk, number, film, **wrong).status_code == 422
    assert "至少选一个" in bundled(desk, number).content.decode()
    assert not Custody.objects.exclude(step="received").exists()


def test_what_was_handed_over_by_hand_is_written_down(desk: Desk, clock: World) -> None:
    number, film = filmed(desk, clock)
    assert bundled(desk, number, film, do="hand").status_code == 302
    page = desk("zhoumin").get(f"/desk/cases/{number}/evidence/").content.decode()
    assert "移交" in page and TO in page and "复议、诉讼举证" in page


def test_a_bundle_with_a_damaged_original_is_not_made(desk: Desk, clock: World, disk: Path) -> None:
    number, film = filmed(desk, clock)
    file = next(file for file in (disk / "originals").rglob("*") if file.is_file())
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    page = bundled(desk, number, film)
    assert page.status_code == 422 and "没有做包" in page.content.decode()
    assert Alarm.objects.exists() and not Custody.objects.filter(step="bundled").exists()


@pytest.mark.parametrize("who", ["wangxiulan", "heyong"])
def test_only_the_lead_and_the_coordinator_take_evidence_along(desk: Desk, clock: World, who: str) -> None:
    number, film = filmed(desk, clock)
    status = bundled(desk, number, film, who=who).status_code
    assert status == (200 if who == "heyong" else 404), "an officer of the lead may, a clerk may not"


def test_a_resident_photo_stays_at_home_unless_it_is_chosen(desk: Desk, clock: World) -> None:
    key = secrets.token_urlsafe(24)
    cases.upload(actor=None, at=clock.now, key=key, slot="0", stream=io.BytesIO(PNG))
    receipt = clock.report(key=key)
    clock.do("wangxiulan", receipt.number, "assign", item="QL-05", lead=clock.body("chengguan"))
    clock.do(OFFICER, receipt.number, "accept")
    row = Attachment.objects.get(case=receipt.case)
    page = desk(OFFICER).get(f"/desk/cases/{receipt.number}/evidence/").content.decode()
    assert "居民传的" in page and f'value="{row.pk}" checked' not in page and f'value="{row.pk}"' in page


def test_the_evidence_of_a_case_takes_at_most_ten_queries(desk: Desk, clock: World) -> None:
    number, film = filmed(desk, clock)
    client = desk(OFFICER)
    client.get(f"/desk/cases/{number}/evidence/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/desk/cases/{number}/evidence/").content.decode()
    assert len(asked) <= MAX_QUERIES and film.sha256 in page
    assert f"/desk/cases/{number}/evidence/" in client.get(f"/desk/cases/{number}/").content.decode()


def test_without_any_evidence_the_page_says_what_to_do(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    assert "还没有照片" in desk(OFFICER).get(f"/desk/cases/{number}/evidence/").content.decode()


def test_a_bundle_of_a_police_case_holds_the_record_for_the_police_alone(desk: Desk, clock: World, tmp_path: Path) -> None:
    receipt = clock.report(item="QL-03", words="楼下的狗没拴绳，追着孩子跑")
    clock.do("wangxiulan", receipt.number, "assign", item="QL-03", lead=clock.body("gongan"))
    police = Posting.objects.filter(body__code="gongan", role="off").order_by("pk").values_list("person__username", flat=True)[0]
    clock.do(police, receipt.number, "accept")
    key = secrets.token_hex(16)
    actor = clock.actor(police)
    cases.upload(
        actor=actor,
        at=clock.now,
        key=key,
        slot="a",
        stream=io.BytesIO(mp4()),
        any_kind=True,
        said={"lon": "115.7", "lat": "25.6"},
    )
    clock.do(police, receipt.number, "attend", found="狗在楼道里", key=key)
    row = Attachment.objects.get(case=receipt.case)
    for who, whole in ((police, True), ("zhoumin", False)):
        place = unpacked(body(bundled(desk, receipt.number, row, who=who)), tmp_path / who)
        manifest = json.loads((place / "manifest.json").read_text("utf-8"))
        assert (bool(manifest["entries"]), manifest["whole"]) == (whole, whole)
        status, said = checked(place)
        assert status == 0 and ("不带账本条目" in said) is not whole, said
    _swap_file_and_list(place)
    assert checked(place)[0] == 1
