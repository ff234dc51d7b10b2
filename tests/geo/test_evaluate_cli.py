"""`conflictmap evaluate`: what it prints and writes, what it says of bad input, and the map of errors in a browser."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo.cli import cli

TEXT = "Shells fell on Homs on Monday. A convoy reached Paris. Jordan Smith left Zzyzzk."

#: Texts that would run in a page or in a spreadsheet.
HOSTILE = "=cmd()</script><img src=x onerror=alert(1)>{{ 7*7 }}"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["evaluate", *map(str, arguments)])


def gold_line(document_id: str, text: str, *names: tuple[str, float | None, float | None]) -> str:
    toponyms = [
        {"start": text.index(name), "end": text.index(name) + len(name), "text": name, "lat": lat, "lon": lon,
         "kind": "unlocated" if lat is None else "P.PPL"}
        for name, lat, lon in names
    ]  # fmt: skip
    return json.dumps({"id": document_id, "text": text, "toponyms": toponyms}) + "\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        gold_line("a", TEXT, ("Homs", 34.7268, 36.7234), ("Paris", 33.66, -95.55), ("Zzyzzk", None, None))
        + gold_line("b", "It was quiet in Hama.", ("Hama", 35.13, 36.75)),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    path = tmp_path / "p.jsonl"
    toponyms = [
        {"start": 15, "end": 19, "lat": 34.7, "lon": 36.7, "name": "Homs", "role": "mention", "confidence": "high"},
        {"start": 48, "end": 53, "lat": 48.86, "lon": 2.35, "name": HOSTILE, "role": "mention", "confidence": "low"},
        {"start": 55, "end": 61, "lat": 31.0, "lon": 36.0, "role": "demonym", "confidence": "low"},
    ]
    path.write_text(json.dumps({"id": "a", "toponyms": toponyms}) + "\n", encoding="utf-8")
    return path


@pytest.mark.usefixtures("world")
def test_predictions_are_scored_and_printed(gold: Path, predictions: Path) -> None:
    result = run(gold, "--predictions", predictions, "--by-kind", "--ci", "20")
    assert result.exit_code == 0, result.output
    assert "recognition overlap  P 0.667  R 0.500  F1 0.571   (right 2, predicted 3, labelled 4)" in result.stdout
    assert "end to end           P 0.333  R 0.333  F1 0.333   (right 1, placed 3, labelled 3)" in result.stdout
    assert "same country all     0.500   (1 of 2 whose country is known)" in result.stdout
    assert "95 % interval over documents" in result.stdout
    assert "P.PPL" in result.stdout
    assert "2 documents: 2 missed, 1 spurious, 1 wrong place" in result.stderr


@pytest.mark.usefixtures("world")
def test_json_has_all_measures(gold: Path, predictions: Path) -> None:
    values = json.loads(run(gold, "--predictions", predictions, "--json", "--ci", "5").stdout)
    assert set(values) == {
        "recognition", "resolution", "end_to_end", "by_kind", "country", "calibration", "roles", "interval95"
    }  # fmt: skip
    assert values["roles"]["demonym"] == {"predicted": 1, "on_gold": 0, "hit": 0}


@pytest.mark.usefixtures("world")
def test_roles_that_the_labels_do_not_mark_are_left_out(gold: Path, predictions: Path) -> None:
    values = json.loads(run(gold, "--predictions", predictions, "--json", "--roles", "mention,event").stdout)
    assert values["recognition"]["overlap"]["predicted"] == 2


@pytest.mark.usefixtures("world")
def test_without_predictions_we_read_the_texts_ourselves(gold: Path, tmp_path: Path) -> None:
    ours = run(gold, "--json")
    read = tmp_path / "read.jsonl"
    CliRunner().invoke(cli, ["toponyms", str(gold), "-o", str(read)])
    assert ours.exit_code == 0, ours.output
    assert ours.stdout == run(gold, "--predictions", read, "--json").stdout
    assert json.loads(ours.stdout)["recognition"]["overlap"]["tp"] >= 2


@pytest.mark.usefixtures("world")
def test_errors_become_a_table_that_no_spreadsheet_runs(gold: Path, predictions: Path, tmp_path: Path) -> None:
    table = tmp_path / "errors.csv"
    assert run(gold, "--predictions", predictions, "--errors", table).exit_code == 0
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["document"], row["error"], row["text"]) for row in rows] == [
        ("a", "wrong place", "Paris"), ("a", "spurious", "Jordan"), ("a", "missed", "Zzyzzk"), ("b", "missed", "Hama")
    ]  # fmt: skip
    assert rows[0]["place"] == f"'{HOSTILE}"
    assert 7500 < float(rows[0]["km"]) < 8200
    assert (rows[0]["gold_longitude"], rows[0]["predicted_longitude"]) == ("-95.55", "2.35")
    assert rows[1]["context"].startswith("Monday. A convoy") or "Jordan Smith left" in rows[1]["context"]


@pytest.mark.usefixtures("world")
def test_bad_lines_are_said_one_by_one_and_nothing_is_scored(gold: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "a", "toponyms": []}\n{\n{"id": "c", "toponyms": []}\n{"toponyms": []}\n', encoding="utf-8")
    result = run(gold, "--predictions", bad)
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines[:3]] == [f"{bad}:2", f"{bad}:3", f"{bad}:4"]
    assert lines[3] == "nothing was scored: mend 3 lines"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no labelled document"),
        (b'{"id": "a", "text": "b"}\n', 'no list "toponyms" (the keys are "id", "text")'),
        (b'{"id": "a", "toponyms": [], "text": "\xff"}\n', ":1: not UTF-8 (byte 0xff)"),
        (b'{"id": "a", "toponyms": []}\n', "document 'a' has no \"text\" to read"),
    ],
)
@pytest.mark.usefixtures("world")
def test_bad_gold_files_end_with_one_line(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_file_and_an_output_over_an_input_are_refused(gold: Path, tmp_path: Path) -> None:
    assert "there is no such file" in run(tmp_path / "none.jsonl").stderr
    before = gold.read_bytes()
    assert "this is an input" in run(gold, "--errors", gold).stderr
    assert gold.read_bytes() == before


# --- the map --------------------------------------------------------------------------------------------------------


@pytest.fixture
def error_map(world: object, gold: Path, predictions: Path, tmp_path: Path) -> Path:
    page = tmp_path / "errors.html"
    result = run(gold, "--predictions", predictions, "--map", page)
    if "buildtools" in result.output:
        pytest.skip("the page's assets are not built")
    assert result.exit_code == 0, result.output
    return page


def test_the_map_holds_no_link_and_no_text_that_runs(error_map: Path) -> None:
    page = error_map.read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert 'src="http' not in page
    assert "default-src 'none'" in page


@pytest.mark.browser
def test_the_map_joins_label_and_prediction_offline(error_map: Path) -> None:
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(names)} is on PATH")
    seen: list[str] = []
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context()
        context.set_offline(True)
        page = context.new_page()
        page.on("request", lambda request: seen.append(request.url) if request.url != error_map.as_uri() else None)
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
        page.goto(error_map.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        entries = page.locator("#list button")
        assert entries.count() == 4
        assert HOSTILE in entries.first.inner_text()
        entries.first.click()
        assert "wrong place" in page.locator(".leaflet-popup").inner_text()
        page.get_by_label("missed (2)").uncheck()
        assert entries.count() == 2
        browser.close()
    assert seen == []


# --- events ---------------------------------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "../shared/tools"


@pytest.fixture(scope="module")
def geocoded(world: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The events of some examples as `conflictmap geocode` writes them."""
    articles = sorted((ROOT / "examples").glob("0*.txt"))
    if not articles:
        pytest.skip("the examples are only in a source tree")
    path = tmp_path_factory.mktemp("events") / "events.geojson"
    assert CliRunner().invoke(cli, ["geocode", *map(str, articles), "-o", str(path)]).exit_code == 0
    return path


