"""Documents of a case: what can be made and what is missing, one document to read, sign, void and download, and the register of numbers."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from datetime import MAXYEAR, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.adapters import files as stored
from huiyin.rules import cautions, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.documents.compose import Broken
from huiyin.rules.documents.kinds import KINDS, OUTSIDE, Signer, signer_label
from huiyin.rules.files import BadFile
from huiyin.rules.workflow.table import label
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import desk, places
from huiyin.selectors import documents as known
from huiyin.selectors.cases import Dossier
from huiyin.selectors.people import Actor
from huiyin.services import documents
from huiyin.services.cases import NotFound
from huiyin.services.documents import Gaps, Wrong
from huiyin.web import wording
from huiyin.web.desk import case as case_pages
from huiyin.web.desk import pages, photos
from huiyin.web.desk.pages import staff
from huiyin.web.numbers import whole

MAKERS = (Role.OFF, Role.HEAD, Role.REV, Role.COM, Role.PRO, Role.CO)
KEEPERS = (Role.OFF, Role.HEAD, Role.COM, Role.CO)
TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
STROKES = "data:image/png;base64,"
#: What went wrong when a document could not be set, in words for those who wait for it.
TROUBLES = {
    "picture": "签名的图片打不开了，请管理员用 huiyin verify 核对。",
    "tries": "试了几次都没有做成，请过一会再试，或者告诉管理员。",
    "typst": "这份文书排不出来，请告诉管理员。",
}


@require_safe
@staff(*MAKERS)
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """What was made on a case and what could be made, with what is missing."""
    dossier, actor, _at = case_pages.opened(request, number, files=False, reports=False)
    made = known.of_case(dossier, actor)
    offered = [_offered(dossier, one) for one in known.offers(dossier, actor, made)]
    context = {
        "case": dossier.case,
        "made": [_line(row) | {"about": known.handed_over(dossier, made, row)} for row in made],
        "offers": [one for one in offered if not one["made"]],
        "again": [one for one in offered if one["made"]],
        "may_bind": known.may_bind(dossier, actor),
        "final": known.final(made),
        "may_register_numbers": actor.has(*KEEPERS),
    }
    return pages.page(request, "desk/documents/of_case.html", context)


def _line(row: Any) -> dict[str, Any]:
    return {"row": row, "title": _(known.title_of(row)), "number": known.number_of(row)}


def _offered(dossier: Dossier, offer: known.Offer) -> dict[str, Any]:
    number = dossier.case.number
    return {
        "title": _(offer.kind.title),
        "kind": offer.kind.code,
        "act": _(label(offer.entry.action)),
        "at": offer.entry.happened,
        "made": any(row.state != "void" for row in offer.made),
        "url": reverse("desk:new_document", args=[number, offer.kind.code, dossier.number(offer.entry.seq)]),
        "missing": [
            {
                "name": _(slot.name),
                "cites": slot.cites,
                "url": reverse("desk:act", args=[number, act]) if act else "",
                "act": _(label(act)) if act else "",
            }
            for slot, act in offer.from_acts
        ],
    }


# ── making one ───────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*MAKERS)
def new(request: HttpRequest, number: str, kind: str, seq: int) -> HttpResponse:
    """The form of what no act gives; what the record gives is shown beside it."""
    dossier, actor, at = case_pages.opened(request, number, reports=False)
    seq = dossier.numbered(seq) or 0
    offer = known.offer(dossier, actor, kind, seq)
    if offer is None:
        raise Http404
    cites = request.POST.get("cites") or request.GET.get("cites") or ""
    if request.method != "POST":
        return _new_page(request, dossier, offer, {}, "", cites)
    given = {slot.name: request.POST.get(slot.name, "") for slot in offer.asked}
    try:
        made = documents.make(actor=actor, at=at, dossier=dossier, kind=kind, seq=seq, given=given, cites=whole(cites))
    except Gaps as gap:
        return _new_page(request, dossier, offer, given, "", cites, {slot.name for slot in gap.slots}, 422)
    except (Wrong, Broken) as refusal:
        return _new_page(request, dossier, offer, given, said(refusal), cites, status=422)
    except texts.Bad as bad:
        return _new_page(request, dossier, offer, given, _(bad.template) % bad.values, cites, status=422)
    except NotFound:
        raise Http404 from None
    return pages.done(request, reverse("desk:document", args=[number, made.pk]))


def said(refusal: Wrong | Broken) -> str:
    """Why not, in the reader's language; of a broken template also which and where."""
    if isinstance(refusal, Wrong):
        return _(refusal.text) % refusal.values
    where = _("模板 %(name)s 第 %(line)s 行：") % {"name": refusal.name, "line": refusal.line or "?"}
    return where + _(refusal.why) % refusal.values


