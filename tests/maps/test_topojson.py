"""The reader and packer of outlines that the build uses, and what the page reads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.basemap import decode_arc

topojson = pytest.importorskip("buildtools.topojson", reason="only in a source tree")

#: Two unit squares that share the edge x = 1; the right one has a hole and comes with a null geometry.
TOPOLOGY = {
    "objects": {
        "o": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": 1, "properties": {"name": "left"}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "R", "properties": {"name": "right"}, "arcs": [[[2, ~0], [3]]]},
                {"type": None, "properties": {"name": "nothing"}},
            ],
        }
    },
    "arcs": [
        [[100, 0], [0, 100]],
        [[100, 100], [-100, 0], [0, -100], [100, 0]],
        [[100, 0], [100, 0], [0, 100], [-100, 0]],
        [[140, 40], [20, 0], [0, 20], [-20, 0], [0, -20]],
    ],
    "transform": {"scale": [0.01, 0.01], "translate": [10, 20]},
}


def test_polygons_come_with_their_names_ids_and_holes() -> None:
    (left, key, square), (right, _, holed) = topojson.topology_polygons(TOPOLOGY)
    assert (left["name"], key, right["name"]) == ("left", "1", "right")
    assert square.bounds == (10, 20, 11, 21)
    assert holed.area == pytest.approx(1 - 0.04)


def test_neighbours_share_their_border_exactly() -> None:
    (_, _, left), (_, _, right) = topojson.topology_polygons(TOPOLOGY)
    assert left.intersection(right).length == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(-180_000, 180_000), st.integers(-90_000, 90_000)), min_size=1, max_size=30))
def test_an_arc_comes_back_as_it_went(points: list[tuple[int, int]]) -> None:
    arc = [(lon / 1000, lat / 1000) for lon, lat in points]
    kept = [point for i, point in enumerate(arc) if i == 0 or point != arc[i - 1]]
    assert decode_arc(topojson.encode_arc(arc), topojson.ARC_SCALE) == kept


def test_an_arc_as_text_needs_no_escape_in_a_page() -> None:
    assert not set(topojson.encode_arc([(180.0, 90.0), (-180.0, -90.0), (0.015, -0.016)])) & set('<>&"')


def test_simplifying_keeps_the_ends_of_an_arc() -> None:
    (first, *_), _, _, (start, *_) = topojson.simplified_arcs(TOPOLOGY, 0.5)
    assert first == (11.0, 20.0)
    assert start == pytest.approx((11.4, 20.4))


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path, monkeypatch) -> None:
    pytest.importorskip("pycountry", reason="a build requirement")
    pytest.importorskip("babel", reason="a build requirement")
    from buildtools import npm, npm_assets

    def other_package(package, folder):
        (folder / "other.tgz").write_bytes(b"not what was pinned")
        return folder / "other.tgz"

    monkeypatch.setattr(npm, "_npm_pack", other_package)
    with pytest.raises(npm.AssetError, match="pinned"):
        npm_assets.build(tmp_path)
    assert not (tmp_path / "maps").exists()
