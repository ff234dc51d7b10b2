"""What all tests share: the built gazetteer, opened once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from gazetteer import Gazetteer, GazetteerError

#: The layers of whoever runs the tests stay out of them.
os.environ["CONFLICTMAP_HOME"] = tempfile.mkdtemp(prefix="conflictmap-tests-")

#: No example is timed: the first one may have to open a file or fill a cache.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def world() -> Iterator[Gazetteer]:
    """The gazetteer of the package; what needs it is skipped where it was not built."""
    try:
        gazetteer = Gazetteer.open()
    except GazetteerError as exc:
        pytest.skip(f"gazetteer is not built: run pip install . or python -m buildtools ({exc})")
    with gazetteer:
        yield gazetteer
