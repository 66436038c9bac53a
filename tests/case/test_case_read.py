"""The strict loader: what it reads, what it refuses, and in which words."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fissures.case.places import Positions
from fissures.case.read import LARGEST, digest, examine_file, read_case
from fissures.case.tree import read_tree
from fissures.errors import CaseError, DataError, Finding

Altered = Callable[..., Path]


def findings(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    return caught.value.findings


def only(folder: Path) -> Finding:
    found = findings(folder)
    assert len(found) == 1, [str(f) for f in found]
    return found[0]


def line_of(folder: Path, words: str) -> int:
    lines = (folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if words in line)


def test_a_valid_case_is_read_from_its_folder_or_its_file(two_valleys: Path) -> None:
    case, positions = read_case(two_valleys)
    assert case == read_case(two_valleys / "case.yaml")[0]
    assert case.as_of == date(2019, 12, 29)
    assert list(case.ladders["river"].rungs) == ["calm", "scuffles", "raids", "feud", "uprising"]
    line = line_of(two_valleys, "half_life: 4 weeks")
    assert positions.at(("pressures", "thirst", "half_life")) == f"case.yaml:{line}:16"


def test_positions_fall_back_to_the_nearest_parent(two_valleys: Path) -> None:
    _, positions = read_case(two_valleys)
    line = line_of(two_valleys, "  thirst:")
    assert positions.at(("pressures", "thirst")) == f"case.yaml:{line}:3"
    assert positions.at(("pressures", "thirst", "column", "x", 3)) == f"case.yaml:{line}:3"
    assert positions.at(("nothing",)) == positions.at(()) == "case.yaml:2:1"
    with pytest.raises(AttributeError):
        positions.file = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        positions.marks[()] = (1, 1)  # type: ignore[index]


def test_words_that_older_yaml_bends_stay_text() -> None:
    text = (
        "NO: no\non: yes\nwhen: 2020-07-21\nnone: ~\nempty:\nn: 12\nx: 1e3\nhex: 0x10\nt: true\nsexagesimal: 12:30:45\n"
    )
    tree = read_tree(text, "a.yaml")
    assert tree.root == {
        "NO": "no",
        "on": "yes",
        "when": "2020-07-21",
        "none": None,
        "empty": None,
        "n": 12,
        "x": 1000.0,
        "hex": 16,
        "t": True,
        "sexagesimal": "12:30:45",
    }
    assert not tree.findings


def test_a_byte_order_mark_is_passed_over(altered: Altered, two_valleys: Path) -> None:
    raw = (two_valleys / "case.yaml").read_bytes()
    assert read_case(altered(text=b"\xef\xbb\xbf" + raw))[0] == read_case(two_valleys)[0]


def test_a_key_written_twice_is_refused_with_the_first_place(altered: Altered) -> None:
    folder = altered(("horizon: 2020-06-30", "horizon: 2020-06-30\nas_of: 2019-01-01"))
    assert str(only(folder)) == (
        "case.yaml:6:1  the key 'as_of' is written twice; first at case.yaml:4:1\n"
        "    why it matters: only one of the two could count, and nobody would see which\n"
        "    try: merge the two, or rename one"
    )


def test_an_unknown_key_names_the_key_that_was_meant(altered: Altered) -> None:
    folder = altered(("cause: grief", "casue: grief"))
    assert str(only(folder)) == (
        f"case.yaml:{line_of(folder, 'casue')}:5  the key 'casue' is not known in claims.grief_slows_falling\n"
        "    why it matters: left in, it would be passed over, and the case would not say what it seems to say\n"
        "    try: did you mean 'cause'? legal here: about, cause, code, effect, general, how, kind, note, "
        "paraphrase, prior, prior_uses_fit_data, published, same_as, says, shape, strength, testable, when"
    )


def test_the_file_says_from_and_to_and_nothing_else(altered: Altered) -> None:
    found = findings(altered(("from: 2020-01-06", "since: 2020-01-06")))
    assert [f.message for f in found] == [
        "levers.council_every_fortnight has no 'from'",
        "the key 'since' is not known in levers.council_every_fortnight",
    ]


WRONG = [
    ("as_of: 2019-12-29", "as_of: 20191229", "as_of must be a date, not 20191229", "write year-month-day: 2020-07-21"),
    (
        "as_of: 2019-12-29",
        "as_of: 2019-13-29",
        "as_of must be a date, and '2019-13-29' is not one",
        "write year-month-day: 2020-07-21",
    ),
    (
        "as_of: 2019-12-29",
        'as_of: "1595289600"',
        "as_of must be a date, and '1595289600' is not one",
        "write year-month-day: 2020-07-21",
    ),
    (
        "half_life: 4 weeks",
        "half_life: 0",
        "pressures.thirst.half_life must be text, not 0",
        "write half_life: 6 weeks",
    ),
    ("{name: Ardel,", "{name: ,", "actors.ARD.name is empty; text is needed", "write name: what people call it"),
    (
        "mean: 0.4, sd: 0.4",
        "mean: 0.4, sd: 0",
        "claims.thirst_brings_marches.prior.sd must be more than 0, not 0",
        "write more than 0",
    ),
    (
        "mean: 0.4, sd: 0.4",
        "mean: much, sd: 0.4",
        "claims.thirst_brings_marches.prior.mean must be a number, not 'much'",
        "write a number without quotes: 0.35",
    ),
    (
        "{council_meetings: 0.5}",
        "{council_meetings: 1.5}",
        "pressures.distrust.relieved_by.council_meetings must be 1 or less, not 1.5",
        "write 1 or less",
    ),
    (
        "exceed: [10, 50]",
        "exceed: ten",
        "questions.deaths.exceed must be a list, not 'ten'",
        "write items in brackets: [one, two]",
    ),
    (
        "span: [0, 89]",
        "span: [0]",
        "claims.thirst_raises_climbing.says.span needs 2 items or more",
        "write them all in brackets: [first, second]",
    ),
    (
        "span: [0, 89]",
        "span: [0, 1, 2]",
        "claims.thirst_raises_climbing.says.span holds 3; at most 2 can stand here",
        "add or remove entries",
    ),
    (
        "reading: stated",
        "reading: state",
        "claims.thirst_raises_climbing.says.reading cannot be 'state'",
        "did you mean 'stated'? legal here: implied, ours, stated",
    ),
    (
        "fissures: 2",
        "fissures: 3",
        "the format number 3 is not known; this version of fissures reads 1, 2",
        "install a newer fissures",
    ),
    (
        "fissures: 2",
        "fissures: 0",
        "the format number 0 is not known; this version of fissures reads 1, 2",
        "write fissures: 2",
    ),
    (
        "fissures: 2",
        "fissures: two",
        "the format number 'two' is not known; this version of fissures reads 1, 2",
        "write fissures: 2",
    ),
    (
        "fissures: 2",
        "fissures: true",
        "the format number true is not known; this version of fissures reads 1, 2",
        "write fissures: 2",
    ),
    (
        "    inject: {",
        "    escalatory: yes\n    inject: {",
        "levers.council_every_fortnight.escalatory must be true or false, not 'yes'",
        "write true or false, without quotes",
    ),
    (
        "  LEA: {",
        "  the League: {",
        "'the League' cannot be a name",
        "begin with a letter; then letters, digits and _ , at most 60 in all",
    ),
    (
        "sd: 0.4",
        "sd: .inf",
        "'.inf' is not a number that can be used",
        "write a finite number, or put the text in quotes",
    ),
    ("purpose: A", "purposes: A", "the key 'purposes' is not known at the top of a case", None),
    ("code: V1", "code: !!str V1", "the tag 'tag:yaml.org,2002:str' is not used in cases", None),
    ("code: V1", "code: &v V1", "'&v' sets an anchor", "remove '&v'; write the value out wherever it is needed"),
    ("code: V1", "code: *v", "'*v' repeats an anchor", "write the value out here"),
    (
        "Ardel,",
        '"Ar\\edel",',
        "'Ar?del' holds a hidden control character",
        "remove the escape that begins with a backslash",
    ),
    ("file: weekly.csv", "file: ../weekly.csv", "'../weekly.csv' is not the name of a file in the case's folder", None),
    ("file: weekly.csv", "file: /etc/passwd", "'/etc/passwd' is not the name of a file in the case's folder", None),
    ("file: weekly.csv", 'file: ""', "'' is not the name of a file in the case's folder", None),
]


@pytest.mark.parametrize(("old", "new", "message", "remedy"), WRONG, ids=[row[2][:50] for row in WRONG])
def test_a_wrong_value_is_told_in_plain_words(
    altered: Altered, old: str, new: str, message: str, remedy: str | None
) -> None:
    folder = altered((old, new))
    found = only(folder)
    assert found.message == message
    assert found.where.startswith(f"case.yaml:{line_of(folder, new.splitlines()[0])}:")
    assert found.why and found.level == "error"
    if remedy is not None:
        assert found.remedy == remedy


@pytest.mark.parametrize("jargon", ["pydantic", "http", "Input should", "type=", "dict", "tuple", "NoneType", "str "])
def test_no_finding_speaks_the_language_of_programmers(altered: Altered, jargon: str) -> None:
    for old, new, *_ in WRONG:
        assert jargon not in "\n".join(map(str, findings(altered((old, new)))))


def test_all_findings_come_at_once_and_in_order(altered: Altered) -> None:
    folder = altered(
        ("as_of: 2019-12-29", "as_of: soon"),
        ("cause: grief", "casue: grief"),
        ("file: events.csv", "file: gone.csv"),
        ("file: weekly.csv", "file: a//b.csv"),
    )
    found = findings(folder)
    assert [f.message for f in found] == [
        "as_of must be a date, and 'soon' is not one",
        "the key 'casue' is not known in claims.grief_slows_falling",
        "'a//b.csv' is not the name of a file in the case's folder",
        "the file 'gone.csv' is missing",
    ]


def test_nothing_but_missing_files_is_a_data_error(altered: Altered) -> None:
    folder = altered(("file: weekly.csv", "file: gone.csv"), ("file: events.csv", "file: also_gone.csv"))
    with pytest.raises(DataError) as caught:
        read_case(folder)
    assert caught.value.exit_code == 4
    assert [f.message for f in caught.value.findings] == [
        "the file 'gone.csv' is missing",
        "the file 'also_gone.csv' is missing",
    ]
    assert "also_gone.csv" in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_out_of_the_folder_is_not_followed(altered: Altered, tmp_path: Path) -> None:
    folder = altered()
    (tmp_path / "outside.csv").write_text("week\n")
    (folder / "weekly.csv").unlink()
    (folder / "weekly.csv").symlink_to(tmp_path / "outside.csv")
    assert only(folder).message == "'weekly.csv' is not the name of a file in the case's folder"


REFUSED = [
    (b"", "case.yaml", "the file is empty"),
    (b"# only a remark\n", "case.yaml", "the file is empty"),
    (b"- a\n", "case.yaml:1:1", "a case is a map of keys, not a list"),
    (b"hello\n", "case.yaml:1:1", "a case is a map of keys, not 'hello'"),
    (b"\x89PNG\r\n\x1a\n\0\0", None, "this is not a text file"),
    ("case: ä".encode("utf-16"), None, "this is not a text file"),
    (b"fissures: 1\ncase: Gen\xe8ve\n", "case.yaml:2:1", "a character on this line is not UTF-8 (byte 0xe8)"),
    (b"fissures: 1\ncase: a\x1b[0m\n", "case.yaml:2:8", "a hidden control character stands here"),
    (b"fissures: 1\n---\nfissures: 1\n", "case.yaml:2:1", "a second document begins here"),
    (b"a: [1, 2\nb: 3\n", "case.yaml:2:2", "a bracket is not closed, or a comma is missing"),
    (b"a: 'one\n", "case.yaml:1:4", "a quote is opened here and never closed"),
    (b"a: b: c\n", "case.yaml:1:5", "a colon stands where none can"),
    (b"a:\n\tb: c\n", "case.yaml:2:1", "a tab stands where only spaces can"),
    (b"a:\n  b: 1\n c: 2\n", "case.yaml:3:2", "this line does not line up with the lines it belongs to"),
    (b"? [a, b]\n: c\n", "case.yaml:1:3", "a key must be one word of text"),
    (b'a: "\\UFFFFFFFF"\n', "case.yaml:1:1", "the file stops being YAML here"),
    (b"a: " + b"[" * 41, "case.yaml:1:43", "more than 40 maps or lists stand inside one another here"),
    (b"a: " + b"[" * 1_000_000, "case.yaml:1:43", "more than 40 maps or lists stand inside one another here"),
]


@pytest.mark.parametrize(("raw", "where", "message"), REFUSED, ids=[row[2][:40] for row in REFUSED])
def test_what_is_no_case_at_all_is_refused(altered: Altered, raw: bytes, where: str | None, message: str) -> None:
    folder = altered(text=raw)
    found = only(folder)
    assert found.message == message
    assert found.where == (where or str(folder / "case.yaml"))
    assert found.why and found.remedy


def test_forty_deep_is_read() -> None:
    tree = read_tree("a: " + "[" * 39 + "]" * 39, "a.yaml")
    assert not tree.findings and tree.root is not None


def test_an_alias_bomb_costs_nothing(altered: Altered) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    begun = time.perf_counter()
    found = findings(altered(text="\n".join(lines)))
    assert time.perf_counter() - begun < 2
    assert found[-1].message == "reading stopped here, after 200 findings"


def test_a_huge_file_is_not_read(altered: Altered) -> None:
    folder = altered()
    with (folder / "case.yaml").open("ab") as stream:
        stream.truncate(50_000_000)
    begun = time.perf_counter()
    assert only(folder).message == f"the file is larger than {LARGEST // 1_000_000} MB"
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("name", ["", "nowhere", "case.yaml/under"])
def test_no_case_there(tmp_path: Path, name: str) -> None:
    found = only(tmp_path / name)
    assert found.message == "there is no case here"
    assert found.remedy == "a case is a folder that holds case.yaml"


def test_many_findings_are_cut_and_said_to_be(altered: Altered) -> None:
    found = findings(altered(text="".join(f"key{n}: 1\n" for n in range(5000))))
    assert "there may be more unknown keys; the first 300 are shown" in {f.message for f in found}
    assert len(found) < 320


@pytest.mark.slow
def test_ten_thousand_claims_within_reason(altered: Altered) -> None:
    claim = (
        "  c{0}:\n    code: C{0}\n    paraphrase: Water withheld brings fighting\n    cause: thirst\n"
        "    effect: raises climbing of weir, ford\n    strength: plain\n"
        "    says: {{source: letter, para: 3, reading: stated}}\n"
    )
    folder = altered(("claims:\n", "claims:\n" + "".join(claim.format(n) for n in range(10_000))))
    begun = time.perf_counter()
    case, positions = read_case(folder)
    assert time.perf_counter() - begun < 60
    assert len(case.claims) == 10_010
    assert positions.at(("claims", "c9999", "cause")).endswith(":12")


def test_faulty_claims_do_not_hide_the_rest(altered: Altered) -> None:
    reading = examine_file(altered(("code: V1", "code: 1")))
    assert reading.case is not None and "thirst_raises_climbing" not in reading.case.claims
    assert examine_file(altered(("between: [ARD, BRO]", "between: [ARD]"))).case is None


def test_the_digest_covers_the_case_and_its_files(altered: Altered, two_valleys: Path) -> None:
    case, _ = read_case(two_valleys)
    same = digest(case, two_valleys)
    assert len(same) == 64 and same == digest(case, two_valleys)

    folder = altered(("# An invented case", "# Another remark\n\n# An invented case"))
    assert digest(read_case(folder)[0], folder) == same
    with (folder / "weekly.csv").open("a") as stream:
        stream.write("\n")
    assert digest(read_case(folder)[0], folder) != same
    other = altered(("mean: 0.4, sd: 0.4", "mean: 0.4, sd: 0.5"))
    assert digest(read_case(other)[0], two_valleys) != same
    (folder / "weekly.csv").unlink()
    with pytest.raises(DataError, match=r"the file 'weekly.csv' is missing"):
        digest(case, folder)


def test_positions_without_a_file_give_the_path() -> None:
    assert Positions("case").at(("claims", "stall", "when")) == "case: claims.stall.when"
