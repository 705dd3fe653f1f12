"""发出的消息: what the demo would have sent, and says that it did not."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import deliveries
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff


@require_safe
@staff()
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest messages; only in the demo. The reply's text is for who may see all cases."""
    if not settings.DEMO:
        raise Http404
    may_read = pages.actor(request).has(Role.CO)
    rows = [(row, text if may_read else "") for row, text in deliveries.outbox()]
    return pages.page(request, "desk/outbox.html", {"rows": rows})
