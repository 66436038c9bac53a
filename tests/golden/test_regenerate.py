"""The tool that keeps the numbers: what it calls a difference, and what it never writes."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fissures as fs

from . import regenerate as golden

TWO_VALLEYS = Path(__file__).resolve().parents[1] / "cases" / "two_valleys"
FIRST_FIT = "5a17f34424adff9d5a8eb512ec1f6a750216be83b066039bc0a472ae78dec1ad"
KEPT: dict[str, Any] = {
    "paths": 10_000,
    "seed": 1,
    "questions": {
        "Q1": {
            "kind": "event",
            "with_claims": 0.4,
            "claims_off": 0.5,
            "mc_error": 0.005,
            "void": 0.1,
            "exceed": {},
            "exceed_off": {},
        },
        "Q2": {
            "kind": "number",
            "with_claims": 16.0,
            "claims_off": 14.0,
            "mc_error": 0.0,
            "void": 0.0,
            "exceed": {"50": 0.2},
            "exceed_off": {"50": 0.0},
        },
    },
    "outside": ["Q1"],
    "couplings": 1,
    "moved": 1,
    "claims": {
        "C1": {"before": [0.2, 0.4], "after": [0.1, 0.2], "vague": [0.1, 0.2], "verdict": "mixed", "shares": ""},
        "C2": {"before": [0.2, 0.4], "after": [0.1, 0.2], "vague": [0.1, 0.2], "verdict": "mixed", "shares": "C1"},
    },
}


def changed(place: str, value: object) -> dict[str, Any]:
    """The kept numbers with one of them changed (or left out, for None)."""
    out = copy.deepcopy(KEPT)
    *parents, key = place.split("/")
    inner: dict[str, Any] = out
    for parent in parents:
        inner = inner[parent]
    if value is None:
        del inner[key]
    else:
        inner[key] = value
    return out


SAME: list[tuple[str, object]] = [
    ("questions/Q1/with_claims", 0.4199),  # four errors are two points
    ("questions/Q1/claims_off", 0.4801),
    ("questions/Q2/with_claims", 17.0),  # a median moves in whole steps
    ("questions/Q2/exceed/50", 0.2159),
    ("questions/Q2/exceed_off/50", 0.0004),
    ("questions/Q1/void", 0.1119),
    ("claims/C1/after", [0.10019, 0.2]),
]
OTHER: list[tuple[str, object, str]] = [
    ("questions/Q1/with_claims", 0.4201, "Q1 with_claims: 0.4 -> 0.4201"),
    ("questions/Q1/claims_off", 0.479, "Q1 claims_off: 0.5 -> 0.479"),
    ("questions/Q2/with_claims", 18.0, "Q2 with_claims: 16 -> 18"),
    ("questions/Q2/exceed/50", 0.217, "Q2 exceed 50: 0.2 -> 0.217"),
    ("questions/Q2/exceed_off/50", 0.0005, "Q2 exceed_off 50: 0 -> 0.0005"),
    ("questions/Q2/exceed/400", 0.1, "Q2 exceed 400: new"),
    ("questions/Q2/exceed/50", None, "Q2 exceed 50: gone"),
    ("questions/Q1/void", 0.113, "Q1 void: 0.1 -> 0.113"),
    ("questions/Q1", None, "questions: gone Q1"),
    ("claims/C2", None, "claims: gone C2"),
    ("claims/C1/verdict", "supported", "C1 verdict: mixed -> supported"),
    ("claims/C2/shares", "", "C2 shares: C1 -> nothing"),
    ("claims/C1/after", [0.1003, 0.2], "C1 after: 0.100 sd 0.200 -> 0.100 sd 0.200"),
    ("claims/C1/vague", [0.1, 0.3], "C1 vague: 0.100 sd 0.200 -> 0.100 sd 0.300"),
    ("claims/C1/before", [0.3, 0.4], "C1 before: 0.200 sd 0.400 -> 0.300 sd 0.400"),
    ("outside", [], "outside: ['Q1'] -> []"),
    ("moved", 0, "moved: 1 -> 0"),
    ("couplings", 2, "couplings: 1 -> 2"),
    ("paths", 2000, "paths: 10000 -> 2000"),
]


@pytest.mark.parametrize(("place", "value"), SAME)
def test_what_machines_differ_in_is_no_difference(place: str, value: object) -> None:
    assert golden.differences(KEPT, KEPT) == []
    assert golden.differences(KEPT, changed(place, value)) == []


@pytest.mark.parametrize(("place", "value", "said"), OTHER)
def test_any_other_difference_is_told(place: str, value: object, said: str) -> None:
    assert golden.differences(KEPT, changed(place, value)) == [said]


def test_questions_in_another_order_are_told() -> None:
    other = KEPT | {"questions": dict(reversed(KEPT["questions"].items()))}
    assert golden.differences(KEPT, other) == ["questions: in another order"]


def test_a_study_is_kept_with_all_that_is_compared() -> None:
    case = fs.load(TWO_VALLEYS)
    study = fs.study(fs.simulate(case, fs.fit(case), paths=100), levers=())
    made = golden.plain(study)
    assert json.loads(json.dumps(made)) == made
    assert set(made) == set(KEPT)
    assert list(made["questions"]) == ["V-Q1", "V-Q2", "V-Q3"] and len(made["claims"]) == made["couplings"] == 9
    for kind, one in (("questions", "Q1"), ("claims", "C1")):
        assert all(set(entry) == set(KEPT[kind][one]) for entry in made[kind].values())
    assert golden.differences(made, made) == []


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], Path]:
    """Let the tool write elsewhere, and take numbers that are given."""
    (tmp_path / "tests" / "golden").mkdir(parents=True)
    file = tmp_path / "tests" / "golden" / "golden.json"
    monkeypatch.setattr(golden, "LATEST", file)
    monkeypatch.setattr(golden, "HERE", file.parent)

    def ready(now: dict[str, Any]) -> Path:
        monkeypatch.setattr(golden, "numbers", lambda: now)
        return file

    return ready


def test_regenerating_writes_the_latest_numbers_and_says_what_changed(
    beside: Callable[[dict[str, Any]], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = beside(KEPT)
    with pytest.raises(FileNotFoundError):
        golden.kept()
    golden.main()
    assert "no numbers were accepted before" in capsys.readouterr().out
    beside(changed("claims/C1/verdict", "supported"))
    golden.main()
    assert capsys.readouterr().out.splitlines() == ["C1 verdict: mixed -> supported", "wrote tests/golden/golden.json"]
    assert golden.kept()["claims"]["C1"]["verdict"] == "supported" and file.read_text(encoding="utf-8").endswith("\n")


def test_the_first_fit_is_never_written_again(beside: Callable[[dict[str, Any]], Path]) -> None:
    """Its digest is kept here: a change of it is a change of history."""
    assert hashlib.sha256(golden.FIRST.read_bytes()).hexdigest() == FIRST_FIT
    beside(KEPT)
    golden.main()
    assert hashlib.sha256(golden.FIRST.read_bytes()).hexdigest() == FIRST_FIT
