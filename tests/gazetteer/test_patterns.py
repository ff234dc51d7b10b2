"""Patterns that are made at their first use: they are what `re.compile` gives, and all of ours can be made."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import gazetteer
import geo
from gazetteer.patterns import _Unmade, lazy_pattern
from geo.needed import _Screened


def test_a_lazy_pattern_answers_as_a_compiled_one() -> None:
    made, lazy = re.compile("(?P<day>mon|tues)day", re.I), lazy_pattern("(?P<day>mon|tues)day", re.I)
    for _ in range(2):  # the second time from what it kept
        assert lazy.pattern == made.pattern
        assert lazy.flags == made.flags
        assert lazy.sub("day", "Monday and Tuesday") == "day and day"
        match = lazy.search("on TUESDAY", 2)
        assert match is not None
        assert match["day"] == "TUES"


def test_nothing_is_compiled_before_it_is_asked_for() -> None:
    wrong = lazy_pattern("(")
    with pytest.raises(re.error):
        wrong.search("text")


def lazy_ones() -> Iterator[tuple[str, _Unmade]]:
    for package in (gazetteer, geo):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if found.name.endswith("__main__"):
                continue
            for name, value in vars(importlib.import_module(found.name)).items():
                values = value.items() if isinstance(value, dict) else [("", value)]
                made_later = ((key, each._pattern if type(each) is _Screened else each) for key, each in values)
                yield from ((f"{found.name}.{name}{key}", each) for key, each in made_later if type(each) is _Unmade)


def test_every_lazy_pattern_of_the_packages_can_be_made() -> None:
    found = dict(lazy_ones())
    assert len(found) > 50
    wrong = []
    for name, unmade in found.items():
        try:
            unmade.search("")
        except re.error as exc:
            wrong.append((name, exc))
    assert wrong == []
