"""Photos and other small files of staff: taken with a form or by themselves, and shown to who may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.adapters import files as stored
from huiyin.rules import texts
from huiyin.rules.evidence import PHOTOS
from huiyin.rules.files import BadFile
from huiyin.selectors import cases as seen
from huiyin.selectors import desk, evidence
from huiyin.selectors.cases import Dossier
from huiyin.selectors.people import Actor
from huiyin.services import cases, receipts
from huiyin.web.desk import pages, story
from huiyin.web.desk.pages import staff
from huiyin.web.numbers import whole

#: The field of a form that works without scripts.
FIELD = "upload"


def take_all(request: HttpRequest, actor: Actor, at: datetime, key: str) -> set[int]:
    """Takes photos of the form without scripts; answers the ids that a script says it sent and that are not here (any more)."""
    if getattr(request, "oversized", None):
        raise BadFile("too_big")
    for photo in request.FILES.getlist(FIELD):
        try:
            take(photo, actor, at, key, slot=_digest(photo))
        except stored.LowDisk:
            messages.warning(request, _("照片暂时存不下，文字已交。"))
    said = {pk for raw in request.POST.getlist("photo") if (pk := whole(raw)) is not None}
    return said - evidence.uploaded(receipts.key_hash(key)) if said else set()


def _digest(photo: Any) -> str:
    """A name for the photo that is the same when the same photo is sent again."""
    digest = hashlib.sha256()
    for chunk in photo.chunks():
        digest.update(chunk)
    photo.seek(0)
    return digest.hexdigest()[:32]


def take(
    photo: Any, actor: Actor | None, at: datetime, key: str, slot: str, said: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    return cases.upload(
        actor=actor, at=at, key=key, slot=slot, stream=photo, declared_name=photo.name or "", any_kind=True, said=said
    )


def own_entry(dossier: Dossier, seq: int, actor: Actor) -> bool:
    entry = dossier.state.entry(seq)
    return entry is not None and dossier.context.body(entry) in actor.bodies and entry.action not in story.ASKING


@require_POST
@staff(*pages.ACTING)
def upload(request: HttpRequest) -> HttpResponse:
    """One photo or small file of a draft, with what the phone says of it: {id, name}. 422 says why it is not taken, 507 that there is no
    room. What is larger comes in pieces (huiyin.web.desk.evidence)."""
    photo, key = request.FILES.get("file"), request.POST.get("key", "")
    if getattr(request, "oversized", None):
        return JsonResponse({"errors": {"file": [_("这张照片太大，最多 20 MB。")]}}, status=413)
    if photo is None:
        return JsonResponse({"errors": {"file": [_("这次上传不完整，请再试一次。")]}}, status=422)
    name = request.POST.get("name", "")[:64]
    try:
        kept = take(photo, pages.actor(request), pages.now(), key, slot=name, said=request.POST.dict())
    except texts.Bad as bad:
        said = {key: _(value) if isinstance(value, str) else value for key, value in bad.values.items()}
        return JsonResponse({"errors": {"file": [_(bad.template) % said]}, "code": bad.code}, status=422)
    except ValueError:
        return JsonResponse({"errors": {"file": [_("这次上传不完整，请再试一次。")]}}, status=422)
    except stored.TooLarge:
        return JsonResponse({"errors": {"file": [_("这张照片太大，最多 20 MB。")]}}, status=413)
    except stored.LowDisk:
        return JsonResponse({"errors": {"file": [_("照片暂时存不下，文字可以先交。")]}}, status=507)
    return JsonResponse({"id": kept["id"], "name": name})


@require_safe
@staff(*pages.CASEWORK)
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The copy of a photo without its metadata, for who may see the case and this photo of it."""
    actor, at = pages.actor(request), pages.now()
    found = desk.photo(pk, actor, at)
    if found is None:
        raise Http404
    row, case = found
    if row.state != "ready" or row.kind not in PHOTOS or not may_see(row, seen.load_for(case, actor, at), actor):
        raise Http404
    return HttpResponse(stored.read_copy(row.copy), content_type="image/jpeg")


def may_see(row: Any, dossier: Dossier, actor: Actor) -> bool:
    """Whether the copy of a file may be seen: by how much of the case the actor sees, and of sealed entries by the police alone."""
    if row.seq not in dossier.attachments:
        return False  # of a sealed record
    match seen.sight(dossier, actor):
        case "full":
            return True
        case "task":
            return bool(row.released) or own_entry(dossier, row.seq or 0, actor)
        case "former":
            return own_entry(dossier, row.seq or 0, actor)
    return False
