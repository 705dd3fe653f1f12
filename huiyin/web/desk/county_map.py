"""小区地图: whether every compound lies where it should, as a table and, with scripts, on a map."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import county_map as known
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff


@require_safe
@staff(Role.ADMIN)
def county_map(request: HttpRequest) -> HttpResponse:
    """All compounds, those that need a look first."""
    rows = known.compounds()
    context = {
        "rows": rows,
        "missing": sum(row.missing for row in rows),
        "astray": sum(row.astray is not None for row in rows),
        "unoutlined": sum(not row.missing and not row.outline for row in rows),
    }
    return pages.page(request, "desk/settings/map.html", context)


@require_safe
@staff(Role.ADMIN)
def shapes(request: HttpRequest) -> HttpResponse:
    """What the map draws: every compound that has a place, with where it can be changed."""
    rows = [
        {
            "name": row.name,
            "point": [row.lon, row.lat],
            "outline": row.outline,
            "odd": row.astray is not None,
            "url": reverse("desk:compound", args=[row.id]),
        }
        for row in known.compounds()
        if not row.missing
    ]
    return JsonResponse(rows, safe=False)
