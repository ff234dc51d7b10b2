"""The user's own layers of the gazetteer: files in a folder of theirs, and the gazetteer that package and layers make.

Hides: the folder, what a crash or a second process at the wrong moment can leave there, and when the joined file is stale.

    <home>/layers/sy.json                the layer: its file, source, priority, date, licence, counts, inputs. Replacing it
                                         in one step is what adds a layer; everything before and after may be cut short
    <home>/layers/sy-1f0c...sqlite       its places, a gazetteer file of its own, named by what went into it
    <home>/joined-<layers>-<package>.sqlite   package and layers as one file (`join`), named by its parts; made when a layer
                                         is added or removed, or at the first use after an update of the package
    <home>/lock                          held by who changes something; given back by the system when its process ends

Without layers the package's own file is opened, and this module is not even imported.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from gazetteer import store
from gazetteer.errors import GazetteerError, InputError
from gazetteer.home import home
from gazetteer.store import Gazetteer, SourcePlace

__all__ = ["DEFAULT_PRIORITY", "PACKAGE_PRIORITY", "Added", "Layer", "Layers", "build_file"]

#: Of two layers that know one place, the one with the higher number gives its id, point and main name. The package stands
#: above layers that do not ask for more, because its table of places of the war was placed by hand.
PACKAGE_PRIORITY = 100
DEFAULT_PRIORITY = 50
#: Raised when the readers or `join` give other records or other files for the same input: layers are then built anew when
#: added again, joined files when opened.
READERS_VERSION = 1
JOIN_VERSION = 1
#: Joined files of the same layers with other versions of the package that stay, for other environments of the user.
KEEP_JOINED = 2
#: Bytes at either end of the package's file that tell it from another.
FINGERPRINT_BYTES = 1 << 16
#: Records between two calls of a progress callback.
PROGRESS_EVERY = 1000

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
#: Schemes of ids that have a meaning of their own.
_RESERVED = frozenset({"geonames", "curated", "admin1", "country", "region", "pcode", "nominatim", "package"})
_LOG = logging.getLogger(__name__)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the user's."""

    name: str
    file: str  # inside the folder of layers
    priority: int
    source: str  # "GeoNames", "P-codes", "table"
    date: str | None  # ISO day of the latest change in the data
    licence: str
    attribution: str
    places: int
    names: int
    inputs: tuple[tuple[str, str], ...]  # name and SHA-256 of each file it was made of
    country: str | None = None  # as given to `add`

    def is_made_of(self, inputs: Iterable[tuple[str, str]], country: str | None) -> bool:
        """Whether this layer was made of files with this content, whatever their names."""
        return self.country == country and {digest for _, digest in self.inputs} == {digest for _, digest in inputs}


