from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer.errors import InputError
from geo import dates
from geo.dates import TimeExpression, article_date, find_expressions, page_dates, precision_codes, resolve
from geo.event import DATE_METHODS, When

SHARED = Path(__file__).resolve().parents[3] / "shared"
CASES = [
    line
    for line in Path(__file__).with_name("cases_dates.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
PUBLISHED = date(2017, 2, 10)  # a Friday


def _base(cell: str) -> When | None:
    if not cell:
        return None
    first, _, last = cell.partition("..")
    return When(date.fromisoformat(first), date.fromisoformat(last or first), "the base", "stated")


@pytest.mark.parametrize("line", CASES)
def test_wordings_are_read_as_the_case_file_says(line: str) -> None:
    cells = [cell.strip() for cell in line.split("|")]
    published = None if cells[0] == "-" else date.fromisoformat(cells[0])
    text = cells[1].replace("[", "").replace("]", "")
    expected = [part.split("]")[0] for part in cells[1].split("[")[1:]]
    found = find_expressions(text)
    assert [e.text for e in found] == expected
    if not expected:
        return
    when = resolve(found[0], published=published, previous=_base(cells[5]))
    read = ["-", "-", "-"] if when is None else [str(when.start), str(when.end), when.method]
    assert read == cells[2:5]
    assert when is None or when.basis == found[0].text


@pytest.mark.parametrize("text", ["next Thursday", "next week", "tomorrow", "later this month", "in the coming days"])
def test_what_lies_ahead_is_marked_as_future(text: str) -> None:
    (expression,) = find_expressions(text)
    assert expression.kind == "future"
    when = resolve(expression, published=PUBLISHED)
    assert when is not None
    assert when.end > PUBLISHED


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9 February 2017", "day"),
        ("on 9 February", "month_day"),
        ("in February", "month"),
        ("in 2017", "year"),
        ("on Thursday", "weekday"),
        ("last week", "relative"),
        ("in the past 24 hours", "span"),
        ("since Tuesday", "since"),
        ("19-21 June", "range"),
        ("the next day", "anchor"),
        ("before dawn", "part_of_day"),
        ("until Friday", "bound"),
        ("by Friday", "by"),
        ("the 2016 ceasefire", "named_year"),
        ("two days after the talks", "clause"),
        ("9/2/2017", "ambiguous"),
    ],
)
def test_the_kind_says_what_the_words_do(text: str, kind: str) -> None:
    assert [e.kind for e in find_expressions(text)] == [kind]


def test_a_chain_from_a_publication_date_counts_from_publication() -> None:
    base = When(PUBLISHED, PUBLISHED, "", "publication_date")
    when = resolve(find_expressions("a day earlier")[0], published=PUBLISHED, previous=base)
    assert when is not None
    assert (when.start, when.method) == (date(2017, 2, 9), "relative_to_publication")


def test_offsets_count_in_the_longer_text() -> None:
    text = "Nothing here. Jets struck early on Wednesday."
    (expression,) = find_expressions(text[14:], offset=14)
    assert text[expression.start : expression.end] == expression.text == "early on Wednesday"


def test_letters_that_grow_in_lower_case_do_not_shift_offsets() -> None:
    text = "İİİ İdlib'de 9 Şubat 2017, İİ on Wednesday"
    assert [text[e.start : e.end] for e in find_expressions(text)] == ["9 Şubat 2017", "on Wednesday"]


def test_two_days_are_two_expressions() -> None:
    assert [e.text for e in find_expressions("on Thursday and Friday, then on 3 May")] == [
        "on Thursday",
        "Friday",
        "on 3 May",
    ]


_WORDS = """on in the since early late 9 19-21 2016 2017 February March May Wednesday Thursday's last next week two
    days ago earlier between and to until by from a few hours past that same day before after (2014) at dawn 08:40
    9/2/2017 Feb. شباط ٩ İ — , ."""


