"""Forms of what stands beside the lists: where else to turn, and what is asked where two items are near each other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.rules.lists import ENOUGH_PHRASES, FEWEST_PHRASES
from huiyin.web.forms.governing import Lines, LongForm

MOST_ANSWERS = 4


class KindForm(LongForm):
    """A kind of matter that is on no list."""

    name = forms.CharField(label=gettext_lazy("是什么事"), max_length=40, help_text=gettext_lazy("例如：拖欠工资"))
    turn_to = forms.CharField(
        label=gettext_lazy("该找谁"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("一句话，写明本县哪个单位、电话；居民看到的就是这句"),
    )
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=80, required=False)
    turn_to_en = forms.CharField(
        label=gettext_lazy("该找谁的英文"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    phrases = Lines(label=gettext_lazy("居民的说法"), rows=12)

    GROUPS = (
        ("what", gettext_lazy("不在清单的事"), (), ("name", "turn_to", "name_en", "turn_to_en")),
        ("words", gettext_lazy("居民怎么说"), (), ("phrases",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("一行一句，用居民自己的话；至少 %(few)s 句，%(enough)s 句以上才认得准。")
        self.fields["phrases"].required = True
        self.fields["phrases"].help_text = said % {"few": FEWEST_PHRASES, "enough": ENOUGH_PHRASES}


def kind_values(kind: Any) -> dict[str, Any]:
    """First values of a kind's form."""
    names = ("name", "name_en", "turn_to", "turn_to_en")
    return {**{name: getattr(kind, name) for name in names}, "phrases": list(kind.text.phrases)}


class QuestionForm(LongForm):
    """A question with up to four answers, each of which leads to an item."""

    ask = forms.CharField(label=gettext_lazy("问什么"), max_length=60, help_text=gettext_lazy("例如：车停在哪里？"))
    ask_en = forms.CharField(label=gettext_lazy("英文问句"), max_length=120, required=False)

    def __init__(self, items: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_ANSWERS + 1):
            here = {"n": number}
            needed = number <= 2
            self.fields[f"text_{number}"] = forms.CharField(label=_("回答 %(n)s") % here, max_length=60, required=needed)
            self.fields[f"item_{number}"] = forms.ChoiceField(
                label=_("回答 %(n)s 归到哪一项") % here, choices=[("", _("选一项")), *self._with(items, number)], required=needed
            )
            self.fields[f"en_{number}"] = forms.CharField(label=_("回答 %(n)s 的英文") % here, max_length=120, required=False)

    def _with(self, items: list[tuple[str, str]], number: int) -> list[tuple[str, str]]:
        """An item that is in force on no list any more stays to be seen."""
        now = self.initial.get(f"item_{number}")
        return [*items, *([(now, str(now))] if now and now not in dict(items) else [])]

    GROUPS = (
        ("what", gettext_lazy("问句"), (), ("ask", "ask_en")),
        *(
            (f"answer{number}", gettext_lazy("回答"), (f"text_{number}", f"item_{number}", f"en_{number}"), ())
            for number in range(1, MOST_ANSWERS + 1)
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for number in range(3, MOST_ANSWERS + 1):
            if bool(given.get(f"text_{number}")) != bool(given.get(f"item_{number}")):
                self.add_error(f"item_{number}", _("回答和事项要一起填。"))
        return given

    def data_for_service(self) -> dict[str, Any]:
        """What services.lists.save_question takes."""
        given = self.cleaned_data
        answers = [
            {"text": given[f"text_{n}"], "text_en": given[f"en_{n}"] or given[f"text_{n}"], "item": given[f"item_{n}"]}
            for n in range(1, MOST_ANSWERS + 1)
            if given[f"text_{n}"]
        ]
        return {"ask": given["ask"], "ask_en": given["ask_en"] or given["ask"], "answers": answers}


def question_values(question: Any) -> dict[str, Any]:
    """First values of a question's form."""
    values = {"ask": question.ask, "ask_en": question.ask_en}
    for number, answer in enumerate(question.answers[:MOST_ANSWERS], 1):
        values |= {f"text_{number}": answer.text, f"item_{number}": answer.item, f"en_{number}": answer.text_en}
    return values
