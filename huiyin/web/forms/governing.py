"""Forms of the lists: an item, a clause, a law, a designation, the day of publication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.rules.lists import FIRST_LABELS, KINDS, TEST_LABELS
from huiyin.rules.workflow.vocabulary import BodyKind
from huiyin.selectors import places
from huiyin.web.forms.settings import body_choices, day_input

URGENCIES = (("急", gettext_lazy("急")), ("快", gettext_lazy("快")), ("常", gettext_lazy("常")))
PERSUADABLE = (("yes", gettext_lazy("能")), ("limited", gettext_lazy("有限")), ("no", gettext_lazy("不能")))
KIND_LABELS = {
    "duty": gettext_lazy("义务"),
    "liability": gettext_lazy("责任（可处罚）"),
    "procedure": gettext_lazy("程序"),
    "civil": gettext_lazy("民事"),
    "definition": gettext_lazy("定义"),
}
PLACES = (
    ("city", gettext_lazy("设立的市的市区")),
    ("county_town", gettext_lazy("县城")),
    ("highrise", gettext_lazy("高层")),
    ("other_than_highrise", gettext_lazy("不是高层")),
    ("prohibited_zone", gettext_lazy("划定的禁止区域")),
    ("prohibited_hours", gettext_lazy("划定的禁止时段")),
)
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
TEST_HELP = gettext_lazy("用本县的数字写一句，例如：近一年反映 41 件，物业劝过 30 次没有用")


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


class ItemForm(forms.Form):
    """One item. What a list does not have is left out: services have neither measures nor clauses to punish by."""

    code = forms.CharField(label=gettext_lazy("代码"), max_length=12, help_text=gettext_lazy("用过的代码不能再用"))
    category_code = forms.CharField(label=gettext_lazy("类别代码"), max_length=8)
    category_name = forms.CharField(label=gettext_lazy("类别"), max_length=40)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    plain = forms.CharField(label=gettext_lazy("一句大白话"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    plain_en = forms.CharField(label=gettext_lazy("英文说明"), max_length=250, required=False)
    lead = forms.ChoiceField(label=gettext_lazy("谁来牵头"))
    cooperating = forms.MultipleChoiceField(label=gettext_lazy("谁来配合"), required=False, widget=forms.CheckboxSelectMultiple)
    duties = Lines(label=gettext_lazy("各自做什么"), rows=3, help_text=gettext_lazy("一行一个单位，例如 chengguan：清理现场"))
    phrases = Lines(
        label=gettext_lazy("居民的说法"),
        rows=10,
        help_text=gettext_lazy("一行一句，用居民自己的话；至少 4 句，20 句以上才认得准"),
    )
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
        self.fields["lead"].choices = [("", _("还没有定")), *leads()]  # type: ignore[attr-defined]
        self.fields["lead"].required = False
        self.fields["cooperating"].choices = partners()  # type: ignore[attr-defined]
        for name in self.ENFORCEMENT_ONLY if listing == "service" else self.SERVICE_ONLY:
            del self.fields[name]
        if listing == "enforcement":
            self._add_enforcement()

    def groups(self) -> list[tuple[str, list[Any], list[Any]]]:
        """(heading, fields side by side, fields over the whole width) in the order in which an item is thought through."""
        shown = []
        for heading, beside, whole in GROUPS:
            sides = [self[name] for name in beside if name in self.fields]
            wides = [self[name] for name in whole if name in self.fields]
            if sides or wides:
                shown.append((str(heading), sides, wides))
        return shown

    def _add_enforcement(self) -> None:
        for test, label in TEST_LABELS.items():
            self.fields[f"test_{test}"] = forms.CharField(label=_(label), max_length=300, required=False, help_text=TEST_HELP)
        for name, measure in MEASURES.items():
            self.fields[f"measure_{name}"] = forms.CharField(label=measure, max_length=300, required=False)
        for who, fine in FINES.items():
            for end, word in (("low", _("最低")), ("high", _("最高"))):
                field = forms.IntegerField(label=f"{fine} {word}", min_value=0, max_value=100_000_000, required=False)
                self.fields[f"fine_{who}_{end}"] = field

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for who in FINES if self.listing == "enforcement" else ():
            low, high = given.get(f"fine_{who}_low"), given.get(f"fine_{who}_high")
            if low is not None and high is not None and low > high:
                self.add_error(f"fine_{who}_high", _("最高比最低还低。"))
            elif (low is None) != (high is None):
                self.add_error(f"fine_{who}_high", _("最低和最高要一起填。"))
        wrong = [line for line in given.get("duties", []) if ":" not in line.replace("：", ":")]
        if wrong:
            self.add_error("duties", _("每行要写“单位代码：做什么”。"))
        return given

    def data_for_service(self) -> dict[str, Any]:
        """What services.lists.save_item takes."""
        given = dict(self.cleaned_data)
        pairs = [line.replace("：", ":").partition(":") for line in given.pop("duties", [])]
        given["duties"] = {code.strip(): what.strip() for code, _colon, what in pairs}
        if self.listing == "enforcement":
            given["tests"] = {test: given.pop(f"test_{test}") for test in TEST_LABELS if given.get(f"test_{test}")}
            given["measures"] = self._measures(given)
        return {name: value for name, value in given.items() if not name.startswith(("test_", "measure_", "fine_"))}

    def _measures(self, given: Mapping[str, Any]) -> dict[str, Any]:
        mine = {*MEASURES, *(f"fine_{who}_yuan" for who in FINES)}
        kept: dict[str, Any] = {name: value for name, value in self.measures.items() if name not in mine}
        kept |= {name: given[f"measure_{name}"] for name in MEASURES if given.get(f"measure_{name}")}
        for who in FINES:
            low, high = given.get(f"fine_{who}_low"), given.get(f"fine_{who}_high")
            if low is not None and high is not None:
                kept[f"fine_{who}_yuan"] = [low, high]
        return kept


GROUPS: tuple[tuple[Any, tuple[str, ...], tuple[str, ...]], ...] = (
    (gettext_lazy("是什么事"), ("code", "category_code", "category_name"), ("name", "plain", "name_en", "plain_en")),
    (gettext_lazy("居民怎么说"), (), ("phrases", "keywords")),
    (gettext_lazy("谁来办"), (), ("lead", "cooperating", "duties", "handling", "turns_into")),
    (
        gettext_lazy("多快"),
        ("urgency", "dispatch_working_hours", "onsite_hours", "recheck_days", "close_workdays", "rectify_default"),
        (),
    ),
    (gettext_lazy("怎么办"), ("persuadable", "safety_baseline", "police"), ("ladder",)),
    (
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
    (gettext_lazy("三条标准"), (), ("test_resonance", "test_beyond_property", "test_efficacy")),
    (gettext_lazy("适用范围和备注"), (), ("scope_check", "notes")),
)


def item_values(row: Any) -> dict[str, Any]:
    """First values of an item's form, from the row."""
    values = {name: getattr(row, name) for name in ItemForm.base_fields if hasattr(row, name)}
    values["duties"] = [f"{code}：{what}" for code, what in row.duties.items()]
    values |= {f"test_{test}": text for test, text in row.tests.items()}
    values |= {f"measure_{name}": text for name, text in row.measures.items() if name in MEASURES}
    for who in FINES:
        ends = row.measures.get(f"fine_{who}_yuan")
        if ends:
            values |= {f"fine_{who}_low": ends[0], f"fine_{who}_high": ends[1]}
    return values


