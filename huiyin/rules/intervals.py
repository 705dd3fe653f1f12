"""How sure a share is: figures of a county are small samples, and a bare percentage would say more than is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the 95 % interval by Wilson's score; no value where nothing was counted."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high, within 0 and 1; the whole range where nothing was counted."""
        if not self.total:
            return 0.0, 1.0
        p, n, z = self.hits / self.total, self.total, Z95
        centre = p + z * z / (2 * n)
        reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        whole = 1 + z * z / n
        return max(0.0, (centre - reach) / whole), min(1.0, (centre + reach) / whole)
