"""The records of a case: frozen, typed, and nothing else.

A case is a tree of keyed maps. Phrases ("raises climbing of north, south") stay text here; `grammar` reads them.
"""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import Literal

from pydantic import Field

from fissures.case.desk_records import BaseRate, Fact, Lever, MapFile, Question, RivalReading, System, Trigger
from fissures.case.record_base import Name, NonNegative, Positive, Record, Share

__all__ = [
    "Actor",
    "BaseRate",
    "Break",
    "Case",
    "Claim",
    "Commitment",
    "CountedFrom",
    "Deaths",
    "Evidence",
    "Fact",
    "Front",
    "Ladder",
    "Lever",
    "MapFile",
    "Moves",
    "Name",
    "NonNegative",
    "Passage",
    "Positive",
    "Pressure",
    "Prior",
    "Question",
    "Record",
    "Reporter",
    "RivalReading",
    "Rung",
    "Share",
    "Source",
    "Stream",
    "System",
    "Track",
    "Trigger",
]


class Source(Record):
    """A text or data set that a claim, prior or record comes from."""

    cite: str
    url: str | None = None
    sha256: str | None = None
    published: date | None = None
    licence: str | None = None


class Actor(Record):
    """Someone who acts: a state, a body, a crowd. `known_as` are its names in event data, as they are spelled there."""

    name: str
    recognised: bool = True
    iso3: str | None = None
    gw: int | None = None
    cameo: str | None = None
    known_as: tuple[str, ...] = ()
    within: str | None = None
    stands_with: str | None = None
    role: str | None = None


MOST_DEAD = 50_000  # on one day and front: a guard, far above every rung of a case


class Deaths(Record):
    """Prior of deaths on one day at a rung: a log-normal mean and its source.

    `cap` is the most dead of one day on one front, and beyond `threshold` dead the law is a tail. Where they are unsaid
    the cap is fifty times the mean, no less than 20 and no less than the record's worst day, and the threshold what one
    day in ten goes beyond, no less than 4, below the cap.
    """

    mean: Positive
    spread: Positive = 0.7
    cap: int | None = Field(default=None, ge=1, le=MOST_DEAD)
    threshold: int | None = Field(default=None, ge=0)
    says: str

    @property
    def most(self) -> float:
        """The cap as stated, or by the mean alone."""
        return float(self.cap or min(max(ceil(50.0 * self.mean), 20), MOST_DEAD))


class Rung(Record):
    """One step of a ladder: what it is for people, when the record shows it, and what a day on it brings.

    `means` and `advance` are chances on one day: that a means of violence is used, that ground changes hands.
    """

    described_as: str
    observed_when: tuple[str, ...] = ()
    possible_when: tuple[str, ...] = ()
    deaths_per_day: Deaths | None = None
    means: dict[Name, Share] = {}
    advance: Share = 0.0


class Moves(Record):
    """Pseudo-days of prior moves from one rung: how many would end where, and who says so."""

    to: dict[str, NonNegative]
    says: str


class Ladder(Record):
    """An ordered set of rungs, low to high, with prior moves where the record is thin.

    Days at `active_from` or above count as active: on a front, violent days, which carry who moved and by what means.
    """

    rungs: dict[Name, Rung] = Field(min_length=2)
    active_from: str
    moves: dict[str, Moves] = {}


class Front(Record):
    """A place where two sides meet and violence climbs and falls.

    An event belongs to the front whose `places` (or `place`) are nearest, if within `within_km`; an `area` (GeoJSON in
    the case's folder) takes what lies inside it.
    """

    name: str
    ladder: str
    between: tuple[str, ...] = Field(min_length=2)
    recognised: dict[str, str] = {}
    held: dict[str, str] = {}
    place: tuple[float, float] | None = None
    places: dict[str, tuple[float, float]] = {}
    within_km: Positive = 25.0
    area: str | None = None
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    by: dict[str, Share] = {}
    by_says: str = ""
    dead_by_side: dict[str, NonNegative] = {}
    retires_after: int | None = Field(default=None, ge=1)


class Track(Record):
    """Something that stands on a ladder and is no place: talks, a wave of protest."""

    name: str
    ladder: str
    between: tuple[str, ...] = ()


class Stream(Record):
    """A daily count of one kind of event: who does what to whom (PLOVER category).

    With `read_from` it is no chance of its own: it counts the days on which the phrase holds.
    """

    name: str
    count: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    base_rate: str | None = None
    read_from: str | None = None
    spread: Positive = 0.7
    says: str = ""
    memory: str = "14 days"


class Pressure(Record):
    """State that remembers: decays, builds up, or follows a series; 1 is its reference surge."""

    name: str
    fed_by: dict[str, float] = {}
    half_life: str | None = None
    builds_up: str | None = None
    relieved_by: dict[str, Share] = {}
    begins: date | None = None
    series: str | None = None
    column: str | None = None
    afterwards: Literal["held", "known"] = "held"
    retrospective: bool = False
    floor: NonNegative = 0.0
    reference_surge: str
    says: str = ""


