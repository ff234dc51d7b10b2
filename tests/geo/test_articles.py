"""Every input format to articles, and every bad input to one line."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.articles import SUFFIXES, Notice, Skipped, read_articles
from geo.event import Article

SHARED = Path(__file__).resolve().parents[2] / "../shared"


def read(*inputs: str | Path, **options: Any) -> list[Article | Notice | Skipped]:
    return list(read_articles(inputs, **options))


def articles(items: list[Article | Notice | Skipped]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def skipped(items: list[Article | Notice | Skipped]) -> list[str]:
    """The reasons; each is one line that begins with its source."""
    for item in items:
        if isinstance(item, Skipped):
            assert item.reason.startswith(item.source)
            assert len(item.reason.splitlines()) == 1
    return [item.reason for item in items if isinstance(item, Skipped)]


def notices(items: list[Article | Notice | Skipped]) -> list[str]:
    return [item.message for item in items if isinstance(item, Notice)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, so that messages show short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(name: str, content: str | bytes) -> str:
    """Writes a file in the current folder and gives its name."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


def save_lines(name: str, *records: object) -> str:
    return save(name, "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records))


@pytest.fixture
def without_web(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the extra `web`."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    monkeypatch.setitem(sys.modules, "feedparser", None)


# --- plain text ---------------------------------------------------------------------------------------------------


def test_a_text_file_is_an_article_named_like_the_file(here: Path) -> None:
    assert read(save("dispatch.v2.txt", "Shells fell.\n")) == [Article(id="dispatch.v2", text="Shells fell.\n")]


def test_header_lines_are_read_in_any_order_and_case_and_are_no_text(here: Path) -> None:
    header = "publisher: Example Wire\nTITLE:  A raid\nPublished: 2017-01-12T23:00-05:00\nurl: https://example.org/a\n"
    [article] = read(save("a.txt", f"{header}Language: en-GB\n\nShells fell.\n\nAgain."))
    assert article == Article(
        id="a",
        text="Shells fell.\n\nAgain.",
        title="A raid",
        url="https://example.org/a",
        publisher="Example Wire",
        published=date(2017, 1, 12),
        language="en",
    )


def test_a_blank_line_after_the_header_is_not_needed(here: Path) -> None:
    [article] = articles(read(save("a.txt", "Title: A raid\nShells fell.")))
    assert (article.title, article.text) == ("A raid", "Shells fell.")


@pytest.mark.parametrize("text", ["Moscow: the Title: no header", "Shells fell.\nTitle: not here", "\nTitle: late\n"])
def test_only_the_first_lines_are_a_header(here: Path, text: str) -> None:
    assert read(save("a.txt", text)) == [Article(id="a", text=text)]


def test_a_header_given_twice_ends_the_header(here: Path) -> None:
    [article] = articles(read(save("a.txt", "Title: one\nTitle: two\n")))
    assert (article.title, article.text) == ("one", "Title: two\n")


def test_an_empty_header_line_states_nothing(here: Path) -> None:
    [article] = articles(read(save("a.txt", "Title:\nPublished:\n\nShells fell.")))
    assert (article.title, article.published, article.text) == (None, None, "Shells fell.")


def test_a_wrong_date_in_a_header_is_named_with_its_line(here: Path) -> None:
    [reason] = skipped(read(save("a.txt", "Title: A raid\nPublished: 12/01/2017\n\nShells fell.")))
    assert reason.startswith("a.txt:2: the header line Published: '12/01/2017' is not a day like 2017-01-12")


@pytest.mark.parametrize(
    "value", ["2017", "2017-01", "2017-13-01", "2017-02-30", "Thursday", "20170112", "2017-01-12th"]
)
def test_what_is_no_day_is_not_made_one(here: Path, value: str) -> None:
    assert len(skipped(read(save("a.txt", f"Published: {value}\n\nShells fell.")))) == 1


@pytest.mark.parametrize(
    "value",
    ["2017-01-12", "2017-01-12T23:59:59Z", "2017-01-12 00:10:00+03:00", "Thu, 12 Jan 2017 23:30:00 -0500"],
)
def test_the_day_is_kept_as_written_without_a_shift_of_time_zones(here: Path, value: str) -> None:
    [article] = articles(read(save("a.txt", f"Published: {value}\n\nShells fell.")))
    assert article.published == date(2017, 1, 12)


def test_a_header_without_text_is_no_article(here: Path) -> None:
    assert skipped(read(save("a.txt", "Title: A raid\n\n \n"))) == ["a.txt: no text after the header lines"]


def test_newlines_are_those_that_python_reads(here: Path) -> None:
    name = save("a.txt", b"Title: A raid\r\n\r\nShells\r\nfell.\rAgain.\n")
    [article] = articles(read(name))
    assert (article.title, article.text) == ("A raid", "Shells\nfell.\nAgain.\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood_everywhere(here: Path, encoding: str) -> None:
    text = "سقطت قذائف."
    names = [
        save("a.txt", f"Title: A\n{text}".encode(encoding)),
        save("b.jsonl", f'{{"id": "b1", "text": "{text}"}}\n\n{{"id": "b2", "text": "{text}"}}'.encode(encoding)),
        save("c.json", f'[{{"id": "c", "text": "{text}"}}]'.encode(encoding)),
        save("d.csv", f"id;text\r\nd;{text}\r\n".encode(encoding)),
    ]
    found = articles(read(*names))
    assert [article.id for article in found] == ["a", "b1", "b2", "c", "d"]
    assert {article.text for article in found} == {text}


@given(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), min_size=1))
def test_a_text_without_a_header_comes_back_as_it_was_given(text: str) -> None:
    items = read("-", stdin=io.BytesIO(f"x{text}".encode()))
    assert items == [Article(id="stdin", text=f"x{text}")]


# --- bad files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "a.txt: this file is empty"),
        ("a.txt", b" \n\t\n", "a.txt: this file is empty"),
        ("a.txt", b"\xef\xbb\xbf", "a.txt: this file is empty"),
        ("a.jsonl", b"", "a.jsonl: this file is empty"),
        ("a.jsonl", b"\n\n", "a.jsonl: no article in this file"),
        ("a.csv", b"id,text\n", "a.csv: no article in this file"),
        ("a.json", b"[]", "a.json: no article in this file"),
        ("a.txt", b"MZ\x00\x01", "a.txt: a binary file, not text; give the article as UTF-8 text"),
        ("a.jsonl", b"\x89PNG\r\n\x1a\n\0\0\0", "a.jsonl: a binary file, not text; give the article as UTF-8 text"),
        ("a.txt", b"x" * 9000 + b"\0", "a.txt: a binary file, not text; give the article as UTF-8 text"),
        ("a.txt", b"caf\xe9 closed", "a.txt: not UTF-8 text (byte 0xe9 at offset 3); save it as UTF-8, or convert it"),
        ("a.txt", b"%PDF-1.4\n", "a.txt: PDF is not read; save its text with 'pdftotext a.txt a.txt' and give"),
        (
            "a.pdf",
            b"%PDF-1.4\n",
            "a.pdf: PDF is not read; save its text with 'pdftotext a.pdf a.txt' and give that file",
        ),
        ("a.DOCX", b"PK", "a.DOCX: Word files are not read; save it as plain text, or run 'pandoc a.DOCX -o a.txt'"),
        ("a.doc", b"x", "a.doc: Word files are not read"),
        ("a.png", b"x", "a.png: '.png' files are not read; articles are .txt, .html"),
        ("a.zip", b"PK", "a.zip: '.zip' files are not read"),
        ("a;b.txt", b"text", "a;b.txt: id 'a;b' holds ';'"),
        ("a.json", b"{", "a.json: not JSON (Expecting property name enclosed in double quotes at column 2)"),
        (
            "a.json",
            b'{"text": "a"}\n{"text": "b"}',
            "a.json: not JSON (Extra data at line 2, column 1); one article or",
        ),
        ("a.json", b"3", "a.json: a number; one article or a list of articles is expected"),
        ("a.json", b"[" * 100_000, "a.json: not JSON that can be read (RecursionError)"),
        ("a.json", b"[" + b"9" * 5000 + b"]", "a.json: not JSON that can be read (ValueError)"),
        ("a.json", b'{"type": "FeatureCollection", "features": []}', "a.json: holds events, not articles"),
        ("a.csv", b"id;title\n1;x\n", "a.csv: no column is called 'text' (the columns are 'id', 'title')"),
        ("a.xml", b"<config><a/></config>", "a.xml: not an RSS or Atom feed"),
        ("a.html", b"<p>x", "a.html: no article was found on this page"),
        ("a.html", b"<p>caf\xe9", "a.html: not UTF-8 text (byte 0xe9 at offset 6)"),
    ],
)
def test_a_bad_file_is_one_line_and_the_next_one_is_read(here: Path, name: str, content: bytes, message: str) -> None:
    items = read(save(name, content), save("good.txt", "Shells fell."))
    [reason] = skipped(items)
    assert reason.startswith(message)
    assert [article.id for article in articles(items)] == ["good"]


