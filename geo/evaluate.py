"""How well toponyms were read: labelled documents and predictions -> pairs -> measures and a list of errors.

Hides: how a prediction is paired with a label, and what each measure counts. The measures are those of the usual
geoparsing evaluations (Gritta et al. 2018, "What's missing in geographical parsing?"; 161 km are their 100 miles);
`docs/evaluate.md` says what each means. Nothing here opens a file; the country of a point is asked of a function.
"""

from __future__ import annotations

import json
import math
import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from gazetteer import Gazetteer, LonLat, great_circle_km
from gazetteer.errors import InputError
from geo.articles import Skipped
from geo.event import CONFIDENCE_CLASSES, ROLES, Toponym

__all__ = [
    "MAX_KM",
    "NEAR_KM",
    "Document",
    "Errors",
    "Judged",
    "Label",
    "Measures",
    "Outcome",
    "Share",
    "Shares",
    "country_finder",
    "intervals",
    "judge",
    "kind_of_gold",
    "label_of",
    "measure",
    "read_documents",
    "read_id",
    "read_point",
    "read_predictions",
    "read_record",
    "shown",
]

#: A place is right within this distance: 100 miles, the customary bound of the field.
NEAR_KM = 161.0
#: Half the circumference of the earth: the error of a name that was found but not placed.
MAX_KM = 20039.0
#: The kind of a labelled toponym that is one although nobody knows where it lies. Without coordinates, every other kind
#: (languages, common nouns, demonyms that a corpus marks) is no toponym, and a prediction on it is wrong.
UNLOCATED = "unlocated"
#: Seed of the bootstrap: same input, same intervals.
SEED = 1
#: Distances within which the nearest settlement says in which country a point lies. Beyond the last it lies in none: at sea,
#: in the ice. Representative points of large countries lie in empty land (Russia 60, 100; Canada 60, -96).
COUNTRY_KM = (10.0, 50.0, 400.0)
#: Places looked at around a point; they come nearest first, and nearly all are settlements.
COUNTRY_PLACES = 200


@dataclass(frozen=True, slots=True)
class Label:
    """A toponym of a document, as a person labelled it or as it was predicted."""

    start: int
    end: int
    point: LonLat | None = None  # None: it could not be placed
    kind: str | None = None  # of a labelled one: "P.PPL", "A.PCLI", "unlocated", or whatever the labels use
    country: str | None = None  # ISO alpha-2
    text: str | None = None
    name: str | None = None  # of the place
    place_id: str | None = None
    role: str | None = None  # one of ROLES
    confidence: str | None = None  # one of CONFIDENCE_CLASSES
    reasons: tuple[str, ...] = ()  # why this place, for people

    @property
    def is_toponym(self) -> bool:
        return self.point is not None or self.kind == UNLOCATED