@given(
    st.lists(st.sampled_from(_WORDS.split()), max_size=25).map(" ".join) | st.text(max_size=80), st.none() | st.dates()
)
def test_spans_slice_back_and_never_overlap(text: str, published: date | None) -> None:
    previous = When(date(2016, 2, 29), date(2016, 3, 2), "", "stated")
    end = 0
    for e in find_expressions(text):
        assert end <= e.start < e.end <= len(text)
        assert text[e.start : e.end] == e.text
        end = e.end
        for base in (None, previous):
            when = resolve(e, published=published, previous=base)
            assert when is None or (when.start <= when.end and when.method in DATE_METHODS)
    page_dates(text)
    article_date(text)


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2037, 12, 31)))
def test_a_stated_date_is_itself_in_every_form(day: date) -> None:
    for form in (
        f"{day:%d %B %Y}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day:%a %b %d, %Y}",
        f"{day:%d.%m.%Y}",
        f"{day}",
    ):
        (expression,) = find_expressions(f"It fell on {form}.")
        when = resolve(expression, published=None)
        assert when is not None
        assert (when.start, when.end, when.method) == (day, day, "stated")


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2037, 12, 31)), st.integers(0, 364))
def test_a_bare_weekday_and_a_bare_date_lie_in_the_past_of_publication(published: date, back: int) -> None:
    day = published - timedelta(back)
    when = resolve(find_expressions(f"on {day:%A}")[0], published=published)
    assert when is not None
    assert 0 <= (published - when.start).days <= 6
    assert when.start.weekday() == day.weekday()
    when = resolve(find_expressions(f"on {day.day} {day:%B}")[0], published=published)
    assert when is not None
    assert when.start == day


@pytest.mark.parametrize(
    "junk",
    [
        " ", "9 ", "a ", "a few ", "the ", "on the ", "1, ", "9-", "May ", "may", "2016-", "2016 ", "(", "since ",
        "of the ", "Wednesday ", "between ", "early ", "9 February ", "\n", "12:30 ", "9th ", "that same ", "last ",
        "day before ", "٩ ", "- ", "mid-", "|", "1",
    ],
)  # fmt: skip
def test_twenty_thousand_characters_of_junk_are_read(junk: str) -> None:
    text = junk * (20_000 // len(junk))
    for reading in (find_expressions(text), page_dates(text)):
        assert all(text[e.start : e.end] == e.text for e in reading)
    article_date(text)


@pytest.mark.parametrize(
    ("days", "codes"),
    [(1, (1, 1)), (2, (2, 2)), (6, (2, 2)), (7, (2, 3)), (8, (3, 4)), (31, (3, 4)), (32, (None, 5)), (365, (None, 5))],
)
def test_precision_codes_follow_the_span(days: int, codes: tuple[int | None, int]) -> None:
    assert precision_codes(When(PUBLISHED, PUBLISHED + timedelta(days - 1), "", "stated")) == codes


BODY = "Rebels have taken a town in the north of the country after a long siege, residents said on Thursday."


def _page(*lines: str) -> str:
    return "\n\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "Thursday, 30 March 2017", "March 30, 2017, 5:08 am", "Thu Mar 30, 2017 2:49PM", "30 March 2017",
        "Published: 2017-03-30",
        "2017-03-30T14:49:00+00:00", "Posted on 30/03/2017 at 14:49 GMT", "By A. Writer | 30 March 2017 | 12 comments",
        "Опубликовано 30 марта 2017 года", "تاريخ النشر: ٣٠ آذار ٢٠١٧",
    ],
)  # fmt: skip
def test_a_date_with_a_line_to_itself_is_the_pages(line: str) -> None:
    text = _page("Town falls", line, BODY)
    assert [text[e.start : e.end] == e.text for e in page_dates(text)] == [True]
    assert article_date(text) == date(2017, 3, 30)


@pytest.mark.parametrize(
    "line",
    [
        "The town on 10 October 2016 (Agency)",
        "March 2017",
        "30 March",
        "9/2/2017",
        "Copyright 2017",
        "Residents fled on 30 March 2017.",
    ],
)
def test_a_date_inside_a_line_or_without_day_or_year_is_not_the_pages(line: str) -> None:
    assert page_dates(line) == ()
    assert article_date(_page("Town falls", line, BODY)) is None


