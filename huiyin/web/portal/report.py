"""我要反映: a report comes in once, with photos, and its receipt is shown once."""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.rules import codes
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.texts import Bad
from huiyin.selectors import elsewhere, lists, log, places, portal
from huiyin.services import cases
from huiyin.services.cases import Conflict, NotFound, Receipt
from huiyin.web.forms import portal as forms
from huiyin.web.numbers import whole
from huiyin.web.portal import photos
from huiyin.web.portal.common import resident_post, wants_json
from huiyin.web.portal.ledger import qr_of
from huiyin.web.portal.pages import by_community

MAX_PHOTOS = photos.MOST
KEY_LENGTH = (22, 100)
ALIKE = 0.8  # of the best score: below it a matter nearby is not the same one


def new_key() -> str:
    """A submission's key made by the server for who has no scripts: 192 bits."""
    return secrets.token_urlsafe(24)


def _keyed(request: HttpRequest) -> QueryDict:
    """What was posted, with a new key where it came without a fit one."""
    posted = request.POST.copy()
    if not KEY_LENGTH[0] <= len(posted.get("key", "")) <= KEY_LENGTH[1]:
        posted["key"] = new_key()
    return posted


@resident_post
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form, and what it sends."""
    if request.method == "GET":
        return _blank(request)
    form = forms.Report(_keyed(request))
    taken = photos.take(request, form.data["key"])
    if not form.is_valid() or taken.troubles:
        return _again(request, form, taken.troubles)
    if taken.lost:
        return photos.send_again(taken)
    data = form.cleaned_data
    try:
        receipt = cases.open_case(
            actor=None,
            at=timezone.now(),
            key=data["key"],
            channel=data["channel"],
            words=data["words"],
            item=_known_item(data["item"]),
            compound=data["compound"],
            place_words=data["place_words"],
            building=data["building"],
            unit=data["unit"],
            occurred_at=data["occurred"],
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            language=get_language() or "zh-hans",
            lon=data["lon"],
            lat=data["lat"],
            suggested=_shown(data["shown"]) or _suggested(data["words"]),
            photos=bool(request.POST.getlist("photo") or request.FILES),
        )
    except Conflict:
        return _conflict(request)
    return _receipt(request, receipt, data["key"], taken.left_out)


def _blank(request: HttpRequest) -> HttpResponse:
    """A new form; `?c=<code>` names the compound of a board, `?k=<key>` shows the receipt of what a phone has just sent."""
    scanned = places.compound_by_code(request.GET.get("c", ""))
    start = {"key": new_key(), "channel": "qr" if scanned else "web", "item": request.GET.get("item", "")}
    if scanned:
        start["compound"] = str(scanned.id)
    return render(request, "portal/report.html", _context(forms.Report(initial=start), scanned))


def _context(form: forms.Report, scanned: Any = None) -> dict[str, Any]:
    chosen = form["compound"].value()
    return {"form": form, "communities": by_community(), "chosen": str(chosen or ""), "scanned": scanned, "max": MAX_PHOTOS}


def _again(request: HttpRequest, form: forms.Report, troubles: Sequence[str]) -> HttpResponse:
    """The same form, filled in, with what to put right at each field."""
    if wants_json(request):
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        if troubles:
            errors["photos"] = list(troubles)
        return JsonResponse({"errors": errors}, status=422)
    return render(request, "portal/report.html", {**_context(form), "photo_errors": troubles, "files_lost": True}, status=422)


def _conflict(request: HttpRequest) -> HttpResponse:
    saying = gettext("这一份已经发出过了，内容不一样。要反映另一件事，请重新打开“我要反映”。")
    if wants_json(request):
        return JsonResponse({"errors": {"__all__": [saying]}, "code": "sent", "url": reverse("portal:track")}, status=409)
    return render(request, "errors/409.html", {"saying": saying}, status=409)


def _known_item(code: str) -> str:
    return code if code and lists.find(code, _today()) else ""


def _today() -> Any:
    return timezone.now().astimezone(SHANGHAI).date()


def _shown(raw: str) -> dict[str, Any] | None:
    """What the page has already been told (index, three codes, score, in scope), so that it is not worked out twice."""
    parts = raw.split("|")
    if len(parts) != 6 or parts[0] != lists.index(_today()).version or not parts[4].isdecimal():
        return None
    codes = [code if code in lists.in_force(_today()).items else "" for code in parts[1:4]]
    return {
        "index": parts[0],
        "first": codes[0],
        "second": codes[1],
        "third": codes[2],
        "score": min(1000, int(parts[4])),
        "in_scope": parts[5] == "1",
    }


def _suggested(words: str) -> dict[str, Any] | None:
    found = lists.suggest(words, _today())
    three = [one.code for one in found.suggestions] + ["", "", ""]
    return {
        "index": found.index,
        "first": three[0],
        "second": three[1],
        "third": three[2],
        "score": round(found.score * 1000),
        "in_scope": found.in_scope,
    }


# ── suggestions and joining ──────────────────────────────────────────────────────────────────


@resident_post
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """What it sounds like and what is going on nearby: a fragment of HTML. Posted, so that words stand in no address."""
    text, compound = request.POST.get("text", "")[:2000], request.POST.get("compound", "")
    found = lists.suggest(text, _today()) if len(text.strip()) >= 4 else None
    offered, here = [], _here(compound)
    for one in found.suggestions if found else ():
        item = lists.find(one.code, _today())
        if item is not None:
            offered.append({"item": item, "words": one.words, "lead": _lead_name(item, here)})
    near = []
    place = whole(compound)
    if offered and place is not None:
        alike = [one.code for one in found.suggestions if one.score >= ALIKE * found.score] if found else []
        near = portal.nearby(place, text, alike, timezone.now())
    return render(
        request,
        "portal/suggest.html",
        {
            "offered": offered,
            "in_scope": bool(found and found.in_scope),
            "question": elsewhere.question(found) if found else None,
            "guesses": elsewhere.guesses(found) if found else [],
            "nearby": near,
            "shown": _as_shown(found),
        },
    )


def _as_shown(found: Any) -> str:
    """The suggestion as the form carries it back."""
    if found is None:
        return ""
    three = [*[one.code for one in found.suggestions], "", "", ""][:3]
    return "|".join([found.index, *three, str(round(found.score * 1000)), "1" if found.in_scope else "0"])


def _here(compound: str) -> Any:
    known = places.compounds().get(whole(compound) or 0)
    return places.place(known.id if known else None, known.community if known else None, _today())


def _lead_name(item: Any, here: Any) -> str:
    body = places.bodies().get(places.lead_body(item.lead, here) or 0)
    return body.name if body else {"wuye": gettext("小区物业"), "zhenjie": gettext("乡镇、街道")}.get(item.lead, "")


def _joinable(raw: str) -> Any:
    try:
        return portal.joinable(codes.number(raw))
    except Bad:
        return None


@resident_post
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """也遇到了: a short form, and a receipt of one's own."""
    case = _joinable(request.GET.get("n") or request.POST.get("number", ""))
    if case is None and request.method == "GET":
        raise Http404
    if request.method == "GET":
        assert case is not None
        form = forms.Join(initial={"key": new_key(), "number": case.number})
        return render(request, "portal/join.html", {"form": form, "case": case, "item": portal.item_name(case)})
    form = forms.Join(_keyed(request))
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse(
                {"errors": {name: [str(one) for one in found] for name, found in form.errors.items()}}, status=422
            )
        item = portal.item_name(case) if case else ""
        return render(request, "portal/join.html", {"form": form, "case": case, "item": item}, status=422)
    data = form.cleaned_data
    try:
        receipt = cases.join(actor=None, at=timezone.now(), language=get_language() or "zh-hans", **{**data, "channel": "web"})
    except Conflict:
        return _conflict(request)
    except NotFound:
        raise Http404 from None
    return _receipt(request, receipt, data["key"])


