"""A case file put in order: same words, same comments, same sequence; even indentation, blank lines and quotes.

The text is read and written again by a parser that keeps comments. Whatever it does, the plain data of the file
must be the same before and after: otherwise nothing is written.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fissures.case.read import case_file, in_order
from fissures.case.shelf import find
from fissures.case.texts import read_text
from fissures.case.tree import Tree, core_value, read_tree
from fissures.case.upgrade import CURRENT, upgrade, upgraded
from fissures.errors import CaseError, Finding, UsageError

WIDTH = 120
_HOLD = "\ue000"  # stands for a space where no line may break; no language uses it
_ROUNDS = 4


@dataclass(frozen=True)
class Formatted:
    """What formatting a case file came to: its file, whether the text differs, and what a person should know."""

    file: Path
    changed: bool
    notes: tuple[Finding, ...] = ()


def format_case(case: str | Path, check: bool = False, upgrade_format: bool = False) -> Formatted:
    """Format a case's file in place, or with `check` only say whether it would change.

    With `upgrade_format` an older format is rewritten as the current one. Raises CaseError, and writes nothing, for a
    file that is not valid YAML; UsageError where there is no such case.
    """
    file = case_file(find(case))
    text, finding = read_text(file)
    if finding is not None:
        raise CaseError([finding])
    tree = _readable(text, file.name)
    notes = tuple(f for f in upgraded(tree).findings if f.level == "note") if upgrade_format else ()
    made = upgraded_text(text, file.name) if notes else formatted(text, file.name)
    with file.open("rb") as stream:
        changed = stream.read() != made.encode()
    if changed and not check:
        _write(file, made)
    # The advice to run this very command has been followed.
    return Formatted(file, changed, tuple(f for f in notes if "--upgrade" not in f.remedy))


def formatted(text: str, name: str = "case.yaml") -> str:
    """The text in order; what it says is unchanged. Raises CaseError for text that is not valid YAML.

    >>> formatted('a:\\n      b:   "yes"   # why\\n')
    'a:\\n  b: yes  # why\\n'
    """
    before = _readable(text, name)
    made = last = text
    for _ in range(_ROUNDS):
        last, made = made, _once(made, name)
        if made == last:
            break
    after = read_tree(made, name)
    same = not after.findings and after.root == before.root and _orders(after.root) == _orders(before.root)
    if made != last or not same or _remarks(made) != _remarks(text):
        raise CaseError([_unsafe(name)])
    return made


def _once(text: str, name: str) -> str:
    try:
        return _blank_lines(_whole_pairs(_written(_kept(text))))
    except Exception as error:  # the parser that keeps comments raises bare errors on rare ones
        raise CaseError([_unsafe(name)]) from error


def upgraded_text(text: str, name: str = "case.yaml") -> str:
    """The text in the current format and in order, comments kept. Raises CaseError as `formatted` does."""
    tree = upgraded(_readable(text, name))
    if faults := [f for f in tree.findings if f.level == "error"]:
        raise CaseError(faults)
    kept = _kept(text)
    number = kept["fissures"] if isinstance(kept, dict) else None
    if number is None or core_value(str(number)) == CURRENT:
        return formatted(text, name)
    kept["fissures"] = core_value(str(number))
    upgrade(kept)
    made = formatted(_written(_as_words(kept)), name)
    if read_tree(made, name).root != tree.root:
        raise CaseError([_unsafe(name)])
    return made


def _readable(text: str, name: str) -> Tree:
    tree = read_tree(text, name)
    if tree.findings:
        raise CaseError(in_order(tree.findings))
    if not isinstance(tree.root, dict):
        message = "the file is empty" if tree.root is None else "a case is a map of keys, and this is not one"
        raise CaseError([Finding(name, "error", message, "there is nothing to format", "name a case file")])
    return tree


def _unsafe(name: str) -> Finding:
    return Finding(
        name,
        "error",
        "the file cannot be formatted without changing what it says",
        "a formatter that changes a word changes the argument",
        "leave the file as it is, and report it; comments inside brackets or between split lines are likely causes",
    )


def _orders(root: Any) -> Any:
    """The order of keys at every depth: rungs run low to high."""
    if isinstance(root, dict):
        return [(key, _orders(value)) for key, value in root.items()]
    return [_orders(value) for value in root] if isinstance(root, list) else None


# --- reading with comments, writing without needless quotes -------------------------------------------------


def _yaml() -> Any:
    """A parser that keeps comments and takes every plain word as text, so that numbers are written as they stood."""
    from ruamel.yaml import YAML
    from ruamel.yaml.resolver import VersionedResolver

    class Words(VersionedResolver):
        """Every plain scalar is text, and an empty one is nothing."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            from ruamel.yaml.nodes import ScalarNode
            from ruamel.yaml.tag import Tag

            if kind is ScalarNode:
                empty = value == "" and bool(implicit[0])
                return Tag(suffix=f"tag:yaml.org,2002:{'null' if empty else 'str'}")
            return super().resolve(kind, value, implicit)

    yaml = YAML()
    yaml.Resolver = Words
    yaml.preserve_quotes = True
    yaml.allow_unicode = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _kept(text: str) -> Any:
    return _unquoted(_yaml().load(text))


