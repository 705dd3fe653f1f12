"""How the forms of acts are laid out: the longer ones of 三查 in the order of the work, what is seldom needed folded away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.rules.workflow.fields import FIELDS, Kind
from huiyin.web.forms.desk import FEW, ActForm, ManyIds, asked, choices_of

IN_A_ROW = 14  # characters of all choices up to which they stand in one row of buttons

_WHO, _WHAT, _HOW, _WHEN = _("对谁"), _("什么事"), _("处罚或者措施"), _("时间、地点")
_DONE, _SIGNED, _TOLD = _("现场做到了"), _("签字"), _("告知")

#: Parts of a form by act: a heading and its fields. Fields that no part names come after them: what must be given plainly, the rest folded.
PARTS: Mapping[str, tuple[tuple[Any, tuple[str, ...]], ...]] = {
    "name_party": ((_WHO, ("party_kind", "party_name", "party_id", "party_address", "party_phone")),),
    "approve": (("", ("of", "yes", "why")),),
    "open_file": (
        (_WHAT, ("filing", "basis", "offence_on", "suspected", "why")),
        (_WHO, ("party",)),
        (_SIGNED, ("second",)),
    ),
    "inspect": (
        (_WHEN, ("began", "ended", "where")),
        (_WHAT, ("found", "party")),
        (_DONE, ("id_shown", "signing", "witness", "second")),
    ),
    "interview": (
        (_WHO, ("subject", "party", "guardian")),
        (_WHEN, ("began", "ended", "where")),
        (_WHAT, ("answers",)),
        (_DONE, ("id_shown", "rights_told", "signing", "witness", "second")),
    ),
    "preserve": ((_WHAT, ("things", "kept_where", "until", "party")), (_SIGNED, ("witness", "second"))),
    "advance_notice": (
        (_WHO, ("party",)),
        (_WHAT, ("suspected", "basis", "reasons")),
        (_HOW, ("penalties", "amount")),
        (_TOLD, ("hearing_told", "delivered_on", "due")),
    ),
    "decide": (
        (_HOW, ("decision", "penalties", "amount", "removal")),
        (_WHAT, ("basis", "reasons", "mitigation")),
        (_("决定之前"), ("circumstances", "educated")),
    ),
    "spot_penalty": (
        (_WHO, ("party",)),
        (_WHAT, ("suspected", "offence_on", "basis")),
        (_HOW, ("spot_kinds", "amount", "collection", "ticket")),
        (_DONE, ("id_shown", "rights_told", "heard_there", "signing", "witness", "second")),
    ),
    "seize": (
        (_WHAT, ("measure", "basis", "things", "kept_where", "until", "party")),
        (_DONE, ("id_shown", "rights_told", "heard_there", "necessities", "urgent", "signing", "witness", "second")),
    ),
    "enforce": (
        (_HOW, ("means", "of", "done")),
        (_WHEN, ("began", "dwelling", "contested")),
        (_DONE, ("id_shown", "witness", "second")),
    ),
}


@dataclass(frozen=True, slots=True)
class Laid:
    """A field on the page: `look` is plain, seg, folded, photos or compound."""

    bound: forms.BoundField
    look: str


@dataclass(frozen=True, slots=True)
class Part:
    """Fields under one heading; `folded` for what is seldom needed, open where it holds a mistake or a value."""

    heading: str
    fields: list[Laid]
    folded: bool = False

    @property
    def open(self) -> bool:
        return any(laid.bound.errors or (laid.bound.form.is_bound and laid.bound.data) for laid in self.fields)


def laid_out(form: ActForm) -> list[Part]:
    """Visible fields by part: what must be given first, then what may be; a long form in the order of the work."""
    names = [name for name in asked(form.asking.row) if _shown(form, name)]
    parts = PARTS.get(form.asking.row.action, ())
    found = [Part(str(heading), _laid(form, [name for name in wanted if name in names])) for heading, wanted in parts]
    rest = [name for name in names if not any(name in wanted for _heading, wanted in parts)]
    if not parts:
        return [Part("", _laid(form, rest))]
    plain = [name for name in rest if form.fields[name].required]
    rare = [name for name in rest if not form.fields[name].required]
    found += [Part("", _laid(form, plain)), Part(gettext("少见的情形"), _laid(form, rare), folded=True)]
    return [part for part in found if part.fields]


def _laid(form: ActForm, names: Iterable[str]) -> list[Laid]:
    return [Laid(form[name], _look(form, name)) for name in names]


def _shown(form: ActForm, name: str) -> bool:
    """Nothing to choose from and nothing needed: not asked."""
    field = form.fields[name]
    return field.required or not isinstance(field, ManyIds) or bool(choices_of(field))


def _look(form: ActForm, name: str) -> str:
    kind, field = FIELDS[name].kind, form.fields[name]
    if kind in {Kind.PHOTOS, Kind.COMPOUND}:
        return kind.value
    if isinstance(field.widget, forms.RadioSelect) and sum(len(str(text)) for _value, text in choices_of(field)) <= IN_A_ROW:
        return "seg"
    if isinstance(field.widget, forms.CheckboxSelectMultiple) and not field.required and len(choices_of(field)) > FEW:
        return "folded"
    return "plain"
