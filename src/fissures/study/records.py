"""What a study hands on: frozen values that name everything and need no model to be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from fissures.errors import Finding
from fissures.study.analogue_records import Analogues, Counted
from fissures.study.difference import Z80 as Z80
from fissures.study.difference import Difference as Difference
from fissures.study.difference import Range as Range
from fissures.study.graph_records import Graph
from fissures.study.verbal import printed

if TYPE_CHECKING:
    from fissures.study.first_page import FirstPage


@dataclass(frozen=True)
class ReferenceClass:
    """What conflicts like this do next, before anyone argues: a share, how it was counted, and to when."""

    value: float
    method: str
    cutoff: date
    counted: str


@dataclass(frozen=True)
class Answer:
    """One question answered; probabilities in [0, 1], quantiles in the question's own unit."""

    id: str
    code: str
    title: str
    by: date
    kind: str  # "event" or "number"
    probability: float | None
    mc_error: float
    range80: Range
    quantiles: dict[str, float]
    exceed: dict[str, float]
    word: str
    reference_class: ReferenceClass | None
    claims_off: float
    with_claims: float
    bounds: Range | None
    bounds_say: str
    resolves: str
    void: float = 0.0  # share of paths on which the question is void; the answer is given that it is not
    exceed_off: dict[str, float] = field(default_factory=dict)  # as `exceed`, with all claims off
    exceed_bounds: dict[str, Range] = field(default_factory=dict)  # what base rates alone allow of `exceed`
    analogues: Counted | None = None  # None where no number of deaths stands for what is asked

    @property
    def printed(self) -> float | None:
        """The probability as it is printed, from which its word is taken; None for a number."""
        return None if self.probability is None else printed(self.probability, self.range80)

    def __str__(self) -> str:
        """Code, number with its 80 % range (per cent for an event), title."""
        scale, unit = (100, " %") if self.kind == "event" else (1, "")
        low, high = (scale * edge for edge in self.range80)
        return f"{self.code:5} {scale * self.with_claims:.3g}{unit} ({low:.3g} to {high:.3g}{unit})  {self.title}"


@dataclass(frozen=True)
class Answers:
    """All answers of a run, under the digest of that run."""

    digest: str
    parent: str
    case: str
    case_digest: str
    as_of: date
    seed: int
    paths: int
    questions: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    lead: str = ""  # code of the most consequential question; "" where the case asks for no rung
    analogues: Analogues | None = None

    def __str__(self) -> str:
        """One line a question: code, number, 80 % range, title."""
        head = f"{self.case}, as of {self.as_of} ({self.paths:,} paths, seed {self.seed})"
        return "\n".join([head, *(str(question) for question in self.questions)])


@dataclass(frozen=True)
class Belief:
    """A normal summary of a coefficient: log odds (or log rate) per reference surge."""

    mean: float
    sd: float

    @property
    def range80(self) -> Range:
        """The central 80 % interval."""
        return (self.mean - Z80 * self.sd, self.mean + Z80 * self.sd)


@dataclass(frozen=True)
class ClaimRow:
    """One coupling before and after the data, with its verdict and where it stands in the source.

    `shares` names the code of the claim, or the break, whose coefficient it shares; `untested` says why the record
    could not test it ("" where it could). `possible` is the narrowing that the record allowed at all, `confounded` the
    share of the cause's variation that past violence explains (`by_indication` where it is too much), `own` and `lead`
    what the cause and the cause shifted into the future gain (nats); None where nothing was looked at.
    """

    id: str
    code: str
    sentence: str
    paraphrase: str
    source: str
    para: int | None
    reading: str
    before: Belief
    after: Belief
    vague: Belief
    p_sign: float
    narrowed: float
    informed_by: int
    verdict: str
    sign: int
    note: str = ""
    prior_says: str = ""
    shares: str = ""
    untested: str = ""
    possible: float | None = None
    confounded: float | None = None
    by_indication: bool = False
    own: float | None = None
    lead: float | None = None
    moves_with: bool = False
    portable: Portable | None = None


@dataclass(frozen=True)
class Portable:
    """What other rivals show of the general claim that a claim is an instance of: what a new pair may show, positive as
    the claim states, alone and taken together with the analyst's prior, and the general claim's verdict."""

    claim: str
    alone: Belief
    together: Belief
    verdict: str


@dataclass(frozen=True)
class Statement:
    """A claim that is no coupling (level, perception, importance, measurement, context): it has no coefficient."""

    id: str
    code: str
    kind: str
    paraphrase: str
    about: str
    source: str
    para: int | None


@dataclass(frozen=True)
class FittedBlock:
    """One block of the fit: how it was fitted, and whether a reader may rely on it.

    `khat` and `effective` judge the approximation (None: not judged); `trusted` is False where k-hat is above .7
    (and no sampler stepped in) or nobody judged it, and None where there were no data and it keeps its prior.
    """

    name: str
    method: str
    khat: float | None
    effective: float | None
    trusted: bool | None