@dataclass(frozen=True, slots=True)
class Added:
    """What `add` did: "added", "replaced", "updated" (another priority or licence, the same places) or "unchanged"."""

    layer: Layer
    change: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Files that make one layer: by kind, those of GeoNames by the keys of `geonames.COLUMNS`, others as "table"."""

    name: str
    files: Mapping[str, tuple[Path, ...]]

    @property
    def inputs(self) -> tuple[tuple[str, str], ...]:
        from gazetteer.files import sha256_of  # noqa: PLC0415

        paths = {path for found in self.files.values() for path in found}
        return tuple(sorted((path.name, sha256_of(path)) for path in paths))


class Layers:
    """The layers in a folder, and the gazetteer that they make with the package's file."""

    def __init__(self, folder: Path | None = None, *, package: Path | None = None) -> None:
        self.folder = folder if folder is not None else home()
        self.package = package if package is not None else store.PACKAGED

    def list(self) -> tuple[Layer, ...]:
        """All layers, highest priority first. Raises GazetteerError where a description is damaged."""
        return _sorted(_read_layer(file) for file in (self.folder / "layers").glob("*.json"))

    def open(self) -> Gazetteer:
        """Package and layers as one gazetteer; without layers the package's file itself.

        Raises GazetteerError where the package's file or a layer is missing, damaged or of another version.
        """
        for last in (False, False, True):
            layers = self.list()
            if not layers:
                break
            file = self._joined_file(layers)
            if not file.exists():
                with self._locked():
                    layers = self.list()
                    self._join(layers)
                file = self._joined_file(layers)
            try:
                return Gazetteer.open(file)
            except GazetteerError:  # cut off, or swept away by another process a moment ago
                if last:
                    raise
                with self._locked():
                    file.unlink(missing_ok=True)
        return Gazetteer.open(self.package)

    def add(
        self,
        files: Sequence[Path],
        *,
        name: str | None = None,
        priority: int | None = None,
        country: str | None = None,
        licence: str | None = None,
        progress: Progress | None = None,
    ) -> tuple[Added, ...]:
        """Make layers of files: one of all with a `name`, else one of each dump or table, named after it.

        Files of GeoNames that only complete a dump (admin1CodesASCII, alternateNamesV2, ...) go with every dump. `country`
        (ISO alpha-2) takes only that country's rows of a dump and is the country of rows of a table that name none. Adding
        the same files again changes nothing; other files under an old name replace that layer.

        Raises InputError for a file that cannot be used; the layers are then as before.
        """
        return tuple(
            self._add(
                group,
                named=name is not None,
                priority=priority,
                country=country.upper() if country else None,
                licence=licence,
                progress=progress,
            )
            for group in _groups(files, name)
        )

    def _add(
        self,
        group: _Group,
        *,
        named: bool,
        priority: int | None,
        country: str | None,
        licence: str | None,
        progress: Progress | None,
    ) -> Added:
        inputs = group.inputs
        with self._locked():
            layers = self.list()
            twin = next((layer for layer in layers if layer.is_made_of(inputs, country)), None)
            if twin is not None and named and twin.name != group.name:
                raise InputError(
                    f"{inputs[0][0]}: these files are the layer {twin.name!r} already; leave --name out, or remove that "
                    f"layer first: conflictmap gazetteer remove {twin.name}"
                )
            name = twin.name if twin is not None else group.name
            old = next((layer for layer in layers if layer.name == name), None)
            file = self._layers / f"{name}-{_content(inputs, country)}.sqlite"
            if old is not None and old.file == file.name and _is_whole(file):
                layer, change = replace(old, licence=licence or old.licence), "updated"
            else:
                files = replace(group, name=name)
                layer = _build(file, files, inputs, country=country, licence=licence, progress=progress)
                change = "added" if old is None else "replaced"
            known = old.priority if old is not None else DEFAULT_PRIORITY
            layer = replace(layer, priority=known if priority is None else priority)
            if layer == old:
                return Added(layer, "unchanged")
            rest = tuple(other for other in layers if other.name != name)
            self._commit(layer, _sorted([*rest, layer]))
            return Added(layer, change)

    def remove(self, name: str) -> Layer:
        """Take a layer away. Raises InputError when there is none of this name."""
        with self._locked():
            layers = self.list()
            layer = next((layer for layer in layers if layer.name == name), None)
            if layer is None:
                known = ", ".join(layer.name for layer in layers) or "none"
                raise InputError(f"there is no layer {name!r}; there are: {known}")
            rest = tuple(other for other in layers if other != layer)
            self._join_early(rest)
            (self._layers / f"{name}.json").unlink()
            self._sweep(rest)
        return layer

    @property
    def _layers(self) -> Path:
        return self.folder / "layers"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone among the processes that change this folder; waits for the others."""
        try:
            self._layers.mkdir(parents=True, exist_ok=True)
            with (self.folder / "lock").open("a+b") as stream:
                _lock(stream)
                yield
        except OSError as exc:
            if isinstance(exc, GazetteerError):
                raise
            raise GazetteerError(
                f"{exc.filename or self.folder}: cannot be written ({exc.strerror or exc}); free space, or set "
                "CONFLICTMAP_HOME to a folder of yours"
            ) from exc

    def _commit(self, layer: Layer, layers: Sequence[Layer]) -> None:
        """Make a layer one of the layers, in one step; what the step needs is there before, what it leaves goes behind."""
        self._join_early(layers)
        draft = self._layers / f"{layer.name}.json.draft"
        with draft.open("w", encoding="utf-8") as stream:
            json.dump(asdict(layer), stream, ensure_ascii=False, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self._layers / f"{layer.name}.json")
        self._sweep(layers)

    def _join_early(self, layers: Sequence[Layer]) -> None:
        """Join now what the next use will open. Another layer that is damaged must not keep this one from changing."""
        try:
            self._join(layers)
        except GazetteerError as exc:
            _LOG.warning("the layers could not be joined yet: %s", exc)

    def _join(self, layers: Sequence[Layer]) -> None:
        file = self._joined_file(layers)
        if not layers or file.exists():
            return
        from gazetteer.join import join  # noqa: PLC0415  (once a change)

        for layer in layers:
            try:
                Gazetteer.open(self._layers / layer.file).close()
            except GazetteerError as exc:
                made_of = ", ".join(name for name, _ in layer.inputs)
                raise GazetteerError(
                    f"layer {layer.name!r} cannot be used any more ({str(exc).partition(';')[0]}); add its files again "
                    f"({made_of}), or take it away: conflictmap gazetteer remove {layer.name}"
                ) from exc
        parts = _parts(self.package, layers, self._layers)
        join(file, parts, meta=_joined_meta(self.package, layers))

    def _joined_file(self, layers: Sequence[Layer]) -> Path:
        content = _digest([(layer.file, layer.priority) for layer in layers], JOIN_VERSION, store.SCHEMA_VERSION)
        return self.folder / f"joined-{content}-{_fingerprint(self.package)}.sqlite"

    def _sweep(self, layers: Sequence[Layer]) -> None:
        """Delete what no layer needs any more: also what a process left that was killed."""
        wanted = {layer.file for layer in layers} | {f"{layer.name}.json" for layer in layers}
        unwanted = [file for file in self._layers.iterdir() if file.name not in wanted]
        unwanted += [*self.folder.glob("joined-*.draft"), *self.folder.glob("joined-*.stage")]
        current = None
        with contextlib.suppress(GazetteerError):  # no package to join with
            current = self._joined_file(layers) if layers else None
        joined = sorted(self.folder.glob("joined-*.sqlite"), key=lambda file: -file.stat().st_mtime_ns)
        same = [f for f in joined if current is not None and f != current and f.name[:19] == current.name[:19]]
        unwanted += [f for f in joined if f != current and f not in same[:KEEP_JOINED]]
        for file in unwanted:
            with contextlib.suppress(OSError):  # open in another process, where the system minds
                file.unlink()


def _sorted(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    return tuple(sorted(layers, key=lambda layer: (-layer.priority, layer.name)))


def _read_layer(file: Path) -> Layer:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        values["inputs"] = tuple((str(name), str(digest)) for name, digest in values["inputs"])
        return Layer(**values)
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise GazetteerError(
            f"{file}: this is no description of a layer ({exc}); delete the file and add the layer again"
        ) from exc


def _is_whole(file: Path) -> bool:
    try:
        Gazetteer.open(file).close()
    except GazetteerError:
        return False
    return True


def _content(inputs: Iterable[tuple[str, str]], country: str | None) -> str:
    """Twelve letters that change with what a layer is made of; the names of its files are no part of that."""
    return _digest(sorted({digest for _, digest in inputs}), country, READERS_VERSION, store.SCHEMA_VERSION)


def _digest(*values: Any) -> str:
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:12]


def _fingerprint(file: Path) -> str:
    """Twelve letters that change with the file; of its two ends and its size, for it is opened at every start."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            digest.update(str(size).encode())
            for at in (0, max(0, size - FINGERPRINT_BYTES)):
                stream.seek(at)
                digest.update(stream.read(FINGERPRINT_BYTES))
    except OSError:
        Gazetteer.open(file).close()  # says what is wrong
        raise
    return digest.hexdigest()[:12]


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[bytes]) -> None:
        while True:
            with contextlib.suppress(OSError):  # after ten seconds
                msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)
                return
