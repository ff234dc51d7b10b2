"""The types of the reading: articles, toponyms, reports, events, and the codes that they carry.

Hides: which facts an event has and which values they may take. All values are frozen; unknown is None, never "" or 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gazetteer.errors import CodeError, InputError
from gazetteer.place import Candidate, LonLat, Place, Reason, Resolution

__all__ = [
    "CLAIM_KINDS",
    "CONFIDENCE_CLASSES",
    "DATE_METHODS",
    "EVENT_TYPES",
    "HAND_CODES",
    "LEVELS",
    "PROMINENCES",
    "ROLES",
    "STATUSES",
    "Article",
    "Claim",
    "Confidence",
    "Event",
    "Evidence",
    "Join",
    "Location",
    "Rejected",
    "Report",
    "Span",
    "Toponym",
    "When",
    "event_type_of",
]

#: ACLED-style taxonomy: event type -> its sub-event types, in the codebook's order (ACLED codebook).
EVENT_TYPES: dict[str, tuple[str, ...]] = {
    "Battles": (
        "Government regains territory",
        "Non-state actor overtakes territory",
        "Armed clash",
    ),
    "Protests": ("Excessive force against protesters", "Protest with intervention", "Peaceful protest"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Explosions/Remote violence": (
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    ),
    "Violence against civilians": ("Sexual violence", "Attack", "Abduction/forced disappearance"),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
}

#: Location level -> (ACLED geo_precision, UCDP where_prec, default radius in km) (levels are ours).
LEVELS: dict[str, tuple[int | None, int, float]] = {
    "site": (1, 1, 1.0),
    "settlement": (1, 1, 1.0),
    "near": (2, 2, 5.0),
    "adm3": (2, 3, 15.0),
    "adm2": (3, 3, 25.0),
    "adm1": (3, 4, 50.0),
    "part": (3, 5, 50.0),
    "country": (None, 6, 300.0),
    "sea_air": (3, 7, 50.0),
}

DATE_METHODS = ("stated", "relative_to_publication", "publication_date")
CONFIDENCE_CLASSES = ("high", "medium", "low")
ROLES = ("event", "mention", "dateline", "metonym", "demonym")
CLAIM_KINDS = ("killed", "wounded", "missing", "detained", "displaced")
STATUSES = ("reported", "claimed", "contested")
PROMINENCES = ("main", "background")
#: Codes of the reasons that say what a person did: these events are marked, and their rows say so in `provenance`.
HAND_CODES = ("corrected", "checked")

_TYPE_OF = {sub: kind for kind, subs in EVENT_TYPES.items() for sub in subs}


def event_type_of(sub_event_type: str) -> str:
    """The event type that a sub-event type belongs to. Raises CodeError when the codebook lacks it.

    >>> event_type_of("Air/drone strike")
    'Explosions/Remote violence'
    """
    try:
        return _TYPE_OF[sub_event_type]
    except KeyError:
        raise CodeError(f"sub-event type {sub_event_type!r} is not in the codebook") from None


def _check(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise CodeError(f"{what} {value!r} is none of {', '.join(allowed)}")


@dataclass(frozen=True, slots=True)
class Article:
    """One news article. Spans and evidence point into `text` as it was given; `title` is context only."""

    id: str  # kept verbatim
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None  # ISO 639-1

    def __post_init__(self) -> None:
        if not self.id or ";" in self.id:
            raise InputError(f"article id {self.id!r} is empty or holds ';'")


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place name in an article: its resolution and the role that it plays there."""

    resolution: Resolution
    role: str  # one of ROLES
    confidence: str  # one of CONFIDENCE_CLASSES

    def __post_init__(self) -> None:
        _check(self.role, ROLES, "role")
        _check(self.confidence, CONFIDENCE_CLASSES, "confidence")

    @property
    def start(self) -> int:
        return self.resolution.mention.start

    @property
    def end(self) -> int:
        return self.resolution.mention.end

    @property
    def text(self) -> str:
        return self.resolution.mention.text

    @property
    def place(self) -> Place | None:
        """The place that was chosen, or None."""
        return self.resolution.chosen.place if self.resolution.chosen is not None else None


@dataclass(frozen=True, slots=True)
class Location:
    """Where an event happened, and how far that is known. The point of an area is a representative one."""

    place: Place  # the named place; for a computed point the one it was computed from
    lon: float  # degrees
    lat: float  # degrees
    level: str  # one of LEVELS
    radius_km: float
    phrase: str  # the words of the article: "the Syrian province of Hama"
    reasons: tuple[Reason, ...] = ()
    rivals: tuple[Candidate, ...] = ()  # what else the name may mean, best first

    def __post_init__(self) -> None:
        LonLat(lon=self.lon, lat=self.lat)
        _check(self.level, tuple(LEVELS), "location level")
        if not self.radius_km > 0:
            raise InputError(f"radius_km {self.radius_km} is not above 0")

    @property
    def is_area(self) -> bool:
        """Whether the point only represents an area and must not be drawn like a town."""
        return self.level in ("adm3", "adm2", "adm1", "part", "country", "sea_air")