class Prior(Record):
    """A stated normal prior on a coefficient, in log odds (or log rate) per reference surge."""

    mean: float
    sd: Positive
    says: str


class Commitment(Record):
    """Who owes what to whom: its trigger, what it then obliges, and how surely it binds.

    It is in force for `lasts` after its trigger, and where `requested_by` names a stream only after such a request.
    `binds` is the chance that its contested reading holds.
    """

    name: str
    parties: tuple[str, ...] = ()
    since: date | None = None
    guarantor: str | None = None
    protects: str | None = None
    when: str
    lasts: str = "14 days"
    requested_by: str | None = None
    obliges: str | None = None
    raises: Prior | None = None
    binds: Share = 1.0
    strength: Literal["treaty", "declaratory", "political"] = "treaty"
    automatic: bool = False
    contested_readings: tuple[str, ...] = ()
    says: str = ""


class Break(Record):
    """A dated change of regime. With an effect it is one coefficient, which claims may share."""

    date: date
    effect: str | None = None
    prior: Prior | None = None
    says: str = ""


class Passage(Record):
    """Where a claim stands in its source: paragraph, character span, digest of the exact words."""

    source: str
    para: int | None = Field(default=None, ge=1)
    span: tuple[int, int] | None = None
    sha256: str | None = None
    reading: Literal["stated", "implied", "ours"]


class Claim(Record):
    """One sentence of the argument: a coupling with cause and effect, or a statement of another kind.

    A claim with `same_as` restates another one (or a declared break) and shares its coefficient. `general` names the
    portable claim of which it is an instance: the same sentence, tried on other rivals.
    """

    code: str
    paraphrase: str
    kind: Literal["coupling", "level", "perception", "importance", "measurement", "context"] = "coupling"
    cause: str | None = None
    effect: str | None = None
    when: str | None = None
    shape: Literal["linear", "square_root"] = "linear"
    strength: str | None = None
    prior: Prior | None = None
    prior_uses_fit_data: bool = False
    published: date | None = None
    same_as: str | None = None
    general: str | None = None
    about: str = ""
    testable: Literal["yes", "partly", "no"] | None = None
    how: str = ""
    says: Passage
    note: str = ""

    @property
    def moves_something(self) -> bool:
        """Whether the claim has a cause and an effect of its own."""
        return self.cause is not None and self.effect is not None


class Reporter(Record):
    """A source of casualty figures: by what log factor it tells its own side's dead, and the other side's."""

    name: str
    side: str
    own: Prior
    enemy: Prior


class CountedFrom(Record):
    """How a file of evidence was counted from the store of event data, so that it can be counted again.

    `dates` says on which day an event counts that covers several; `duplicates` when two rows are one event. `codes` and
    `dyads` keep only rows with these codes, or these names of the conflict, of the source's own.
    """

    datasets: tuple[str, ...] = Field(min_length=1)
    dates: Literal["start", "end", "spread"] = "start"
    duplicates: Literal["none", "one_a_day", "same_place"] = "none"
    codes: tuple[str, ...] = ()
    dyads: tuple[str, ...] = ()


class Evidence(Record):
    """One file of evidence, its role in the fit, and the windows that it covers.

    `columns` reads a stream from a column of the weekly record; `split` is the prior share of each front in it.
    `volume: own` says that the source sees another share of what happens than the stated rates are about, as news do:
    its counts are fitted with an intercept of their own, and never feed a pressure.
    """

    kind: Literal["weekly_record", "spells", "deaths_by_rung", "means_by_rung", "dated_counts", "rung_bounds"]
    file: str
    source: str
    role: Literal["evidence", "state"] = "evidence"
    covers: tuple[tuple[date, date], ...] = ()
    fronts: tuple[str, ...] = ()
    split: dict[str, Share] = {}
    streams: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    volume: Literal["stated", "own"] = "stated"
    retrospective: bool = False
    counted_from: CountedFrom | None = None
    says: str = ""


class Case(Record):
    """A whole case: the argument, the world it speaks of, the questions and the evidence."""

    fissures: Literal[2]
    case: str
    as_of: date
    horizon: date
    step: Literal["day"] = "day"
    purpose: str
    sources: dict[Name, Source]
    actors: dict[Name, Actor]
    ladders: dict[Name, Ladder] = Field(min_length=1)
    fronts: dict[Name, Front] = Field(min_length=1)
    tracks: dict[Name, Track] = {}
    streams: dict[Name, Stream] = {}
    pressures: dict[Name, Pressure] = {}
    commitments: dict[Name, Commitment] = {}
    claims: dict[Name, Claim] = {}
    levers: dict[Name, Lever] = {}
    rivals: dict[Name, RivalReading] = {}
    questions: dict[Name, Question] = Field(min_length=1)
    facts: dict[Name, Fact] = {}
    map: MapFile | None = None
    reporters: dict[Name, Reporter] = {}
    triggers: dict[Name, Trigger] = {}
    systems: dict[Name, System] = {}
    breaks: dict[Name, Break] = {}
    evidence: dict[Name, Evidence] = {}
