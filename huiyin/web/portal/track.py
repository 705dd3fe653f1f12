"""查进度: number and code are posted once and open half an hour for that one report; without cookies each act posts the code again."""

from __future__ import annotations

import json
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.adapters import files
from huiyin.rules import codes, texts
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import portal, proofs
from huiyin.selectors.people import resident
from huiyin.services import cases, receipts
from huiyin.services.cases import Conflict, Missing, NotFound
from huiyin.web import wording
from huiyin.web.portal import photos
from huiyin.web.portal.common import resident_post, say, slow_down, wants_json
from huiyin.web.portal.report import new_key

COOKIE, SALT, SECONDS = "huiyin-track", "huiyin.track", 30 * 60
PHOTO_SALT = "huiyin.track.photo"
SHORTEST_KEY = 22


@resident_post
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """The form for number and code, or the report's way."""
    if request.method == "POST":
        return _open(request)
    opened = _opened(request)
    wanted = request.GET.get("n", "")
    if opened is not None:
        way = portal.way(opened, timezone.now())
        if way is not None and wanted in {"", way.number}:
            return _page(request, way, said=photos.left_out_said(photos.counted(request.GET.get("left_out", ""))))
    return _ask(request, number=wanted)


def _open(request: HttpRequest) -> HttpResponse:
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    try:
        report = receipts.open_receipt(number_raw=number, code_raw=code, at=timezone.now(), client_ip=_ip(request))
    except texts.Bad as bad:
        field = "number" if bad.code == "number" or not number.strip() else "code"
        return _ask(request, number=number, code=code, errors={field: say(bad)}, status=422)
    except receipts.WrongCode:
        return _ask(
            request, number=number, code=code, errors={"code": gettext("号码和查询码对不上，请对照回执再看看。")}, status=422
        )
    except receipts.Slow as slow:
        return slow_down(request, slow.seconds)
    way = portal.way(report, timezone.now())
    if way is None:
        raise Http404
    response = _page(request, way, number=codes.number(number), code=codes.normalise(code))
    _remember(request, response, report)
    return response


def _ip(request: HttpRequest) -> str:
    return str(getattr(request, "client_ip", "") or request.META.get("REMOTE_ADDR", ""))


def _remember(request: HttpRequest, response: HttpResponse, report: int) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(report, salt=SALT),
        max_age=SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
        path=reverse("portal:track"),
    )


