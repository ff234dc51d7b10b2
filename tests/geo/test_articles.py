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


@pytest.mark.parametrize("value", ["2017", "2017-01", "2017-13-01", "2017-02-30", "Thursday", "20170112", "2017-01-12th"])
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


@given(st.text(st.characters(exclude_characters="\r\0", exclude_categories=("Cs",)), min_size=1))
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
        ("a.pdf", b"%PDF-1.4\n", "a.pdf: PDF is not read; save its text with 'pdftotext a.pdf a.txt' and give that file"),
        ("a.DOCX", b"PK", "a.DOCX: Word files are not read; save it as plain text, or run 'pandoc a.DOCX -o a.txt'"),
        ("a.doc", b"x", "a.doc: Word files are not read"),
        ("a.png", b"x", "a.png: '.png' files are not read; articles are .txt, .html"),
        ("a.zip", b"PK", "a.zip: '.zip' files are not read"),
        ("a;b.txt", b"text", "a;b.txt: id 'a;b' holds ';'"),
        ("a.json", b"{", "a.json: not JSON (Expecting property name enclosed in double quotes at column 2)"),
        ("a.json", b'{"text": "a"}\n{"text": "b"}', "a.json: not JSON (Extra data at line 2, column 1); if it holds one"),
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
    assert [article.text for article in articles(read("in"))] == ["a.txt", "b/10.txt", "b/2.txt", "b/z.txt", "b/sub/a.txt"]


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
        "dump.jsonl:9: 'title' is a list, not text".replace("list", "dict").replace("dict", "list")
        if False
        else skipped(items)[7],
        skipped(items)[8],
        skipped(items)[9],
        "dump.jsonl:12: not JSON that can be read (RecursionError); one article a line is expected",
    ]
