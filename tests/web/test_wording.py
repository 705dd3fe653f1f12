"""Dates, durations and deadlines read as people say them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.acts import Refusal
from huiyin.web import wording

NOW = datetime(2026, 11, 24, 9, 12, tzinfo=SHANGHAI)


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


def test_a_moment_is_told_on_the_countys_clock() -> None:
    assert wording.moment(datetime(2026, 11, 3, 8, 20, tzinfo=UTC)) == "11月3日 周二 16:20"
    assert wording.moment(datetime(2026, 11, 3, 16, 5, tzinfo=UTC)) == "11月4日 周三 0:05"


def test_a_moment_of_another_year_says_so() -> None:
    assert wording.moment(datetime(2025, 12, 31, 9, 0, tzinfo=SHANGHAI), NOW) == "2025年12月31日 周三 9:00"
    assert wording.day(date(2026, 1, 2), NOW) == "1月2日"


def test_english_says_it_the_english_way() -> None:
    with override("en"):
        assert wording.moment(datetime(2026, 11, 3, 8, 20, tzinfo=UTC)) == "Tue 3 Nov 16:20"
        assert wording.day(date(2025, 11, 3), NOW) == "3 Nov 2025"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        wording.moment(datetime(2026, 11, 3, 8, 20))  # noqa: DTZ001, the refusal is what is tested


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (later(hours=7, minutes=8), "今天 16:20"),
        (later(days=1), "明天 9:12"),
        (later(days=-1), "昨天 9:12"),
        (later(days=2), "11月26日 9:12"),
        (datetime(2026, 11, 24, 23, 59, tzinfo=SHANGHAI), "今天 23:59"),
        (datetime(2026, 11, 25, 0, 1, tzinfo=SHANGHAI), "明天 0:01"),
    ],
)
def test_near_times_are_told_by_the_day(at: datetime, said: str) -> None:
    assert wording.near(at, NOW) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 分钟"),
        (25, "25 分钟"),
        (59, "59 分钟"),
        (60, "1 小时"),
        (104, "1 小时 44 分"),
        (26 * 60, "26 小时"),
        (2 * 24 * 60, "2 天"),
        (41 * 24 * 60 + 700, "41 天"),
        (-25, "25 分钟"),
    ],
)
def test_durations_are_told_as_people_say_them(minutes: int, said: str) -> None:
    assert wording.duration(minutes) == said


def shown(when: datetime, **given: object) -> tuple[str, str, str]:
    due = wording.due(when, NOW, **given)  # type: ignore[arg-type]  # the cases below give each its kind
    return due.look, due.icon, due.words


def test_a_far_deadline_is_quiet_and_counts_workdays() -> None:
    assert shown(later(days=2), workdays_left=2) == ("", "", "还剩 2 个工作日")
    assert shown(later(days=2)) == ("", "", "11月26日 9:12")


def test_a_deadline_of_today_is_amber() -> None:
    assert shown(later(hours=7, minutes=8), workdays_left=0) == ("soon", "timer", "今天 16:20")
    assert shown(later(minutes=23), what="签收") == ("soon", "timer", "今天 9:35 前签收")


def test_a_deadline_after_midnight_is_amber_when_it_is_hours_away() -> None:
    night = datetime(2026, 11, 24, 23, 0, tzinfo=SHANGHAI)
    due = wording.due(night + timedelta(hours=2), night, workdays_left=1)
    assert (due.look, due.words) == ("soon", "明天 1:00")


def test_a_missed_deadline_is_red_and_says_by_how_much() -> None:
    assert shown(later(days=-1), workdays_left=-1) == ("late", "triangle-alert", "超期 1 个工作日")
    assert shown(later(minutes=-40), workdays_left=0) == ("late", "triangle-alert", "超期 40 分钟")
    assert shown(later(hours=-3, minutes=-20)) == ("late", "triangle-alert", "超期 3 小时")
    assert shown(later(seconds=-40), workdays_left=0) == ("late", "triangle-alert", "超期 不到 1 分钟")
    assert shown(later(days=-1), kept=later(days=-1, seconds=30)) == ("", "", "晚了 不到 1 分钟")
    assert shown(later(days=-2, hours=-5)) == ("late", "triangle-alert", "超期 2 天")


def test_a_kept_promise_is_ticked_whenever_it_is_looked_at() -> None:
    assert shown(later(days=-9), kept=later(days=-17), workdays_left=6) == ("done", "check", "提前 6 个工作日")
    assert shown(later(days=-9), kept=True) == ("done", "check", "按时")


def test_a_promise_kept_late_is_told_without_alarm() -> None:
    assert shown(later(days=-9), kept=later(days=-8), workdays_left=-1) == ("", "", "晚了 1 个工作日")
    assert shown(later(days=-9), kept=later(days=-9, hours=3)) == ("", "", "晚了 3 小时")
    assert shown(later(days=-9), kept=False) == ("", "", "晚了")


def test_a_clock_that_stands_says_why() -> None:
    assert shown(later(days=-1), paused="中止·等检测") == ("pause", "pause", "中止·等检测")


def test_things_are_listed_as_each_language_does() -> None:
    assert wording.listed(["一", "", "二"]) == "一、二"
    assert wording.listed(["一", "二"], "，") == "一，二"
    assert "依据" + wording.bracketed("有效") == "依据（有效）"
    with override("en"):
        assert wording.listed(["one", "two"], "，") == "one, two"
        assert "basis" + wording.bracketed("in force") == "basis (in force)"


def test_a_refusal_is_told_with_its_labels_in_the_readers_language() -> None:
    why = Refusal(text="这一步现在不能做：件已到“%(stage)s”。", params={"stage": "已办结"})
    assert wording.refused(why) == "这一步现在不能做：件已到“已办结”。"
    with override("en"):
        assert wording.refused(why) == "This step is not possible now: the case is at “Resolved”."
        assert wording.refused(Refusal(text="不能并入自己。")) == "A case cannot be merged into itself."
        days = Refusal(text="中止一次最多 %(days)s 天，从明天算起。", params={"days": 30})
        assert wording.refused(days) == "A pause lasts 30 days at most, counted from tomorrow."


def test_a_day_in_a_refusal_is_told_as_people_write_it() -> None:
    why = Refusal(text="催告的期限到 %(day)s，过了才能执行。", params={"day": "2026-12-02"})
    with override("zh-hans"):
        assert wording.refused(why) == "催告的期限到 12月2日，过了才能执行。"


def test_several_words_of_a_refusal_are_each_translated_and_any_of_them_is_meant() -> None:
    why = Refusal(text="先%(first)s", params={"first": ("责令改正", "警告")})
    assert str(why) == wording.refused(why) == "先责令改正或警告"
    with override("en"):
        assert wording.refused(why).endswith("Order to correct or warning")