else:
    import fcntl

    def _lock(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX)


# --- from files to a gazetteer file -----------------------------------------------------------------------------------


def _groups(files: Sequence[Path], name: str | None) -> list[_Group]:
    """The files of each layer. Raises InputError where a file is none of ours or nothing but complements are given."""
    from gazetteer.files import inner_name  # noqa: PLC0415  (the readers are needed to add, not to open)
    from gazetteer.geonames import kind_of  # noqa: PLC0415

    kinds: dict[Path, str] = {}
    for path in files:
        is_table = not inner_name(path).lower().endswith(".txt")
        kinds[path] = "table" if is_table else kind_of(path)
    main = [path for path, kind in kinds.items() if kind in {"dump", "table"}]
    if not main:
        given = ", ".join(f"{path.name} ({kind})" for path, kind in kinds.items())
        raise InputError(
            f"{given}: no places in these files alone; give them together with the dump of a country (SY.zip)"
        )
    extra: dict[str, tuple[Path, ...]] = {}
    for path, kind in kinds.items():
        if path not in main:
            extra[kind] = (*extra.get(kind, ()), path)
    if name is not None or len(main) == 1:
        dumps, tables = (tuple(p for p in main if kinds[p] == kind) for kind in ("dump", "table"))
        name = _checked_name(name) if name is not None else _default_name(main[0])
        return [_Group(name, {"dump": dumps, "table": tables, **extra})]
    names = [_default_name(path) for path in main]
    if len(set(names)) < len(names):
        raise InputError(
            f"{', '.join(map(str, main))}: several files of one name; add them one by one, each with --name"
        )
    return [
        _Group(name, {kinds[path]: (path,), **(extra if kinds[path] == "dump" else {})})
        for name, path in zip(names, main, strict=True)
    ]


