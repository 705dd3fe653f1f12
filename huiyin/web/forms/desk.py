"""Forms of acts, drawn from the table's rows: one control per kind of field, with choices and sensible first values from the case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.rules import codes, law, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.evidence import PHOTOS
from huiyin.rules.workflow.acts import Basis
from huiyin.rules.workflow.fields import FIELDS, Field, Kind
from huiyin.rules.workflow.inquiry.common import SPOT_LIMITS
from huiyin.rules.workflow.table import Row, is_fact, label
from huiyin.rules.workflow.vocabulary import CAN_LEAD, PENALTIES, BodyKind, Proof, Role
from huiyin.selectors import lists, places
from huiyin.selectors.cases import Dossier, police, sees_parties
from huiyin.selectors.people import Actor
from huiyin.services.cases.inquiry import ACTS
from huiyin.web import wording
from huiyin.web.forms import firsts

Choices = list[tuple[Any, Any]]
MOST_YUAN = 1_000_000_000
BEGINNING = 16
FEW = 5  # up to so many choices are shown as buttons
DUE_DAYS = 3
JUST_NOW = timedelta(minutes=2)
CLOCKS = range(1970, 2100)  # years that the clock of a phone can show; whatever else is sent is no time
PARTNERS = frozenset({BodyKind.DEPARTMENT, BodyKind.UTILITY})


@dataclass(frozen=True, slots=True)
class Asking:
    """What a field's choices and first value may depend on."""

    row: Row
    dossier: Dossier
    actor: Actor
    at: datetime

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()


#: Fields that are called otherwise in one act: an echo goes to the reporters, not to a firm.
LABELS = {("echo", "photos"): gettext_lazy("给反映人看的照片")}


