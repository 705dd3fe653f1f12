"""Photos that come with what residents write: each is taken by itself, the text never waits for them, and what is left out is said."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from huiyin.adapters.files import LowDisk, TooLarge
from huiyin.rules.files import BadFile
from huiyin.selectors import evidence
from huiyin.services import cases, receipts
from huiyin.web.numbers import whole
from huiyin.web.portal.common import resident_post, say, wants_json

MOST = 6
MOST_NAMED = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the photos of a form. troubles: what has to be put right. left_out: how many do not come along because there is no
    room for them or because they are too many. lost: ids that a script says it sent and that are not here any more."""

    troubles: Sequence[str] = ()
    left_out: int = 0
    lost: frozenset[int] = frozenset()


def take(request: HttpRequest, key: str) -> Taken:
    """Takes the photos that came with the form itself (no scripts) under its key, and looks whether those that a script sent before are
    here. The same photo is kept once, however often it is chosen."""
    troubles = [say(BadFile("too_big"))] if request.method == "POST" and getattr(request, "oversized", []) else []
    chosen = request.FILES.getlist("photos")
    left_out = counted(request.POST.get("photos_missing", "")) + max(0, len(chosen) - MOST)
    for file in chosen[:MOST]:
        assert isinstance(file, UploadedFile)
        try:
            cases.upload(actor=None, at=timezone.now(), key=key, slot=_digest(file), stream=file)
        except BadFile as bad:
            troubles.append(say(bad))
        except (LowDisk, ValueError):
            left_out += 1
    said = {pk for raw in request.POST.getlist("photo")[:MOST] if (pk := whole(raw)) is not None}
    lost = said - evidence.uploaded(receipts.key_hash(key)) if said and wants_json(request) else set()
    return Taken(troubles=troubles, left_out=left_out, lost=frozenset(lost))


def _digest(file: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()[:32]


def counted(raw: str) -> int:
    """How many photos a script or an address says were left out; 0 for whatever is no such number."""
    return min(MOST_NAMED, whole(raw) or 0)


def left_out_said(many: int) -> str:
    """What the resident is told of them; nothing when all came along."""
    if not many:
        return ""
    return ngettext(
        "文字已经收到，但有 %(n)s 张照片没有收下。请过一会儿到“查进度”里补。",
        "文字已经收到，但有 %(n)s 张照片没有收下。请过一会儿到“查进度”里补。",
        many,
    ) % {"n": many}


def send_again(taken: Taken) -> HttpResponse:
    """To a script: these photos are not here any more (a draft that waited for days), send them once more."""
    return JsonResponse({"errors": {}, "code": "photos", "missing": sorted(taken.lost)}, status=409)


@resident_post
@require_POST
def photo(request: HttpRequest) -> HttpResponse:
    """One photo of a draft, by itself: POST key, name, file → {id, name}."""
    file, name = request.FILES.get("file"), request.POST.get("name", "")
    if getattr(request, "oversized", []):
        return _refused(BadFile("too_big"), 413)
    if file is None:
        return _refused(BadFile("empty"), 422)
    try:
        kept: Any = cases.upload(actor=None, at=timezone.now(), key=request.POST.get("key", ""), slot=name, stream=file)
    except BadFile as bad:
        return _refused(bad, 415 if bad.code == "not_photo" else 422)
    except TooLarge:
        return _refused(BadFile("too_big"), 413)
    except LowDisk:
        return JsonResponse({"errors": {"file": [gettext("照片暂时收不下，文字照样能提交。")]}}, status=507)
    except ValueError:
        return JsonResponse({"errors": {"file": [gettext("请刷新页面再试。")]}}, status=422)
    return JsonResponse({"id": kept["id"], "name": name})


def _refused(bad: BadFile, status: int) -> HttpResponse:
    return JsonResponse({"errors": {"file": [say(bad)]}}, status=status)