def test_a_missing_file_is_skipped_with_its_name(here: Path) -> None:
    assert skipped(read("none.txt", "none")) == [
        "none.txt: there is no such file; check the name",
        "none: there is no such file; check the name",
    ]


def test_a_web_address_is_not_fetched(here: Path) -> None:
    [reason] = skipped(read("https://example.org/a.html"))
    assert "web addresses are not fetched" in reason


def test_a_file_without_permission_is_named(here: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    name = save("a.txt", "Shells fell.")
    Path(name).chmod(0)
    assert skipped(read(name)) == ["a.txt: cannot be read (Permission denied); check the file and its permissions"]


def test_a_file_name_cannot_write_to_the_terminal(here: Path) -> None:
    [reason] = skipped(read("\x1b[2Jnone\n.txt"))
    assert reason.startswith("\\x1b[2Jnone\\n.txt: there is no such file")


def test_a_file_name_that_is_no_text_makes_an_id_that_can_be_written(here: Path) -> None:
    try:
        Path(os.fsdecode(b"caf\xe9.txt")).write_text("Shells fell.")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    [article] = articles(read("."))
    assert article.id == "caf\ufffd"


# --- folders ------------------------------------------------------------------------------------------------------


def test_a_folder_is_read_sorted_with_its_subfolders(here: Path) -> None:
    for name in ("b/z.txt", "b/2.txt", "b/10.txt", "b/sub/a.txt", "a.txt"):
        save(f"in/{name}", name)
    assert [article.text for article in articles(read("in"))] == [
        "a.txt",
        "b/10.txt",
        "b/2.txt",
        "b/z.txt",
        "b/sub/a.txt",
    ]


def test_what_is_no_article_in_a_folder_is_passed_over_silently(here: Path) -> None:
    for name in ("README.txt", "readme.html", ".hidden.txt", "_draft.txt", "photo.png", ".git/a.txt", "_old/b.txt"):
        save(f"in/{name}", "Shells fell.")
    save("in/a.TXT", "Shells fell.")
    assert read("in") == [Article(id="a", text="Shells fell.")]


def test_a_readme_given_by_name_is_read(here: Path) -> None:
    assert [article.id for article in articles(read(save("README.txt", "Shells fell.")))] == ["README"]


def test_pdf_files_in_a_folder_are_mentioned_once(here: Path) -> None:
    for name in ("b.pdf", "a.docx", "c.txt"):
        save(f"in/{name}", "x")
    items = read("in")
    assert [article.id for article in articles(items)] == ["c"]
    assert notices(items) == [
        "in: PDF and word-processor files were passed over (2, the first is 'a.docx'); save them as plain text"
    ]


def test_a_folder_without_articles_is_skipped(here: Path) -> None:
    save("in/photo.png", b"x")
    [reason] = skipped(read("in"))
    assert reason.startswith("in: no article in this folder; articles are .txt, ")


def test_an_input_given_twice_is_read_once(here: Path) -> None:
    name = save("in/a.txt", "Shells fell.")
    items = read(name, "in", f"./{name}")
    assert len(articles(items)) == 1
    assert len(notices(items)) == 2
    assert "is given twice; it was read once" in notices(items)[0]


# --- ids and dates ------------------------------------------------------------------------------------------------


def test_a_clash_of_ids_is_numbered_and_reported(here: Path) -> None:
    names = [save(name, name) for name in ("1/a.txt", "2/a.txt", "a-2.txt", "3/a.txt")]
    items = read(*names)
    assert [(a.id, a.text) for a in articles(items)] == [
        ("a", "1/a.txt"),
        ("a-2", "2/a.txt"),
        ("a-2-2", "a-2.txt"),
        ("a-3", "3/a.txt"),
    ]
    assert notices(items)[0] == "2/a.txt: the id 'a' is taken; this article is 'a-2'"
    assert len(notices(items)) == 3
    assert len({article.id for article in articles(items)}) == 4


def test_ids_of_records_clash_with_those_of_files(here: Path) -> None:
    items = read(save("a.txt", "x"), save_lines("b.jsonl", {"id": "a", "text": "y"}, {"id": "a", "text": "z"}))
    assert [article.id for article in articles(items)] == ["a", "a-2", "a-3"]


def test_a_publication_date_is_lent_to_those_without_one(here: Path) -> None:
    items = read(
        save("a.txt", "Published: 2015-10-07\n\nx"), save("b.txt", "x"), save("c.txt", "x"), published=date(2017, 1, 12)
    )
    assert [a.published for a in articles(items)] == [date(2015, 10, 7), date(2017, 1, 12), date(2017, 1, 12)]
    [message] = notices(items)
    assert message.startswith("the publication date 2017-01-12 was lent to 2 articles without a date of their own")


def test_a_publication_date_that_serves_one_article_is_no_news(here: Path) -> None:
    assert notices(read(save("b.txt", "x"), published=date(2017, 1, 12))) == []


# --- JSON ---------------------------------------------------------------------------------------------------------


def test_a_record_has_the_documented_keys(here: Path) -> None:
    name = save_lines(
        "dump.jsonl",
        {
            "id": "x-1",
            "text": "Shells fell.",
            "title": "A\nraid",
            "date": "2017-01-12",
            "source": "Example Wire",
            "url": "https://example.org/1",
            "language": "AR",
            "rank": 7,
        },
    )
    assert read(name) == [
        Article("x-1", "Shells fell.", "A raid", "https://example.org/1", "Example Wire", date(2017, 1, 12), "ar")
    ]


def test_published_and_publisher_come_before_date_and_source(here: Path) -> None:
    record = {"text": "x", "date": "2019-01-01", "published": "2017-01-12", "source": "S", "publisher": "P"}
    [article] = articles(read(save_lines("a.jsonl", record)))
    assert (article.published, article.publisher) == (date(2017, 1, 12), "P")


def test_a_source_that_is_an_address_is_no_publisher(here: Path) -> None:
    [article] = articles(read(save_lines("a.jsonl", {"text": "x", "source": "https://example.org/1"})))
    assert (article.publisher, article.url) == (None, "https://example.org/1")


def test_ids_are_kept_verbatim_numbers_as_text_and_missing_ones_name_the_line(here: Path) -> None:
    name = save("d.jsonl", '{"id": 0, "text": "x"}\n\n{"text": "x"}\n{"id": "  A  b", "text": "x"}\n')
    assert [article.id for article in articles(read(name))] == ["0", "d:3", "  A  b"]


def test_a_text_inside_json_is_kept_verbatim(here: Path) -> None:
    text = "\r\n Shells\r\nfell.\u2028 \ufeff\n"
    name = save("d.jsonl", json.dumps({"id": "x", "text": text}) + "\r\n")
    assert [article.text for article in articles(read(name))] == [text]


def test_characters_that_no_file_can_carry_are_replaced_one_for_one(here: Path) -> None:
    name = save("d.jsonl", '{"id": "x", "text": "a\\u0000b\\ud83dc\\ud83d\\ude00", "title": "\\udc00"}')
    [article] = articles(read(name))
    assert (article.text, article.title) == ("a\ufffdb\ufffdc😀", "\ufffd")


def test_bad_lines_are_named_and_the_others_are_read(here: Path) -> None:
    lines = [
        b'{"id": "first", "text": "x"}',
        b'{"id": "a" "text": "x"}',
        b'{"id": "b"}',
        b'{"id": "c;d", "text": "x"}',
        b"[1]",
        b'{"id": "e", "text": 5}',
        b'{"id": "f", "text": " "}',
        b'{"id": ["g"], "text": "x"}',
        b'{"id": "h", "text": "x", "title": {}}',
        b'{"id": "i", "text": "x", "published": "last week"}',
        b'{"id": "j", "text": "caf\xe9"}',
        b"[" * 100_000,
        b'{"id": "last", "text": "x"}',
    ]
    items = read(save("dump.jsonl", b"\n".join(lines)))
    assert [article.id for article in articles(items)] == ["first", "last"]
    assert skipped(items) == [
        "dump.jsonl:2: not JSON (Expecting ',' delimiter at column 12); one article a line is expected",
        "dump.jsonl:3: no 'text' in this record (it has 'id')",
        "dump.jsonl:4: id 'c;d' holds ';', which separates ids in the tables; give it another one",
        'dump.jsonl:5: a list; an object with "text" is expected on each line',
        "dump.jsonl:6: 'text' is a number, not text",
        "dump.jsonl:7: 'text' is blank",
        "dump.jsonl:8: 'id' is a list, not text or a number",
        "dump.jsonl:9: 'title' is an object, not text",
        "dump.jsonl:10: published: 'last week' is not a day like 2017-01-12; mend it or leave it out",
        "dump.jsonl:11: not UTF-8 text (byte 0xe9 at column 25); save it as UTF-8, or convert it: "
        "iconv -f cp1256 -t utf-8 (cp1251 where it is Cyrillic, cp1252 where it is Latin)",
        "dump.jsonl:12: not JSON that can be read (RecursionError); one article a line is expected",
    ]


def test_json_lines_are_read_one_at_a_time(here: Path) -> None:
    class Endless(io.RawIOBase):
        """Gives a line for ever: only a reader that streams comes back."""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            line = b'{"id": "x", "text": "Shells fell."}\n'
            buffer[: len(line)] = line
            return len(line)

    stream: Iterator[Article | Notice | Skipped] = read_articles(["-"], stdin=io.BufferedReader(Endless()))
    assert [type(next(stream)) for _ in range(3)] == [Article, Notice, Article]


def test_a_json_file_is_one_article_or_a_list_of_them(here: Path) -> None:
    one = save("one.json", json.dumps({"text": "x"}, indent=2))
    many = save("many.json", json.dumps([{"id": "a", "text": "x"}, {"text": "x"}, 3, {"id": "b"}]))
    items = read(one, many)
    assert [article.id for article in articles(items)] == ["one", "a", "many:2"]
    assert skipped(items) == [
        'many.json: record 3: a number; an object with "text" is expected',
        "many.json: record 4: no 'text' in this record (it has 'id')",
    ]


def test_a_file_of_events_is_one_line_not_one_per_event(here: Path) -> None:
    record = {"schema": "conflictmap-event/1", "event_id": "x"}
    [reason] = skipped(read(save_lines("events.jsonl", record, record)))
    assert "holds events, not articles" in reason


# --- CSV ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "separator"), [("a.csv", ","), ("a.csv", ";"), ("a.csv", "\t"), ("a.tsv", "\t")])
def test_the_separator_of_a_csv_file_is_found(here: Path, name: str, separator: str) -> None:
    rows = [
        ["ID", " Title", "Text", "Date", "Source"],
        ["7", "A raid", '"Shells, fell; ""here""."', "2017-01-12", "Wire"],
    ]
    [article] = articles(read(save(name, "\r\n".join(map(separator.join, rows)))))
    assert article == Article("7", 'Shells, fell; "here".', "A raid", None, "Wire", date(2017, 1, 12))


def test_a_cell_may_span_lines_and_keeps_them(here: Path) -> None:
    name = save("a.csv", 'text,id\r\n"one\r\n\r\ntwo",x\r\n\r\n"three",\r\n')
    assert [(a.id, a.text) for a in articles(read(name))] == [("x", "one\r\n\r\ntwo"), ("a:6", "three")]


def test_a_long_report_fits_into_a_cell(here: Path) -> None:
    [article] = articles(read(save("a.csv", f"id,text\nx,{'word ' * 50_000}\n")))
    assert len(article.text) == 250_000


def test_bad_rows_are_named_and_the_others_are_read(here: Path) -> None:
    rows = [b"id,text", b"a,x", b"b", b"c,x,more", b"d,caf\xe9", b"e;f,x", b"g,x"]
    items = read(save("a.csv", b"\n".join(rows)))
    assert [article.id for article in articles(items)] == ["a", "g"]
    assert [reason[:40] for reason in skipped(items)] == [
        "a.csv:3: no 'text' in this record (it ha",
        "a.csv:4: 3 cells where the header has 2;",
        "a.csv:5: not UTF-8 text (byte 0xe9 at co",
        "a.csv:6: id 'e;f' holds ';', which separ",
    ]


def test_a_quote_left_open_does_not_swallow_the_rest_unsaid(here: Path) -> None:
    items = read(save("a.csv", 'id,text\na,x\nb,"y\nc,z\n'))
    assert [article.id for article in articles(items)] == ["a"]
    [reason] = skipped(items)
    assert reason.startswith("a.csv:3: not CSV (unexpected end of data)")


# --- standard input -----------------------------------------------------------------------------------------------


def test_standard_input_is_plain_text() -> None:
    assert read("-", stdin=io.BytesIO(b"Title: A raid\n\nShells fell.")) == [
        Article(id="stdin", text="Shells fell.", title="A raid")
    ]


def test_standard_input_is_json_lines_where_it_begins_with_a_brace() -> None:
    lines = b'\xef\xbb\xbf\n  {"id": 1, "text": "x"}\n{"text": "y"}\nno\n'
    items = read("-", stdin=io.BytesIO(lines))
    assert [article.id for article in articles(items)] == ["1", "stdin:3"]
    assert skipped(items)[0].startswith("stdin:4: not JSON")


def test_empty_standard_input_is_skipped() -> None:
    assert skipped(read("-", stdin=io.BytesIO(b""))) == ["stdin: this file is empty"]


def test_standard_input_stays_open(here: Path) -> None:
    stdin = io.BytesIO(b"Shells fell.")
    read("-", stdin=stdin)
    assert not stdin.closed


def test_a_file_without_suffix_is_read_like_standard_input(here: Path) -> None:
    items = read(save("dispatch", "Shells fell."), save("dump", '{"id": "x", "text": "y"}'))
    assert [article.id for article in articles(items)] == ["dispatch", "x"]


# --- web pages ----------------------------------------------------------------------------------------------------

BODY = """<nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Raid on the depot</h1>
<p>Government aircraft struck a fuel depot east of the town on Wednesday, residents said, and at least four people were
killed in the fire that followed the raid.</p><p>The depot had been used by several armed groups since the autumn of
2016, according to a monitor that follows the war &amp; its local contacts.</p>
<img src="/2014/05/06/photo.jpg" alt="A photo of 3 March 2013"></article><footer>Copyright 2019 The Post</footer>"""


def page(head: str = "", body: str = BODY) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Raid on the depot | The Post</title>{head}</head><body>{body}</body></html>"
    )


