"""Read in English, the desk is English too, whoever sits at it; words of residents, laws and the terms 一劝 and 二督 stay."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.test import Client

from huiyin.rules.workflow.fields import FIELDS
from huiyin.rules.workflow.table import ROWS
from tests.web.desk.test_pages import PAGES, ROLES, who
from tests.web.english import left_in_chinese, proper_names
from tests.world import World

Desk = Callable[[str], Client]
WORDS = "楼下花坛里有人养鸡，天不亮就打鸣"
TERMS = (WORDS, "一劝", "二督", FIELDS["duty"].initial)


def read(client: Client, path: str) -> str:
    """The page in English; nothing where this person has none, which other tests are about."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(path)
    return answer.content.decode() if answer.status_code in {200, 409} else ""


def test_a_form_that_is_refused_says_why_in_english(desk: Desk, clock: World) -> None:
    number = clock.handled(words=WORDS, phone="19900001234").number
    names = [*TERMS, *proper_names()]
    officer, clerk = desk("liuzhiqiang"), desk("wangxiulan")
    asked = [
        (officer, f"/desk/cases/{number}/{act}/") for act in ("resolve", "dissuade", "decline", "order", "mediate", "attend")
    ]
    for client, path in (*asked, (clerk, f"/desk/cases/{number}/urge/"), (clerk, "/desk/call/")):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = client.post(path, {"words": "", "phone": "12"})
        assert answer.status_code in {409, 422}, path
        assert left_in_chinese(answer.content.decode(), names) == [], path


def test_the_desk_in_english_is_english(desk: Desk, clock: World) -> None:
    number = clock.handled(words=WORDS, phone="19900001234").number
    waiting = clock.report(words=WORDS, compound=None).number
    names = [*TERMS, *proper_names()]
    acts = [f"/desk/cases/{number}/{action}/" for action in sorted({row.action for row in ROWS})]
    left: dict[str, str] = {}
    for role in ROLES:
        client = desk(who(clock, role))
        pages = [path for path, roles in PAGES.items() if role in roles]
        for path in (*pages, f"/desk/cases/{number}/", f"/desk/cases/{waiting}/", *acts):
            left |= dict.fromkeys(left_in_chinese(read(client, path), names), f"{role} {path}")
    assert left == {}