class ActForm(forms.Form):
    """A form for one row. `given` has what services/cases.act takes: values by field name, empty ones left out."""

    happened = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    claimed_at = forms.DateTimeField(required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ", "iso"])

    def __init__(self, asking: Asking, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.asking = asking
        self.fact = is_fact(asking.row.action)
        self.fields["happened"].label = _("什么时候的事")
        self.fields["happened"].help_text = _("不填就是现在。补记过去的事才填")
        if not self.fact:
            del self.fields["happened"]
        del self.fields["claimed_at"]  # read by hand: a phone's clock must never make the form fail
        for name in asked(asking.row):
            self.fields[name] = control(FIELDS[name], asking)
            self.fields[name].required = name in asking.row.needs
            self.fields[name].label = LABELS.get((asking.row.action, name)) or _(FIELDS[name].label)
            self.fields[name].help_text = self.fields[name].help_text or (_(FIELDS[name].help) if FIELDS[name].help else "")
        for name, value in firsts.of(asking).items() if asking.row.action in ACTS else ():
            if name in self.fields and _can_be(self.fields[name], value):
                self.fields[name].initial = value
        if "lead" in self.fields and "item" in self.fields:
            self.fields["lead"].required = False

    def clean_happened(self) -> datetime | None:
        """What somebody types can be put right; what a phone's clock says is kept and doubted."""
        said: datetime | None = self.cleaned_data["happened"]
        try:
            return texts.occurred_at(said, self.asking.at) if said else None
        except texts.Bad as bad:
            raise forms.ValidationError(_(bad.template) % bad.values) from bad

    def clean(self) -> dict[str, Any]:
        """Without a lead the list's own is meant; a number is read as people type it."""
        given = super().clean() or {}
        if "lead" in self.fields and not given.get("lead") and given.get("item"):
            item = lists.find(str(given["item"]), self.asking.day)
            lead = places.lead_body(item.lead, self.asking.dossier.context.place) if item else None
            if lead is None:
                self.add_error("lead", _("清单上的牵头单位在这里找不到，请选一个。"))
            given["lead"] = lead
        if given.get("survivor"):
            try:
                given["survivor"] = codes.number(given["survivor"])
            except texts.Bad as bad:
                self.add_error("survivor", _(bad.template) % bad.values)
        return given

    @property
    def given(self) -> dict[str, Any]:
        names = asked(self.asking.row)
        found = {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name) not in (None, "", [])}
        numbers = [name for name in found if FIELDS[name].kind is Kind.ENTRY]
        return {**found, **{name: self.asking.dossier.numbered(found[name]) for name in numbers}}

    @property
    def claimed(self) -> datetime | None:
        """When a fact is said to have happened: what was typed, else when the form was sent off on the phone. A clock that differs by
        less than JUST_NOW means now."""
        if not self.fact:
            return None
        said: datetime | None = self.cleaned_data.get("happened") or _moment(str(self.data.get("claimed_at", "")))
        return None if said is None or abs(said - self.asking.at) < JUST_NOW else said


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.year in CLOCKS else None


def for_row(
    row: Row, dossier: Dossier, actor: Actor, at: datetime, data: Any = None, initial: Mapping[str, Any] | None = None
) -> ActForm:
    """The form of `row` on this case for this actor. `initial` overrides first values (a link that fills in what it knows)."""
    return ActForm(Asking(row, dossier, actor, at), data, initial)


def asked(row: Row) -> list[str]:
    """Field names in the order they are asked; photos are uploaded beside the form."""
    return [name for name in (*row.needs, *row.may) if FIELDS[name].kind is not Kind.FILES]


def takes_files(row: Row) -> bool:
    return any(FIELDS[name].kind is Kind.FILES for name in (*row.needs, *row.may))


def _can_be(field: forms.Field, value: Any) -> bool:
    """Whether a control offers the value at all."""
    if not isinstance(field, forms.ChoiceField) or isinstance(value, list):
        return True
    return any(str(value) == str(choice) for choice, _name in choices_of(field))


def choices_of(field: forms.Field) -> list[tuple[object, object]]:
    return list(getattr(field, "choices", ()))


# ── one control per kind ─────────────────────────────────────────────────────────────────────


def control(field: Field, asking: Asking) -> forms.Field:
    """The form field for a field of the table."""
    return _CONTROLS[field.kind](field, asking)


#: Words of a line: a witness, a place.
LINES = frozenset({"witness", "where", "kept_where"})


def _words(field: Field, asking: Asking) -> forms.Field:
    if field.name in LINES:
        return forms.CharField(max_length=field.limit, initial=field.initial)
    return forms.CharField(
        max_length=field.limit,
        widget=forms.Textarea(attrs={"rows": 5 if field.name == "reply" else 2}),
        initial=field.initial,
    )


def _text(field: Field, asking: Asking) -> forms.Field:
    return forms.CharField(max_length=field.limit, initial=field.initial)


def _code(field: Field, asking: Asking) -> forms.Field:
    choices = [(value, _(name)) for value, name in field.choices]
    if field.name == "result":
        choices = _fitting_results(choices, asking)
    first = _first_code(field, asking)
    needed = field.name in asking.row.needs
    if len(choices) > FEW:
        return forms.ChoiceField(choices=[("", _("请选择")), *choices], initial=first)
    if field.name == "hearing_told":
        return forms.ChoiceField(choices=choices, initial=first, widget=forms.RadioSelect, help_text=_hearing_hint(asking))
    # A choice that may be left open must be able to be left open.
    return forms.ChoiceField(choices=choices, initial=first if needed or field.initial else None, widget=forms.RadioSelect)


def _hearing_hint(asking: Asking) -> str:
    """From which fine on a hearing must be offered: the line of the actor's department, or that none is on record."""
    body = next((one for pk in sorted(asking.actor.bodies) if (one := places.bodies().get(pk)) is not None), None)
    if body is None:
        return ""
    lines = {"person": body.hearing_person, "firm": body.hearing_firm}
    told = {kind: line if line is not None else SPOT_LIMITS[kind] + 1 for kind, line in lines.items()}
    said = _("公民罚款 %(person)s 元以上、单位罚款 %(firm)s 元以上，或者行政处罚法第六十三条的其他处罚，要告知") % {
        kind: f"{line:,}" for kind, line in told.items()
    }
    if None in lines.values():
        said += wording.bracketed(_("本部门的听证线没有登记，按当场处罚限额算"))
    if body.pk in police():
        said += _("；治安罚款四千元以上，或者吊销许可证、责令停产停业的，也要告知（治安管理处罚法第一百一十七条）")
    return said


def _fitting_results(choices: Choices, asking: Asking) -> Choices:
    """All results; those nobody can reach on this case stand last."""
    item = asking.dossier.context.item
    unlikely = ({"withdrawn"} if asking.dossier.state.inquiry.decisions else {"punished", "withdrawn"}) | (
        {"stopped"} if item and item.safety_baseline else set()
    )
    return sorted(choices, key=lambda choice: choice[0] in unlikely)


def _first_code(field: Field, asking: Asking) -> str:
    """What is meant most often: a clerk persuades as the community, a firm as the firm; a photo proves when there is one."""
    role = asking.actor.postings[0].role if asking.actor.postings else None
    state = asking.dossier.state
    match field.name:
        case "persuader":
            return {Role.COM: "community", Role.PRO: "firm"}.get(role, "department") if role else "department"
        case "stopped":
            return "yes"
        case "proof":
            return Proof.PHOTO if asking.dossier.context.files else ""
        case "result":
            complied = any(order.complied == "yes" for order in state.orders.values())
            last = next(reversed(state.did("recheck")), None)
            if complied:
                return "corrected"
            if last is not None and last.data.get("state") == "stopped":
                return "corrected" if asking.dossier.case.safety_baseline else "stopped"
            return "coordinated" if asking.dossier.case.listing == "service" else ""
    return field.initial


def _date(field: Field, asking: Asking) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), initial=_first_date(field, asking))


