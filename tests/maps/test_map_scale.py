"""Many events on one page: columns that come back as they were, and a page that says the same in both forms."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zlib
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maps import EventLayer, Map, layers, render
from maps.columns import encode7, pack_blocks, packed_columns, packed_rows
from maps.entries import Mark, Quote, in_utf16
from maps.page import self_contained

# --- what the page does in static/columns.js, in Python ----------------------------------------------------------------


def decode7(text: str) -> bytes:
    for plain, escaped in (("\0", "~a"), ("\r", "~b"), ("<", "~c"), ("~", "~d")):
        text = text.replace(escaped, plain)
    bits = "".join(f"{ord(letter):07b}" for letter in text)
    return bytes(int(bits[k : k + 8], 2) for k in range(0, len(bits) - 7, 8))


class Reader:
    def __init__(self, part: bytes) -> None:
        header, _, self.body = part.partition(b"\n")
        self.header = json.loads(header)
        self.at = 0

    def take(self, size: int) -> bytes:
        self.at += size
        return self.body[self.at - size : self.at]

    def numbers(self, count: int, width: int) -> list[int]:
        planes = [self.take(count) for _ in range(width)]
        return [sum(plane[i] << (8 * place) for place, plane in enumerate(planes)) for i in range(count)]

    def columns(self, table: dict) -> dict[str, list]:
        return {name: self.column(node, table["n"]) for name, node in table["of"].items()}

    def column(self, node: dict, count: int) -> list:
        if "list" in node:
            return node["list"]
        if "hex" in node:
            return [node["begin"] + self.take(node["hex"]).hex() for _ in range(count)]
        if "values" in node:
            return [node["values"][i] for i in self.numbers(count, node["int"])]
        if "int" in node:
            raw = self.numbers(count, node["int"])
            return [None if k == 0 else (k - 1 + node["from"]) / node["by"] for k in raw]
        lengths = [int(length) for length in self.column(node["has"], count)]
        if "each" in node:
            held = iter(self.column(node["each"], sum(lengths)))
            return [[next(held) for _ in range(length)] for length in lengths]
        columns = self.columns(node["row"] if "row" in node else node["rows"])
        rows = iter([dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)])
        if "row" in node:
            return [next(rows) if length else None for length in lengths]
        return [[next(rows) for _ in range(length)] for length in lengths]


def unpacked(part: bytes) -> dict[str, list]:
    reader = Reader(part)
    found = reader.columns(reader.header)
    assert reader.at == len(reader.body)
    return found


@given(st.binary(max_size=300))
def test_bytes_come_back_from_letters_that_a_script_may_hold(data: bytes) -> None:
    text = encode7(data).decode("ascii")
    assert decode7(text) == data
    assert not set(text) & set("\0\r<")


TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=8)
VALUES = st.one_of(
    st.lists(st.none() | st.integers(-(2**33), 2**33), min_size=1, max_size=30),
    st.lists(st.none() | st.integers(-200, 200), min_size=1, max_size=30),
    st.lists(st.none() | st.floats(-180, 180).map(lambda number: round(number, 5)), min_size=1, max_size=30),
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30),
    st.lists(st.none() | TEXTS, min_size=1, max_size=30),
    st.lists(st.none() | st.sampled_from(["Battles", "Riots", ""]), min_size=1, max_size=30),
    st.lists(st.from_regex("e[0-9a-f]{15}", fullmatch=True), min_size=1, max_size=30),
    st.lists(st.lists(TEXTS, max_size=3).map(tuple), min_size=1, max_size=30),
)


@given(VALUES)
@example([2e306, 0.5])
def test_a_column_comes_back_as_it_was(values: list) -> None:
    found = unpacked(packed_columns({"only": values}))["only"]
    assert [list(value) if isinstance(value, tuple) else value for value in values] == found


class Leaf(NamedTuple):
    name: str | None
    size: int


class Tree(NamedTuple):
    first: Leaf | None
    leaves: tuple[Leaf, ...]
    words: tuple[str, ...]


LEAVES = st.builds(Leaf, st.none() | TEXTS, st.integers(0, 70_000))


@given(
    st.lists(
        st.builds(Tree, st.none() | LEAVES, st.lists(LEAVES, max_size=3).map(tuple), st.just(("a", "b"))), min_size=1
    )
)
def test_rows_within_rows_come_back_as_they_were(rows: list[Tree]) -> None:
    found = unpacked(packed_rows(rows))
    assert found["first"] == [None if row.first is None else row.first._asdict() for row in rows]
    assert [list(leaves) for leaves in found["leaves"]] == [[leaf._asdict() for leaf in row.leaves] for row in rows]
    assert found["words"] == [["a", "b"]] * len(rows)


def test_a_lone_surrogate_is_packed_as_an_escape() -> None:
    assert unpacked(packed_columns({"only": ["broken \ud800 letter", "حلب"]}))["only"] == [
        "broken \ud800 letter",
        "حلب",
    ]


def test_blocks_are_deflated_in_their_order() -> None:
    parts = [bytes([number]) * 1000 for number in range(20)]
    assert [zlib.decompress(decode7(block)) for block in pack_blocks(iter(parts))] == parts


def test_marks_count_as_the_page_does() -> None:
    quote = Quote("🙂 al-Bab 🙂 fell", (Mark(2, 6, "place"), Mark(11, 4, "trigger")))
    assert in_utf16(quote).marks == (Mark(3, 6, "place"), Mark(13, 4, "trigger"))
    plain = Quote("الباب fell", (Mark(0, 5, "place"),))
    assert in_utf16(plain) is plain


# --- pages -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(make_event, events):
    extra = [
        make_event(21, "al-Bab", quote="🙂 On Wednesday 🙂 at al-Bab at least 14 died", reports=3, claims=True),
        make_event(22, "Aleppo", actors=(), title=None, publisher=None, url="javascript:alert(1)"),
    ]
    return [*events, *extra]


def test_a_packed_page_is_the_same_every_time_and_holds_no_plain_quote(mixed, monkeypatch) -> None:
    monkeypatch.setattr(layers, "PLAIN_EVENTS", 5)
    monkeypatch.setattr(layers, "CHUNK", 7)
    page = render(mixed)
    assert page == render(list(reversed(mixed)))
    assert "On Wednesday" not in page
    assert len(re.findall(r'<script type="application/octet-stream" id="event_layer_\d+_details_\d+">', page)) == 3
    for block in re.findall(r'<script type="application/octet-stream"[^>]*>(.*?)</script>', page, re.DOTALL):
        assert block.isascii()
        assert zlib.decompress(decode7(block))


def test_many_events_take_few_bytes(make_event) -> None:
    places = ["Aleppo", "al-Bab", "Palmyra", "Damascus", "Daraa"]
    few, many = (len(render([make_event(n, places[n % 5]) for n in range(count)])) for count in (0, 3000))
    assert (many - few) / 3000 < 100


def test_rows_and_events_share_a_page(make_event) -> None:
    row = {"event_id": "row", "longitude": 37.5, "latitude": 36.4, "date_start": "2017-01-18", "actors": "One; Two"}
    page = render([make_event(1, "Aleppo"), row])
    assert '"id":["r0001a","row"]' in page
    assert '["One","Two"]' in page


def test_the_collector_of_cycles_is_left_as_it_was(make_event) -> None:
    program = "import gc, maps; gc.disable(); maps.render([]); assert not gc.isenabled(); gc.enable(); maps.render([]); assert gc.isenabled()"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)


def test_tiles_need_an_address_and_their_attribution() -> None:
    url = "https://{s}.tiles.example.org:8443/{z}/{x}/{y}.png?key=a&b=c"
    page = render([], tiles=url, attribution="</script><b>Makers</b>")
    hosts = " ".join(f"https://{letter}.tiles.example.org:8443" for letter in "abc")
    assert f"img-src data: {hosts};" in page
    assert "<b>Makers" not in page
    with pytest.raises(ValueError, match="attribution"):
        render([], tiles=url)


@pytest.mark.parametrize(
    "tiles",
    ["tiles.example.org/{z}/{x}/{y}", "https://tiles.example.org/{z}/{x}", "javascript:alert(1)/{z}/{x}/{y}", "https://*/{z}/{x}/{y}",
     "https://a.example.org; script-src *//{z}/{x}/{y}", 'https://a.example.org/{z}/{x}/{y}"', "//a.example.org/{z}/{x}/{y}"],
)  # fmt: skip
def test_what_is_no_address_of_tiles_is_refused(tiles: str) -> None:
    with pytest.raises(ValueError, match="give an address such as"):
        render([], tiles=tiles, attribution="Makers")


def test_a_page_without_tiles_asks_no_host() -> None:
    assert re.search(r"img-src data:[^;]*;", render([]))[0].split()[1:] in (["data:;"], ["data:", "blob:;"])


def test_the_layer_goes_on_a_map_of_ones_own_and_twice_rendered_is_the_same(events) -> None:
    import folium

    the_map = folium.Map(location=[35, 38], zoom_start=6, tiles=None)
    assert EventLayer(events, title="Mine").add_to(the_map) is not None
    folium.Marker([35, 38]).add_to(the_map)
    page = the_map.get_root().render()
    assert page == the_map.get_root().render()
    assert page.count('<header id="cm-head">') == 1
    assert '"title":"Mine"' in page


def test_a_map_shows_itself_in_a_frame_that_reads_nothing(events, tmp_path) -> None:
    shown = Map(events, title='A "title" <b>')
    frame = shown._repr_html_()
    assert re.match(r'<iframe sandbox="allow-scripts [a-z -]*" style="[^"]*" srcdoc="&lt;!DOCTYPE', frame)
    assert "allow-same-origin" not in frame
    assert frame.count('"') == 6
    shown.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == shown.html == render(events, title='A "title" <b>')


# --- in a browser -----------------------------------------------------------------------------------------------------

READ = """async () => {
  const name = Object.keys(window).find((key) => /^map_/.test(key) && window[key]?.setZoom);
  const { book } = window[name].conflictmapPage;
  const details = [];
  for (let i = 0; i < book.count; i++) details.push(await book.detailsOf(i));
  const { spot, ...events } = book.events;
  return { events, details };
}"""


def pruned(value: object) -> object:
    if isinstance(value, dict):
        held = {name: pruned(inner) for name, inner in value.items()}
        return {name: inner for name, inner in held.items() if inner or inner == 0}
    return [pruned(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.browser
def test_a_packed_page_says_what_the_plain_one_says(open_map, mixed, monkeypatch) -> None:
    plain = open_map(mixed).evaluate(READ)
    monkeypatch.setattr(layers, "PLAIN_EVENTS", 5)
    monkeypatch.setattr(layers, "CHUNK", 7)
    packed = open_map(mixed).evaluate(READ)
    assert packed["events"] == plain["events"]
    assert pruned(packed["details"]) == pruned(plain["details"])
    assert sum("quote" in report for each in plain["details"] for report in each["reports"]) == 25


@pytest.mark.browser
def test_the_layer_runs_on_a_map_of_ones_own(browser, events, tmp_path) -> None:
    import folium

    the_map = folium.Map(location=[35, 38], zoom_start=6, tiles=None, attributionControl=False)
    EventLayer(events, title="Mine").add_to(the_map)
    (tmp_path / "own.html").write_text(self_contained(the_map.get_root().render()), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "own.html").as_uri())
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator(".leaflet-marker-icon").count() > 2
    page.close()


@pytest.mark.browser
def test_the_frame_of_a_notebook_runs_the_page(browser, events, tmp_path) -> None:
    (tmp_path / "notebook.html").write_text(
        f"<!DOCTYPE html><body>{Map(events)._repr_html_()}</body>", encoding="utf-8"
    )
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "notebook.html").as_uri())
    frame = page.frame_locator("iframe")
    frame.locator(".leaflet-marker-icon").first.wait_for()
    frame.locator('.cm-item[data-event="r0002a"]').click()
    frame.locator("blockquote").first.wait_for()
    assert errors == []
    page.close()
