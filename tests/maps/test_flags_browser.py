"""What people did with events, marked on the page, and what readers find wrong: put, kept, taken back, and carried home."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gazetteer import Gazetteer, Place, SourcePlace, build
from gazetteer.place import Reason
from geo.cli import cli
from geo.corrections import COLUMNS, FLAGS, parse_corrections
from geo.event import Confidence
from geo.table import events_from_jsonl
from maps import Beside

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser

CORRECTED = Reason("corrected", "corrected by hand: killed (A. Reader, 2026-11-20)")
CHECKED = Reason("checked", "checked (B. Other, 2026-11-21)")


def reviewed(event, *reasons):
    return replace(event, confidence=Confidence("high", 1.0, (Reason("n", "said once"), *reasons)))


@pytest.fixture
def seen(events):
    """Events of which the second was corrected and checked, and the third corrected."""
    return [events[0], reviewed(events[1], CORRECTED, CHECKED), reviewed(events[2], CORRECTED), *events[3:]]


def marks(page, within: str) -> list[str]:
    return page.locator(f"{within} .cm-badge").evaluate_all(
        "all => all.map(({ classList }) => classList[1].replace('cm-badge-', ''))"
    )


def flag(page, *fields: str, note: str = "", by: str = "") -> None:
    page.locator('[data-do="flag"]').click()
    for field in fields:
        page.locator(f'[data-flag="{field}"]').check()
    page.locator('[data-flag="note"]').fill(note)
    page.locator('[data-flag="by"]').fill(by)
    page.locator('[data-flag="save"]').click()


def downloaded(page, selector: str = '[data-do="download-flags"]') -> str:
    with page.expect_download() as download:
        page.locator(selector).click()
    assert download.value.suggested_filename.endswith(".corrections.csv")
    return download.value.path().read_text(encoding="utf-8-sig")


def test_corrected_and_checked_events_are_marked_everywhere(open_map, seen, keep_picture) -> None:
    page = open_map(seen, fragment="table=1")
    assert marks(page, '[data-event="r0002a"] .cm-item-mark') == ["checked"]
    assert marks(page, '[data-event="r0002a"] .cm-tag') == ["corrected", "checked"]
    assert marks(page, '[data-event="r0003a"]') == ["corrected", "corrected"]
    assert marks(page, '[data-event="r0004a"]') == []
    assert marks(page, '[data-row="r0002a"] .cm-td-confidence') == ["corrected", "checked"]
    assert page.locator('[data-row="r0002a"] .cm-td-confidence').inner_text().split() == [
        "High",
        "corrected",
        "checked",
    ]
    assert marks(page, ".cm-key") == ["corrected", "checked"]
    keep_picture(page, "corrected")
    page.locator('[data-row="r0002a"]').click()
    page.wait_for_selector(".cm-facts")
    said = page.locator(".cm-facts dd").first.inner_text()
    assert re.sub(r"\s+", " ", said).startswith(
        "Corrected by a person Checked by a person corrected by hand: killed (A."
    )
    assert page.locator("#cm-panel").inner_text().count(CHECKED.text) == 1
    assert marks(page, '.leaflet-marker-icon[data-key="r0002a"]') == ["checked"]
    assert "checked" in page.locator('[data-key="r0002a"]').get_attribute("aria-label")


def test_a_page_without_reviewers_names_them_nowhere(open_map) -> None:
    made = "conflictmap 0.1; rules x; gazetteer y; corrected by hand; checked; profile public"
    row = {"event_id": "a", "longitude": 37.5, "latitude": 36.4, "place": "al-Bab", "sub_event_type": "Attack"}
    page = open_map([{**row, "provenance": made}, {**row, "event_id": "b", "provenance": "rechecked by hand"}])
    assert marks(page, '[data-event="a"] .cm-tag') == ["corrected", "checked"]
    assert marks(page, '[data-event="b"]') == []
    page.locator('[data-event="a"]').click()
    page.wait_for_selector(".cm-facts")
    assert "corrected by hand; checked" in page.locator(".cm-facts").inner_text()
    assert "profile" not in page.locator(".cm-facts").inner_text()


def test_where_somebody_checked_the_print_says_what_a_tick_means(open_map, seen, events) -> None:
    page = open_map(seen)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    text = page.locator("#cm-print").inner_text()
    assert "only those with a tick were checked by a person" in text
    assert "Checked by a person" in text
    assert "not checked" in open_map(events).evaluate(
        "() => (dispatchEvent(new Event('beforeprint')), document.querySelector('#cm-print').innerText)"
    )


def test_a_flag_is_put_by_keyboard_alone(open_map, events) -> None:
    page = open_map(events, fragment="event=r0005a")
    page.wait_for_selector(".cm-facts")
    page.locator('[data-do="flag"]').focus()
    keys = ["Enter", "Space", "Tab", "Tab", "Space", "Tab", "Tab", "Tab", "Tab"]
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.type("two days later")
    page.keyboard.press("Tab")
    page.keyboard.type("R. Eader")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-flag-list li")).to_have_count(2)
    expect(page.locator('.cm-flags [role="status"]')).to_have_text("Flagged.")
    assert page.evaluate("document.activeElement.dataset.do") == "flag"
    assert page.locator(".cm-flag-list").inner_text().split("\n") == [
        "The place: two days later Take back",
        "The type: two days later Take back",
    ]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-flag-list li")).to_have_count(1)
    expect(page.locator('.cm-flags [role="status"]')).to_have_text("Taken back.")


def test_a_flag_needs_to_say_what_is_wrong(open_map, events) -> None:
    page = open_map(events, fragment="event=r0005a")
    flag(page, note="hm")
    expect(page.locator('.cm-flags [role="status"]')).to_have_text("Choose what is wrong.")
    page.keyboard.press("Escape")
    expect(page.locator(".cm-flag-form")).to_have_count(0)
    expect(page.locator(".cm-facts")).to_have_count(1)  # Escape closed the form and not the event
    assert page.locator('[data-tab="flags"]').count() == 0


def test_flags_outlast_a_reload_and_can_be_taken_back(open_map, events, keep_picture) -> None:
    page = open_map(events, fragment="event=r0002a&table=1")
    flag(page, "place", "number", note="the other al-Bab", by="R. Eader")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator('[data-tab="flags"] .cm-n')).to_have_text("1")
    assert marks(page, '[data-row="r0002a"] .cm-td-confidence') == ["flagged"]
    assert marks(page, ".cm-key") == ["flagged"]
    page.locator(".cm-menu summary").click()
    expect(page.locator('[data-do="flags"]')).to_have_text("Your flags, CSV (2)")
    page.keyboard.press("Escape")
    page.locator('[data-tab="flags"]').click()
    keep_picture(page, "flags")
    expect(page.locator(".cm-list .cm-item")).to_have_count(1)
    page.locator('[data-do="take-all-back"]').click()
    expect(page.locator(".cm-list .cm-item")).to_have_count(1)
    page.locator('[data-do="take-all-back"]').click()
    expect(page.locator('[data-tab="flags"]')).to_have_count(0)
    expect(page.locator('[data-tab="events"]')).to_have_attribute("aria-selected", "true")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert marks(page, ".folium-map") == marks(page, "#cm-table") == []


def test_a_browser_that_keeps_nothing_is_no_trouble(open_map, events) -> None:
    page = open_map(events, fragment="event=r0002a")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    flag(page, "place")
    page.locator(".cm-back").click()
    page.locator('[data-event="r0001a"]').click()
    flag(page, "date")
    expect(page.locator('[data-tab="flags"] .cm-n')).to_have_text("2")


def test_other_maps_do_not_get_these_flags(open_map, events) -> None:
    page = open_map(events, fragment="event=r0002a", title="One")
    flag(page, "place")
    kept = page.evaluate("Object.keys(localStorage)")
    assert len(kept) == 1
    assert kept[0].endswith("map-0.html One")


def test_events_of_others_are_not_for_our_corrections(open_map, events, make_event) -> None:
    page = open_map(events[:3], beside=[Beside("Others", [make_event(50, "Daraa")])])
    page.locator('[data-event="r0050a"]').click()
    page.wait_for_selector(".cm-facts")
    assert page.locator('[data-do="flag"]').count() == 0


def test_the_flags_of_a_reader_are_not_on_paper(open_map, events) -> None:
    page = open_map(events, fragment="event=r0002a")
    flag(page, "place", by="R. Eader")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".cm-badge-flagged:visible").count() == 0
    assert page.locator(".cm-flags").is_hidden()
    assert "lagged" not in page.locator("#cm-print").inner_text()


def test_flags_are_lines_that_the_corrections_reader_takes(open_map, events) -> None:
    page = open_map(events, fragment="event=r0002a")
    page.wait_for_selector(".cm-facts")
    flag(page, *FLAGS, note='=1+1, "or so"\nshe said; ال', by="R. Eader")
    page.locator('[data-tab="flags"]').click()
    text = downloaded(page)
    assert text.splitlines()[0] == "verb,event_id,article_id,start,end,field,note,by,when"
    assert set(text.splitlines()[0].split(",")) <= set(COLUMNS)
    found = parse_corrections(text, source="flags.csv", gazetteer=None)  # type: ignore[arg-type]
    assert found.problems == ()
    assert [dict(item.values)["flag"] for item in found.items] == list(FLAGS)
    (item, *_) = found.items
    assert (item.verb, item.event_ids, item.article_id) == ("flag", ("r0002a",), "article-2")
    assert (item.note, item.by) == ('=1+1, "or so" she said; ال', "R. Eader")
    assert item.when is not None
    trigger = next(span for span in events[1].reports[0].evidence.spans if span.kind == "trigger")
    assert item.span == (trigger.start, trigger.end)


# --- there and back -----------------------------------------------------------------------------------------------------

BAB = Place("t:al-bab", "Al Bāb", 37.5157, 36.3705, "P", "PPL", "SY", "09", "Aleppo", population=130_745)
IDLIB = Place("t:idlib", "Idlib", 36.6339, 35.9306, "P", "PPLA", "SY", "12", "Idlib", population=128_840)
SYRIA = Place("country:SY", "Syria", 38.5, 35.0, "A", "PCLI", "SY", population=16_906_283, radius_km=243.0)
ARTICLE = """\
Title: 🙂 Two strikes
Published: 2017-01-19
Publisher: Example Wire

