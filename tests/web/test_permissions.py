"""Who may open what: every address of the resolver for every role, on an own case and on a stranger's, beside the side doors.

permissions.toml is the expectation. An address without a line there fails, and so does a line whose address is gone.
"""

from __future__ import annotations

import io
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from huiyin.adapters.documents import press
from huiyin.jobs import documents as set_documents
from huiyin.jobs import photos, record
from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.records.models import Alarm, Attachment, Case, Law, LegalBasis, ListVersion, Notice, Posting, PostingRequest
from huiyin.rules.workflow.table import ACTIONS
from huiyin.selectors import cases as seen
from huiyin.selectors import memory
from huiyin.services import cases, documents, lists
from huiyin.services.cases import Receipt
from huiyin.services.places import set_up_county
from huiyin.sim.county import made_up_county
from huiyin.web.factor import HAS_ONE
from huiyin.web.portal import track
from tests.conftest import BEIJING
from tests.world import GOOD_REPLY, World, nothing_remembered

__all__ = ["nothing_remembered"]

EXPECTED = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text(encoding="utf-8"))
GROUPS: Mapping[str, str] = EXPECTED.pop("groups")
METHODS = ("GET", "POST")
SOME = ("anonymous", "resident", "pro_own", "com_own", "admin")  # asked where everybody gets the same answer
WORDS, UNIT, BUILDING = "露台上的芦花鸡叫得孩子睡不着", "丙单元902", "七号楼"
OTHER_WORDS = "楼上的水滴到我家阳台的兰草"
RELEASED = "请把花坛边的鸡笼清走"
PHONE = "19900000001"
NOBODYS = "2611-99999"
ABSENT = 987_654
NINE, PASSWORD = datetime(2026, 11, 24, 9, 0, tzinfo=BEIJING), "not-a-secret"


# ── the county, two cases and everybody in it ────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One case that has been through many hands, one of strangers, and everybody's cookies."""

    world: World
    own: Receipt
    other: Receipt
    visitors: Mapping[str, str]
    cookies: Mapping[str, Mapping[str, str]]
    photo: int
    released: int
    foreign_photo: int
    notice: int
    alarm: int
    request: int
    draft: tuple[int, int, int]
    paper: tuple[int, int]

    def ask(
        self, visitor: str, url: str, method: str = "GET", data: Any = None, *, raises: bool = True, **headers: str
    ) -> HttpResponse:
        """One request in a browser of that visitor's; whatever it does is undone. raises: what a view raises comes up, else it is a 500."""
        client = Client(raise_request_exception=raises, headers=headers)
        for name, value in self.cookies[visitor].items():
            client.cookies[name] = value
        with transaction.atomic():
            answer: HttpResponse = getattr(client, method.lower())(url, data) if data else getattr(client, method.lower())(url)
            transaction.set_rollback(True)
        return answer

    def text(self, visitor: str, url: str) -> str:
        answer = self.ask(visitor, url)
        assert answer.status_code == 200, (visitor, url, answer.status_code)
        return answer.content.decode()


def _paper(world: World, number: str) -> tuple[int, int]:
    """A letter to the firm that the lead's officer drafted about the urging: its id, and the entry it is about."""
    found = seen.with_places(Case.objects.filter(number=number)).get()
    dossier, officer = seen.load(found, world.now), world.actor("liuzhiqiang")
    seq = dossier.state.did("urge")[0].seq
    given = {"联系人": "刘志强", "联系电话": "0700-555 0145"}
    made = documents.make(actor=officer, at=world.now, dossier=dossier, kind="urging", seq=seq, given=given)
    return made.pk, seq


def _photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.effect_noise((40, 40), 60).convert("RGB").save(out, "JPEG")
    out.seek(0)
    return out


def _key_with_photos(world: World, many: int) -> str:
    key = secrets.token_urlsafe(24)
    for number in range(many):
        cases.upload(actor=None, at=world.now, key=key, slot=f"p{number}", stream=_photo())
    return key


