"""What readers take away: files, a picture, a print, a link, a citation."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import pytest

from geo.table import TABLE_COLUMNS, events_to_csv, events_to_gdf, events_to_geojson
from maps.basemap import country_name

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser

COUNTRIES = {code: country_name(code) for code in ("SY", "RU", "IQ")}


def taken(page, what: str) -> tuple[str, bytes]:
    """Name and content of what a button of the menu gives."""
    page.locator(".cm-menu summary").click()
    with page.expect_download() as download:
        page.locator(f'[data-do="{what}"]').click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def by_id(features: list[dict]) -> dict[str, dict]:
    return {feature["id"]: feature for feature in features}


def comparable(feature: dict) -> dict:
    """A feature without what the page rounds: the score has two decimals there."""
    properties = dict(feature["properties"])
    properties["confidence_score"] = round(properties["confidence_score"], 2)
    return {**feature, "properties": properties}


def test_the_geojson_of_the_page_is_the_geojson_of_the_program(open_map, events) -> None:
    page = open_map(events, provenance="conflictmap test", title="War & peace / حرب")
    name, content = taken(page, "geojson")
    ours = json.loads(content)
    theirs = json.loads(events_to_geojson(events, provenance="conflictmap test", country_names=COUNTRIES))
    assert name == "War-peace-حرب.geojson"
    assert ours["bbox"] == theirs["bbox"]
    assert [list(feature["properties"]) for feature in ours["features"]] == [
        list(f["properties"]) for f in theirs["features"]
    ]
    expected = {key: comparable(feature) for key, feature in by_id(theirs["features"]).items()}
    assert {key: comparable(feature) for key, feature in by_id(ours["features"]).items()} == expected


def test_a_page_made_of_a_flat_table_gives_the_table_back(open_map, events) -> None:
    options = {"provenance": "conflictmap test", "country_names": COUNTRIES}
    page = open_map(events_to_gdf(events, **options))
    _, content = taken(page, "geojson")
    ours = by_id(json.loads(content)["features"])
    theirs = by_id(json.loads(events_to_geojson(events, **options))["features"])
    assert {key: comparable(feature) for key, feature in ours.items()} == {
        key: comparable(f) for key, f in theirs.items()
    }


def test_the_csv_of_the_page_is_the_csv_of_the_program(open_map, events) -> None:
    page = open_map(events, provenance="conflictmap test")
    _, content = taken(page, "csv")
    assert content.startswith("\ufeff".encode())
    ours = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    theirs = list(
        csv.DictReader(events_to_csv(events, provenance="conflictmap test", country_names=COUNTRIES).splitlines())
    )
    assert list(ours[0]) == [column.name for column in TABLE_COLUMNS]
    numbers = {column.name for column in TABLE_COLUMNS if column.type in ("number", "integer")}
    same = lambda row: {name: float(value) if name in numbers and value else value for name, value in row.items()}  # noqa: E731
    assert sorted(map(str, map(same, ours))) == sorted(map(str, map(same, theirs)))


def test_reprints_count_once_in_downloads(open_map, make_event) -> None:
    agency = make_event(1, "Aleppo", reports=3)  # three papers print the same sentence
    own = make_event(2, "Daraa", reports=2)
    quote = "Residents told of two blasts in the old market shortly before noon, and of a third one at dusk."
    evidence = replace(own.reports[1].evidence, quote=quote, end=own.reports[1].evidence.start + len(quote), spans=())
    own = replace(own, reports=(own.reports[0], replace(own.reports[1], evidence=evidence)))
    page = open_map([agency, own])
    _, content = taken(page, "csv")
    rows = {row["event_id"]: row for row in csv.DictReader(content.decode("utf-8-sig").splitlines())}
    assert {name: (row["n_reports"], row["n_publishers"]) for name, row in rows.items()} == {
        "r0001a": ("3", "1"),
        "r0002a": ("2", "2"),
    }


def test_a_download_holds_what_the_filter_shows_and_no_more(open_map, events) -> None:
    page = open_map(events, fragment="q=palmyra")
    expect(page.locator(".cm-count-line")).to_have_text(re.compile("^2 "))
    _, content = taken(page, "geojson")
    assert set(by_id(json.loads(content)["features"])) == {"r0004a", "r0015a"}


def test_packed_events_are_unpacked_for_a_download(open_map, make_event, monkeypatch) -> None:
    from maps import layers

    monkeypatch.setattr(layers, "PLAIN_EVENTS", 5)
    page = open_map([make_event(n, "Aleppo") for n in range(20)])
    _, content = taken(page, "geojson")
    features = json.loads(content)["features"]
    assert [feature["properties"]["article_ids"] for feature in features][:2] == ["article-0", "article-1"]
    assert all(feature["properties"]["quote"] for feature in features)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "＝"])
def test_no_cell_of_the_csv_is_a_formula(open_map, make_event, start) -> None:
    text = f'{start}HYPERLINK("x";"y")'
    event = make_event(1, "Aleppo", summary=text, actors=(text,), quote=text)
    page = open_map([replace(event, targets=(text,))], provenance=text)
    _, content = taken(page, "csv")
    (row,) = csv.DictReader(content.decode("utf-8-sig").splitlines())
    assert [value for value in row.values() if value and re.match("[=+@\t\n＝]|-H", value)] == []


def test_the_picture_is_a_png_with_more_than_the_map(open_map, events, keep_picture) -> None:
    page = open_map(events, fragment="shade=events")
    name, content = taken(page, "png")
    assert name.endswith(".png")
    assert content.startswith(b"\x89PNG\r\n")
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    box = page.locator(".folium-map").bounding_box()
    assert width == 2 * (box["width"] + 48)
    assert height > 2 * (box["height"] + 150)
    assert len(content) > 100_000


def test_hostile_text_makes_no_trouble_in_the_picture(open_map, make_event) -> None:
    hostile = "</svg><script>alert(1)</script>" + "x" * 3000
    page = open_map([make_event(1, "Aleppo", summary=hostile)], title=hostile)
    _, content = taken(page, "png")
    assert content.startswith(b"\x89PNG")


@pytest.mark.parametrize(("paper", "size"), [("A4", (842, 595)), ("A3", (1191, 842))])
def test_the_print_has_title_dates_filters_legend_sources_and_caveat_on_one_page(open_map, events, paper, size) -> None:
    page = open_map(events, title="A title", provenance="conflictmap test", fragment="from=2017-01-15&theme=dark")
    page.evaluate("() => { globalThis.print = () => {}; }")
    page.locator(".cm-menu summary").click()
    page.locator(f'[data-do="print-{paper}"]').click()
    pdf = page.pdf(prefer_css_page_size=True)
    (box,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert (round(float(box[0])), round(float(box[1]))) == size
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    assert page.locator("html").get_attribute("data-theme") == "dark"  # as it was before


def test_what_is_printed_is_light_and_says_what_it_shows(open_map, events, keep_picture) -> None:
    page = open_map(events, title="A title", provenance="conflictmap test", fragment="from=2017-01-15&theme=dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    keep_picture(page, "print")
    assert page.locator("html").get_attribute("data-theme") == "light"
    text = page.locator("#cm-print").inner_text()
    parts = [
        "A title",
        "12 Jan 2017 – 9 Feb 2017",
        "from 15 Jan 2017",
        "of 18 events",
        "Battles",
        "Somewhere in the shaded area",
    ]
    parts += ["not checked", "GeoNames", "conflictmap test"]
    assert [part for part in parts if part not in text] == []
    legend, plan = page.locator(".cm-print-legend").bounding_box(), page.locator(".folium-map").bounding_box()
    assert legend["x"] >= plan["x"] + plan["width"]
    assert page.locator(".cm-print-head").bounding_box()["height"] <= plan["y"]
    assert page.locator("#cm-panel").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#cm-panel").is_visible()
    assert page.locator("#cm-print").is_hidden()


# --- the link ---------------------------------------------------------------------------------------------------------


def test_a_link_brings_back_filters_layers_view_and_event(open_map, events, toponyms) -> None:
    page = open_map(events, toponyms=toponyms, fragment="table=1")
    page.locator('[data-tab="filters"]').click()
    page.locator('[data-filter="sub-Air/drone strike"]').uncheck()
    page.locator('[data-filter="confidence-low"]').uncheck()
    page.locator('[data-filter="actor-Russian air force"]').check()
    page.locator("#cm-from").fill("2017-01-15")
    page.locator('[data-layer="undated"]').uncheck()
    page.locator('[data-layer="background"]').uncheck()
    page.locator('[data-layer="places"]').check()
    page.locator("#cm-shade").select_option("events")
    page.locator(".leaflet-control-zoom-in").click()
    page.locator('[data-do="theme"]').click()
    page.locator('[data-row="r0007a"]').click()
    page.locator('[data-do="language"]').select_option("tr")
    expect(page).to_have_url(re.compile("event=r0007a.*lang=tr"))
    address = page.url
    state = (
        "() => { const { filter, options, selected, map } = Object.values(window).find((value) => value?.conflictmapPage).conflictmapPage;"
        " const { lat, lng } = map.getCenter();"
        " return JSON.stringify([filter.state, [...filter.shown], options, selected, lat.toFixed(2), lng.toFixed(2), map.getZoom(),"
        " document.documentElement.lang, document.documentElement.dataset.theme, document.querySelector('#cm-table').hidden],"
        " (key, value) => value instanceof Set ? [...value] : value); }"
    )
    before = page.evaluate(state)
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_selector(".cm-facts")
    assert page.evaluate(state) == before
    assert "r0007a" in page.locator("#cm-panel").inner_text()


def test_the_button_copies_the_link(open_map, events) -> None:
    page = open_map(events, context={"permissions": ["clipboard-read", "clipboard-write"]})
    page.locator('[data-layer="background"]').uncheck()
    page.locator('[data-do="link"]').click()
    expect(page.locator('[data-do="link"]')).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith("#background=0")


@pytest.mark.parametrize(
    "fragment",
    [
        "from=yesterday&to=2017-99-99",
        "event=nothing&map=NaN,1,2",
        "map=1e9,0,4",
        "without=x&actor=<img>&lang=xx&shade=y&q=%FF",
        "&&&=&%",
    ],
)
def test_a_broken_link_opens_the_page_all_the_same(open_map, events, fragment) -> None:
    page = open_map(events, fragment=fragment)
    assert page.locator(".cm-list .cm-item").count() >= (0 if "q=" in fragment else 16)


def test_a_changed_address_changes_the_page(open_map, events) -> None:
    page = open_map(events)
    page.evaluate("() => { location.hash = 'q=palmyra'; }")
    expect(page.locator(".cm-count-line")).to_have_text(re.compile("^2 "))


# --- citing -----------------------------------------------------------------------------------------------------------


def test_a_citation_names_event_sources_and_map(open_map, events) -> None:
    context = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = open_map(events, title="A title", provenance="conflictmap test", context=context, fragment="event=r0010a")
    page.locator("[data-cite]").click()
    expect(page.locator("[data-cite]")).to_have_text("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    parts = [
        "Agreement reported at Moscow.",
        "12 Jan 2017",
        "Moscow, ",
        "Example Dispatch, “A dispatch”, 12 Jan 2017",
        "Example Dispatch 1",
        "r0010a",
        "A title, conflictmap test.",
    ]
    assert [part for part in parts if part not in text] == []


def test_claims_and_reports_stand_side_by_side(open_map, events) -> None:
    page = open_map(events, fragment="event=r0001a")
    page.wait_for_selector(".cm-claims")
    cells = page.locator(".cm-claims tbody tr").all_inner_texts()
    assert len(cells) == 3
    assert "local doctors" in cells[0]
    assert "the ministry" in cells[1]
    assert page.locator(".cm-report").count() == 3
    assert page.locator(".cm-report a").count() == 3