@dataclass(frozen=True, slots=True)
class Document:
    """The toponyms of one document; `text` is None where the file does not have it."""

    id: str
    toponyms: tuple[Label, ...]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A labelled toponym, a predicted one, or both when they were paired."""

    gold: Label | None
    predicted: Label | None

    @property
    def km(self) -> float | None:
        """Distance between the two points; None unless there are two."""
        if self.gold is None or self.predicted is None or self.gold.point is None or self.predicted.point is None:
            return None
        return great_circle_km(self.gold.point, self.predicted.point)

    @property
    def is_hit(self) -> bool:
        """Whether the name was found and put within NEAR_KM of where it belongs."""
        return self.km is not None and self.km <= NEAR_KM

    @property
    def error(self) -> str | None:
        """What is wrong: "missed", "spurious", "unplaced", "wrong place"; None when nothing is."""
        if self.predicted is None:
            return "missed"
        if self.gold is None:
            return "spurious"
        if self.gold.point is None or self.is_hit:
            return None
        return "unplaced" if self.predicted.point is None else "wrong place"


@dataclass(frozen=True, slots=True)
class Judged:
    """One document with its outcomes, in the order of the text."""

    document: Document
    outcomes: tuple[Outcome, ...]
    n_exact: int  # predictions with the very offsets of a labelled toponym


def judge(document: Document, predictions: Sequence[Label]) -> Judged:
    """Pair the labelled toponyms of a document with the predicted ones, one to one.

    Pairs with the same offsets come first, then those that share most characters; one is enough.
    """
    gold = [label for label in document.toponyms if label.is_toponym]
    pairs = _same_offsets(gold, predictions)
    n_exact = len(pairs)
    taken = set(pairs.values())
    for i, j in _overlapping(gold, predictions):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    outcomes = [Outcome(label, predictions[pairs[i]] if i in pairs else None) for i, label in enumerate(gold)]
    outcomes += [Outcome(None, label) for j, label in enumerate(predictions) if j not in taken]
    return Judged(document=document, outcomes=tuple(sorted(outcomes, key=_where)), n_exact=n_exact)


def _same_offsets(gold: Sequence[Label], predictions: Sequence[Label]) -> dict[int, int]:
    """Indexes of gold -> of predictions with the same offsets; of several the first."""
    free: dict[tuple[int, int], list[int]] = {}
    for j in range(len(predictions) - 1, -1, -1):
        free.setdefault((predictions[j].start, predictions[j].end), []).append(j)
    pairs = {}
    for i, label in enumerate(gold):
        if same := free.get((label.start, label.end)):
            pairs[i] = same.pop()
    return pairs


def _overlapping(gold: Sequence[Label], predictions: Sequence[Label]) -> list[tuple[int, int]]:
    """Pairs of indexes that share a character: most shared first, then in the order of the text."""
    order = sorted(range(len(predictions)), key=lambda j: predictions[j].start)
    starts = [predictions[j].start for j in order]
    longest = max((label.end - label.start for label in predictions), default=0)
    found = []
    for i, label in enumerate(gold):
        at = bisect_left(starts, label.start - longest)
        while at < len(order) and starts[at] < label.end:
            j = order[at]
            shared = min(label.end, predictions[j].end) - max(label.start, predictions[j].start)
            if shared > 0:
                found.append((-shared, label.start, predictions[j].start, i, j))
            at += 1
    return [(i, j) for *_, i, j in sorted(found)]


def _where(outcome: Outcome) -> tuple[int, int]:
    label = outcome.gold or outcome.predicted
    assert label is not None
    return label.start, label.end


# --- measures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shares:
    """Precision, recall and F1, with the counts behind them; 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float
    tp: int
    predicted: int
    gold: int


@dataclass(frozen=True, slots=True)
class Errors:
    """The distances between labelled and predicted points. None where there is none."""

    n: int
    acc161: float | None  # share within NEAR_KM
    mean_km: float | None
    median_km: float | None
    auc: float | None  # area under the sorted ln(1 + km), 0 best, 1 worst


@dataclass(frozen=True, slots=True)
class Share:
    """How many of n are right; `share` is None of none."""

    n: int
    right: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Measures:
    """All measures over some documents; `asdict` of it is the answer as JSON values."""

    recognition: Mapping[str, Shares]  # exact, overlap
    resolution: Mapping[str, Errors]  # all (not placed counts as MAX_KM), placed
    end_to_end: Shares
    by_kind: Mapping[str, Mapping[str, int]]  # kind of labelled toponym -> gold, found, hit
    country: Mapping[str, Share] = field(default_factory=dict)  # all, placed; empty where countries were not asked for
    calibration: Mapping[str, Mapping[str, float | int | None]] = field(default_factory=dict)  # confidence -> counts
    roles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # role -> predicted, on_gold, hit

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def measure(judged: Sequence[Judged], *, country_of: Callable[[Label], str | None] | None = None) -> Measures:
    """The measures over documents. `country_of` gives the country of a label with a point, or None where none is known.

    >>> paris = LonLat(lon=2.35, lat=48.86)
    >>> one = Document(id="1", toponyms=(Label(0, 5, paris),))
    >>> measure([judge(one, [Label(0, 5, paris), Label(9, 12)])]).recognition["exact"].precision
    0.5
    """
    outcomes = [outcome for part in judged for outcome in part.outcomes]
    counts = _total(map(_counts, judged))
    distances = [km for outcome in outcomes if (km := _error_km(outcome)) is not None]
    placed = [outcome.km for outcome in outcomes if outcome.km is not None]
    return Measures(
        recognition={
            "exact": _shares(sum(part.n_exact for part in judged), counts.predicted, counts.gold),
            "overlap": _shares(counts.paired, counts.predicted, counts.gold),
        },
        resolution={"all": _errors(distances), "placed": _errors(placed)},
        end_to_end=_shares(counts.hits, counts.placed, counts.located),
        by_kind=_by_kind(outcomes),
        country=_country_shares(outcomes, country_of) if country_of is not None else {},
        calibration=_calibration(outcomes),
        roles=_roles(outcomes),
    )