@pytest.fixture(scope="module")
def event_gold(geocoded: Path) -> Path:
    """Labels made from the same events, with something wrong in most of them."""
    labels: dict[str, list[dict[str, object]]] = {"no-event": []}
    for n, feature in enumerate(json.loads(geocoded.read_text(encoding="utf-8"))["features"]):
        facts, geometry = feature["properties"], feature["geometry"]
        if geometry is None or facts["date_start"] is None or n % 5 == 0:
            continue
        lon, lat = geometry["coordinates"]
        labels.setdefault(facts["article_ids"].split("; ")[0], []).append(
            {
                "id": f"e{n}", "type": facts["event_type"] if n % 3 else "Protests", "sub_type": facts["sub_event_type"],
                "date_start": facts["date_start"], "date_end": facts["date_end"] or facts["date_start"],
                "date_precision": "day", "place": facts["place"], "country": "Syria",
                "lat": lat + (n % 4) * 0.09 + n / 1e4, "lon": lon,
                "geo_precision": "town", "fatalities": facts["killed_low"], "injured": None, "core": n % 2 == 0,
            }
        )  # fmt: skip
    path = geocoded.with_name("gold.jsonl")
    path.write_text("".join(json.dumps({"doc": d, "events": e}) + "\n" for d, e in labels.items()), encoding="utf-8")
    return path


