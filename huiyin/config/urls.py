"""Where every address leads."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from huiyin.web import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("desk/account/", include("huiyin.web.accounts")),
    path("desk/", include("huiyin.web.desk.urls")),
    path("", include("huiyin.web.portal.urls")),
]

handler400 = "huiyin.web.errors.bad_request"
handler403 = "huiyin.web.errors.forbidden"
handler404 = "huiyin.web.errors.not_found"
handler500 = "huiyin.web.errors.server_error"
