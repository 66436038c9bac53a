"""Verdicts: every branch of the stated rules, in their order."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from fissures.case.records import Break, Case, Claim
from fissures.model.causes import Block, Learnt
from fissures.model.plan import coefficient
from fissures.model.prior import VAGUE
from fissures.study import claims as argument
from fissures.study.claims import couplings, moved, narrowing, p_sign, statements, table, verdict
from fissures.study.records import Belief


def learnt(sure: float, narrowed: float, varies: bool = True) -> Learnt:
    """What a fit would say that makes the sign so sure and the interval so much narrower."""
    sd = VAGUE[1] * (1 - narrowed)
    return Learnt(float(sd * stats.norm.ppf(sure)), sd, 9, varies)


RULES = [
    # first rule: nothing to test with
    (0.99, 0.50, False, "could not test"),
    (0.01, 0.50, False, "could not test"),
    (0.99, 0.09, True, "could not test"),
    (0.01, 0.00, True, "could not test"),
    # second: sure of the sign, and narrowed by a quarter
    (0.91, 0.26, True, "supported"),
    (0.999, 0.9, True, "supported"),
    # third: sure but hardly narrowed, or not quite sure
    (0.99, 0.24, True, "leans to"),
    (0.89, 0.50, True, "leans to"),
    (0.76, 0.11, True, "leans to"),
    # fourth: sure of the other sign, and narrowed by a quarter
    (0.09, 0.26, True, "contradicted"),
    (0.001, 0.9, True, "contradicted"),
    # else
    (0.09, 0.24, True, "mixed"),
    (0.11, 0.50, True, "mixed"),
    (0.74, 0.50, True, "mixed"),
    (0.50, 0.11, True, "mixed"),
]


@pytest.mark.parametrize(("sure", "narrowed", "varies", "said"), RULES)
def test_a_verdict_follows_the_stated_rules(sure: float, narrowed: float, varies: bool, said: str) -> None:
    assert verdict(learnt(sure, narrowed, varies)) == said


@pytest.mark.parametrize("mean", [-1.3, -0.2, 0.0, 0.4])
@pytest.mark.parametrize("sd", [0.05, 0.4, 2.0])
def test_the_chance_of_the_sign_is_that_of_a_normal(mean: float, sd: float) -> None:
    assert p_sign(Learnt(mean, sd, 1, True)) == pytest.approx(stats.norm(mean, sd).sf(0), rel=1e-9)


@pytest.mark.parametrize(("sd", "narrowed"), [(0.4, 0.0), (0.3, 0.25), (0.1, 0.75), (0.5, 0.0)])
def test_narrowing_is_the_share_of_the_vague_width_that_the_data_took(sd: float, narrowed: float) -> None:
    assert narrowing(Learnt(0.2, sd, 1, True)) == pytest.approx(narrowed)


def test_every_verdict_says_one_of_five_things() -> None:
    said = {verdict(learnt(p, n)) for p in np.linspace(0.01, 0.99, 30) for n in np.linspace(0, 0.9, 30)}
    assert said == {"could not test", "supported", "leans to", "contradicted", "mixed"}


# --- the table: one row a coupling, one coefficient a row, but where claims share one -------------------------------


def coupling(code: str, **more: object) -> Claim:
    claim = {"code": code, "paraphrase": f"P{code}", "cause": "thirst", "effect": "lowers stream market_marches"}
    return Claim.model_validate(claim | {"says": {"source": "letter", "reading": "ours"}} | more)


@pytest.fixture(scope="module")
def shared(case: Case) -> Case:
    """The small case with two restatements of V1, two claims that share a declared break, and a level."""
    effect = {"effect": "lowers violence of weir, ford"}
    rain = Break.model_validate({"date": date(2019, 5, 1), **effect, "says": "S"})
    more = {
        "said_again": coupling("W1", same_as="thirst_raises_climbing", strength=None),
        "said_thrice": coupling("W2", same_as="thirst_raises_climbing"),
        "after_the_rain": coupling("W3", same_as="break rain", **effect),
        "since_the_rain": coupling("W4", same_as="break rain", **effect),
        "how_high": coupling("W5", kind="level", cause=None, effect=None, about="how high the river stands"),
    }
    return case.model_copy(update={"claims": {**case.claims, **more}, "breaks": {**case.breaks, "rain": rain}})


def fitted(case: Case, **said: tuple[float, float]) -> Any:
    """A fit in which every coefficient is untested but for those given as (chance of the sign, narrowing)."""
    names = {coefficient(case, name) for name, claim in case.claims.items() if claim.kind == "coupling"}
    untested = {name: learnt(0.6, 0.0) for name in names}
    vague = untested | {name.replace("__", ":"): learnt(*how) for name, how in said.items()}
    priors = {name: (0.2, 0.4 if name.startswith("break:") else 0.3) for name in names}
    return SimpleNamespace(priors=priors, learnt=dict.fromkeys(names, POSTERIOR), vague=vague)


POSTERIOR = Learnt(0.15, 0.2, 4, True)
COUPLINGS = ("V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "W1", "W2", "W3", "W4")


def test_a_row_stands_for_each_coupling_and_a_statement_for_each_other_claim(shared: Case) -> None:
    rows = table(shared, fitted(shared))
    assert tuple(row.code for row in rows) == COUPLINGS
    told = [(s.id, s.code, s.kind, s.about, s.source) for s in statements(shared)]
    assert told == [
        ("water_is_what_it_is_about", "V10", "context", "what the quarrel is about", "letter"),
        ("how_high", "W5", "level", "how high the river stands", "letter"),
    ]


def test_a_row_holds_what_was_believed_before_and_after(shared: Case) -> None:
    row = table(shared, fitted(shared, claim__thirst_brings_marches=(0.95, 0.5)))[3]
    assert (row.code, row.id) == ("V4", "thirst_brings_marches")
    assert (row.source, row.para, row.reading) == ("letter", 5, "implied")
    assert (row.before, row.after) == (Belief(0.2, 0.3), Belief(0.15, 0.2))
    assert (row.p_sign, row.narrowed) == (pytest.approx(0.95), pytest.approx(0.5))
    assert (row.verdict, row.informed_by, row.sign, row.shares) == ("supported", 9, 1, "")


def test_a_claim_that_lowers_has_a_negative_sign(shared: Case) -> None:
    signs = {row.code: row.sign for row in table(shared, fitted(shared))}
    assert {code for code, sign in signs.items() if sign == -1} == {"V3", "V8", "V9", "W1", "W2", "W3", "W4"}


def test_a_cause_that_never_varied_is_informed_by_nothing(shared: Case) -> None:
    fit = fitted(shared)
    fit.vague["claim:distrust_raises_climbing"] = learnt(0.99, 0.5, varies=False)
    row = table(shared, fit)[1]
    assert (row.code, row.informed_by, row.verdict) == ("V2", 0, "could not test")


def test_a_restatement_shows_the_coefficient_that_it_shares(shared: Case) -> None:
    said = {"claim__thirst_raises_climbing": (0.97, 0.6), "break__rain": (0.8, 0.2)}
    rows = {row.code: row for row in table(shared, fitted(shared, **said))}
    assert {code: row.shares for code, row in rows.items() if row.shares} == {
        "W1": "V1",
        "W2": "V1",
        "W3": "break rain",
        "W4": "break rain",
    }
    assert rows["W1"].vague == rows["W2"].vague == rows["V1"].vague and rows["W1"].verdict == "supported"
    assert rows["W3"].vague == rows["W4"].vague and rows["W3"].verdict == "leans to"


def test_a_coefficient_counts_once_however_often_it_is_claimed(shared: Case) -> None:
    rows = table(shared, fitted(shared))
    assert len(rows) == 13 and couplings(rows) == 9 + 1, "nine of their own, and one break that two claims share"


MOVED = [
    ({}, 0),
    ({"claim__thirst_raises_climbing": (0.97, 0.6)}, 1),  # restated twice
    ({"break__rain": (0.8, 0.2)}, 1),  # claimed twice, and no claim's own
    ({"claim__distrust_raises_climbing": (0.03, 0.6)}, 1),  # against it is a result too
    ({"claim__distrust_raises_climbing": (0.5, 0.2), "break__rain": (0.01, 0.5)}, 2),
]


@pytest.mark.parametrize(("said", "count"), MOVED)
def test_moved_countscoefficients_that_the_data_spoke_to(
    shared: Case, said: dict[str, tuple[float, float]], count: int
) -> None:
    assert moved(table(shared, fitted(shared, **said))) == count


def test_no_morecoefficients_move_than_there_are(shared: Case) -> None:
    fit = fitted(shared)
    rows = table(shared, SimpleNamespace(**vars(fit) | {"vague": dict.fromkeys(fit.vague, learnt(0.97, 0.6))}))
    assert moved(rows) == couplings(rows) == 10


def test_with_no_vague_fit_the_posterior_stands(shared: Case) -> None:
    fit = fitted(shared)
    del fit.vague["claim:thirst_raises_climbing"]
    assert table(shared, fit)[0].vague == Belief(POSTERIOR.mean, POSTERIOR.sd)


def test_moved_counts_every_verdict_but_one(case: Case) -> None:
    rows = [SimpleNamespace(verdict=said, shares="") for *_, said in RULES]
    assert moved(tuple(rows)) == len(RULES) - 4  # type: ignore[arg-type]


# --- why a claim was not tested, and what scrutiny adds ---------------------------------------------------------------


def why(case: Case, fit: Any) -> dict[str, str]:
    return {row.code: row.untested for row in table(case, fit)}


def test_a_claim_that_was_not_tested_says_why(shared: Case) -> None:
    fit = fitted(shared, claim__thirst_raises_climbing=(0.97, 0.6))
    fit.vague["claim:distrust_raises_climbing"] = learnt(0.99, 0.5, varies=False)
    fit.vague["claim:thirst_brings_marches"] = learnt(0.99, 0.5, varies=False)
    said = why(shared, fit)
    assert (said["V1"], said["W1"]) == ("", "")
    assert (said["V2"], said["V3"]) == (argument.NEVER_VARIED, argument.TOO_FEW)
    assert said["V4"] == argument.NOBODY_COUNTED, "no block says that anybody counted the marches"
    block = SimpleNamespace(name="ladder river + stream market_marches", method="mode + Laplace")
    fit.blocks = (block,)
    assert why(shared, fit)["V4"] == argument.NEVER_VARIED
    fit.blocks = (SimpleNamespace(**vars(block) | {"method": "prior only: no data"}),)
    assert why(shared, fit)["V4"] == argument.NOBODY_COUNTED


def test_a_claim_that_no_record_can_test_says_so_whatever_the_data(shared: Case) -> None:
    claims = {name: claim.model_copy(update={"testable": "no"}) for name, claim in shared.claims.items()}
    said = why(shared.model_copy(update={"claims": claims}), fitted(shared, claim__thirst_raises_climbing=(0.97, 0.6)))
    assert set(said.values()) == {argument.SAID_SO}


def test_scrutiny_stands_in_the_row_and_with_its_restatements(shared: Case) -> None:
    fit = fitted(shared)
    assert table(shared, fit)[0].possible is None
    seen = SimpleNamespace(possible=0.4, confounded=0.7, by_indication=True, own=0.1, lead=0.9, moves_with=True)
    fit.scrutiny = {"claim:thirst_raises_climbing": seen}
    rows = {row.code: row for row in table(shared, fit)}
    for code in ("V1", "W1"):
        row = rows[code]
        assert (row.possible, row.confounded, row.by_indication) == (0.4, 0.7, True)
        assert (row.own, row.lead, row.moves_with) == (0.1, 0.9, True)
    assert not rows["V2"].moves_with and rows["V2"].lead is None


def test_a_coefficient_is_taken_out_with_all_that_restates_it(shared: Case) -> None:
    parts = argument.coefficients(shared)
    assert len(parts) == couplings(table(shared, fitted(shared))) == 10
    assert [part.name for part in parts["V1"]] == ["thirst_raises_climbing", "said_again", "said_thrice"]
    assert [(part.kind, part.name) for part in parts["break rain"]] == [("break", "rain")]


def test_a_block_is_trusted_by_its_k_hat() -> None:
    def trusted(method: str, khat: float | None) -> bool | None:
        return argument._block(Block("b", method, True, 3, khat)).trusted

    told = [trusted("m", 0.7), trusted("m", 0.71), trusted("m", None), trusted("prior only: no data", None)]
    assert told == [True, False, False, None]
    assert trusted("sampled (Hamiltonian Monte Carlo)", 0.9)
