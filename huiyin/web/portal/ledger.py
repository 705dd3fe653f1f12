"""公开账本: what anybody may know of the record as a whole, how to keep an eye on it, and how to prove that one's own report is in it."""

from __future__ import annotations

from pathlib import Path

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from huiyin.adapters import signing
from huiyin.rules.checkpoint import fingerprint
from huiyin.selectors import log, proofs
from huiyin.web.numbers import whole

SHOWN = 24
TOOL = Path(__file__).with_name("huiyin_proof.py")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """How large the record is, its signed checkpoints, what was done to it, and what to do with them, in plain words."""
    anchor = log.latest_anchor()
    return render(
        request,
        "portal/ledger.html",
        {
            "anchor": anchor,
            "qr": qr_of(anchor) if anchor else "",
            "rows": log.checkpoints(SHOWN),
            "marks": log.marks()[:SHOWN],
            "key": log.verifier_key(),
            "fingerprint": fingerprint(signing.public_key()),
            "address": request.build_absolute_uri(reverse("portal:checkpoint")),
        },
    )


def qr_of(anchor: log.Anchor) -> str:
    """The whole signed checkpoint as a QR code, inline SVG: it leads to this page, and proves without it."""
    drawn = segno.make(anchor.link, error="l", micro=False)
    return str(drawn.svg_inline(border=0, svgclass="qr", lineclass=None, omitsize=True))


@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The latest checkpoint as a text file, or that of `?size=`; with `?since=` the proof that it continues that size."""
    size, since = request.GET.get("size", ""), request.GET.get("since", "")
    text = proofs.download(whole(since) or 0, whole(size) if size else None) if not size or whole(size) is not None else None
    if text is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="checkpoint.txt"', "Cache-Control": "no-cache"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@require_GET
def tool(request: HttpRequest) -> HttpResponse:
    """The one file with which a proof is checked offline."""
    headers = {"Content-Disposition": 'attachment; filename="huiyin_proof.py"'}
    return HttpResponse(TOOL.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)
