"""A county moves to another installation whole: the copy's export is the same bytes, and what is wrong changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps

from huiyin import cli
from huiyin.config import installation
from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.records.models import (
    Body,
    BoundaryQuestion,
    Community,
    Compound,
    Contract,
    County,
    Designation,
    ElsewhereKind,
    Law,
    LegalBasis,
    ListItem,
    ListVersion,
    Person,
    Posting,
    WorkDay,
)
from huiyin.services import exporting, lists
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]

#: In an order in which nothing is deleted that something else still needs.
ALL = (
    ElsewhereKind,
    BoundaryQuestion,
    Designation,
    LegalBasis,
    ListItem,
    ListVersion,
    Law,
    WorkDay,
    Contract,
    Posting,
    County,
    Compound,
    Community,
    Person,
    Body,
)


@pytest.fixture
def archive(world: World) -> bytes:
    """A county with a draft, a designation, a contract that ended and a person who left."""
    published = ListVersion.objects.get(listing="enforcement")
    lists.new_draft(actor=world.actor("zhoumin"), at=world.now, listing="enforcement", based_on=published.pk)
    Designation.objects.create(
        law_code="x", article="第一条", body_id=world.body("sifa"), document="县府办〔2026〕1 号", starts=date(2026, 1, 1)
    )
    Contract.objects.update(ends=world.now.date() + timedelta(days=30))
    Person.objects.filter(username="heyong").update(is_active=False)
    return exporting.export()


def emptied() -> None:
    ListVersion.objects.update(based_on=None)
    for model in ALL:
        model._default_manager.all().delete()


@pytest.fixture
def elsewhere(archive: bytes) -> bytes:
    """The archive, and an installation on which nothing but the reference lists was loaded."""
    emptied()
    return archive


def changed(archive: bytes, change: Callable[[dict[str, bytes]], Any]) -> bytes:
    """The archive with its files changed; sums are made anew where the manifest is asked for."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def with_rows(name: str, change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[dict[str, bytes]], None]:
    """Changes a file's rows and its sum with them, as somebody would who knows how."""

    def do(files: dict[str, bytes]) -> None:
        rows = json.loads(files[f"{name}.json"])
        change(rows)
        files[f"{name}.json"] = json.dumps(rows).encode()
        manifest = json.loads(files["manifest.json"])
        manifest["files"][f"{name}.json"] = hashlib.sha256(files[f"{name}.json"]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()

    return do


def test_the_copys_export_is_the_same_bytes(elsewhere: bytes) -> None:
    moved = exporting.bring_in(archive=elsewhere)
    assert moved.counted["compounds"] == Compound.objects.count() > 90
    assert ListVersion.objects.get(state="draft").based_on == ListVersion.objects.get(listing="enforcement", state="published")
    assert exporting.export() == elsewhere


def test_what_the_first_start_loaded_gives_way(elsewhere: bytes, world: World) -> None:
    load_calendar()
    load_lists(world.now)
    exporting.bring_in(archive=elsewhere)
    assert exporting.export() == elsewhere


def test_everybody_who_may_sign_in_gets_a_new_password_and_nobody_else(elsewhere: bytes) -> None:
    moved = exporting.bring_in(archive=elsewhere)
    words = {username: word for username, _name, word in moved.passwords}
    officer, left = Person.objects.get(username="liuzhiqiang"), Person.objects.get(username="heyong")
    assert officer.check_password(words["liuzhiqiang"]) and officer.must_change_password
    assert "heyong" not in words and not left.has_usable_password()
    assert not officer.check_password("not-a-secret")


def test_no_password_is_in_the_archive(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        people = json.loads(packed.read("people.json"))
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert set(people[0]) == {"username", "name", "email", "desk_phone", "is_active"}
    hashes = Person.objects.values_list("password", flat=True)
    assert not [one for one in hashes if one.encode() in everything]


def test_a_check_keeps_nothing(elsewhere: bytes, world: World) -> None:
    load_lists(world.now)
    before = ListVersion.objects.count()
    moved = exporting.bring_in(archive=elsewhere, only_check=True)
    assert moved.counted["people"] > 100 and not moved.passwords
    assert not Person.objects.exists() and ListVersion.objects.count() == before


def test_a_county_that_is_there_is_not_overwritten(archive: bytes) -> None:
    with pytest.raises(exporting.NotTaken, match="空的安装"):
        exporting.bring_in(archive=archive)
    assert exporting.export() == archive


def newer(files: dict[str, bytes]) -> None:
    files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), "format": exporting.FORMAT + 1}).encode()


