"""What kind of dyad a conflict is: two states, a contested entity, or within a state; over what; with which patron."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from derive.tables import Row, read
from fissures.terms import states

CODED = Path(__file__).with_name("contested.csv")
LOOK_BACK = 10  # years: how long a dispute over territory is remembered
LAND = "1.0"  # COW contiguity by land
TERRITORY, OTHER = "1.0", {"2.0", "3.0", "4.0"}  # GML, type of revision sought: territory; policy, regime, other
CRISIS_WITHIN = 60  # days between a crisis's trigger and the start of a flare-up
_COMMON = frozenset(("united", "government", "republic", "north", "south", "islamic", "state", "democratic"))

Pair = frozenset[str]


class Disputes:
    """Rivalries, disputes, contiguity and crises by pair of COW codes, each as known in a year."""

    def __init__(self, folder: Path) -> None:
        """Read the four files of `disputes/`."""
        self.rivalries: dict[Pair, list[Row]] = defaultdict(list)
        self.disputes: dict[Pair, list[Row]] = defaultdict(list)
        self.borders: dict[Pair, list[Row]] = defaultdict(list)
        for into, name in (
            (self.rivalries, "td_rivalries.csv"),
            (self.disputes, "gml_dirdisp.csv"),
            (self.borders, "cow_contdir.csv"),
        ):
            for row in read(folder / name):
                into[_pair(row["ccode1"], row["ccode2"])].append(row)
        self.crises = [(when, row["crisname"]) for row in read(folder / "ICB_system_core.csv") if (when := _day(row))]
        coded = read(CODED)
        self.contested = {row["conflict"]: row for row in coded}

    def kind(self, conflict: str, between_states: bool, year: int) -> str:
        """Interstate, contested, or internal."""
        row = self.contested.get(conflict)
        if between_states:
            return "interstate"
        return "contested" if row and int(row["from"]) <= year <= int(row["to"] or 9999) else "internal"

    def patron(self, conflict: str, year: int) -> str:
        """Who stands behind a contested entity, by our own coding; "" where nobody coded it."""
        return self.contested[conflict]["patron"] if self.kind(conflict, False, year) == "contested" else ""

    def rivals(self, pairs: Sequence[Pair], year: int) -> bool:
        """Whether any pair were strategic rivals that year."""
        return any(_lasts(row, year) for pair in pairs for row in self.rivalries[pair])

    def contiguous(self, pairs: Sequence[Pair], year: int) -> bool:
        """Whether any pair shared a border by land that year (as of 2016, where later)."""
        on = str(min(year, 2016))
        spans = (row for pair in pairs for row in self.borders[pair] if row["conttype"] == LAND)
        return any(row["stdate"][:4] <= on <= row["enddate"][:4] for row in spans)

    def territory(self, pairs: Sequence[Pair], year: int) -> str:
        """Whether two states contend for territory: "yes", "no", or "" where no rivalry or dispute says so."""
        rivalries = [row for pair in pairs for row in self.rivalries[pair] if _lasts(row, year)]
        recent = range(year - LOOK_BACK, year)
        disputes = [row for pair in pairs for row in self.disputes[pair] if int(float(row["year"])) in recent]
        sought = {row[name] for row in disputes for name in ("revtype11", "revtype12", "revtype21", "revtype22")}
        kinds = {row[name] for row in rivalries for name in ("type1", "type2", "type3")}
        if "spatial" in kinds or TERRITORY in sought:
            return "yes"
        return "no" if kinds or sought & OTHER else ""

    def crisis(self, start: datetime, words: frozenset[str]) -> str:
        """The international crisis nearest in time that bears the name of a party or place, or ""."""
        near = [
            (abs((when - start).days), name)
            for when, name in self.crises
            if abs((when - start).days) <= CRISIS_WITHIN and words & words_of(name)
        ]
        return min(near)[1].title() if near else ""


def words_of(text: str) -> frozenset[str]:
    """The telling words of a name, in lower case."""
    plain = "".join(letter if letter.isalpha() else " " for letter in text.lower())
    return frozenset(word for word in plain.split() if len(word) >= 4) - _COMMON


def cow_codes(iso3: str) -> frozenset[str]:
    """Every COW code that a state has borne."""
    return frozenset(one.cow for one in states() if one.iso3 == iso3 and one.cow)


def _pair(a: str, b: str) -> Pair:
    return frozenset(str(int(float(code))) for code in (a, b))


def _lasts(row: Row, year: int) -> bool:
    return int(float(row["styear"])) <= year <= int(float(row["endyear"]))


def _day(row: Row) -> datetime | None:
    try:
        return datetime.strptime(row["trigger_date"], "%d %B %Y")
    except ValueError:
        return None  # the day is not known