# ── the receipt ──────────────────────────────────────────────────────────────────────────────


def _receipt(request: HttpRequest, receipt: Receipt, key: str, left_out: int = 0) -> HttpResponse:
    """Number and code, shown as the answer to a post and never at an address of their own; scripts are told to post the key.
    `left_out`: so many photos did not come along."""
    if wants_json(request):
        more = {"left_out": str(left_out)} if left_out else {}
        return JsonResponse({"url": reverse("portal:receipt"), "fields": {"key": key, **more}})
    way = portal.way(receipt.report, timezone.now())
    assert way is not None
    anchor = log.latest_anchor()
    return render(
        request,
        "portal/receipt.html",
        {
            "anchor": anchor,
            "anchor_qr": qr_of(anchor) if anchor else "",
            "receipt": receipt,
            "key": key,
            "left_out": photos.left_out_said(left_out),
            "way": way,
            "qr": qr_svg(receipt.number),
            "station_phone": way.station_phone,
            "at": timezone.now(),
        },
    )


@resident_post
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of what was sent under a key: who has the key has sent it."""
    key = request.POST.get("key", "")
    kept = cases.receipt_of(key=key) if request.method == "POST" else None
    if kept is None:
        return redirect("portal:track")
    return _receipt(request, kept, key, photos.counted(request.POST.get("left_out", "")))


def track_url(number: str) -> str:
    return f"{settings.HUIYIN_SITE_URL}{reverse('portal:track')}?n={number}"


def qr_svg(number: str) -> str:
    """The QR of a tracking page, as inline SVG: the number only, never the code."""
    drawn = segno.make(track_url(number), error="m", micro=False)
    return str(drawn.svg_inline(border=0, svgclass="qr", lineclass=None, omitsize=True))


@require_GET
def qr(request: HttpRequest) -> HttpResponse:
    """The same as a file, for printing."""
    try:
        number = codes.number(request.GET.get("n", ""))
    except Bad:
        raise Http404 from None
    out = io.BytesIO()
    segno.make(track_url(number), error="m", micro=False).save(out, kind="svg", border=1)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
