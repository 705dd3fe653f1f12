"""Beside the lists the county sets where else to turn, and what is asked where two items are near each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from huiyin.records.models import BoundaryQuestion, ElsewhereKind
from huiyin.rules import boundaries
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.lists import FEWEST_PHRASES
from huiyin.selectors import elsewhere, lists
from huiyin.selectors.memory import forget_after_commit
from huiyin.selectors.people import Actor
from huiyin.services.lists.drafts import Changed, NotThere, _coordinates
from huiyin.services.writing import writing

OWN = "X-C"  # the county's own codes begin so, so that the project's next ones never meet them
Told = TypeVar("Told", elsewhere.KindRow, elsewhere.QuestionRow)
KIND_FIELDS = ("name", "name_en", "turn_to", "turn_to_en", "phrases")


def save_kind(*, actor: Actor, at: datetime, code: str | None, seen: str, data: Mapping[str, Any]) -> str:
    """Make or change a kind of matter that is on no list; `data` by KIND_FIELDS, `seen` its mark when its form was drawn. Returns its code.

    Raises Forbidden, NotThere, Changed; ValueError for too few phrases, or one that is an item's.
    """
    _coordinates(actor)
    phrases = list(dict.fromkeys(data["phrases"]))
    if len(phrases) < FEWEST_PHRASES:
        raise ValueError("居民的说法至少要四句，少了认不出来。")
    with writing():
        if {said for item in _items(at).values() for said in item.phrases} & set(phrases):
            raise ValueError("有的说法和清单里事项的一样，居民的话就分不开了。")
        row = _own_kind(code, seen) if code else ElsewhereKind(code=_next_code())
        for name in KIND_FIELDS:
            setattr(row, name, data[name])
        row.phrases = phrases
        _keep(row, actor, at, used=True)
        return row.code


def _items(at: datetime) -> Mapping[str, Any]:
    return lists.in_force(at.astimezone(SHANGHAI).date()).items


def _next_code() -> str:
    taken = ElsewhereKind.objects.filter(code__startswith=OWN).values_list("code", flat=True)
    last = max((int(code.removeprefix(OWN)) for code in taken), default=0)
    return f"{OWN}{last + 1:02d}"


def _own_kind(code: str, seen: str) -> ElsewhereKind:
    """The county's row of a kind; where there is none yet, one with the project's words."""
    kind = _unchanged(elsewhere.kind_row(code), seen).kind
    return ElsewhereKind.objects.select_for_update().filter(code=code).first() or ElsewhereKind(
        code=code,
        name=kind.name,
        name_en=kind.name_en,
        turn_to=kind.turn_to,
        turn_to_en=kind.turn_to_en,
        phrases=list(kind.text.phrases),
    )


def _unchanged(there: Told | None, seen: str) -> Told:
    """What a form was drawn of. Raises NotThere; Changed where somebody else was quicker."""
    if there is None:
        raise NotThere
    if there.mark != seen:
        raise Changed
    return there


def _keep(row: ElsewhereKind | BoundaryQuestion, actor: Actor, at: datetime, *, used: bool) -> None:
    row.used, row.changed_by_id, row.changed_at = used, actor.person, at
    row.save()
    forget_after_commit()


def _give_up(row: ElsewhereKind | BoundaryQuestion) -> None:
    """The county's words go, where there are any."""
    if row.pk is not None:
        row.delete()
    forget_after_commit()


def use_kind(*, actor: Actor, at: datetime, code: str, seen: str, used: bool) -> None:
    """Whether a kind is known at all: its messages, and where they are sent. Raises Forbidden, NotThere, Changed."""
    _coordinates(actor)
    with writing():
        _keep(_own_kind(code, seen), actor, at, used=used)


def restore_kind(*, actor: Actor, at: datetime, code: str, seen: str) -> None:
    """The project's words again in the place of the county's. Raises Forbidden, Changed; NotThere for one that only the county has."""
    _coordinates(actor)
    with writing():
        if code not in elsewhere.seeded_kinds():
            raise NotThere
        _give_up(_own_kind(code, seen))


def save_question(
    *, actor: Actor, at: datetime, key: str | None, seen: str, ask: str, ask_en: str, answers: Sequence[Mapping[str, str]]
) -> str:
    """Make or change a question; it is asked between the items that its answers name. Returns its key.

    Raises Forbidden, NotThere, Changed; ValueError for answers that do not decide, an item that is in force on no list, or a question
    between the same items that there is already.
    """
    _coordinates(actor)
    between = {answer["item"] for answer in answers}
    try:
        boundaries.one_question(between=between, ask=ask, ask_en=ask_en, answers=answers)
    except boundaries.BadQuestions:
        raise ValueError("至少要有两个回答，归到两个不同的事项。") from None
    with writing():
        if not between <= set(_items(at)):
            raise ValueError("回答里的事项要在施行的清单里。")
        new = boundaries.key(between)
        before = _own_question(key, seen) if key else None
        if new != key and elsewhere.question_row(new) is not None:
            raise ValueError("这几项之间已经有一个问句了，请改那一个。")
        if before is not None and new != key:
            _leave(before)
        row = before if before is not None and new == key else BoundaryQuestion(between=new)
        row.ask, row.ask_en, row.answers = ask, ask_en, [dict(answer) for answer in answers]
        _keep(row, actor, at, used=True)
        return new


def _leave(row: BoundaryQuestion) -> None:
    """Its items became others: the old question goes; the project's own is only not used any more."""
    if row.between in elsewhere.seeded_questions():
        row.used = False
        row.save()
    elif row.pk is not None:
        row.delete()


def _own_question(key: str, seen: str) -> BoundaryQuestion:
    """As _own_kind."""
    told = _unchanged(elsewhere.question_row(key), seen).question
    return BoundaryQuestion.objects.select_for_update().filter(between=key).first() or BoundaryQuestion(
        between=key,
        ask=told.ask,
        ask_en=told.ask_en,
        answers=[{"text": one.text, "text_en": one.text_en, "item": one.item} for one in told.answers],
    )


def use_question(*, actor: Actor, at: datetime, key: str, seen: str, used: bool) -> None:
    """Whether a question is asked at all. Raises Forbidden, NotThere, Changed."""
    _coordinates(actor)
    with writing():
        _keep(_own_question(key, seen), actor, at, used=used)


def restore_question(*, actor: Actor, at: datetime, key: str, seen: str) -> None:
    """The project's question again in the place of the county's. Raises Forbidden, Changed; NotThere for one that only the county has."""
    _coordinates(actor)
    with writing():
        if key not in elsewhere.seeded_questions():
            raise NotThere
        _give_up(_own_question(key, seen))
