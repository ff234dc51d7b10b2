"""A gazetteer of some thirty places, built once, and the built one of the package where it is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_gazetteer import META, RECORDS

from gazetteer import Gazetteer, GazetteerError, build


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the layers of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONFLICTMAP_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gazetteer") / "small gazetteer #1.sqlite"
    build(path, RECORDS, meta=META)
    return path


@pytest.fixture
def small(small_file: Path) -> Iterator[Gazetteer]:
    with Gazetteer.open(small_file) as gazetteer:
        yield gazetteer


@pytest.fixture(scope="session")
def whole() -> Iterator[Gazetteer]:
    """The gazetteer of the package."""
    try:
        gazetteer = Gazetteer.open()
    except GazetteerError as exc:
        pytest.skip(f"no built gazetteer: {exc}")
    with gazetteer:
        yield gazetteer
