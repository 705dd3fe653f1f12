"""小区地图 shows what needs a look first, reads without scripts and draws nothing before it is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from huiyin.records.models import Compound, Posting
from tests.world import World

Desk = Callable[[str], Client]


def administrator() -> str:
    return str(Posting.objects.filter(role="admin").values_list("person__username", flat=True)[0])


def spoil() -> tuple[Compound, Compound, Compound]:
    """One compound without a place, one in another province, one with a point alone."""
    nowhere, far, bare = Compound.objects.order_by("pk")[:3]
    Compound.objects.filter(pk=nowhere.pk).update(lon=None, lat=None, outline=[])
    Compound.objects.filter(pk=far.pk).update(lon=105.0, lat=30.0, outline=[])
    Compound.objects.filter(pk=bare.pk).update(outline=[])
    return nowhere, far, bare


def test_what_has_no_place_comes_first_and_then_what_lies_oddly(desk: Desk, clock: World) -> None:
    nowhere, far, _bare = spoil()
    answer = desk(administrator()).get("/desk/settings/map/")
    rows = answer.context["rows"]
    assert [row.id for row in rows[:2]] == [nowhere.pk, far.pk]
    assert (answer.context["missing"], answer.context["astray"], answer.context["unoutlined"]) == (1, 1, 2)
    assert "没有位置" in answer.content.decode() and "公里，请核对坐标和坐标系" in answer.content.decode()


def test_a_county_in_order_has_nothing_to_look_at(desk: Desk, clock: World) -> None:
    answer = desk(administrator()).get("/desk/settings/map/")
    assert (answer.context["missing"], answer.context["astray"]) == (0, 0)
    assert len(answer.context["rows"]) == Compound.objects.filter(active=True).count()


def test_the_map_is_told_every_place_and_which_lie_oddly(desk: Desk, clock: World) -> None:
    nowhere, far, bare = spoil()
    drawn: dict[str, Any] = {one["url"]: one for one in desk(administrator()).get("/desk/settings/map/shapes.json").json()}
    assert f"/desk/settings/compounds/{nowhere.pk}/" not in drawn
    assert drawn[f"/desk/settings/compounds/{far.pk}/"]["odd"]
    mark = drawn[f"/desk/settings/compounds/{bare.pk}/"]
    assert (mark["point"], mark["outline"], mark["odd"]) == ([bare.lon, bare.lat], [], False)
    outlined = Compound.objects.order_by("pk")[3]
    assert drawn[f"/desk/settings/compounds/{outlined.pk}/"]["outline"] == outlined.outline


def test_a_county_without_compounds_says_so(desk: Desk, clock: World) -> None:
    Compound.objects.update(active=False)
    client = desk(administrator())
    assert "还没有小区" in client.get("/desk/settings/map/").content.decode()
    assert client.get("/desk/settings/map/shapes.json").json() == []
