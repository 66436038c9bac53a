"""The command line: what it prints where, its JSON, its exit codes, and that no error shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fissures
from fissures import errors
from fissures.cli import demo, main

ANSWERED = {"schema", "case", "as_of", "digest", "seed", "paths", "questions", "brief"}
QUESTION = {
    "id",
    "code",
    "title",
    "by",
    "kind",
    "probability",
    "mc_error",
    "range80",
    "quantiles",
    "word",
    "reference_class",
    "claims_off",
    "with_claims",
    "analogues",
}
COUNTS = {
    "actors",
    "ladders",
    "fronts",
    "streams",
    "pressures",
    "commitments",
    "claims",
    "couplings",
    "levers",
    "questions",
    "facts",
}


def call(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Run a verb in this process; its exit code, stdout and stderr."""
    code = main(list(argv))
    out, err = capsys.readouterr()
    return code, out, err


# --- what is printed where ----------------------------------------------------------------------------------


def test_demo_prints_answers_and_writes_the_brief(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "demo", "--paths", "200", "--seed", "7")
    assert code == 0
    assert "as of 21 July 2020" in out
    assert "       12 %, unlikely (80 % range 6 % to 21 %; simulation error 0.3 points)" in out
    assert (
        "reference class 9 % (the unit's own record) | claims off 10 % | with claims 12 % | base rates 2 to 35 %" in out
    )
    assert "median 9 (80 % range 2 to 1,841; simulation error not known)" in out
    assert "50 or more: 11 % (base rates 5 to 35 %), 400 or more: < 0.1 %" in out
    assert "reference class none | claims off 8 | with claims 9" in out
    assert "The data moved 1 of 1 couplings." in out, "what is said twice counts once"
    assert "1 note: --json lists them" in out, "notes are one line; warnings are printed in full"
    assert str(Path("brief.html").resolve()) in out
    leading = [line.split()[0] for line in out.splitlines() if line.startswith("Q")]
    assert leading == ["Q9war", "Q1", "Q4"], "the leading question, one with a base rate, a number"
    assert "3 of 4 answers; all are in the brief, and printed by: fissures run south-caucasus-2020" in out
    assert "In the brief: 3 what-ifs (L0, L1, L2) on 200 paired paths; all levers" in out
    assert ("study", {"levers": demo.LEVERS}) in api.calls
    assert ("simulate", {"paths": 200, "seed": 7, "levers": ()}) in api.calls
    assert ("load", {"case": "south-caucasus-2020"}) in api.calls
    timed = [line.rsplit(maxsplit=2)[0].strip() for line in err.splitlines()]
    assert timed == [
        "read the case",
        "fit the claims to the data",
        "simulate",
        "answers, claims and levers",
        "reasons and signs",
        "brief",
    ]
    assert "simulate" not in out, "progress is not a result"


def test_the_levers_of_the_demo_are_those_of_the_shipped_case() -> None:
    from fissures import api

    levers = api.load("south-caucasus-2020").record.levers
    assert [levers[name].code for name in demo.LEVERS] == ["L1", "L3", "L5"]
    assert not any(levers[name].escalatory for name in demo.LEVERS)


def test_run_prints_every_question_once_in_order_and_aligned(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "run", "mine")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if line.startswith("Q")] == ["Q1", "Q4", "Q9war", "Q2"]
    block = out[out.index("Q9war") :].splitlines()
    assert block[0] == "Q9war  Does any front reach war by 31 December 2020?", "its title names the date already"
    assert all(line.startswith(" " * 7) and line[7] != " " for line in block[1:3])
    assert "Q2     Do the ministers meet in person? (by 31 December 2020)\n" in out
    assert out.count("void on 4.5 % of paths, which are left out") == 1
    assert ("study", {"levers": ()}) in api.calls, "a run prints answers; what-ifs belong to the brief"


