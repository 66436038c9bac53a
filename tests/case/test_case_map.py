"""The map of a case: what its file may hold, in which words it is refused, and on which days its lines stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fissures.api import check, load
from fissures.case.check import examine
from fissures.case.files import digest, file_names
from fissures.case.geography import LARGEST_MAP, Feature, examine_map, read_map
from fissures.case.read import read_case
from fissures.case.schema import schema
from fissures.errors import DataError, Finding

Altered = Callable[..., Path]

SQUARE = [[[0, 50], [2, 50], [2, 52], [0, 52], [0, 50]]]
LINE = [[0, 51], [2, 51]]
KEY = ("reporters:", "map: {file: map.geojson, source: ledger, says: drawn by hand}\n\nreporters:")


def feature(role: str | None = "land", form: str = "Polygon", at: Any = None, **told: Any) -> dict[str, Any]:
    """One GeoJSON feature."""
    properties = {**({} if role is None else {"role": role}), "name": "The valley", **told}
    shape = {"type": form, "coordinates": SQUARE if at is None else at}
    return {"type": "Feature", "properties": properties, "geometry": shape}


HELD = feature("held", "LineString", LINE, name="The fence", **{"from": "2018-01-01"})
GOOD = [feature(), feature("recognised", "LineString", LINE), HELD, feature("water", "Point", [1, 51], name="Lake")]


def written(folder: Path, *features: Any) -> Path:
    """The map's file with so many features."""
    told = json.dumps({"type": "FeatureCollection", "features": list(features)})
    (folder / "map.geojson").write_text(told, encoding="utf-8")
    return folder


def found(folder: Path, level: str = "error") -> list[Finding]:
    reading = examine(folder)
    return [f for f in (*reading.findings, *reading.missing) if f.level == level]


def test_a_good_map_draws_no_remark(altered: Altered) -> None:
    folder = written(altered(KEY), *GOOD)
    reading = examine(folder)
    assert reading.findings == () and reading.case is not None
    kinds = [one.kind for one in read_map(reading.case, folder)]
    assert kinds == ["land", "recognised", "held", "water"]


FAULTS = [
    (feature(None), "feature 1 of 'map.geojson' has no role", "held, land, recognised, water"),
    (feature("recognized", "LineString", LINE), "has the role 'recognized'", "did you mean 'recognised'?"),
    (feature("held", "Polygon", **{"from": "2018-01-01"}), "is held and has the shape 'Polygon'", "LineString"),
    (feature("land", "LineString", LINE), "is land and has the shape 'LineString'", "Polygon, MultiPolygon, Point"),
    (feature("held", "LineString", LINE), "is held and has no from", "1994-05-12"),
    (feature("held", "LineString", LINE, **{"from": "May 2018"}), "has the from 'May 2018', which is not a date", None),
    (feature("held", "LineString", LINE, **{"from": 2018}), "has the from 2018, which is not a date", None),
    (
        feature("held", "LineString", LINE, **{"from": "2018-05-01", "to": "2018-04-01"}),
        "ends on 2018-04-01, before it begins on 2018-05-01",
        "swap them",
    ),
    (feature(at=[[[0, 50], [2, 500], [2, 52], [0, 50]]]), "has the place '[2, 500]', which is not on Earth", "WGS 84"),
    (feature(at=[[[0, 50], [2, 52]]]), "has coordinates that cannot be read", None),
    (feature(at=[[[0, 50], ["x", 50], [2, 52], [0, 50]]]), "has coordinates that cannot be read", None),
    (feature(at=[[[0, 50], [True, 50], [2, 52], [0, 50]]]), "has coordinates that cannot be read", None),
    (feature(at=[]), "has coordinates that cannot be read", None),
    (feature("land", "Point", [1, 51], name=" "), "has no name that is text", None),
    (feature(name=["x"]), "has no name that is text", None),
    ({"type": "Feature", "properties": None, "geometry": None}, "has no geometry, or no properties", None),
    ("a line", "has no geometry, or no properties", None),
]


@pytest.mark.parametrize(("item", "said", "remedy"), FAULTS)
def test_a_feature_that_cannot_be_drawn_is_told_with_its_number(
    altered: Altered, item: Any, said: str, remedy: str | None
) -> None:
    (fault,) = found(written(altered(KEY), item))
    assert said in fault.message and "feature 1 of 'map.geojson'" in fault.message
    assert fault.where.startswith("case.yaml:") and fault.why and fault.remedy
    assert remedy is None or remedy in fault.remedy


def test_every_bad_feature_is_told_at_once(altered: Altered) -> None:
    faults = found(written(altered(KEY), feature(None), feature(), feature("held", "LineString", LINE)))
    assert [f.message.split(" of ")[0] for f in faults] == ["feature 1", "feature 3"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"type": "Feature"}', '{"type": "FeatureCollection", "features": 3}', "[" * 99_999, "\xff"]
)
def test_what_is_no_geojson_is_said_to_be_none(altered: Altered, text: str) -> None:
    folder = altered(KEY)
    (folder / "map.geojson").write_text(text, encoding="latin-1")
    (fault,) = found(folder)
    assert fault.message == "'map.geojson' is not GeoJSON"