def _default_name(path: Path) -> str:
    stem = path.name.split(".", maxsplit=1)[0].lower()
    name = re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-_")[:64]
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise InputError(f"{path}: no name for a layer can be made of this; give one with --name")
    return name


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name) or name in _RESERVED:
        reserved = f"; {name!r} has a meaning of its own" if name in _RESERVED else ""
        raise InputError(f"layer name {name!r} cannot be used: small letters, digits, - and _, up to 64{reserved}")
    return name


def _build(
    file: Path,
    group: _Group,
    inputs: tuple[tuple[str, str], ...],
    *,
    country: str | None,
    licence: str | None,
    progress: Progress | None,
) -> Layer:
    """Write the gazetteer file of a layer. Raises InputError for a bad row; then there is no file."""
    from gazetteer.geonames import ATTRIBUTION, LICENCE, read_geonames, survey  # noqa: PLC0415
    from gazetteer.tables import describe, read_table  # noqa: PLC0415

    dumps, tables = group.files.get("dump", ()), group.files.get("table", ())
    sources: list[dict[str, str]] = []
    dates: list[str | None] = []
    if dumps:
        sources.append({"name": "GeoNames", "licence": licence or LICENCE, "attribution": ATTRIBUTION})
    for path in tables:
        described = describe(path)
        dates.append(described.date)
        entry = {"name": described.source, "licence": licence or described.licence, "attribution": path.name}
        sources += [entry] if entry not in sources else []

    def records() -> Iterator[SourcePlace]:
        if dumps:
            known = survey(group.files, country=country)
            dates.append(known.date)
            yield from read_geonames(dumps, known, country=country)
        for path in tables:
            yield from read_table(path, scheme=group.name, country=country)

    digest = _digest([digest for _, digest in inputs])[:8]
    meta = {"version": f"{group.name}-{digest}", "sources": json.dumps(sources, ensure_ascii=False)}
    try:
        store.build(file, _counted(records(), progress), meta=meta)
    except GazetteerError as exc:
        if "share an id" not in str(exc):
            raise
        names = ", ".join(name for name, _ in inputs)
        raise InputError(f"{names}: two rows have one id; take the second away, or give a file only once") from exc
    with Gazetteer.open(file) as built:
        info = built.info()
    if info["places"] == 0:
        file.unlink()
        where = f" of {country}" if country else ""
        raise InputError(
            f"{', '.join(name for name, _ in inputs)}: no places{where} in it; give another file or country"
        )
    return Layer(
        name=group.name,
        file=file.name,
        priority=DEFAULT_PRIORITY,
        source="; ".join(entry["name"] for entry in sources),
        date=max((date for date in dates if date), default=None),
        licence="; ".join(dict.fromkeys(entry["licence"] for entry in sources)),
        attribution="; ".join(dict.fromkeys(entry["attribution"] for entry in sources)),
        places=info["places"],
        names=info["names"],
        inputs=inputs,
        country=country,
    )


