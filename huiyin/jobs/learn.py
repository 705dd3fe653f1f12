"""Triage learns anew when the lists' words changed, when enough was confirmed, and at night."""

from __future__ import annotations

import logging
from datetime import datetime

from huiyin.services import learning

log = logging.getLogger(__name__)


def run(at: datetime) -> int:
    """Learn if it is due; returns how often (0 or 1). Without scikit-learn the middle of the lists' own texts goes on serving."""
    if not learning.is_due(at=at):
        return 0
    try:
        learning.learn(at=at)
    except ImportError:
        log.warning("scikit-learn is not installed: triage does not learn")
        return 0
    return 1
