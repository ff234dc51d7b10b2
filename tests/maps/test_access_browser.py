"""Who can read the page: keyboards, screen readers, five languages, both directions, day and night, phones."""

from __future__ import annotations

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

pytestmark = pytest.mark.browser

VIOLATIONS = """async () => {
  const { violations } = await axe.run(document);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}"""


def violations(page, axe: str) -> list[str]:
    page.evaluate(f"() => {{ {axe} }}")
    return page.evaluate(VIOLATIONS)


@pytest.mark.parametrize("theme", ["theme=light", "theme=dark"])
@pytest.mark.parametrize("state", ["table=1", "lang=ar&table=1&event=r0001a", "layers=heat&shade=events"])
def test_no_rule_of_accessibility_is_broken(open_map, events, axe, state, theme) -> None:
    page = open_map(events, provenance="conflictmap test", fragment=f"{state}&{theme}")
    page.wait_for_selector(".cm-facts" if "event=" in state else ".cm-list")
    assert violations(page, axe) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_putting_flags_breaks_no_rule_of_accessibility(open_map, events, axe, language, theme) -> None:
    page = open_map(events, fragment=f"table=1&event=r0001a&lang={language}&theme={theme}")
    page.locator('[data-do="flag"]').click()
    assert violations(page, axe) == []
    page.locator('[data-flag="place"]').check()
    page.locator('[data-flag="save"]').click()
    assert violations(page, axe) == []
    page.locator('[data-tab="flags"]').click()
    assert violations(page, axe) == []


@pytest.mark.parametrize("tab", ["filters", "unlocated", "places", "about"])
def test_no_tab_breaks_a_rule_of_accessibility(open_map, events, toponyms, axe, tab) -> None:
    page = open_map(events, toponyms=toponyms, width=400, height=800)
    page.locator(f'[data-tab="{tab}"]').click()
    assert violations(page, axe) == []


@pytest.mark.parametrize("count", [0, 1])
def test_nearly_empty_pages_break_no_rule_either(open_map, events, axe, count) -> None:
    assert violations(open_map(events[:count]), axe) == []


def test_the_keyboard_alone_reaches_every_event(open_map, events) -> None:
    page = open_map(events, fragment="table=1")
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.cm-rows') !== null"):
            break
    else:
        pytest.fail("Tab never comes to the table")
    for _ in events:
        page.keyboard.press("Enter")
        row = page.evaluate("document.activeElement.closest('[data-row]').dataset.row")
        expect(page.locator(".cm-identity code")).to_have_text(row)
        reached.add(row)
        page.keyboard.press("ArrowDown")
    assert reached == {event.event_id for event in events}


def test_every_control_is_reached_by_tab_and_shows_it(open_map, events, toponyms) -> None:
    page = open_map(events, toponyms=toponyms, fragment="table=1")
    seen, hidden = set(), []
    for _ in range(150):
        page.keyboard.press("Tab")
        name, outline, html = page.evaluate(
            """() => {
              const node = document.activeElement;
              const part = node.closest('#cm-head, #cm-time, #cm-table, #cm-panel, .cm-key, .cm-fit, .leaflet-marker-icon');
              const ring = getComputedStyle(node).outlineStyle !== 'none' || node.matches('.cm-handle, .leaflet-container, [type=date]');
              return [part ? part.id || part.className.split(' ')[0] : node.tagName, ring, node.outerHTML.slice(0, 90)];
            }"""
        )
        seen.add(name)
        if not outline and name != "BODY":
            hidden.append(html)
    assert {"cm-head", "cm-time", "cm-table", "cm-panel", "cm-key", "cm-fit", "leaflet-marker-icon"} <= seen
    assert hidden == []


@pytest.mark.parametrize(
    "spoken",
    [
        ("en", "Search", "ltr"),
        ("ar", "بحث", "rtl"),
        ("fr", "Rechercher", "ltr"),
        ("ru", "Поиск", "ltr"),
        ("tr", "Ara", "ltr"),
    ],
)
def test_the_page_speaks_five_languages(open_map, events, toponyms, keep_picture, spoken) -> None:
    language, search, direction = spoken
    page = open_map(events, toponyms=toponyms)
    page.locator('[data-do="language"]').select_option(language)
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (language, direction)
    assert page.locator("#cm-search").get_attribute("aria-label") == search
    page.locator(".cm-list .cm-item").first.click()
    page.wait_for_selector(".cm-facts")
    page.locator('[data-do="flag"]').click()
    keep_picture(page, f"language-{language}")
    texts = page.locator("body").inner_text() + page.locator("#cm-panel").inner_text()
    assert "undefined" not in texts
    assert "{0}" not in texts
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_reader_s_browser_sets_the_language(open_map, events) -> None:
    assert open_map(events, context={"locale": "fr-CH"}).locator("html").get_attribute("lang") == "fr"
    assert open_map(events, context={"locale": "ja-JP"}).locator("html").get_attribute("lang") == "en"


def test_arabic_puts_the_panel_on_the_left_and_the_arrow_keys_follow(open_map, events) -> None:
    page = open_map(events, fragment="lang=ar&table=1")
    assert page.locator("#cm-panel").bounding_box()["x"] < page.locator(".folium-map").bounding_box()["x"]
    page.locator('[data-cell="0 0"]').focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.cell") == "0 1"
    page.locator('[data-tab="events"]').focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.tab") == "filters"


def test_night_follows_the_system_until_the_reader_chooses(open_map, events, keep_picture) -> None:
    page = open_map(events, context={"color_scheme": "dark"})
    html = page.locator("html")
    assert html.get_attribute("data-theme") == "dark"
    keep_picture(page, "dark")
    page.locator('[data-do="theme"]').click()
    assert html.get_attribute("data-theme") == "light"
    page.emulate_media(color_scheme="light")
    page.emulate_media(color_scheme="dark")
    assert html.get_attribute("data-theme") == "light"


def test_a_phone_shows_all_parts_without_scrolling_sideways(open_map, events, toponyms, keep_picture) -> None:
    page = open_map(events, toponyms=toponyms, width=360, height=740, fragment="table=1&lang=ru")
    keep_picture(page, "phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for part in ("#cm-head", ".folium-map", "#cm-time", "#cm-table", "#cm-panel"):
        assert page.locator(part).bounding_box()["height"] > 40


def test_text_of_articles_has_its_own_direction(open_map, make_event) -> None:
    text = "قصف على حلب (Aleppo) في 18 كانون الثاني"
    page = open_map([make_event(1, "Aleppo", summary=text, quote=text), make_event(2, "Daraa")], fragment="table=1")
    page.locator('[data-event="r0001a"]').click()
    page.wait_for_selector("blockquote")
    assert page.evaluate("getComputedStyle(document.querySelector('blockquote')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.cm-title')).direction") == "rtl"
