"""The study of portable claims as shipped: its main figures, its pages, the verb, the same bytes when made again."""

from __future__ import annotations

import json
import re
import runpy
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from fissures.api import DataError
from fissures.api.portable import portable_pages, portable_results
from fissures.case.portable import RESULTS, portable_claims
from fissures.cli import main
from fissures.model.portable import digest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return portable_results()


def reading(told: dict[str, Any], panel: str, name: str) -> dict[str, Any]:
    """What one panel says, read one way."""
    return dict(told["panels"][panel]["readings"][name])


# --- the results --------------------------------------------------------------------------------------------


def test_the_results_are_whole(told: dict[str, Any]) -> None:
    assert told["digest"] == digest(told)
    assert len(told["claims"]) >= 10 and set(told["claims"]) == set(portable_claims())
    complete, second = told["panels"]["complete"], told["panels"]["second"]
    assert complete["units"] >= 300
    assert (complete["weeks"], complete["first"], complete["last"]) == (64, "2018-01-01", "2019-03-24")
    assert second["last"] < complete["first"]
    for panel in told["panels"].values():
        assert all(re.fullmatch("[0-9a-f]{16}", one["digest"]) for one in panel["datasets"])
    text = RESULTS.read_text(encoding="utf-8")
    assert all(f'"{pair}"' not in text.split('"settings"')[1] for pair in told["without"])


def test_the_figures_of_the_study_come_again_when_read_as_it_read_them(told: dict[str, Any]) -> None:
    """Levels: all claims +12 [-3, 28]; threats +11.6 and volume +104 where the base forgets how much was said."""
    level, acts = reading(told, "complete", "level"), reading(told, "complete", "acts")
    assert 5 < level["together"][0] < 20
    assert level["together"][1] < 0 < level["together"][2]
    assert 60 < level["volume"][0] < acts["volume"][0] < 150
    threats = acts["claims"]["threats"]
    assert 5 < threats["gain"][0] < 20
    assert threats["climb"]["mean"] > 0.15 and threats["fall"]["mean"] < -0.15
    assert level["volume"][0] > 4 * level["together"][0]


def test_and_are_corrected_where_timing_is_asked(told: dict[str, Any]) -> None:
    """A level that gains at the wrong time tells which pairs are hostile; a surge at the wrong time gains nothing."""
    level, surge = reading(told, "complete", "level"), reading(told, "complete", "surge")
    assert max(level["placebos"]) > level["together"][0]
    assert sorted(surge["placebos"])[len(surge["placebos"]) // 2] < 0
    assert surge["together"][1] < 0


def test_no_claim_is_supported_and_the_index_says_so_first(told: dict[str, Any]) -> None:
    words = {one["verdict"] for claim in told["claims"].values() for one in claim.values()}
    assert "supported" not in words
    index = (DOCS / "portable-claims.md").read_text(encoding="utf-8")
    assert index.index("**Supported: none.**") < 300


def test_no_verdict_is_better_than_its_gates(told: dict[str, Any]) -> None:
    for claim in told["claims"].values():
        for one in claim.values():
            assert (one["verdict"] == "supported") == all(one["gates"].values())
            assert one["verdict"] != "leans to" or one["chance"] > 0.75
            assert 0.15 <= one["sd"] < 1.0


# --- pages and the verb -------------------------------------------------------------------------------------


def test_the_pages_are_those_of_the_results(told: dict[str, Any], tmp_path: Path) -> None:
    made = portable_pages(told, tmp_path)
    assert len(made) == 1 + 2 * len(portable_claims())
    for path in made:
        shipped = DOCS / path.relative_to(tmp_path)
        assert shipped.read_bytes() == path.read_bytes(), f"{shipped.name}: fissures portable show --pages docs"
        if path.suffix == ".svg":
            ElementTree.fromstring(path.read_text(encoding="utf-8"))
    kept = {path.name for path in (DOCS / "portable-claims").iterdir()}
    assert kept == {path.name for path in made if path.name != "portable-claims.md"}


def test_every_link_of_the_pages_leads_somewhere() -> None:
    for page in (DOCS / "portable-claims.md", *(DOCS / "portable-claims").glob("*.md")):
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"


def test_a_page_has_its_literature_leads_and_failures() -> None:
    for claim in portable_claims().values():
        page = (DOCS / "portable-claims" / f"{claim.name}.md").read_text(encoding="utf-8")
        assert claim.sentence in page
        for part in ("## Lead test", "## Where it fails", "## In the literature", f"({claim.name}.svg)"):
            assert part in page


def test_the_verb_shows_all_or_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portable", "show"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in portable_claims())
    assert main(["portable", "show", "talks", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document["claims"]) == {"talks"}
    assert document["without"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "taks"], 2, "no portable claim 'taks'"),
        (["show", "--results", "nowhere.json"], 4, "no results of portable claims"),
        (["fit", "--complete", "icews"], 2, "names no datasets and days"),
        (["fit", "--complete", "icews:2019-01-01..2018-01-01"], 2, "names no datasets and days"),
        (["fit", "--complete", "a:2018-01-01..2019-01-01", "--without", "Ardel"], 2, "is no pair of states"),
        (["fit", "--complete", "a:2018-01-01..2019-01-01"], 4, "the store does not hold a"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FISSURES_STORE", str(tmp_path / "store"))
    assert main(["portable", *arguments]) == code
    told = capsys.readouterr().err
    assert words in told and "try:" in told


def test_results_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('{"fissures_portable": 2, "claims": {}}', encoding="utf-8")
    with pytest.raises(DataError, match="no results of portable claims"):
        portable_results(tmp_path / "r.json")


@pytest.mark.shared
@pytest.mark.slow
def test_the_shipped_results_and_pages_are_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "scripts/derive_portable_claims.py"))
    results = tmp_path / "portable_results.json"
    assert script["rebuild"](SHARED, results, tmp_path / "docs") == 0
    assert results.read_bytes() == RESULTS.read_bytes()
    for path in sorted((tmp_path / "docs").rglob("*.*")):
        assert path.read_bytes() == (DOCS / path.relative_to(tmp_path / "docs")).read_bytes(), path.name
