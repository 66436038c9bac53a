"""The tables of the field's vocabulary say what the design and the manuals say."""

from __future__ import annotations

import re

from fissures.terms import cameo_roots, plover, strength_words


def test_strength_words_are_those_of_the_design() -> None:
    assert strength_words() == {
        "may": (0.15, 0.40),
        "appears": (0.25, 0.40),
        "likely": (0.35, 0.40),
        "plain": (0.45, 0.40),
        "vital": (0.60, 0.45),
    }


def test_plover_has_sixteen_categories_with_their_cameo_roots() -> None:
    assert len(plover()) == 16 and set(plover()) == set(cameo_roots())
    assert all(re.fullmatch(r"\d\d", root) for roots in cameo_roots().values() for root in roots)
    assert {root for roots in cameo_roots().values() for root in roots} == {f"{n:02}" for n in range(3, 21)}
    assert all(len(said) > 20 for said in plover().values())


def test_a_reader_cannot_change_the_tables() -> None:
    plover().clear()
    strength_words().clear()
    assert plover() and strength_words()