def _opened(request: HttpRequest) -> int | None:
    try:
        return int(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _ask(
    request: HttpRequest,
    *,
    number: str,
    code: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
    waiting: dict[str, str] | None = None,
) -> HttpResponse:
    """The form. A wrong code stands in it as typed, so that its two missing letters can be added; what waits for it goes along."""
    context = {"number": number, "code": code, "errors": errors or {}, "waiting": waiting or {}}
    return render(request, "portal/track_ask.html", context, status=status)


def _page(
    request: HttpRequest, way: portal.Way, *, number: str = "", code: str = "", said: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    context = {"way": way, "key": new_key(), "known_number": number, "known_code": code, "said": said, **more}
    if code:  # the browser may refuse cookies: its pictures carry a pass of their own, for this report and half an hour
        context["photo_pass"] = signing.dumps(way.report, salt=PHOTO_SALT)
    return render(request, "portal/track.html", context, status=status)


@resident_post
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """What a resident does about their own report: a verdict, a dispute, more words or photos, taking it back."""
    key = request.POST.get("key", "")
    if len(key) < SHORTEST_KEY:
        key = new_key()
    taken = photos.take(request, key)
    troubles = list(taken.troubles)
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    try:
        report = _holder(request, number, code)
    except receipts.Slow as slow:
        return _ask_first(request, key, number, code, seconds=slow.seconds)
    except (texts.Bad, receipts.WrongCode):
        return _ask_first(request, key, number, code)
    action, data = _wanted(request)
    if action is None:
        raise Http404
    words = request.POST.get("words", "")
    if not troubles and taken.lost:
        return photos.send_again(taken)
    if not troubles:
        troubles = _do(report, action, data, key)
    way = portal.way(report, timezone.now())
    if way is None:
        raise Http404
    if wants_json(request):
        if troubles:
            return JsonResponse({"errors": {"__all__": troubles}}, status=422)
        return JsonResponse({"url": _back(taken.left_out)})
    if troubles:
        kept = {"kept": words, "kept_for": action, "kept_shown": _has_form(way, action)}
        return _page(request, way, number=number, code=code, said=troubles[0], status=409, **kept)
    if _opened(request) != report:
        response = _page(request, way, number=number, code=code, said=photos.left_out_said(taken.left_out) or gettext("记下了。"))
        _remember(request, response, report)
        return response
    return redirect(_back(taken.left_out))


def _has_form(way: portal.Way, action: str) -> bool:
    """Whether the page still has the form in which it was written; else what was written is shown by itself."""
    return {"dispute": way.may_dispute, "supplement": way.may_add or bool(way.question)}.get(action, False)


def _back(left_out: int) -> str:
    """The way again; with photos that did not come along it says so."""
    return reverse("portal:track") + (f"?left_out={left_out}" if left_out else "")


@resident_post
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Closes what number and code opened, for whoever looked at it on a computer that others use."""
    response = redirect("portal:track")
    response.delete_cookie(COOKIE, path=reverse("portal:track"), samesite="Lax")
    return response


@resident_post
@require_POST
def proof(request: HttpRequest) -> HttpResponse:
    """The file that proves, offline and to anybody, that the report stands in the signed record. Whoever holds the receipt gets it."""
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    try:
        report = _holder(request, number, code)
    except receipts.Slow as slow:
        return slow_down(request, slow.seconds)
    except (texts.Bad, receipts.WrongCode):
        saying = gettext("号码和查询码对不上，请对照回执再看看。") if code else gettext("时间久了，请再输一次号码和查询码。")
        return _ask(request, number=number, code=code, errors={"code": saying}, status=401)
    found, way = proofs.proof_of(report), portal.way(report, timezone.now())
    if found is None or way is None:
        raise Http404
    if found.sealed:
        said = gettext("您是后来加进这一件的，里面可能有依法封存的部分，这里不出证明。要证明请到联络站，由县里核对账本后答复。")
        return _page(request, way, number=number, code=code, said=said, status=409)
    if found.content is None:
        said = gettext("账本每小时签一次名。您的这件还没轮到，请过一小时再来取证明。")
        return _page(request, way, number=number, code=code, said=said, status=409)
    text = json.dumps(found.content, ensure_ascii=False, indent=1, sort_keys=True)
    named = f'attachment; filename="huiyin-proof-{found.number}.json"'
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers={"Content-Disposition": named})


def _holder(request: HttpRequest, number: str, code: str) -> int:
    """The report by the cookie, or by number and code posted again where cookies are blocked.

    A page left open in another tab names its own report: it never acts on the one that was opened after it.
    """
    opened = _opened(request)
    if opened is not None and not code and request.POST.get("report", str(opened)) == str(opened):
        return opened
    return receipts.open_receipt(number_raw=number, code_raw=code, at=timezone.now(), client_ip=_ip(request))


def _ask_first(request: HttpRequest, key: str, number: str, code: str, *, seconds: int = 0) -> HttpResponse:
    """Number and code once more, and what was written goes with them. `seconds` to wait after too many wrong codes."""
    if seconds:
        saying = gettext("试的次数多了，请等 %(n)s 秒再试。") % {"n": seconds}
    else:
        saying = gettext("号码和查询码对不上，请对照回执再看看。") if code else gettext("时间久了，请再输一次号码和查询码。")
    waiting = {"do": request.POST.get("do", ""), "words": request.POST.get("words", ""), "key": key}
    status = 429 if seconds else 401
    response = _ask(request, number=number, code=code, errors={"code": saying}, status=status, waiting=waiting)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def _wanted(request: HttpRequest) -> tuple[str | None, dict[str, Any]]:
    words = request.POST.get("words", "")
    match request.POST.get("do"):
        case "satisfied":
            return "feedback", {"satisfied": "yes", "words": words}
        case "dispute":
            return "dispute", {"words": words}
        case "supplement":
            return "supplement", {"words": words}
        case "retract":
            return "retract", {}
    return None, {}


def _do(report: int, action: str, data: dict[str, Any], key: str) -> list[str]:
    """Do it; what stands in the way is returned in words."""
    known = portal.report(report)
    if known is None:
        return [gettext("没有找到这条反映。")]
    try:
        cases.act(actor=resident(report), at=timezone.now(), number=known.case.number, action=action, data=data, key=key)
    except texts.Bad as bad:
        return [say(bad)]
    except Missing:
        return [gettext("请写几个字。")]
    except Refused as refused:
        return [wording.refused(refused.refusal)]
    except (Conflict, NotFound):
        return [gettext("这一步已经做过了。")]
    return []


def _passed(request: HttpRequest) -> int | None:
    try:
        return int(signing.loads(request.GET.get("pass", ""), salt=PHOTO_SALT, max_age=SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy of a photo that belongs to the opened report."""
    report = _opened(request) or _passed(request)
    kept = portal.photo_for(report, pk) if report is not None else None
    if kept is None:
        raise Http404
    return photo_response(kept.copy)


def photo_response(name: str) -> HttpResponse:
    """A copy as JPEG; shared with the desk, which checks its own permission first."""
    try:
        return HttpResponse(files.read_copy(name), content_type="image/jpeg", headers={"Content-Disposition": "inline"})
    except (FileNotFoundError, files.Damaged):
        raise Http404 from None
