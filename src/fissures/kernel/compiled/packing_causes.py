"""The book of causes: every distinct factor and product once, and in which part of a day somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fissures.kernel.compiled.packed import ABOVE, BELOW, EVENING, MORNING, MOVED, NO_SWITCH, Causes, starts
from fissures.kernel.world import BREAK, PRESSURE, STANDING, WITHIN, Factor, Link

# What nothing but the end of a day changes: read in the morning, it holds until the evening.
STEADY = {PRESSURE, WITHIN, STANDING, BREAK}

Key = tuple[Any, ...]


@dataclass
class Book:
    """Factors, products of them and links, numbered as they are entered; and what is due in each part of the day."""

    factors: dict[Key, int] = field(default_factory=dict)
    kept: list[Factor] = field(default_factory=list)
    products: dict[Key, int] = field(default_factory=dict)
    links: list[tuple[Link, int, int]] = field(default_factory=list)  # with product and code
    factors_due: list[dict[int, None]] = field(default_factory=lambda: [{}, {}, {}])
    products_due: list[dict[int, None]] = field(default_factory=lambda: [{}, {}, {}])

    def trigger(self, factor: Factor) -> int:
        """The number of a factor that is read where it is needed, in no set part of the day."""
        # A number that is missing is no number at all, and as such unlike itself.
        bars = tuple(bar if bar == bar else None for bar in (factor.above, factor.below))
        key = (factor.kind, factor.places, factor.codes, factor.level, factor.scale, *bars)
        if key not in self.factors:
            self.factors[key] = len(self.kept)
            self.kept.append(factor)
        return self.factors[key]

    def factor(self, factor: Factor, part: int) -> int:
        """The number of a factor that a part of the day asks for."""
        number = self.trigger(factor)
        self.factors_due[MORNING if factor.kind in STEADY else part][number] = None
        return number

    def enter(self, link: Link, part: int, code: int = 0) -> int:
        """The number of a link whose cause a part of the day asks for."""
        factors = tuple(self.factor(factor, part) for factor in link.factors)
        product = self.products.setdefault((factors, link.root), len(self.products))
        steady = all(factor.kind in STEADY for factor in link.factors)
        self.products_due[MORNING if steady else part][product] = None
        self.links.append((link, product, code))
        return len(self.links) - 1

    def causes(self) -> Causes:
        """All of it as arrays."""
        kept, products = self.kept, list(self.products)
        switches = [_switch(factor) for factor in kept]
        factors_due, products_due = ([list(due) for due in part] for part in (self.factors_due, self.products_due))
        return Causes(
            kind=_ints([factor.kind for factor in kept]),
            place_start=starts([factor.places for factor in kept]),
            place=_ints([place for factor in kept for place in factor.places]),
            code=_ints([code for factor in kept for code in (factor.codes or (0,) * len(factor.places))]),
            level=np.array([factor.level for factor in kept], np.float64),
            scale=np.array([factor.scale for factor in kept], np.float64),
            switch=_ints([switch for switch, _ in switches]),
            bar=np.array([bar for _, bar in switches], np.float64),
            product_start=starts([factors for factors, _ in products]),
            product_factor=_ints([factor for factors, _ in products for factor in factors]),
            root=np.array([root for _, root in products], np.bool_),
            factors_start=starts(factors_due),
            factors_due=_ints([number for part in factors_due for number in part]),
            products_start=starts(products_due),
            products_due=_ints([number for part in products_due for number in part]),
        )


def _switch(factor: Factor) -> tuple[int, float]:
    if factor.above == factor.above:
        return ABOVE, factor.above
    return (BELOW, factor.below) if factor.below == factor.below else (NO_SWITCH, 0.0)


def _ints(values: list[int]) -> Any:
    return np.array(values, np.int64).reshape(-1)


__all__ = ["EVENING", "MORNING", "MOVED", "Book"]