def _first_date(field: Field, asking: Asking) -> date | None:
    days = (asking.dossier.item.recheck_days if asking.dossier.item else None) or DUE_DAYS
    match field.name:
        case "recheck_on" | "due":
            return _workday(asking.day + timedelta(days=days))
        case "until":
            return asking.day + timedelta(days=15)
    return None


def _workday(day: date) -> date:
    while not places.calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def _days(field: Field, asking: Asking) -> forms.Field:
    item = asking.dossier.context.item
    return forms.IntegerField(min_value=1, max_value=item.close_workdays if item else 60, initial=1)


def _item(field: Field, asking: Asking) -> forms.Field:
    """Items of both lists by category, what the case was taken for first."""
    state, tree = asking.dossier.state, lists.in_force(asking.day)
    near = [code for code in dict.fromkeys((state.suggested, state.item)) if code in tree.items]
    groups: dict[str, Choices] = {_("最像的"): [(code, item_label(tree.items[code])) for code in near]} if near else {}
    for code, item in tree.items.items():
        name = item.category_name_en if wording.english() and item.category_name_en else item.category_name
        groups.setdefault(name, []).append((code, item_label(item)))
    first = "" if asking.row.action == "reclassify" else (near[0] if near else "")
    return forms.ChoiceField(choices=[("", _("请选事项")), *((name, rows) for name, rows in groups.items())], initial=first)


def item_named(item: Any) -> str:
    return str(item.name_en if wording.english() and item.name_en else item.name)


def item_label(item: Any) -> str:
    return f"{item.code} {item_named(item)}"


def _body(field: Field, asking: Asking) -> forms.Field:
    able = PARTNERS | CAN_LEAD if field.name == "body" else CAN_LEAD
    choices = body_choices(asking, able)
    if field.name == "body":
        choices = [(pk, name) for pk, name in choices if pk != asking.dossier.state.lead]
    blank = _("按清单，由清单上的单位牵头") if field.name == "lead" and "item" in asked(asking.row) else _("请选择")
    return _Ids(choices=[("", blank), *choices])


def body_choices(asking: Asking, kinds: Iterable[BodyKind]) -> Choices:
    """Bodies that matter here: the county's departments, and of offices and firms only those of this place."""
    place = asking.dossier.context.place
    here = {place.office, place.township, place.firm}
    county = {BodyKind.DEPARTMENT, BodyKind.UTILITY, BodyKind.COURT}
    wanted = set(kinds)
    return [
        (body.pk, body.name)
        for body in places.bodies().values()
        if body.active and BodyKind(body.kind) in wanted and (BodyKind(body.kind) in county or body.pk in here)
    ]


