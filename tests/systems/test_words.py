"""Systems of words, sources and the article itself: what must be seen in a run and its report (S24-S26, S31, S32)."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fissures import api
from fissures.api.records import Fit, Run
from fissures.brief.units import amount
from fissures.case import grammar
from fissures.case.passages import pointing_into
from fissures.study.outcomes import asked
from fissures.study.records import ClaimRow, Statement, Study

from .conftest import MONTH, Bench, gap

ARTICLE = Path(__file__).resolve().parents[3] / "shared" / "reference-case" / "article.txt"
RECORDED = ("rungs", "deaths", "first", "by", "means", "advances", "in_force", "levels")
LOUDER = {"threats": 2.0, "accusations": 2.0}  # times as many words a day under heavy fire
CODES = (
    *("Q1", "Q2", "Q3a", "Q3b", "Q3c", "Q4", "Q5a", "Q5b", "Q6", "Q7", "Q7b", "Q8", "Q9", "Q10", "Q11", "Q11b", "Q12"),
    "Q13",
    *("Q14a", "Q14b", "Q15", "Q15az", "Q15am", "Q16", "Q17", "Q18", "Q19", "Q20"),
)
NO_CLASS = {"Q2", "Q12", "Q15az", "Q15am", "Q16", "Q17", "Q19"}  # no record and no stated rate speaks to them


def test_s24_rhetoric_follows_the_rung(bench: Bench) -> None:
    highest = bench.highest(bench.base)
    for stream in ("threats", "accusations"):
        words = bench.daily(bench.base, stream)
        print(stream, "a day under heavy fire", words[highest >= 2].mean(), "else", words[highest < 2].mean())
        assert words[highest >= 2].mean() > LOUDER[stream] * words[highest < 2].mean()


def test_s24_rhetoric_feeds_hostility_weakly(bench: Bench) -> None:
    mild, harsh = (bench.arm.hold(rhetoric=v).run(days=MONTH) for v in (0.0, 1.0))
    change = gap(bench.level(mild, "hostility"), bench.level(harsh, "hostility"))
    assert change.rises and change.change < 0.2


def test_s25_a_silent_diaspora_leaves_every_front_as_it_was(bench: Bench) -> None:
    silent = bench.arm.without("C54").scale(diaspora_statements=0.0).run(days=MONTH)
    for name in RECORDED:
        assert np.array_equal(getattr(silent.out, name), getattr(bench.month.out, name)), name
    pairs = zip(bench.streams, silent.counts, bench.month.counts, strict=True)
    changed = {name for name, one, two in pairs if not np.array_equal(one, two)}
    assert changed == {"diaspora_statements", "support_for_armenia"}
    assert gap(bench.count(bench.month, "support_for_armenia"), bench.count(silent, "support_for_armenia")).falls


@pytest.mark.parametrize("reporter", ["azerbaijan", "armenia"])
def test_s26_totals_by_source_differ_as_coded(bench: Bench, reporter: str) -> None:
    """A thousand dead of one side on one day of tavush: what the source tells of them, against its own factors."""
    one = bench.arm.run(days=1, paths=1000)
    ask = grammar.asks(f"deaths on tavush as told by {reporter}", bench.case)
    place, side = bench.places.index("tavush"), bench.case.reporters[reporter].side
    for whose in ("own", "enemy"):
        mine = (bench.case.fronts["tavush"].between[0] == side) == (whose == "own")
        deaths, first = np.zeros_like(one.deaths), np.zeros_like(one.out.first)
        deaths[place], first[place] = 1000, 1000 * mine
        told = asked(bench.case, replace(one, out=replace(one.out, deaths=deaths, first=first)), ask, 1)
        ratio, coded = np.log(told / 1000), getattr(bench.case.reporters[reporter], whose)
        print(reporter, whose, ratio.mean(), ratio.std(), "coded", coded.mean, coded.sd)
        assert abs(ratio.mean() - coded.mean) < 3 * coded.sd / np.sqrt(1000)
        assert abs(ratio.std() / coded.sd - 1) < 0.1


def test_s26_a_reader_can_ask_each_source(bench: Bench) -> None:
    told = {q.code: grammar.asks(q.asks, bench.case).who for q in bench.case.questions.values()}
    assert (told["Q15"], told["Q15az"], told["Q15am"]) == (None, "azerbaijan", "armenia")


@pytest.fixture(scope="module")
def run(bench: Bench) -> Run:
    """The run as the public surface holds it; what would stand under "claims off" is not looked at here."""
    fit = Fit(bench.loaded, bench.panel, bench.plan, bench.fit, bench.fit)
    return Run(fit, bench.base, bench.base)


@pytest.fixture(scope="module")
def study(run: Run) -> Study:
    """Its study, without what-ifs."""
    return api.study(run, levers=())


@pytest.fixture(scope="module")
def raw(run: Run, study: Study, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The brief as it is written."""
    return api.brief(run, tmp_path_factory.mktemp("brief") / "brief.html", study=study).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(raw: str) -> str:
    """The brief as text: what a reader sees, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", raw)).split())


def test_s31_every_question_is_printed_with_number_and_range(study: Study, page: str) -> None:
    assert tuple(one.code for one in study.answers.questions) == CODES
    for one in study.answers.questions:
        low, high = one.range80
        assert low <= high and (one.kind == "number" or 0 <= low <= one.with_claims <= high <= 1), one.code
        assert one.code in page and f"{one.code} " in str(study.answers)


@pytest.mark.parametrize("code", CODES)
def test_s31_every_question_stands_beside_its_base_rate(study: Study, raw: str, code: str) -> None:
    """A range that the case states, a reference class, or the word none where no class covers it."""
    one = next(q for q in study.answers.questions if q.code == code)
    told = beside(raw, code)
    print(code, told, one.bounds, one.reference_class)
    if one.reference_class is not None:
        assert told.startswith(re.sub(r"\s+", " ", amount(one, one.reference_class.value)))
    else:
        assert told == "none"
    assert one.reference_class is not None or one.bounds is not None or code in NO_CLASS


def test_s32_the_words_of_the_brief_keep_its_rules(raw: str, bench: Bench) -> None:
    """Whole points, terms beside their numbers, both names of a place at first use, and no side taken."""
    from fissures.brief.lint import lint

    assert lint(raw, [front.name for front in bench.case.fronts.values()]) == ()


def beside(raw: str, code: str) -> str:
    """What stands under "Reference class" in a question's row of the brief."""
    row = re.search(rf'<tr role="row">\s*<th[^>]*><span class="code"><bdi>{code}</bdi></span>.*?</tr>', raw, re.DOTALL)
    assert row is not None, code
    cell = re.search(r'data-label="Reference class">(.*?)</td>', row[0], re.DOTALL)
    assert cell is not None, code
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell[1])).split())


