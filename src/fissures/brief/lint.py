"""A lint over the text of a brief: the rules of its words, checked on what a reader sees.

What the case wrote (names, titles, claims, quotations) is not ours to reword: text in `<bdi>` or in “quotation marks”
is left out, save for the rule on place names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from fissures.study.verbal import SCALES, legend, terms, word

BLOCKS = {
    "p", "li", "td", "th", "h1", "h2", "h3", "h4", "caption", "figcaption", "summary", "dt", "dd", "title", "nav",
}  # fmt: skip
SILENT = {"style", "script", "svg"}
VOID = {"meta", "col", "br", "hr", "link", "img", "input"}

_SENTENCE = re.compile(r"(?<=[.;:?!])\s+(?=[^a-z])")
_PERCENT = re.compile(r"(?<![\w.,])(?P<sign>[<>]\s)?(?P<number>\d+(?:[.,]\d+)?)\s%")
_QUOTED = re.compile(r"“[^”]*”")
_CAUSED = re.compile(r"\bcaus(?:ed|es|ing)\b", re.I)
_WOULD = re.compile(r"\b(?:would|moves?|becomes?|raises? it|lowers? it)\b", re.I)
_AUTHOR = re.compile(r"\bthe author\b", re.I)
_LOADED = re.compile(
    r"\b(?:liberat\w+|occup(?:ied|ier|iers|ation)|aggressors?|terrorists?|enem(?:y|ies)|winners?)\b", re.I
)
_PAIR = re.compile(r"([^\W\d_]+)/([^\W\d_]+)")


@dataclass(frozen=True)
class Slip:
    """One breach of a rule: its name, and the words in which it stands."""

    rule: str
    words: str


class _Reader(HTMLParser):
    """Blocks of text as a reader meets them, with and without what the case wrote."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self._open: list[str] = []
        self._ours: list[str] = []
        self._all: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or tag in ("table", "tr", "section", "div", "ol", "ul"):
            self.flush()
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.flush()
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not SILENT.intersection(self._open):
            apart = " " if "small" in self._open or "span" in self._open else ""
            self._all.append(apart + data)
            self._ours.append(" … " if "bdi" in self._open or "code" in self._open else apart + data)

    def flush(self) -> None:
        """Close the block at hand."""
        ours, every = (" ".join("".join(parts).split()) for parts in (self._ours, self._all))
        if every:
            self.blocks.append((ours, every))
        self._ours, self._all = [], []


def blocks(html: str) -> list[tuple[str, str]]:
    """The text of a page by block (paragraph, cell, item, heading), in order: (what we wrote, all that is read)."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.blocks


def lint(html: str, places: Iterable[str] = (), scale: str = "icd203") -> tuple[Slip, ...]:
    """Every breach of the rules of words in a rendered brief.

    `places` are names such as "Aru/Bel border" whose two halves must stand together, in alphabetical order, where
    either is first read. Plain text is read as one block.
    """
    found = blocks(html)
    slips = [slip for ours, _ in found for slip in _block(_QUOTED.sub("…", ours), scale)]
    return (*slips, *_names([every for _, every in found], places))


def _block(text: str, scale: str) -> Iterator[Slip]:
    if _plain(text) in {_plain(legend(name)) for name in SCALES} or text.startswith("Words follow "):
        return
    yield from _numbers(text)
    yield from _worded(text, scale)
    for sentence in _SENTENCE.split(text):
        yield from _sentence(sentence, text)


def _numbers(text: str) -> Iterator[Slip]:
    for told in _PERCENT.finditer(text):
        value = float(told["number"].replace(",", "."))
        if value in (0.0, 100.0):
            yield Slip("certainty is never printed", _near(text, told))
        elif told["number"] != f"{value:.0f}":
            yield Slip("per cent in whole points", _near(text, told))
        elif told["sign"] and (told["sign"][0], value) not in {("<", 1.0), (">", 99.0)}:
            yield Slip("the ends are < 1 % and > 99 %", _near(text, told))


def _worded(text: str, scale: str) -> Iterator[Slip]:
    """A term stands beside its number, and is the scale's term for that number."""
    told = sorted(terms(scale), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(term) for term in told)})(?![\w-])")
    for term in pattern.finditer(text):
        before = list(_PERCENT.finditer(text, 0, term.start()))
        if not before:
            yield Slip("a term only beside its number", _near(text, term))
            continue
        number = float(before[-1]["number"].replace(",", ".")) / 100
        near = term.start() - before[-1].end() <= 3
        sign = (before[-1]["sign"] or "").strip()
        number += {"<": -0.005, ">": 0.005}.get(sign, 0.0)
        if near and 0 <= number <= 1 and word(number, scale) != term[0]:
            yield Slip("the term of another number", _near(text, before[-1], term.end()))


def _sentence(sentence: str, block: str) -> Iterator[Slip]:
    confident = re.search(r"\bconfiden(?:ce|t)\b", sentence, re.I)
    if confident and (
        _PERCENT.search(sentence) or re.search(r"\b(?:un)?likely\b|almost no chance|even chance", sentence)
    ):
        yield Slip("likelihood and confidence in one sentence", sentence[:160])
    if _CAUSED.search(sentence):
        yield Slip("in the model, never caused", sentence[:160])
    if re.search(r"\blever", sentence) and _WOULD.search(sentence) and "in the model" not in block.lower():
        yield Slip("what a lever does is in the model", sentence[:160])
    if _AUTHOR.search(sentence):
        yield Slip("the article argues, nobody's mind is read", sentence[:160])
    if found := _LOADED.search(sentence):
        yield Slip("a word that takes sides", _near(sentence, found))
    if "!" in sentence:
        yield Slip("calm", sentence[:160])


def _names(texts: list[str], places: Iterable[str]) -> Iterator[Slip]:
    pairs = {found.groups() for name in places for found in _PAIR.finditer(name)}
    for one, other in sorted(pairs):
        first, second = sorted((one, other), key=str.casefold)
        either = re.compile(rf"\b(?:{re.escape(one)}|{re.escape(other)})\b")
        for text in texts:
            if found := either.search(text):
                if not text.startswith(f"{first}/{second}", found.start()):
                    yield Slip("both names at first use, in alphabetical order", _near(text, found))
                break


def _plain(text: str) -> str:
    return " ".join(text.split())


def _near(text: str, found: re.Match[str], end: int = 0) -> str:
    return text[max(found.start() - 60, 0) : max(end, found.end()) + 40]
