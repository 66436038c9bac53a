"""The product holds paraphrases and no sentence of the article that it reads; the shipped case stands in order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fissures import api
from fissures.cli import main

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT.parent / "shared" / "reference-case" / "article.txt"
RUN = 8  # words in a row that are no accident


def words(text: str) -> list[str]:
    """Words and numbers in lower case, without punctuation and without line breaks."""
    return re.findall(r"[^\W_]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    told = words(text)
    return {tuple(told[n : n + RUN]) for n in range(len(told) - RUN + 1)}


def test_a_run_of_words_is_found_whatever_stands_between_them() -> None:
    theirs = runs("As many as 50,000 people, soldiers and civilians, lost their lives.")
    assert len(runs("# as many\n  as '50 000' PEOPLE -- soldiers and civilians") & theirs) == 2
    assert not runs("as many as 50,000 died, of whom most were soldiers") & theirs


@pytest.mark.shared
def test_no_sentence_of_the_article_is_in_the_product() -> None:
    theirs = runs(ARTICLE.read_text(encoding="utf-8"))
    assert len(theirs) > 2_000
    files = [file for file in (ROOT / "src").rglob("*") if file.is_file() and file.suffix != ".pyc"]
    assert len(files) > 100
    found = {
        f"{file.relative_to(ROOT)}: {' '.join(run)}"
        for file in files
        for run in runs(file.read_text(encoding="utf-8", errors="replace")) & theirs
    }
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize("name", api.cases())
def test_a_shipped_case_stands_in_order(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", name, "--check"]) == 0, capsys.readouterr().out
