"""What residents fill in, cleaned by the rules, with every message in plain words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huiyin.rules import texts
from huiyin.rules.texts import Bad
from huiyin.selectors import places
from huiyin.web.numbers import whole
from huiyin.web.portal.common import local_time, say

WORDS = 5000


def cleaned(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except Bad as error:
        raise forms.ValidationError(say(error)) from error


class Words(forms.CharField):
    """Free text, cleaned of signs that do not show; kept whole up to its limit."""

    widget = forms.Textarea

    def __init__(self, *, limit: int = WORDS, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        raw = "" if value in self.empty_values else str(value)
        if not texts.visible(raw).strip():
            return ""
        return str(cleaned(lambda: texts.clean_words(raw, self.limit).text))


class Line(forms.CharField):
    """One line."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(required=False, strip=True, **options)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        raw = "" if value in self.empty_values else str(value)
        return str(cleaned(lambda: texts.single_line(raw, self.limit))) if texts.visible(raw).strip() else ""


class Quiet(forms.CharField):
    """What the page itself fills in: cut to its limit, never an error that nobody could put right."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.limit = limit

    def clean(self, value: Any) -> str:
        return texts.visible(str(value or ""))[: self.limit].strip()


class Degrees(forms.FloatField):
    """A point's longitude or latitude, from a map; None when it cannot be."""

    def __init__(self, *, most: int) -> None:
        super().__init__(required=False, min_value=-most, max_value=most, widget=forms.HiddenInput)

    def clean(self, value: Any) -> float | None:
        try:
            found: float | None = super().clean(value)
        except forms.ValidationError:
            return None
        return found


class Contact(forms.Form):
    """How to tell somebody the result; all optional."""

    phone = forms.CharField(
        required=False, label=_("手机号"), widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
    email = forms.CharField(
        required=False, label=_("电子邮箱"), widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"})
    )
    name = Line(limit=40, label=_("怎么称呼您"))

    def clean_phone(self) -> str:
        raw = self.cleaned_data["phone"]
        return str(cleaned(lambda: texts.phone(raw))) if raw.strip() else ""

    def clean_email(self) -> str:
        raw = self.cleaned_data["email"]
        return str(cleaned(lambda: texts.email(raw))) if raw.strip() else ""


class Report(Contact):
    """我要反映."""

    key = forms.CharField(min_length=22, max_length=100, widget=forms.HiddenInput)
    channel = Quiet(limit=4, widget=forms.HiddenInput)
    words = Words(label=_("用平常的话说"), error_messages={"required": _("请写几个字，说说发生了什么。")})
    item = Quiet(limit=12)
    shown = Quiet(limit=120)
    compound = forms.CharField(required=False, label=_("小区"))
    place_words = Line(limit=120, label=_("小区不在里面？写一写在哪里"))
    building = Line(limit=40, label=_("楼栋"))
    unit = Line(limit=40, label=_("单元、楼层"))
    occurred = forms.CharField(required=False, label=_("什么时候"), widget=forms.TextInput(attrs={"type": "datetime-local"}))
    lon = Degrees(most=180)
    lat = Degrees(most=90)

    def clean_channel(self) -> str:
        return "qr" if self.cleaned_data["channel"] == "qr" else "web"

    def clean_compound(self) -> int | None:
        raw = self.cleaned_data["compound"].strip()
        if not raw:
            return None
        known = places.compounds().get(whole(raw) or 0)
        if known is None:
            raise forms.ValidationError(_("没有找到这个小区，请重新选，或者写一写在哪里。"))
        return known.id

    def clean_occurred(self) -> datetime | None:
        raw = self.cleaned_data["occurred"].strip()
        if not raw:
            return None
        moment = local_time(raw)
        if moment is None:
            raise forms.ValidationError(_("时间没有看懂，请重新选，或者空着。"))
        found: datetime = cleaned(lambda: texts.occurred_at(moment, timezone.now()))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (
            data.get("compound") is None
            and not data.get("place_words")
            and "compound" not in self.errors
            and "place_words" not in self.errors
        ):
            self.add_error("compound", _("请选小区；不在里面的，写一写在哪里。"))
        return data


class Join(Contact):
    """也遇到了."""

    key = forms.CharField(min_length=22, max_length=100, widget=forms.HiddenInput)
    number = Quiet(limit=20, widget=forms.HiddenInput)
    words = Words(label=_("想补充什么"), required=False, limit=2000)
    building = Line(limit=40, label=_("楼栋"))
    unit = Line(limit=40, label=_("单元、楼层"))
