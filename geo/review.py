"""A random sample of events, a person's answers, and what follows from them: shares right and corrections.

Hides: which events are drawn, what is asked of each, how answers are kept as lines that can only be added to, and how they
become intervals and a corrections file. `geo/review_cli.py` talks to the person.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gazetteer.errors import InputError
from gazetteer.place import LonLat, great_circle_km
from geo.cells import safe_cell
from geo.corrected import trigger_span
from geo.event import CLAIM_KINDS, Event

__all__ = [
    "QUESTIONS",
    "REVIEW_SCHEMA",
    "Answer",
    "Share",
    "answer_line",
    "corrections_csv",
    "draw",
    "latest",
    "next_question",
    "possible_twins",
    "read_answers",
    "rows_of",
    "shares",
    "summary_of",
    "wilson",
]

#: Name and version of the lines of answers.
REVIEW_SCHEMA = "conflictmap-review/1"

#: What is asked of each event -> what a "yes" means in the shares. Where it is no event nothing else is asked.
QUESTIONS: dict[str, str] = {
    "event": "an event",
    "place": "place right",
    "date": "date right",
    "type": "type right",
    "number": "numbers right",
    "once": "told once",
}
_ANSWERS = ("yes", "no", "unclear")

#: 97.5 % point of the normal distribution: intervals that hold the true share in 95 of 100 samples.
Z95 = 1.959964
#: Events as near as this in space and time may be the same one.
TWIN_KM, TWIN_DAYS = 30.0, 2
#: How many of them are shown.
MOST_TWINS = 5

#: The columns of the corrections that a review writes.
_COLUMNS = ("verb", "event_id", "article_id", "start", "end", "place", "field", "value", "by", "when")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on one event. `value` is what would be right, where the person knows it."""

    event_id: str
    question: str  # one of QUESTIONS
    answer: str  # "yes", "no" or "unclear"
    by: str
    when: date
    value: str | None = None

    def __post_init__(self) -> None:
        if self.question not in QUESTIONS:
            raise InputError(f"question {self.question!r} is none of {', '.join(QUESTIONS)}")
        if self.answer not in _ANSWERS:
            raise InputError(f"answer {self.answer!r} is none of {', '.join(_ANSWERS)}")


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the answers to one question were yes; what was unclear does not count."""

    question: str
    right: int
    n: int

    @property
    def text(self) -> str:
        """As in "place right 91 % (84-95), n = 100"."""
        if not self.n:
            return f"{QUESTIONS[self.question]}: not known, n = 0"
        low, high = wilson(self.right, self.n)
        return f"{QUESTIONS[self.question]} {100 * self.right / self.n:.0f} % ({100 * low:.0f}-{100 * high:.0f}), n = {self.n}"


def draw(events: Iterable[Event], *, n: int, seed: int) -> list[Event]:
    """A random sample of n events, each once, in a random order; the same for the same seed, whatever their order.

    An event's turn hangs on its id and the seed alone: a larger sample begins with the smaller one, and events that are
    added later do not change the turns of the others.
    """
    turns = {hashlib.sha256(f"{seed}\x1f{event.event_id}".encode()).digest(): event for event in events}
    return [turns[turn] for turn in sorted(turns)[:n]]


def next_question(event: Event, answered: Mapping[tuple[str, str], Answer]) -> str | None:
    """What is to be asked of an event next; None when it is finished."""
    verdict = answered.get((event.event_id, "event"))
    if verdict is not None and verdict.answer != "yes":
        return None
    return next((question for question in QUESTIONS if (event.event_id, question) not in answered), None)


def latest(answers: Iterable[Answer]) -> dict[tuple[str, str], Answer]:
    """The answers that hold, by event and question: of several to one question the last."""
    return {(answer.event_id, answer.question): answer for answer in answers}


def possible_twins(event: Event, events: Iterable[Event]) -> list[Event]:
    """Other events near in space and time, the nearest first: what a duplicate would be one of."""
    here, when = event.location, event.when
    if here is None or when is None:
        return []
    near = []
    for other in events:
        at, then = other.location, other.when
        if other.event_id == event.event_id or at is None or then is None:
            continue
        days = max((then.start - when.end).days, (when.start - then.end).days, 0)
        if days <= TWIN_DAYS and abs(at.lat - here.lat) < 1.0:
            km = great_circle_km(LonLat(lon=at.lon, lat=at.lat), LonLat(lon=here.lon, lat=here.lat))
            if km <= TWIN_KM:
                near.append((other.sub_event_type != event.sub_event_type, days, km, other.event_id, other))
    return [found[-1] for found in sorted(near, key=lambda found: found[:-1])[:MOST_TWINS]]


# --- lines ------------------------------------------------------------------------------------------------------------


def answer_line(answer: Answer) -> str:
    """An answer as a line of JSON, with its line feed."""
    values = {
        "schema": REVIEW_SCHEMA,
        "event_id": answer.event_id,
        "question": answer.question,
        "answer": answer.answer,
        "value": answer.value,
        "by": answer.by,
        "when": answer.when.isoformat(),
    }
    return json.dumps(values) + "\n"


def read_answers(lines: Iterable[str], *, source: str) -> list[Answer]:
    """The answers of a review's lines, in their order.

    A last line that was cut off is passed over: the review was interrupted while it was written. Raises InputError that
    names source and line for any other line that is none.
    """
    answers: list[Answer] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{source}:{number}"
        try:
            record = json.loads(line.removeprefix("\ufeff"))
        except (ValueError, RecursionError) as exc:
            if not line.endswith("\n"):
                break
            raise InputError(f"{where}: not JSON ({exc}); take the line out") from exc
        if not isinstance(record, dict) or record.get("schema") != REVIEW_SCHEMA:
            raise InputError(
                f"{where}: no answer of a review ({REVIEW_SCHEMA}); give the file that 'conflictmap review' wrote"
            )
        try:
            value = record.get("value")
            answers.append(
                Answer(
                    event_id=str(record["event_id"]),
                    question=record["question"],
                    answer=record["answer"],
                    value=str(value) if value is not None else None,
                    by=str(record["by"]),
                    when=date.fromisoformat(record["when"]),
                )
            )
        except (KeyError, TypeError, ValueError) as exc:
            raise InputError(f"{where}: not a whole answer ({exc}); take the line out") from exc
    return answers


# --- shares -----------------------------------------------------------------------------------------------------------


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).

    >>> [round(bound, 3) for bound in wilson(91, 100)]
    [0.838, 0.952]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = right / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return (0.0 if right == 0 else middle - half), (1.0 if right == n else middle + half)


def shares(answers: Iterable[Answer]) -> list[Share]:
    """One share for each question, in their order; a question that nobody answered has n = 0."""
    held = list(latest(answers).values())
    found = []
    for question in QUESTIONS:
        clear = [answer.answer for answer in held if answer.question == question and answer.answer != "unclear"]
        found.append(Share(question=question, right=clear.count("yes"), n=len(clear)))
    return found


def summary_of(answers: Sequence[Answer]) -> str | None:
    """All shares in one line with the day of the last answer, for a map; None without an answer.

    >>> from datetime import date
    >>> summary_of([Answer("e1", "place", "yes", "A. Reader", date(2026, 11, 20))])
    'place right 100 % (21-100), n = 1; reviewed 2026-11-20'
    """
    if not answers:
        return None
    parts = [share.text for share in shares(answers) if share.n]
    return "; ".join([*parts, f"reviewed {max(answer.when for answer in answers)}"])


# --- corrections ------------------------------------------------------------------------------------------------------


def corrections_csv(events: Iterable[Event], answers: Iterable[Answer]) -> str:
    """The corrections that follow from the answers, as CSV, in the order of the events.

    What is wrong without a known right value is cleared where a field can be, and else a comment. An event is "checked" where
    each question has a clear answer and what was wrong has its right value.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    held = latest(answers)
    for event in events:
        given = [held[event.event_id, question] for question in QUESTIONS if (event.event_id, question) in held]
        if not given:
            continue
        for answer in given:
            for row in rows_of(answer, event):
                if "note" in row:
                    out.write(f"# {event.event_id}: {row['note']}\n")
                else:
                    _write(writer, row)
        is_event = given[0].question == "event" and given[0].answer == "yes"
        is_settled = all(answer.answer == "yes" or (answer.answer == "no" and answer.value) for answer in given)
        if is_event and is_settled and next_question(event, held) is None:
            _write(writer, {"verb": "checked"} | _target(event) | _signature(given[-1]))
    return out.getvalue()