class BasisForm(forms.Form):
    """One clause under an item."""

    law = forms.CharField(label=gettext_lazy("法律名称"), max_length=80)
    law_code = forms.SlugField(
        label=gettext_lazy("法律代码"), max_length=24, help_text=gettext_lazy("同一部法律用同一个代码，名称换了也不变")
    )
    article = forms.CharField(label=gettext_lazy("条款"), max_length=40)
    kind = forms.ChoiceField(label=gettext_lazy("是哪一种"), choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])
    quote = forms.CharField(label=gettext_lazy("引文"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    statute = forms.CharField(
        label=gettext_lazy("原文（核对用，不保存）"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=gettext_lazy("把法律原文这一条贴在这里，引文逐字在里面才算核对过"),
    )
    source = forms.CharField(label=gettext_lazy("出处"), required=False)
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requires_first"].choices = [(code, _(label)) for code, label in FIRST_LABELS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("valid_from") and given.get("valid_to") and given["valid_to"] <= given["valid_from"]:
            self.add_error("valid_to", _("失效的日子在生效之前。"))
        if given.get("unless") and not given.get("requires_first"):
            self.add_error("unless", _("先选“条款自己要求先做”的。"))
        return given


class PublishForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("从哪天起施行"), widget=day_input())


class LawForm(forms.Form):
    valid_to = forms.DateField(label=gettext_lazy("从哪天起不再有效"), widget=day_input(), required=False)
    successor = forms.CharField(label=gettext_lazy("由什么代替"), max_length=200, required=False)


class DesignationForm(forms.Form):
    """Which body the county's government named where a clause leaves it open."""

    law_code = forms.SlugField(label=gettext_lazy("法律代码"), max_length=24)
    article = forms.CharField(label=gettext_lazy("条款"), max_length=40)
    body = forms.TypedChoiceField(label=gettext_lazy("指定的部门"), coerce=int)
    document = forms.CharField(label=gettext_lazy("文件名和文号"), max_length=120)
    starts = forms.DateField(label=gettext_lazy("从哪天起"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = body_choices(BodyKind.DEPARTMENT, BodyKind.TOWNSHIP)  # type: ignore[attr-defined]
