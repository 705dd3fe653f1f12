"""The product's addresses and two to compare with: an empty view, and the smallest intake that Django can do (two inserts, one commit)."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from huiyin.config.urls import urlpatterns as product
from huiyin.records.models import Alarm, Heartbeat


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@csrf_exempt
def minimal(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        Alarm.objects.create(kind="bench", detail=request.POST.get("words", "")[:300], at=now)
        Heartbeat.objects.create(name=request.POST.get("key", "")[:40], at=now)
    return HttpResponse("ok")


urlpatterns = [path("bench/empty", empty), path("bench/minimal", minimal), *product]