def spoilt(files: dict[str, bytes]) -> None:
    files["bodies.json"] = files["bodies.json"].replace(b"0700-555 0145", b"0700-555 0146")


def older(files: dict[str, bytes]) -> None:
    """As it was before the county could say where else to turn."""
    files.pop("elsewhere.json")
    manifest = json.loads(files["manifest.json"])
    manifest["files"].pop("elsewhere.json")
    files["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (older, "旧版本.*elsewhere.json"),
        (with_rows("bodies", lambda rows: [row.pop("short_name") for row in rows]), "旧版本.*short_name"),
        (newer, "更新的版本"),
        (spoilt, "bodies.json 和清单里的校验值不一样"),
        (lambda files: files.pop("postings.json"), "少了或多了"),
        (lambda files: files.update({"more.json": b"[]"}), "少了或多了"),
        (lambda files: files.pop("manifest.json"), "不是 huiyin export"),
        (with_rows("contracts", lambda rows: rows[0].update(firm="nobody")), "对不上"),
        (with_rows("postings", lambda rows: rows[-1].update(starts="no day")), "对不上"),
        (with_rows("postings", lambda rows: rows[0].update(starts="2030-01-01", ends="2020-01-01")), "对不上"),
        (with_rows("people", lambda rows: rows.append(rows[0])), "对不上"),
        (with_rows("bodies", lambda rows: rows[0].update(secret="x")), "对不上"),
        (with_rows("compounds", lambda rows: rows.append("x")), "读不懂"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(elsewhere: bytes, change: Callable[..., Any], said: str) -> None:
    with pytest.raises(exporting.NotTaken, match=said):
        exporting.bring_in(archive=changed(elsewhere, change))
    assert not any(model._default_manager.exists() for model in ALL)


def test_at_the_shell_the_reason_is_told_in_the_language_of_whoever_sits_there(
    elsewhere: bytes, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "county.zip").write_bytes(changed(elsewhere, older))
    monkeypatch.setattr(cli, "_setup", lambda: None)
    monkeypatch.setattr(installation, "prepare", lambda announce: None)
    for language, said in (
        ("zh_CN.UTF-8", "旧版本的系统写的，里面还没有 elsewhere.json"),
        ("en_GB.UTF-8", "which does not hold elsewhere.json yet"),
    ):
        monkeypatch.setenv("LC_ALL", language)
        assert cli.main(["import", str(tmp_path / "county.zip")]) == 1
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("junk", [b"", b"MZ junk", b"PK\x03\x04 junk"])
def test_what_is_no_archive_is_said(junk: bytes) -> None:
    with pytest.raises(exporting.NotTaken, match="不是 huiyin export"):
        exporting.bring_in(archive=junk)


#: Tables that do not go along, each with why. A new table stands here or in exporting.FILES.
NOT_SET_UP = {
    "Alarm": "what this installation noticed about itself",
    "Attachment": "of a case",
    "Case": "cases move with the backup",
    "Checkpoint": "of this record",
    "Custody": "of a file of a case",
    "CustodyWords": "of a file of a case",
    "Delivery": "of a case",
    "Document": "of a case; numbers begin anew on another machine",
    "DocumentWord": "a head sets it with the first number",
    "Entry": "the ledger of a case",
    "Heartbeat": "this installation's own",
    "Installation": "this installation's own",
    "Leaf": "of this record",
    "LogState": "of this record",
    "Mark": "of this record",
    "Node": "of this record",
    "Notice": "of a case",
    "Party": "of a case",
    "Publication": "of a case",
    "PostingRequest": "two people of this installation agreed or will; what came of it is in the postings",
    "Replay": "of what was sent here",
    "Report": "of a case",
    "Reporter": "of a case",
    "Retention": "how long this installation keeps what it holds",
    "SoleAct": "what administrators of this installation did",
    "Settlement": "of a case; what it taught the lists is in their versions",
    "Signature": "of a document",
    "Sight": "who looked at an identity of a case",
    "Suggestion": "of a report",
    "TableImport": "gone after a day",
    "Throttle": "of who knocked here",
    "TriageModel": "learned anew from the lists, and from the cases of the place",
    "Upload": "gone when the file is whole, or after two days",
    "Words": "of a case",
}


def test_every_table_that_is_set_up_goes_along() -> None:
    """Whoever adds a table decides: it goes along, or it is named above with the reason why not."""
    tables = {model.__name__ for model in apps.get_app_config("records").get_models()}
    taken = {model.__name__ for model in exporting.FILES.values()}
    assert not taken & set(NOT_SET_UP)
    assert tables == taken | set(NOT_SET_UP), "a table is neither in exporting.FILES nor named here with why it stays"


def test_every_field_of_such_a_table_goes_along() -> None:
    left = {(model.__name__, field) for model, fields in exporting._LEFT.items() for field in fields}
    assert left == {("Person", name) for name in ("password", "last_login", "must_change_password", "sessions", "created")}
    for model in exporting.FILES.values():
        assert not model._meta.many_to_many, f"{model.__name__}: rows of a table between two are not written"
        refers = {field.related_model for field in exporting._fields(model) if field.related_model}
        assert refers <= set(exporting._NAMED), f"{model.__name__} refers to what has no name in the archive"
        order = list(exporting.FILES.values())
        assert all(order.index(one) <= order.index(model) for one in refers), f"{model.__name__} stands before what it refers to"


def test_what_a_table_set_up_is_there_on_the_other_machine(archive: bytes, world: World) -> None:
    """What the four tables and the pages of the settings can set, away from its defaults."""
    Compound.objects.filter(code="xfl1").update(
        datum="GCJ-02", aliases=["老宿舍"], highrise=True, board_at=date(2026, 11, 1), active=False, lon=115.1, lat=26.1
    )
    Community.objects.filter(slug="xingfu").update(contact=world.person("heyong"), supervisor=None, station_hours="全天")
    County.objects.update(city=True, second_factor_roles=["head", "off"], gas_phone="0700-555 0186", deputy=None)
    Body.objects.filter(code="chengguan").update(active=False, complaint_phone="0700-555 0946")
    Posting.objects.filter(person__username="liuzhiqiang").update(badge_expires=date(2029, 1, 2), ends=date(2030, 1, 1))
    WorkDay.objects.update_or_create(date=date(2026, 12, 31), defaults={"kind": "holiday", "name": "县里放假"})
    changed_archive = exporting.export()
    assert changed_archive != archive
    emptied()
    exporting.bring_in(archive=changed_archive)
    community = Community.objects.select_related("contact", "supervisor").get(slug="xingfu")
    assert community.contact and community.contact.username == "heyong" and community.supervisor is None
    compound, county = Compound.objects.get(code="xfl1"), County.objects.get()
    assert (compound.datum, compound.aliases, compound.active, compound.lon) == ("GCJ-02", ["老宿舍"], False, 115.1)
    assert (county.city, county.second_factor_roles, county.deputy_id) == (True, ["head", "off"], None)
    assert WorkDay.objects.get(date=date(2026, 12, 31)).name == "县里放假"
    assert exporting.export() == changed_archive