def test_a_file_that_would_swell_every_brief_is_refused(altered: Altered) -> None:
    folder = altered(KEY)
    (folder / "map.geojson").write_text(" " * (LARGEST_MAP + 1), encoding="utf-8")
    (fault,) = found(folder)
    assert fault.message == "'map.geojson' is larger than 250 kB" and "600 kB" in fault.why


def test_a_missing_file_says_what_would_be_missing(altered: Altered) -> None:
    folder = altered(KEY)
    (fault,) = found(folder)
    assert fault.message == "the file 'map.geojson' is missing" and fault.why == "the brief would have no map"
    with pytest.raises(DataError, match="the file 'map"):
        load(folder)


def test_a_map_outside_the_folder_is_refused(altered: Altered) -> None:
    folder = altered((KEY[0], KEY[1].replace("map.geojson", "../map.geojson")))
    assert "is not the name of a file in the case's folder" in found(folder)[0].message


def test_its_source_must_be_known_and_state_a_licence(altered: Altered) -> None:
    folder = written(altered((KEY[0], KEY[1].replace("ledger", "legder"))), *GOOD)
    (fault,) = found(folder)
    assert fault.message == "no source 'legder'" and "did you mean 'ledger'" in fault.remedy
    folder = written(folder, *GOOD)
    text = (folder / "case.yaml").read_text(encoding="utf-8").replace("legder", "ledger")
    (folder / "case.yaml").write_text(text.replace(", licence: CC0-1.0", ""), encoding="utf-8")
    (fault,) = found(folder)
    assert fault.message == "the source 'ledger' of the map states no licence"
    assert fault.remedy == "write licence: under sources, ledger"


@pytest.mark.parametrize(
    ("since", "until", "stands"),
    [
        ("2018-01-01", None, True),
        ("2019-12-29", None, True),
        ("2019-12-30", None, False),
        ("2018-01-01", "2019-12-29", True),
        ("2018-01-01", "2019-12-28", False),
    ],
)
def test_a_held_line_is_drawn_on_its_days_alone(altered: Altered, since: str, until: str | None, stands: bool) -> None:
    line = feature("held", "LineString", LINE, name="The fence", **{"from": since, "to": until})
    folder = written(altered(KEY), feature(), line)
    case, _ = read_case(folder)
    assert [one.kind for one in read_map(case, folder)] == ["land", *(["held"] if stands else [])]
    notes = found(folder, "note")
    assert bool(notes) != stands
    if notes:
        assert notes[0].message == (
            "1 of 1 held lines of 'map.geojson' do not stand on 2019-12-29 and are left out: 'The fence'"
        )


def test_the_map_travels_and_counts_in_the_digest(altered: Altered) -> None:
    bare, _ = read_case(altered())
    before = digest(bare, altered())
    folder = written(altered(KEY), *GOOD)
    case, _ = read_case(folder)
    assert "map.geojson" in file_names(case) and "map.geojson" not in file_names(bare)
    with_map = digest(case, folder)
    moved = digest(case, written(folder, *GOOD[:2]))
    assert len({before, with_map, moved}) == 3


def test_a_case_without_a_map_keeps_the_digest_it_had(two_valleys: Path) -> None:
    """Saved runs of it still open: the digest is that of the record as it was before there were maps."""
    case, _ = read_case(two_valleys)
    older = {key: value for key, value in case.model_dump(mode="json", by_alias=True).items() if key != "map"}
    told = json.dumps(older, ensure_ascii=True, separators=(",", ":"))
    sha = hashlib.sha256(f"fissures case 2\n{len(told)}\n{told}\n".encode())
    for name in file_names(case):
        sha.update(f"{name}\n{hashlib.sha256((two_valleys / name).read_bytes()).hexdigest()}\n".encode())
    assert case.map is None and read_map(case, two_valleys) == ()
    assert digest(case, two_valleys) == sha.hexdigest()


def test_an_editor_is_offered_the_key() -> None:
    assert set(schema()["definitions"]["MapFile"]["properties"]) == {"file", "source", "says"}
    assert "map" in schema()["properties"]


def test_check_says_it_to_a_user(altered: Altered) -> None:
    report = check(written(altered(KEY), feature("recognized", "LineString", LINE)))
    assert not report.valid and "recognized" in str(report.findings[0])


PLACES = st.lists(st.one_of(st.floats(), st.integers(-400, 400), st.none(), st.text(max_size=3)), max_size=4)
SHAPES = st.recursive(PLACES, lambda inner: st.lists(inner, max_size=4), max_leaves=12)
FORMS = st.sampled_from(["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "Sphere"])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["land", "water", "recognised", "held", ""]), FORMS, SHAPES, st.text(max_size=12))
def test_no_geometry_brings_it_down(
    tmp_path_factory: pytest.TempPathFactory, role: str, form: str, at: Any, name: str
) -> None:
    file = written(tmp_path_factory.getbasetemp(), feature(role, form, at or None, name=name, **{"from": "2018-01-01"}))
    features, faults = examine_map(file / "map.geojson")
    assert len(features) + len(faults) == 1
    for one in features:
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for line in one.lines for lon, lat in line)


def test_what_is_not_held_always_stands() -> None:
    assert Feature("land", "x", ()).valid_on(date(1900, 1, 1))
