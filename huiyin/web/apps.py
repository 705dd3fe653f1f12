"""Names the app that brings pages, static files, translations and template tags; it has no tables."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages for people."""

    name = "huiyin.web"
    label = "web"
