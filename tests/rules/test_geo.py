"""Coordinates from Chinese maps become CGCS2000; outlines are taken whole or refused in words."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules import geo

IN_CHINA = st.tuples(st.floats(74, 134), st.floats(18, 53))
METRE = 1e-5  # of a degree, about


@given(IN_CHINA)
def test_there_and_back_is_the_same_place(point: geo.Point) -> None:
    lon, lat = geo.to_cgcs2000(*geo.to_gcj02(*point), geo.GCJ02)
    assert abs(lon - point[0]) < METRE and abs(lat - point[1]) < METRE


def test_known_points_come_out_where_they_are_known_to_be() -> None:
    """Values that public converters print for 116.404, 39.915 (Beijing), which agree within a metre."""
    mars = geo.to_cgcs2000(116.404, 39.915, geo.GCJ02)
    assert mars == (pytest.approx(116.397755, abs=METRE), pytest.approx(39.913596, abs=METRE))
    baidu = geo.to_cgcs2000(116.404, 39.915, geo.BD09)
    again = geo.to_cgcs2000(116.397627, 39.908657, geo.GCJ02)
    assert baidu == (pytest.approx(again[0], abs=METRE), pytest.approx(again[1], abs=METRE))


@pytest.mark.parametrize(("lon", "lat"), [(27.9, 116.3), (0, 0), (float("nan"), 30), (200, 30)])
def test_a_place_outside_china_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(geo.BadPlace, match="写反"):
        geo.to_cgcs2000(lon, lat)


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(geo.BadPlace, match="坐标系"):
        geo.to_cgcs2000(116.3, 27.9, "北京54")


RING = [[116.30, 27.90], [116.302, 27.90], [116.302, 27.902], [116.30, 27.90]]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"type": "Polygon", "coordinates": [RING]}),
        json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [RING]}}),
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [RING]}}],
            }
        ),
        json.dumps({"type": "MultiPolygon", "coordinates": [[RING]]}),
        json.dumps(RING),
        "116.30,27.90; 116.302,27.90；116.302，27.902",
        "116.30,27.90\n116.302,27.90\n116.302,27.902\n",
    ],
)
def test_an_outline_is_read_however_it_is_written(text: str) -> None:
    assert geo.outline(text) == [[116.3, 27.9], [116.302, 27.9], [116.302, 27.902]]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "读不出来"),
        ("[]", "三个角"),
        ("116.3,27.9;116.3,27.9;116.3,27.9", "三个角"),
        ('{"type":"Point","coordinates":[1,2]}', "一块"),
        (json.dumps({"type": "Polygon", "coordinates": [RING, RING]}), "一块"),
        ("116.3,27.9;117.9,27.9;117,28.9", "太大"),
        ("27.9,116.3;27.8,116.3;27.8,116.2", "写反"),
        (";".join(f"{116.3 + i / 1e5},{27.9 + (i % 7) / 1e5}" for i in range(501)), "太多"),
        ("null", "读不出来"),
        ('{"a":1}', "读不出来"),
        ("[[1]]", "读不出来"),
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(geo.BadPlace, match=why):
        geo.outline(text)


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(geo.BadPlace):
        geo.outline(text)


def test_no_outline_is_no_outline_and_a_ring_has_a_middle() -> None:
    assert geo.outline("  ") == []
    assert geo.middle([]) is None
    assert geo.middle([[116, 27], [118, 29]]) == (117, 28)
