"""What a desk asks of a case: what-ifs, questions, disputed facts, triggers, rival readings, systems to knock out."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from fissures.case.record_base import Name, NonNegative, Record, Share


class Lever(Record):
    """What somebody could do between two dates: events added, levels held, rates and what feeds pressures scaled, the
    strength of claims edited; held, scaled and edited in full at once, or after a `ramp`."""

    code: str = ""
    name: str
    inject: dict[str, str] = {}
    hold: dict[str, NonNegative] = {}
    scale: dict[str, NonNegative] = {}
    edit: dict[str, NonNegative] = {}
    ramp: str | None = None
    since: date = Field(alias="from")
    until: date = Field(alias="to")
    escalatory: bool = False
    says: str = ""


class BaseRate(Record):
    """A range for the answer that was written down from base rates alone, before any fit."""

    low: Share
    high: Share
    says: str


class Question(Record):
    """What is asked, by when, and how event data resolve it."""

    code: str
    title: str
    asks: str
    by: date
    exceed: tuple[NonNegative, ...] = ()
    exceed_base_rates: dict[str, BaseRate] = {}
    base_rate: BaseRate | None = None
    resolves: str
    void_when: str = ""


class Fact(Record):
    """A disputed fact: one value per source, never averaged."""

    title: str
    unit: str = ""
    values: dict[str, str]
    says: str = ""


class MapFile(Record):
    """What the brief's map is drawn from: a GeoJSON file in the case's folder, and the source it was taken from."""

    file: str
    source: str
    says: str = ""


class Trigger(Record):
    """What a desk watches: a number of the model or of the record, and the threshold at which somebody should look."""

    when: str
    says: str = ""


class RivalReading(Record):
    """The argument as somebody else reads it: claims that do nothing, and claims that run the other way."""

    name: str
    says: str
    source: Name | None = None
    idle: tuple[Name, ...] = ()
    reversed: tuple[Name, ...] = ()


class System(Record):
    """One system that the argument describes: its elements, and what must move when they are knocked out.

    `still` names what must not move: declared nulls.
    """

    title: str
    elements: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    says: str = ""