def _bodies(field: Field, asking: Asking) -> forms.Field:
    kinds = (PARTNERS | CAN_LEAD) if field.name == "cooperating" else (PARTNERS | CAN_LEAD | {BodyKind.COURT})
    hint = _("不勾选，就按清单上的配合单位") if field.name == "cooperating" else ""
    return ManyIds(choices=body_choices(asking, kinds), widget=forms.CheckboxSelectMultiple, help_text=hint)


def _firm(field: Field, asking: Asking) -> forms.Field:
    place, bodies = asking.dossier.context.place, places.bodies()
    able = [place.firm, place.office] if asking.row.action == "ask_dissuade" or place.firm is None else [place.firm]
    choices = [(pk, bodies[pk].name) for pk in able if pk is not None and pk in bodies]
    return _Ids(choices=choices, initial=choices[0][0] if choices else None, widget=forms.RadioSelect)


def people_of_lead(dossier: Dossier, day: date) -> Choices:
    """Who speaks for the body in charge today."""
    lead = dossier.context.lead
    found: dict[int, str] = {}
    for view in dossier.postings.values():
        speaks = lead is not None and (
            view.body == lead.id
            or (view.role == Role.COM and lead.id == dossier.context.place.office and view.rule.community is not None)
        )
        if speaks and view.rule.holds(day) and view.person not in dossier.state.recused:
            found[view.person] = view.name
    return list(found.items())


def _person(field: Field, asking: Asking) -> forms.Field:
    choices = colleagues(asking) if field.name == "chair" else people_of_lead(asking.dossier, asking.day)
    first = asking.dossier.state.handler if field.name == "who" else None
    blank = _("我自己") if asking.row.action == "accept" else _("请选择")
    return _Ids(choices=[("", blank), *choices], initial=first)


def _persons(field: Field, asking: Asking) -> forms.Field:
    choices = colleagues(asking) if field.name == "members" else people_of_lead(asking.dossier, asking.day)
    return ManyIds(choices=choices, widget=forms.CheckboxSelectMultiple)


def colleagues(asking: Asking) -> Choices:
    """People of the actor's own bodies who are posted there today."""
    found = {
        view.person: view.name
        for view in asking.dossier.postings.values()
        if view.body in asking.actor.bodies and view.rule.holds(asking.day) and view.person not in asking.dossier.state.recused
    }
    return list(found.items())


def _officer(field: Field, asking: Asking) -> forms.Field:
    """Officers of the bodies in charge whose badge is good today, without oneself."""
    names = {view.person: view.name for view in asking.dossier.postings.values()}
    choices = []
    for person, held in asking.dossier.context.officers.items():
        valid = [posting for posting in held if posting.badge_valid(asking.day)]
        if valid and person != asking.actor.person and person not in asking.dossier.state.recused:
            expires = max(posting.badge_expires for posting in valid if posting.badge_expires)
            until = _("执法证有效到 %(day)s") % {"day": wording.day(expires, asking.at)}
            choices.append((person, names.get(person, "") + wording.bracketed(until)))
    return _Ids(choices=[("", _("请选择")), *choices])


def _entry(field: Field, asking: Asking) -> forms.Field:
    choices = entry_choices(asking)
    blank = _("请选择") if choices else _("没有您可以选的记录")
    return _Ids(
        choices=choices if len(choices) == 1 else [("", blank), *choices],
        initial=choices[0][0] if len(choices) == 1 else None,
    )