@dataclass(frozen=True)
class Implied:
    """What the claims' priors imply of a front before the data: the chance of a week at `rung` or above with every
    pressure at nothing, and at its reference surge; `sound` where neither is unthinkable or certain."""

    front: str
    rung: str
    nothing: float
    surge: float
    sound: bool


@dataclass(frozen=True)
class HalfLife:
    """What is believed of one pressure's half-life: as stated (days), and the weight of each multiple of it, equally
    likely before the data; `told` where the record spoke of it at all."""

    pressure: str
    days: float
    weights: tuple[tuple[float, float], ...]
    told: bool


@dataclass(frozen=True)
class Claims:
    """What the data said of every coupling of a case; iterates over its rows, one a coupling, in case order.

    `doubt` holds (times the stated width, posterior weight) of each scale of the doubt that all claims share.
    `without[code]`, by the code of the claim (or the break) that owns a coefficient, holds the paired change of every
    question once that coefficient is taken out; `asked` the codes of the questions that matter most.
    """

    case: str
    as_of: date
    digest: str
    seed: int
    rows: tuple[ClaimRow, ...]
    statements: tuple[Statement, ...]
    moved: int
    couplings: int
    doubt: tuple[tuple[float, float], ...]
    blocks: tuple[FittedBlock, ...]
    findings: tuple[Finding, ...]
    asked: tuple[str, ...] = ()
    paths: int = 0
    without: dict[str, dict[str, Difference]] = field(default_factory=dict)
    half_lives: tuple[HalfLife, ...] = ()
    implied: tuple[Implied, ...] = ()

    def __iter__(self) -> Iterator[ClaimRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        """The headline, then one line a coupling: code, verdict, after the data, paraphrase."""
        told = [
            f"{row.code:5} {row.verdict:14} {row.after.mean:5.2f} ± {row.after.sd:.2f}  {row.paraphrase}"
            for row in self.rows
        ]
        return "\n".join([f"The data moved {self.moved} of {self.couplings} couplings.", *told])


@dataclass(frozen=True)
class Course:
    """The expected course by week: deaths (quantiles) and the odds of each front's highest rung.

    `deaths` has one row a week and the columns of `levels`; `ladder[front]` has one row a week and one
    column a rung. `past` holds (week, low, high) of recorded deaths; None where nothing was recorded.
    """

    weeks: tuple[date, ...]
    levels: tuple[float, ...]
    deaths: tuple[tuple[float, ...], ...]
    rungs: tuple[str, ...]
    ladder: dict[str, tuple[tuple[float, ...], ...]]
    past: tuple[tuple[date, float | None, float | None], ...]


@dataclass(frozen=True)
class WeekDifference:
    """Chance that a front is active (or worse) in one week, base and arm, paired."""

    week: date
    told: Difference


@dataclass(frozen=True)
class Arm:
    """One lever pulled: what it is, and what it changes in each question (by code).

    `paths` is how many paths were paired: a difference needs fewer than an answer.
    """

    id: str
    name: str
    says: str
    escalatory: bool
    differences: dict[str, Difference]
    code: str = ""
    paths: int = 0
    weeks: dict[str, tuple[WeekDifference, ...]] = field(default_factory=dict)
    levers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Any number of what-ifs on the same random numbers as one base; iterates over its arms."""

    case: str
    as_of: date
    digest: str
    seed: int
    paths: int
    titles: dict[str, str]
    arms: tuple[Arm, ...]
    lead: str = ""
    notices: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Arm]:
        return iter(self.arms)

    def __len__(self) -> int:
        return len(self.arms)

    def __str__(self) -> str:
        """One line an arm: what it does to the leading question."""
        lines = [f"{self.case}, as of {self.as_of}: {len(self)} what-ifs on {self.paths:,} paired paths"]
        for arm in self:
            told = arm.differences.get(self.lead)
            change = "" if told is None else f"{100 * told.difference:+.1f} points of {self.lead}"
            itself = f" ({told.itself})" if told and told.itself else ""
            lines.append(f"{arm.code or arm.id:5} {change:24} {arm.name}{itself}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Rival:
    """A rival reading: what it holds, the claims (by name) that it leaves idle or turns round, what it changes by code.

    `source` is that of the case which holds it; "" for a reading that any argument has. `ranges` holds the 80 % range
    of its own answers over draws, by code.
    """

    name: str
    says: str
    source: str = ""
    idle: tuple[str, ...] = ()
    turned: tuple[str, ...] = ()
    differences: dict[str, Difference] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    paths: int = 0


@dataclass(frozen=True)
class Study:
    """All that a brief needs: answers, claims, course, arms, rival readings, and where every part came from.

    `first` is what the first page of a brief says beside it, where that was made; `graph` the argument as parts and
    lines.
    """

    answers: Answers
    claims: tuple[ClaimRow, ...]
    statements: tuple[Statement, ...]
    moved: int
    couplings: int
    course: Course
    arms: tuple[Arm, ...]
    provenance: dict[str, str]
    rivals: tuple[Rival, ...] = ()
    first: FirstPage | None = None
    graph: Graph | None = None
