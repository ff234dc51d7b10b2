"""What README and docs say agrees with the code: commands, columns, weights, links and the example."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from gazetteer import Gazetteer
from geo.articles import SUFFIXES
from geo.cli import cli
from geo.event import ROLES
from geo.table import COLUMNS, columns_markdown

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "README.md").is_file():
    pytest.skip("the documents are only in a source tree", allow_module_level=True)

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*.md")])
DOCUMENTED = ["docs/cli.md", "docs/codebook.md", "docs/columns.md", "docs/how-places-are-chosen.md", "docs/reading.md"]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str, language: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(text) if found == language]


def command_lines() -> Iterator[tuple[str, str]]:
    """(document, line) for every conflictmap command in a fenced block, also behind "&&"."""
    for page in PAGES:
        for body in blocks(page.read_text(encoding="utf-8"), "sh"):
            for line in body.splitlines():
                yield from (
                    (page.name, part.strip()) for part in line.split("&&") if part.strip().startswith("conflictmap")
                )


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from leaves(subcommand(command, name), (*path, name))
    else:
        yield path


def subcommand(group: click.Command, name: str) -> click.Command:
    assert isinstance(group, click.Group)
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def parsed(words: list[str]) -> tuple[str, ...]:
    """The path of the command that these words name, after click has taken all of its arguments; nothing is run."""
    command: click.Command = cli
    path: tuple[str, ...] = ()
    context = click.Context(cli, info_name="conflictmap", **cli.context_settings)
    while isinstance(command, click.Group):
        name, command_or_none, words = command.resolve_command(context, words)
        assert command_or_none is not None
        command, path = command_or_none, (*path, name or "")
        context = click.Context(command, info_name=name, parent=context)
    command.make_context(path[-1], list(words), parent=context.parent)
    return path


# Commands ---------------------------------------------------------------------------------------------------------------


def test_the_two_commands_of_the_set_up_stand_on_lines_of_their_own() -> None:
    lines = [line for body in blocks(README, "sh") for line in body.splitlines()]
    assert "pip install . && conflictmap map examples -o map.html" in lines
    assert "pip install '.[test]' && pytest" in lines


@pytest.mark.parametrize(("page", "line"), list(command_lines()))
def test_every_command_line_in_the_documents_parses(page: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert parsed(shlex.split(line)[1:]) in set(leaves(cli))


def test_a_wrong_command_line_would_be_noticed() -> None:
    with pytest.raises(click.UsageError):
        parsed(["geocode", "a.txt", "--no-such-option"])
    with pytest.raises(click.UsageError):
        parsed(["geocodes", "a.txt"])


def test_readme_shows_every_command() -> None:
    shown = {parsed(shlex.split(line)[1:]) for page, line in command_lines() if page == "README.md"}
    assert shown == set(leaves(cli))


def test_every_option_that_readme_names_exists() -> None:
    options = {option for path in leaves(cli) for option in _options(path)} | {"--help", "--version"}
    assert set(re.findall(r"`(--[a-z-]+)", README)) <= options


def _options(path: tuple[str, ...]) -> list[str]:
    command: click.Command = cli
    for name in path:
        command = subcommand(command, name)
    return [option for parameter in command.params for option in parameter.opts]


@pytest.mark.parametrize("path", sorted(leaves(cli)), ids=" ".join)
def test_every_command_has_help_and_an_example_of_itself(path: tuple[str, ...]) -> None:
    command: click.Command = cli
    for name in path:
        command = subcommand(command, name)
    assert command.help
    assert f"conflictmap {' '.join(path)}" in command.help


# Generated parts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCUMENTED)
def test_generated_parts_are_up_to_date(path: str) -> None:
    docs = pytest.importorskip("buildtools.docs", reason="only in a source tree")
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "<!-- generated: " in text
    assert text == docs.refreshed(text), "run: python -m buildtools.docs"


def test_all_documents_with_generated_parts_are_kept_up_to_date() -> None:
    docs = pytest.importorskip("buildtools.docs", reason="only in a source tree")
    marked = {str(p.relative_to(ROOT)) for p in PAGES if "<!-- generated: " in p.read_text(encoding="utf-8")}
    assert marked == set(docs.DOCS) == set(DOCUMENTED)


# Columns, formats, codes ------------------------------------------------------------------------------------------------


def test_the_columns_document_holds_the_column_table() -> None:
    assert columns_markdown() in (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")


def test_the_columns_in_readme_exist() -> None:
    section = README.split("## The columns")[1].split("\n## ")[0]
    names = {
        name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert len(names) > 20
    assert names <= {column.name for column in COLUMNS}


def test_the_documents_name_every_input_format() -> None:
    reference = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8").split("## What is read")[1].split("\n## ")[0]
    assert set(re.findall(r"`(\.[a-z]+)`", reference)) == set(SUFFIXES)
    own = README.split("## Your own articles")[1].split("\n## ")[0]
    assert set(re.findall(r"`(\.[a-z]+)`", own)) <= set(SUFFIXES)


def test_the_documents_name_every_role_and_every_rejection() -> None:
    places = (ROOT / "docs" / "how-places-are-chosen.md").read_text(encoding="utf-8")
    assert [role for role in ROLES if f"| `{role}` |" not in places] == []
    reading = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    with (ROOT / "geo" / "data" / "modality.tsv").open(encoding="utf-8", newline="") as table:
        codes = {row["code"] for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert [code for code in sorted(codes) if f"| `{code}` |" not in reading] == []


# Links and Python -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if not target.startswith(("http://", "https://"))]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_named_in_the_text_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:gazetteer|geo|maps|buildtools|benchmarks|docs|tests)/[\w./-]+\.\w+)`", page.read_text("utf-8")
    )
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_python_names_in_the_reference_exist() -> None:
    reference = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:gazetteer|geo|maps)(?:\.\w+)+)`", reference)
    assert len(names) >= 6
    for name in names:
        head, *rest = name.split(".")
        found = import_module(head)
        for part in rest:
            found = getattr(found, part) if hasattr(found, part) else import_module(f"{found.__name__}.{part}")


def test_the_python_example_prints_what_it_says(
    world: Gazetteer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = blocks(README, "python")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"# prints: (.*)", example)
    assert (tmp_path / "map.html").stat().st_size > 100_000
