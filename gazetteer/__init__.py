"""Names to places: an offline gazetteer, and which of several places of one name a document means.

What only some need stays in modules of its own, so that this import is light: `gazetteer.batch` (a column of names),
`gazetteer.layers` (places of your own), `gazetteer.download` and `gazetteer.online` (what asks the network).

>>> great_circle_km(LonLat(lon=0, lat=0), LonLat(lon=0, lat=1)) > 111
True
"""

from __future__ import annotations

from gazetteer.errors import CodeError, GazetteerError, InputError, MapperError
from gazetteer.names import fold_name, skeleton_key, strip_article, strip_type_word, type_word_matches
from gazetteer.place import (
    Candidate,
    Hints,
    LonLat,
    Mention,
    Place,
    Reason,
    Resolution,
    bearing_degrees,
    destination,
    great_circle_km,
)
from gazetteer.resolve import Prior, confidence_of, resolve
from gazetteer.store import Gazetteer, NameHit, SourcePlace, build

__all__ = [
    "Candidate",
    "CodeError",
    "Gazetteer",
    "GazetteerError",
    "Hints",
    "InputError",
    "LonLat",
    "MapperError",
    "Mention",
    "NameHit",
    "Place",
    "Prior",
    "Reason",
    "Resolution",
    "SourcePlace",
    "bearing_degrees",
    "build",
    "confidence_of",
    "destination",
    "fold_name",
    "great_circle_km",
    "resolve",
    "skeleton_key",
    "strip_article",
    "strip_type_word",
    "type_word_matches",
]
