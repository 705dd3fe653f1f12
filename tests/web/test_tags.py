"""The small parts of every page: a word beside every shape, nothing that a browser could take for markup."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils.translation import override

LAST = timedelta(days=6)


def draw(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load huiyin %}" + source).render(context)


def test_an_icon_is_a_symbol_of_the_sprite_and_silent() -> None:
    assert draw('{% icon "phone" "l key" %}') == (
        '<svg class="i l key" aria-hidden="true"><use href="/static/huiyin/sprite.svg#phone"/></svg>'
    )


def test_a_stage_is_a_word_and_a_shape() -> None:
    drawn = draw('{% stage "handling" %}')
    assert "#s-handling" in drawn and "办理中" in drawn


def test_an_unknown_stage_is_a_fault() -> None:
    with pytest.raises(ValueError, match="finished"):
        draw('{% stage "finished" %}')


def test_a_tier_shows_only_what_was_reached() -> None:
    assert draw('{% tier "ordered" %}').count('class="on"') == 2
    assert draw('{% tier "" %}') == ""


def test_a_deadline_carries_its_full_time(at: datetime) -> None:
    drawn = draw("{% due when now left=2 %}", when=at + timedelta(days=2), now=at)
    assert drawn == '<span class="due" title="11月26日 周四 9:00">还剩 2 个工作日</span>'
    assert draw("{% due None now %}", now=at) == ""


def test_steps_say_the_month_when_it_changes(at: datetime) -> None:
    rows = [
        ("reported", at, "did"),
        ("assigned", at, "did"),
        ("handling", at + 2 * LAST, "now"),
        ("resolved", None, ""),
        ("echoed", None, ""),
    ]
    drawn = draw("{% steps rows %}", rows=rows)
    assert drawn.count("24日") == 2 and "12月6日" in drawn
    assert drawn.count("aria-current") == 1
    assert drawn.count("<li>") == 2 and drawn.count("#s-reported") == 3
    assert "11月24日" in draw("{% steps rows in_row=True %}", rows=rows)


def test_a_code_is_read_letter_by_letter() -> None:
    drawn = draw("{% code secret %}", secret="7K4M9TQX2WAB")
    assert 'aria-label="查询码 7 K 4 M 9 T Q X 2 W A B"' in drawn
    assert drawn.count("<span>") == 3 and drawn.count("<b>") == 12


def test_chinese_words_are_marked_on_an_english_page() -> None:
    assert draw("{{ law|zh }}", law="消防法<28>") == "消防法&lt;28&gt;"
    with override("en"):
        assert draw("{{ law|zh }}", law="消防法<28>") == '<span lang="zh">消防法&lt;28&gt;</span>'


def test_dates_and_durations_read_naturally(at: datetime) -> None:
    assert draw(
        "{{ at|when }} {{ at|day }} {{ at|near:now }} {{ span|duration }}", at=at, now=at, span=timedelta(minutes=104)
    ) == ("11月24日 周二 9:00 11月24日 今天 9:00 1 小时 44 分")
    assert draw("{{ none|when }}{{ none|day }}{{ none|near:now }}{{ none|duration }}", none=None, now=at) == ""


class Visit(forms.Form):
    text = forms.CharField(label="看到什么", widget=forms.Textarea)
    place = forms.CharField(label="楼栋", required=False)
    there = forms.ChoiceField(label="还在不在", widget=forms.RadioSelect, choices=[("yes", "还在"), ("no", "已停止")])
    sure = forms.BooleanField(label="看过证件", required=False)


def test_a_field_has_label_hint_and_what_is_optional() -> None:
    drawn = draw('{% field form.place hint="可以写单元" kbd="Alt 2" %}', form=Visit())
    assert '<label for="id_place">楼栋<span class="opt">可不填</span><kbd>Alt 2</kbd></label>' in drawn
    assert 'data-key="Alt+2"' in drawn and 'aria-describedby="id_place_hint"' in drawn and 'class="in"' in drawn


def test_a_wrong_field_says_so_beside_it_and_to_screen_readers() -> None:
    drawn = draw("{% field form.text rows=3 %}", form=Visit({"text": ""}))
    assert 'aria-invalid="true"' in drawn and 'aria-describedby="id_text_error"' in drawn
    assert '<p class="err" id="id_text_error">' in drawn and 'rows="3"' in drawn


def test_choices_are_a_group_with_a_legend() -> None:
    drawn = draw("{% field form.there seg=True %}", form=Visit())
    assert '<legend class="lab">还在不在</legend>' in drawn
    assert '<div class="seg">' in drawn and drawn.count('type="radio"') == 2


def test_a_single_tick_stands_before_its_label() -> None:
    assert "<span>看过证件</span></label>" in draw("{% field form.sure %}", form=Visit())


def test_what_was_typed_comes_back_as_text() -> None:
    drawn = draw("{% field form.text %}", form=Visit({"text": "<script>"}))
    assert "&lt;script&gt;" in drawn and "<script>" not in drawn
