"""Overlays and older formats: layers merge key by key, chains end, old files are read and say so."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fissures.case.check import examine, load_case
from fissures.case.files import digest, file_names
from fissures.case.formatting import format_case, upgraded_text
from fissures.case.overlay import MOST_LAYERS, layered, merged
from fissures.case.read import read_case
from fissures.errors import CaseError, Finding

Altered = Callable[..., Path]
OVER = """base: case.yaml
case: Two valleys, were the oath void
commitments:
  oath: null
claims:
  oath_caps_the_feud: null
  thirst_raises_climbing:
    strength: vital
questions:
  deaths:
    exceed: [20]
"""


@pytest.fixture
def over(altered: Altered) -> Callable[[str], Path]:
    """Write an overlay beside the valid case and give its file."""
    folder = altered()

    def write(text: str, name: str = "variant.yaml") -> Path:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return write


def errors(file: Path) -> list[Finding]:
    return [f for f in examine(file).findings if f.level == "error"]


def test_maps_merge_lists_replace_and_null_removes(over: Callable[[str], Path]) -> None:
    file = over(OVER)
    case, positions = load_case(file)
    base, _ = load_case(file.parent)
    assert case.case == "Two valleys, were the oath void"
    assert not case.commitments and "oath_caps_the_feud" not in case.claims
    assert case.claims["thirst_raises_climbing"].strength == "vital"
    assert case.claims["thirst_raises_climbing"].cause == base.claims["thirst_raises_climbing"].cause
    assert case.questions["deaths"].exceed == (20.0,)
    assert list(case.streams) == list(base.streams)
    assert positions.at(("claims", "thirst_raises_climbing", "strength")) == "variant.yaml:8:15"
    assert positions.at(("claims", "thirst_raises_climbing", "cause")).startswith("case.yaml:")


def test_findings_point_at_the_layer_that_says_it(over: Callable[..., Path]) -> None:
    found = errors(over(OVER.replace("strength: vital", "strength: vitl")))
    assert [f.where for f in found] == ["variant.yaml:8:15"]
    below = over("base: variant.yaml\nclaims: {grief_slows_falling: {cause: greif}}\n", "top.yaml")
    assert {f.where for f in errors(below)} == {"variant.yaml:8:15", "top.yaml:2:39"}


def test_the_digest_covers_every_layer(over: Callable[[str], Path]) -> None:
    def of(file: Path) -> str:
        return digest(read_case(file)[0], file.parent)

    file = over(OVER)
    first = of(file)
    assert first != of(file.parent / "case.yaml")
    assert of(over(OVER + "\n# a remark\n")) == first
    assert of(over(OVER.replace("vital", "plain"))) != first
    base = file.parent / "case.yaml"
    base.write_text(
        base.read_text(encoding="utf-8").replace("half_life: 2 weeks", "half_life: 3 weeks"), encoding="utf-8"
    )
    assert of(over(OVER)) != first


def test_layers_travel_with_the_case(over: Callable[..., Path]) -> None:
    over(OVER, "layers/variant.yaml")
    file = over("base: layers/variant.yaml\n", "top.yaml")
    shutil.copytree(
        file.parent, file.parent / "layers", dirs_exist_ok=True, ignore=shutil.ignore_patterns("layers", "t*")
    )
    case, _ = load_case(file)
    names = file_names(case, file)
    assert names == tuple(
        sorted(
            {"layers/variant.yaml", "layers/case.yaml"}
            | {f"layers/{n}" for n in ("weekly.csv", "events.csv", "wardens.csv", "deaths_by_rung.csv")}
        )
    )
    assert file_names(case) == tuple(n for n in names if n.endswith(".csv"))
    assert all((file.parent / name).is_file() for name in names)


BAD = [
    ("base: ../case.yaml\n", "is not the name of a case file in this folder or below"),
    ("base: /etc/case.yaml\n", "is not the name of a case file in this folder or below"),
    ("base: weekly.csv\n", "is not the name of a case file in this folder or below"),
    ("base: [case.yaml]\n", "the base a list is not the name"),
    ("base:\n", "the base nothing is not the name"),
    ("base: gone.yaml\n", "the base 'gone.yaml' is missing: variant.yaml -> gone.yaml"),
    ("base: variant.yaml\n", "the bases run in a circle: variant.yaml -> variant.yaml"),
    ("base: empty.yaml\n", "the base holds no map of keys: variant.yaml -> empty.yaml"),
    (
        "base: case.yaml\nclaims: {greif_slows_falling: null}\n",
        "'greif_slows_falling' has the value null, but claims has nothing",
    ),
    ("base: case.yaml\nfissures: 7\n", "the format number 7 is not known"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=[row[1][:40] for row in BAD])
def test_a_bad_base_is_one_finding(over: Callable[..., Path], text: str, message: str) -> None:
    over("# nothing\n", "empty.yaml")
    found = errors(over(text))
    assert len(found) == 1 and message in found[0].message, [str(f) for f in found]
    assert found[0].where.startswith("variant.yaml:") and found[0].why and found[0].remedy


def test_a_circle_of_layers_names_its_chain_and_ends(over: Callable[..., Path]) -> None:
    over("base: b.yaml\n", "a.yaml")
    file = over("base: a.yaml\n", "b.yaml")
    begun = time.perf_counter()
    found = errors(file)
    assert time.perf_counter() - begun < 1
    assert [f.message for f in found] == ["the bases run in a circle: b.yaml -> a.yaml -> b.yaml"]
    with pytest.raises(CaseError) as caught:
        load_case(file)
    assert caught.value.exit_code == 3


def test_no_more_than_eight_layers(over: Callable[..., Path]) -> None:
    below = "case.yaml"
    for n in range(MOST_LAYERS - 1):
        file = over(f"base: {below}\n", f"l{n}.yaml")
        below = f"l{n}.yaml"
    assert errors(file) == []
    found = errors(over(f"base: {below}\n", "one_more.yaml"))
    assert [f.message.split(":")[0] for f in found] == [f"more than {MOST_LAYERS} layers lie over one another"]


def test_a_fault_in_the_base_is_told_in_the_base(over: Callable[..., Path]) -> None:
    over("fissures: 2\ncase: [\n", "broken.yaml")
    found = errors(over("base: broken.yaml\n"))
    assert found[0].where.startswith("broken.yaml:")


def test_merging_leaves_both_layers_as_they_were() -> None:
    base, over = {"a": {"x": 1}, "b": 2}, {"a": {"x": None, "y": [1]}}
    assert merged(base, over) == {"a": {"y": [1]}, "b": 2}
    assert base == {"a": {"x": 1}, "b": 2} and over == {"a": {"x": None, "y": [1]}}


def test_layers_of_a_file_without_base(two_valleys: Path) -> None:
    assert layered(two_valleys / "case.yaml").names == ()


# --- older formats ------------------------------------------------------------------------------------------

OLD = """# A case of the first format.
fissures: 1
case: Old
as_of: 2019-12-29
horizon: 2020-06-30
purpose: to be upgraded

