"""The field's vocabulary, kept as small tables that an analyst can edit."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

_Rows = tuple[dict[str, str], ...]


@cache
def _rows(table: str) -> _Rows:
    text = files(__package__).joinpath(table).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def strength_words() -> dict[str, tuple[float, float]]:
    """Mean and sd of a claim's prior (log odds per reference surge) for each strength word, weakest first.

    >>> strength_words()["plain"]
    (0.45, 0.4)
    """
    return {row["word"]: (float(row["mean"]), float(row["sd"])) for row in _rows("strength_words.csv")}


def word_for(probability: float) -> str:
    """The verbal term of ICD 203 for a probability in [0, 1]; a boundary belongs to the higher term.

    Below 1 % and above 99 % the outermost terms are kept: the scale has no word for certainty. Raises
    ValueError outside [0, 1].

    >>> word_for(0.1), word_for(0.5), word_for(0.95)
    ('very unlikely', 'roughly even chance', 'almost certain')
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies between 0 and 1, not {probability}")
    rows = _rows("probability_words.csv")
    return next((row["term"] for row in rows if probability < float(row["high"])), rows[-1]["term"])


def plover() -> dict[str, str]:
    """What each PLOVER category covers, in our words; cooperation first, violence last.

    >>> plover()["CONSULT"]
    'meets, visits, telephones, negotiates or mediates'
    """
    return {row["category"]: row["described_as"] for row in _rows("plover.csv")}


def cameo_roots() -> dict[str, tuple[str, ...]]:
    """The two-digit CAMEO roots that map to each PLOVER category (the 2021 table; 08 splits by subcode).

    >>> cameo_roots()["ASSAULT"]
    ('18', '19', '20')
    """
    return {row["category"]: tuple(row["cameo_roots"].split()) for row in _rows("plover.csv")}
