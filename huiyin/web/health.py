"""How the installation is: for monitoring as JSON at /healthz, and for the administrator's 今日. Tells nothing about people."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.adapters import database
from huiyin.selectors import house

# The worker says that it lives at least every ten seconds; a long delivery may keep it silent for a while.
WORKER_SILENCE = timedelta(minutes=2)
ECHO_PATIENCE = timedelta(hours=1)
# Below this the database itself can no longer be written safely.
DATA_RESERVE_MB = 100
# Monitoring may ask as often as it likes; the database is asked at most this often.
FRESH_SECONDS = 2

Verdict = Literal["ok", "warning", "failing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`failing`: no report can be taken. `warning`: reports get in, but somebody has to look."""

    verdict: Verdict
    warnings: tuple[str, ...]
    database: database.Condition
    data_free_mb: int
    uploads_free_mb: int
    worker_at: datetime | None
    owed_echoes: int | None
    oldest_owed_echo: datetime | None
    at: datetime


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200, or 503 when no report can be taken. Not older than FRESH_SECONDS."""
    found = cache.get_or_set("health", lambda: status(timezone.now()), FRESH_SECONDS)
    assert isinstance(found, Status)
    return JsonResponse(asdict(found), status=503 if found.verdict == "failing" else 200)


def status(at: datetime) -> Status:
    """Looks at database, disks, worker and owed echoes. Raises nothing when one of them is away."""
    condition = database.condition()
    readable = condition != "away"
    worker_at = house.sign_of_life("worker") if readable else None
    owed, oldest = house.owed_echoes() if readable else (None, None)
    data_free, uploads_free = _free_mb(settings.HUIYIN_DATA), _free_mb(settings.HUIYIN_UPLOADS)
    warnings = {
        "worker": worker_at is None or abs(at - worker_at) > WORKER_SILENCE,  # a sign from the future is none
        "echoes": oldest is not None and at - oldest > ECHO_PATIENCE,
        "uploads-disk": uploads_free < settings.HUIYIN_UPLOAD_RESERVE_MB,
    }
    raised = tuple(name for name, wrong in warnings.items() if wrong)
    failing = condition != "ok" or data_free < DATA_RESERVE_MB
    return Status(
        verdict="failing" if failing else "warning" if raised else "ok",
        warnings=raised,
        database=condition,
        data_free_mb=data_free,
        uploads_free_mb=uploads_free,
        worker_at=worker_at,
        owed_echoes=owed,
        oldest_owed_echo=oldest,
        at=at,
    )


def _free_mb(directory: Path) -> int:
    try:
        return shutil.disk_usage(directory).free // 1024**2
    except OSError:
        return 0
