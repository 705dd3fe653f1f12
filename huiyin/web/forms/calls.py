"""The form of 来电登记: what is said, where, which item, who calls and how the echo shall come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.web.forms.desk import compound_choices

#: Where an error of rules.texts is shown; the rest stands above the form.
FIELD_OF = {
    "phone": "phone",
    "phone_area": "phone",
    "future": "occurred_at",
    "long_ago": "occurred_at",
    "empty": "words",
    "too_long": "words",
}
CHANNELS = (("phone", gettext_lazy("电话")), ("station", gettext_lazy("当面")))
REPLIES = (("phone", gettext_lazy("打电话")), ("none", gettext_lazy("不用，自己查")))


class CallForm(forms.Form):
    """Typed while somebody speaks; only what happened must be there."""

    channel = forms.ChoiceField(label=gettext_lazy("怎么来的"), choices=CHANNELS, initial="phone", widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("说的是什么事"),
        help_text=gettext_lazy("照原话记，不用改成公文。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
    )
    compound = forms.TypedChoiceField(label=gettext_lazy("小区"), coerce=int, empty_value=None, required=False)
    building = forms.CharField(label=gettext_lazy("楼栋、房号"), max_length=40, required=False)
    place_words = forms.CharField(label=gettext_lazy("不在小区里，在哪里"), max_length=120, required=False)
    occurred_at = forms.DateTimeField(
        label=gettext_lazy("什么时候发生"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    item = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    phone = forms.CharField(
        label=gettext_lazy("来电号码"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("怎么称呼"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reply = forms.ChoiceField(label=gettext_lazy("怎么回音"), choices=REPLIES, initial="phone", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["compound"].choices = [("", _("不在小区里，或者还不清楚")), *compound_choices()]  # type: ignore[attr-defined]  # a choice field