def _new_page(
    request: HttpRequest,
    dossier: Dossier,
    offer: known.Offer,
    typed: dict[str, str],
    why: str,
    cites: str,
    missing: set[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    fields = [
        {
            "slot": slot,
            "label": _(slot.name),
            "value": typed.get(slot.name, "") or offer.lasting.get(slot.name, "") or offer.values.get(slot.name, ""),
            "missing": missing is not None and slot.name in missing,
            "long": slot.many or len(offer.values.get(slot.name, "")) > 30,
        }
        for slot in offer.asked
    ]
    given = [
        (_(slot.name), offer.values[slot.name]) for slot in offer.kind.slots if not slot.asked and offer.values.get(slot.name)
    ]
    context = {
        "case": dossier.case,
        "offer": _offered(dossier, offer),
        "kind": offer.kind,
        "fields": fields,
        "given": given,
        "why": why,
        "cites": cites,
        "cautions": cautions.of_document(offer.kind.code),
    }
    return pages.page(request, "desk/documents/new.html", context, status=status)


# ── one document ─────────────────────────────────────────────────────────────────────────────


def _found(request: HttpRequest, number: str, pk: int) -> tuple[Dossier, Actor, datetime, Any]:
    done = request.method == "POST"
    dossier, actor, at = case_pages.opened(request, number, files=done, reports=done)
    row = known.find(dossier, actor, pk)
    if row is None:
        raise Http404
    return dossier, actor, at, row


@require_safe
@staff(*MAKERS)
def document(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One document: its words to read, its state, who signed and who still must."""
    dossier, actor, _at, row = _found(request, number, pk)
    return _page(request, dossier, actor, row)


def _page(request: HttpRequest, dossier: Dossier, actor: Actor, row: Any, why: str = "", status: int = 200) -> HttpResponse:
    signed = known.signatures(row)
    own = row.body_id in known.bodies_of(actor)
    open_places = documents.places_to_sign(row, signed) if own else []
    mine = [role for role in open_places if role not in OUTSIDE and documents.may_sign_as(dossier, actor, row, role)]
    context = {
        "case": dossier.case,
        "row": row,
        "title": _(known.title_of(row)),
        "whole": row.kind == known.WHOLE,
        "number": known.number_of(row),
        "doc": known.content(row).get("doc", {}) if row.kind != known.WHOLE else {},
        "signed": [
            {"row": one, "told": documents.told(one), "where": _(signer_label(row.kind, Signer(one.role)))} for one in signed
        ],
        "open": [(role.value, _(signer_label(row.kind, role))) for role in open_places],
        "mine": [(role.value, _(signer_label(row.kind, role))) for role in mine],
        "outside": [(role.value, _(signer_label(row.kind, role))) for role in open_places if role in OUTSIDE],
        "own": own,
        "factor": settings.DEMO or has_factor(request),
        "demo": settings.DEMO,
        "trouble": _(TROUBLES.get(row.error, TROUBLES["typst"])) if row.rendering == "failed" else "",
        "why": why,
        "key": request.POST.get("key") or secrets.token_hex(case_pages.KEY_BYTES),
        "upload_field": photos.FIELD,
        "may_void": own
        and row.kind != known.WHOLE
        and row.state in {"open", "signed"}
        and (row.state == "open" or actor.has(Role.HEAD, Role.COM)),
        "entry": dossier.number(row.seq),
        "again_url": _again_url(dossier, actor, row) if own and row.state in {"open", "signed", "void"} else "",
    }
    return pages.page(request, "desk/documents/document.html", context, status=status)


def _again_url(dossier: Dossier, actor: Actor, row: Any) -> str:
    """Where a later version is begun, which cites this one."""
    entry = dossier.state.entry(row.seq)
    if row.kind not in KINDS or entry is None or not known.may_make(dossier, actor, entry):
        return ""
    return reverse("desk:new_document", args=[dossier.case.number, row.kind, dossier.number(row.seq)]) + f"?cites={row.pk}"


def has_factor(request: HttpRequest) -> bool:
    """Whether this session was opened with a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


@require_POST
@staff(*MAKERS)
def act(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Issues, signs, voids or throws away; `do` says which."""
    dossier, actor, at, row = _found(request, number, pk)
    step = _STEPS.get(request.POST.get("do", ""))
    if step is None:
        return _page(request, dossier, actor, row, _("这一步现在不能做了，请看看最新情况。"), 409)
    try:
        done = step(request, dossier, actor, at, row)
    except Gaps as gap:
        names = wording.listed([_(slot.name) for slot in gap.slots], "、")
        return _page(request, dossier, actor, row, _("还缺：%(names)s。改草稿，或者先做好这些记录。") % {"names": names}, 409)
    except (Wrong, Broken) as refusal:
        return _page(request, dossier, actor, row, said(refusal), 409)
    except texts.Bad as bad:
        return _page(request, dossier, actor, row, _(bad.template) % bad.values, 422)
    except BadFile as bad_file:
        return _page(request, dossier, actor, row, _(bad_file.message), 422)
    except NotFound:
        raise Http404 from None
    here = reverse("desk:document", args=[number, pk]) if done else reverse("desk:documents", args=[number])
    return pages.done(request, here)


Step = Callable[[HttpRequest, Dossier, Actor, datetime, Any], bool]


def _issue(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    documents.issue(actor=actor, at=at, dossier=dossier, document=row)
    return True


def _discard(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    if row.body_id not in known.bodies_of(actor):
        raise NotFound
    documents.discard(actor=actor, document=row)
    return False


def _sign(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    documents.sign(
        actor=actor,
        at=at,
        dossier=dossier,
        document=row,
        role=_role(request),
        factor=has_factor(request),
        demo=settings.DEMO,
    )
    return True


def _screen(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    name = request.POST.get("name", "")
    documents.sign_on_screen(
        actor=actor, at=at, dossier=dossier, document=row, role=_role(request), name=name, strokes=_strokes(request)
    )
    return True


def _not(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    documents.sign_not(
        actor=actor,
        at=at,
        dossier=dossier,
        document=row,
        way=request.POST.get("way", ""),
        why=request.POST.get("why", ""),
        witness=request.POST.get("witness", ""),
        key=_photographed(request, actor, at),
    )
    return True


def _paper(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    documents.sign_on_paper(actor=actor, at=at, dossier=dossier, document=row, key=_photographed(request, actor, at))
    return True


def _void(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    documents.void(actor=actor, at=at, document=row, why=request.POST.get("why", ""))
    return True


def _again(request: HttpRequest, dossier: Dossier, actor: Actor, at: datetime, row: Any) -> bool:
    documents.try_again(document=row)
    return True


_STEPS: dict[str, Step] = {
    "issue": _issue,
    "discard": _discard,
    "sign": _sign,
    "screen": _screen,
    "not": _not,
    "paper": _paper,
    "void": _void,
    "again": _again,
}


def _role(request: HttpRequest) -> Signer:
    try:
        return Signer(request.POST.get("role", ""))
    except ValueError:
        raise NotFound from None


def _strokes(request: HttpRequest) -> bytes:
    """The drawing a script put into the form; empty for anything else."""
    sent = request.POST.get("strokes", "")
    try:
        return base64.b64decode(sent.removeprefix(STROKES), validate=True) if sent.startswith(STROKES) else b""
    except binascii.Error:
        return b""


def _photographed(request: HttpRequest, actor: Actor, at: datetime) -> str:
    key = request.POST.get("key", "")
    photos.take_all(request, actor, at, key)
    return key


@require_safe
@staff(*MAKERS)
def download(request: HttpRequest, number: str, pk: int, form: str) -> HttpResponse:
    """The PDF of record or the editable copy. The file's name says number of the case and of the document only."""
    _dossier, _actor, _at, row = _found(request, number, pk)
    sha256 = {"pdf": row.pdf, "docx": row.docx}.get(form, "")
    if not sha256 or row.rendering != "ready":
        raise Http404
    answer = StreamingHttpResponse(stored.read_pieces(sha256), content_type=TYPES[form])
    answer["Content-Disposition"] = f'{"inline" if form == "pdf" else "attachment"}; filename="{number}-{pk}.{form}"'
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]  # a response all the same, in pieces


@require_POST
@staff(*MAKERS)
def bind(request: HttpRequest, number: str) -> HttpResponse:
    """Asks the worker for the whole file as one PDF."""
    dossier, actor, at = case_pages.opened(request, number)
    try:
        row = documents.bind(actor=actor, at=at, dossier=dossier)
    except Wrong as refusal:
        return pages.done(request, reverse("desk:documents", args=[number]), _(str(refusal)))
    except NotFound:
        raise Http404 from None
    return pages.done(request, reverse("desk:document", args=[number, row.pk]))


# ── the register ─────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff(*KEEPERS)
def register(request: HttpRequest) -> HttpResponse:
    """Numbers given out by a body in a year; its head sets what they begin with."""
    actor, at = pages.actor(request), pages.now()
    able = known.registers(actor)
    asked = request.POST.get("body") or request.GET.get("body") or ""
    wanted = whole(asked)
    body = wanted if wanted is not None and wanted in able else next(iter(able), 0)
    why = ""
    if request.method == "POST":
        try:
            documents.set_word(actor=actor, at=at, body=body, word=request.POST.get("word", ""))
            return pages.done(request, reverse("desk:register") + f"?body={body}", _("记下了。以前的文号不变。"))
        except NotFound:
            raise Http404 from None
        except Wrong as refusal:
            why = said(refusal)
    this_year = at.astimezone(SHANGHAI).year
    year = min(whole(request.GET.get("year")) or this_year, MAXYEAR)
    page = min(whole(request.GET.get("page")) or 1, desk.LAST_PAGE)
    lines = known.register(actor, body, year, max(1, page))
    context = {
        "body": places.bodies().get(body),
        "bodies": [places.bodies()[pk] for pk in able],
        "year": year,
        "years": [this_year - n for n in range(4)],
        "lines": lines[: known.PAGE],
        "next": page + 1 if len(lines) > known.PAGE else 0,
        "word": known.word_of(body) if body else "",
        "may_set": actor.has(Role.CO) or (actor.has(Role.HEAD) and body in actor.bodies),
        "why": why,
    }
    return pages.page(request, "desk/documents/register.html", context, status=422 if why else 200)
