"""Table, time, search and filters: each control does what it says, and every view shows the same events."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser

#: The numbers that the views tell of the events shown: table, lists, line of the search, marks on the map.
COUNTS = """() => {
  const page = Object.values(window).find((value) => value?.conflictmapPage)?.conflictmapPage;
  const tab = (name) => Number(document.querySelector(`[data-tab="${name}"] .cm-n`)?.textContent ?? 0);
  return {
    filter: page.filter.shown.length,
    table: Number(document.querySelector('.cm-grid').getAttribute('aria-rowcount')) - 1,
    lists: tab('events') + tab('unlocated'),
    line: Number(/\\d+/.exec(document.querySelector('.cm-count-line').textContent)[0]),
    map: page.view.index.reduce((sum, index) => sum + index.numbers.length, 0)
      + page.filter.shown.filter((i) => ['country', null].includes(page.book.kind(i))).length,
  };
}"""


def shown(page) -> int:
    """How many events are shown, after checking that all views agree."""
    counts = page.evaluate(COUNTS)
    assert len(set(counts.values())) == 1, counts
    return counts["filter"]


def rows(page, column: str) -> list[str]:
    return page.locator(f".cm-rows .cm-td-{column}").all_inner_texts()


def choose_tab(page, name: str) -> None:
    page.locator(f'[data-tab="{name}"]').click()


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_table_opens_and_holds_what_is_shown(open_map, events, keep_picture) -> None:
    page = open_map(events)
    assert page.locator("#cm-table").is_hidden()
    page.locator('[data-do="table"]').click()
    assert page.locator("[role=grid]").get_attribute("aria-rowcount") == "19"
    assert shown(page) == 18
    first = page.locator(".cm-rows .cm-tr").first.inner_text().split("\n")
    assert first == [
        "22 Dec 2016",
        "Aleppo, Syria",
        "Government regains territory",
        "Russian air force",
        "–",
        "High",
        "Example Dispatch",
    ]
    keep_picture(page, "table")
    page.locator('[data-do="table"]').click()
    assert page.locator("#cm-table").is_hidden()


def test_a_row_and_a_symbol_select_the_same_event(open_map, events) -> None:
    page = open_map(events, fragment="table=1", height=1000)
    page.locator('[data-row="r0008a"]').click()
    page.wait_for_selector("blockquote")
    assert "r0008a" in page.locator("#cm-panel").inner_text()
    assert page.locator('.leaflet-marker-icon[data-key="r0008a"] circle').count() == 1  # the ring of the selected one
    page.locator('.leaflet-marker-icon[data-key="r0007a"]').click()
    assert page.locator('.cm-rows [aria-selected="true"]').get_attribute("data-row") == "r0007a"
    page.locator(".cm-back").click()
    assert page.locator('.cm-rows [aria-selected="true"]').count() == 0


def test_a_click_on_a_head_sorts_and_another_turns_the_order(open_map, events) -> None:
    page = open_map(events, fragment="table=1", height=1400)
    head = page.locator('[data-sort="place"]')
    head.click()
    places = rows(page, "place")
    assert places[:16] == sorted(places[:16], key=str.casefold)
    assert places[-2:] == ["Not located", "Not located"]
    assert page.locator(".cm-td-place[role=columnheader]").get_attribute("aria-sort") == "ascending"
    head.press("Enter")
    turned = rows(page, "place")
    assert turned[0] == places[15]
    assert turned[-2:] == ["Not located", "Not located"]
    page.locator('[data-sort="killed"]').click()
    assert rows(page, "killed")[:3] == ["8–14", "8–14", "–"]
    page.locator('[data-sort="date"]').click()
    assert rows(page, "date")[-1] == "No date"


def test_arrow_keys_walk_the_cells(open_map, events) -> None:
    page = open_map(events, fragment="table=1")
    page.locator('[data-cell="0 0"]').focus()
    for key, cell in [
        ("ArrowDown", "1 0"), ("ArrowRight", "1 1"), ("End", "1 6"), ("Home", "1 0"), ("Control+End", "17 6"), ("Control+Home", "0 0"),
        ("ArrowUp", "-1 0"), ("ArrowRight", "-1 1"), ("ArrowDown", "0 1"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.cell") == cell
    assert page.locator('.cm-grid [tabindex="0"]').count() == 1


def test_a_long_table_draws_only_what_is_seen_and_keeps_the_focus(open_map, make_event) -> None:
    page = open_map(
        [make_event(n, "Aleppo", day=date(2017, 1, 1) + timedelta(days=n)) for n in range(1500)], fragment="table=1"
    )
    assert page.locator(".cm-rows .cm-tr").count() < 60
    page.locator('[data-cell="0 0"]').focus()
    page.keyboard.press("Control+End")
    assert page.evaluate("document.activeElement.closest('[data-row]').dataset.row") == "r1499a"
    page.locator(".cm-grid").evaluate("node => { node.scrollTop = 0; }")
    page.wait_for_selector('[data-row="r0000a"]')
    assert page.evaluate("document.activeElement.dataset.cell") == "1499 6"


# --- time -------------------------------------------------------------------------------------------------------------


def test_the_handles_of_the_slider_choose_the_days(open_map, events) -> None:
    page = open_map(events, fragment="table=1")
    start = page.locator(".cm-handle-from")
    start.focus()
    first = int(start.input_value())
    page.keyboard.press("ArrowRight")
    assert int(start.input_value()) == first + 1
    assert page.locator("#cm-from").input_value() == "2017-01-13"
    assert start.get_attribute("aria-valuetext") == "13 Jan 2017"
    assert shown(page) == 15  # without the first day's, and two that are background of the month before
    page.keyboard.press("End")
    assert page.locator("#cm-from").input_value() == "2017-02-09"
    assert shown(page) == 5  # three on the last day, two undated
    page.locator(".cm-handle-to").focus()
    page.keyboard.press("Home")
    assert page.locator("#cm-from").input_value() == "2017-02-09"  # the last day cannot come before the first
    page.locator(".cm-reset").click()
    assert shown(page) == 18


def test_background_of_long_ago_does_not_squeeze_the_bars(open_map, events, make_event) -> None:
    old = make_event(90, "Aleppo", day=date(1988, 3, 16), prominence="background")
    page = open_map([*events, old], fragment="table=1")
    assert page.locator(".cm-handle-from").get_attribute("aria-valuetext") == "12 Jan 2017"
    assert page.locator(".cm-outside").inner_text() == "Background outside these days: 3"
    assert shown(page) == 19  # it is there until days are chosen


def test_a_span_of_days_means_events_that_overlap_it(open_map, make_event) -> None:
    from dataclasses import replace

    long = make_event(1, "Aleppo", day=date(2017, 1, 1))
    when = replace(long.when, end=date(2017, 1, 20))
    page = open_map(
        [replace(long, when=when), make_event(2, "Daraa", day=date(2017, 2, 1))],
        fragment="from=2017-01-10&to=2017-01-12&table=1",
    )
    assert shown(page) == 1
    assert "r0001a" in page.content()


def test_the_histogram_counts_what_is_shown_and_choosing_a_bar_filters(open_map, events, keep_picture) -> None:
    page = open_map(events, fragment="table=1")
    assert page.locator(".cm-unit").inner_text() == "Events per day"
    chart = page.locator(".cm-histogram")
    assert re.search(r"18 Jan 2017: 3$", chart.get_attribute("aria-label"))
    box = chart.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] - 3)
    assert page.locator("#cm-from").input_value() == "2017-02-09"
    assert shown(page) == 5
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + 10)
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 10)
    page.mouse.up()
    assert shown(page) > 5
    keep_picture(page, "time")


@pytest.mark.parametrize(("days", "unit"), [(60, "day"), (400, "week"), (2000, "month"), (9000, "year")])
def test_the_bars_are_as_long_as_the_time_asks(open_map, make_event, days, unit) -> None:
    page = open_map(
        [
            make_event(1, "Aleppo", day=date(2000, 1, 5)),
            make_event(2, "Daraa", day=date(2000, 1, 5) + timedelta(days=days)),
        ]
    )
    assert page.locator(".cm-unit").inner_text() == f"Events per {unit}"


def test_the_undated_have_a_switch_and_a_count(open_map, events) -> None:
    page = open_map(events, fragment="table=1")
    assert page.locator(".cm-undated .cm-n").inner_text() == "2"
    page.locator('[data-layer="undated"]').uncheck()
    assert shown(page) == 16


def test_play_goes_on_bar_by_bar_and_pauses(open_map, events) -> None:
    page = open_map(events, fragment="table=1")
    play = page.locator(".cm-play")
    play.click()
    assert "Pause" in play.inner_text()
    assert page.locator("#cm-to").input_value() == "2017-01-12"
    expect(page.locator("#cm-to")).to_have_value("2017-01-14")
    play.click()
    assert "Play" in play.inner_text()
    stopped = page.locator("#cm-to").input_value()
    page.wait_for_timeout(900)
    assert page.locator("#cm-to").input_value() == stopped


def test_play_makes_single_steps_for_readers_who_want_no_motion(open_map, events) -> None:
    page = open_map(events, context={"reduced_motion": "reduce"})
    play = page.locator(".cm-play")
    assert "Next step" in play.inner_text()
    play.click()
    assert page.locator("#cm-to").input_value() == "2017-01-12"
    page.wait_for_timeout(900)
    assert page.locator("#cm-to").input_value() == "2017-01-12"
    play.click()
    assert page.locator("#cm-to").input_value() == "2017-01-13"


def test_one_day_or_no_dates_at_all_have_no_slider(open_map, make_event) -> None:
    one = open_map([make_event(1, "Aleppo"), make_event(2, "Daraa")])
    assert one.locator(".cm-handle").count() == 0
    assert one.locator("#cm-time").is_hidden()
    none = open_map([make_event(1, "Aleppo", day=None), make_event(2, "Daraa", day=None)])
    assert none.locator("#cm-from").count() == 0
    assert none.locator(".cm-undated .cm-n").inner_text() == "2"


# --- search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("al bab", 2), ("AL-BĀB", 2), ("الباب", 2), ("bab", 2), ("تَدْمُر", 2), ("Tadmur", 2), ("russian AIR", 18), ("clash palmyra", 1),
        ("ministry of nothing", 0),
    ],
)  # fmt: skip
def test_search_finds_places_actors_and_words_in_any_spelling(open_map, events, query, count) -> None:
    page = open_map(events, fragment="table=1")
    page.locator("#cm-search").fill(query)
    expect(page.locator(".cm-count-line")).to_have_text(re.compile(rf"^{count} "))
    assert shown(page) == count


@pytest.mark.parametrize("packed", [False, True])
def test_search_reads_the_sentences_too(open_map, make_event, monkeypatch, packed) -> None:
    from maps import layers

    if packed:
        monkeypatch.setattr(layers, "PLAIN_EVENTS", 10)
    events = [
        make_event(n, "Aleppo", summary=f"Event {n}", quote="A market burned." if n == 7 else "Nothing.")
        for n in range(30)
    ]
    page = open_map(events, fragment="table=1")
    page.locator("#cm-search").fill("market")
    expect(page.locator(".cm-count-line")).to_have_text(re.compile("^1 "))
    assert page.locator(".cm-rows .cm-tr").get_attribute("data-row") == "r0007a"


def test_search_leads_to_places_on_the_map(open_map, events, toponyms) -> None:
    page = open_map(events, toponyms=toponyms)
    page.locator("#cm-search").fill("رقة")
    page.locator(".cm-hit").click()
    expect(page).to_have_url(re.compile(r"map=35\.95\d%2C39\.00\d"))


# --- filters ----------------------------------------------------------------------------------------------------------


def test_types_and_sub_types_filter_and_the_key_agrees(open_map, events, keep_picture) -> None:
    page = open_map(events, fragment="table=1")
    choose_tab(page, "filters")
    keep_picture(page, "filters")
    page.locator('[data-filter="sub-Armed clash"]').uncheck()
    assert shown(page) == 14
    assert page.evaluate("document.querySelector('.cm-key [data-layer=\"type-0\"]').indeterminate")
    page.locator('[data-filter="type-0"]').click()  # partly on: a click takes the type off, or on, as a whole
    page.locator('[data-filter="type-3"]').uncheck()
    assert page.locator('.cm-key [data-layer="type-3"]').is_checked() is False
    page.locator('.cm-key [data-layer="type-3"]').check()
    assert page.locator('[data-filter="type-3"]').is_checked()
    shown(page)


def test_confidence_actors_and_publishers_filter(open_map, make_event) -> None:
    events = [
        make_event(1, "Aleppo", actors=("Army",), publisher="Daily", confidence="low"),
        make_event(2, "Daraa", actors=("Rebels", "Army"), publisher="Weekly"),
        make_event(3, "Damascus", actors=(), publisher=None),
    ]
    page = open_map(events, fragment="table=1")
    choose_tab(page, "filters")
    page.locator('[data-filter="confidence-low"]').uncheck()
    assert shown(page) == 2
    page.locator('[data-filter="confidence-low"]').check()
    page.locator('[data-filter="actor-Army"]').check()
    assert shown(page) == 2
    page.locator('[data-filter="publisher-Weekly"]').check()
    assert shown(page) == 1
    assert page.evaluate("document.activeElement.dataset.filter") == "publisher-Weekly"
    page.locator(".cm-reset-all").click()
    assert shown(page) == 3
    assert page.locator(".cm-reset-all").is_hidden()


def test_the_counts_of_filters_are_of_what_the_other_filters_leave(open_map, events) -> None:
    page = open_map(events, fragment="q=palmyra")
    choose_tab(page, "filters")
    count = page.locator('label:has([data-filter="sub-Armed clash"]) .cm-n')
    assert count.inner_text() == "1"
    assert page.locator('label:has([data-filter="sub-Peaceful protest"]) .cm-n').inner_text() == "0"


def test_a_long_list_of_actors_can_be_searched(open_map, make_event) -> None:
    page = open_map([make_event(n, "Aleppo", actors=(f"Group {n:02d}",)) for n in range(40)], fragment="table=1")
    choose_tab(page, "filters")
    assert page.locator('[data-filter^="actor-"]').count() == 8
    page.locator('[data-more="actor"]').click()
    assert page.locator('[data-filter^="actor-"]').count() == 40
    page.locator('[data-seek="actor"]').press_sequentially("group 17")
    assert page.locator('[data-seek="actor"]').input_value() == "group 17"
    assert page.locator('[data-filter^="actor-"]').count() == 1
    page.locator('[data-filter="actor-Group 17"]').check()
    assert shown(page) == 1


# --- layers -----------------------------------------------------------------------------------------------------------


def test_density_takes_the_place_of_the_symbols(open_map, events, keep_picture) -> None:
    page = open_map(events)
    page.locator('[data-layer="heat"]').check()
    assert page.locator(".leaflet-marker-icon").count() == 0
    keep_picture(page, "density")
    lit = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((v, k) => k % 4 === 3 && v > 100).length"
    assert page.locator("canvas.cm-heat").evaluate(lit) > 20
    page.locator('[data-layer="heat"]').uncheck()
    assert page.locator("canvas.cm-heat").count() == 0
    assert page.locator(".leaflet-marker-icon").count() > 5


def test_governorates_are_shaded_by_events_or_deaths_and_wide_areas_are_not_counted(
    open_map, events, keep_picture
) -> None:
    page = open_map(events)
    assert page.locator("path.cm-shade").count() == 0
    page.locator("#cm-shade").select_option("events")
    keep_picture(page, "governorates")
    sums = dict(line.rsplit(": ", 1) for line in page.locator(".cm-shade-legend .cm-unseen li").all_inner_texts())
    assert sums["Hamah"] == "1 event"
    assert sums["Aleppo"] == "4 events"
    assert "2 events known only to a wider area" in page.locator(".cm-shade-legend").inner_text()
    page.locator("#cm-shade").select_option("deaths")
    assert page.locator("path.cm-shade").count() == 1
    assert page.locator(".cm-shade-legend .cm-unseen").text_content() == "Aleppo: at least 16 killed"
    page.locator("#cm-shade").select_option("none")
    assert page.locator("path.cm-shade").count() == 0
