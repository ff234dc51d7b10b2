"""Lines and sentences: where they end, what is page furniture, and that every offset slices back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import split_lines, split_sentences

#: Text with what makes sentences hard: stops, quotes, abbreviations, line breaks of all kinds, other scripts.
PIECES = """Gen. Ali U.S. 9 Feb. a.m. no He said " ” “ . ! ? … ؟ (AFP) al-Fu'ah الباب Photo: - 1.""".split()
PIECES += ["\n", "\r\n", "\n\n", "\u2028", " ", "\t", "Skip to content", "\ud800", "\u202e"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join)


def sentences(text: str) -> list[str]:
    return [s.text for s in split_sentences(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in split_lines(text)]


# Sentences -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Ali spoke at 5 a.m. on Feb. 9 about it.",
        "Lt. Col. Adams and Dr. Haddad met Mr. Smith.",
        "The U.S. fired 59 missiles.",
        "Col. John J. Thomas spoke in Baghdad.",
        "George W. Bush was president.",
        "About 3.5 million people fled, or approx. 20 percent.",
        "They came from St. Petersburg vs. Moscow.",
        "The site www.example.org says so.",
        "It happened on Sept. 11 at No. 5 on that road.",
        "He asked why? and left.",
        "“We will win!” he said.",
        "Shells hit the town ... but nobody was hurt.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Rebels left.", "The army came."),
        ("He said: “We left.”", "Nobody answered."),
        ('He said: "We left."', '"And then?" she asked.'),
        ("The attack was at 5 a.m.", "The second came at noon."),
        ("Who did it?", "Nobody knows."),
        ("It is over!", "The road is open."),
        ("Jets struck the town (again).", "Nobody was hurt."),
        ("It lies in the U.S.", "The other does not."),
        ("They found it in 2017.", "2018 was worse."),
        ("غادر المقاتلون المدينة؟", "دخل الجيش."),
        ("Войска вошли в город.", "Жители вышли на улицы."),
    ],
)
def test_two_sentences_are_two(first: str, second: str) -> None:
    assert sentences(f"{first} {second}") == [first, second]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \n"])
def test_a_blank_line_ends_a_sentence(gap: str) -> None:
    assert sentences(f"A heading without a stop{gap}Rebels left the town.") == [
        "A heading without a stop",
        "Rebels left the town.",
    ]


def test_hard_wrapped_lines_are_one_sentence() -> None:
    text = "Rebels left the town of Madaya on\nfriday after two years of siege and were\ntaken to Idlib. The army came."
    assert sentences(text) == [text[: text.index(" The army")], "The army came."]
    assert {s.kind for s in split_sentences(text)} == {"body"}


def test_a_finished_line_does_not_swallow_the_next() -> None:
    assert sentences("Rebels left.\nthe army came.") == ["Rebels left.", "the army came."]


def test_spaces_around_sentences_belong_to_none() -> None:
    assert sentences("  Rebels left.   The army came.  \n") == ["Rebels left.", "The army came."]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\t\r\n"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == ()
    assert split_lines(text) == ()


@given(TEXTS)
def test_offsets_slice_back(text: str) -> None:
    lines = [(line.start, line.end, line.text) for line in split_lines(text)]
    for start, end, piece in [*lines, *((s.start, s.end, s.text) for s in split_sentences(text))]:
        assert text[start:end] == piece
        assert piece.strip()


@given(TEXTS)
def test_sentences_are_in_order_and_apart(text: str) -> None:
    found = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(TEXTS)
def test_sentences_leave_nothing_out(text: str) -> None:
    covered = {i for s in split_sentences(text) for i in range(s.start, s.end)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


# Furniture -------------------------------------------------------------------------------------------------------------

BODY = "Rebels took the town on Monday."


@pytest.mark.parametrize(
    "line",
    [
        "Skip to main content",
        "Skip to content",
        "Join the mailing list",
        "Follow us on:",
        "Sign up for our newsletter",
        "Share this article",
        "Most read",
        "Read more: Army enters town",
        "Advertisement",
        "© 2017 Example News. All rights reserved.",
        "Copyright 2017 Example News",
        "Latest news",
        "Main » Army enters town",
        "Reporting by A. Writer; Editing by B. Editor",
        "Comments",
    ],
)
def test_furniture_is_marked(line: str) -> None:
    assert kinds(f"{line}\n\n{BODY}") == [("furniture", line), ("body", BODY)]


@pytest.mark.parametrize(
    "line",
    [
        "File photo of the foreign ministers in Vienna [Xinhua]",
        "President A (L) shakes hands with President B (R) on 10 October 2016 in Istanbul (AFP)",
        "An image taken on 3 May shows smoke over Kobani",
        "Photo: smoke over the town",
        "Fighters near al-Bab, 5 February 2017 (Reuters)",
        "A still released by the ministry shows a strike in Hama.",
        "Smoke rises over Raqqa. (Photo by A. Photographer/Getty Images)",
    ],
)
def test_captions_are_marked(line: str) -> None:
    assert kinds(f"{line}\n\n{BODY}") == [("caption", line), ("body", BODY)]


def test_a_repeated_headline_is_furniture_from_the_second_time_on() -> None:
    headline = "Army takes the town"
    assert kinds(f"{headline}\n\n{BODY}\n\n{headline}") == [
        ("heading", headline),
        ("body", BODY),
        ("furniture", headline),
    ]


def test_a_short_line_without_a_stop_is_a_heading() -> None:
    assert kinds(f"Army takes the town\n\n{BODY}")[0] == ("heading", "Army takes the town")


def test_a_long_line_that_lost_its_stop_is_body() -> None:
    long = "Rebels took the town on Monday after " + "a long fight for the hills around it and " * 4 + "left"
    assert kinds(f"{long}\n\n{BODY}")[0] == ("body", long)


def test_text_without_any_stop_is_read_all_the_same() -> None:
    assert kinds("clashes near Hama\nshelling in Homs") == [("body", "clashes near Hama"), ("body", "shelling in Homs")]


@pytest.mark.parametrize(
    "line",
    [
        "Most of the readers fled.",
        "Source and target of the fire were not known.",
        "The photo shows nothing, he said.",
        "Shells (about 30) fell on the town.",
    ],
)
def test_sentences_are_no_furniture(line: str) -> None:
    assert kinds(f"{line}\n\n{BODY}")[0] == ("body", line)
