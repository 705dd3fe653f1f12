"""How allauth sees who asks: by the address that our own middleware believes, so that it counts wrong passwords of one visitor alone."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's own takes the proxy for the visitor: behind one, a single stranger with wrong passwords would keep everybody out."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(getattr(request, "client_ip", "") or super().get_client_ip(request))