def _counted(records: Iterable[SourcePlace], progress: Progress | None) -> Iterator[SourcePlace]:
    for n, record in enumerate(records):
        if progress is not None and n % PROGRESS_EVERY == 0:
            progress(n)
        yield record


def _parts(package: Path, layers: Sequence[Layer], folder: Path) -> list[Path]:
    """The files to join, best first; at one priority the package comes before a layer."""
    ranked = [(-layer.priority, 1, layer.name, folder / layer.file) for layer in layers]
    return [file for *_, file in sorted([*ranked, (-PACKAGE_PRIORITY, 0, "", package)])]


def _joined_meta(package: Path, layers: Sequence[Layer]) -> dict[str, str]:
    with Gazetteer.open(package) as opened:
        info = opened.info()
    sources = info["sources"]
    for layer in layers:
        entry = {"name": layer.source, "licence": layer.licence, "attribution": layer.attribution}
        sources += [entry] if entry not in sources else []
    marks = [f"{layer.name}-{_digest([digest for _, digest in layer.inputs])[:8]}" for layer in layers]
    shown = [{k: v for k, v in asdict(layer).items() if k not in {"file", "inputs"}} for layer in layers]
    return {
        "version": "+".join([str(info["version"]), *marks]),
        "sources": json.dumps(sources, ensure_ascii=False),
        "layers": json.dumps(shown, ensure_ascii=False),
    }


def build_file(
    output: Path,
    inputs: Sequence[Path] = (),
    *,
    country: str | None = None,
    with_package: bool = False,
    layers: Layers | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write one gazetteer file for `Gazetteer.open(output)`, and say what it holds (`Gazetteer.info`).

    Of `inputs` alone, or with the package's places; without inputs of the package and the user's layers. An older file at
    `output` stays until the new one is whole. Raises InputError for inputs that cannot be used, and where `output` is one.
    """
    layers = layers or Layers()
    if output.resolve() in {path.resolve() for path in (*inputs, layers.package)}:
        raise InputError(f"{output}: the output is one of the inputs; write to another file")
    try:
        with tempfile.TemporaryDirectory(dir=output.resolve().parent, prefix=".gazetteer-") as folder:
            draft = Path(folder) / "gazetteer.sqlite"
            if inputs:
                own = Layers(Path(folder) / "home", package=layers.package)
                (own.folder / "layers").mkdir(parents=True)
                (group,) = _groups(inputs, "gazetteer")
                layer = _build(
                    own.folder / "layers" / "own.sqlite",
                    group,
                    group.inputs,
                    country=country.upper() if country else None,
                    licence=None,
                    progress=progress,
                )
                if with_package:
                    own._join((layer,))
                (made,) = own.folder.glob("joined-*.sqlite" if with_package else "layers/own.sqlite")
                made.replace(draft)
            else:
                with layers.open() as gazetteer:
                    shutil.copyfile(gazetteer.path, draft)
            with Gazetteer.open(draft) as built:
                info = built.info()
            draft.replace(output)
    except OSError as exc:
        if isinstance(exc, GazetteerError):
            raise
        raise InputError(f"{output}: cannot be written ({exc.strerror or exc}); choose another folder") from exc
    return {**info, "path": str(output)}
