"""The JSON Schema of the nested form: a line of `.jsonl`, made from the types that it holds.

Hides: how the dataclasses of `geo.event` look as JSON. `geo/data/event.schema.json` is this schema, kept in step by a test;
`python -m geo.formats.schema` prints it.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from datetime import date
from typing import Any

from geo.event import (
    CLAIM_KINDS,
    CONFIDENCE_CLASSES,
    DATE_METHODS,
    EVENT_TYPES,
    LEVELS,
    PROMINENCES,
    STATUSES,
    Event,
    Report,
)
from geo.table import EVENT_SCHEMA

__all__ = ["event_schema", "event_schema_text"]

#: Fields with a closed list of values, by type and name.
_VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("Location", "level"): tuple(LEVELS),
    ("When", "method"): DATE_METHODS,
    ("Claim", "kind"): CLAIM_KINDS,
    ("Confidence", "label"): CONFIDENCE_CLASSES,
    **{(kind, "status"): STATUSES for kind in ("Event", "Report")},
    **{(kind, "prominence"): PROMINENCES for kind in ("Event", "Report")},
    **{
        (kind, "sub_event_type"): tuple(sub for subs in EVENT_TYPES.values() for sub in subs)
        for kind in ("Event", "Report")
    },
}
_RANGES: dict[tuple[str, str], tuple[float, float]] = {
    ("Confidence", "score"): (0.0, 1.0),
    ("Candidate", "score"): (0.0, 1.0),
    **{(kind, "lon"): (-180.0, 180.0) for kind in ("Place", "Location")},
    **{(kind, "lat"): (-90.0, 90.0) for kind in ("Place", "Location")},
}


def event_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of one line: an event with its reports, and what follows from them."""
    definitions: dict[str, Any] = {}
    _define(Event, definitions)
    event = definitions.pop("Event")
    event["properties"] = {
        "schema": {"const": EVENT_SCHEMA},
        "provenance": {"type": "string"},
        "country_name": {"type": ["string", "null"]},
        **event["properties"],
    }
    event["required"] = ["schema", *event["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{EVENT_SCHEMA.replace('/', ':')}",
        "title": "An event of conflictmap, whole: one line of the JSON Lines form",
        **event,
        "$defs": dict(sorted(definitions.items())),
    }


def event_schema_text() -> str:
    """The schema as it stands in `geo/data/event.schema.json`."""
    return json.dumps(event_schema(), indent=1, ensure_ascii=False) + "\n"


def _define(kind: Any, definitions: dict[str, Any]) -> None:
    if kind.__name__ in definitions:
        return
    definitions[kind.__name__] = {}  # a type may hold itself
    hints = typing.get_type_hints(kind)
    properties = {f.name: _of(hints[f.name], kind.__name__, f.name, definitions) for f in dataclasses.fields(kind)}
    required = [
        f.name
        for f in dataclasses.fields(kind)
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    if kind in (Event, Report):
        properties["event_type"] = {"enum": list(EVENT_TYPES)}
    definitions[kind.__name__] = {"type": "object", "properties": properties, "required": required}


def _of(hint: Any, owner: str, name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    if isinstance(hint, types.UnionType):
        inner = _of(next(a for a in typing.get_args(hint) if a is not type(None)), owner, name, definitions)
        return {"anyOf": [inner, {"type": "null"}]}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _of(typing.get_args(hint)[0], owner, name, definitions)}
    if dataclasses.is_dataclass(hint):
        _define(hint, definitions)
        return {"$ref": f"#/$defs/{typing.cast(Any, hint).__name__}"}
    if (owner, name) in _VALUES:
        return {"enum": list(_VALUES[owner, name])}
    if hint is date:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
    found: dict[str, Any] = {"type": {str: "string", int: "integer", float: "number", bool: "boolean"}[hint]}
    if (owner, name) in _RANGES:
        low, high = _RANGES[owner, name]
        found |= {"minimum": low, "maximum": high}
    return found


if __name__ == "__main__":
    sys.stdout.write(event_schema_text())