def _unquoted(value: Any, inside: bool = False) -> Any:
    """The tree without quotes around text that reads the same without them; inside brackets fewer words do."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

    if isinstance(value, dict | list):
        inside = inside or _in_brackets(value)
        for key in range(len(value)) if isinstance(value, list) else list(value):
            made = _unquoted(value[key], inside)
            # The parser would give a new text the quotes of the old one; nothing has none.
            value[key] = None
            value[key] = made
    elif isinstance(value, DoubleQuotedScalarString | SingleQuotedScalarString):
        return str(value) if _needs_no_quotes(str(value), inside) else DoubleQuotedScalarString(str(value))
    return value


def _in_brackets(value: Any) -> bool:
    return bool(getattr(value, "fa", None) and value.fa.flow_style())


def _as_words(value: Any) -> Any:
    """The tree with the numbers that an upgrade put in as the words that they are written as."""
    if isinstance(value, dict):
        for key in value:
            value[key] = _as_words(value[key])
    return str(value) if isinstance(value, int | float) else value


_OUTSIDE = re.compile(r"[\w.(/<=+](?!.*(: | #|:$)).*")
_INSIDE = re.compile(r"\w([\w.;/()% +=<>'-]|:(?=//))*")


def _needs_no_quotes(text: str, inside: bool) -> bool:
    """Whether a text reads the same without quotes, with a margin: some would that keep theirs."""
    try:
        same = core_value(text) == text and text == " ".join(text.split()) and text.isprintable()
    except ValueError:  # a number too large: as text it needs its quotes
        return False
    return same and (_INSIDE if inside else _OUTSIDE).fullmatch(text) is not None


def _written(kept: Any) -> str:
    out = io.StringIO()
    _yaml().dump(_held_together(kept, False), out)
    return out.getvalue().replace(_HOLD, " ")


def _held_together(value: Any, inside: bool) -> Any:
    """The tree with texts inside brackets made unbreakable, so that lines break between items and not in a phrase."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict | list):
        inside = inside or _in_brackets(value)
        for key in range(len(value)) if isinstance(value, list) else list(value):
            value[key] = _held_together(value[key], inside)
    elif inside and isinstance(value, str) and " " in value and _HOLD not in value:
        held = value.replace(" ", _HOLD)
        return DoubleQuotedScalarString(held) if isinstance(value, DoubleQuotedScalarString) else held
    elif type(value) is str and "  " in value and _HOLD not in value:
        return re.sub(" {2,}", lambda found: _HOLD * len(found[0]), value)
    return value


_CUT_PAIR = re.compile(r"^(?P<before> *.*[,{\[]) ?(?P<key>[\w-]+:) *$")


def _whole_pairs(text: str) -> str:
    """Lines that end between a key and its value inside brackets, broken before the key; brackets indented evenly."""
    lines, (inside, brackets) = text.split("\n"), _spans(text)
    for first, last in brackets:
        start = lines[first]
        indent = len(start) - len(start.lstrip(" -")) + 2
        for n in range(first + 1, last + 1):
            if n not in inside:
                lines[n] = " " * indent + lines[n].lstrip()
    for n in range(len(lines) - 1):
        found = _CUT_PAIR.match(lines[n])
        if found and n not in inside and n + 1 not in inside and lines[n + 1].startswith(" "):
            indent = len(lines[n + 1]) - len(lines[n + 1].lstrip())
            lines[n] = found["before"]
            lines[n + 1] = f"{' ' * indent}{found['key']} {lines[n + 1].lstrip()}"
    return "\n".join(lines)


