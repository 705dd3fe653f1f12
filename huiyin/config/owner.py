"""Whose data it is: what root writes into the directories of the service, the service cannot write any more."""

from __future__ import annotations

import os

from django.conf import settings

from huiyin.config.trouble import NotReady


def refuse_another_owner() -> None:
    """Raises NotReady for root on another user's data. For production; it needs no more of Django than the settings."""
    data = settings.HUIYIN_DATA
    if settings.HUIYIN_MODE != "production" or os.geteuid() != 0 or not data.exists():
        return
    owner = data.stat().st_uid
    if owner != 0:
        raise NotReady(
            f"{data} belongs to the user {owner}, and what root writes there Huiyin could not write any more. Run this as that user, "
            "with the settings of the service (docs/install.md)."
        )
