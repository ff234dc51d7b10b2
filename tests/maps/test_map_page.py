"""The page as a file: self-contained, strict, repeatable, small."""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
import sys
from base64 import b64encode
from datetime import date
from itertools import pairwise

import pytest

import maps
from gazetteer import MapperError
from gazetteer.largest import largest_towns
from maps import MentionedPlace, PageStats, render, save
from maps.basemap import (
    country_name,
    decode_arc,
    disputed_lines,
    divisions_of,
    local_country_names,
    neighbours_of,
    unit_index,
)
from maps.entries import entries_of
from maps.layers import box_of, escape_json, main_box
from maps.page import self_contained

HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(2)}`{{ 7 * 7 }}{% raw %}al-Fu'ah\u2028\u202e&amp;"

DATA = re.compile(r'<script type="application/json" id="event_layer_\w+_data">(.*?)</script>', re.DOTALL)


def data_of(page: str) -> dict:
    (block,) = DATA.findall(page)
    return json.loads(block)


def test_the_public_names_are_there() -> None:
    assert all(hasattr(maps, name) for name in maps.__all__)


def test_the_same_events_give_the_same_bytes(events, toponyms) -> None:
    assert render(events, toponyms=toponyms) == render(list(reversed(events)), toponyms=toponyms)


def test_the_same_events_give_the_same_bytes_in_another_process(tmp_path) -> None:
    program = "import sys, maps; maps.save([], sys.argv[1])"
    pages = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.html"
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", program, str(path)], check=True, env=environment)
        pages.append(path.read_bytes())
    assert pages[0] == pages[1]


def test_a_page_of_fifty_events_is_small(make_event) -> None:
    quote = "On Wednesday at least 14 people were killed when " + "the market of the town was hit once more, " * 6
    events = [make_event(n, "al-Bab", quote=quote, reports=2, claims=True) for n in range(50)]
    assert len(render(events).encode()) < 1_500_000


def test_the_page_loads_nothing(events) -> None:
    page = DATA.sub("", render(events))
    assert not re.search(
        r"<(?:script|link|img|iframe|object|embed|source|video|audio)\b[^>]*\b(?:src|href|data)\s*=", page
    )
    assert not re.search(r"@import|url\((?!data:|#)", "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL)))
    assert "sourceMappingURL" not in page


def test_the_policy_forbids_requests_and_names_every_script(events) -> None:
    page = render(events)
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    for code in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
        assert b64encode(hashlib.sha256(code.encode()).digest()).decode() in policy
    assert page.index("Content-Security-Policy") < page.index("<script")


def test_an_unknown_link_is_an_error() -> None:
    with pytest.raises(MapperError, match=r"cdn\.example\.org/new\.js"):
        self_contained('<html><head><script src="https://cdn.example.org/new.js"></script></head></html>')
    with pytest.raises(MapperError, match="unknown"):
        self_contained('<html><head><link rel="icon" href="https://cdn.example.org/icon.png"></head></html>')


def test_hostile_text_cannot_leave_its_data_block(make_event) -> None:
    event = make_event(
        1, "al-Fu'ah", summary=HOSTILE, quote=HOSTILE, actors=(HOSTILE,), title=HOSTILE, publisher=HOSTILE
    )
    page = render([event], title=HOSTILE, provenance=HOSTILE, toponyms=[MentionedPlace(HOSTILE, 37, 36, HOSTILE, 1)])
    assert "<img" not in page
    data = data_of(page)
    assert data["title"] == data["provenance"] == data["events"]["summary"][0] == data["places"]["name"][0] == HOSTILE
    assert data["details"]["plain"][0]["actors"] == [HOSTILE]
    assert f"<title>{html.escape(HOSTILE)}</title>" in page


def test_braces_in_an_article_are_no_template(make_event) -> None:
    page = render([make_event(1, "Aleppo", summary="{{ 7 * 7 }}{% if %}")], title="{{ cycler }}")
    assert data_of(page)["events"]["summary"] == ["{{ 7 * 7 }}{% if %}"]
    assert data_of(page)["title"] == "{{ cycler }}"


@pytest.mark.parametrize("text", ["</script>", "<!--", "\u2028", "\u2029", "&lt;", "\ud800", "\\u003c", "é\U0001f642"])
def test_escaped_json_holds_the_same_text(text: str) -> None:
    escaped = escape_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(escaped) == [text]
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", escaped)


def test_a_lone_surrogate_does_not_stop_the_page(make_event, tmp_path) -> None:
    save([make_event(1, "Aleppo", summary="broken \ud800 letter")], tmp_path / "map.html")
    assert data_of((tmp_path / "map.html").read_text(encoding="utf-8"))["events"]["summary"] == ["broken \ud800 letter"]


def test_only_http_links_reach_the_page(make_event) -> None:
    page = render([make_event(1, "Aleppo", url="javascript:alert(1)")])
    (report,) = data_of(page)["details"]["plain"][0]["reports"]
    assert "url" not in report
    assert report["url_text"] == "javascript:alert(1)"


def test_folium_is_left_as_it_was(events) -> None:
    import folium

    before = (list(folium.Map.default_js), list(folium.Map.default_css))
    render(events)
    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert re.search("map_[0-9a-f]{32}", folium.Map(tiles=None).get_root().render())


def test_saving_leaves_one_file_and_names_a_folder_that_is_not_there(events, tmp_path) -> None:
    save(events, tmp_path / "map.html")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    with pytest.raises(MapperError, match="missing"):
        save(events, tmp_path / "missing" / "map.html")


def test_many_events_are_packed_and_few_stay_readable(make_event, monkeypatch) -> None:
    from maps import layers

    monkeypatch.setattr(layers, "PLAIN_EVENTS", 3)
    packed = data_of(render([make_event(n, "Aleppo") for n in range(4)]))
    assert (packed["packed"], packed["count"], "events" in packed, "details" in packed) == (
        {"chunk": 1000},
        4,
        False,
        False,
    )
    plain = data_of(render([make_event(n, "Aleppo") for n in range(3)]))
    assert (list(plain["details"]), len(plain["events"]["id"]), "packed" in plain) == (["plain"], 3, False)


def test_counts_come_from_the_reports_unless_given(make_event) -> None:
    events = [make_event(1, "Aleppo", reports=2), make_event(2, "Aleppo")]
    counted = data_of(render(events))["stats"]
    assert (counted["articles"], counted["publishers"], counted["until"]) == (3, 2, "2017-01-19")
    given = data_of(render(events, stats=PageStats(articles=9, skipped=1, data_until=date(2020, 1, 1))))["stats"]
    assert (given["articles"], given["skipped"], given["until"]) == (9, 1, "2020-01-01")


def test_importing_maps_imports_neither_pandas_nor_folium() -> None:
    program = "import sys, maps; sys.exit(not {'pandas', 'geopandas', 'folium'}.isdisjoint(sys.modules))"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", program], check=False, env=environment).returncode == 0


# --- the view and the outlines ----------------------------------------------------------------------------------------


def test_one_event_in_moscow_does_not_pull_the_view_from_syria(events) -> None:
    (south, west), (north, east) = main_box(entries_of(events))
    assert 30 < south < north < 40
    assert 34 < west < east < 44
    assert box_of(entries_of(events))[1][0] > 55


def test_two_regions_of_equal_weight_are_both_in_view(make_event) -> None:
    box = main_box(
        entries_of([make_event(1, "Moscow"), make_event(2, "Moscow"), make_event(3, "Aleppo"), make_event(4, "Aleppo")])
    )
    assert box[0][0] < 36.3 or box[1][0] > 55.7


def test_no_event_has_no_box() -> None:
    assert main_box([]) is None
    assert box_of([]) is None


@pytest.mark.parametrize(
    ("name", "lon", "lat", "expected"),
    [
        ("Hama", 37.0, 35.15, "Hamah"),
        ("Al-Hasakah Governorate", 40.7, 36.5, "Hasaka"),
        ("Dayr az-Zawr", 40.1, 35.3, "Dayr Az Zawr"),
        ("Rif Dimashq", 36.29, 33.51, "Rif Dimashq"),  # its point lies in the city of Damascus
        (None, 36.66, 35.75, "Idlib"),
    ],
)
def test_a_governorate_is_found_by_name_or_by_point(name, lon, lat, expected) -> None:
    index = unit_index("SY", name=name, lon=lon, lat=lat)
    assert outlines("SY")["units"][index]["name"] == expected


def test_a_point_outside_every_unit_finds_none() -> None:
    assert unit_index("SY", name="Nowhere", lon=0, lat=0) is None
    assert unit_index("../SY", name="Hama", lon=37, lat=35) is None
    assert unit_index(None, name="Hama", lon=37, lat=35) is None


def outlines(code: str) -> dict:
    from maps.basemap import asset_text

    return json.loads(asset_text(f"admin1/{code}.json"))


def test_outlines_hold_governorates_and_no_odd_units() -> None:
    names = {unit["name"] for unit in outlines("SY")["units"]}
    assert {"Idlib", "Aleppo", "Hamah", "Damascus", "Quneitra"} <= names
    assert "UNDOF" not in names
    assert len(names - {None}) == 14


def test_outlines_decode_to_places_on_earth() -> None:
    found = outlines("SY")
    points = [point for text in found["arcs"] for point in decode_arc(text, found["scale"])]
    assert min(lon for lon, _ in points) > 35.6
    assert max(lon for lon, _ in points) < 42.4
    assert min(lat for _, lat in points) > 32.2
    assert max(lat for _, lat in points) < 37.4


def test_the_country_with_most_events_always_gets_its_outlines() -> None:
    assert divisions_of({"RU": 5, "SY": 1, "XX": 9}) == ["RU", "SY"]
    assert divisions_of({}) == []


def test_outlines_beyond_the_budget_are_left_out(monkeypatch) -> None:
    from maps import basemap

    monkeypatch.setattr(basemap, "DIVISIONS_BUDGET", 20_000)
    assert divisions_of({"RU": 5, "SY": 1}) == ["RU"]
    assert divisions_of({"SY": 5, "RU": 1, "IQ": 1}) == ["IQ", "SY"]


def test_neighbours_come_only_in_a_close_view() -> None:
    assert {"TR", "LB", "IQ", "JO"} <= set(neighbours_of(["SY"], [[32, 36], [37, 42]]))
    assert neighbours_of(["SY"], [[-50, -100], [60, 100]]) == []
    assert neighbours_of(["SY"], None) == []


def test_an_area_event_gets_the_outline_of_its_governorate(events) -> None:
    columns = data_of(render(events))["events"]
    units = {
        place: outlines("SY")["units"][unit]["name"]
        for place, unit in zip(columns["place"], columns["unit"], strict=True)
        if unit is not None
    }
    assert units == {"Hama": "Hamah", "Idlib": "Idlib"}


# --- names and disputed lines -----------------------------------------------------------------------------------------


def test_every_disputed_line_has_a_source_and_lies_on_earth() -> None:
    lines = disputed_lines()
    assert {"korea-dmz", "golan-ceasefire", "kashmir-line-of-control", "crimea", "cyprus-green-line"} <= {
        one.id for one in lines
    }
    assert len({one.id for one in lines}) == len(lines)
    for one in lines:
        assert one.name
        assert one.source
        for piece in one.points:
            assert len(piece) >= 4
            points = list(zip(piece[::2], piece[1::2], strict=True))
            assert all(-20 < lon < 130 and 5 < lat < 50 for lon, lat in points)
            steps = pairwise(points)
            assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) < 6 for a, b in steps), one.id


def test_countries_have_local_names_in_scripts_other_than_latin() -> None:
    names = local_country_names()
    assert (names["SY"], names["UA"]) == ("سوريا", "Україна")
    assert all(country_name(code) for code in names)
    assert not any(re.match("[A-Za-z]", name) for name in names.values())


def test_the_base_map_names_a_city_and_not_its_quarter() -> None:
    names = {town.name for town in largest_towns({"IQ": 20}, elsewhere=0, least=0)}
    assert {"Mosul", "Basrah"} <= names
    assert not {"Al Mawşil al Jadīdah", "Al Başrah al Qadīmah"} & names


def test_the_base_map_names_towns_of_the_countries_with_events_first(events) -> None:
    (block,) = re.findall(r'id="base_map_\d+_data">(.*?)</script>', render(events), re.DOTALL)
    data = json.loads(block)
    towns = {name: (native, lon, lat) for name, native, lon, lat, _ in data["towns"]}
    assert towns["Aleppo"][0] == "حلب"
    assert 36 < towns["Aleppo"][1] < 38
    assert {"Tokyo", "Paris", "Moscow"} <= set(towns)
    assert [row[4] for row in data["towns"]] == sorted((row[4] for row in data["towns"]), reverse=True)
    assert len(json.dumps(data["towns"], ensure_ascii=False).encode()) < 60_000
    assert len(data["disputed"]) == len(disputed_lines())


def test_a_page_can_do_without_a_gazetteer(events, monkeypatch, tmp_path) -> None:
    from gazetteer import largest
    from maps import basemap

    monkeypatch.setattr(largest, "PACKAGED", tmp_path / "missing.sqlite")
    basemap._towns.cache_clear()
    assert '"towns":[]' in render(events)
    basemap._towns.cache_clear()
