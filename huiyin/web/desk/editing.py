"""Long forms of the lists that two people may have open at once: saved, or shown again with what is wrong or what another wrote meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from huiyin.services import lists as services
from huiyin.services.people import Forbidden
from huiyin.web.desk import pages

CHANGED = "刚刚有人改过这里。您填的都还在；不一样的地方，旁边写着现在的内容。再按一次“保存”，就以您的为准。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """How the page `template` edits one thing, kept as a row; without a row a new one is made, which begins with `blank`.

    form(data, initial=…) makes the form, and values(row) what it begins with. save(form, actor=…, at=…, seen=…) asks the service and
    returns (where to go, what to say). mark(row) tells whether somebody was quicker; again() reads the row as it is then. `more(form, row)`
    is what else the page shows. `bad` is the field beside which a ValueError is said, `gone` what is said where the row is no more (404
    without it).
    """

    template: str
    form: Callable[..., Any]
    values: Callable[[Any], dict[str, Any]]
    save: Callable[..., tuple[str, str]]
    mark: Callable[[Any], str]
    again: Callable[[], Any]
    more: Callable[[Any, Any], dict[str, Any]]
    blank: dict[str, Any] = field(default_factory=dict)
    bad: str | None = None
    gone: str = ""


def page(request: HttpRequest, row: Any, edit: Edit) -> HttpResponse:
    """422 for what is wrong, 409 where somebody else was quicker; everything that was typed stays."""
    kept = pages.held(request)
    initial = kept or (edit.values(row) if row else edit.blank)
    form = edit.form(request.POST if request.method == "POST" else None, initial=initial)
    quicker = False
    if request.method == "POST" and form.is_valid():
        try:
            url, said = edit.save(form, actor=pages.actor(request), at=pages.now(), seen=request.POST.get("seen", ""))
            return pages.done(request, url, said)
        except services.Changed:
            row, quicker = edit.again(), True
            if row is None:
                raise Http404 from None
            form.set_beside(edit.values(row))
            form.add_error(None, _(CHANGED))
        except services.NotThere:
            if not edit.gone:
                raise Http404 from None
            form.add_error(None, _(edit.gone))
        except (services.Busy, Forbidden) as why:
            form.add_error(None, _(str(why)))
        except ValueError as why:
            form.add_error(edit.bad, _(str(why)))
    context = {
        "row": row,
        "form": form,
        "kept": kept,
        "seen": kept.get("was") or (edit.mark(row) if row else ""),
        **edit.more(form, row),
    }
    return pages.page(request, edit.template, context, status=409 if quicker else 422 if form.errors else 200)


def done(request: HttpRequest, url: str, said: str, do: Callable[..., Any]) -> HttpResponse:
    """One service call of a button, do(actor=…, at=…); its refusals are said at `url`, where the person is."""
    try:
        do(actor=pages.actor(request), at=pages.now())
    except services.NotThere:
        raise Http404 from None
    except services.Changed:
        return pages.done(request, url, _("别人刚改过，请先看看再改。"))
    except (services.Busy, Forbidden, ValueError) as why:
        return pages.done(request, url, _(str(why)))
    return pages.done(request, url, said)
