"""The learned tagger: which spans it takes for names of places, and that no text troubles it."""

from __future__ import annotations

import lzma
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer import Gazetteer
from geo.tagger import LABELS, Tagger, packaged_model, word_lists

_MARKED = re.compile(r"\[([^\]]+)\]")


@pytest.fixture(scope="module")
def tagger():
    with Gazetteer.open() as gazetteer:
        yield Tagger(gazetteer)


def places(tagger: Tagger, text: str) -> list[str]:
    return [text[s.start : s.end] for s in tagger.spans(text) if s.kind == "place"]


# Own sentences; what is in brackets is a place, what is not is none.
@pytest.mark.parametrize(
    "marked",
    [
        "Government troops shelled the towns of [Saraqib] and [Khan Shaykhun] on Monday.",
        "The delegation flew from [Paris] to [Damascus] and then to [Aleppo].",
        "Fighting went on in [Hama], [Homs] and [Idlib], residents said.",
        "Jordan Henderson scored twice before half-time, his club said.",
        "Paris Hinton told reporters that she would not run again.",
        "Mr Lincoln and Mrs Houston were at the meeting.",
        "The clinic stands near [Lake Chad], 40 km from [Maiduguri].",
        "Residents of [Mosul]'s western districts fled to [Erbil].",
        "He lives in [Springfield], [Illinois], with his wife Helena Marsh.",
        "A bomb went off outside a mosque in [Port-au-Prince] on Friday.",
        "The mayor of [Rio de Janeiro] met the governor of [New York].",
        "A man from [Ashland], [Ky.], was hurt.",
        "Clashes broke out in [al-Bab] and in [Deir ez-Zor].",
    ],
)
def test_own_sentences_are_read_as_marked(tagger: Tagger, marked: str) -> None:
    assert places(tagger, _MARKED.sub(r"\1", marked)) == _MARKED.findall(marked)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The paper was first to report it, the Washington Post said on Tuesday.", "Post"),
        ("Turkey began Operation Euphrates Shield in August.", "Shield"),
        ("He joined the Islamic State in 2014, his brother said.", "Islamic State"),
        ("General Sherman Fairfax spoke to reporters.", "Fairfax"),
    ],
)
def test_these_names_are_no_places(tagger: Tagger, text: str, name: str) -> None:
    at = text.index(name)
    assert not any(s.kind == "place" and s.start <= at < s.end for s in tagger.spans(text))


def test_demonyms_are_told_from_places(tagger: Tagger) -> None:
    text = "Russian and Turkish officials met South African diplomats in Geneva."
    kinds = {text[s.start : s.end]: s.kind for s in tagger.spans(text)}
    assert kinds["Geneva"] == "place"
    assert kinds["Russian"] == kinds["Turkish"] == kinds["South African"] == "demonym"


def test_a_headline_in_capitals_keeps_its_place(tagger: Tagger) -> None:
    assert "ALEPPO" in places(tagger, "DOZENS KILLED IN ALEPPO\n\nDozens of people were killed in Aleppo on Friday.")


def test_a_headline_in_capitals_alone_is_read_word_by_word(tagger: Tagger) -> None:
    assert places(tagger, "REBELS TAKE HOMS AS TROOPS LEAVE HAMA") == ["HOMS", "HAMA"]


def test_names_side_by_side_are_two(tagger: Tagger) -> None:
    assert places(tagger, "Delegations came from Yemen Saudi Arabia and Oman.") == ["Yemen", "Saudi Arabia", "Oman"]
    assert places(tagger, "They cut the Aleppo-Hama highway.") == ["Aleppo", "Hama"]
    assert places(tagger, "She was born in Winston-Salem.") == ["Winston-Salem"]


def test_a_hard_wrapped_line_does_not_cut_a_name(tagger: Tagger) -> None:
    text = (
        "The secretary of state travelled on Wednesday from New\nYork to the summit, where he will stay for two days.\n"
    )
    assert "New\nYork" in places(tagger, text)


def test_a_line_of_its_own_ends_a_name(tagger: Tagger) -> None:
    assert all("\n" not in name for name in places(tagger, "Damascus\nAleppo\nHoms\n"))


def test_same_text_same_spans_whatever_was_read_before(tagger: Tagger) -> None:
    text = "Rebels left Daraya near Damascus, Mr Aleppo told the Homs Herald."
    first = tagger.spans(text)
    tagger.spans("Daraya said that Damascus had left. Homs, 23, plays for Aleppo United.")
    assert tagger.spans(text) == first
    with Gazetteer.open() as gazetteer:
        assert Tagger(gazetteer).spans(text) == first


def test_a_bias_towards_places_finds_more_of_them(tagger: Tagger) -> None:
    text = "Wounded men were brought from Tal Hammis and Umm Qasab to Kobani, said Rami Jarrah of Shafak."
    counts = [sum(s.kind == "place" for s in tagger.spans(text, place_bias=b)) for b in (-20.0, 0.0, 20.0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[2]


_PIECES = st.sampled_from(
    ["Aleppo", "NEW YORK", "al-Bab", "d’Ivoire", "St. ", "U.S.", " ", "\n", ", ", "-", "'s", "of", "Ωmega", "حلب", "\ud800", "\u202e", "İ", "ß", "1", "."]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_spans_lie_in_the_text_in_order(tagger: Tagger, text: str) -> None:
    end = 0
    for span in tagger.spans(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        end = span.end


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A" * 200_000,
        "ALEPPO " * 30_000,
        "Aleppo, " * 20_000,
        "1234567890 " * 20_000,
        "\ud800" * 100_000,
        "-" * 100_000,
        "\n" * 100_000,
        "A.B." * 50_000,
        "St. " * 50_000,
        "D'A" * 50_000,
        "\u202eHoms\u202c " * 10_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_texts_are_read_to_the_end(tagger: Tagger, text: str) -> None:
    assert all(0 <= s.start < s.end <= len(text) for s in tagger.spans(text))


def test_a_long_run_of_capitals_is_cut(tagger: Tagger) -> None:
    names = tagger.spans("Homs " * 2000)
    assert all(s.end - s.start < 400 for s in names)


def test_the_weight_file_is_small_and_whole() -> None:
    file = Path(__file__).resolve().parents[2] / "geo" / "data" / "tagger.bin.xz"
    assert file.stat().st_size < 300_000
    raw = lzma.decompress(file.read_bytes())
    model = packaged_model()
    assert len(model.weights) == len(model.at) * len(LABELS)
    assert len(raw) < 2_000_000
    assert all(feature.count(" ") <= 1 for feature in model.at), "a feature holds at most two words"


def test_word_lists_know_their_classes() -> None:
    assert word_lists()["jordan"] == "gs"
    assert "t" in word_lists()["president"]