def test_the_date_nearest_to_the_text_goes_before_a_later_one_further_up() -> None:
    text = _page("Thursday, 30 March 2017", "Latest news", "Town falls", "11 February 2017", BODY, "12 February 2017")
    assert [e.text for e in page_dates(text)] == ["Thursday, 30 March 2017", "11 February 2017", "12 February 2017"]
    assert article_date(text) == date(2017, 2, 11)


def test_a_date_above_the_sites_header_is_the_day_the_page_was_opened() -> None:
    assert article_date(_page("Thursday, 30 March 2017", "Latest news", "Home » World", "Town falls", BODY)) is None


def test_captions_may_stand_between_the_date_and_the_text() -> None:
    caption = "File photo of a town gate in March 2015 [Agency]"
    assert article_date(_page("Town falls", "October 7, 2015, 5:08 am", caption, caption, BODY)) == date(2015, 10, 7)


def test_the_day_of_publication_goes_before_the_day_of_an_update() -> None:
    assert article_date(_page("Town falls", "Published 9 February 2017, updated 12 February 2017", BODY)) == date(
        2017, 2, 9
    )
    assert article_date(_page("Town falls", "Updated: 12 February 2017", BODY)) == date(2017, 2, 12)


def test_a_dateline_with_a_year_dates_an_article_without_a_date_line() -> None:
    assert article_date(_page("Town falls", f"IDLIB, 9 February 2017 (Agency) - {BODY}")) == date(2017, 2, 9)


def test_one_published_line_below_the_text_dates_it() -> None:
    assert article_date(_page("Town falls", BODY, "Published: 9 February 2017")) == date(2017, 2, 9)
    assert article_date(_page("Town falls", BODY, "9 February 2017")) is None
    assert article_date(_page(BODY, "Published: 9 February 2017", "Published: 8 February 2017")) is None


def test_nothing_dates_an_empty_text() -> None:
    assert find_expressions("") == ()
    assert article_date("") is None


def test_a_spoilt_table_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("month\tform\n13\tsmarch\ten\talone\tx\n", encoding="utf-8")
    monkeypatch.setattr(dates, "DATA", tmp_path)
    with pytest.raises(InputError, match=r"bad\.tsv:2: .*smarch"):
        dates._names("bad.tsv", 12)


SEED_DATES = {
    "000": None,
    "001": None,
    "002": date(2017, 1, 18),
    "003": date(2017, 2, 11),
    "004": date(2015, 10, 7),
}


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seed articles are not beside the checkout")
@pytest.mark.parametrize("number", SEED_DATES)
def test_saved_pages_give_their_articles_dates(number: str) -> None:
    (path,) = (SHARED / "seeds").glob(f"{number}_*.txt")
    assert article_date(path.read_text(encoding="utf-8")) == SEED_DATES[number]


@pytest.mark.skipif(not (SHARED / "seeds.jsonl").is_file(), reason="the seed articles are not beside the checkout")
@pytest.mark.parametrize(
    ("number", "words", "days"),
    [
        (0, "On August 24", ("2016-08-24", "2016-08-24")),
        (1, "last month", ("2016-12-01", "2016-12-31")),
        (2, "in late December", ("2016-12-21", "2016-12-31")),
        (2, "In August last year", ("2016-08-01", "2016-08-31")),
        (3, "On February 9, around 08:40 local time (05:40 GMT)", ("2017-02-09", "2017-02-09")),
        (4, "on Saturday", ("2015-10-03", "2015-10-03")),
    ],
)
def test_the_dates_of_the_seed_articles_are_resolved(number: int, words: str, days: tuple[str, str]) -> None:
    record = json.loads((SHARED / "seeds.jsonl").read_text(encoding="utf-8").splitlines()[number])
    published = date.fromisoformat((record.get("published") or record["date"])[:10])
    found: list[TimeExpression] = [e for e in find_expressions(record["text"]) if e.text == words]
    assert found
    when = resolve(found[0], published=published)
    assert when is not None
    assert (str(when.start), str(when.end)) == days
