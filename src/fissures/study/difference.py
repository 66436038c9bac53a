"""The paired difference between two arms on the same random numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

Range = tuple[float, float]

Z80 = 1.2815515655446004  # half the width of the middle 80 % of a standard normal


@dataclass(frozen=True)
class Difference:
    """A paired difference: the same random numbers on both arms.

    `base` is what the whole run answers, `arm` the same with the difference that was counted on the paired paths.
    `parameter_sd` is how far draws of the coefficients differ on it, `mc_error` what more paths would take away; the
    range holds both. It rides on the claims `fitted`, to which the data spoke, and on those `assumed`. `itself` says
    how the lever settles by itself what is asked, in words; such a difference is no effect ("" for any other).
    """

    base: float
    arm: float
    difference: float
    range80: Range
    mc_error: float
    fitted: tuple[str, ...]
    assumed: tuple[str, ...]
    parameter_sd: float = 0.0
    itself: str = ""

    @property
    def clear(self) -> bool:
        """Whether the range leaves zero out."""
        return self.range80[0] > 0 or self.range80[1] < 0

    @property
    def clear_effect(self) -> bool:
        """Whether the range leaves zero out and the lever does not settle by itself what is asked."""
        return self.clear and not self.itself

    def settled_by(self, paths: int) -> float:
        """How many paths would make the range leave zero out, `paths` having been paired; infinite where the draws
        alone keep zero in it.

        >>> Difference(0.2, 0.19, -0.01, (-0.04, 0.02), 0.02, (), ()).settled_by(1000)
        6569.5
        """
        room = (self.difference / Z80) ** 2 - self.parameter_sd**2
        return round(paths * self.mc_error**2 / room, 1) if room > 0 else math.inf
