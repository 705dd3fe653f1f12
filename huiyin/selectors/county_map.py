"""Where all compounds lie, for whoever sets the county up: those without a place and those that lie oddly first."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.records.models import Compound
from huiyin.rules.whereabouts import astray


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A compound in use. astray: kilometres from the middle of the county where that is too far to be believed, else None."""

    id: int
    name: str
    community: str
    address: str
    lon: float | None
    lat: float | None
    outline: tuple[tuple[float, float], ...]
    astray: float | None

    @property
    def missing(self) -> bool:
        return self.lon is None or self.lat is None


def compounds() -> list[Placed]:
    """Every compound in use: without a place first, then the farthest out, then by community and name."""
    rows = list(Compound.objects.filter(active=True).select_related("community").order_by("community__name", "name", "pk"))
    far = astray({row.pk: (row.lon, row.lat) for row in rows if row.lon is not None and row.lat is not None})
    placed = [
        Placed(
            id=row.pk,
            name=row.name,
            community=row.community.name,
            address=row.address,
            lon=row.lon,
            lat=row.lat,
            outline=tuple((lon, lat) for lon, lat in row.outline),
            astray=far.get(row.pk),
        )
        for row in rows
    ]
    return sorted(placed, key=lambda one: (not one.missing, -(one.astray or 0.0)))
