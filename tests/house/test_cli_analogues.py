"""Analogues on the command line: a line beneath each answer that they speak to, and the same as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

import fissures as fs
from fissures.cli import _answers, _documents
from fissures.study.records import Answer, Answers, Study

AS_OF, END = date(2020, 7, 21), date(2020, 12, 31)


@pytest.fixture(scope="module")
def study() -> Any:
    """A study of two questions, of which deaths speak to the first."""
    found = fs.analogues(fs.load("south-caucasus-2020"))
    asked = [
        Answer(code, code, f"Question {code}?", END, "event", 0.1, 0.002, (0.05, 0.2), {}, {}, "unlikely", None, 0.1,
               0.1, None, "", "the record", analogues=found.questions.get(code))
        for code in ("Q4", "Q6")
    ]  # fmt: skip
    answers = Answers("d" * 64, "p" * 64, "A case", "c" * 64, AS_OF, 1, 100, tuple(asked), (), analogues=found)
    return Study(answers, (), (), 0, 0, None, (), {})  # type: ignore[arg-type]


def test_a_line_says_of_how_many_and_how_far_to_trust_it(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    _answers.blocks(study.answers.questions)
    told = [line.strip() for line in capsys.readouterr().out.splitlines() if "like this one" in line]
    assert told == [
        "of 20 flare-ups like this one 3 saw 100 or more killed in a week within 163 days; 206 of all 1,433 did "
        "(other distances: 2 to 7 of 20)"
    ]


def test_the_document_names_them(study: Study) -> None:
    document = json.loads(json.dumps(_documents.answered(study)))
    assert document["flare_up"]["deaths"] == 17 and document["flare_up"]["kinds"] == ["contested", "interstate"]
    first, second = (question["analogues"] for question in document["questions"])
    assert second is None
    assert (first["n"], first["k"], first["days"]) == (20, 3, 163)
    assert first["sensitivity"][0] == {"name": "as stated", "n": 20, "k": 3}
    assert len(first["named"]) == 20 and sum(one["happened"] for one in first["named"]) == 3
    assert first["named"][0].keys() == {
        "name", "sides", "start", "deaths", "quiet_days", "followed", "distance", "own", "happened"
    }  # fmt: skip
    assert list(first["named"][0]["followed"]) == ["30", "90", "160"]