def test_warnings_with_one_remedy_stand_together(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "run", "mine")
    assert (
        "warning: Q1  the answer lies above its bounds\nwarning: Q4  the chance lies above it\n"
        "    why it matters: the record says less\n    try: look twice\n1 note: " in out
    )


def test_a_brief_says_on_how_many_paths_its_what_ifs_rest(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "brief", "mine", "--paths", "9000")
    assert code == 0 and out.endswith("brief.html\nIn it: 7 what-ifs on 4,000 paired paths.\n")
    assert ("study", {"levers": None}) in api.calls, "all that are not escalatory"


def test_certainty_is_never_printed(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "demo")
    assert " 0 %" not in out and "100 %" not in out


def test_numbers_are_written_as_in_the_brief() -> None:
    from fissures.brief import numbers
    from fissures.cli import _shared

    for p in [k / 2000 for k in range(2001)]:
        assert _shared.percent(p) == numbers.percent(p).replace(numbers.SPACE, " ")
    for x in (0.0, 0.04, 2.5, 9.94, 9.96, 31.2, 5840.2):
        assert _shared.count(x) == numbers.count(x)


def test_a_terminal_gets_a_table(api: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    code, out, _ = call(capsys, "demo")
    assert code == 0
    assert "(80 % range)" in out and "unlikely" in out and "(6 % to 21 %)" in out
    assert "Simulation error: at most 0.3 points" in out


def test_cases_and_doctor_as_text(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "cases")[1].splitlines()[1].split() == [
        "south-caucasus-2020",
        "South",
        "Caucasus,",
        "July",
        "2020",
    ]
    assert "All is well." in call(capsys, "doctor")[1]
    api.valid = False
    code, out, _ = call(capsys, "doctor")
    assert code == 1 and "LACKS" in out


def test_check_as_text(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "check", "mine.yaml", "--source", "text.txt")
    assert code == 0
    assert "warning: case.yaml:41:5  no front 'tavuz'\n    why it matters: why\n    try: x" in out
    assert "stall  More stall raises climbing." in out
    assert "3 passages verified in text.txt\nThe case is valid: 0 errors, 1 warning, 0 notes." in out
    assert api.calls == [("check", {"case": "mine.yaml", "source": "text.txt"})]
    assert "verified" not in call(capsys, "check", "mine.yaml")[1]


# --- JSON ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [["demo"], ["run", "mine"], ["brief", "mine"]])
def test_the_document_of_an_answer(api: Any, capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    code, out, _ = call(capsys, *argv, "--json")
    document = json.loads(out)
    assert code == 0
    assert document.keys() >= ANSWERED
    assert document["schema"] == 1 and document["as_of"] == "2020-07-21"
    event, number, _, meeting = document["questions"]
    assert (event["void"], meeting["void"]) == (0.0, 0.045)
    assert document["couplings"] == 1, "what is said twice counts once"
    tried = {"demo": 3, "run": 0, "brief": 7}[argv[0]]
    assert [lever["paths"] for lever in document["what_ifs"]] == [4000] * tried
    assert event.keys() >= QUESTION and "exceed" not in event
    assert number.keys() >= QUESTION | {"exceed"}
    assert event["reference_class"] == {
        "value": 0.09,
        "method": "the unit's own record",
        "cutoff": "2020-07-12",
        "counted": "11 of 120 flare-ups",
    }
    assert number["reference_class"] is None and number["analogues"] is None
    assert number["mc_error"] is None, "a value that is not finite is null, as JSON has no NaN"
    assert number["exceed"] == {"50": 0.11, "400": 0.0}
    assert event["range80"] == [0.06, 0.21] and event["by"] == "2020-12-31"
    assert (document["brief"] is None) == (argv[0] == "run")


def test_the_document_of_a_check(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(call(capsys, "check", "mine", "--json")[1])
    assert document["schema"] == 1 and document["valid"] is True
    assert set(document["counts"]) == COUNTS
    assert set(document["findings"][0]) == {"where", "level", "message", "why", "try"}


def test_the_document_of_a_broken_case(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    api.valid = False
    code, out, _ = call(capsys, "check", "mine", "--json")
    assert code == 3
    assert json.loads(out)["valid"] is False
    assert set(json.loads(out)["counts"]) == COUNTS


def test_the_documents_of_cases_and_doctor(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(call(capsys, "cases", "--json")[1])["cases"] == [
        {"name": "south-caucasus-2020", "title": "South Caucasus, July 2020"}
    ]
    checks = json.loads(call(capsys, "doctor", "--json")[1])["checks"]
    assert all(set(row) == {"name", "ok", "detail"} for row in checks)


# --- runs, bundles, levers ----------------------------------------------------------------------------------


def test_a_run_is_saved_and_opened_again(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "run", "mine", "--out", "kept", "--paths", "500")[0] == 0
    api.calls.clear()
    code, out, _ = call(capsys, "run", "kept")
    assert code == 0 and "500 paths, seed 3" in out
    assert [verb for verb, _ in api.calls] == ["open_run", "study"]
    assert call(capsys, "brief", "kept", "--out", "b.html")[0] == 0
    assert Path("b.html").is_file()


@pytest.mark.parametrize("extra", [["--paths", "500"], ["--seed", "2"], ["--lever", "shuttle"]])
def test_a_saved_run_keeps_its_settings(api: Any, capsys: pytest.CaptureFixture[str], extra: list[str]) -> None:
    call(capsys, "run", "mine", "--out", "kept")
    code, _, err = call(capsys, "run", "kept", *extra)
    assert code == 2 and extra[0] in err and "a saved run already has" in err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("demo", "--out", "nowhere/b.html"), "there is no folder 'nowhere'"),
        (("brief", "mine", "--out", "taken"), "'taken' is a folder"),
        (("run", "mine", "--out", "file"), "'file' is a file"),
        (("run", "mine", "--out", "taken"), "'taken' holds something other than a saved run"),
        (("run", "mine", "--out", "file/kept"), "'file/kept' cannot be made in"),
        (("run", "mine", "--lever", "shuttle", "--lever", "shuttle"), "the lever 'shuttle' is named 2 times"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(
    api: Any, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], said: str
) -> None:
    Path("taken").mkdir()
    for name in ("file", "taken/notes.txt"):
        Path(name).write_text("other work", encoding="utf-8")
    code, out, err = call(capsys, *argv)
    assert (code, out, api.calls) == (2, "", [])
    assert said in err and "why it matters" in err and "try: " in err


def test_levers_are_handed_on(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "run", "mine", "--lever", "shuttle")
    assert code == 0 and "With shuttle" in out
    assert [given["levers"] for verb, given in api.calls if verb == "simulate"] == [("shuttle",)]


def test_an_unknown_lever_names_the_nearest(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "run", "mine", "--lever", "shutle")
    assert code == 2 and "did you mean 'shuttle'?" in err


def test_an_escalatory_lever_needs_its_flag_and_prints_a_notice(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "run", "mine", "--lever", "arms_airlift")
    assert code == 2 and "--allow-escalatory" in err
    assert not [verb for verb, _ in api.calls if verb == "simulate"]
    code, _, err = call(capsys, "run", "mine", "--lever", "arms_airlift", "--allow-escalatory")
    assert code == 0 and "notice: 'arms_airlift' is an escalatory what-if" in err


# --- errors -------------------------------------------------------------------------------------------------

BROKEN = errors.Finding("case.yaml:9:3", "error", "no front 'tavuz'", "nothing to fit", "did you mean 'tavush'?")


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (errors.FissuresError("it failed", remedy="less"), 1),
        (errors.UsageError("no case 'x'", remedy="one of: y"), 2),
        (errors.CaseError([BROKEN]), 3),
        (errors.DataError("no file", remedy="add it"), 4),
        (errors.FitError("no convergence", remedy="more data"), 5),
        (KeyboardInterrupt(), 130),
        (RuntimeError("a fault"), 1),
        (MemoryError(), 1),
        (ModuleNotFoundError("No module named 'altair'", name="altair"), 1),
        (PermissionError(13, "Permission denied", "brief.html"), 1),
        (OSError(28, "No space left on device"), 1),
        (BrokenPipeError(32, "Broken pipe"), 0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else str(value),
)
def test_exit_codes_and_no_traceback(
    api: Any, capsys: pytest.CaptureFixture[str], raised: BaseException, code: int
) -> None:
    api.raises = raised
    for argv in (["run", "mine"], ["demo", "--json"], ["check", "mine"]):
        got, out, err = ended(capsys, *argv)
        assert got == code
        assert "Traceback" not in out + err
        assert not out.strip(), "an error is not a result"


def ended(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Like `call`, also when the parser itself leaves the process, as it does when a pipe breaks."""
    stdout = sys.stdout
    try:
        return call(capsys, *argv)
    except SystemExit as left:
        out, err = capsys.readouterr()
        return int(str(left.code)), out, err
    finally:
        sys.stdout = stdout


def test_an_error_says_what_to_try(api: Any, capsys: pytest.CaptureFixture[str]) -> None:
    api.raises = errors.CaseError([BROKEN])
    _, _, err = call(capsys, "run", "mine")
    assert err.splitlines()[-3:] == str(BROKEN).splitlines()


def test_a_fault_says_whose_it_is_and_how_to_see_more(
    api: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    api.raises = RuntimeError("negative variance")
    _, _, err = call(capsys, "run", "mine")
    assert "RuntimeError: negative variance" in err
    assert "this is a fault in fissures, not in your case" in err and "FISSURES_DEBUG=1" in err
    monkeypatch.setenv("FISSURES_DEBUG", "1")
    assert "Traceback" in call(capsys, "run", "mine")[2]


@pytest.mark.parametrize("argv", [["deom"], ["run"], ["run", "x", "--paths", "3"], ["demo", "--pahts", "500"], []])
def test_wrong_usage_is_code_2(api: Any, capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    code, _, err = call(capsys, *argv)
    assert code in ({2} if argv else {0, 2})
    assert "Traceback" not in err


# --- the program itself -------------------------------------------------------------------------------------


def program(*argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m fissures` as a program of its own."""
    command = [sys.executable, "-m", "fissures", *argv]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env}, timeout=120)


def test_help_and_version() -> None:
    helped = program("--help")
    assert helped.returncode == 0 and not helped.stderr
    for verb in ("demo", "cases", "check", "run", "brief", "doctor"):
        assert f"\n  {verb} " in helped.stdout
    assert program("--version").stdout.split() == ["fissures", fissures.__version__]


def test_a_terminal_that_knows_only_ascii_is_no_reason_to_fail() -> None:
    listed = program("cases", PYTHONIOENCODING="ascii")
    assert listed.returncode == 0, listed.stderr


def test_a_reader_that_leaves_is_no_error() -> None:
    code = f"{sys.executable} -m fissures cases --json | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_no_fault_of_ours() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "fissures", "cases"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120
        )
    assert done.returncode == 1
    assert "cannot be read or written" in done.stderr and "fault" not in done.stderr


def test_an_unknown_case_names_the_nearest() -> None:
    done = program("run", "south-caucasus-2002")
    assert done.returncode == 2
    assert "south-caucasus-2020" in done.stderr and "Traceback" not in done.stderr


def test_the_shipped_case_is_valid() -> None:
    done = program("check", "south-caucasus-2020", "--json")
    assert done.returncode == 0, done.stderr + done.stdout[:2000]
    assert json.loads(done.stdout)["valid"] is True


def test_this_installation_is_well() -> None:
    done = program("doctor", "--json")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_brief_refuses_other_words_and_a_missing_last_run_before_any_work(
    api: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for option, value in (("--words", "loud"), ("--last", str(tmp_path / "nowhere"))):
        code, _, err = call(capsys, "brief", "mine", option, value)
        assert code == 2 and option in err
    assert not api.calls
