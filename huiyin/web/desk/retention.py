"""保存多久: how long what residents left is kept, and what goes next. The coordinator sets it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.rules import retention as rules
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import retention as known
from huiyin.services import retention as services
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff

AHEAD = timedelta(days=30)
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def retention(request: HttpRequest) -> HttpResponse:
    """The classes with their days, and the first cases of which something goes within a month."""
    changeable = [code for code, rule in rules.CLASSES.items() if not rule.fixed]
    typed = {code: request.POST.get(f"days-{code}") for code in changeable}
    wrong = {code for code, raw in typed.items() if not _may_be(code, raw)} if request.method == "POST" else set()
    if request.method == "POST" and not wrong:
        days = {code: int(raw) if raw and raw.strip() else None for code, raw in typed.items()}
        services.keep_for(actor=pages.actor(request), at=pages.now(), days=days)
        return pages.done(request, reverse("desk:retention"), _("已保存"))
    classes, first = known.overview(pages.now(), AHEAD, SHOWN)
    rows = [
        {
            "kept": kept,
            "label": _(kept.rule.label),
            "note": _(kept.rule.note),
            "typed": (typed[kept.rule.code] or "") if wrong and not kept.rule.fixed else kept.days,
            "wrong": kept.rule.code in wrong,
        }
        for kept in classes
    ]
    going = [(one, _(rules.CLASSES[one.code].label)) for one in first]
    context = {"rows": rows, "going": going, "many": sum(kept.many for kept in classes)}
    return pages.page(request, "desk/retention.html", context, status=422 if wrong else 200)


def _may_be(code: str, raw: str | None) -> bool:
    """Empty is for ever. A form that came without the field is refused, so that nothing is changed by mistake."""
    if raw is None:
        return False
    typed = raw.strip()
    return rules.may_set(code, None) if not typed else typed.isdecimal() and len(typed) < 6 and rules.may_set(code, int(typed))
