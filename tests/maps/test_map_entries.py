"""What the page knows of an event: quotes cut at their spans, links, rows of a table."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import CodeError, InputError
from geo.event import EVENT_TYPES, LEVELS, Evidence, Span
from maps.entries import Quote, entries_of, marked_quote, quote_of, safe_url, tidy
from maps.style import TYPE_STYLES, page_style, symbol_kind

SENTENCE = "Fourteen people were killed in al-Fu'ah 🙂 on Wednesday."


@given(st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70), st.sampled_from(["place", "date"])), max_size=6))
def test_the_pieces_of_a_quote_join_to_the_quote(cuts: list[tuple[int, int, str]]) -> None:
    spans = tuple(Span(kind, 1000 + start, 1000 + end) for start, end, kind in cuts)
    pieces = marked_quote(quote_of(Evidence("a", 1000, 1000 + len(SENTENCE), SENTENCE, spans)))
    assert "".join(text for text, _ in pieces) == SENTENCE


def test_overlapping_spans_mark_the_same_words_twice() -> None:
    start = SENTENCE.index("Fourteen people")
    spans = (Span("target", start, start + 15), Span("number", start, start + 8))
    pieces = marked_quote(quote_of(Evidence("a", 0, len(SENTENCE), SENTENCE, spans)))
    assert pieces[:2] == [["Fourteen", ["number", "target"]], [" people", ["target"]]]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//example.org/a", "file:///etc/passwd", "java\nscript:alert(1)", "http:",
     " https://example.org", "https://exa mple.org", "https://[broken", ""],
)  # fmt: skip
def test_a_link_that_is_not_plain_http_is_no_link(url: str) -> None:
    assert safe_url(url) is None


def test_events_stand_by_date_and_the_undated_last(events) -> None:
    starts = [entry.start for entry in entries_of(events)]
    dated = [start for start in starts if start is not None]
    assert dated == sorted(dated)
    assert starts[len(dated) :] == [None] * (len(starts) - len(dated))


def test_an_unlocated_event_keeps_its_reason_and_gets_no_point(make_event) -> None:
    (entry,) = entries_of([make_event(1, None)])
    assert (entry.lon, entry.lat, entry.level) == (None, None, None)
    assert entry.unlocated_reason == "the sentence names no place that could be fixed"


def test_every_type_has_its_own_colour_and_its_own_shape() -> None:
    assert [style.event_type for style in TYPE_STYLES] == list(EVENT_TYPES)
    assert (
        len({style.colour for style in TYPE_STYLES}) == len({style.shape for style in TYPE_STYLES}) == len(TYPE_STYLES)
    )


@pytest.mark.parametrize("level", list(LEVELS))
def test_only_settlements_sites_and_near_ones_look_like_a_point(level: str) -> None:
    assert (symbol_kind(level) in ("point", "near")) == (level in ("settlement", "site", "near"))


def test_an_unknown_level_has_no_symbol() -> None:
    with pytest.raises(CodeError, match="galaxy"):
        symbol_kind("galaxy")


def test_the_style_lists_levels_in_the_order_of_the_codebook() -> None:
    assert [item["level"] for item in page_style()["levels"]] == list(LEVELS)


# --- rows -------------------------------------------------------------------------------------------------------------


def frame_of(**columns):
    geopandas = pytest.importorskip("geopandas")
    points = geopandas.points_from_xy(columns.pop("lon"), columns.pop("lat"))
    shapes = [None if point.is_empty else point for point in points]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def test_a_row_gives_what_its_columns_hold() -> None:
    frame = frame_of(
        lon=[37.5, None],
        lat=[36.4, None],
        event_id=["a", "b"],
        date_start=["2017-01-18", None],
        date_end=["2017-01-19", None],
        place=["Al Bāb", None],
        event_type=["Battles", "Battles"],
        sub_event_type=["Armed clash", "Armed clash"],
        summary=["Clashes at al-Bab", "Clashes somewhere"],
        killed_low=[3, None],
        killed_high=[5, None],
        casualty_words=["dozens wounded", None],
        location_level=["settlement", None],
        radius_km=[1.0, None],
        country=["SY", None],
        sources=["Agency; Daily", None],
        urls=["https://example.org/1; javascript:alert(1)", None],
        published=["2017-01-19; 2017-01-20", None],
        quote=["There were clashes.", None],
        unlocated_reason=[None, "no place named"],
    )
    located, unlocated = entries_of(frame)
    assert (located.event_id, located.start, located.end) == ("a", date(2017, 1, 18), date(2017, 1, 19))
    assert (located.lon, located.lat, located.level) == (37.5, 36.4, "settlement")
    assert tidy(located.details.claims) == [
        {"kind": "killed", "low": 3, "high": 5},
        {"kind": "words", "words": "dozens wounded"},
    ]
    assert (located.sources, located.killed) == (("Agency", "Daily"), 3)
    first, second = located.details.reports
    assert (first.publisher, first.url, first.quote) == (
        "Agency",
        "https://example.org/1",
        Quote("There were clashes."),
    )
    assert (second.url, second.url_text) == (None, "javascript:alert(1)")
    assert (unlocated.lon, unlocated.unlocated_reason) == (None, "no place named")


def test_missing_columns_are_unknown_and_not_made_up() -> None:
    (entry,) = entries_of(frame_of(lon=[37.5], lat=[36.4], event_id=["a"], sub_event_type=["Armed clash"]))
    assert (entry.event_type, entry.start, entry.place, entry.country) == ("Battles", None, None, None)
    assert tidy(entry.details) == {}
    assert (entry.actors, entry.sources, entry.killed) == ((), (), None)


def test_an_area_as_geometry_is_drawn_at_a_point_inside_it() -> None:
    geopandas = pytest.importorskip("geopandas")
    from shapely import box

    frame = geopandas.GeoDataFrame({"event_id": ["a"], "location_level": ["adm1"]}, geometry=[box(36, 35, 38, 36)])
    (entry,) = entries_of(frame)
    assert 36 < entry.lon < 38
    assert 35 < entry.lat < 36


@pytest.mark.parametrize(
    ("column", "value"), [("location_level", "galaxy"), ("date_start", "yesterday"), ("radius_km", "far")]
)
def test_a_column_that_holds_what_it_cannot_is_named(column: str, value: str) -> None:
    with pytest.raises(InputError, match=f"{column}.*{value}"):
        entries_of(frame_of(lon=[37.5], lat=[36.4], **{column: [value]}))
