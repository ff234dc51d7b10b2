"""The page's scripts by themselves: their syntax, their columns, and their pure functions under Node."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from geo.event import EVENT_TYPES
from geo.table import TABLE_COLUMNS
from maps.layers import page_scripts

STATIC = Path(__file__).parents[2] / "maps" / "static"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is not on PATH")


@needs_node
@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_the_syntax_of_every_script_is_right(script: Path) -> None:
    subprocess.run([str(NODE), "--check", str(script)], check=True, capture_output=True)


@needs_node
def test_the_pure_functions_do_what_they_say() -> None:
    done = subprocess.run(
        [str(NODE), "--test", "--test-reporter=tap", str(Path(__file__).with_name("page_scripts.test.mjs"))],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if not line.startswith("ok"))


def test_no_script_sets_html_or_runs_text() -> None:
    forbidden = re.compile(r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function|on\w+=\"")
    ours = [path for path in STATIC.glob("*.js") if path.name not in ("errors.js",)]
    assert [path.name for path in ours if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_every_script_of_the_page_is_in_the_page() -> None:
    page = "".join(page_scripts())
    unused = [path.name for path in STATIC.glob("*.js") if path.read_text(encoding="utf-8") not in page]
    assert unused == ["errors.js"]  # of the page of errors


def test_downloads_have_the_columns_of_the_flat_table() -> None:
    text = (STATIC / "takeaway.js").read_text(encoding="utf-8")
    (block,) = re.findall(r"const COLUMNS = \((.*?)\)\.split", text, re.DOTALL)
    names = " ".join(re.findall(r'"([^"]*)"', block)).split()
    assert names == [column.name for column in TABLE_COLUMNS]


def test_every_code_of_the_codebook_has_words() -> None:
    text = (STATIC / "words.js").read_text(encoding="utf-8")
    codes = {name for kind, subs in EVENT_TYPES.items() for name in (kind, *subs)}
    assert {name for name in codes if f'"code.{name}":' not in text} == set()