def test_a_web_page_gives_its_article_and_what_it_states_of_it(here: Path) -> None:
    pytest.importorskip("trafilatura")
    head = """<meta property="og:site_name" content="The Post"><link rel="canonical" href="https://example.org/raid">
    <meta property="article:published_time" content="2017-01-12T23:30:00-05:00">"""
    [article] = articles(read(save("raid.html", page(head))))
    assert (article.id, article.title, article.publisher) == ("raid", "Raid on the depot", "The Post")
    assert (article.url, article.published) == ("https://example.org/raid", date(2017, 1, 12))
    assert "at least four people were" in article.text
    assert "war & its" in article.text
    assert "Copyright" not in article.text
    assert "World" not in article.text


def test_a_date_in_the_text_or_in_a_picture_is_not_the_day_of_publication(here: Path) -> None:
    pytest.importorskip("trafilatura")
    [article] = articles(read(save("raid.html", page())))
    assert article.published is None


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="DC.date.issued" content="2017-01-12">', ""),
        ('<meta itemprop="datePublished" content="2017-01-12T10:00:00Z">', ""),
        ('<script type="application/ld+json">{"@type": "Article", "datePublished": "2017-01-12T10:00Z"}</script>', ""),
        ("", '<p><time datetime="2017-01-12">yesterday</time></p>'),
        ('<link rel="canonical" href="https://example.org/2017/01/12/raid">', ""),
    ],
)
def test_a_date_that_the_page_states_for_machines_is_taken(here: Path, head: str, body: str) -> None:
    pytest.importorskip("trafilatura")
    [article] = articles(read(save("raid.html", page(head, body + BODY))))
    assert article.published == date(2017, 1, 12)