def _own_case(world: World) -> tuple[Receipt, int, int]:
    """Given to a department that was wrong, declined, settled, handled, with a firm urged and another department asked to help."""
    receipt = world.report(WORDS, building=BUILDING, unit=UNIT, phone=PHONE, key=_key_with_photos(world, 2))
    photo, released = Attachment.objects.filter(case=receipt.case).order_by("pk").values_list("pk", flat=True)
    world.do("wangxiulan", receipt.number, "assign", item="QL-05", lead=world.body("zhujian"))
    world.do(_of(world, "off", body__code="zhujian"), receipt.number, "decline", reason="not_ours", why="不是住建的事")
    chengguan = world.body("chengguan")
    world.do("zhoumin", receipt.number, "settle", item="QL-05", lead=chengguan, ground="agreed", why="商定由城管办")
    world.do("liuzhiqiang", receipt.number, "accept")
    world.do("liuzhiqiang", receipt.number, "attend", found="花坛里六只鸡")
    asked = {"release": RELEASED, "due": date(2026, 11, 27)}
    world.do("liuzhiqiang", receipt.number, "urge", firm=world.firm(), duty="物业管理条例第四十五条", photos=[released], **asked)
    world.do("liuzhiqiang", receipt.number, "request_help", body=world.body("nongye"), **asked)
    return receipt, photo, released


def _of(world: World, role: str, **where: Any) -> str:
    day = world.now.date()
    rows = Posting.objects.filter(role=role, starts__lte=day, **where).exclude(ends__lt=day).order_by("pk")
    return rows.values_list("person__username", flat=True)[0]


def _visitors(world: World) -> dict[str, str]:
    here, there = world.compound().community, world.compound("滨江一品").community
    assert here.pk != there.pk and here.township_id != there.township_id
    return {
        "pro_own": _of(world, "pro", body=world.firm()),
        "pro_other": _of(world, "pro", body__code="wy-binjiang"),
        "com_own": "wangxiulan",
        "com_other": _of(world, "com", community=there),
        "com_township": _of(world, "com", body=here.township),
        "off_lead": "liuzhiqiang",
        "off_coop": _of(world, "off", body__code="nongye"),
        "off_former": _of(world, "off", body__code="zhujian"),
        "off_other": _of(world, "off", body__code="xiaofang"),
        "head_lead": "chenguodong",
        "head_other": world.head("xiaofang"),
        "rev": _of(world, "rev", body__code="chengguan"),
        "sup_own": _of(world, "sup", community=here),
        "sup_other": _of(world, "sup", community=there),
        "co": "zhoumin",
        "deputy": "wenheping",
        "cus": "shenruolan",
        "leader": "jiangyuanshan",
        "admin": "fangzheng",
        "grv": "bailu",
    }


def _cookies(world: World, username: str) -> dict[str, str]:
    client, person = Client(), world.person(username)
    client.force_login(person)
    session = client.session
    session[HAS_ONE] = person.pk
    session.save()
    return {name: one.value for name, one in client.cookies.items()}


def _tracking(receipt: Receipt) -> dict[str, str]:
    return {track.COOKIE: signing.dumps(receipt.report, salt=track.SALT)}


