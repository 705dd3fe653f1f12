"""从表格建县 in the browser: template, a look with every mistake named, then everything at once; passwords are shown once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.adapters import tables
from huiyin.records.models import Community, Compound, Person, Posting, TableImport
from huiyin.rules.county_tables import COMPOUNDS, PEOPLE, TABLES
from huiyin.services import house
from tests.world import World

Desk = Callable[[str], Client]


def admin() -> str:
    return Posting.objects.filter(role="admin").values_list("person__username", flat=True)[0]


def file(content: bytes, name: str = "表.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def people(*rows: dict[str, str]) -> bytes:
    return tables.template([PEOPLE], {"people": rows})


def press(client: Client, where: str) -> Any:
    """The button on the page of the look."""
    return client.post(where, {"seen": client.get(where).context["plan"].mark})


def test_a_template_is_filled_in_looked_over_and_brought_in(desk: Desk, clock: World) -> None:
    client = desk(admin())
    template = client.get("/desk/settings/import/template/")
    assert list(tables.read(template.content)) == [table.label for table in TABLES]
    slug = Community.objects.order_by("pk")[0].slug
    compounds = tables.template([COMPOUNDS], {"compounds": [{"community": slug, "name": "新建的小区", "households": "88"}]})
    new = people({"username": "newcomer", "name": "新某某", "role": "执法人员", "body": "chengguan"})
    kept = client.post("/desk/settings/import/", {"files": [file(compounds), file(new)]})
    assert kept.status_code == 302
    page = client.get(kept["Location"]).content.decode()
    assert "没有错" in page and "新增 1，改 0，不变 0" in page and not Compound.objects.filter(name="新建的小区").exists()
    assert press(client, kept["Location"])["Location"] == kept["Location"]
    done = client.get(kept["Location"])
    text = done.content.decode()
    assert Compound.objects.get(name="新建的小区").households == 88
    person = Person.objects.get(username="newcomer")
    password = done.context["done"].passwords[0][2]
    assert password in text and person.check_password(password)
    assert client.post(kept["Location"], {"away": "1"}).status_code == 302
    gone = client.get(kept["Location"])
    assert gone.status_code == 404 and password not in gone.content.decode() and "半小时" in gone.content.decode()


def test_a_double_click_shows_the_passwords_all_the_same(desk: Desk, clock: World) -> None:
    client = desk(admin())
    new = people({"username": "newcomer", "name": "新某某", "role": "执法人员", "body": "chengguan"})
    where = client.post("/desk/settings/import/", {"files": [file(new)]})["Location"]
    seen = client.get(where).context["plan"].mark
    first, second = (client.post(where, {"seen": seen}) for _click in range(2))
    assert (first["Location"], second["Location"]) == (where, where)
    word = client.get(where).context["done"].passwords[0][2]
    assert Person.objects.get(username="newcomer").check_password(word)
    assert client.get(where).headers["Cache-Control"] == "no-store"


def test_what_changes_is_shown_value_by_value_and_looked_at_again_when_something_moved(desk: Desk, clock: World) -> None:
    client = desk(admin())
    compound = clock.compound()
    compound.households, compound.aliases = 320, []
    compound.save()
    row = {"community": compound.community.slug, "name": compound.name, "households": "333", "aliases": "锦绣、锦绣里"}
    where = client.post("/desk/settings/import/", {"files": [file(tables.template([COMPOUNDS], {"compounds": [row]}))]})[
        "Location"
    ]
    looked = client.get(where)
    text = looked.content.decode()
    assert "<del>320</del> → <ins>333</ins>" in text and "<del>空着</del> → <ins>锦绣、锦绣里</ins>" in text
    Compound.objects.filter(pk=compound.pk).update(households=400)
    again = client.post(where, {"seen": looked.context["plan"].mark})
    assert again.status_code == 409 and "别处有改动" in again.content.decode()
    assert "<del>400</del> → <ins>333</ins>" in again.content.decode()
    assert Compound.objects.get(pk=compound.pk).households == 400
    assert client.post(where, {"seen": again.context["plan"].mark}).status_code == 302
    assert Compound.objects.get(pk=compound.pk).households == 333


def test_a_formula_is_named_and_not_read_by_what_it_showed(desk: Desk, clock: World) -> None:
    slug = Community.objects.order_by("pk")[0].slug
    content = f"社区代码,名称,户数\n{slug},另一个小区,=A1+1\n".encode()
    client = desk(admin())
    where = client.post("/desk/settings/import/", {"files": [file(content, "小区.csv")]})["Location"]
    text = client.get(where).content.decode()
    assert "1 处要改" in text and "这一格是公式" in text and "户数" in text


def test_refusals_of_tables_are_told_in_english(desk: Desk, clock: World) -> None:
    client = desk(admin())
    client.cookies["django_language"] = "en"
    wide = ",".join("a" * 70).encode()
    text = client.post("/desk/settings/import/", {"files": [file(wide, "wide.csv")]}).content.decode()
    assert "has 70 columns; at most 60 are read" in text


def test_every_mistake_is_named_and_nothing_is_touched(desk: Desk, clock: World) -> None:
    client = desk(admin())
    before = Person.objects.count()
    wrong = people({"username": "a b", "name": "某", "role": "执法人员"}, {"username": "c", "name": "", "role": "皇帝"})
    kept = client.post("/desk/settings/import/", {"files": [file(wrong)]})
    page = client.get(kept["Location"]).content.decode()
    assert "3 处要改" in page and "第 2 行" in page and "第 3 行" in page and ">导入</button>" not in page
    refused = client.post(kept["Location"])
    assert refused.status_code == 409 and Person.objects.count() == before


def test_a_csv_is_meant_by_its_name_and_gbk_is_read(desk: Desk, clock: World) -> None:
    slug = Community.objects.order_by("pk")[0].slug
    content = f"社区代码,名称\n{slug},另一个小区\n".encode("gb18030")
    client = desk(admin())
    kept = client.post("/desk/settings/import/", {"files": [file(content, "小区.csv")]})
    assert "新增 1" in client.get(kept["Location"]).content.decode()


def test_what_is_no_table_is_said_at_once(desk: Desk, clock: World) -> None:
    client = desk(admin())
    for given in ({}, {"files": [file(b"MZ\x90\x00\x00\x00")]}, {"files": [file(b"")]}):
        answer = client.post("/desk/settings/import/", given)
        assert answer.status_code == 422 and not TableImport.objects.exists()


def test_another_persons_table_is_not_there_and_goes_after_a_day(desk: Desk, clock: World) -> None:
    client = desk(admin())
    kept = client.post("/desk/settings/import/", {"files": [file(people({"username": "x", "name": "某", "role": "管理员"}))]})
    assert desk("zhoumin").get(kept["Location"]).status_code == 404
    TableImport.objects.update(made_by=clock.person("zhoumin"))
    assert client.get(kept["Location"]).status_code == 404
    house.forget(at=clock.now + timedelta(days=2))
    assert not TableImport.objects.exists()


def test_two_files_of_one_table_are_not_mixed_up(desk: Desk, clock: World) -> None:
    files = [file(f"代码,类别,全称\n{code},县部门,某局\n".encode(), f"单位{code}.csv") for code in ("aa", "bb")]
    answer = desk(admin()).post("/desk/settings/import/", {"files": files})
    assert answer.status_code == 422 and "已经在另一个文件里" in answer.content.decode()
    assert not TableImport.objects.exists()


def test_more_files_than_are_read_are_not_dropped_in_silence(desk: Desk, clock: World) -> None:
    answer = desk(admin()).post("/desk/settings/import/", {"files": [file(b"a,b\n1,2\n", f"{n}.csv") for n in range(9)]})
    assert answer.status_code == 422 and "最多 8 个文件" in answer.content.decode()
