"""Two pages that show every component, for the browser tests and for whoever wants to look."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory, override_settings
from django.urls import include, path

HERE = Path(__file__).parent


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _named(*names: str) -> list[Any]:
    return [path(f"{name}/", _nothing, name=name) for name in names]


# Addresses for the links of the bases; the module is its own URL configuration.
urlpatterns = [
    path("portal/", include((_named("home", "lists", "care", "language"), "portal"))),
    path("desk/", include((_named("today", "cases", "call"), "desk"))),
    *_named("account_logout"),
]

WHERE = {"今日": "/desk/today/", "件": "/desk/cases/", "来电登记": "/desk/call/"}

COUNTY = SimpleNamespace(name="安和县", demo=True, gas_phone="0700-555 0199")
COMPOUNDS = [
    {"id": "xfl", "name": "幸福里小区", "community": "幸福社区", "address": "文昌路 12 号", "aliases": ["幸福里", "棉纺厂宿舍"]},
    {"id": "jx", "name": "锦绣家园", "community": "幸福社区", "address": "锦绣大道 3 号", "aliases": ["锦绣"]},
    {"id": "gh", "name": "桂花苑", "community": "文昌社区", "address": "桂花巷", "aliases": []},
    {"id": "bz", "name": "经开区保障性租赁住房（二期）东区", "community": "城东社区", "address": "创业路", "aliases": ["二期"]},
]
for _n, _place in enumerate(COMPOUNDS):
    _lon, _lat = 116.30 + _n * 0.004, 27.90
    _place["outline"] = [[_lon, _lat], [_lon + 0.003, _lat], [_lon + 0.003, _lat + 0.002], [_lon, _lat + 0.002]]


class Report(forms.Form):
    text = forms.CharField(label="用平常的话说", widget=forms.Textarea)
    compound = forms.ChoiceField(label="小区", choices=[("", "请选小区"), *((one["id"], one["name"]) for one in COMPOUNDS[:3])])
    building = forms.CharField(label="楼栋", required=False)
    unit = forms.CharField(label="单元、楼层", required=False)
    phone = forms.CharField(label="怎么告诉您结果", required=False)
    how = forms.ChoiceField(
        label="怎么回音",
        widget=forms.RadioSelect,
        choices=[("call", "打电话"), ("sms", "短信"), ("none", "不用")],
        initial="call",
    )


class Visit(forms.Form):
    there = forms.ChoiceField(
        label="还在不在？", widget=forms.RadioSelect, choices=[("yes", "还在"), ("no", "已停止"), ("?", "看不到")], initial="yes"
    )
    seen = forms.CharField(label="看到什么", widget=forms.Textarea, help_text="照实写，不用改成公文。")
    place = forms.CharField(label="楼栋、房号")
    when = forms.CharField(label="复查日期", required=False)
    body = forms.ChoiceField(label="请谁配合", required=False, choices=[("", "不用"), ("gongan", "县公安局")])
    ways = forms.MultipleChoiceField(
        label="做了什么",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("say", "当面劝说"), ("paper", "发告知单")],
    )
    sure = forms.BooleanField(label="已出示执法证", required=False)

    def clean_when(self) -> str:
        raise forms.ValidationError("11月只有 30 天，请改成 11月30日或以前。")


def cases(now: datetime) -> list[dict[str, Any]]:
    def row(number: str, title: str, place: str, stage: str, tier: str, hours: float, left: int, **more: Any) -> dict[str, Any]:
        due = now + timedelta(hours=hours)
        return {"number": number, "title": title, "place": place, "stage": stage, "tier": tier, "due": due, "left": left, **more}

    return [
        row("2611-0329", "楼道堆放旧家具，堵住疏散门", "东升安置小区 B 区", "handling", "persuaded", -20, -1),
        row("2611-0379", "地下车库堵住消防车通道", "滨江一品", "assigned", "", 0.4, 0, what="签收"),
        row("2611-0371", "消防栓被杂物圈占", "桂花苑", "handling", "ordered", 7, 0),
        row("2611-0355", "商铺库房占用安全出口", "世纪新城", "handling", "coerced", 50, 2),
        row(
            "2611-0340",
            "电动自行车棚消防设施不足",
            "经开区保障性租赁住房（二期）东区",
            "handling",
            "",
            50,
            2,
            paused="中止·等检测",
        ),
        row("2611-0312", "楼道停车", "和谐小区", "echoed", "persuaded", -99, 6, kept=True),
    ]


def page(name: str, now: datetime, **context: Any) -> str:
    """One of the two pages as HTML; `wrong` fills its form in wrongly."""
    request = RequestFactory().get("/desk/")
    request.user = SimpleNamespace(pk=7, name="刘志强", is_authenticated=name == "desk")  # type: ignore[assignment]
    nav = [
        {"url": WHERE.get(label, f"#{icon}"), "label": label, "icon": icon, "count": count, "current": label == "今日"}
        for label, icon, count in [
            ("今日", "layout-dashboard", 7),
            ("件", "inbox", 0),
            ("来电登记", "phone-call", 0),
            ("回访", "phone", 2),
            ("待落点", "map-pinned", 1),
            ("身份查阅", "fingerprint", 0),
            ("清单", "list-checks", 0),
            ("设置", "settings", 0),
            ("发出的消息", "mail", 0),
        ]
    ]
    rows = [
        ("reported", now - timedelta(days=6), "did"),
        ("assigned", now - timedelta(days=6), "did"),
        ("handling", now - timedelta(days=5), "now"),
        ("resolved", None, ""),
        ("echoed", None, ""),
    ]
    forms_ = {"portal": Report(), "desk": Visit({"there": "yes", "when": "11月31日", "seen": "302 室门口 1 辆"})}
    qr = segno.make("https://example.org/track?n=2611-0382").svg_inline(svgclass="qr", lineclass="qrline", omitsize=True)
    given = {"county": COUNTY, "now": now, "nav": nav, "rows": rows, "form": forms_[name], "cases": cases(now), "qr": qr}
    given.update(no_second_factor=True, request=request, post_label="县消防救援大队", **context)
    with override_settings(ROOT_URLCONF=__name__):
        return engines["django"].from_string((HERE / f"{name}.html").read_text("utf-8")).render(given)