@pytest.fixture(scope="module")
def staged(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The scene, set once for all tests here; nothing of it is kept."""
    with django_db_blocker.unblock(), time_machine.travel(NINE, tick=True), transaction.atomic():
        load_calendar()
        load_lists(NINE)
        set_up_county(made_up_county(NINE.date()), actor="sys", at=NINE, password=PASSWORD)
        memory.forget_all()
        yield _set(World(now=NINE))
        transaction.set_rollback(True)


@pytest.fixture
def scene(staged: Scene, db: None) -> Scene:
    """What a test does to the scene is undone after it."""
    return replace(staged, world=World(now=staged.world.now))


def _set(world: World) -> Scene:
    own, photo, released = _own_case(world)
    there, key = world.compound("滨江一品").pk, _key_with_photos(world, 1)
    other = world.report(OTHER_WORDS, compound=there, item="FS-05", key=key)
    world.do("zhoumin", other.number, "assign", item="FS-05", lead=world.body("sifa"))
    photos.run(world.now)
    record.run_checkpoint(world.now)
    assert set(Attachment.objects.values_list("state", flat=True)) == {"ready"}
    paper = _paper(world, own.number)
    assert set_documents.run(world.now) == 1
    press.rest()
    visitors = _visitors(world)
    asked = PostingRequest.objects.create(
        kind="posting",
        person=world.person("heyong"),
        role="co",
        asked_by=world.person("fangzheng"),
        asked_at=world.now,
        body_id=world.body("sifa"),
        starts=world.now.date(),
    )
    cookies: dict[str, Mapping[str, str]] = {name: _cookies(world, username) for name, username in visitors.items()}
    return Scene(
        world=world,
        own=own,
        other=other,
        visitors=visitors,
        cookies=cookies | {"anonymous": {}, "resident": _tracking(own)},
        photo=photo,
        released=released,
        foreign_photo=Attachment.objects.get(case=other.case).pk,
        notice=Notice.objects.filter(case=own.case, body=world.body("chengguan")).values_list("pk", flat=True)[0],
        alarm=Alarm.objects.create(kind="photo", detail="a photo is missing", at=world.now, case_id=own.case).pk,
        request=asked.pk,
        draft=_draft(world),
        paper=paper,
    )


def _draft(world: World) -> tuple[int, int, int]:
    """A draft of the enforcement list with one of its items and one of its clauses."""
    base = ListVersion.objects.get(listing="enforcement")
    made = lists.new_draft(actor=world.actor("zhoumin"), at=world.now, listing="enforcement", based_on=base.pk)
    basis = LegalBasis.objects.filter(item__version=made, item__code="QL-05")[0]
    return made, basis.item_id, basis.pk


# ── every address ────────────────────────────────────────────────────────────────────────────


def addresses() -> dict[str, frozenset[str]]:
    """Names of all addresses with the names of their arguments."""
    return dict(_walk(get_resolver().url_patterns))


def _walk(patterns: Any, space: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            assert isinstance(pattern, URLPattern) and pattern.name, f"{pattern} has no name"
            yield f"{space}{pattern.name}", frozenset(pattern.pattern.converters)


def variants(scene: Scene) -> dict[str, dict[str, str]]:
    """For addresses with arguments: the places to try them on. Addresses without any have one, the empty name."""
    world = scene.world
    numbers = {"own": scene.own.number, "other": scene.other.number, "absent": NOBODYS}
    reports = {"own": scene.own.report, "other": scene.other.report, "absent": ABSENT}
    acts = {f"{where} {act}": [numbers[where], act] for where in numbers for act in ("attend", "note", "sample")}
    photo = {"own": [scene.photo], "released": [scene.released], "other": [scene.foreign_photo], "absent": [ABSENT]}
    there = {
        "community": world.compound().community_id,
        "compound": world.compound().pk,
        "new_compound": world.compound().community_id,
        "contract": world.compound().pk,
        "body": world.body("chengguan"),
        "person": world.person("heyong").pk,
        "give_posting": world.person("heyong").pk,
        "password": world.person("heyong").pk,
        "factor": world.person("heyong").pk,
        "posting": Posting.objects.get(person__username="heyong").pk,
        "decide": scene.request,
        "acknowledge": scene.notice,
        "settle_alarm": scene.alarm,
        "board_print": world.compound().pk,
    }
    draft, item, basis = scene.draft
    given: dict[str, dict[str, list[Any]]] = {
        **{f"desk:{name}": {"there": [pk], "absent": [ABSENT]} for name, pk in there.items()},
        **{
            f"desk:{name}": {where: [number] for where, number in numbers.items()}
            for name in ("case", "earlier", "alike", "reissue", "documents", "bind", "case_evidence")
        },
        "desk:new_document": {
            "own": [numbers["own"], "urging", scene.paper[1]],
            "own nonsense": [numbers["own"], "decision", scene.paper[1]],
            "absent": [NOBODYS, "urging", 1],
        },
        **{
            f"desk:{name}": {"own": [numbers["own"], scene.paper[0]], "absent": [numbers["own"], ABSENT]}
            for name in ("document", "document_act")
        },
        "desk:document_file": {"own": [numbers["own"], scene.paper[0], "pdf"], "absent": [numbers["own"], ABSENT, "pdf"]},
        **{
            f"desk:{name}": {"there": [draft], "absent": [ABSENT]}
            for name in ("version", "changes", "version_act", "publish_list", "new_item", "list_workbook", "list_upload")
        },
        **{f"desk:{name}": {"there": [draft, item], "absent": [draft, ABSENT]} for name in ("item", "remove_item", "new_basis")},
        **{
            f"desk:{name}": {"there": [draft, item, basis], "absent": [draft, item, ABSENT]} for name in ("basis", "remove_basis")
        },
        "desk:list_look": {"absent": [draft, ABSENT]},
        **{f"desk:{name}": {"there": ["X-01"], "absent": ["X-99"]} for name in ("elsewhere_kind", "use_elsewhere")},
        **{f"desk:{name}": {"there": ["FS-04+XF-01"], "absent": ["A+B"]} for name in ("question", "use_question")},
        "desk:law": {"there": [Law.objects.get(code="zhian").pk], "absent": [ABSENT]},
        "desk:take_up": {"absent": [ABSENT]},
        "desk:designation": {"absent": [ABSENT]},
        "desk:import_look": {"absent": [ABSENT]},
        "desk:act": {**acts, "own nonsense": [numbers["own"], "nonsense"]},
        "desk:reveal": {where: [numbers[where], reports[where]] for where in numbers},
        **{f"desk:{name}": photo for name in ("photo", "evidence", "play")},
        "desk:piece": {"absent": [ABSENT]},
        "portal:track_photo": photo,
        "portal:board": {"own": [world.compound().code], "absent": ["nowhere"]},
        **{name: {"there": ["QL-05"], "absent": ["XX-99"]} for name in ("portal:item", "desk:words", "desk:change")},
    }
    found = {name: {where: reverse(name, args=args) for where, args in rows.items()} for name, rows in given.items()}
    for name in ("portal:join", "portal:track", "portal:qr"):
        found[name] = {where: f"{reverse(name)}?n={number}" for where, number in numbers.items()}
    plain = {name: {"": reverse(name)} for name, arguments in addresses().items() if not arguments and name not in found}
    return plain | found


def _class(answer: HttpResponse) -> str:
    """The status; a way to the sign-in page is called login."""
    return "login" if answer.headers.get("Location", "").startswith(reverse("account_login")) else str(answer.status_code)


def _expected(line: str, everybody: frozenset[str]) -> dict[str, str]:
    """`200 co leader | login guests | 404 *`: who gets what. A star is everybody else."""
    found: dict[str, str] = {}
    for part in line.split("|"):
        status, *names = part.split()
        for name in names:
            known = GROUPS[name].split() if name in GROUPS else [name]
            for one in sorted(everybody - found.keys()) if name == "*" else known:
                assert one in everybody and one not in found, f"{one} in {line!r}"
                found[one] = status
    assert found.keys() == everybody, f"{sorted(everybody - found.keys())} not in {line!r}"
    return found


def test_every_address_has_an_expectation_and_every_expectation_an_address(scene: Scene) -> None:
    there = {
        (name, f"{method} {where}".strip()) for name, rows in variants(scene).items() for where in rows for method in METHODS
    }
    said = {(name, key) for name, rows in EXPECTED.items() for key in rows}
    assert not there - said, f"nobody said who may open {sorted(there - said)}"
    assert not said - there, f"no such address any more: {sorted(said - there)}"


@pytest.mark.parametrize("method", METHODS)
def test_every_address_opens_for_its_roles_alone(scene: Scene, method: str) -> None:
    wrong = []
    for name, rows in variants(scene).items():
        for where, url in rows.items():
            line = EXPECTED.get(name, {}).get(f"{method} {where}".strip())
            if line is None:
                continue
            expected = _expected(line, frozenset(scene.cookies))
            for visitor in SOME if len(set(expected.values())) == 1 else scene.cookies:
                got = _class(scene.ask(visitor, url, method))
                if got != expected[visitor]:
                    wrong.append(f"{method} {name} {where}: {visitor} got {got}, not {expected[visitor]}")
    assert not wrong, "\n".join(wrong)


# ── side doors ───────────────────────────────────────────────────────────────────────────────

STRANGERS = ("pro_other", "com_other", "off_other", "head_other", "sup_other", "rev", "cus", "admin", "grv")
CASEWORKERS = STRANGERS[:5]
READERS = ("com_own", "com_township", "off_lead", "off_coop", "head_lead", "sup_own", "co", "deputy")


def test_what_is_forbidden_answers_as_what_is_absent(scene: Scene) -> None:
    for name, rows in variants(scene).items():
        if "absent" not in rows or not name.startswith("desk:"):
            continue
        for visitor in scene.visitors:
            absent = scene.ask(visitor, rows["absent"])
            for where in ("own", "other"):
                answer = scene.ask(visitor, rows[where]) if where in rows else absent
                if answer.status_code in {403, 404}:
                    assert (answer.status_code, answer.content) == (absent.status_code, absent.content), (name, where, visitor)


def test_no_act_of_the_table_is_there_for_a_stranger(scene: Scene) -> None:
    for visitor in CASEWORKERS:
        for action in ACTIONS:
            answer = scene.ask(visitor, reverse("desk:act", args=[scene.own.number, action]), "POST")
            assert answer.status_code == 404, (visitor, action, answer.status_code)


def test_a_county_leader_does_nothing_on_a_case(scene: Scene) -> None:
    for action in ACTIONS:
        url = reverse("desk:act", args=[scene.own.number, action])
        assert [scene.ask("leader", url, method).status_code for method in METHODS] == [404, 409], action


def test_nobody_reads_a_photo_of_a_case_out_of_sight(scene: Scene) -> None:
    url, staffs = reverse("desk:photo", args=[scene.photo]), reverse("portal:track_photo", args=[scene.foreign_photo])
    for visitor in (*STRANGERS, "leader", "off_former", "pro_own"):
        assert scene.ask(visitor, url).status_code == 404, visitor
    for visitor in READERS:
        assert scene.ask(visitor, url).headers["Content-Type"] == "image/jpeg", visitor
    assert scene.ask("resident", staffs).status_code == 404
    assert scene.ask("anonymous", reverse("portal:track_photo", args=[scene.photo])).status_code == 404


@pytest.mark.parametrize("visitor", [*STRANGERS, "off_former", "leader", "pro_own"])
def test_a_search_by_who_may_not_read_the_words_finds_nothing(scene: Scene, visitor: str) -> None:
    for wanted in (WORDS, WORDS[3:6], "六只鸡", UNIT, PHONE):
        answer = scene.ask(visitor, f"{reverse('desk:cases')}?tab=all&q={wanted}")
        assert answer.status_code in {200, 302, 404}
        page = answer.content.decode()
        assert scene.own.number not in page and WORDS not in page.replace(f"“{wanted}”", "").replace(f'value="{wanted}"', "")


def test_a_search_by_number_finds_only_what_may_be_seen(scene: Scene) -> None:
    link = reverse("desk:case", args=[scene.own.number])
    for visitor in STRANGERS:
        assert link not in scene.ask(visitor, f"{reverse('desk:cases')}?q={scene.own.number}").content.decode(), visitor
    for visitor in READERS:
        assert link in scene.text(visitor, f"{reverse('desk:cases')}?q={scene.own.number}"), visitor


def test_lists_and_piles_name_no_case_out_of_sight(scene: Scene) -> None:
    pages = (
        "today",
        "cases",
        "tasks",
        "callbacks",
        "unplaced",
        "identity",
        "outbox",
        "settings",
        "people",
        "requests",
    )
    query = f"?tab=all&compound={scene.world.compound().pk}"
    for visitor in STRANGERS:
        for name in pages[1:] if visitor == "admin" else pages:
            page = scene.ask(visitor, reverse(f"desk:{name}") + query).content.decode()
            assert scene.own.number not in page and WORDS not in page, (visitor, name)
        typed = {"compound": scene.world.compound().pk, "words": WORDS}
        page = scene.ask(visitor, reverse("desk:call_alike"), "POST", typed).content.decode()
        assert scene.own.number not in page and WORDS not in page, visitor


def test_earlier_matters_of_a_place_are_those_in_sight(scene: Scene) -> None:
    later = scene.world.report("又有一件", building=BUILDING, item="FS-05")
    scene.world.do("wangxiulan", later.number, "assign", item="FS-05", lead=scene.world.body("sifa"))
    url = reverse("desk:earlier", args=[later.number])
    assert scene.own.number in scene.text("com_own", url) and WORDS in scene.text("com_own", url)
    outsider = _cookies(scene.world, _of(scene.world, "off", body__code="sifa"))
    page = replace(scene, cookies={"sifa": outsider}).text("sifa", url)
    assert scene.own.number not in page and WORDS not in page


def test_a_firm_reads_what_it_is_asked_and_nothing_of_who_reported(scene: Scene) -> None:
    world = scene.world
    cases.join(
        actor=None, at=world.now, key=secrets.token_urlsafe(24), number=scene.own.number, words="我家也听见", unit="丁单元"
    )
    number = scene.own.number
    acts = [reverse("desk:act", args=[number, action]) for action in ACTIONS]
    urls = [
        reverse("desk:case", args=[number]),
        reverse("desk:tasks"),
        reverse("desk:today"),
        reverse("desk:earlier", args=[number]),
    ]
    opened = []
    for url in (*urls, *acts):
        answer = scene.ask("pro_own", url)
        if answer.status_code == 404:
            continue
        opened.append(url)
        page = answer.content.decode()
        hidden = (
            WORDS,
            UNIT,
            PHONE,
            "我家也听见",
            "丁单元",
            "手机网页",
            "2 户",
            "居民，",
            "六只鸡",
            "不是住建的事",
            "商定由城管办",
        )
        found = [secret for secret in hidden if secret in page]
        assert not found, (url, found)
        assert f"/photo/{scene.photo}/" not in page, url
    assert reverse("desk:act", args=[number, "property_reply"]) in opened
    page = scene.text("pro_own", urls[0])
    assert RELEASED in page and f"/photo/{scene.released}/" in page
    assert scene.ask("pro_own", reverse("desk:photo", args=[scene.released])).status_code == 200


def test_a_county_leader_sees_no_words_and_no_persons(scene: Scene) -> None:
    names = {scene.world.person(username).name for visitor, username in scene.visitors.items() if visitor != "leader"}
    for url in (reverse("desk:case", args=[scene.own.number]), f"{reverse('desk:cases')}?tab=all", reverse("desk:today")):
        page = scene.text("leader", url)
        found = [secret for secret in (WORDS, UNIT, PHONE, "六只鸡", RELEASED, *sorted(names)) if secret in page]
        assert not found, (url, found)
    assert scene.own.number in scene.text("leader", f"{reverse('desk:cases')}?tab=all")


def test_an_administrator_sees_nothing_of_a_case_but_the_number_in_an_alarm(scene: Scene) -> None:
    assert scene.text("admin", reverse("desk:today")).count(scene.own.number) == 1
    for name, rows in variants(scene).items():
        if name.startswith("desk:"):
            for where, url in rows.items():
                page = scene.ask("admin", url).content.decode(errors="replace")
                found = [secret for secret in (WORDS, UNIT, PHONE, RELEASED, scene.other.number) if secret in page]
                assert not found, (name, where, found)


def test_a_custodian_sees_reports_to_choose_and_no_words(scene: Scene) -> None:
    page = scene.text("cus", f"{reverse('desk:identity')}?n={scene.own.number}")
    assert "第 1 条" in page
    assert not [secret for secret in (WORDS, UNIT, BUILDING, PHONE) if secret in page]


def test_a_supervisor_reads_words_of_the_own_community_alone(scene: Scene) -> None:
    assert WORDS in scene.text("sup_own", reverse("desk:case", args=[scene.own.number]))
    listed = scene.text("sup_own", f"{reverse('desk:cases')}?tab=all")
    assert WORDS in listed and OTHER_WORDS not in listed
    assert scene.ask("sup_own", reverse("desk:case", args=[scene.other.number])).status_code == 404


def test_a_former_lead_reads_its_own_acts_alone(scene: Scene) -> None:
    page = scene.text("off_former", reverse("desk:case", args=[scene.own.number]))
    assert "不是住建的事" in page
    assert not [secret for secret in (WORDS, UNIT, "六只鸡", RELEASED, "商定由城管办") if secret in page]
    assert WORDS not in scene.text("off_former", f"{reverse('desk:cases')}?tab=all")


def test_no_page_of_the_desk_shows_a_telephone_number_of_a_reporter(scene: Scene) -> None:
    for visitor in READERS:
        for name in ("case", "earlier"):
            page = scene.text(visitor, reverse(f"desk:{name}", args=[scene.own.number]))
            assert PHONE not in page and "199 0000 0001" not in page, (visitor, name)


def test_what_the_police_did_is_told_to_the_police_alone(scene: Scene) -> None:
    world, secret, fixed = scene.world, "行政拘留五日", "更正为拘留三日"
    receipt = world.report("夜里聚众打牌声音很大", item="ZS-05", phone=PHONE)
    number = receipt.number
    world.do("wangxiulan", number, "assign", item="ZS-05", lead=world.body("gongan"), cooperating=[world.body("chengguan")])
    officer = _of(world, "off", body__code="gongan")
    second = Posting.objects.filter(body__code="gongan", role="off").exclude(person__username=officer)[0].person.username
    world.do(officer, number, "accept")
    world.do(officer, number, "dissuade", persuader="department", method="door", response="agreed", stopped="yes", how="讲了道理")
    world.do(second, number, "recheck", state="stopped", found="安静了")
    world.do("wangxiulan", number, "call", report=receipt.report, reached="yes", said="安静了")
    key = _key_with_photos(world, 1)
    world.do(officer, number, "resolve", result="stopped", proof="word", done=secret, key=key)
    resolved = world.case(number).seq
    world.do(officer, number, "correct", of=resolved, fact="words", words=fixed)
    photos.run(world.now)
    picture = Attachment.objects.get(case=receipt.case).pk
    everybody = {**scene.cookies, "police": _cookies(world, officer), "resident": _tracking(receipt)}
    there = replace(scene, cookies=everybody)
    page, shot = reverse("desk:case", args=[number]), reverse("desk:photo", args=[picture])
    for visitor in ("com_own", "com_township", "off_lead", "head_lead", "sup_own", "co", "deputy", "leader"):
        text = there.text(visitor, page)
        assert seen.SEALED in text, visitor
        assert not [hidden for hidden in (secret, fixed, "已劝止", "劝导</span>") if hidden in text], visitor
        assert number not in there.text(visitor, f"{reverse('desk:cases')}?tab=all&q=拘留"), visitor
        assert number not in there.text(visitor, f"{reverse('desk:cases')}?tab=all&tier=persuaded"), visitor
        assert there.ask(visitor, shot).status_code == 404, visitor
    way = there.text("resident", reverse("portal:track"))
    assert seen.SEALED in way and not [hidden for hidden in (secret, fixed, "劝说以后已经停止") if hidden in way]
    assert secret in there.text("police", page) and fixed in there.text("police", page)
    assert number in there.text("police", f"{reverse('desk:cases')}?tab=all&q=拘留")
    assert there.ask("police", shot).status_code == 200


def test_a_resident_reads_nothing_of_a_neighbours_words(scene: Scene) -> None:
    world = scene.world
    joined = cases.join(actor=None, at=world.now, key=secrets.token_urlsafe(24), number=scene.own.number, words="我家也听见")
    everybody = {"neighbour": _tracking(joined)}
    there = replace(scene, cookies=everybody)
    page = there.text("neighbour", reverse("portal:track"))
    assert not [secret for secret in (WORDS, UNIT, BUILDING, PHONE, "六只鸡", RELEASED) if secret in page]
    assert there.ask("neighbour", reverse("portal:track_photo", args=[scene.photo])).status_code == 404


def test_public_pages_show_no_words_and_no_numbers_of_answered_matters(scene: Scene) -> None:
    world = scene.world
    echoed = world.echoed(words="楼顶养鸽子羽毛满天飞", unit="戊单元")
    for url in ("/", f"/c/{world.compound().code}", "/compounds.json", "/who", "/lists"):
        page = scene.text("anonymous", url)
        assert not [secret for secret in ("羽毛满天飞", "戊单元", echoed.number, WORDS, GOOD_REPLY) if secret in page], url


# ── forged posts, the second factor, the second person ───────────────────────────────────────


def test_no_post_of_staff_is_taken_without_its_token(scene: Scene) -> None:
    for name, rows in variants(scene).items():
        for where, url in rows.items():
            if not url.startswith("/desk/"):
                continue
            client = Client(enforce_csrf_checks=True)
            client.cookies.load(dict(scene.cookies["co"]))
            answer = client.post(url)
            assert answer.status_code == 403, (name, where, answer.status_code)


def test_no_post_of_residents_is_taken_from_a_foreign_site(scene: Scene) -> None:
    for name, rows in variants(scene).items():
        for where, url in rows.items():
            if not name.startswith("portal:"):
                continue
            client = Client(enforce_csrf_checks=True)
            client.cookies.load(dict(scene.cookies["resident"]))
            foreign = client.post(url, headers={"origin": "https://elsewhere.example"})
            assert foreign.status_code == 403, (name, where, foreign.status_code)


@pytest.mark.parametrize("visitor", ["co", "cus", "admin"])
def test_without_a_second_factor_only_its_enrolment_is_open(scene: Scene, visitor: str) -> None:
    client = Client()
    signed_in = client.post(reverse("account_login"), {"login": scene.visitors[visitor], "password": PASSWORD})
    assert signed_in.status_code == 302
    scene.world.person(scene.visitors[visitor]).__class__.objects.update(must_change_password=False)
    enrol, again = reverse("mfa_activate_totp"), reverse("account_reauthenticate")
    assert client.get(enrol).headers["Location"].startswith(again)
    client.post(f"{again}?next={enrol}", {"password": PASSWORD})
    assert client.get(enrol).status_code == 200
    for name, rows in variants(scene).items():
        for where, url in rows.items():
            if name.startswith(("account_", "mfa_")) or name == "healthz":
                continue
            for method in METHODS:
                with transaction.atomic():
                    answer = getattr(client, method.lower())(url)
                    transaction.set_rollback(True)
                assert answer.status_code == 302 and answer.headers["Location"] == enrol, (
                    name,
                    where,
                    method,
                    answer.status_code,
                )
    assert client.get(reverse("desk:today"), headers={"accept": "application/json"}).status_code == 403


@pytest.mark.parametrize("role", ["co", "cus", "grv"])
def test_an_administrator_gives_no_protected_posting_alone(scene: Scene, role: str) -> None:
    person = scene.world.person("heyong")
    url = reverse("desk:give_posting", args=[person.pk])
    given = {"role": role, "body_id": scene.world.body("sifa"), "starts": "2026-11-24"}
    client = Client()
    client.cookies.load(dict(scene.cookies["admin"]))
    assert client.post(url, given).status_code == 422
    assert client.post(url, {**given, "why": "接替退休的同事"}).status_code == 302
    assert not Posting.objects.filter(person=person, role=role).exists()
    asked = PostingRequest.objects.get(person=person, role=role, why="接替退休的同事")
    assert client.post(reverse("desk:decide", args=[asked.pk]), {"approved": "yes"}).status_code == 404
    assert not Posting.objects.filter(person=person, role=role).exists()


def test_an_administrator_gives_himself_nothing_alone(scene: Scene) -> None:
    person = scene.world.person("fangzheng")
    given = {"role": "com", "community_id": scene.world.compound().community_id, "starts": "2026-11-24", "why": "帮忙"}
    answer = scene.ask("admin", reverse("desk:give_posting", args=[person.pk]), "POST", given)
    assert answer.status_code == 302
    assert set(Posting.objects.filter(person=person).values_list("role", flat=True)) == {"admin"}


@pytest.mark.parametrize("visitor", ["co", "cus", "grv"])
def test_an_administrator_does_not_take_over_who_has_no_second_factor_yet(scene: Scene, visitor: str) -> None:
    person = scene.world.person(scene.visitors[visitor])
    client = Client()
    client.cookies.load(dict(scene.cookies["admin"]))
    client.post(reverse("desk:password", args=[person.pk]))
    kept = person.password
    person.refresh_from_db()
    assert person.password == kept