def _spans(text: str) -> tuple[set[int], list[tuple[int, int]]]:
    """Lines that belong to a text of several lines, its first left out, and first and last lines of outer brackets."""
    from ruamel.yaml import YAML

    inside: set[int] = set()
    brackets: list[tuple[int, int]] = []
    depth, first = 0, 0
    for event in YAML(typ="safe", pure=True).parse(text):
        kind, start, end = type(event).__name__, event.start_mark.line, event.end_mark.line
        if kind == "ScalarEvent" and end > start:
            # A block's end mark stands at the start of the line after it, a quoted text's on its last line.
            inside.update(range(start + 1, end + (1 if event.end_mark.column > 0 else 0)))
        elif kind in ("MappingStartEvent", "SequenceStartEvent") and (depth or event.flow_style):
            first, depth = (first if depth else start), depth + 1
        elif kind in ("MappingEndEvent", "SequenceEndEvent") and depth:
            depth -= 1
            if not depth and end > first:
                brackets.append((first, end))
    return inside, brackets


# --- lines --------------------------------------------------------------------------------------------------


def _blank_lines(text: str) -> str:
    """One blank line before each section, never two; no space at the end of a line; a single final newline."""
    inside, _ = _spans(text)
    out: list[str] = []
    kept: set[int] = set()  # lines of the result that belong to a text of several lines
    for n, line in enumerate(text.splitlines(keepends=False)):
        bare = line if n in inside else _near_remark(line.rstrip(" \t"))
        if n in inside:
            kept.add(len(out))
        if n in inside or bare or (out and out[-1] != ""):
            out.append(bare)
    for at in reversed(_section_starts(out, kept)):
        while at > 0 and out[at - 1].startswith("#"):
            at -= 1
        if at > 0 and out[at - 1] != "":
            out.insert(at, "")
    return "\n".join(out).strip("\n") + "\n"


def _near_remark(line: str) -> str:
    """A line whose remark stands two spaces behind what it is about; elsewhere it would drift with every change."""
    at = _remark_at(line)
    said = line[:at].rstrip() if at is not None else ""
    return f"{said}  {line[at:]}" if said else line


def _remarks(text: str) -> list[str]:
    """Every remark of a text, in order; none may be lost, and the parser loses some inside brackets."""
    inside, _ = _spans(text)
    lines = [line for n, line in enumerate(text.splitlines()) if n not in inside]
    return [line[at:].rstrip() for line in lines if (at := _remark_at(line)) is not None]


def _remark_at(line: str) -> int | None:
    """Where the remark of a line begins: at a # behind a space that stands in no quotes."""
    quote = ""
    for n, char in enumerate(line.replace("''", "__")):
        before = line[n - 1] if n else " "
        if quote:
            quote = "" if char == quote and not (quote == '"' and _escaped(line, n)) else quote
        elif char in "'\"" and before in " [{,:":
            quote = char
        elif char == "#" and before in " \t":
            return n
    return None


def _escaped(line: str, at: int) -> bool:
    return (at - len(line[:at].rstrip("\\"))) % 2 == 1


def _section_starts(lines: list[str], inside: set[int]) -> list[int]:
    """The lines of top keys whose value is a block below them."""
    below = [n for n in range(len(lines) - 1) if n not in inside and _opens(lines[n])]
    return [n for n in below if lines[n + 1].startswith((" ", "#")) or lines[n + 1] == ""]


def _opens(line: str) -> bool:
    return bool(line) and line[0] not in " #" and line.split(" #")[0].rstrip().endswith(":")


def _write(file: Path, text: str) -> None:
    """Write a text beside the file and put it in its place in one step; raises UsageError where that cannot be."""
    try:
        handle, made = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.chmod(made, file.stat().st_mode)
            os.replace(made, file)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(made)
            raise
    except OSError as error:
        raise UsageError(
            f"cannot write '{file}': {error.strerror or error}",
            where=str(file),
            why="the file was formatted and could not be saved",
            remedy="check who may write to the folder",
        ) from error
