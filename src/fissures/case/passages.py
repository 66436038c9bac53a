"""Do the passages that claims point at stand in the source? Checked against the reader's own copy."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from fissures.case.places import Place, Positions
from fissures.case.records import Case, Passage
from fissures.errors import Finding


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a source: its non-blank lines, in order, without the spaces around them.

    >>> paragraphs("Title\\n\\n  One.\\nTwo.\\n")
    ('Title', 'One.', 'Two.')
    """
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def passage_digest(words: str) -> str:
    """SHA-256 of the exact words of a passage (UTF-8), as 64 hex digits.

    >>> passage_digest("a")[:8]
    'ca978112'
    """
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def passage(says: Passage, text: str) -> str | None:
    """The words that a claim points at in a source's text; None where they cannot be found."""
    found = paragraphs(text)
    if says.para is None or says.para > len(found):
        return None
    whole = found[says.para - 1]
    if says.span is None:
        return whole
    start, end = says.span
    return whole[start:end] if 0 <= start < end <= len(whole) else None


def main_source(case: Case) -> str | None:
    """The source that most claims point into by paragraph; None where no claim does.

    This is the one that a reader's single copy of "the text" is checked against.
    """
    counts = Counter(c.says.source for c in case.claims.values() if c.says.para is not None)
    return counts.most_common(1)[0][0] if counts else None


def pointing_into(case: Case, source: str) -> int:
    """How many claims point into a source by paragraph."""
    return sum(claim.says.source == source and claim.says.para is not None for claim in case.claims.values())


def check_passages(case: Case, source_texts: Mapping[str, str], positions: Positions | None = None) -> list[Finding]:
    """What does not stand where the claims say, for the sources whose text is given by name.

    Paragraphs are numbered from 1, characters of a span from 0; a digest is that of the exact words.
    """
    placed = positions or Positions("case")
    found = {name: paragraphs(text) for name, text in source_texts.items()}
    return [
        finding
        for name, claim in case.claims.items()
        if claim.says.source in found
        for finding in _misplaced(claim.says, found[claim.says.source], ("claims", name, "says"), placed)
    ]


def _misplaced(says: Passage, text: tuple[str, ...], path: Place, positions: Positions) -> Iterator[Finding]:
    if says.para is None:
        return
    if says.para > len(text):
        yield positions.finding(
            (*path, "para"),
            f"there is no paragraph {says.para} in '{says.source}': it has {len(text)}",
            "the claim cannot be walked back to its words",
            "count the non-blank lines from 1; or this is not the copy that was meant",
        )
        return
    whole = text[says.para - 1]
    start, end = says.span or (0, len(whole))
    if not 0 <= start < end <= len(whole):
        yield positions.finding(
            (*path, "span"),
            f"the span [{start}, {end}] leaves paragraph {says.para} of '{says.source}' (0 to {len(whole)})",
            "the claim cannot be walked back to its words",
            "count characters from 0 inside the paragraph",
        )
    elif says.sha256 is not None and passage_digest(whole[start:end]) != says.sha256:
        yield positions.finding(
            (*path, "sha256"),
            f"paragraph {says.para} [{start}, {end}] of '{says.source}' holds other words than were meant",
            "the claim may rest on other words, or this copy was changed",
            "compare the two; then write the new span or digest",
        )
