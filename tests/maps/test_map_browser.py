"""The page in a real browser with the network off. `open_map` fails a test for any request, console line or dialog."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

HOSTILE = "</script><img src=x onerror=alert(1)>`${alert(2)}` javascript:alert(3) al-Fu'ah"

#: Counts the colours of the base map's canvas, rounded to 16 steps a channel.
COLOURS = """() => {
  const canvas = document.querySelector('canvas.cm-basemap');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add([0, 1, 2, 3].map((k) => data[i + k] >> 4).join());
  return seen.size;
}"""


def item(page, number: int):
    return page.locator(f'.cm-item[data-event="r{number:04d}a"]')


def symbol(page, number: int):
    return page.locator(f'.leaflet-marker-icon[data-key="r{number:04d}a"]')


def test_the_map_opens_and_is_not_blank(open_map, events, toponyms) -> None:
    page = open_map(events, title="A title", toponyms=toponyms, provenance="conflictmap test")
    assert page.title() == "A title"
    assert page.locator("h1").inner_text() == "A title"
    assert page.evaluate(COLOURS) > 4
    assert page.locator(".leaflet-marker-icon").count() >= 6
    assert page.locator(".cm-label-country").count() >= 1
    assert "12 Jan 2017 – 9 Feb 2017" in page.locator("#cm-head").inner_text()
    assert "GeoNames" in page.locator(".cm-attribution").inner_text()
    assert "no statement on borders" in page.locator(".cm-attribution").inner_text()


def test_the_page_opens_on_a_phone(open_map, events) -> None:
    page = open_map(events, width=400, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    item(page, 1).click()
    page.wait_for_selector("blockquote")


@pytest.mark.parametrize("count", [0, 1])
def test_no_event_and_one_event_are_fine(open_map, events, count: int) -> None:
    page = open_map(events[:count])
    assert page.evaluate(COLOURS) > 2
    assert ("No event was found" in page.locator("body").inner_text()) == (count == 0)
    assert page.locator(".leaflet-marker-icon").count() == count


def test_a_list_entry_opens_the_evidence_with_its_words_marked(open_map, events) -> None:
    page = open_map(events)
    item(page, 2).click()
    page.wait_for_selector("blockquote")
    marks = page.locator("blockquote mark")
    assert marks.all_inner_texts() == ["On Wednesday", "air/drone strike", "al-Bab", "at least 14"]
    assert "cm-mark-place" in marks.nth(2).get_attribute("class")
    panel = page.locator("#cm-panel").inner_text()
    expected = ["الباب", "counted from the day of publication", "Damascus", "337 km away", "14 or more", "the ministry"]
    expected += ["Russian air force", "a convoy", "Example Dispatch", "r0002a", "the article is about Syria"]
    assert [words for words in expected if words not in panel] == []
    link = page.get_by_text("Open the article")
    assert link.get_attribute("href") == "https://example.org/article?a=1&b=2"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.locator(".cm-back").click()
    assert item(page, 2).evaluate("node => node === document.activeElement")


def test_a_symbol_opens_the_same_evidence_by_mouse_and_by_keyboard(open_map, events) -> None:
    page = open_map(events)
    symbol(page, 8).click()
    page.wait_for_selector("blockquote")
    assert "r0008a" in page.locator("#cm-panel").inner_text()
    page.locator(".cm-back").click()
    symbol(page, 7).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("blockquote")
    assert "r0007a" in page.locator("#cm-panel").inner_text()


def test_events_at_one_spot_open_as_a_list(open_map, make_event) -> None:
    page = open_map([make_event(n, "Aleppo") for n in range(5)])
    assert page.locator(".leaflet-marker-icon").count() == 1
    page.locator(".leaflet-marker-icon").click()
    assert page.locator(".cm-title").inner_text() == "5 events at one spot"
    assert page.locator(".cm-body .cm-item").count() == 5


def test_layers_switch_what_is_shown(open_map, events) -> None:
    page = open_map(events)
    before = page.locator(".cm-list .cm-item").count()
    page.locator('[data-layer="type-0"]').uncheck()  # Battles: 4 located ones
    assert page.locator(".cm-list .cm-item").count() == before - 4
    page.locator('[data-layer="background"]').uncheck()
    assert item(page, 13).count() == 0
    page.locator('[data-layer="type-0"]').check()
    page.locator('[data-layer="undated"]').uncheck()
    assert item(page, 15).count() == 0
    assert page.locator(".cm-area").count() > 0
    page.locator('[data-layer="doubt"]').uncheck()
    assert page.locator(".cm-area, .cm-circle").count() == 0
    pixels = page.locator("canvas.cm-basemap").screenshot()
    page.locator('[data-layer="divisions"]').uncheck()
    assert page.locator(".cm-label-division").count() == 0
    assert page.locator("canvas.cm-basemap").screenshot() != pixels


def test_dates_filter_and_the_undated_stay(open_map, events) -> None:
    page = open_map(events)
    page.locator("#cm-from").fill("2017-02-01")
    page.locator("#cm-from").dispatch_event("change")
    assert item(page, 1).count() == 0
    assert item(page, 5).count() == 1
    assert item(page, 15).count() == 1
    page.get_by_text("All dates").click()
    assert item(page, 1).count() == 1


def test_unlocated_events_are_listed_with_their_reason(open_map, events) -> None:
    page = open_map(events)
    page.get_by_role("tab", name="Not located").click()
    assert page.locator(".cm-list .cm-item").count() == 2
    assert "names no place that could be fixed" in page.locator(".cm-list").inner_text()
    item(page, 17).click()
    page.wait_for_selector("blockquote")
    assert "Why it is not on the map" in page.locator("#cm-panel").inner_text()


def test_an_area_never_wears_a_towns_symbol(open_map, make_event) -> None:
    governorate = make_event(1, "Hama Governorate", level="adm1")
    part = make_event(2, "Daraa", level="part", radius_km=40)
    page = open_map([governorate, part, make_event(3, "Syria", level="country")])
    assert page.locator(".leaflet-marker-icon .cm-symbol-town").count() == 0
    assert page.locator(".leaflet-marker-icon .cm-symbol-area").count() == 2
    assert page.locator("path.cm-area").count() == 2  # the governorate's outline and a circle
    assert page.locator(".cm-subhead").text_content() == "Known only to a country"
    item(page, 3).click()
    page.wait_for_selector("blockquote")
    assert page.locator(".leaflet-marker-icon .cm-symbol-town").count() == 0
    assert page.locator("path.cm-area").count() == 3


def test_a_near_event_shows_how_far_off_it_may_be(open_map, make_event) -> None:
    page = open_map([make_event(1, "Palmyra", level="near", radius_km=20), make_event(2, "Damascus")])
    assert page.locator("path.cm-circle").count() == 1
    item(page, 1).click()
    page.wait_for_selector("blockquote")
    assert "within about 20 km" in page.locator("#cm-panel").inner_text()


def test_a_very_wide_area_is_shaded_only_when_selected(open_map, make_event) -> None:
    page = open_map([make_event(1, "Palmyra", level="part", radius_km=300), make_event(2, "Daraa")])
    assert page.locator("path.cm-area").count() == 0
    symbol(page, 1).click()
    page.wait_for_selector("blockquote")
    assert page.locator("path.cm-area").count() == 1


def test_an_area_steps_aside_for_the_town_at_its_point(open_map, make_event) -> None:
    page = open_map([make_event(1, "Dayr az-Zawr"), make_event(2, "Dayr az-Zawr", level="part", radius_km=40)])
    town, area = symbol(page, 1).bounding_box(), symbol(page, 2).bounding_box()
    assert abs(town["x"] - area["x"]) > 12


def test_places_without_an_event_show_on_demand(open_map, events, toponyms) -> None:
    page = open_map(events, toponyms=toponyms)
    page.get_by_role("tab", name="Places named").click()
    assert "Raqqa" in page.locator(".cm-list").inner_text()
    page.locator(".cm-list").get_by_text("Raqqa").click()
    assert "article-4" in page.locator("#cm-panel").inner_text()
    page.locator('[data-layer="places"]').check()
    assert page.locator(".leaflet-cm-places-pane canvas, .leaflet-pane canvas:not(.cm-basemap)").count() == 1


def test_the_first_view_is_the_main_area_and_a_button_shows_all(open_map, events) -> None:
    page = open_map(events)
    assert symbol(page, 10).count() == 0
    page.locator(".cm-fit").get_by_text("All events").click()
    page.wait_for_selector('[data-key="r0010a"]')


def test_hostile_text_runs_nothing_and_shows_as_it_is(open_map, make_event) -> None:
    texts = {"summary": HOSTILE, "actors": (HOSTILE,), "title": HOSTILE, "publisher": HOSTILE}
    event = make_event(1, "al-Fu'ah", quote=f"{HOSTILE} On Wednesday", url="javascript:alert(4)", **texts)
    lost = make_event(2, None, summary=HOSTILE)
    page = open_map([event, lost], title=HOSTILE, provenance=HOSTILE)
    assert page.locator("h1").inner_text() == HOSTILE
    page.locator(".leaflet-marker-icon").hover()
    assert HOSTILE in page.locator(".leaflet-tooltip").inner_text()
    item(page, 1).click()
    page.wait_for_selector("blockquote")
    assert page.locator("blockquote").inner_text() == f"{HOSTILE} On Wednesday"
    assert page.locator(".cm-title").inner_text() == HOSTILE
    panel = page.locator("#cm-panel").inner_text()
    assert panel.count(HOSTILE) >= 5
    assert "javascript:alert(4)" in panel
    assert page.locator("#cm-panel a").count() == 0
    assert page.locator("img").count() == 0


def test_a_label_from_an_article_cannot_reorder_the_page(open_map, make_event) -> None:
    page = open_map([make_event(1, "Aleppo", summary="\u202eevil\u202c قصف حلب")])
    assert item(page, 1).locator(".cm-item-summary").get_attribute("dir") == "auto"


def test_long_titles_and_quotes_do_not_break_the_layout(open_map, make_event) -> None:
    page = open_map([make_event(1, "Aleppo", summary="x" * 10_000, quote="y" * 10_000)], title="z" * 10_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.locator(".folium-map").bounding_box()["height"] > 300


def test_thousands_of_events_cluster_and_unpack_on_demand(open_map, make_event, monkeypatch) -> None:
    from maps import layers

    monkeypatch.setattr(layers, "PLAIN_EVENTS", 100)
    places = ["Aleppo", "al-Bab", "Palmyra", "Damascus", "Daraa"]
    page = open_map([make_event(n, places[n % 5]) for n in range(1000)])
    assert page.locator(".leaflet-marker-icon").count() <= 6
    assert page.locator(".cm-list .cm-item").count() == 100
    page.get_by_text("Show 100 more").click()
    assert page.locator(".cm-list .cm-item").count() == 200
    item(page, 150).click()
    page.wait_for_selector("blockquote")
    assert "article-150" in page.locator("#cm-panel").inner_text()


def test_tabs_move_with_the_arrow_keys(open_map, events) -> None:
    page = open_map(events)
    page.get_by_role("tab", name="Events").focus()
    page.keyboard.press("ArrowRight")
    assert re.match("Filters", page.evaluate("document.activeElement.textContent"))
    assert page.locator('[role="tab"][aria-selected="true"]').count() == 1


def test_the_base_map_names_towns_where_there_is_room_for_the_whole_name(open_map, events, keep_picture) -> None:
    page = open_map(events)
    labels = page.locator(".cm-label-place")
    assert labels.count() > 5
    names = labels.all_inner_texts()
    assert any(name.startswith("Latakia") for name in names)
    frame = page.locator(".folium-map").bounding_box()
    key = page.locator(".cm-key").bounding_box()
    for label in page.locator(".cm-label").all():
        box = label.bounding_box()
        assert box["x"] >= frame["x"] - 1
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
        assert box["x"] + box["width"] < key["x"] or box["y"] > key["y"] + key["height"]
    page.locator('[data-event="r0009a"]').click()  # the town of an event has one name
    assert page.locator(".cm-label").all_inner_texts().count("Damascus") == 1


def test_areas_step_aside_of_many_clusters_too(open_map, make_event) -> None:
    towns = ("Aleppo", "al-Bab", "al-Fu'ah", "Palmyra")
    page = open_map([make_event(n, towns[n % 4], level="settlement" if n % 3 else "adm2") for n in range(1200)])
    clusters = page.locator(".cm-cluster:not(.cm-symbol-area)").evaluate_all(
        "all => all.map((node) => { const box = node.getBoundingClientRect(); return [box.x, box.y, box.width]; })"
    )
    for area in page.locator(".cm-cluster.cm-symbol-area").all():
        box = area.bounding_box()
        for x, y, width in clusters:
            middle = (x + width / 2 - box["x"] - box["width"] / 2, y + width / 2 - box["y"] - box["height"] / 2)
            assert max(map(abs, middle)) > 18


def test_one_event_has_no_bar_of_time(open_map, events) -> None:
    assert open_map(events[:1]).locator("#cm-time").is_hidden()
    assert open_map(events[1:3]).locator("#cm-time").is_visible()


def test_events_without_any_place_are_shown_at_once(open_map, make_event) -> None:
    page = open_map([make_event(1, None), make_event(2, None, day=None)])
    assert page.locator('[data-tab="unlocated"]').get_attribute("aria-selected") == "true"
    assert page.locator(".cm-list .cm-item").count() == 2
    page.locator('[data-tab="events"]').click()
    assert "no point is drawn" in page.locator(".cm-empty").inner_text()
