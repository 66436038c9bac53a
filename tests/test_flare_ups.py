"""The shipped table of flare-ups: its rules on days known by hand, its rows, and that it is rebuilt byte for byte."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from fissures.study.flare_ups import CUTOFF, HORIZONS, KILLED, QUIET, WINDOW, table

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SCRIPTS = ROOT / "scripts"
SHIPPED = ROOT / "src/fissures/study/flare_ups.csv"

sys.path.insert(0, str(SCRIPTS))
from derive import flare_ups as rules  # noqa: E402
from derive.flare_ups import Event  # noqa: E402

DAY = date(2010, 3, 1).toordinal()


class TestTheRules:
    @pytest.mark.parametrize(
        ("killed", "starts"),
        [
            ({DAY: 5}, [DAY]),
            ({DAY: 4}, []),
            ({DAY: 1, DAY + 13: 4}, [DAY]),
            ({DAY: 1, DAY + 14: 4}, []),
            ({DAY: 1, DAY + 14: 5}, [DAY + 14]),
            ({DAY: 5, DAY + 60: 5}, [DAY]),  # on the sixtieth day after: not quiet yet
            ({DAY: 5, DAY + 61: 5}, [DAY, DAY + 61]),
            ({DAY: 4, DAY + 30: 5}, [DAY + 30]),  # four in sixty days are quiet
            ({DAY: 5, DAY + 5: 9}, [DAY]),  # one flare-up, not two
        ],
    )
    def test_a_start(self, killed: dict[int, int], starts: list[int]) -> None:
        assert list(rules.starts(killed)) == starts

    def test_quiet_is_since_five_died_within_fourteen_days(self) -> None:
        assert rules.quiet_before({DAY - 100: 5, DAY: 5}, DAY) == 100 - WINDOW
        assert rules.quiet_before({DAY - 100: 4, DAY: 5}, DAY) == DAY - rules.BEGINS.toordinal()

    def test_a_months_remainder_lies_on_the_days_that_are_known(self) -> None:
        events = [Event("A: B", "AAA", DAY, 1), Event("A: B", "AAA", DAY + 9, 3), Event("A: C", "AAA", DAY + 2, 4)]
        found = rules.completed(events, {("AAA", "2010-03"): 16.0})
        assert found == {"A: B": {DAY: 2, DAY + 9: 6}, "A: C": {DAY + 2: 8}}

    def test_a_month_without_a_known_day_goes_to_the_nearest_conflict(self) -> None:
        events = [Event("A: B", "AAA", DAY, 1), Event("A: C", "AAA", DAY + 330, 1)]
        found = rules.completed(events, {("AAA", "2010-05"): 7.0, ("AAA", "2010-12"): 9.0, ("BBB", "2010-05"): 5.0})
        assert found["A: B"] == {DAY: 1, date(2010, 5, 15).toordinal(): 7}
        assert found["A: C"] == {DAY + 330: 1}  # a year's sum, perhaps: given to nobody

    def test_no_month_loses_what_is_placed(self) -> None:
        found = rules.completed([Event("A: B", "AAA", DAY, 9)], {("AAA", "2010-03"): 4.0})
        assert found == {"A: B": {DAY: 9}}


class TestTheShippedTable:
    def test_every_row_is_a_flare_up(self) -> None:
        assert len(table()) > 1_000
        assert (rules.KILLED, rules.WINDOW, rules.QUIET, rules.CUTOFF) == (KILLED, WINDOW, QUIET, CUTOFF)
        for one in table():
            assert one.traits.deaths >= KILLED
            assert 0 <= one.dated <= one.traits.deaths
            assert one.seen == one.start + timedelta(days=WINDOW - 1)
            assert one.traits.quiet >= QUIET - WINDOW
            assert set(one.traits.kinds) <= {"interstate", "contested", "internal"}

    def test_rows_stand_in_order_and_once(self) -> None:
        keys = [(one.start, one.conflict) for one in table()]
        assert keys == sorted(set(keys))

    def test_what_followed_is_told_twice_alike(self) -> None:
        """The totals at 30, 90 and 160 days lie between the sums of the whole weeks around them."""
        for one in table():
            known = [dead for _, dead in one.known]
            assert known == sorted(known), one.name
            assert all(one.after(days) == dict(one.known)[days] for days in HORIZONS if days in dict(one.known))

    def test_patrons_are_coded_for_contested_entities_alone(self) -> None:
        assert all(one.traits.kinds == ("contested",) for one in table() if one.patron)

    @pytest.mark.shared
    @pytest.mark.skipif(not SHARED.is_dir(), reason="the shared development data are not beside the checkout")
    def test_it_is_rebuilt_byte_for_byte(self, tmp_path: Path) -> None:
        made = tmp_path / "flare_ups.csv"
        command = [sys.executable, str(SCRIPTS / "derive_analogues.py"), str(SHARED), "--out", str(made)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert made.read_bytes() == SHIPPED.read_bytes()

    def test_a_missing_folder_is_said_in_words(self, tmp_path: Path) -> None:
        command = [sys.executable, str(SCRIPTS / "derive_analogues.py"), str(tmp_path / "nowhere")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 4
        assert "cannot read" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["derive_analogues.py", "skill_of_analogues.py"])
def test_the_house_measure_holds_for_the_scripts(name: str) -> None:
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < 60, node.name
