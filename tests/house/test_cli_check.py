"""`fissures check` with what may be asked of it: the case in words, its systems, the schema of a case file."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from fissures.cli import main
from fissures.errors import Finding

EXPLAINED = "A made-up case\n\nIt is about water.\n"
SYSTEMS = {
    "S01": SimpleNamespace(
        title="Grievance", elements=("claim stall",), state="live", moves="rung clash 1.2 -> .3 (41 errors)", still=""
    ),
    "S02": SimpleNamespace(
        title="Diaspora", elements=("stream letters", "claim x"), state="note", moves="", still="rung clash"
    ),
}


def call(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Run a verb in this process; its exit code, stdout and stderr."""
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def fuller(api: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The stand-in for the public surface, which can also explain, knock systems out and give the schema."""
    plain = api.check

    def check(case: str, source: str | None = None, systems: bool = False, progress: object = None) -> SimpleNamespace:
        report = plain(case, source)
        report.systems = SYSTEMS if systems else {}
        return report  # type: ignore[no-any-return]

    monkeypatch.setattr(api, "check", check)
    monkeypatch.setattr(api, "explain", lambda case: EXPLAINED, raising=False)
    monkeypatch.setattr(api, "schema", lambda: {"title": "Case", "type": "object"}, raising=False)
    return api


def test_explain_tells_the_case_after_its_findings(fuller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "check", "mine", "--explain")
    assert (code, err) == (0, "")
    assert out.startswith("warning: case.yaml:41:5  no front 'tavuz'")
    assert out.endswith(EXPLAINED) and "read back" not in out


def test_explain_in_the_document(fuller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(call(capsys, "check", "mine", "--explain", "--json")[1])
    assert document["explain"] == EXPLAINED and document["sentences"]
    assert "explain" not in json.loads(call(capsys, "check", "mine", "--json")[1])


def test_a_broken_case_is_not_explained(fuller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    fuller.valid = False
    code, out, _ = call(capsys, "check", "mine", "--explain")
    assert code == 3 and EXPLAINED not in out and "The case is not valid: 1 error" in out


def test_the_schema_needs_no_case(fuller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "check", "--schema")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"title": "Case", "type": "object"}, "editors read it: nothing is added"
    assert not fuller.calls


def test_without_schema_a_case_is_needed(fuller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "check")
    assert (code, out) == (2, "") and "name a shipped case or a case folder" in err and "Traceback" not in err


def test_systems_say_what_moved_and_what_held_still(fuller: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "check", "mine", "--systems")
    assert code == 0
    lines = {line.split()[0]: " ".join(line.split()) for line in out.splitlines() if line.startswith("S0")}
    assert lines == {
        "S01": "S01 live Grievance rung clash 1.2 -> .3 (41 errors) claim stall",
        "S02": "S02 note Diaspora held still: rung clash stream letters, claim x",
    }
    document = json.loads(call(capsys, "check", "mine", "--systems", "--json")[1])
    assert document["systems"]["S01"] == {
        "title": "Grievance",
        "elements": ["claim stall"],
        "state": "live",
        "moves": "rung clash 1.2 -> .3 (41 errors)",
    }
    assert document["systems"]["S02"]["still"] == "rung clash"
    assert json.loads(call(capsys, "check", "mine", "--json")[1])["systems"] == {}


def test_many_claims_are_read_back_on_request(
    fuller: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = fuller.check

    def check(case: str, **asked: Any) -> SimpleNamespace:
        report = plain(case, **asked)
        report.sentences = {f"claim{n}": f"Sentence {n}." for n in range(31)}
        return report  # type: ignore[no-any-return]

    monkeypatch.setattr(fuller, "check", check)
    out = call(capsys, "check", "mine")[1]
    assert "31 claims read back with --sentences; the case in words with --explain.\n" in out
    assert "Sentence 7." not in out
    out = call(capsys, "check", "mine", "--sentences")[1]
    assert "The claims, read back:\n  claim0   Sentence 0.\n" in out and out.count("Sentence") == 31
    assert len(json.loads(call(capsys, "check", "mine", "--json")[1])["sentences"]) == 31


def test_on_a_terminal_long_sentences_are_wrapped(
    fuller: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    plain = fuller.check

    def check(case: str, **asked: Any) -> SimpleNamespace:
        report = plain(case, **asked)
        report.sentences = {"stall": "more " * 40}
        return report  # type: ignore[no-any-return]

    monkeypatch.setattr(fuller, "check", check)
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    told = [line for line in call(capsys, "check", "mine")[1].splitlines() if "more more" in line]
    assert len(told) > 3 and max(map(len, told)) <= 60
    assert all(line.startswith(" " * 9 + "more") for line in told[1:])


def test_many_notes_do_not_bury_a_warning(
    fuller: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = fuller.check

    def check(case: str, **asked: Any) -> SimpleNamespace:
        report = plain(case, **asked)
        report.findings += tuple(Finding("case.yaml:1:1", "note", f"thing {n} is unused") for n in range(11))
        return report  # type: ignore[no-any-return]

    monkeypatch.setattr(fuller, "check", check)
    out = call(capsys, "check", "mine")[1]
    assert "no front 'tavuz'" in out and "11 notes: --json lists them\n" in out and "is unused" not in out
    assert out.endswith("The case is valid: 0 errors, 1 warning, 11 notes.\n")
    assert "thing 10 is unused" in call(capsys, "check", "mine", "--json")[1]
