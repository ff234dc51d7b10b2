"""Lines for people on stderr, without anything that a terminal would obey: articles and tables are hostile."""

from __future__ import annotations

import re

import click

__all__ = ["CONTROL", "one_line", "say"]

#: What could break a line or move the cursor of a terminal, or turn its writing direction.
CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """The text with control characters and turns of direction written out."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def say(line: str) -> None:
    """Says a line on stderr."""
    click.echo(one_line(line), err=True)
