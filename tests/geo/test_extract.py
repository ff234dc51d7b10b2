"""Articles to event reports: what happened, where, when, to whom, with what toll, and what did not happen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from event_cases import toll_of, written
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from geo.event import Article, Report
from geo.pipeline import Reading, read_article

CASES = Path(__file__).with_name("cases_events.txt")
WEDNESDAY = date(2017, 3, 1)


def _cases() -> list[tuple[str, str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(published, text, expected.strip()) for published, text, expected in rows]


def read(text: str, world: Gazetteer, *, published: date | None = WEDNESDAY) -> Reading:
    return read_article(Article(id="a", text=text, published=published), world)


def only(reading: Reading) -> Report:
    (report,) = reading.reports
    return report


def codes(report: Report) -> set[str]:
    return {reason.code for reason in report.confidence.reasons}


@pytest.mark.parametrize(("published", "text", "expected"), _cases())
def test_events_of_an_article(published: str, text: str, expected: str, world: Gazetteer) -> None:
    reading = read(text, world, published=None if published == "-" else date.fromisoformat(published))
    wanted = [] if expected == "-" else expected.split(" || ")
    likes = [*wanted, *[""] * len(reading.reports)]
    assert [written(r, like=like) for r, like in zip(reading.reports, likes, strict=False)] == wanted


# Evidence --------------------------------------------------------------------------------------------------------------

PACKED = (
    "File photo of a street in Homs [Agency]\n\n"
    "Russian jets bombed the town of al-Bab in Syria on Tuesday, killing 12 people and wounding 30. "
    "The strike destroyed 36 targets, a spokesman said.\n\n"
    "Meanwhile, clashes between rebels and government forces broke out near Palmyra on Sunday.\n"
)


def test_evidence_slices_back(world: Gazetteer) -> None:
    reading = read(PACKED, world)
    assert len(reading.reports) == 2
    for report in reading.reports:
        for evidence in (report.evidence, *report.also, *[c.evidence for c in report.claims if c.evidence]):
            assert PACKED[evidence.start : evidence.end] == evidence.quote
            assert all(evidence.start <= s.start < s.end <= evidence.end for s in evidence.spans)
        words = {s.kind: PACKED[s.start : s.end] for s in report.evidence.spans}
        assert words["trigger"] in ("bombed", "clashes")
        assert words["place"] in ("al-Bab", "Palmyra")
        assert words["date"] in ("on Tuesday", "on Sunday")


def test_a_sentence_on_the_same_event_joins_it(world: Gazetteer) -> None:
    first = read(PACKED, world).reports[0]
    assert "36 targets" in first.figures
    assert any("36 targets" in evidence.quote for evidence in first.also)


def test_no_event_is_read_from_a_caption(world: Gazetteer) -> None:
    text = "A photo taken on 3 May shows smoke after jets bombed the town of Saraqib in Syria (AFP)\n\nIt rained on Monday."
    assert read(text, world).reports == ()


def test_the_place_of_an_event_has_its_role(world: Gazetteer) -> None:
    roles = {t.text: t.role for t in read(PACKED, world).toponyms}
    assert roles["al-Bab"] == "event"
    assert roles["Palmyra"] == "event"
    assert roles["Homs"] == "mention"
    assert roles["Russian"] == "demonym"


def test_report_ids_do_not_change(world: Gazetteer) -> None:
    ids = [r.report_id for r in read(PACKED, world).reports]
    assert ids == [r.report_id for r in read(PACKED, world).reports]
    assert len(set(ids)) == len(ids)
    other = read_article(Article(id="b", text=PACKED, published=WEDNESDAY), world)
    assert not set(ids) & {r.report_id for r in other.reports}


# Inheritance -----------------------------------------------------------------------------------------------------------

TOLD = "Syrian jets bombed the town of Saraqib on Monday. Shelling later killed four people."


def test_an_inherited_place_lowers_confidence_and_says_so(world: Gazetteer) -> None:
    first, second = read(TOLD, world).reports
    assert first.location is not None
    assert second.location is not None
    assert second.location.place == first.location.place
    assert "inherited-place" in codes(second)
    assert "inherited-place" not in codes(first)
    assert second.confidence.score < first.confidence.score


@pytest.mark.parametrize("opening", ["Meanwhile,", "Elsewhere,", "Separately,", "In a separate incident,"])
def test_a_second_story_inherits_nothing(opening: str, world: Gazetteer) -> None:
    reading = read(f"Syrian jets bombed the town of Saraqib on Monday. {opening} shelling killed four people.", world)
    second = reading.reports[1]
    assert second.location is None
    assert second.when is not None
    assert second.when.method == "publication_date"


def test_an_inherited_date_says_so(world: Gazetteer) -> None:
    second = read(TOLD, world).reports[1]
    assert second.when is not None
    assert second.when.start == date(2017, 2, 27)
    assert "inherited-date" in codes(second)


def test_the_day_of_publication_is_named_as_such(world: Gazetteer) -> None:
    report = only(read("Syrian jets bombed the town of Saraqib.", world))
    assert report.when is not None
    assert report.when.method == "publication_date"
    assert "publication-date" in codes(report)


def test_an_unlocated_event_says_why(world: Gazetteer) -> None:
    report = only(read("Jets bombed a hospital on Monday.", world))
    assert report.location is None
    assert report.unlocated_reason
    assert "unlocated" in codes(report)


# Families --------------------------------------------------------------------------------------------------------------


def test_several_places_of_one_event_share_a_family(world: Gazetteer) -> None:
    text = "Armed groups stopped 23 buses in the villages of al-Fu'ah and Kefraya in the province of Idlib on Monday."
    reports = read(text, world).reports
    assert len(reports) == 2
    assert len({r.family for r in reports}) == 1
    assert len({r.report_id for r in reports}) == 2


def test_the_toll_of_a_family_is_counted_once(world: Gazetteer) -> None:
    text = "Jets bombed the villages of al-Fu'ah and Kefraya in the province of Idlib on Monday, killing 12 people."
    reports = read(text, world).reports
    assert [toll_of(r.claims, "killed") for r in reports] == ["12", ""]


# Dates -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["on Monday", "yesterday", "last week", "on 12 February", "in September", "two days ago"]
)
def test_without_a_publication_date_no_date_is_made_up(words: str, world: Gazetteer) -> None:
    assert only(read(f"Syrian jets bombed the town of Saraqib {words}.", world, published=None)).when is None


@pytest.mark.parametrize("words", ["on 12 February 2017", "on February 12, 2017"])
def test_a_full_date_needs_no_publication_date(words: str, world: Gazetteer) -> None:
    when = only(read(f"Syrian jets bombed the town of Saraqib {words}.", world, published=None)).when
    assert when is not None
    assert when.start == when.end == date(2017, 2, 12)


@pytest.mark.parametrize(
    ("words", "prominence"),
    [("on Monday", "main"), ("last week", "main"), ("on 24 August", "background"), ("in 2015", "background")],
)
def test_what_is_long_past_is_background(words: str, prominence: str, world: Gazetteer) -> None:
    assert only(read(f"Syrian jets bombed the town of Saraqib {words}.", world)).prominence == prominence


def test_an_event_after_publication_is_planned(world: Gazetteer) -> None:
    reading = read("Syrian jets bombed the town of Saraqib on 12 May 2017.", world)
    assert reading.reports == ()
    assert [r.reason.code for r in reading.rejected] == ["planned"]


# What did not happen ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The Syrian army will launch an offensive on the town of Saraqib.", "planned"),
        ("Turkey threatened to launch an offensive against Manbij in Syria.", "threatened"),
        ("The army denied that it had bombed the town of Saraqib in Syria.", "negated"),
        ("If rebels shelled Damascus, the army would respond.", "hypothetical"),
        ("Rights groups condemned air strikes in Syria.", "reference"),
        ("Leaders discussed air strikes in Syria.", "generic"),
        ("The finance minister launched an attack on the budget in Abuja.", "figurative"),
        ("An earthquake in Kahramanmaras destroyed houses and killed 12 people on Monday.", "disaster"),
        ("Prisoners in Hama were often beheaded.", "habitual"),
        ("The film about the battle of Aleppo was shot in Beirut.", "fiction"),
    ],
)
def test_what_is_rejected_is_listed_with_its_reason(text: str, code: str, world: Gazetteer) -> None:
    reading = read(text, world)
    assert reading.reports == ()
    assert code in {r.reason.code for r in reading.rejected}
    for rejected in reading.rejected:
        assert text[rejected.start : rejected.end] == rejected.trigger
        assert rejected.quote in text


@pytest.mark.parametrize("speaker", ["Moscow", "Ankara", "The Kremlin", "Washington", "Damascus"])
def test_a_government_puts_no_pin(speaker: str, world: Gazetteer) -> None:
    reading = read(f"{speaker} said on Tuesday that jets had bombed a hospital.", world)
    assert all(r.location is None for r in reading.reports)


def test_a_claim_is_marked(world: Gazetteer) -> None:
    text = "Islamic State claimed that its fighters had captured the town of Palmyra in Syria on Monday."
    assert only(read(text, world)).status == "claimed"


# Any text --------------------------------------------------------------------------------------------------------------

PIECES = ["\n\n", "\n", "Meanwhile, ", "The attack ", "on Monday", "killing 5", "\ud800", "الباب"]
PIECES += [text for _, text, _ in _cases()][::3]


@settings(max_examples=60)
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=5), dated=st.booleans())
def test_every_report_is_sound(pieces: list[str], dated: bool, world: Gazetteer) -> None:
    text = " ".join(pieces)
    reading = read(text, world, published=WEDNESDAY if dated else None)
    ids = [r.report_id for r in reading.reports]
    assert len(set(ids)) == len(ids)
    for report in reading.reports:
        assert text[report.evidence.start : report.evidence.end] == report.evidence.quote
        assert (report.location is None) == (report.unlocated_reason is not None)
        assert report.when is None or report.when.end <= WEDNESDAY
        assert 0 <= report.confidence.score <= 1
        assert not set(report.actors) & set(report.targets)
    assert all(text[r.start : r.end] == r.trigger for r in reading.rejected)
