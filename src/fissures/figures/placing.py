"""Labels laid where nothing else lies: boxes in pixels, the first place that is free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PER_LETTER = 6.5  # pixels of a letter of 12 pixels, on the wide side
TALL = 15.0


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels: left, top, right, bottom; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def within(self, other: Box) -> bool:
        """Whether it lies in another."""
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    def shared(self, other: Box) -> float:
        """The area that two boxes share, in square pixels; 0 where they do not meet."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * tall if wide > 0 and tall > 0 else 0.0


def around(x: float, y: float, text: str, per_letter: float = PER_LETTER, lines: int = 1) -> Box:
    """The box of a text with its middle at a place.

    >>> around(100, 50, "Line")
    Box(left=87.0, top=42.5, right=113.0, bottom=57.5)
    """
    half, tall = per_letter * len(text) / 2, lines * TALL / 2
    return Box(x - half, y - tall, x + half, y + tall)


def beside(thing: Box, text: str, gap: float = 5.0, lines: int = 1) -> tuple[tuple[float, float], ...]:
    """Middles of a text beside a thing: right, left, above, below, then at its corners."""
    box = around(0, 0, text, lines=lines)
    wide, tall = box.right + gap, box.bottom + gap
    x, y = thing.middle
    right, left, above, below = thing.right + wide, thing.left - wide, thing.top - tall, thing.bottom + tall
    return (
        *((right, y), (left, y), (x, above), (x, below)),
        *((right, above), (left, above), (right, below), (left, below)),
    )


def freest(
    places: Iterable[tuple[float, float]],
    text: str,
    sheet: Box,
    taken: Sequence[Box],
    shunned: Sequence[Box] = (),
    lines: int = 1,
) -> Box | None:
    """The first place on the sheet at which a text meets nothing `taken` and least of what is `shunned`; None: none."""
    best: tuple[float, Box] | None = None
    for x, y in places:
        box = around(x, y, text, lines=lines)
        if not box.within(sheet) or any(box.shared(other) for other in taken):
            continue
        cost = sum(box.shared(other) for other in shunned)
        if not cost:
            return box
        if best is None or cost < best[0]:
            best = (cost, box)
    return best[1] if best else None
