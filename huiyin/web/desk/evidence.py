"""Evidence on the desk: large files come in pieces, recordings are played from a copy that says nothing of the phone, and whoever takes an
original says why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.adapters import bundles
from huiyin.adapters import files as stored
from huiyin.rules import blanking, texts
from huiyin.rules.evidence import FAMILY_LABELS, KINDS, STEP_LABELS, WHYS, Family, Step, family_of
from huiyin.rules.workflow.table import label
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import cases as seen
from huiyin.selectors import desk
from huiyin.selectors import evidence as held
from huiyin.selectors.cases import Dossier, police
from huiyin.selectors.people import Actor
from huiyin.services import alarms
from huiyin.services import evidence as service
from huiyin.web import wording
from huiyin.web.desk import case as cases
from huiyin.web.desk import pages, photos
from huiyin.web.desk.pages import staff
from huiyin.web.numbers import whole

SLICE = 2 * 1024 * 1024  # of a recording at a time, when the player asks for everything from somewhere on
MOST_SLICE = 8 * 1024 * 1024
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
PLAYED_AS = {"mov": "video/mp4"}  # the same boxes; some browsers refuse the other name
ENDINGS = {"jpeg": "jpg"}


# ── in pieces ────────────────────────────────────────────────────────────────────────────────


@require_POST
@staff(*pages.ACTING)
def begin(request: HttpRequest) -> HttpResponse:
    """Announces a file: POST key, name, size and what the phone says of it → {"url", "offset", "piece"}, or {"id", "name"} when it is here."""
    name, size = request.POST.get("name", "")[:64], whole(request.POST.get("size"))
    try:
        found = service.begin(
            actor=pages.actor(request),
            at=pages.now(),
            key=request.POST.get("key", ""),
            slot=name,
            size=size or 0,
            said=request.POST.dict(),
        )
    except texts.Bad as bad:
        return refused(bad)
    except ValueError:
        return JsonResponse({"errors": {"file": [_("这次上传不完整，请再试一次。")]}}, status=422)
    except stored.LowDisk:
        return _full()
    return _progress(found, name)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*pages.ACTING)
def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: how far a file is. POST: its next piece as the body, with Upload-Offset and Upload-Hash (SHA-256 in hex) in the head.

    200 {"offset"} or {"id"} when it is whole; 409 {"offset"} go on there; 410 begin again; 422 `code` piece: send this one again.
    """
    actor = pages.actor(request)
    try:
        if request.method != "POST":
            return _progress(service.progress(actor=actor, upload=pk), "")
        offset = whole(request.headers.get("Upload-Offset"))
        content = request.read(stored.PIECE + 1)
        if offset is None or len(content) > stored.PIECE:
            return JsonResponse({"errors": {"file": [_("这次上传不完整，请再试一次。")]}}, status=422)
        return _progress(
            service.add_piece(
                actor=actor,
                at=pages.now(),
                upload=pk,
                offset=offset,
                content=content,
                sha256=request.headers.get("Upload-Hash", "").lower(),
            ),
            "",
        )
    except service.Gone:
        return JsonResponse({"errors": {"file": [_("这个文件没传完就过期了，请重新选一次。")]}, "code": "gone"}, status=410)
    except stored.Elsewhere as elsewhere:
        return JsonResponse({"offset": elsewhere.offset}, status=409)
    except stored.Damaged:
        return JsonResponse(
            {"errors": {"file": [_("收到的和您手机里的不一样，可能路上坏了，请再发一次。")]}, "code": "piece"}, status=422
        )
    except texts.Bad as bad:
        return refused(bad)
    except stored.LowDisk:
        return _full()


def _progress(found: service.Progress, name: str) -> HttpResponse:
    if found.done is not None:
        return JsonResponse({"id": found.done, "name": name, "offset": found.offset})
    return JsonResponse({"url": reverse("desk:piece", args=[found.id]), "offset": found.offset, "piece": stored.PIECE})


