"""The text of a fragment of HTML, such as the body of an entry in a feed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["without_tags"]

_INLINE_TAGS = "a abbr b bdi bdo cite code em font i img mark q s small span strong sub sup time u wbr"


class _TagStripper(HTMLParser):
    """Collects the text of an HTML fragment; block elements begin a new line."""

    _INLINE = frozenset(_INLINE_TAGS.split())
    _SILENT = frozenset(("script", "style"))

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent = tag in self._SILENT
        if tag not in self._INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        if tag not in self._INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data.replace("\n", " "))


def without_tags(fragment: str) -> str:
    r"""The text of an HTML fragment, one line per block.

    >>> without_tags("<p>One &amp; <b>two</b></p><p>three</p>")
    'One & two\nthree'
    """
    stripper = _TagStripper()
    stripper.feed(re.sub("<!(?!--)", "&lt;!", fragment))  # html.parser raises on declarations that it cannot read
    stripper.close()
    lines = (" ".join(line.split()) for line in "".join(stripper.parts).split("\n"))
    return "\n".join(line for line in lines if line)
