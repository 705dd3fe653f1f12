"""The coordinator says how long things are kept, and sees what goes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Case
from huiyin.selectors import retention as known
from huiyin.services import retention as services
from huiyin.services.people import Forbidden
from tests.jobs.test_retention import PHONE, WORDS, filed
from tests.world import World


def test_the_coordinator_sees_what_will_go_and_sets_the_days(desk: Callable[[str], Client], clock: World) -> None:
    receipt = clock.echoed(words=WORDS, phone=PHONE)
    since = filed(clock, receipt)
    Case.objects.filter(number=receipt.number).update(since=since - timedelta(days=175))
    client = desk("zhoumin")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/desk/retention/").content.decode()
    assert len(queries) <= 10
    assert receipt.number in page and WORDS not in page and PHONE not in page
    given = {"days-contact": "200", "days-persuaded": "800", "days-other": "", "days-ordered": "365"}
    assert client.post("/desk/retention/", given).status_code == 302
    assert known.days() == {"contact": 200, "persuaded": 800, "other": None, "ordered": 365, "filed": None}
    for wrong in ("29", "0", "-1", "x", "99999", "1e3", "三十"):
        answer = client.post("/desk/retention/", {**given, "days-contact": wrong})
        assert answer.status_code == 422 and f'value="{wrong}"' in answer.content.decode()
    assert known.days()["contact"] == 200
    assert client.post("/desk/retention/", {"days-contact": "300"}).status_code == 422
    with pytest.raises(Forbidden):
        services.keep_for(actor=clock.actor("wangxiulan"), at=clock.now, days={"contact": 30})
    with pytest.raises(ValueError, match="filed"):
        services.keep_for(actor=clock.actor("zhoumin"), at=clock.now, days={"contact": 60, "filed": 30})
    assert known.days()["contact"] == 200