🙂 Russian aircraft struck the town of al-Bab in Syria on Wednesday, killing three people, residents said.

Shelling hit the town of Idlib on Wednesday, killing two people, residents said.
"""


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.stderr
    return done.stderr


def test_what_a_reader_flags_is_reported_by_the_next_run(open_map, tmp_path: Path) -> None:
    gazetteer, news, found, flags = (tmp_path / name for name in ("g.sqlite", "news.txt", "e.jsonl", "flags.csv"))
    meta = {"version": "2026-01", "sources": '[{"name": "test", "licence": "CC0", "attribution": "nobody"}]'}
    build(gazetteer, [SourcePlace(BAB, alternates=("al-Bab",)), SourcePlace(IDLIB), SourcePlace(SYRIA)], meta=meta)
    news.write_text(ARTICLE, encoding="utf-8")
    run("geocode", news, "--gazetteer", gazetteer, "-o", found)
    events = list(events_from_jsonl(found.read_text(encoding="utf-8").splitlines()))
    strike = next(event for event in events if event.location.place == BAB)

    page = open_map(events, fragment=f"event={strike.event_id}")
    flag(page, "number", note="it was four", by="R. Eader")
    page.locator(".cm-menu summary").click()
    text = downloaded(page, '[data-do="flags"]')
    flags.write_text(text, encoding="utf-8")
    (row,) = csv.DictReader(text.splitlines())
    assert ARTICLE.partition("\n\n")[2][int(row["start"]) : int(row["end"])].strip() in ARTICLE

    told = f"flags.csv:2: event '{strike.event_id}' is flagged as wrong in its number (R. Eader, {row['when']}): 'it was four'"
    for command, given in (("geocode", news), ("map", news), ("map", found)):
        out = tmp_path / f"out{'.html' if command == 'map' else '.jsonl'}"
        assert told in run(command, given, "--corrections", flags, "--gazetteer", gazetteer, "-o", out)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == found.read_text(encoding="utf-8")

    moved = text.replace(strike.event_id, "e000000000000000")  # other rules give the report another id
    flags.write_text(moved, encoding="utf-8")
    assert told in run("geocode", news, "--corrections", flags, "--gazetteer", gazetteer, "-o", tmp_path / "out.jsonl")
    with Gazetteer.open(gazetteer) as places:
        assert parse_corrections(moved, source="flags.csv", gazetteer=places).problems == ()
