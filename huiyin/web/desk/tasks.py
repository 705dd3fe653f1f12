"""任务: what a property firm is asked to do, on the phone; never the reporter's words or how many reported."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import piles
from huiyin.web.desk import lists, pages
from huiyin.web.desk.pages import staff


@require_safe
@staff(Role.PRO)
def tasks(request: HttpRequest) -> HttpResponse:
    """What the firm leads, and what it was urged or asked to help with or to dissuade."""
    actor, at = pages.actor(request), pages.now()
    mine, asked = piles.tasks(actor)
    context = {"mine": lists.rows(mine, at), "asked": lists.rows(asked, at)}
    return pages.page(request, "desk/tasks.html", context)
