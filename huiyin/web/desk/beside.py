"""清单以外: where else residents are told to turn, and what they are asked where two items are near each other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import elsewhere
from huiyin.selectors import lists as known
from huiyin.services import lists as services
from huiyin.web.desk import editing, pages
from huiyin.web.desk.editing import Edit
from huiyin.web.desk.pages import staff
from huiyin.web.forms import beside as forms
from huiyin.web.forms.desk import item_label


def _edits(request: HttpRequest) -> bool:
    return pages.actor(request).has(Role.CO)


def _items() -> Any:
    return known.in_force(pages.now().astimezone(SHANGHAI).date()).items


@require_safe
@staff()
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of matter that is on no list, with where to turn."""
    return pages.page(request, "desk/lists/elsewhere.html", {"rows": elsewhere.kind_rows(), "edits": _edits(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def kind(request: HttpRequest, code: str) -> HttpResponse:
    row = elsewhere.kind_row(code)
    if row is None:
        raise Http404
    return _kind_page(request, row)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def new_kind(request: HttpRequest) -> HttpResponse:
    return _kind_page(request, None)


def _kind_page(request: HttpRequest, row: Any) -> HttpResponse:
    code = row.kind.code if row else None

    def save(form: Any, **who: Any) -> tuple[str, str]:
        services.save_kind(**who, code=code, data=form.cleaned_data)
        return reverse("desk:elsewhere"), _("已保存，几分钟内就用上")

    context = {
        "back": reverse("desk:elsewhere"),
        "back_to": _("不在清单的事"),
        "title": f"{code} {row.kind.name}" if row else _("加一种不在清单的事"),
        "use": reverse("desk:use_elsewhere", args=[code]) if row else "",
    }
    edit = Edit(
        template="desk/lists/beside.html",
        form=forms.KindForm,
        values=lambda row: forms.kind_values(row.kind),
        save=save,
        mark=attrgetter("mark"),
        again=lambda: elsewhere.kind_row(code or ""),
        more=lambda _form, _row: context,
    )
    return editing.page(request, row, edit)


@require_POST
@staff(Role.CO)
def use_kind(request: HttpRequest, code: str) -> HttpResponse:
    """停用, 再用, 换回项目组写的: `do` is stop, use or restore."""
    return _act(
        request,
        reverse("desk:elsewhere"),
        lambda used: partial(services.use_kind, code=code, used=used),
        partial(services.restore_kind, code=code),
    )


def _act(
    request: HttpRequest, url: str, use: Callable[[bool], Callable[..., None]], restore: Callable[..., None]
) -> HttpResponse:
    acts = {"stop": (use(False), _("已停用")), "use": (use(True), _("又用上了")), "restore": (restore, _("换回了项目组写的"))}
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    do, said = act
    return editing.done(request, url, said, partial(do, seen=request.POST.get("seen", "")))


# ── questions ────────────────────────────────────────────────────────────────────────────────


@require_safe
@staff()
def questions(request: HttpRequest) -> HttpResponse:
    """Every question, and where each answer leads."""
    items = _items()
    rows = [(row, [(answer, items.get(answer.item)) for answer in row.question.answers]) for row in elsewhere.question_rows()]
    return pages.page(request, "desk/lists/questions.html", {"rows": rows, "edits": _edits(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def question(request: HttpRequest, key: str) -> HttpResponse:
    row = elsewhere.question_row(key)
    if row is None:
        raise Http404
    return _question_page(request, row)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.CO)
def new_question(request: HttpRequest) -> HttpResponse:
    return _question_page(request, None)


def _question_page(request: HttpRequest, row: Any) -> HttpResponse:
    key = row.key if row else None
    choices = [(code, item_label(item)) for code, item in _items().items()]

    def save(form: Any, **who: Any) -> tuple[str, str]:
        services.save_question(**who, key=key, **form.data_for_service())
        return reverse("desk:questions"), _("已保存，几分钟内就用上")

    context = {
        "back": reverse("desk:questions"),
        "back_to": _("分流问句"),
        "title": row.question.ask if row else _("加一个问句"),
        "use": reverse("desk:use_question", args=[key]) if row else "",
    }
    edit = Edit(
        template="desk/lists/beside.html",
        form=partial(forms.QuestionForm, choices),
        values=lambda row: forms.question_values(row.question),
        save=save,
        mark=attrgetter("mark"),
        again=lambda: elsewhere.question_row(key or ""),
        more=lambda _form, _row: context,
    )
    return editing.page(request, row, edit)


@require_POST
@staff(Role.CO)
def use_question(request: HttpRequest, key: str) -> HttpResponse:
    """As use_kind."""
    return _act(
        request,
        reverse("desk:questions"),
        lambda used: partial(services.use_question, key=key, used=used),
        partial(services.restore_question, key=key),
    )
