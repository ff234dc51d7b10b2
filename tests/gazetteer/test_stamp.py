from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

stamp = pytest.importorskip(
    "buildtools.stamp", reason="not run from a source tree with the packages that a build needs"
)


@pytest.fixture
def build(tmp_path: Path) -> Callable[[], list[str]]:
    """Builds the one part of a small tree; what it says."""

    def copy(root: Path) -> None:
        (root / "built.txt").write_text((root / "source.txt").read_text().upper())

    part = stamp.Part("copy", "built.txt", sources=("*.txt.in", "source.txt"), packages=("pytest",), build=copy)
    (tmp_path / "source.txt").write_text("one")

    def run() -> list[str]:
        said: list[str] = []
        stamp.build_all(tmp_path, say=said.append, parts=[part])
        return [line.split(" in ")[0] for line in said]

    return run


def test_a_part_is_built_once(build: Callable[[], list[str]], tmp_path: Path) -> None:
    assert build() == ["copy: built"]
    assert (tmp_path / "built.txt").read_text() == "ONE"
    assert build() == ["copy: up to date"]


def test_a_changed_source_or_a_lost_target_is_built_again(build: Callable[[], list[str]], tmp_path: Path) -> None:
    build()
    (tmp_path / "source.txt").write_text("two")
    assert build() == ["copy: built"]
    assert (tmp_path / "built.txt").read_text() == "TWO"
    (tmp_path / "built.txt").unlink()
    assert build() == ["copy: built"]


def test_a_new_file_among_the_sources_counts(build: Callable[[], list[str]], tmp_path: Path) -> None:
    build()
    (tmp_path / "more.txt.in").write_text("")
    assert build() == ["copy: built"]


def test_a_build_that_fails_leaves_the_part_stale(tmp_path: Path) -> None:
    def fail(root: Path) -> None:
        (root / "built.txt").write_text("half")
        raise RuntimeError("no network")

    part = stamp.Part("copy", "built.txt", sources=(), packages=(), build=fail)
    with pytest.raises(RuntimeError, match="no network"):
        stamp.build_all(tmp_path, say=lambda line: None, parts=[part])
    assert stamp.is_stale(tmp_path, part)


def test_the_parts_of_the_package_name_sources_that_exist() -> None:
    root = Path(__file__).resolve().parents[2]
    for part in stamp.PARTS:
        for glob in part.sources:
            assert list(root.glob(glob)), glob