def intervals(judged: Sequence[Judged], *, rounds: int, seed: int = SEED) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals of the three leading measures, drawn over documents; empty without documents."""
    counts = [_counts(part) for part in judged]
    if not counts or rounds < 1:
        return {}
    draw = random.Random(seed)  # noqa: S311  no secret is made of it
    samples = [_total([draw.choice(counts) for _ in counts]) for _ in range(rounds)]
    leading: dict[str, Callable[[_Counts], float]] = {
        "recognition_overlap_f1": lambda c: _shares(c.paired, c.predicted, c.gold).f1,
        "resolution_all_acc161": lambda c: c.hits / c.found if c.found else 0.0,
        "end_to_end_f1": lambda c: _shares(c.hits, c.placed, c.located).f1,
    }
    low, high = int(0.025 * rounds), min(rounds - 1, int(0.975 * rounds))
    found = {}
    for name, value in leading.items():
        values = sorted(map(value, samples))
        found[name] = (values[low], values[high])
    return found


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the shares are made of; counts of documents add up."""

    paired: int  # predictions on a labelled toponym
    predicted: int
    gold: int
    located: int  # labelled toponyms with a point
    found: int  # of them those with a prediction
    hits: int  # of them those placed within NEAR_KM
    placed: int  # predictions with a point, but for those on a toponym whose place nobody knows


def _counts(part: Judged) -> _Counts:
    paired = predicted = gold = located = found = hits = placed = 0
    for outcome in part.outcomes:
        has_gold, has_prediction = outcome.gold is not None, outcome.predicted is not None
        is_located = outcome.gold is not None and outcome.gold.point is not None
        has_point = outcome.predicted is not None and outcome.predicted.point is not None
        paired += has_gold and has_prediction
        predicted += has_prediction
        gold += has_gold
        located += is_located
        found += is_located and has_prediction
        hits += outcome.is_hit
        placed += has_point and (is_located or not has_gold)
    return _Counts(paired, predicted, gold, located, found, hits, placed)


def _total(counts: Iterable[_Counts]) -> _Counts:
    rows = [(c.paired, c.predicted, c.gold, c.located, c.found, c.hits, c.placed) for c in counts]
    return _Counts(*map(sum, zip(*rows, strict=True))) if rows else _Counts(0, 0, 0, 0, 0, 0, 0)


def _shares(tp: int, predicted: int, gold: int) -> Shares:
    p = tp / predicted if predicted else 0.0
    r = tp / gold if gold else 0.0
    return Shares(
        precision=p, recall=r, f1=2 * p * r / (p + r) if p + r else 0.0, tp=tp, predicted=predicted, gold=gold
    )


def _share(right: int, n: int) -> Share:
    return Share(n=n, right=right, share=right / n if n else None)


def _error_km(outcome: Outcome) -> float | None:
    """The error of a located toponym that was found: MAX_KM when it was not placed."""
    if outcome.gold is None or outcome.gold.point is None or outcome.predicted is None:
        return None
    return MAX_KM if outcome.km is None else outcome.km


