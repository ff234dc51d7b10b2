"""What may be shipped: floors on how well place names are read in texts of our own, all over the world.

A floor lies a little below what was measured when it was set. It is raised when the reading has become better; lowering
one is a decision, to be explained in the commit. The texts are no measure of quality by themselves (they were written to be
hard, and are few); labelled news is, see `conflictmap evaluate` and `benchmarks/geoparsers.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gazetteer import Gazetteer, LonLat
from geo.evaluate import Document, Judged, Label, Measures, country_finder, judge, label_of, measure
from geo.toponyms import find_toponyms

TEXTS = Path(__file__).with_name("places.txt")
#: Measure -> floor. Measured when they were set: 0.969, 0.971, 0.971, 0.942; the naive reader of the test below gets 0.707,
#: 0.838, 0.860, 0.590.
FLOORS = {
    "recognition F1": 0.94,
    "within 161 km": 0.94,
    "same country": 0.95,
    "end-to-end F1": 0.91,
}
#: Words for what belongs to a country are read, too, but not labelled here.
UNLABELLED_ROLES = frozenset({"demonym"})

_MARK = re.compile(r"\[\[([^|\]]+)\|([^\]]+)\]\]")


@cache
def labelled() -> tuple[Document, ...]:
    return tuple(documents(TEXTS.read_text(encoding="utf-8")))


def documents(marked: str) -> Iterator[Document]:
    """The texts of a file, without their marks, and the labels that the marks give."""
    for block in re.split(r"^== ", marked, flags=re.MULTILINE)[1:]:
        name, _, body = block.partition("\n")
        parts: list[str] = []
        labels: list[Label] = []
        at = end = 0
        for mark in _MARK.finditer(body.strip()):
            before, word = body.strip()[end : mark.start()], mark[1]
            at += len(before)
            labels.append(
                Label(at, at + len(word), point(mark[2]), kind=None if mark[2] != "?" else "unlocated", text=word)
            )
            parts += [before, word]
            at += len(word)
            end = mark.end()
        yield Document(id=name.strip(), text="".join(parts) + body.strip()[end:], toponyms=tuple(labels))


def point(written: str) -> LonLat | None:
    if written == "?":
        return None
    lat, lon = map(float, written.split(","))
    return LonLat(lon=lon, lat=lat)


def read(document: Document, gazetteer: Gazetteer) -> Judged:
    assert document.text is not None
    found = [label_of(t) for t in find_toponyms(document.text, gazetteer) if t.role not in UNLABELLED_ROLES]
    return judge(document, found)


def figures(measures: Measures) -> dict[str, float]:
    return {
        "recognition F1": measures.recognition["overlap"].f1,
        "within 161 km": measures.resolution["all"].acc161 or 0.0,
        "same country": measures.country["all"].share or 0.0,
        "end-to-end F1": measures.end_to_end.f1,
    }


@pytest.fixture(scope="module")
def judged(world: Gazetteer) -> list[Judged]:
    return [read(document, world) for document in labelled()]


@pytest.mark.parametrize("name", FLOORS)
def test_no_measure_falls_below_its_floor(name: str, judged: list[Judged], world: Gazetteer) -> None:
    value = figures(measure(judged, country_of=country_finder(world)))[name]
    assert value >= FLOORS[name], f"{name} is {value:.3f}; the errors:\n" + "\n".join(errors(judged))


def errors(judged: list[Judged]) -> Iterator[str]:
    for part in judged:
        for outcome in part.outcomes:
            if outcome.error is not None:
                gold, found = outcome.gold, outcome.predicted
                word = (gold or found).text  # type: ignore[union-attr]
                yield f"{part.document.id}: {outcome.error}: {word!r} -> {found.place_id if found else None}"


def test_the_floors_can_fail(world: Gazetteer) -> None:
    """What reads every capitalised word as a place at the most populous one of its name stays below each floor."""

    def naive(document: Document) -> Judged:
        found = []
        for word in re.finditer(r"\b[A-ZÀ-Þ][\w'-]+", document.text or ""):
            candidates = world.find(word[0], limit=50)
            if candidates:
                best = max((c.place for c in candidates), key=lambda place: place.population or 0)
                found.append(Label(word.start(), word.end(), best.point, country=best.country))
        return judge(document, found)

    values = figures(measure([naive(d) for d in labelled()], country_of=country_finder(world)))
    assert [name for name, floor in FLOORS.items() if values[name] >= floor] == []


def test_labels_are_well_formed() -> None:
    assert len(labelled()) >= 25
    assert len({document.id for document in labelled()}) == len(labelled())
    for document in labelled():
        assert document.text is not None
        assert "[[" not in document.text
        assert "|" not in document.text
        assert document.toponyms
        for label in document.toponyms:
            assert document.text[label.start : label.end] == label.text


def test_marks_become_labels() -> None:
    (document,) = documents("# note\n\n== a\nNear [[Homs|34.73,36.72]] on the [[Afrin|?]].\n")
    assert document.text == "Near Homs on the Afrin."
    homs, river = document.toponyms
    assert (homs.text, homs.point) == ("Homs", LonLat(lon=36.72, lat=34.73))
    assert (river.kind, river.point) == ("unlocated", None)