def test_of_several_days_on_a_page_none_is_taken(here: Path) -> None:
    pytest.importorskip("trafilatura")
    times = '<p><time datetime="2017-01-12">a</time> <time datetime="2017-01-13">b</time></p>'
    [article] = articles(read(save("raid.html", page("", times + BODY))))
    assert article.published is None


def test_a_page_is_read_in_the_encoding_that_it_declares(here: Path) -> None:
    pytest.importorskip("trafilatura")
    arabic = "<article><p>" + "سقطت قذائف على المدينة صباح اليوم وقتل أربعة أشخاص في السوق. " * 8 + "</p></article>"
    content = page('<meta charset="windows-1256">', arabic).encode("cp1256")
    [article] = articles(read(save("raid.htm", content)))
    assert article.text.startswith("سقطت قذائف على المدينة")


def test_a_hostile_page_is_text_or_one_line(here: Path) -> None:
    pytest.importorskip("trafilatura")
    deep = save("deep.html", "<div>" * 20_000 + "x" * 500)
    xml = save("xml.html", '<?xml version="1.0" encoding="utf-16"?>' + page())
    entities = save(
        "entities.html", '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + page("", "&b;" + BODY)
    )
    items = read(deep, xml, entities)
    assert len(items) == 3
    assert all("onerror" not in reason for reason in skipped(items))