def _errors(distances: Sequence[float]) -> Errors:
    if not distances:
        return Errors(n=0, acc161=None, mean_km=None, median_km=None, auc=None)
    ordered = sorted(distances)
    n = len(ordered)
    middle = ordered[n // 2] if n % 2 else (ordered[n // 2 - 1] + ordered[n // 2]) / 2
    near = sum(km <= NEAR_KM for km in ordered)
    return Errors(n=n, acc161=near / n, mean_km=sum(ordered) / n, median_km=middle, auc=_auc(ordered))


def _auc(ordered: Sequence[float]) -> float:
    """Area under the sorted ln(1 + km) by the trapezoid rule, as a share of the worst."""
    logs = sorted(math.log(1 + km) for km in ordered)
    if len(logs) == 1:
        return logs[0] / math.log(MAX_KM)
    area = sum(logs) - (logs[0] + logs[-1]) / 2
    return area / (math.log(MAX_KM) * (len(logs) - 1))


def _by_kind(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    rows: dict[str, dict[str, int]] = {}
    for outcome in outcomes:
        if outcome.gold is not None and outcome.gold.point is not None:
            row = rows.setdefault(str(outcome.gold.kind), {"gold": 0, "found": 0, "hit": 0})
            row["gold"] += 1
            row["found"] += outcome.predicted is not None
            row["hit"] += outcome.is_hit
    return rows


def _country_shares(outcomes: Iterable[Outcome], country_of: Callable[[Label], str | None]) -> dict[str, Share]:
    """Same-country accuracy over located toponyms that were found and whose country is known."""
    found = placed = right = 0
    for outcome in outcomes:
        if outcome.gold is None or outcome.gold.point is None or outcome.predicted is None:
            continue
        country = country_of(outcome.gold)
        if country is None:
            continue
        found += 1
        if outcome.predicted.point is not None:
            placed += 1
            right += country_of(outcome.predicted) == country
    return {"all": _share(right, found), "placed": _share(right, placed)}


def _calibration(outcomes: Iterable[Outcome]) -> dict[str, dict[str, float | int | None]]:
    """For each class of confidence: names placed, those of them on a located toponym, and the right ones among these."""
    placed = [
        o for o in outcomes if o.predicted is not None and o.predicted.point is not None and o.predicted.confidence
    ]
    table: dict[str, dict[str, float | int | None]] = {}
    for level in CONFIDENCE_CLASSES if placed else ():
        own = [o for o in placed if o.predicted is not None and o.predicted.confidence == level]
        judged = [o for o in own if o.km is not None]
        hits = sum(o.is_hit for o in judged)
        table[level] = {
            "placed": len(own),
            "share_of_placed": len(own) / len(placed),
            "on_gold": len(judged),
            "right": hits,
            "share_right": hits / len(judged) if judged else None,
        }
    return table


def _roles(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    rows: dict[str, dict[str, int]] = {}
    for outcome in outcomes:
        if outcome.predicted is not None and outcome.predicted.role is not None:
            row = rows.setdefault(outcome.predicted.role, {"predicted": 0, "on_gold": 0, "hit": 0})
            row["predicted"] += 1
            row["on_gold"] += outcome.gold is not None
            row["hit"] += outcome.is_hit
    return {role: rows[role] for role in ROLES if role in rows}


def country_finder(gazetteer: Gazetteer) -> Callable[[Label], str | None]:
    """A function that gives the country of a label: the one it states, else that of the settlement nearest to its point.

    None where no settlement lies within the last of COUNTRY_KM. Near a border the nearest settlement may be abroad.
    """

    @cache
    def at(point: LonLat) -> str | None:
        for radius_km in COUNTRY_KM:
            for _, place in gazetteer.near(point, radius_km=radius_km, limit=COUNTRY_PLACES):
                if place.is_settlement and place.country is not None:
                    return place.country
        return None

    return lambda label: label.country or (at(label.point) if label.point is not None else None)


def label_of(toponym: Toponym) -> Label:
    """What conflictmap read, as a prediction."""
    place, chosen = toponym.place, toponym.resolution.chosen
    return Label(
        start=toponym.start,
        end=toponym.end,
        point=place.point if place is not None else None,
        country=place.country if place is not None else None,
        text=toponym.text,
        name=place.name if place is not None else None,
        place_id=place.id if place is not None else None,
        role=toponym.role,
        confidence=toponym.confidence,
        reasons=tuple(r.text for r in chosen.reasons) if chosen is not None else (toponym.resolution.unresolved or "",),
    )


# --- files of labels ------------------------------------------------------------------------------------------------


def kind_of_gold(lines: Iterable[str]) -> str | None:
    """What a file of labels holds, by its first record: "toponyms", "events", or None where it is neither."""
    for line in lines:
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError:
                return None
            keys = record if isinstance(record, dict) else {}
            return next((kind for kind in ("toponyms", "events") if kind in keys), None)
    return None


def read_documents(lines: Iterable[str], *, source: str) -> Iterator[Document | Skipped]:
    """Labelled documents, one a line: {"id", "text", "toponyms": [{"start", "end", "lat", "lon", ...}]}.

    A line that cannot be used gives a Skipped with the reason, and the next one follows.
    """
    yield from _read(lines, source, known=None)


def read_predictions(
    lines: Iterable[str], *, source: str, gold: Mapping[str, Document]
) -> Iterator[Document | Skipped]:
    """Predictions as `conflictmap toponyms` writes them, checked against the documents that they are for."""
    yield from _read(lines, source, known=gold)


def _read(lines: Iterable[str], source: str, known: Mapping[str, Document] | None) -> Iterator[Document | Skipped]:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{source}:{number}"
        try:
            document = _document(line, known)
            if document.id in seen:
                raise InputError(
                    f"the id {shown(document.id)} stands on line {seen[document.id]} too; give each its own"
                )
            seen[document.id] = number
        except InputError as error:
            yield Skipped(where, f"{where}: {error}")
            continue
        yield document


def _document(line: str, known: Mapping[str, Document] | None) -> Document:
    record = read_record(line, "toponyms")
    document_id = read_id(record, "id")
    text = record.get("text")
    if text is not None and not isinstance(text, str):
        raise InputError(f'"text" is {shown(text)}; the text of the document is expected')
    if known is not None:
        if document_id not in known:
            raise InputError(f"the id {shown(document_id)} is none of the labelled documents; take this line out")
        own = known[document_id].text
        if text is not None and own is not None and text != own:
            raise InputError(
                f"the text of {shown(document_id)} is not that of the labelled document; predict on its text"
            )
        text = own if text is None else text
    labels = tuple(_label(value, n, text) for n, value in enumerate(record["toponyms"], start=1))
    return Document(id=document_id, toponyms=labels, text=text)


def read_record(line: str, list_key: str) -> dict[str, Any]:
    """One line as an object that holds a list of objects under this key."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as exc:
        raise InputError(f"not JSON ({exc.msg} at column {exc.colno}); one object a line is expected") from exc
    except (RecursionError, ValueError) as exc:
        raise InputError(f"not JSON that can be read ({exc}); one object a line is expected") from exc
    if not isinstance(record, dict):
        raise InputError(f'{shown(record)} is no object; {{"id": ..., "{list_key}": [...]}} is expected')
    values = record.get(list_key)
    if not isinstance(values, list):
        there = ", ".join(map(shown, list(record)[:6])) or "none"
        raise InputError(f'no list "{list_key}" (the keys are {there}); a document without any has an empty one')
    if wrong := next((n for n, value in enumerate(values, start=1) if not isinstance(value, dict)), None):
        raise InputError(f'number {wrong} of "{list_key}" is {shown(values[wrong - 1])}; an object is expected')
    return record


def read_id(record: Mapping[str, Any], key: str) -> str:
    """The id of a record, as text. Raises InputError where there is none."""
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise InputError(f'"{key}" is {shown(value)}; each document needs one, a text or a whole number')
    return str(value)


def _label(value: Mapping[str, Any], number: int, text: str | None) -> Label:
    start, end = value.get("start"), value.get("end")
    what = f"toponym {number}"
    if type(start) is not int or type(end) is not int:
        raise InputError(f"{what}: start {shown(start)} and end {shown(end)} must be whole numbers of characters")
    if not 0 <= start < end:
        raise InputError(f"{what}: start {start} and end {end} are no span; the end is the first character after it")
    spelled = _text_or_none(value, "text", what)
    if text is not None:
        if end > len(text):
            raise InputError(f"{what}: end {end} is behind the text, which has {len(text)} characters (bytes counted?)")
        if spelled is not None and text[start:end] != spelled:
            raise InputError(
                f"{what}: the text has {shown(text[start:end])} at {start}..{end}, not {shown(spelled)} (offsets count "
                "characters from 0)"
            )
        spelled = text[start:end]
    confidence, role = _text_or_none(value, "confidence", what), _text_or_none(value, "role", what)
    for code, codes in ((confidence, CONFIDENCE_CLASSES), (role, ROLES)):
        if code is not None and code not in codes:
            raise InputError(f"{what}: {shown(code)} is none of {', '.join(codes)}")
    country = _text_or_none(value, "country", what)
    return Label(
        start=start,
        end=end,
        point=read_point(value, what),
        kind=_text_or_none(value, "kind", what),
        country=country.upper() if country else None,
        text=spelled,
        name=_text_or_none(value, "name", what),
        place_id=_text_or_none(value, "place_id", what),
        role=role,
        confidence=confidence,
    )


def _text_or_none(value: Mapping[str, Any], key: str, what: str) -> str | None:
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise InputError(f'{what}: "{key}" is {shown(found)}; a text is expected')
    return found


def read_point(value: Mapping[str, Any], what: str) -> LonLat | None:
    """The "lat" and "lon" of a label, None where both are null. Raises InputError for anything else."""
    lat, lon = value.get("lat"), value.get("lon")
    if lat is None and lon is None:
        return None
    if (
        isinstance(lat, bool)
        or isinstance(lon, bool)
        or not isinstance(lat, int | float)
        or not isinstance(lon, int | float)
    ):
        raise InputError(f"{what}: lat {shown(lat)} and lon {shown(lon)} must be two numbers of degrees, or both null")
    try:
        return LonLat(lon=lon, lat=lat)
    except InputError as exc:
        raise InputError(f"{what}: {exc}") from exc


def shown(value: object) -> str:
    """A value for a message: one line, not long."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
