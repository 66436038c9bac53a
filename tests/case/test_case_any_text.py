"""Whatever a file holds, the loader gives a case or findings; it neither crashes nor hangs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fissures.case.check import examine, load_case
from fissures.errors import CaseError, DataError

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
GOOD = (TWO_VALLEYS / "case.yaml").read_text(encoding="utf-8")
LINES = GOOD.splitlines()
YAML = """& a|*a|!!str|<<: *a|- |? |: |[|]|{|}|'|"|>|#|---|...|%YAML 1.1|~|null|true|.nan|-.inf|0x|1e999|\\"""
CASE = "0 days|1 per 0 years|9 months|weir|above| at |or above|2020-02-30|9999-12-31|0001-01-01"
ODD = ("|", "\t", "9" * 30, "\u2028", "\x85", "\ufeff", "𝕏", "&a")
PIECES = st.sampled_from((*YAML.split("|"), *CASE.split("|"), *ODD))
QUICK = settings(max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One folder for all examples: only case.yaml changes."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(TWO_VALLEYS, name, dirs_exist_ok=True)
        yield Path(name)


def survives(folder: Path, raw: bytes) -> None:
    (folder / "case.yaml").write_bytes(raw)
    reading = examine(folder)
    for finding in (*reading.findings, *reading.missing):
        assert finding.message and finding.why and finding.remedy, str(finding)
        assert "\x1b" not in str(finding)
    try:
        load_case(folder)
    except (CaseError, DataError) as error:
        assert error.findings


@QUICK
@given(raw=st.binary(max_size=300))
def test_any_bytes(folder: Path, raw: bytes) -> None:
    survives(folder, raw)


@QUICK
@given(text=st.lists(PIECES | st.text(max_size=8) | st.just("\n"), max_size=40).map("".join))
@example(text='"\\ud800"')
@example(text="a: !<")
@example(text="? ? ?")
def test_any_text_that_looks_like_yaml(folder: Path, text: str) -> None:
    survives(folder, text.encode("utf-8", "surrogatepass"))


@QUICK
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 30), PIECES | st.text(max_size=6)), min_size=1, max_size=4
    )
)
def test_any_small_change_of_a_valid_case(folder: Path, cuts: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    survives(folder, text.encode("utf-8", "surrogatepass"))


@QUICK
@given(line=st.integers(0, len(LINES) - 1), value=PIECES | st.text(max_size=20), drop=st.booleans())
def test_any_value_on_any_line(folder: Path, line: int, value: str, drop: bool) -> None:
    key, colon, _ = LINES[line].partition(":")
    changed = [] if drop else [f"{key}{colon} {value}"]
    text = "\n".join([*LINES[:line], *changed, *LINES[line + 1 :]])
    survives(folder, text.encode("utf-8", "surrogatepass"))


OLD = GOOD.replace("fissures: 2", "fissures: 1").replace(
    "fed_by: {own front at raids or above: 1}", "days_at: raids or above"
)


@QUICK
@given(line=st.integers(0, OLD.count("\n")), value=PIECES | st.text(max_size=20))
def test_any_value_on_any_line_of_an_older_format(folder: Path, line: int, value: str) -> None:
    lines = OLD.splitlines()
    key, colon, _ = lines[line % len(lines)].partition(":")
    lines[line % len(lines)] = f"{key}{colon} {value}"
    survives(folder, "\n".join(lines).encode("utf-8", "surrogatepass"))


@QUICK
@given(
    paths=st.lists(
        st.sampled_from([line.strip().split(":")[0] for line in LINES if ":" in line]), min_size=1, max_size=4
    ),
    value=PIECES | st.just("null") | st.text(max_size=9),
    base=st.sampled_from(["base.yaml", "case.yaml", "gone.yaml", "./base.yaml", "base.yaml/", "", "null"]),
)
def test_any_overlay(folder: Path, paths: list[str], value: str, base: str) -> None:
    (folder / "base.yaml").write_text(GOOD, encoding="utf-8")
    nested = "\n".join("  " * n + f"{key}:" for n, key in enumerate(paths))
    survives(folder, f"base: {base}\n{nested} {value}\n".encode("utf-8", "surrogatepass"))


@QUICK
@given(order=st.permutations(range(4)))
def test_the_order_of_claims_changes_no_finding(folder: Path, order: list[int]) -> None:
    head, body = GOOD.split("claims:\n")
    claims, tail = body.split("\nlevers:")
    names = ["thirst_raises_climbing", "distrust_raises_climbing", "grief_slows_falling", "thirst_brings_marches"]
    starts = [claims.index(f"  {name}:") for name in names] + [len(claims)]
    blocks = [claims[a:b].rstrip("\n") for a, b in pairwise(starts)]
    text = head + "claims:\n" + "\n".join(blocks[n] for n in order) + "\n\nlevers:" + tail
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    assert examine(folder).findings == ()