def entry_choices(asking: Asking) -> Choices:
    """The entries an act can be about: what is open for this actor, newest first."""
    state, context, actor = asking.dossier.state, asking.dossier.context, asking.actor
    match asking.row.action:
        case "property_reply":
            able = [seq for seq, answered in state.urges.items() if not answered] or list(state.urges)
        case "help":
            able = [seq for seq, body in state.helps.items() if body in actor.bodies or body == context.place.office]
        case "recall_help":
            able = list(state.helps)
        case "comply":
            able = [seq for seq, order in state.orders.items() if order.counted and not order.withdrawn]
        case "approve":
            able = [seq for seq in state.unapproved if (kept := state.entry(seq)) and context.body(kept) in actor.bodies]
        case "serve" | "perform" | "court" | "publish" | "demand":
            able = [made.seq for made in state.decisions if made.body in actor.bodies]
        case "announce" | "enforce":
            able = [made.seq for made in state.decisions]
        case "unpublish":
            able = [made.seq for made in state.decisions if made.published and made.body in actor.bodies]
        case "lift" | "propose":
            able = [one.seq for one in state.inquiry.standing_measures if one.body in actor.bodies]
        case "countersign":
            able = [seq for seq, person in state.pending.items() if person == actor.person]
        case "mask":
            able = [
                entry.seq
                for entry in state.entries
                if entry.action == "name_party" or entry.seq in asking.dossier.words or entry.seq in asking.dossier.attachments
            ]
        case "correct":
            every = actor.has(Role.CO)
            able = [entry.seq for entry in state.entries if every or context.person(entry) == actor.person]
        case _:
            able = [entry.seq for entry in state.entries]
    return [(asking.dossier.number(seq), entry_label(asking, seq)) for seq in sorted(able, reverse=True)]


def entry_label(asking: Asking, seq: int) -> str:
    entry = asking.dossier.state.entry(seq)
    if entry is None:
        return str(seq)
    who = asking.dossier.who(entry)
    said = _("第 %(n)d 条") % {"n": asking.dossier.number(seq)}
    return wording.listed((said, _(label(entry.action)), wording.day(entry.at), who.name if who else ""), "，")


def report_choices(dossier: Dossier) -> Choices:
    """第 1 条，11月3日: the reports still on the case, by number, never by name."""
    return [
        (given.id, _("第 %(n)d 条，%(day)s") % {"n": n, "day": wording.day(given.at)})
        for n, given in enumerate(dossier.state.reports.values(), 1)
        if not given.withdrawn
    ]


def _report(field: Field, asking: Asking) -> forms.Field:
    choices = report_choices(asking.dossier)
    if len(choices) == 1:
        return _Ids(choices=choices, initial=choices[0][0])
    return _Ids(choices=[("", _("请选择")), *choices])


def _reports(field: Field, asking: Asking) -> forms.Field:
    return ManyIds(choices=report_choices(asking.dossier), widget=forms.CheckboxSelectMultiple)


def _case(field: Field, asking: Asking) -> forms.Field:
    return forms.CharField(max_length=20, help_text=_("件号，例如 2611-00379"))


def _basis(field: Field, asking: Asking) -> forms.Field:
    """Clauses of the item: those in force first, the others with what is wrong."""
    kinds = BASIS_KINDS.get(asking.row.action, BASIS_KINDS["order"])
    bases = sorted(asking.dossier.context.bases.values(), key=lambda basis: not usable(basis, asking.day, kinds))
    named = Counter(basis.label for basis in bases)
    choices = [
        (basis.id, basis_label(basis, asking.day, kinds) + (_begins(basis) if named[basis.label] > 1 else "")) for basis in bases
    ]
    good = [basis.id for basis in bases if usable(basis, asking.day, kinds)]
    return _Ids(choices=[("", _("请选择")), *choices], initial=good[0] if len(good) == 1 else None)


#: On which kinds of clauses an act may rest; an order on a duty too, a penalty on a liability, a coercive measure on a power.
BASIS_KINDS: Mapping[str, frozenset[str]] = {
    "order": frozenset({"duty", "liability"}),
    "open_file": frozenset({"liability"}),
    "advance_notice": frozenset({"liability"}),
    "decide": frozenset({"liability"}),
    "spot_penalty": frozenset({"liability"}),
    "seize": frozenset({"force"}),
}


def _begins(basis: Basis) -> str:
    """How a clause begins, to tell it from another of the same article."""
    return f"：{basis.quote[:BEGINNING]}…" if basis.quote else ""


def usable(basis: Basis, day: date, kinds: frozenset[str]) -> bool:
    """Whether an act may rest on the clause that day."""
    return basis.in_force(day) and basis.kind in kinds


