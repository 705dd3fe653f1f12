"""Forms of the lists: an item, a clause, a law, a designation, the day of publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.rules import law as statutes
from huiyin.rules.lists import ENOUGH_PHRASES, FEWEST_PHRASES, FIRST_LABELS, KINDS, PLACE_LABELS, TEST_LABELS
from huiyin.rules.workflow.vocabulary import BodyKind
from huiyin.selectors import governance, places
from huiyin.web.forms.settings import body_choices, day_input

URGENCIES = (("急", gettext_lazy("急")), ("快", gettext_lazy("快")), ("常", gettext_lazy("常")))
PERSUADABLE = (("yes", gettext_lazy("能")), ("limited", gettext_lazy("有限")), ("no", gettext_lazy("不能")))
KIND_LABELS = {
    "duty": gettext_lazy("义务"),
    "liability": gettext_lazy("责任（可处罚）"),
    "force": gettext_lazy("强制"),
    "procedure": gettext_lazy("程序"),
    "civil": gettext_lazy("民事"),
    "definition": gettext_lazy("定义"),
    "exception": gettext_lazy("例外"),
}
PLACES = tuple((code, gettext_lazy(label)) for code, label in PLACE_LABELS.items())
#: Measures in words, in the order of the form; fines with figures stand apart.
MEASURES = {
    "order": gettext_lazy("责令"),
    "warning": gettext_lazy("警告"),
    "fine_person_note": gettext_lazy("对个人罚款的说明"),
    "fine_firm_note": gettext_lazy("对单位罚款的说明"),
    "detention": gettext_lazy("拘留"),
    "coercion": gettext_lazy("强制"),
    "other": gettext_lazy("其他"),
}
FINES = {"person": gettext_lazy("对个人罚款（元）"), "firm": gettext_lazy("对单位罚款（元）")}
TEST_HELP = {
    "resonance": gettext_lazy("多少人反映、多久一次，例如：近一年反映 41 件，三个小区都有"),
    "beyond_property": gettext_lazy("物业、社区试过什么、为什么不行，例如：物业劝过 30 次，没有权限处置"),
    "efficacy": gettext_lazy("列进清单以后好在哪里，例如：不再退来退去，一半在五天内办完"),
}
MOST = 100_000_000  # yuan
SHOWN_OF_QUOTE = 12  # characters from where a quotation strays


def _lines(value: str) -> list[str]:
    """One text a line, blank lines and repetitions left out."""
    return list(dict.fromkeys(line.strip() for line in value.splitlines() if line.strip()))


def leads() -> list[tuple[str, Any]]:
    """Codes that may lead: bodies, and those that differ from place to place."""
    departments = [body for body in places.bodies().values() if body.active and body.kind == BodyKind.DEPARTMENT]
    return [
        ("wuye", _("小区物业（没有物业的由社区办）")),
        ("zhenjie", _("乡镇、街道")),
        *((body.code, body.name) for body in departments),
    ]


def partners() -> list[tuple[str, Any]]:
    """Codes that may help: who may lead, the utilities and the court."""
    others = [body for body in places.bodies().values() if body.active and body.kind in {BodyKind.UTILITY, BodyKind.COURT}]
    return [*leads(), *((body.code, body.name) for body in others)]


class Lines(forms.CharField):
    """Texts, one a line; its value is a list."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        super().__init__(widget=forms.Textarea, required=False, **options)
        self.rows = rows

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        return _lines(super().clean(value) or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One heading of a long form: fields side by side, then fields over the whole width, each with what stands in the draft now where
    that differs from what was typed. `about` names the group for the page."""

    about: str
    heading: str
    beside: list[tuple[Any, str | None]]
    whole: list[tuple[Any, str | None]]


class LongForm(forms.Form):
    """A form that two people may have open at once: in groups, and able to show what somebody else wrote meanwhile."""

    GROUPS: tuple[tuple[str, Any, tuple[str, ...], tuple[str, ...]], ...] = ()
    ASIDE: tuple[str, ...] = ()  # fields that are not kept, so that nothing stands beside them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there: dict[str, str] = {}

    def groups(self) -> list[Group]:
        """The fields in the order in which the matter is thought through."""
        made = [
            Group(about=about, heading=str(heading), beside=self._drawn(beside), whole=self._drawn(whole))
            for about, heading, beside, whole in self.GROUPS
        ]
        return [group for group in made if group.beside or group.whole]

    def _drawn(self, names: Iterable[str]) -> list[tuple[Any, str | None]]:
        there = [name for name in names if name in self.fields]
        for name in there:
            if isinstance(self.fields[name], forms.CharField) and not name.endswith("_en"):
                self.fields[name].widget.attrs["lang"] = "zh"  # a list is Chinese whoever reads the page
        return [(self[name], self.there.get(name)) for name in there]

    def set_beside(self, values: Mapping[str, Any]) -> None:
        """Show what stands there now, beside each field in which something else was typed."""
        for name, field in self.fields.items():
            mine, now = self.cleaned_data.get(name), values.get(name)
            if name not in self.ASIDE and _plain(mine) != _plain(now):
                self.there[name] = _in_words(field, now)

    def clean(self) -> dict[str, Any]:
        """Line ends as the lists are kept, not as browsers send them: a form saved as it stands changes nothing."""
        given = super().clean() or {}
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in given.items()}

    def check_range(self, given: Mapping[str, Any], low: str, high: str) -> None:
        if given.get(low) is not None and given.get(high) is not None and given[low] > given[high]:
            self.add_error(high, _("最高比最低还低。"))
        elif (given.get(low) is None) != (given.get(high) is None) and not {low, high} & set(self.errors):
            self.add_error(high, _("最低和最高要一起填。"))


def _plain(value: Any) -> Any:
    """A value to compare: nothing, an empty text and no box ticked are one."""
    return sorted(value) if isinstance(value, list | tuple) else value or ""


def _in_words(field: Any, value: Any) -> str:
    choices = {str(code): str(label) for code, label in getattr(field, "choices", ())}
    if isinstance(value, bool):
        return _("是") if value else _("否")
    parts = value if isinstance(value, list | tuple) else [value]
    return "\n".join(choices.get(str(part), str(part)) for part in parts if part not in {None, ""}) or _("没有填")


class ItemForm(LongForm):
    """One item. What a list does not have is left out: services have neither measures nor clauses to punish by.

    Each body that can help has a box and a line for what it does, the fields duty_<code>.
    """

    code = forms.CharField(label=gettext_lazy("代码"), max_length=12, help_text=gettext_lazy("用过的代码不能再用"))
    category_code = forms.CharField(label=gettext_lazy("类别代码"), max_length=8)
    category_name = forms.CharField(label=gettext_lazy("类别"), max_length=40)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    plain = forms.CharField(label=gettext_lazy("一句大白话"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    plain_en = forms.CharField(label=gettext_lazy("英文说明"), max_length=250, required=False)
    lead = forms.ChoiceField(label=gettext_lazy("谁来牵头"))
    cooperating = forms.MultipleChoiceField(label=gettext_lazy("谁来配合"), required=False, widget=forms.CheckboxSelectMultiple)
    phrases = Lines(label=gettext_lazy("居民的说法"), rows=10)
    keywords = Lines(label=gettext_lazy("关键词"), rows=4, help_text=gettext_lazy("一行一个"))
    handling = forms.CharField(label=gettext_lazy("怎么协调"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    ladder = Lines(label=gettext_lazy("先后步骤"), rows=4, help_text=gettext_lazy("一行一步"))
    urgency = forms.ChoiceField(label=gettext_lazy("紧急程度"), choices=URGENCIES)
    dispatch_working_hours = forms.DecimalField(label=gettext_lazy("派单（工作时）"), min_value=0, max_value=80, decimal_places=2)
    onsite_hours = forms.IntegerField(label=gettext_lazy("到场（小时）"), min_value=1, max_value=720, required=False)
    recheck_days = forms.IntegerField(label=gettext_lazy("复查（天）"), min_value=1, max_value=365, required=False)
    close_workdays = forms.IntegerField(label=gettext_lazy("办结、答复（工作日）"), min_value=1, max_value=365)
    rectify_default = forms.CharField(label=gettext_lazy("整改期限"), max_length=80, required=False)
    persuadable = forms.ChoiceField(label=gettext_lazy("能不能当场劝"), choices=PERSUADABLE)
    safety_baseline = forms.BooleanField(label=gettext_lazy("安全底线，不能以劝止办结"), required=False)
    police = forms.BooleanField(label=gettext_lazy("公安管，处罚记录封存"), required=False)
    turns_into = Lines(label=gettext_lazy("什么时候转为执法事项"), rows=2, help_text=gettext_lazy("一行一个代码"))
    scope_check = forms.CharField(label=gettext_lazy("适用范围"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    notes = forms.CharField(label=gettext_lazy("备注"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    SERVICE_ONLY = ("handling", "turns_into")
    ENFORCEMENT_ONLY = (
        "ladder",
        "onsite_hours",
        "recheck_days",
        "rectify_default",
        "persuadable",
        "safety_baseline",
        "police",
        "scope_check",
    )

    def __init__(self, listing: str, *args: Any, measures: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listing = listing
        self.measures = measures or {}  # as they stand: what has no field here is kept
        helping = self.initial.get("cooperating") or []
        self.helping = [helping] if isinstance(helping, str) else list(helping)
        self._add_bodies()
        for name in self.ENFORCEMENT_ONLY if listing == "service" else self.SERVICE_ONLY:
            del self.fields[name]
        if listing == "enforcement":
            self._add_enforcement()
        self["phrases"].help_text = self._phrases_help()

    def _add_bodies(self) -> None:
        """Who may lead and help; a code that the county no longer has stays to be seen and taken out."""
        lead = self.initial.get("lead")
        able, helping = leads(), partners()
        self.fields["lead"].choices = [("", _("还没有定")), *_with(able, [lead] if lead else [])]  # type: ignore[attr-defined]
        self.fields["lead"].required = False
        all_of_them = _with(helping, self.helping)
        self.fields["cooperating"].choices = all_of_them  # type: ignore[attr-defined]
        for code, name in all_of_them:
            label = _("%(name)s做什么") % {"name": name}
            self.fields[f"duty_{code}"] = forms.CharField(label=label, max_length=120, required=False)

    def bodies(self) -> list[tuple[Any, Any, str | None]]:
        """(box, line for what the body does, what stands there now) of every body that can help."""
        return [
            (box, self[f"duty_{box.data['value']}"], self.there.get(f"duty_{box.data['value']}")) for box in self["cooperating"]
        ]

    def _phrases_help(self) -> str:
        value = self["phrases"].value()
        many = len(_lines(value) if isinstance(value, str) else value or [])
        said = _("一行一句，用居民自己的话。现在 %(n)s 句；至少 %(few)s 句才能发布，%(enough)s 句以上才认得准。")
        return said % {"n": many, "few": FEWEST_PHRASES, "enough": ENOUGH_PHRASES}

    def _add_enforcement(self) -> None:
        for test, label in TEST_LABELS.items():
            self.fields[f"test_{test}"] = forms.CharField(
                label=_(label), max_length=300, required=False, help_text=TEST_HELP[test]
            )
        for name, measure in MEASURES.items():
            self.fields[f"measure_{name}"] = forms.CharField(label=measure, max_length=300, required=False)
        for who, fine in FINES.items():
            for end, word in (("low", _("最低")), ("high", _("最高"))):
                field = forms.IntegerField(label=f"{fine} {word}", min_value=0, max_value=MOST, required=False)
                self.fields[f"fine_{who}_{end}"] = field

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for who in FINES if self.listing == "enforcement" else ():
            self.check_range(given, f"fine_{who}_low", f"fine_{who}_high")
        ticked = given.get("cooperating", [])
        for code, name in self.fields["cooperating"].choices:  # type: ignore[attr-defined]
            if given.get(f"duty_{code}") and code not in ticked and "cooperating" not in self.errors:
                self.add_error("cooperating", _("“%(name)s”写了做什么，没有打勾。") % {"name": name})
        return given

    def data_for_service(self) -> dict[str, Any]:
        """What services.lists.save_item takes. Who helped before stays in its order."""
        given = dict(self.cleaned_data)
        order = {code: place for place, code in enumerate(self.helping)}
        given["cooperating"] = sorted(given["cooperating"], key=lambda code: order.get(code, len(order)))
        given["duties"] = {code: given[f"duty_{code}"] for code in given["cooperating"] if given.get(f"duty_{code}")}
        if self.listing == "enforcement":
            given["tests"] = {test: given[f"test_{test}"] for test in TEST_LABELS if given.get(f"test_{test}")}
            given["measures"] = self._measures(given)
        return {name: value for name, value in given.items() if not name.startswith(("test_", "measure_", "fine_", "duty_"))}

    def _measures(self, given: Mapping[str, Any]) -> dict[str, Any]:
        mine = {*MEASURES, *(f"fine_{who}_yuan" for who in FINES)}
        kept: dict[str, Any] = {name: value for name, value in self.measures.items() if name not in mine}
        kept |= {name: given[f"measure_{name}"] for name in MEASURES if given.get(f"measure_{name}")}
        for who in FINES:
            low, high = given.get(f"fine_{who}_low"), given.get(f"fine_{who}_high")
            if low is not None and high is not None:
                kept[f"fine_{who}_yuan"] = [low, high]
        return kept


ItemForm.GROUPS = (
    ("what", gettext_lazy("是什么事"), ("code", "category_code", "category_name"), ("name", "plain", "name_en", "plain_en")),
    ("words", gettext_lazy("居民怎么说"), (), ("phrases", "keywords")),
    ("bodies", gettext_lazy("谁来办"), (), ("lead", "cooperating", "handling", "turns_into")),
    (
        "clocks",
        gettext_lazy("多快"),
        ("urgency", "dispatch_working_hours", "onsite_hours", "recheck_days", "close_workdays", "rectify_default"),
        (),
    ),
    ("how", gettext_lazy("怎么办"), ("persuadable", "safety_baseline", "police"), ("ladder",)),
    (
        "measures",
        gettext_lazy("措施和幅度"),
        (
            "fine_person_low",
            "fine_person_high",
            "measure_fine_person_note",
            "fine_firm_low",
            "fine_firm_high",
            "measure_fine_firm_note",
        ),
        ("measure_order", "measure_warning", "measure_detention", "measure_coercion", "measure_other"),
    ),
    ("tests", gettext_lazy("三条标准"), (), ("test_resonance", "test_beyond_property", "test_efficacy")),
    ("rest", gettext_lazy("适用范围和备注"), (), ("scope_check", "notes")),
)


def _with(choices: list[tuple[str, Any]], codes: Iterable[str]) -> list[tuple[str, Any]]:
    known = {code for code, _name in choices}
    return [*choices, *((code, _("%(code)s（本县没有这个单位）") % {"code": code}) for code in codes if code not in known)]


def item_values(row: Any) -> dict[str, Any]:
    """First values of an item's form, from the row."""
    values = {name: getattr(row, name) for name in ItemForm.base_fields if hasattr(row, name)}
    hours = row.dispatch_working_hours
    values["dispatch_working_hours"] = hours.to_integral() if hours == hours.to_integral() else hours.normalize()
    values |= {f"duty_{code}": what for code, what in row.duties.items()}
    values |= {f"test_{test}": text for test, text in row.tests.items()}
    values |= {f"measure_{name}": text for name, text in row.measures.items() if name in MEASURES}
    for who in FINES:
        ends = row.measures.get(f"fine_{who}_yuan")
        if isinstance(ends, list):
            values |= {f"fine_{who}_low": ends[0], f"fine_{who}_high": ends[1]}
    return values


class BasisForm(LongForm):
    """One clause under an item; its law is chosen from the register or named with a new code."""

    register = forms.ChoiceField(label=gettext_lazy("哪一部法律"), required=False)
    law = forms.CharField(
        label=gettext_lazy("法律名称"), max_length=80, required=False, help_text=gettext_lazy("选了登记过的，可以不填")
    )
    law_code = forms.SlugField(
        label=gettext_lazy("新法律的代码"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("登记过的不用填。同一部法律一直用同一个代码，名称换了也不变"),
    )
    article = forms.CharField(label=gettext_lazy("条款"), max_length=40)
    kind = forms.ChoiceField(label=gettext_lazy("是哪一种"), choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])
    quote = forms.CharField(label=gettext_lazy("引文"), widget=forms.Textarea(attrs={"rows": 4}), max_length=3000, required=False)
    statute = forms.CharField(
        label=gettext_lazy("原文（核对用，不保存）"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=15_000,
        required=False,
        help_text=gettext_lazy("把法律原文这一条贴在这里，引文逐字在里面才算核对过"),
    )
    source = forms.CharField(label=gettext_lazy("出处"), max_length=300, required=False)
    valid_from = forms.DateField(label=gettext_lazy("从哪天起有效"), widget=day_input(), required=False)
    valid_to = forms.DateField(label=gettext_lazy("从哪天起不再有效"), widget=day_input(), required=False)
    requires_first = forms.MultipleChoiceField(
        label=gettext_lazy("条款自己要求先做"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(FIRST_LABELS.items()),
    )
    unless = forms.CharField(label=gettext_lazy("哪种情形不用先做"), max_length=120, required=False)
    authority = forms.CharField(label=gettext_lazy("条款写的处罚机关"), max_length=120, required=False)
    designated = forms.BooleanField(label=gettext_lazy("由地方人民政府指定部门"), required=False)
    places = forms.MultipleChoiceField(
        label=gettext_lazy("只在哪里适用"), required=False, widget=forms.CheckboxSelectMultiple, choices=PLACES
    )
    applies = forms.CharField(label=gettext_lazy("适用范围"), max_length=200, required=False)

    fine_person_low = forms.IntegerField(label=gettext_lazy("对个人最低（元）"), min_value=0, max_value=MOST, required=False)
    fine_person_high = forms.IntegerField(label=gettext_lazy("对个人最高（元）"), min_value=0, max_value=MOST, required=False)
    fine_firm_low = forms.IntegerField(label=gettext_lazy("对单位最低（元）"), min_value=0, max_value=MOST, required=False)
    fine_firm_high = forms.IntegerField(label=gettext_lazy("对单位最高（元）"), min_value=0, max_value=MOST, required=False)
    fine_note = forms.CharField(label=gettext_lazy("罚款的说明"), max_length=200, required=False)

    GROUPS = (
        ("law", gettext_lazy("哪一条"), ("register", "law", "law_code", "article", "kind", "source"), ()),
        ("quote", gettext_lazy("引文"), (), ("quote", "statute")),
        ("days", gettext_lazy("什么时候、在哪里有效"), ("valid_from", "valid_to", "applies"), ("places",)),
        ("first", gettext_lazy("先要做什么、谁来罚"), (), ("requires_first", "unless", "authority", "designated")),
        (
            "fine",
            gettext_lazy("条款写的罚款"),
            ("fine_person_low", "fine_person_high", "fine_firm_low", "fine_firm_high"),
            ("fine_note",),
        ),
    )

    ASIDE = ("register", "statute")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.laws = {law.code: law.name for law in governance.laws()}
        self.fields["register"].choices = [("", _("还没有登记过的")), *self.laws.items()]  # type: ignore[attr-defined]
        self.fields["requires_first"].choices = [(code, _(label)) for code, label in FIRST_LABELS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if chosen := given.get("register"):
            other = chosen != self.initial.get("law_code") and given.get("law") == self.initial.get("law")
            given["law_code"] = chosen
            given["law"] = self.laws[chosen] if other or not given.get("law") else given["law"]
        for name in ("law", "law_code"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("选一部登记过的法律，或者填新法律的名称和代码。"))
        if given.get("valid_from") and given.get("valid_to") and given["valid_to"] <= given["valid_from"]:
            self.add_error("valid_to", _("失效的日子在生效之前。"))
        if given.get("unless") and not given.get("requires_first"):
            self.add_error("unless", _("先选“条款自己要求先做”的。"))
        for who in FINES:
            self.check_range(given, f"fine_{who}_low", f"fine_{who}_high")
        self._check_quote(given)
        return given

    def _check_quote(self, given: Mapping[str, Any]) -> None:
        """A statute that was pasted must hold the quotation; without one the quotation is kept as not checked."""
        if given.get("statute") and not statutes.stands_in(given.get("quote", ""), given["statute"]):
            rest = statutes.strays_at(given.get("quote", ""), given["statute"])
            said = (
                _("从“%(rest)s”起和贴的原文对不上。改好引文；或者清空原文，先按没有核对保存。") if rest else _("引文还没有写。")
            )
            self.add_error("quote", said % {"rest": rest[:SHOWN_OF_QUOTE]} if rest else said)

    def data_for_service(self) -> dict[str, Any]:
        """What services.lists.save_basis takes, but for whether the quotation was checked."""
        given = dict(self.cleaned_data)
        given["fine"] = {
            who: [given[f"fine_{who}_low"], given[f"fine_{who}_high"]]
            for who in FINES
            if given.get(f"fine_{who}_low") is not None and given.get(f"fine_{who}_high") is not None
        }
        if given.get("fine_note"):
            given["fine"]["note"] = given["fine_note"]
        own = ("register", "statute", "fine_note", *(f"fine_{who}_{end}" for who in FINES for end in ("low", "high")))
        return {name: value for name, value in given.items() if name not in own}


def basis_values(row: Any) -> dict[str, Any]:
    """First values of a clause's form, from the row."""
    values = {name: getattr(row, name) for name in BasisForm.base_fields if hasattr(row, name)}
    values["register"] = row.law_code
    values["fine_note"] = row.fine.get("note", "")
    for who in FINES:
        if isinstance(row.fine.get(who), list):
            values |= dict(zip((f"fine_{who}_low", f"fine_{who}_high"), row.fine[who], strict=True))
    return values


class PublishForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("从哪天起施行"), widget=day_input())


class LawForm(forms.Form):
    valid_to = forms.DateField(label=gettext_lazy("从哪天起不再有效"), widget=day_input(), required=False)
    successor = forms.CharField(label=gettext_lazy("由什么代替"), max_length=200, required=False)


class DesignationForm(forms.Form):
    """Which body the county's government named where a clause leaves it open."""

    clause = forms.ChoiceField(label=gettext_lazy("哪一条要由县里指定"))
    body = forms.TypedChoiceField(label=gettext_lazy("指定的部门"), coerce=int)
    document = forms.CharField(label=gettext_lazy("文件名和文号"), max_length=120)
    starts = forms.DateField(label=gettext_lazy("从哪天起"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = body_choices(BodyKind.DEPARTMENT, BodyKind.TOWNSHIP)  # type: ignore[attr-defined]
        found = [(f"{code} {article}", f"{law}{article}") for code, article, law in governance.designable()]
        self.fields["clause"].choices = [("", _("选一条")), *found]  # type: ignore[attr-defined]

    def data_for_service(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        code, _blank, article = given.pop("clause").partition(" ")
        return {**given, "law_code": code, "article": article}


class EndForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("最后一天"), widget=day_input())
