"""Where things are: coordinates from Chinese maps (GCJ-02, BD-09) to CGCS2000 degrees, and outlines of compounds from GeoJSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

Point = tuple[float, float]  # lon, lat in degrees

CGCS2000, GCJ02, BD09 = "CGCS2000", "GCJ-02", "BD-09"
DATUMS = (CGCS2000, GCJ02, BD09)
#: What lies outside is not in China, whatever a table says.
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
MAX_CORNERS = 500
LARGEST = 0.2  # degrees an outline may span; the largest compound is a tenth of it
DIGITS = 6  # of a degree: about ten centimetres

_AXIS, _FLATTENING_SQUARED = 6378245.0, 0.00669342162296594323  # Krassowsky 1940, which GCJ-02 is made on
_BAIDU = math.pi * 3000.0 / 180.0


class BadPlace(ValueError):
    """A point or an outline that cannot be taken; the message is for people."""


def to_cgcs2000(lon: float, lat: float, datum: str = CGCS2000) -> Point:
    """The same place in CGCS2000, within half a metre of the truth for GCJ-02 and one metre for BD-09.

    GCJ-02 is what 高德 and 腾讯 maps give, BD-09 what 百度 gives; satellite receivers give CGCS2000 (WGS 84 differs by centimetres).
    Raises BadPlace for a point outside China or a datum that is none of DATUMS.
    """
    if datum not in DATUMS:
        raise BadPlace("坐标系只能是 CGCS2000、GCJ-02 或 BD-09。")
    if not (math.isfinite(lon) and math.isfinite(lat) and WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        raise BadPlace("坐标不在中国范围内，请看看经度和纬度是不是写反了。")
    if datum == BD09:
        lon, lat = _from_baidu(lon, lat)
    if datum != CGCS2000:
        lon, lat = _from_mars(lon, lat)
    return round(lon, DIGITS), round(lat, DIGITS)


def to_gcj02(lon: float, lat: float) -> Point:
    """The other way: where maps in GCJ-02 draw a CGCS2000 point."""
    dx, dy = lon - 105.0, lat - 35.0
    slant = math.radians(lat)
    bend = 1 - _FLATTENING_SQUARED * math.sin(slant) ** 2
    north = _north(dx, dy) * 180.0 / ((_AXIS * (1 - _FLATTENING_SQUARED)) / (bend * math.sqrt(bend)) * math.pi)
    east = _east(dx, dy) * 180.0 / (_AXIS / math.sqrt(bend) * math.cos(slant) * math.pi)
    return lon + east, lat + north


def _waves(value: float, *parts: tuple[float, float]) -> float:
    return sum(height * math.sin(value * math.pi * pace) for height, pace in parts) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return plain + _waves(x, (20.0, 6.0), (20.0, 2.0)) + _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))


def _east(x: float, y: float) -> float:
    plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    parts = ((20.0, 6.0), (20.0, 2.0), (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    return plain + _waves(x, *parts)


def _from_mars(lon: float, lat: float) -> Point:
    """GCJ-02 has no inverse in a formula; three steps of guessing come within centimetres."""
    guess_lon, guess_lat = lon, lat
    for _ in range(3):
        seen_lon, seen_lat = to_gcj02(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - seen_lon, guess_lat + lat - seen_lat
    return guess_lon, guess_lat


def _from_baidu(lon: float, lat: float) -> Point:
    x, y = lon - 0.0065, lat - 0.006
    far = math.sqrt(x * x + y * y) - 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU)
    return far * math.cos(angle), far * math.sin(angle)


def outline(text: str, datum: str = CGCS2000) -> list[list[float]]:
    """A ring of [lon, lat] in CGCS2000, not closed, from GeoJSON (Polygon, Feature, FeatureCollection of one) or pairs of numbers.

    Empty text is no outline. Raises BadPlace for anything else, for fewer than three or more than MAX_CORNERS corners, for holes and
    several parts, and for a ring that is larger than a compound can be.
    """
    if not text.strip():
        return []
    ring = [to_cgcs2000(lon, lat, datum) for lon, lat in _corners(text)]
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    if len(set(ring)) < 3:
        raise BadPlace("轮廓至少要三个角。")
    if len(ring) > MAX_CORNERS:
        raise BadPlace("轮廓的角太多，最多 500 个。")
    if any(max(values) - min(values) > LARGEST for values in zip(*ring, strict=True)):
        raise BadPlace("轮廓太大，不像一个小区，请检查坐标。")
    return [list(corner) for corner in ring]


def middle(ring: Iterable[Iterable[float]]) -> Point | None:
    """The middle of a ring's corners, for a compound that gives no point of its own."""
    corners = [tuple(corner) for corner in ring]
    if not corners:
        return None
    lons, lats = zip(*corners, strict=True)
    return round(sum(lons) / len(lons), DIGITS), round(sum(lats) / len(lats), DIGITS)


def _corners(text: str) -> list[Point]:
    try:
        return [(float(lon), float(lat)) for lon, lat, *_ in _ring(json.loads(text))]
    except (ValueError, TypeError, KeyError, IndexError) as wrong:
        if isinstance(wrong, BadPlace):
            raise
    try:
        pairs = [
            part.split(",") for part in text.replace("；", ";").replace("，", ",").replace("\n", ";").split(";") if part.strip()
        ]
        return [(float(lon), float(lat)) for lon, lat in pairs]
    except ValueError:
        raise BadPlace("轮廓读不出来，请用 GeoJSON，或者“经度,纬度;经度,纬度;…”。") from None


def _ring(shape: Any) -> list[Any]:
    if isinstance(shape, list):
        return shape
    match shape["type"]:
        case "Feature":
            return _ring(shape["geometry"])
        case "FeatureCollection" if len(shape["features"]) == 1:
            return _ring(shape["features"][0])
        case "Polygon" if len(shape["coordinates"]) == 1:
            return list(shape["coordinates"][0])
        case "MultiPolygon" if len(shape["coordinates"]) == 1 and len(shape["coordinates"][0]) == 1:
            return list(shape["coordinates"][0][0])
    raise BadPlace("轮廓只能是一块，不能有洞，也不能是几块。")
