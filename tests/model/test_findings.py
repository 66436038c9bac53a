"""What a fit tells besides its numbers: rough blocks, causes that never varied, separation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fissures.model import findings
from fissures.model import fit as fitting
from fissures.model import fit_ladders as ladders
from fissures.model.causes import Block

from .conftest import Prepared

ROUGH = Block("stream shots", "mode + Laplace", True, 5, khat=0.83, effective=90.0)


def told(made: Prepared, fit: fitting.Fit, *blocks: Block) -> list[str]:
    """Messages of the findings of a fit with these blocks."""
    return [str(finding) for finding in findings.found(made.plan, made.history, blocks, fit.learnt)]


def test_a_rough_block_is_a_warning_with_its_k_hat(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    assert any("stream shots: k-hat 0.83, above 0.7" in one for one in told(valleys, valleys_fit, ROUGH))
    sampled = replace(ROUGH, method="sampled (Hamiltonian Monte Carlo)")
    assert not any("k-hat" in one for one in told(valleys, valleys_fit, sampled))


def test_causes_that_never_varied_are_named_together(valleys: Prepared, valleys_fit: fitting.Fit) -> None:
    name = next(name for name in valleys_fit.learnt if name.startswith("claim:"))
    still = replace(valleys_fit, learnt={name: replace(valleys_fit.learnt[name], varies=False)})
    assert any(
        f"never varied where it could be seen: {name.removeprefix('claim:')}" in one for one in told(valleys, still)
    )


def test_separation_is_seen_where_no_move_happened_under_the_cause(
    valleys: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A made cause that is present on every day but those of the climbs of the first front, and its opposite."""
    term = next(t for t in valleys.plan.terms_on("ladder") if t.moves is not None and (np.triu(t.moves, 1) != 0).any())
    rungs = valleys.history.rungs[:, term.target]
    happened = term.moves[rungs[:, :-1], rungs[:, 1:]] != 0  # type: ignore[index]
    alone = replace(valleys.plan, terms=(term,))
    if not happened.any():
        pytest.skip("no such move in the record")

    def cause(present: object) -> None:
        monkeypatch.setattr(ladders, "cause_path", lambda _plan, _history, _term, c: present[c])  # type: ignore[index]

    cause(1.0 - happened)
    assert ladders.separated(alone, valleys.history, term.name)
    mixed = np.ones_like(happened, float)
    mixed[:, ::2] = 0.0
    cause(mixed)
    both = all(0 < row[::2].sum() < row.sum() for row in happened.astype(int))
    assert ladders.separated(alone, valleys.history, term.name) == (not both)