def rows_of(answer: Answer, event: Event) -> Iterator[dict[str, str]]:
    """The lines of a corrections file that an answer asks for; one with "note" alone is for people."""
    if answer.answer != "no":
        return
    head = _target(event) | _signature(answer)
    value = answer.value
    match answer.question:
        case "event":
            yield head | {"verb": "reject"}
        case "place" if value:
            yield head | {"verb": "pin", "place": value}
        case "date" | "type" if value:
            field = "date" if answer.question == "date" else "sub_event_type"
            yield head | {"verb": "set", "field": field, "value": value}
        case "number" if value:
            for part in value.split(";"):
                kind, _, number = part.strip().partition(" ")
                if number.strip() == "none":
                    yield head | {"verb": "clear", "field": kind}
                else:
                    yield head | {"verb": "set", "field": kind, "value": number.strip()}
        case "once" if value:
            yield head | {"verb": "merge", "event_id": f"{event.event_id}; {value}"}
        case "place" | "date":
            yield head | {"verb": "clear", "field": answer.question}
        case "number" if event.casualties:
            kinds = {claim.kind for claim in event.casualties}
            yield head | {"verb": "clear", "field": "; ".join(kind for kind in CLAIM_KINDS if kind in kinds)}
        case _:
            yield {
                "note": f"not {QUESTIONS[answer.question]}, and what would be is not known ({answer.by}, {answer.when})"
            }


def _target(event: Event) -> dict[str, str]:
    """An event by its id, and by the span that tells of it, which finds it where other rules give another id."""
    first = event.reports[0]
    start, end = trigger_span(first)
    return {"event_id": event.event_id, "article_id": first.article_id, "start": str(start), "end": str(end)}


def _signature(answer: Answer) -> dict[str, str]:
    return {"by": answer.by, "when": answer.when.isoformat()}


def _write(writer: Any, row: Mapping[str, str]) -> None:
    writer.writerow(safe_cell(row.get(column, "")) for column in _COLUMNS)
