"""Which compounds of a county lie where they hardly can: far from where the others are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import median
from typing import TypeVar

from huiyin.rules.geo import Point

Key = TypeVar("Key")

ENOUGH = 4  # points before anything can be told
NEAR = 15.0  # kilometres from the middle that are never far: a county has townships
TIMES = 8.0  # how many usual distances are far
KILOMETRES_PER_DEGREE = 111.32


def kilometres(one: Point, other: Point) -> float:
    """Between two points in degrees, well enough for a county."""
    across = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, one[1] - other[1]) * KILOMETRES_PER_DEGREE


def astray(points: Mapping[Key, Point]) -> dict[Key, float]:
    """{compound: kilometres from the middle of all} of those that are far out by any measure; a few may lie anywhere without moving the middle."""
    if len(points) < ENOUGH:
        return {}
    middle = median(lon for lon, _ in points.values()), median(lat for _, lat in points.values())
    away = {key: kilometres(point, middle) for key, point in points.items()}
    limit = max(NEAR, TIMES * median(away.values()))
    return {key: far for key, far in away.items() if far > limit}
