"""Events of others beside the user's own: a layer of their own that is drawn, listed and switched, and never counted."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from maps import Beside

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser

#: What the browser's page object says.
PAGE = "Object.values(window).find((value) => value?.conflictmapPage).conflictmapPage"


def row(event_id: str, lon: float, lat: float, **more: Any) -> dict[str, Any]:
    given = {"event_id": event_id, "longitude": lon, "latitude": lat, "date_start": "2017-01-18", "country": "SY"}
    return given | {"event_type": "Battles", "summary": f"Row {event_id}", "provenance": "read by a test"} | more


ROWS = (
    row("acled:1", 37.1, 35.0),
    row("acled:2", 36.75, 35.65, location_level="adm1", radius_km=60.0, admin1="Idlib"),
    row("acled:3", 38.0, 35.0, location_level="country"),
    row("acled:4", 39.5, 34.9, date_start="2016-01-01", event_type=None, summary=None),
    row("r0001a", 39.0, 36.5),
)
LAYER = Beside("Their rows", ROWS, attribution="Made by <i>others</i>; cite them", warning="do not publish these")


@pytest.fixture
def page(open_map, events) -> Any:
    return open_map(events, beside=[LAYER], title="Side by side")


def test_rows_of_others_are_drawn_in_frames_and_areas_as_areas(page, keep_picture) -> None:
    keep_picture(page, "beside")
    frame = page.locator('.leaflet-marker-icon[data-key="acled:1"] rect')
    assert frame.get_attribute("stroke-dasharray") is None
    area = page.locator('.leaflet-marker-icon[data-key="acled:2"]')
    assert area.locator("rect").get_attribute("stroke-dasharray") is not None
    assert area.locator(".cm-symbol-area").count() == 1 or area.locator("svg.cm-symbol-area").count() == 1
    assert (
        page.locator('.leaflet-marker-icon[data-key="acled:3"]').count() == 0
    )  # known to a country: listed, not drawn
    assert (
        page.locator('.leaflet-marker-icon[data-key="acled:1"]').get_attribute("aria-label").startswith("Their rows · ")
    )
    assert page.locator('.leaflet-marker-icon[data-key="r0004a"] rect').count() == 0


def test_the_page_says_whose_they_are_and_what_must_not_be_done(page) -> None:
    for place in (".cm-attribution", ".cm-key", "#cm-panel"):
        assert "Made by <i>others</i>; cite them" in page.locator(place).inner_text()
        assert "do not publish these" in page.locator(place).inner_text()
    page.locator('[data-tab="about"]').click()
    assert "do not publish these" in page.locator("#cm-body").inner_text()
    assert "beside Their rows (5)" in page.locator("#cm-head").inner_text()


def test_they_are_in_no_count_and_in_no_download(page, events) -> None:
    assert page.locator('[data-tab="events"] .cm-n').inner_text() == "16"
    assert "18 events" in page.locator("#cm-head").inner_text()
    page.locator('[data-do="table"]').click()
    assert page.locator("[role=grid]").get_attribute("aria-rowcount") == str(len(events) + 1)
    page.locator(".cm-menu summary").click()
    with page.expect_download() as download:
        page.locator('[data-do="geojson"]').click()
    with open(download.value.path(), encoding="utf-8") as file:
        features = json.load(file)["features"]
    assert len(features) == len(events)
    assert not any(feature["properties"]["event_id"].startswith("acled:") for feature in features)


def test_one_switch_takes_a_layer_off_and_a_link_remembers_it(page) -> None:
    box = page.locator('[data-layer="beside-Their rows"]')
    assert box.is_checked()
    box.uncheck()
    assert page.locator('.leaflet-marker-icon[data-key="acled:1"]').count() == 0
    expect(page).to_have_url(re.compile("hidden=Their"))
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert not page.locator('[data-layer="beside-Their rows"]').is_checked()


def test_days_and_types_filter_them_like_the_others(page) -> None:
    shown = f"[...{PAGE}.filter.beside].map((i) => {PAGE}.book.id(i))"
    assert page.evaluate(shown) == ["acled:4", "acled:1", "acled:2", "acled:3", "Their rows: r0001a"]
    page.locator("#cm-from").fill("2017-01-01")
    assert page.evaluate(shown) == ["acled:1", "acled:2", "acled:3", "Their rows: r0001a"]
    page.locator('[data-layer="type-0"]').uncheck()
    assert page.evaluate(shown) == []


def test_a_row_of_others_opens_with_what_its_table_says_and_no_more(page, keep_picture) -> None:
    page.locator('[data-event="acled:4"]').click()
    page.wait_for_selector(".cm-title")
    text = page.locator("#cm-body").inner_text()
    assert "Not coded" in text
    assert "Their rows" in text
    assert "cite them" in text
    assert "Confidence" not in text  # the table says nothing of it
    keep_picture(page, "beside-row")


def test_a_page_of_many_events_has_the_layer_too(open_map, make_event) -> None:
    page = open_map([make_event(number, "Aleppo") for number in range(2_500)], beside=[LAYER])
    assert page.evaluate(f"[{PAGE}.book.count, {PAGE}.book.all, {PAGE}.filter.beside.length]") == [2500, 2505, 5]
    page.evaluate(f"{PAGE}.select({PAGE}.book.indexOf('acled:1'))")
    expect(page.locator(".cm-title")).to_have_text("Row acled:1")
