"""清单以外: where else residents are told to turn, and what they are asked where two items are near each other."""

from __future__ import annotations

from collections.abc import Callable
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
from huiyin.services.people import Forbidden
from huiyin.web.desk import pages
from huiyin.web.desk.governing import CHANGED
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
    kept = pages.held(request)
    initial = forms.kind_values(row.kind) if row else {}
    form = forms.KindForm(request.POST if request.method == "POST" else None, initial=kept or initial)

    def save(who: dict[str, Any]) -> str:
        services.save_kind(**who, code=row.kind.code if row else None, data=form.cleaned_data)
        return reverse("desk:elsewhere")

    title = f"{row.kind.code} {row.kind.name}" if row else _("加一种不在清单的事")
    context = {"back": reverse("desk:elsewhere"), "back_to": _("不在清单的事"), "title": title}
    if row:
        context["use"] = reverse("desk:use_elsewhere", args=[row.kind.code])
    return _edited(
        request, form, row, kept, context, save, lambda: _there(elsewhere.kind_row(row.kind.code), forms.kind_values, "kind")
    )


def _there(row: Any, values: Callable[[Any], dict[str, Any]], name: str) -> tuple[Any, dict[str, Any]]:
    if row is None:
        raise Http404
    return row, values(getattr(row, name))


def _edited(
    request: HttpRequest,
    form: Any,
    row: Any,
    kept: dict[str, Any],
    context: dict[str, Any],
    save: Callable[[dict[str, Any]], str],
    there: Callable[[], tuple[Any, dict[str, Any]]],
) -> HttpResponse:
    """A form of the county's words: saved, or shown again with what is wrong or what somebody else wrote meanwhile."""
    status = 200
    if request.method == "POST" and form.is_valid():
        who = {"actor": pages.actor(request), "at": pages.now(), "seen": request.POST.get("seen", "")}
        try:
            return pages.done(request, save(who), _("已保存，几分钟内就用上"))
        except services.Changed:
            row, values = there()
            status = 409
            form.set_beside(values)
            form.add_error(None, _(CHANGED))
        except services.NotThere:
            raise Http404 from None
        except (Forbidden, ValueError) as why:
            form.add_error(None, _(str(why)))
    context |= {
        "form": form,
        "row": row,
        "kept": kept,
        "seen": kept.get("was") or (row.mark if row else ""),
        "author": request.user.pk,
    }
    return pages.page(request, "desk/lists/beside.html", context, status=status if status != 200 else 422 if form.errors else 200)


@require_POST
@staff(Role.CO)
def use_kind(request: HttpRequest, code: str) -> HttpResponse:
    """停用, 再用, 换回项目组写的: `do` is stop, use or restore."""
    return _act(
        request,
        reverse("desk:elsewhere"),
        lambda used: lambda **who: services.use_kind(**who, code=code, used=used),
        lambda **who: services.restore_kind(**who, code=code),
    )


def _act(
    request: HttpRequest, url: str, use: Callable[[bool], Callable[..., None]], restore: Callable[..., None]
) -> HttpResponse:
    acts = {"stop": (use(False), _("已停用")), "use": (use(True), _("又用上了")), "restore": (restore, _("换回了项目组写的"))}
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    do, said = act
    try:
        do(actor=pages.actor(request), at=pages.now(), seen=request.POST.get("seen", ""))
    except services.NotThere:
        raise Http404 from None
    except services.Changed:
        return pages.done(request, url, _("别人刚改过，请先看看再改。"))
    return pages.done(request, url, said)


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
    kept = pages.held(request)
    initial = forms.question_values(row.question) if row else {}
    choices = [(code, item_label(item)) for code, item in _items().items()]
    form = forms.QuestionForm(choices, request.POST if request.method == "POST" else None, initial=kept or initial)

    def save(who: dict[str, Any]) -> str:
        services.save_question(**who, key=row.key if row else None, **form.data_for_service())
        return reverse("desk:questions")

    context = {
        "back": reverse("desk:questions"),
        "back_to": _("分流问句"),
        "title": row.question.ask if row else _("加一个问句"),
    }
    if row:
        context["use"] = reverse("desk:use_question", args=[row.key])
    return _edited(
        request,
        form,
        row,
        kept,
        context,
        save,
        lambda: _there(elsewhere.question_row(row.key), forms.question_values, "question"),
    )


@require_POST
@staff(Role.CO)
def use_question(request: HttpRequest, key: str) -> HttpResponse:
    """As use_kind."""
    return _act(
        request,
        reverse("desk:questions"),
        lambda used: lambda **who: services.use_question(**who, key=key, used=used),
        lambda **who: services.restore_question(**who, key=key),
    )
