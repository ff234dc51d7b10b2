"""The picture in the README: a map of the examples, with the evidence of one event open.

    python benchmarks/picture.py [-o docs/map.png]

Needs Playwright (`pip install '.[test]'`) and Chromium on PATH. The event is the one that most reports tell of, so that
the picture shows how reports are put side by side.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

WIDTH, HEIGHT = 1280, 800
#: A README should open quickly.
MOST_BYTES = 400_000
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> str | None:
    parser = argparse.ArgumentParser(description="Takes the picture of a map that stands in the README.")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "map.png")
    output: Path = parser.parse_args().output
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return f"no browser: none of {', '.join(PROGRAMS)} is on PATH"
    sys.path.insert(0, str(ROOT))  # the packages of this checkout
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "map.html"
        event_id = make_map(page)
        take_picture(page, event_id, output, program)
    size = output.stat().st_size
    print(f"{output}: {size} bytes, event {event_id}")
    return f"{output}: larger than {MOST_BYTES} bytes" if size > MOST_BYTES else None


def make_map(page: Path) -> str:
    """Writes the map of the examples as `conflictmap map` does; gives the id of the event to open."""
    from geo.cli import cli
    from geo.table import rows_from_geojson

    events = page.with_suffix(".geojson")
    cli(["map", str(ROOT / "examples"), "-o", str(page)], standalone_mode=False)
    cli(["geocode", str(ROOT / "examples"), "-o", str(events)], standalone_mode=False)
    rows = [row for row in rows_from_geojson(events.read_text(encoding="utf-8")) if row["longitude"] is not None]
    return str(max(rows, key=lambda row: (row["n_reports"], row["event_id"]))["event_id"])


def take_picture(page_file: Path, event_id: str, output: Path, program: str) -> None:
    """Opens the page without a network, the event in its panel, and saves what the window shows."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB")
        context.set_offline(True)
        page = context.new_page()
        page.goto(page_file.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        page.locator(f'.cm-item[data-event="{event_id}"]').click()
        page.wait_for_selector("blockquote")
        page.locator(".cm-claims").first.evaluate("table => table.previousElementSibling.scrollIntoView()")
        page.locator(".cm-body").evaluate("body => { body.scrollTop -= 48; }")  # the bar at its top stays in place
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)  # the map's own movements
        page.screenshot(path=output)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
