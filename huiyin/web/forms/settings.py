"""Forms of 设置: bodies, people, postings, places and days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.rules import geo, texts
from huiyin.rules.workflow.vocabulary import ROLE_LABELS, BodyKind, Role
from huiyin.selectors import places

BODY_KINDS = (
    ("department", gettext_lazy("县部门")),
    ("township", gettext_lazy("乡镇街道")),
    ("community", gettext_lazy("社区")),
    ("property", gettext_lazy("物业")),
    ("utility", gettext_lazy("水电气")),
    ("court", gettext_lazy("法院")),
)
#: Roles that can be given, in the order they are offered.
GIVEN = (Role.OFF, Role.HEAD, Role.COM, Role.PRO, Role.SUP, Role.REV, Role.LEADER, Role.ADMIN, Role.CO, Role.CUS, Role.GRV)
OF_A_BODY = frozenset({Role.OFF, Role.HEAD, Role.PRO, Role.REV})


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def body_choices(*kinds: str) -> list[tuple[int, str]]:
    return [(row.pk, row.name) for row in places.bodies().values() if row.active and (not kinds or row.kind in kinds)]


MOST_YUAN = 1_000_000_000
_HEARING = gettext_lazy(
    "罚款到这个数，当事人可以要求听证（行政处罚法第六十三条的“较大数额”，按本部门的规定）。不填就是没有登记：超过当场处罚限额的罚款，都要告知听证"
)


class BodyForm(forms.Form):
    code = forms.SlugField(
        label=gettext_lazy("代码"), max_length=32, help_text=gettext_lazy("部门的代码和清单里的一样，例如 chengguan")
    )
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=BODY_KINDS)
    name = forms.CharField(label=gettext_lazy("全称"), max_length=80)
    short_name = forms.CharField(label=gettext_lazy("简称"), max_length=40)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)
    complaint_phone = forms.CharField(label=gettext_lazy("投诉电话"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)
    may_enforce = forms.BooleanField(label=gettext_lazy("有行政执法权（行政处罚法第十七、二十条）"), required=False)
    hearing_person = forms.IntegerField(
        label=gettext_lazy("对公民的听证线（元）"), required=False, min_value=1, max_value=MOST_YUAN, help_text=_HEARING
    )
    hearing_firm = forms.IntegerField(
        label=gettext_lazy("对单位的听证线（元）"), required=False, min_value=1, max_value=MOST_YUAN, help_text=_HEARING
    )
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False, initial=True)


class PersonForm(forms.Form):
    username = forms.CharField(label=gettext_lazy("登录名"), max_length=64)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)
    desk_phone = forms.CharField(label=gettext_lazy("办公电话"), max_length=40, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("可以登录"), required=False, initial=True)


class PostingForm(forms.Form):
    """One role at one place for a time. Who needs a second person is said when it is saved."""

    role = forms.ChoiceField(label=gettext_lazy("岗位"))
    body_id = forms.TypedChoiceField(label=gettext_lazy("单位"), coerce=int, empty_value=None, required=False)
    community_id = forms.TypedChoiceField(label=gettext_lazy("社区"), coerce=int, empty_value=None, required=False)
    starts = forms.DateField(label=gettext_lazy("从哪天"), widget=day_input())
    ends = forms.DateField(label=gettext_lazy("到哪天"), widget=day_input(), required=False)
    badge_no = forms.CharField(label=gettext_lazy("执法证号"), max_length=32, required=False)
    badge_expires = forms.DateField(label=gettext_lazy("执法证有效到"), widget=day_input(), required=False)
    why = forms.CharField(
        label=gettext_lazy("为什么"), max_length=200, required=False, help_text=gettext_lazy("要第二个人同意的岗位必须写")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, _(ROLE_LABELS[role])) for role in GIVEN]  # type: ignore[attr-defined]
        self.fields["body_id"].choices = [("", _("没有")), *body_choices()]  # type: ignore[attr-defined]
        names = [(row.pk, row.name) for row in places.communities().values()]
        self.fields["community_id"].choices = [("", _("没有")), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        role = Role(given["role"]) if given.get("role") else None
        if role in OF_A_BODY and not given.get("body_id"):
            self.add_error("body_id", _("这个岗位要选单位。"))
        if role is Role.SUP and not given.get("community_id"):
            self.add_error("community_id", _("监督员要选社区。"))
        if role is Role.COM and not (given.get("community_id") or given.get("body_id")):
            self.add_error("community_id", _("要选社区，或者选乡镇街道。"))
        if given.get("ends") and given.get("starts") and given["ends"] < given["starts"]:
            self.add_error("ends", _("结束的日子在开始之前。"))
        return given


class EndForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("最后一天"), widget=day_input())


class BadgeForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("执法证号"), max_length=32)
    expires = forms.DateField(label=gettext_lazy("有效到"), widget=day_input())


class WhyForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("为什么"), max_length=200)


class CountyForm(forms.Form):
    """What the whole county shares. Second factors that are always asked for are not offered: nobody takes them away."""

    name = forms.CharField(label=gettext_lazy("县名"), max_length=40)
    name_en = forms.CharField(label=gettext_lazy("英文名"), max_length=60, required=False)
    city = forms.BooleanField(
        label=gettext_lazy("是设立的市（不是县）"),
        required=False,
        help_text=gettext_lazy("有的条款只在市的市区内适用，县城不适用"),
    )
    host = forms.CharField(label=gettext_lazy("主管单位"), max_length=80, required=False)
    hotline = forms.CharField(label=gettext_lazy("热线电话"), max_length=40, required=False)
    gas_phone = forms.CharField(label=gettext_lazy("燃气抢修电话"), max_length=40, required=False)
    overseer_id = forms.TypedChoiceField(
        label=gettext_lazy("执法监督机构（司法局）"), coerce=int, empty_value=None, required=False
    )
    deputy_id = forms.TypedChoiceField(
        label=gettext_lazy("代行协调监督的人"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("司法局自己牵头的件，由这个人协调监督；须已任命为协调监督"),
    )
    common_superior = forms.CharField(
        label=gettext_lazy("共同上一级行政机关"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("两个县级部门争管辖、协商不成时由它指定（行政处罚法第二十五条），一般是县人民政府"),
    )
    second_factor_roles = forms.MultipleChoiceField(
        label=gettext_lazy("还要第二重验证的岗位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("协调监督、身份保管员和管理员总是要的"),
    )

    def __init__(self, *args: Any, coordinators: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["overseer_id"].choices = [("", _("还没有")), *body_choices(BodyKind.DEPARTMENT)]  # type: ignore[attr-defined]
        self.fields["deputy_id"].choices = [("", _("还没有")), *coordinators]  # type: ignore[attr-defined]
        others = [role for role in GIVEN if role not in {Role.CO, Role.CUS, Role.ADMIN}]
        self.fields["second_factor_roles"].choices = [(role.value, _(ROLE_LABELS[role])) for role in others]  # type: ignore[attr-defined]


class CommunityForm(forms.Form):
    slug = forms.SlugField(label=gettext_lazy("代码"), max_length=24)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    township_id = forms.TypedChoiceField(label=gettext_lazy("乡镇街道"), coerce=int)
    office_id = forms.TypedChoiceField(label=gettext_lazy("居委会（联络站）"), coerce=int)
    supervisor_id = forms.TypedChoiceField(label=gettext_lazy("社区执法监督员"), coerce=int, empty_value=None, required=False)
    contact_id = forms.TypedChoiceField(label=gettext_lazy("联络责任人"), coerce=int, empty_value=None, required=False)
    station_name = forms.CharField(label=gettext_lazy("联络站名称"), max_length=60, required=False)
    station_address = forms.CharField(label=gettext_lazy("地址"), max_length=120, required=False)
    station_phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)
    station_hours = forms.CharField(label=gettext_lazy("办公时间"), max_length=60, required=False)

    def __init__(
        self,
        *args: Any,
        supervisors: Iterable[tuple[int, str]] = (),
        contacts: Iterable[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supervisor_id"].choices = [("", _("还没有")), *supervisors]  # type: ignore[attr-defined]
        self.fields["contact_id"].choices = [("", _("还没有")), *contacts]  # type: ignore[attr-defined]
        self.fields["township_id"].choices = body_choices(BodyKind.TOWNSHIP)  # type: ignore[attr-defined]
        self.fields["office_id"].choices = body_choices(BodyKind.COMMUNITY)  # type: ignore[attr-defined]


class CompoundForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    aliases = forms.CharField(
        label=gettext_lazy("别名"), max_length=200, required=False, help_text=gettext_lazy("用顿号或空格隔开")
    )
    address = forms.CharField(label=gettext_lazy("地址"), max_length=120, required=False)
    households = forms.IntegerField(label=gettext_lazy("户数"), min_value=0, max_value=100_000)
    highrise = forms.BooleanField(label=gettext_lazy("有高层"), required=False)
    datum = forms.ChoiceField(
        label=gettext_lazy("坐标系"),
        choices=[
            (geo.CGCS2000, gettext_lazy("CGCS2000（天地图、卫星定位）")),
            (geo.GCJ02, gettext_lazy("GCJ-02（高德、腾讯）")),
            (geo.BD09, gettext_lazy("BD-09（百度）")),
        ],
        initial=geo.CGCS2000,
        required=False,
        help_text=gettext_lazy("下面的坐标从哪种地图上来；存的时候换算成 CGCS2000"),
    )
    lon = forms.FloatField(label=gettext_lazy("经度"), min_value=73, max_value=136, required=False)
    lat = forms.FloatField(label=gettext_lazy("纬度"), min_value=3, max_value=54, required=False)
    outline = forms.CharField(
        label=gettext_lazy("轮廓"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
        help_text=gettext_lazy("GeoJSON，或者一行一个角：经度,纬度。没有也可以"),
    )
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False, initial=True)

    def clean_aliases(self) -> list[str]:
        return [part for part in texts.visible(self.cleaned_data["aliases"]).replace("、", " ").split() if part]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["datum"] = datum = given.get("datum") or geo.CGCS2000
        if (given.get("lon") is None) != (given.get("lat") is None):
            self.add_error("lat", _("经度和纬度要一起填。"))
            return given
        try:
            given["outline"] = geo.outline(given.get("outline") or "", datum)
        except geo.BadPlace as why:
            self.add_error("outline", _(str(why)))
            return given
        try:
            if given.get("lon") is not None:
                given["lon"], given["lat"] = geo.to_cgcs2000(given["lon"], given["lat"], datum)
            elif given["outline"]:
                given["lon"], given["lat"] = geo.middle(given["outline"]) or (None, None)
        except geo.BadPlace as why:
            self.add_error("lat", _(str(why)))
        return given


class ContractForm(forms.Form):
    firm = forms.TypedChoiceField(label=gettext_lazy("物业"), coerce=int, empty_value=None, required=False)
    starts = forms.DateField(label=gettext_lazy("从哪天起"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].choices = [("", _("没有物业")), *body_choices(BodyKind.PROPERTY)]  # type: ignore[attr-defined]


class DayForm(forms.Form):
    day = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    kind = forms.ChoiceField(
        label=gettext_lazy("这一天"),
        required=False,
        choices=(("holiday", gettext_lazy("放假")), ("workday", gettext_lazy("上班")), ("", gettext_lazy("照平常"))),
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=40, required=False)
    statutory = forms.BooleanField(label=gettext_lazy("法定节假日当天"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") == "workday" and given.get("statutory"):
            self.add_error("statutory", _("法定节假日当天不上班。"))
        return given