def refused(bad: texts.Bad) -> HttpResponse:
    """Why a file is not taken, for the script that sends it; `code` tells a file that was damaged on its way from one that cannot be."""
    said = {name: _(value) if isinstance(value, str) else value for name, value in bad.values.items()}
    text = _(bad.template) % said
    return JsonResponse({"errors": {"file": [text]}, "code": bad.code}, status=422)


def _full() -> HttpResponse:
    return JsonResponse({"errors": {"file": [_("这里暂时存不下了，文字可以先交。")]}}, status=507)


# ── one file ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file as its page and the list of a case show it."""

    row: Any
    number: int
    family: str
    label: str
    act: str
    at: datetime
    said: Sequence[tuple[str, str]]
    way: Sequence[tuple[str, str, datetime, str]]
    may_have: bool


def _opened(request: HttpRequest, pk: int) -> tuple[Any, Dossier, Actor, datetime]:
    """A file whose copy the actor may see, with its case; a stranger gets 404."""
    actor, at = pages.actor(request), pages.now()
    case = desk.with_file(pk, actor, at)
    if case is None:
        raise Http404
    dossier = seen.load_for(case, actor, at)
    row = next((one for kept in dossier.attachments.values() for one in kept if one.pk == pk), None)
    if row is None or not photos.may_see(row, dossier, actor):
        raise Http404
    return row, dossier, actor, at


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*pages.CASEWORK)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of evidence: its copy, what is known of it, its way. POST `why`, `words`: have the original, which is written down."""
    row, dossier, actor, at = _opened(request, pk)
    trouble = ""
    if request.method == "POST":
        role = held.role_for_original(dossier, actor, row)
        if role is None:
            raise Http404
        why, words = request.POST.get("why", ""), request.POST.get("words", "")
        try:
            return _original(row, dossier, actor, role, at, why, words)
        except ValueError:
            trouble = _("请选一个原因；选“其他”的，写明是什么。")
        except (FileNotFoundError, stored.Damaged):
            detail = f"the original is missing or damaged (attachment {row.pk})"
            alarms.raise_once(kind="photo", case=dossier.case.pk, detail=detail, at=at)
            trouble = _("原件读不出来或者和收到时不一样了，已经告警。")
    shown = describe([row], dossier, actor)[0]
    context = {
        "shown": shown,
        "case": dossier.case,
        "title": cases.title(dossier, seen.sight(dossier, actor)),
        "may_list": held.sees_way(dossier, actor),
        "whys": WHYS,
        "trouble": trouble,
        "typed": request.POST,
    }
    return pages.page(request, "desk/evidence/file.html", context, status=422 if trouble else 200)


def _original(row: Any, dossier: Dossier, actor: Actor, role: Role, at: datetime, why: str, words: str) -> HttpResponse:
    """The file as it came, checked against its hash, once the look is in the books."""
    stored.check_original(row.sha256)
    kept = service.look(actor=actor, role=role, at=at, attachment=row.pk, why=why, words=words)
    content = stored.original(kept.sha256)
    return download(content.pieces(), content.size, file_name(dossier, row))


def file_name(dossier: Dossier, row: Any) -> str:
    """Number of the case, of the entry and of the file: nothing that a phone or a person named."""
    return f"{dossier.case.number}-e{dossier.number(row.seq):02d}-{row.pk}.{ENDINGS.get(row.kind, row.kind)}"


def download(pieces: Iterator[bytes], size: int | None, name: str) -> HttpResponse:
    """To be kept, never to be shown: a browser that opened it here would run what is in it."""
    answer = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if size is not None:
        answer.headers["Content-Length"] = str(size)
    return cast(HttpResponse, answer)


@require_safe
@staff(*pages.CASEWORK)
def play(request: HttpRequest, pk: int) -> HttpResponse:
    """The copy of a recording, a slice at a time as players ask for it (RFC 9110 14); whole when nobody asks for a range."""
    row, _dossier, _actor, _at = _opened(request, pk)
    if row.state != "ready" or family_of(row.kind) is Family.PHOTO:
        raise Http404
    try:
        patches, content = blanking.unpacked(stored.read_copy(row.copy)), stored.original(row.sha256)
    except FileNotFoundError:
        raise Http404 from None
    size, mime = content.size, PLAYED_AS.get(row.kind, KINDS[row.kind].mime)
    wanted = _range(request.headers.get("Range", ""), size)
    if wanted is None:
        answer = StreamingHttpResponse(_clean(content, 0, size, patches), content_type=mime)
        answer.headers["Content-Length"] = str(size)
    elif wanted[0] >= wanted[1]:
        answer = StreamingHttpResponse(iter(()), status=416)
        answer.headers["Content-Range"] = f"bytes */{size}"
    else:
        low, high = wanted
        answer = StreamingHttpResponse(_clean(content, low, high, patches), content_type=mime, status=206)
        answer.headers["Content-Range"] = f"bytes {low}-{high - 1}/{size}"
        answer.headers["Content-Length"] = str(high - low)
    answer.headers["Accept-Ranges"] = "bytes"
    if "save" in request.GET:
        answer.headers["Content-Disposition"] = f'attachment; filename="copy-{row.pk}.{ENDINGS.get(row.kind, row.kind)}"'
    return cast(HttpResponse, answer)


def _clean(content: stored.Original, low: int, high: int, patches: Sequence[blanking.Patch]) -> Iterator[bytes]:
    at = low
    for piece_ in content.pieces(low, high - low):
        yield blanking.laid_over(piece_, at, patches)
        at += len(piece_)


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """(from, behind) of the one range asked for; None without one, or for what nobody understands. An empty one cannot be satisfied."""
    found = RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    low = int(first)
    high = min(size, int(last) + 1, low + MOST_SLICE) if last else min(size, low + SLICE)
    return (low, high) if low < size and (not last or int(last) >= low) else (0, 0)


# ── all files of a case ──────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*pages.CASEWORK)
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """All files of a case with how each went. POST `do` (bundle, hand), `file`s, `why`, `to`: take them along, or note that they were
    handed over."""
    dossier, actor, at = cases.opened(request, number)
    if not held.sees_way(dossier, actor):
        raise Http404
    rows = [row for kept in dossier.attachments.values() for row in kept if photos.may_see(row, dossier, actor)]
    role, trouble = held.role_for_bundle(dossier, actor), ""
    if request.method == "POST":
        if role is None:
            raise Http404
        asked = {whole(raw) for raw in request.POST.getlist("file")}
        chosen = [row for row in rows if row.pk in asked and held.role_for_original(dossier, actor, row) is not None]
        try:
            if chosen:
                return _taken(request, dossier, actor, role, at, chosen)
            trouble = _("请至少选一个文件。")
        except ValueError:
            trouble = _("请写明交给谁，选一个原因；选“其他”的，写明是什么。")
        except (FileNotFoundError, stored.Damaged):
            alarms.raise_once(kind="photo", case=dossier.case.pk, detail="an original is missing or damaged (bundle)", at=at)
            trouble = _("有原件读不出来或者和收到时不一样了，已经告警，没有做包。")
        except stored.LowDisk:
            trouble = _("这里的硬盘放不下这么大的包，请分几次做。")
    context = {
        "case": dossier.case,
        "title": cases.title(dossier, seen.sight(dossier, actor)),
        "files": describe(rows, dossier, actor),
        "may_bundle": role is not None and any(held.role_for_original(dossier, actor, row) for row in rows),
        "whys": WHYS,
        "trouble": trouble,
        "typed": request.POST,
        "chosen": set(request.POST.getlist("file")) if request.method == "POST" else None,
    }
    return pages.page(request, "desk/evidence/case.html", context, status=422 if trouble else 200)


def _taken(request: HttpRequest, dossier: Dossier, actor: Actor, role: Role, at: datetime, chosen: Sequence[Any]) -> HttpResponse:
    """The files are written down as taken along, each; then the bundle, or the page again."""
    why, to = request.POST.get("why", ""), request.POST.get("to", "").strip()
    bundle = request.POST.get("do") == "bundle"
    if bundle:
        if stored.free_bytes() < sum(row.size for row in chosen) * 2:
            raise stored.LowDisk
        for row in chosen:
            stored.check_original(row.sha256)
    step = Step.BUNDLED if bundle else Step.HANDED
    service.hand_over(actor=actor, role=role, at=at, attachments=[row.pk for row in chosen], step=step, why=why, words=to)
    if not bundle:
        return pages.done(request, reverse("desk:case_evidence", args=[dossier.case.number]), _("移交已经记下。"))
    names = {row.pk: f"files/{file_name(dossier, row)}" for row in chosen}
    entries = not held.police_are_in(dossier) or bool(actor.bodies & police())
    manifest = held.manifest(dossier, chosen, names, by=_maker(dossier, actor, role), at=at, why=why, to=to, whole=entries)
    packed = (bundles.Packed(name=names[row.pk], content=stored.original(row.sha256)) for row in chosen)
    pieces = bundles.stream(dossier.case.number, manifest, packed, at)
    return download(pieces, None, f"evidence-{dossier.case.number}.zip")


def _maker(dossier: Dossier, actor: Actor, role: Role) -> str:
    posting = next(posting for posting in actor.postings if posting.role == role)
    return held.who([posting.id], dossier).get(posting.id, "")


# ── what is said of files ────────────────────────────────────────────────────────────────────


def describe(rows: Sequence[Any], dossier: Dossier, actor: Actor) -> list[Shown]:
    """What is known of each file, and, for who may read it, how it went."""
    ways = held.ways_of(rows) if held.sees_way(dossier, actor) else {}
    people = held.who({one.posting for way in ways.values() for one in way if one.posting}, dossier)
    return [_describe(row, dossier, actor, ways.get(row.pk, ()), people) for row in rows]


def _describe(row: Any, dossier: Dossier, actor: Actor, way: Sequence[held.Passed], people: Mapping[int, str]) -> Shown:
    entry, family = dossier.state.entry(row.seq or 0), family_of(row.kind)
    may_have = held.role_for_original(dossier, actor, row) is not None
    claims = held.claims_of(row) if way else {}
    return Shown(
        row=row,
        number=dossier.number(row.seq or 0),
        family=family.value,
        label=_(FAMILY_LABELS[family]),
        act=_(label(entry.action)) if entry else "",
        at=entry.happened if entry else row.arrived,
        said=_said(row, claims) if may_have or way else (),
        way=[_step(one, people) for one in way],
        may_have=may_have,
    )


def _said(row: Any, claims: Mapping[str, str]) -> list[tuple[str, str]]:
    """(name, value): the phone's word beside the server's."""
    lines = [(_("到服务器"), wording.moment(row.arrived))]
    if claims.get("taken_at"):
        lines.append((_("手机说拍于"), wording.moment(_moment(claims["taken_at"]))))
    if claims.get("lon"):
        where = f"{float(claims['lat']):.5f}, {float(claims['lon']):.5f}"
        accuracy = _("误差约 %(m)d 米") % {"m": round(float(claims["accuracy"]))} if claims.get("accuracy") else ""
        lines.append((_("手机说拍在"), wording.listed((where, accuracy), "，")))
    if row.sha256:
        lines.append(("SHA-256", row.sha256))
        lines.append((_("手机上算过"), _("一致") if claims.get("sha256") == row.sha256 else _("没有算")))
    return lines


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _step(one: held.Passed, people: Mapping[int, str]) -> tuple[str, str, datetime, str]:
    """(step, who, when, why and to whom)."""
    who = people.get(one.posting or 0) or (_("居民") if one.report else _("系统"))
    why = _(dict(WHYS).get(one.why, "")) if one.why else ""
    words = _("（已遮蔽）") if one.masked else one.words
    return _(STEP_LABELS.get(one.step, one.step)), who, one.at, wording.listed((why, words), "，")
