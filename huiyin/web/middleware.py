"""What happens around every page: who is asking, which headers guard the answer, and a calm answer when the database is away."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import is_valid_path

from huiyin.web import errors

GetResponse = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
    )
)
GUARDS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
)
# How far behind the noted time of the last page may be, so that not every page writes to the session.
NOTE_SECONDS = 60


def trusted_proxy(get_response: GetResponse) -> GetResponse:
    """Sets request.client_ip; what a proxy says about address and scheme is believed only from those named in HUIYIN_PROXY."""

    def middleware(request: HttpRequest) -> HttpResponse:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        said = {name: request.META.pop(name, "") for name in FORWARDED}
        if _trusted(peer):
            if said["HTTP_X_FORWARDED_PROTO"] in {"http", "https"}:
                request.META["wsgi.url_scheme"] = said["HTTP_X_FORWARDED_PROTO"]
            peer = _nearest_stranger(said["HTTP_X_FORWARDED_FOR"], peer)
        request.client_ip = peer  # type: ignore[attr-defined]  # ours, beside Django's
        return get_response(request)

    return middleware


def guarding_headers(get_response: GetResponse) -> GetResponse:
    """Content security and its companions on every answer; pages made for one reader are never stored on the way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in GUARDS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def refused_bodies(get_response: GetResponse) -> GetResponse:
    """Answers in the visitor's language when the gateway did not take what was sent: too large, stalled, no room on the disk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        status = request.META.get("huiyin.refused", 0)
        return errors.page(request, status) if status else get_response(request)

    return middleware


def page_above(get_response: GetResponse) -> GetResponse:
    """Who opens an address that only takes forms is led to the nearest page above it. After a refused form the browser stands at such an
    address, and the address bar, a bookmark or the switch of the language open it again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return redirect(_above(request.path_info))
        return response

    return middleware


class machine_trouble:
    """Answers "try again" when the database is locked, read-only or gone, or the disk is full, instead of a fault of ours."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only what the machine refused; everything else is a fault and stays one."""
        return errors.of_the_machine(request, error)


def staff_sessions(get_response: GetResponse) -> GetResponse:
    """Signs staff out after STAFF_IDLE_SECONDS without a page and STAFF_SESSION_SECONDS after signing in, whatever they do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _count_time(request, int(time.time()))
        return get_response(request)

    return middleware


def _above(path: str) -> str:
    """The nearest address above `path` that there is; some of them take only forms too and lead on from there."""
    while path := path.rstrip("/").rpartition("/")[0]:
        for candidate in (f"{path}/", path):
            if is_valid_path(candidate):
                return candidate
    return "/"


def _count_time(request: HttpRequest, at: int) -> None:
    began, last = request.session.get("began", at), request.session.get("last", at)
    # A clock that was set back must not lengthen a session.
    clock_went_back = last > at + NOTE_SECONDS
    if clock_went_back or at - last > settings.STAFF_IDLE_SECONDS or at - began > settings.STAFF_SESSION_SECONDS:
        logout(request)
    elif "began" not in request.session or at - last >= NOTE_SECONDS:
        request.session.update({"began": began, "last": at})


def _address(text: str) -> str:
    """The address alone in its usual form, from 10.0.0.1, 10.0.0.1:5000, ::1 or [::1]:5000; empty when it is none."""
    text = text.strip()
    for candidate in (text, text.partition("]")[0].lstrip("["), text.rpartition(":")[0]):
        try:
            found = ip_address(candidate)
        except ValueError:
            continue
        return str(getattr(found, "ipv4_mapped", None) or found)
    return ""


def _trusted(address: str) -> bool:
    return bool(address) and any(ip_address(address) in network for network in settings.HUIYIN_PROXY)


def _nearest_stranger(forwarded_for: str, peer: str) -> str:
    """The last hop that is not one of our proxies. Further left stands only what the visitor himself may have written."""
    for hop in reversed(forwarded_for.split(",")):
        address = _address(hop)
        if not address:
            return peer
        peer = address
        if not _trusted(address):
            return address
    return peer
