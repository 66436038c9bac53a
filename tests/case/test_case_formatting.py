"""The formatter: words, comments and order kept; the second time it changes nothing; bad files are left alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fissures.case.formatting import WIDTH, formatted
from fissures.case.tree import read_tree
from fissures.cli import main
from fissures.errors import CaseError

Altered = Callable[..., Path]

MESSY = """# top
case:   "A title"
as_of: 2020-07-21      # a date
purpose: "yes"
sources:
      s:   {cite: "one: two", url:   'http://x'}


      t: {cite: "12"}
actors:
   A: {name: 'plain words'}   # remark
   "NO": {name: "null"}
   B:
       name:    >-
         folded

         text
# before ladders
ladders: {}
"""
NEAT = """# top
case: A title
as_of: 2020-07-21  # a date
purpose: yes

sources:
  s: {cite: "one: two", url: http://x}

  t: {cite: "12"}

actors:
  A: {name: plain words}  # remark
  "NO": {name: "null"}
  B:
    name: >-
      folded

      text
# before ladders
ladders: {}
"""


def test_a_messy_file_becomes_a_neat_one() -> None:
    assert formatted(MESSY) == NEAT
    assert formatted(NEAT) == NEAT


def test_the_valid_case_is_in_order(two_valleys: Path) -> None:
    text = (two_valleys / "case.yaml").read_text(encoding="utf-8")
    assert formatted(text) == text


def test_long_brackets_break_between_items_and_never_inside_a_phrase() -> None:
    items = [f"claim number_{n} of many" for n in range(12)]
    made = formatted(f"systems:\n  s:\n    elements: [{', '.join(items)}]\n")
    assert all(len(line) <= WIDTH for line in made.splitlines())
    assert all(item in made for item in items)
    long = f"says: {{source: a_source_of_words, para: 3, span: [1, 100], reading: stated, sha256: {'0a' * 32}}}"
    assert formatted(f"c:\n  {long}\n").splitlines()[1:] == [
        "  says: {source: a_source_of_words, para: 3, span: [1, 100], reading: stated,",
        f"    sha256: {'0a' * 32}}}",
    ]


WORDS = st.text("abcXYZ019 .:#,'\"-_&*?|>%@!~[]{}=", max_size=12)
SCALARS = (
    st.sampled_from(["NO", "on", "yes", "~", "null", "1e3", "0x10", "2020-07-21", "12:30", ".5", "-3", "true"])
    | st.integers(-99, 99).map(str)
    | WORDS.map(lambda text: json.dumps(text))
    | WORDS.map(lambda text: "'" + text.replace("'", "''") + "'")
    | st.text("abc xyz", min_size=1, max_size=9).map(lambda text: f"a{text}z")
    | st.text("abc xyz", min_size=100, max_size=200).map(lambda text: f"a{text}z")
)
INSIDE = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(inner, max_size=4).map(
            lambda items: "{" + ", ".join(f"k{n}: {i}" for n, i in enumerate(items)) + "}"
        )
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    entries=st.lists(
        st.tuples(st.integers(0, 2), INSIDE, st.sampled_from(["", "  # why", "\n# own line", "\n\n\n", "   "])),
        min_size=1,
        max_size=8,
    ),
    step=st.integers(1, 5),
)
@example(entries=[(0, "'a: b'", "  # why"), (1, "[x, y]", "\n\n\n"), (2, '"NO"', "")], step=3)
def test_what_a_file_says_is_unchanged(entries: list[tuple[int, str, str]], step: int) -> None:
    lines, before = ["top:"], 0
    for n, (depth, value, after) in enumerate(entries):
        depth = min(depth, before + 1, 2)
        opens = n + 1 < len(entries) and min(entries[n + 1][0], depth + 1, 2) > depth
        lines.append(" " * step * (depth + 1) + f"key{n}:" + ("" if opens else f" {value}") + after)
        before = depth
    text = "\n".join(lines) + "\n"
    tree = read_tree(text, "a.yaml")
    assume(not tree.findings)
    try:
        made = formatted(text)
    except CaseError as error:
        # A refusal is allowed, a changed word is not; refusals stay rare, see below.
        assert "without changing what it says" in str(error)
        return
    assert read_tree(made, "a.yaml").root == tree.root
    assert formatted(made) == made
    assert text.count("#") == made.count("#")
    assert made.endswith("\n") and not made.endswith("\n\n") and "\n\n\n" not in made


REFUSED = ["", "# nothing\n", "- a\n", "a: [1\n", "a: 1\na: 2\n", "a: &x 1\n", "a: !!str 1\n", "a: .nan\n"]


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CaseError) as caught:
        formatted(text)
    assert all(f.message and f.why and f.remedy for f in caught.value.findings)


# --- the verb -----------------------------------------------------------------------------------------------


def call(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


def test_the_verb_writes_once(altered: Altered, capsys: pytest.CaptureFixture[str]) -> None:
    folder = altered(("as_of: 2019", "as_of:    2019"), ("\nsources:", "sources:"))
    file = folder / "case.yaml"
    messy = file.read_bytes()
    assert call(capsys, "format", str(folder), "--check")[0] == 1
    assert file.read_bytes() == messy
    os.chmod(file, 0o640)
    code, out, _ = call(capsys, "format", str(folder))
    assert (code, out) == (0, f"{file} was formatted.\n")
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in folder.iterdir() if p.name.startswith(".")) == []
    stamp = file.stat().st_mtime_ns
    assert call(capsys, "format", str(folder))[:2] == (0, f"{file} is in order.\n")
    assert file.stat().st_mtime_ns == stamp, "a file in order is not written again"
    assert call(capsys, "format", str(folder), "--check")[0] == 0


def test_windows_line_ends_are_made_plain(
    altered: Altered, capsys: pytest.CaptureFixture[str], two_valleys: Path
) -> None:
    plain = (two_valleys / "case.yaml").read_bytes()
    folder = altered(text=plain.replace(b"\n", b"\r\n"))
    assert call(capsys, "format", str(folder), "--check")[0] == 1
    assert call(capsys, "format", str(folder))[0] == 0
    assert (folder / "case.yaml").read_bytes() == plain


def test_the_verb_as_json(altered: Altered, capsys: pytest.CaptureFixture[str]) -> None:
    folder = altered(("as_of: 2019", "as_of:    2019"))
    document = json.loads(call(capsys, "format", str(folder), "--check", "--json")[1])
    assert document == {
        "schema": 1,
        "file": str(folder / "case.yaml"),
        "changed": True,
        "written": False,
        "findings": [],
    }


@pytest.mark.parametrize("text", REFUSED)
def test_the_verb_leaves_bad_files_alone(altered: Altered, capsys: pytest.CaptureFixture[str], text: str) -> None:
    folder = altered(text=text)
    code, out, err = call(capsys, "format", str(folder))
    assert code == 3 and out == ""
    assert "why it matters" in err and "try:" in err and "Traceback" not in err
    assert (folder / "case.yaml").read_text(encoding="utf-8") == text


def test_no_such_case(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = call(capsys, "format", str(tmp_path / "nowhere"))
    assert code == 2 and "try:" in err


def test_a_full_disk_leaves_the_file_and_nothing_beside_it(
    altered: Altered, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = altered(("as_of: 2019", "as_of:    2019"))
    before, names = (folder / "case.yaml").read_bytes(), sorted(folder.iterdir())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, _, err = call(capsys, "format", str(folder))
    assert code == 2 and "No space left on device" in err and "try:" in err
    assert (folder / "case.yaml").read_bytes() == before and sorted(folder.iterdir()) == names