sources:
  s: {cite: "invented"}

actors:
  A: {name: A}
  B: {name: B}

ladders:
  river:
    # low to high
    rungs:
      calm: {described_as: none, observed_when: [nothing for 14 days]}
      scuffles: {described_as: some, observed_when: [any per week >= 1]}
      raids: {described_as: more, observed_when: [killed per week >= 1], deaths_per_day: {mean: 1, says: ours}}

fronts:
  weir: {name: Weir, ladder: river, between: [A, B]}

breaks:
  dry: 2019-05-01   # the rains failed

streams:
  cuts: {name: cuts, base_rate: 1 per month}

pressures:
  grief:
    name: grief
    days_at: raids or above   # of this front
    half_life: 2 weeks
    reference_surge: 7 days

commitments:
  oath: {name: oath, guarantor: A, protects: B, when: weir at raids or above, requires_request: true}

questions:
  q: {code: Q1, title: Raids, asks: weir reaches raids, by: 2020-03-01, resolves: the ledger}

evidence:
  weekly: {kind: weekly_record, file: weekly.csv, source: s, covers: [[2018-01-01, 2019-12-29]], split: {weir: 1}}
"""


def test_a_file_of_format_1_is_still_read_and_says_so(altered: Altered) -> None:
    folder = altered(text=OLD)
    case, _ = load_case(folder)
    assert case.fissures == 2
    assert case.ladders["river"].active_from == "raids"
    assert case.pressures["grief"].fed_by == {"own front at raids or above": 1.0}
    assert case.breaks["dry"].date.isoformat() == "2019-05-01"
    assert case.commitments["oath"].requested_by is None
    notes = [f for f in examine(folder).findings if "requires_request was dropped" in f.message]
    assert [f.level for f in notes] == ["note", "note"]
    assert notes[0].message.startswith("the case is written in format 1 and was read as format 2: ")
    assert notes[0].remedy == "fissures format CASE --upgrade"
    assert notes[1].remedy == "name the stream of such requests: requested_by: STREAM"


def test_findings_about_upgraded_words_stand_where_the_old_ones_are(altered: Altered) -> None:
    folder = altered(text=OLD.replace("days_at: raids or above", "days_at: rades or above"))
    line = next(n for n, text in enumerate(OLD.splitlines(), 1) if "days_at" in text)
    found = [f for f in examine(folder).findings if f.level == "error"]
    assert [f.where.split(":")[1] for f in found] == [str(line)]


def test_the_upgrade_rewrites_the_file_and_keeps_remarks(altered: Altered) -> None:
    folder = altered(text=OLD)
    before, _ = load_case(folder)
    assert format_case(folder, check=True, upgrade_format=True).changed
    assert (folder / "case.yaml").read_text(encoding="utf-8") == OLD
    made = format_case(folder, upgrade_format=True)
    assert [f.message for f in made.notes] == ["requires_request was dropped"]
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    assert "fissures: 2\n" in text and "days_at" not in text and "requires_request" not in text
    for remark in ("# A case of the first format.", "# low to high", "# the rains failed", "# of this front"):
        assert remark in text
    assert load_case(folder)[0] == before
    assert upgraded_text(text) == text and not format_case(folder, upgrade_format=True).changed


@pytest.mark.parametrize("section", ["ladders", "pressures", "breaks", "commitments"])
@pytest.mark.parametrize("value", ["[]", "{a: 1}", "x", "{a: {rungs: 3}}", "{a: {days_at: 7}}"])
def test_a_misshapen_old_file_is_found_out_and_not_stumbled_over(altered: Altered, section: str, value: str) -> None:
    reading = examine(altered(text=f"fissures: 1\n{section}: {value}\n"))
    assert reading.findings and all(f.message and f.why and f.remedy for f in reading.findings)