@dataclass(frozen=True, slots=True)
class When:
    """An interval of days, both ends included, with the words it was read from."""

    start: date
    end: date
    basis: str  # the words: "on Wednesday"
    method: str  # one of DATE_METHODS

    def __post_init__(self) -> None:
        _check(self.method, DATE_METHODS, "date method")
        if self.end < self.start:
            raise InputError(f"an interval ends ({self.end}) before it starts ({self.start})")


@dataclass(frozen=True, slots=True)
class Span:
    """Part of an evidence sentence. Offsets count in the article's text."""

    kind: str  # trigger, place, date, actor, target, number
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence that says it: `article.text[start:end] == quote`, with the decisive words as spans."""

    article_id: str
    start: int
    end: int
    quote: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement on casualties. `low`/`high` are None where the words give no number ("dozens")."""

    kind: str  # one of CLAIM_KINDS
    low: int | None
    high: int | None
    words: str  # "at least 14", "dozens"
    whose: str | None = None  # who says so
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        _check(self.kind, CLAIM_KINDS, "claim kind")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise InputError(f"claim {self.words!r}: high {self.high} is below low {self.low}")


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure the reading is, and why."""

    label: str  # one of CONFIDENCE_CLASSES
    score: float  # 0..1
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        _check(self.label, CONFIDENCE_CLASSES, "confidence")


@dataclass(frozen=True, slots=True)
class Report:
    """What one article says of one event."""

    report_id: str  # hash of article id, trigger span and sub-type (and place, in a family); never changes
    article_id: str
    evidence: Evidence
    sub_event_type: str
    summary: str
    when: When | None = None
    location: Location | None = None
    unlocated_reason: str | None = None
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    status: str = "reported"  # one of STATUSES
    prominence: str = "main"  # one of PROMINENCES
    confidence: Confidence = Confidence(label="low", score=0.0)
    family: str | None = None  # shared by the reports of one event at several places
    also: tuple[Evidence, ...] = ()  # further sentences of the article on this event
    figures: tuple[str, ...] = ()  # counts that are no casualties, as written: "36 targets", "23 buses"
    article_title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
    agency: str | None = None  # whose text the article says it prints

    def __post_init__(self) -> None:
        _check(self.status, STATUSES, "status")
        _check(self.prominence, PROMINENCES, "prominence")
        event_type_of(self.sub_event_type)
        if (self.location is None) == (self.unlocated_reason is None):
            raise InputError(f"report {self.report_id}: give a location or the reason for none")

    @property
    def event_type(self) -> str:
        return event_type_of(self.sub_event_type)


@dataclass(frozen=True, slots=True)
class Join:
    """Why a report stands with an event: the facts that it shares with the reports before it."""

    report_id: str
    score: float  # sum of the weights of evidence
    reasons: tuple[Reason, ...]
    copy_of: str | None = None  # the report_id of the earlier report that it reprints


@dataclass(frozen=True, slots=True)
class Event:
    """One event, and the ledger of the reports that tell of it (first by published, article id, offset)."""

    event_id: str  # the report_id of its first report
    family_id: str
    sub_event_type: str
    summary: str
    reports: tuple[Report, ...]
    when: When | None = None
    location: Location | None = None
    unlocated_reason: str | None = None
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    casualties: tuple[Claim, ...] = ()
    figures: tuple[str, ...] = ()
    status: str = "reported"
    prominence: str = "main"
    confidence: Confidence = Confidence(label="low", score=0.0)
    joins: tuple[Join, ...] = ()  # for each report after the first one

    def __post_init__(self) -> None:
        _check(self.status, STATUSES, "status")
        _check(self.prominence, PROMINENCES, "prominence")
        event_type_of(self.sub_event_type)
        if not self.reports:
            raise InputError(f"event {self.event_id} has no report")
        if (self.location is None) == (self.unlocated_reason is None):
            raise InputError(f"event {self.event_id}: give a location or the reason for none")

    @property
    def event_type(self) -> str:
        return event_type_of(self.sub_event_type)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event word that was read and put no pin: planned, threatened, hypothetical, denied, ..."""

    article_id: str
    start: int  # of the trigger
    end: int
    quote: str  # the sentence
    trigger: str
    sub_event_type: str
    reason: Reason