def basis_label(basis: Basis, day: date, kinds: frozenset[str]) -> str:
    if not basis.in_force(day):
        return basis.label + wording.bracketed(_("今天不在有效期"))
    if basis.kind not in kinds:
        return basis.label + wording.bracketed(_("不能作这一步的依据"))
    return wording.listed((basis.label + wording.bracketed(_("有效")), basis.applies), "，")


def _compound(field: Field, asking: Asking) -> forms.Field:
    return _Ids(choices=[("", _("请选择")), *compound_choices()], initial=None)


def compound_choices() -> Choices:
    """Active compounds by community, for a select that also works without scripts."""
    groups: dict[str, Choices] = {}
    for row in places.compounds().values():
        if row.active:
            groups.setdefault(row.community_name, []).append((row.id, row.name))
    return [(name, rows) for name, rows in sorted(groups.items())]


def _photos(field: Field, asking: Asking) -> forms.Field:
    choices = [
        (photo.pk, str(seq))
        for seq, kept in sorted(asking.dossier.attachments.items())
        for photo in kept
        if photo.state in {"ready", "received"} and photo.kind in PHOTOS
    ]
    return ManyIds(choices=choices, widget=forms.CheckboxSelectMultiple)


def _codes(field: Field, asking: Asking) -> forms.Field:
    able = _lawful_kinds(asking) if field.name == "penalties" else frozenset(dict(field.choices))
    choices = [(value, _(name)) for value, name in field.choices if value in able]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)


def _lawful_kinds(asking: Asking) -> frozenset[str]:
    """Kinds of penalties that clauses of the item name, all where one says it only in words; detention for the police alone."""
    every = frozenset(dict(PENALTIES)) - (frozenset() if asking.actor.bodies & police() else {"detention"})
    named = [law.kinds_in(basis.quote) for basis in asking.dossier.context.bases.values() if basis.kind == "liability"]
    return every & frozenset().union(*named) if named and all(named) else every


def _money(field: Field, asking: Asking) -> forms.Field:
    return forms.IntegerField(
        min_value=0, max_value=MOST_YUAN, widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1})
    )


def _moment_field(field: Field, asking: Asking) -> forms.Field:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        initial=asking.at.astimezone(SHANGHAI) if field.name == "ended" else None,
    )


def _party(field: Field, asking: Asking) -> forms.Field:
    """The parties named on this case, by name for who may see them."""
    seen = sees_parties(asking.dossier, asking.actor)
    choices = [
        (party.id, party.name if seen and party.name else _("第 %(n)d 条登记的当事人") % {"n": asking.dossier.number(party.seq)})
        for party in asking.dossier.parties.values()
    ]
    first = choices[0][0] if len(choices) == 1 else None
    return _Ids(choices=[("", _("还没有登记") if not choices else _("请选择")), *choices], initial=first)


def _bases(field: Field, asking: Asking) -> forms.Field:
    able = [(basis.id, basis.label) for basis in asking.dossier.context.bases.values() if basis.kind == "liability"]
    return ManyIds(choices=able, widget=forms.CheckboxSelectMultiple)


class _Ids(forms.TypedChoiceField):
    """One of some records, by id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **options)


class ManyIds(forms.TypedMultipleChoiceField):
    """Some records, by id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=int, empty_value=[], required=False, **options)


_CONTROLS: dict[Kind, Callable[[Field, Asking], forms.Field]] = {
    Kind.WORDS: _words,
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.DATE: _date,
    Kind.DAYS: _days,
    Kind.ITEM: _item,
    Kind.BODY: _body,
    Kind.BODIES: _bodies,
    Kind.FIRM: _firm,
    Kind.PERSON: _person,
    Kind.PERSONS: _persons,
    Kind.OFFICER: _officer,
    Kind.ENTRY: _entry,
    Kind.REPORT: _report,
    Kind.REPORTS: _reports,
    Kind.CASE: _case,
    Kind.BASIS: _basis,
    Kind.COMPOUND: _compound,
    Kind.PHOTOS: _photos,
    Kind.CODES: _codes,
    Kind.MONEY: _money,
    Kind.MOMENT: _moment_field,
    Kind.PARTY: _party,
    Kind.SEALED: _text,
    Kind.BASES: _bases,
}
