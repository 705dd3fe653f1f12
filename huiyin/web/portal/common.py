"""What the residents' pages share: posts without a session are guarded by their origin, times are read, refusals are worded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.texts import Bad

View = Callable[..., HttpResponse]


def resident_post(view: View) -> View:
    """Residents' posts carry no authority from cookies, so no CSRF token is asked for; a foreign Origin is refused ('null' is not foreign)."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and is_foreign(request):
            return render(
                request, "errors/plain.html", {"status": 403, "title": gettext("这次提交来自别的网站，没有收下")}, status=403
            )
        return view(request, *args, **kwargs)

    return guarded


def is_foreign(request: HttpRequest) -> bool:
    """Whether another site sent it; an Origin that is no address at all comes from no browser and is foreign too."""
    origin = request.headers.get("Origin", "")
    try:
        return origin not in {"", "null"} and urlsplit(origin).netloc != request.get_host()
    except ValueError:
        return True


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def say(error: Bad) -> str:
    """A refusal of something typed, in the reader's language."""
    template = gettext(error.template)
    return template % error.values if error.values else template


def local_time(raw: str) -> datetime | None:
    """What <input type=datetime-local> or a date alone gives, in local time; None when empty or unreadable."""
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def slow_down(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with Retry-After, as page or JSON."""
    saying = gettext("试的次数多了，请等 %(n)s 秒再试。") % {"n": seconds}
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse({"errors": {"__all__": [saying]}}, status=429)
    else:
        response = render(request, "errors/429.html", {"seconds": seconds, "saying": saying}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