def test_s32_every_claim_of_the_article_points_at_its_passage(bench: Bench) -> None:
    mine = {name: claim.says for name, claim in bench.case.claims.items() if claim.says.source == "ringler"}
    assert len(mine) >= 89
    loose = [name for name, says in mine.items() if says.para is None or says.span is None or says.sha256 is None]
    assert not loose


@pytest.mark.shared
def test_s32_the_passages_stand_in_the_article(bench: Bench) -> None:
    report = api.check("south-caucasus-2020", source=ARTICLE)
    assert report.valid
    assert report.passages == pointing_into(bench.case, "ringler")
    assert not [f for f in report.findings if "paragraph" in str(f) and f.level == "error"]


def test_s21_the_suspended_monitoring_is_shown(page: str) -> None:
    """Among the pressures of the brief, below what is usual for it."""
    assert "Ceasefire monitoring" in page


def lost(page: str, rows: Sequence[ClaimRow] | Sequence[Statement], near: int) -> list[str]:
    """Codes of claims that the brief names without their paragraph close behind."""
    out = []
    for row in rows:
        told = [page[m.start() : m.start() + near] for m in re.finditer(rf"\b{row.code}\b", page)]
        out += [] if any(f"paragraph {row.para}" in part for part in told) else [row.code]
    print("without a paragraph:", out)
    return out


def test_s32_the_brief_leads_from_each_coefficient_to_its_paragraph(study: Study, page: str) -> None:
    assert not lost(page, [row for row in study.claims if row.source == "ringler" and not row.shares], 1200)


def test_s32_the_brief_leads_from_each_restatement_to_its_paragraph(study: Study, page: str) -> None:
    assert not lost(page, [row for row in study.claims if row.source == "ringler" and row.shares], 1200)


def test_s32_the_brief_leads_from_each_other_claim_to_its_paragraph(study: Study, page: str) -> None:
    assert not lost(page, study.statements, 400)