def test_events_are_scored_and_their_errors_listed(event_gold: Path, geocoded: Path, tmp_path: Path) -> None:
    table, page = tmp_path / "errors.csv", tmp_path / "errors.html"
    result = run(event_gold, "--predictions", geocoded, "--errors", table, "--map", page)
    assert result.exit_code == 0, result.output
    assert "recall of core events" in result.stdout
    with table.open(encoding="utf-8", newline="") as stream:
        errors = {row["error"] for row in csv.DictReader(stream)}
    assert {"wrong type", "false"} <= errors <= {"missed", "wrong type", "wrong place", "false", "duplicate"}
    assert "default-src 'none'" in page.read_text(encoding="utf-8")


def test_events_in_lines_of_their_documents_are_predictions_too(event_gold: Path) -> None:
    values = json.loads(run(event_gold, "--predictions", event_gold, "--json").stdout)
    assert values["f1"] == values["f1_typed"] == values["exact_date"] == 1.0


def test_geojson_is_scored_as_by_the_scorer_of_the_coding_guide(
    event_gold: Path, geocoded: Path, tmp_path: Path
) -> None:
    if not (TOOLS / "score_events.py").is_file():
        pytest.skip("the scorer of the coding guide is not here: ../shared/tools/score_events.py")

    def tool(name: str, *arguments: Path | str) -> str:
        command = [sys.executable, str(TOOLS / name), *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    by_document = tmp_path / "by_document.jsonl"
    by_document.write_text(tool("events_by_doc.py", geocoded, event_gold), encoding="utf-8")
    theirs = json.loads(tool("score_events.py", by_document, "--gold", event_gold, "--json"))
    ours = json.loads(run(event_gold, "--predictions", geocoded, "--json").stdout)
    assert theirs.pop("unknown_pred_docs") == []
    assert theirs["any_hit"] > 5
    for name in ("median_km", "median_km_town"):  # the scorer's earth is 9 m smaller
        assert ours[name] == pytest.approx(theirs.pop(name), rel=1e-5)
    assert {name: ours[name] for name in theirs} == theirs


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "write events with 'conflictmap geocode"),
        (["--ci", "5"], "--ci is for labelled toponyms"),
        (["--roles", "event"], "--roles is for labelled toponyms"),
    ],
)
def test_what_cannot_be_done_with_events_is_said(arguments: list[str], said: str, event_gold: Path) -> None:
    result = run(event_gold, *arguments)
    assert result.exit_code == 1
    assert said in result.stderr


def test_predicted_documents_that_are_not_labelled_are_refused(event_gold: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text('{"doc": "other", "events": []}\n', encoding="utf-8")
    assert "the document 'other' is none of the labelled ones" in run(event_gold, "--predictions", other).stderr
