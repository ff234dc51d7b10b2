"""The learned judge of sentences: what it knows of words, how it is stored, what it says and what it may not say."""

from __future__ import annotations

import re
from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer import Gazetteer
from gazetteer.place import Reason
from geo.event import EVENT_TYPES, Article
from geo.pipeline import read_article
from geo.reported import SCALE, Model, features, model, signs_of, words_of
from geo.storyline import Storyline
from geo.text import split_sentences
from geo.triggers import BY_ACTOR, TriggerHit

SUB_TYPES = {sub for subs in EVENT_TYPES.values() for sub in subs}
PUBLISHED = date(2021, 3, 10)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Shells fell", ["shel", "fell"]),
        ("On Monday 14 villagers fled", ["on", "<d>", "<n>", "villag", "fled"]),
        ("It hit Omar Bakri's shop", ["it", "hit", "<name>", "shop"]),
        ("“Two died,” he said", ["<n>", "died", "he", "said"]),
    ],
)
def test_words_are_stems_and_names_numbers_and_days_are_one_word_each(sentence: str, words: list[str]) -> None:
    assert [word for word, _, _ in words_of(sentence)] == words


def test_place_names_are_known_by_their_role() -> None:
    assert [w for w, _, _ in words_of("Idlib and Homs", [(0, 5, "mention"), (10, 14, "metonym")])] == [
        "<mention>",
        "and",
        "<metonym>",
    ]


@given(st.text(max_size=300))
def test_words_point_at_their_letters_and_every_text_has_features(text: str) -> None:
    words = words_of(text)
    assert all(0 <= start < end <= len(text) for _, start, end in words)
    found = features(words, signs_of([("Attack", None)]))
    assert len({name for name, _ in found}) == len(found)
    assert all(-1 <= at < max(len(words), 1) for _, at in found)


WORDS = st.sampled_from(
    "Two villages near Homs were shelled by the army on Friday killing 14 people , rebels said . “ Troops fled Isis’s".split()
)


@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=80))
def test_a_judge_finds_the_features_that_it_knows_and_no_others(sentence: str) -> None:
    rows, triggers = model().rows, [("Attack", None), ("Armed clash", "planned")]
    names = [(match.start(), match.end(), "mention") for match in re.finditer("Homs", sentence)]
    known = {rows[name]: at for name, at in features(words_of(sentence, names), signs_of(triggers)) if name in rows}
    assert model().judge(sentence, names, triggers).found == known


def test_a_model_is_read_as_it_was_written() -> None:
    made = Model(
        rows={"shel": 0, "fell": 1},
        event=(30, -4),
        types=(1, -2, 3, -4),
        kinds=("Attack", BY_ACTOR),
        bias=-7,
        biases=(5, 6),
    )
    read = Model.load(made.dump())
    assert (read.rows, list(read.event), list(read.types)) == (made.rows, [30, -4], [1, -2, 3, -4])
    assert (read.kinds, read.bias, read.biases) == (made.kinds, made.bias, made.biases)


def test_the_anchor_is_the_word_that_speaks_most_for_the_type() -> None:
    made = Model(rows={"wrest": 0, "from": 1}, event=(SCALE, 0), types=(0, 0), kinds=("Attack",), bias=0, biases=(0,))
    judged = made.judge("It was wrested from them", [], [])
    assert judged.probability == pytest.approx(0.731, abs=0.001)
    assert made.anchor(judged, "Attack") == (7, 14)
    assert made.anchor(made.judge("12 in Rome", [(6, 10, "mention")], []), "Attack") is None


def test_the_weights_of_the_package_know_the_types_of_the_codebook() -> None:
    weights = model()
    assert set(weights.kinds) <= SUB_TYPES | {BY_ACTOR}
    assert len(weights.event) == len(weights.rows) == len(weights.types) / len(weights.kinds)
    assert (resources.files("geo") / "data" / "reported.md").is_file()


@pytest.mark.parametrize(
    ("sentence", "main"),
    [
        (
            "A Smerch rocket arrived in the maternity home of Kramatorsk in Ukraine on Tuesday, soldiers said.",
            "Explosions/Remote violence",
        ),
        (
            "Two lorryloads of flour made it through the lines to the hospital in Taiz, Yemen, on Monday, despite the siege, the army said.",
            "Strategic developments",
        ),
    ],
)
def test_an_event_in_words_that_no_table_knows_is_read_and_says_so(sentence: str, main: str, world: Gazetteer) -> None:
    reading = read_article(Article(id="a", text=sentence + "\n", published=PUBLISHED), world)
    (report,) = reading.reports
    assert report.event_type == main
    (reason,) = [r for r in report.confidence.reasons if r.code == "learned"]
    assert "no trigger is known" in reason.text


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister said on Tuesday that peace in Aleppo, Syria, was a matter of patience.",
        "On Monday the orchestra of Homs in Syria gave a concert.",
        "The soldier was buried in Homs in Syria on Monday.",
        "Troops will slip out of the town of Menaka in Mali on Monday.",
    ],
)
def test_what_is_no_event_stays_none(sentence: str, world: Gazetteer) -> None:
    assert read_article(Article(id="a", text=sentence + "\n", published=PUBLISHED), world).reports == ()


def test_in_an_article_that_is_of_no_conflict_the_model_is_silent(world: Gazetteer) -> None:
    text = "Two lorryloads of flour made it through the lines to the hospital in Taiz, Yemen, on Monday.\n"
    assert read_article(Article(id="a", text=text, published=PUBLISHED), world).reports == ()


def test_a_sentence_that_names_no_town_is_too_little_for_it(world: Gazetteer) -> None:
    text = "On Tuesday masked men made off with two priests in Nigeria.\n"
    assert read_article(Article(id="a", text=text, published=PUBLISHED), world).reports == ()


def test_of_two_reasons_against_a_trigger_the_first_stands(world: Gazetteer) -> None:
    article = Article(id="a", text="Rebels were fighting in the hills.", published=PUBLISHED)
    line = Storyline(article, (), world, PUBLISHED)
    (sentence,) = split_sentences(article.text)
    hit = TriggerHit(12, 20, "fighting", "Armed clash", "noun", frozenset())
    line.reject(sentence, hit, Reason("unsupported", "It needs a place."))
    line.reject(sentence, hit, Reason("unsure", "Too little is sure of it."))
    assert [r.reason.code for r in line.rejected.values()] == ["unsupported"]