# --- feeds --------------------------------------------------------------------------------------------------------

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Example Wire</title><language>en-gb</language>
<item><guid>https://example.org/?a=1;b=2</guid><title>A &amp; B</title><link>https://example.org/1</link>
<pubDate>Thu, 12 Jan 2017 23:30:00 -0500</pubDate>
<description>&lt;p&gt;Shells fell &lt;b&gt;here&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;
&lt;p&gt;4 &amp;lt; 5&lt;/p&gt;</description></item>
<item><title>Only a title</title></item></channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Example Atom</title>
<entry><id>tag:1</id><title>One</title><updated>2019-05-05T00:00:00Z</updated>
<published>2017-01-12T23:00:00-05:00</published>
<summary>Short.</summary><content type="html">&lt;div&gt;Shells fell.&lt;/div&gt;</content></entry>
<entry><id>tag:2</id><title>Two</title><updated>2019-05-05T00:00:00Z</updated>
<content type="text">1 &lt;b&gt; 2</content></entry>
</feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Example RDF</title></channel><item><title>One</title>
<dc:date>2017-01-12T10:00Z</dc:date><description>Shells fell.</description></item></rdf:RDF>"""


def test_an_rss_feed_gives_an_article_per_entry(here: Path) -> None:
    pytest.importorskip("feedparser")
    items = read(save("feed.xml", RSS))
    assert items[0] == Article(
        id="https://example.org/?a=1%3Bb=2",
        text="Shells fell here.\n4 < 5",
        title="A & B",
        url="https://example.org/1",
        publisher="Example Wire",
        published=date(2017, 1, 12),
        language="en",
    )
    assert skipped(items) == ["feed.xml: entry 2: no 'text' in this record (it has 'title', 'publisher', 'language')"]


def test_an_atom_feed_gives_whole_contents_and_no_day_of_update(here: Path) -> None:
    pytest.importorskip("feedparser")
    [one, two] = articles(read(save("feed.atom", ATOM)))
    assert (one.id, one.text, one.published) == ("tag:1", "Shells fell.", date(2017, 1, 12))
    assert (two.id, two.text, two.published) == ("tag:2", "1 <b> 2", None)


def test_the_day_of_an_rss_1_entry_is_its_dc_date(here: Path) -> None:
    pytest.importorskip("feedparser")
    [one] = articles(read(save("feed.rss", RDF)))
    assert (one.id, one.publisher, one.published) == ("feed:1", "Example RDF", date(2017, 1, 12))


def test_broken_markup_in_a_feed_stays_text(here: Path) -> None:
    pytest.importorskip("feedparser")
    title = "&lt;![ x ]]&gt; 5 &lt; 6 &lt;b"
    item = f"<item><title>{title}</title><description>Shells fell. &lt;![</description></item>"
    [article] = articles(read(save("feed.xml", f"<rss version='2.0'><channel>{item}</channel></rss>")))
    assert article.text.startswith("Shells fell.")


def test_a_feed_that_is_cut_off_says_so(here: Path) -> None:
    pytest.importorskip("feedparser")
    items = read(save("feed.xml", RSS[: RSS.index("<item><title>Only")]))
    assert len(articles(items)) == 1
    assert notices(items)[0].startswith("feed.xml: this feed is damaged (")


@pytest.mark.usefixtures("without_web")
@pytest.mark.parametrize(("name", "content"), [("a.html", BODY), ("a.xml", RSS)])
def test_a_missing_extra_is_named_with_the_command_that_mends_it(here: Path, name: str, content: str) -> None:
    items = read(save(name, content), save("good.txt", "Shells fell."))
    assert "pip install 'conflictmap[web]'" in skipped(items)[0]
    assert len(articles(items)) == 1


# --- all of them --------------------------------------------------------------------------------------------------


@given(st.sampled_from(SUFFIXES), st.binary(max_size=200), st.booleans())
def test_no_content_raises(tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes, framed: bool) -> None:
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    frames = {".csv": b"id,text\n%s", ".jsonl": b'{"id": 1, "text": "%s"}', ".html": b"<article><p>%s</article>"}
    name = tmp_path_factory.getbasetemp() / f"any{suffix}"
    name.write_bytes(frames.get(suffix, b"%s") % content if framed else content)
    items = read(name)
    assert items
    skipped(items)
    for article in articles(items):
        json.dumps([article.id, article.text, article.title], ensure_ascii=False).encode("utf-8")


def test_the_seed_pages_and_their_json_lines_hold_the_same_texts() -> None:
    if not (SHARED / "seeds.jsonl").exists():
        pytest.skip("the seed articles are not beside this checkout")
    pages, records = articles(read(SHARED / "seeds")), articles(read(SHARED / "seeds.jsonl"))
    assert [(p.id, p.text.strip()) for p in pages] == [(r.id, r.text.strip()) for r in records]
    assert [r.published for r in records] == [
        date(2017, 1, 13),
        date(2017, 1, 12),
        date(2017, 1, 18),
        date(2017, 2, 11),
        date(2015, 10, 7),
    ]
    assert all(page.published is None for page in pages)
