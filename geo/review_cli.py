"""The command `conflictmap review`: asks a person, event by event, and keeps each answer at once.

Hides: what is shown of an event, the keys, and how answers are kept. What follows from them is `geo/review.py`'s.
"""

# ruff: noqa: D301  click reads "\b" in a docstring: the lines below stay as they are

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from gazetteer import Gazetteer
from gazetteer.errors import InputError
from geo.corrections import parse_corrections
from geo.event import EVENT_TYPES, Event
from geo.review import (
    Answer,
    answer_line,
    corrections_csv,
    draw,
    latest,
    next_question,
    possible_twins,
    read_answers,
    shares,
)
from geo.table import events_from_jsonl, write_text

__all__ = ["answers_of_file", "review"]

_FILE = click.Path(path_type=Path)
#: Rival places, and reports, that are shown.
MOST_SHOWN = 5
#: First line of a corrections file that a review may write over.
_MARK = "# written by conflictmap review, which writes it anew; keep corrections of your own in another file"
_ASKED = {
    "event": "Is this an event that the text tells as having happened?",
    "place": "Is the place right?",
    "date": "Are the days right?",
    "type": "Is the type right?",
    "number": "Are the numbers right?",
    "once": "Is it told once, and in no other event of the file?",
}
_WANTED = {
    "place": "The right place: a number from the list, a place id, or lon,lat",
    "date": "The right day: 2017-01-18, or 2017-01-18/2017-01-20",
    "type": "The right type: a number from the list",
    "number": "The right numbers: killed 14; wounded 3-5 (or: killed none)",
    "once": "The same event: a number from the list, or an event id",
}
_KEYS = {"y": "yes", "n": "no", "?": "unclear"}


class _Stop(Exception):  # noqa: N818  no error: the person has had enough
    """The person ends the review."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("events", type=_FILE, metavar="EVENTS.jsonl")
@click.option(
    "--sample", type=click.IntRange(min=1), default=100, show_default=True, help="How many events to ask about."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws another sample.")
@click.option("--by", metavar="NAME", help="Who reviews; asked for when not given.")
@click.option("--answers", type=_FILE, metavar="FILE", help="Keep the answers here.  [default: EVENTS.review.jsonl]")
@click.option(
    "-o", "--output", type=_FILE, metavar="FILE", help="Write corrections here.  [default: EVENTS.corrections.csv]"
)
@click.option(
    "--gazetteer", type=_FILE, help="Use this gazetteer file alone, not the one in the package and its layers."
)
def review(  # noqa: PLR0917  a command takes its options as arguments
    events: Path,
    sample: int,
    seed: int,
    by: str | None,
    answers: Path | None,
    output: Path | None,
    gazetteer: Path | None,
) -> None:
    """Check a random sample of events in the terminal: what share is right, and corrections for what is not.

    Keys: y yes, n no (then what would be right, or Enter), ? cannot tell, b back, q quit. Each answer is kept at once; the same
    command goes on where it was left. EVENTS.jsonl is the nested form that `conflictmap geocode -o events.jsonl` writes.

    \b
    conflictmap review events.jsonl
    conflictmap review events.jsonl --sample 200 --seed 7 --by "A. Reader"
    """
    everything = _events(events)
    answers = answers or events.with_suffix(".review.jsonl")
    output = output or events.with_suffix(".corrections.csv")
    _check_outputs(events, answers, output)
    drawn = draw(everything, n=sample, seed=seed)
    given = answers_of_file(answers) if answers.exists() else []
    dialogue = _Dialogue(everything, drawn, given, answers, gazetteer)
    try:
        if dialogue.open:
            dialogue.run(by or _name())
    except (_Stop, click.Abort, KeyboardInterrupt, EOFError):
        _show("")
    write_text(output, f"{_MARK}\n{corrections_csv(everything, dialogue.answers)}")
    ids = {event.event_id for event in drawn}
    for share in shares(answer for answer in dialogue.answers if answer.event_id in ids):
        click.echo(share.text)
    left = len(dialogue.open)
    rest = (
        f"{left} of {len(drawn)} events are left; the same command goes on"
        if left
        else f"all {len(drawn)} events are done"
    )
    _show(f"{rest}; answers in {answers}, corrections in {output}")


def answers_of_file(path: Path) -> list[Answer]:
    """The answers that a review has kept in a file. Raises InputError where it cannot be read."""
    return read_answers(_text(path).splitlines(keepends=True), source=str(path))


def _events(path: Path) -> list[Event]:
    text = _text(path)
    if path.suffix.lower() not in (".jsonl", ".ndjson"):
        raise InputError(
            f"{path}: a review needs whole events; write them with 'conflictmap geocode ... -o events.jsonl'"
        )
    events = events_from_jsonl(text.split("\n"), source=str(path))
    if not events:
        raise InputError(f"{path}: no event in it; there is nothing to review")
    return events


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the name") from None
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); check the file and its permissions") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: not UTF-8 text ({exc.reason} at byte {exc.start})") from exc


def _check_outputs(events: Path, answers: Path, output: Path) -> None:
    """Raises InputError, before anything is asked, where a file that is not a review's would be written over."""
    for written in (answers, output):
        if written.exists() and written.samefile(events):
            raise InputError(f"{written}: this is the input; choose another name")
        if not written.parent.is_dir():
            raise InputError(f"{written}: there is no folder {str(written.parent)!r}; make it, or write elsewhere")
    if output.exists() and not _text(output).startswith(_MARK):
        raise InputError(f"{output}: this file is not a review's; write the corrections elsewhere with -o")


def _name() -> str:
    _show("Who reviews? Your name stands beside each correction.", newline=False)
    name = _line().strip()
    if not name:
        raise click.UsageError("a review needs a name; give --by NAME")
    return name


class _Dialogue:
    """The questions and answers of one review."""

    def __init__(
        self,
        everything: Sequence[Event],
        drawn: Sequence[Event],
        answers: list[Answer],
        path: Path,
        gazetteer: Path | None,
    ) -> None:
        self.everything = everything
        self.drawn = drawn
        self.answers = answers
        self.path = path
        self.gazetteer = gazetteer

    @property
    def open(self) -> list[Event]:
        """The events that still have a question."""
        held = latest(self.answers)
        return [event for event in self.drawn if next_question(event, held) is not None]

    def run(self, by: str) -> None:
        """Asks until all is answered or the person stops."""
        asked: list[tuple[Event, str]] = []
        again: list[tuple[Event, str]] = []  # questions that the person went back over, the next one last
        shown: Event | None = None
        while (now := again.pop() if again else self._next()) is not None:
            event, question = now
            if not self._applies(event, question):
                continue
            if event is not shown:
                _show("")
                for line in self._described(event):
                    _show(line)
                shown = event
            answer = self._ask(event, question, by)
            if answer is None:
                again += [now, *([asked.pop()] if asked else [])]
                continue
            self._keep(answer)
            asked.append(now)

    def _applies(self, event: Event, question: str) -> bool:
        """Whether a question is still one: of what is no event nothing else is asked."""
        verdict = latest(self.answers).get((event.event_id, "event"))
        return question == "event" or (verdict is not None and verdict.answer == "yes")

    def _next(self) -> tuple[Event, str] | None:
        held = latest(self.answers)
        for event in self.drawn:
            question = next_question(event, held)
            if question is not None:
                return event, question
        return None

    def _keep(self, answer: Answer) -> None:
        """Adds the answer to the file in one write that has reached the disk before the next question."""
        line = answer_line(answer).encode()
        try:
            if self.path.exists() and not self.path.read_bytes().endswith(b"\n") and self.path.stat().st_size:
                _cut_last_line(self.path)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            try:
                os.write(handle, line)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as exc:
            raise InputError(
                f"{self.path}: cannot be written ({exc.strerror}); give another file with --answers"
            ) from exc
        self.answers.append(answer)

    def _ask(self, event: Event, question: str, by: str) -> Answer | None:
        """The person's answer; None for "back"."""
        while True:
            _show(f"{_ASKED[question]} [y n ? b q]", newline=False)
            key = _key()
            _show(key)
            if key == "q":
                raise _Stop
            if key == "b":
                return None
            if key not in _KEYS:
                _show("y yes, n no, ? cannot tell, b back, q quit")
                continue
            value = self._wanted(event, question, by) if key == "n" and question in _WANTED else None
            return Answer(event.event_id, question, _KEYS[key], by=by, when=date.today(), value=value)

    def _wanted(self, event: Event, question: str, by: str) -> str | None:
        """What would be right, as a corrections file understands it; None when the person does not know."""
        choices = self._choices(event, question)
        for number, (_, text) in enumerate(choices, start=1):
            _show(f"  {number}  {text}")
        while True:
            _show(f"{_WANTED[question]}; Enter if not known:", newline=False)
            said = _line().strip()
            if not said:
                return None
            if said.isdecimal() and 1 <= int(said) <= len(choices):
                said = choices[int(said) - 1][0]
            problem = self._problem(Answer(event.event_id, question, "no", by, date.today(), said), event)
            if problem is None:
                return said
            _show(problem)

    def _choices(self, event: Event, question: str) -> list[tuple[str, str]]:
        if question == "place" and event.location is not None:
            rivals = event.location.rivals[:MOST_SHOWN]
            return [
                (rival.place.id, _listed(rival.place.name, rival.place.admin1_name, rival.place.country))
                for rival in rivals
            ]
        if question == "type":
            return [(sub, f"{sub} ({kind})") for kind, subs in EVENT_TYPES.items() for sub in subs]
        if question == "once":
            return [
                (twin.event_id, f"{twin.event_id} {twin.summary}") for twin in possible_twins(event, self.everything)
            ]
        return []

    def _problem(self, answer: Answer, event: Event) -> str | None:
        """Why a value cannot stand in a corrections file; None when it can."""
        if answer.question == "once":
            known = {other.event_id for other in self.everything} - {event.event_id}
            return None if answer.value in known else f"{answer.value!r} is no other event of this file"
        with Gazetteer.open(self.gazetteer) as gazetteer:
            made = parse_corrections(corrections_csv([event], [answer]), source="", gazetteer=gazetteer)
        return made.problems[0].split(": ", 1)[1] if made.problems else None

    def _described(self, event: Event) -> Iterator[str]:
        """What is shown of an event: the sentences first, then how they were read."""
        yield f"--- {self.drawn.index(event) + 1} of {len(self.drawn)}: {event.event_id}"
        for report in event.reports[:MOST_SHOWN]:
            day = report.published.isoformat() if report.published is not None else None
            source = _listed(report.publisher, day, report.article_id)
            yield f"  {_words(report.evidence.quote)!r} ({source})"
        if len(event.reports) > MOST_SHOWN:
            yield f"  ... and {len(event.reports) - MOST_SHOWN} more reports"
        yield f"  read as: {event.summary}"
        yield f"  type:    {event.sub_event_type} ({event.event_type}), {event.status}, {event.prominence}"
        when = event.when
        days = "" if when is None else f"{when.start}" + (f" to {when.end}" if when.end != when.start else "")
        yield f"  date:    {days} ({when.basis!r}, {when.method})" if when is not None else "  date:    not known"
        at = event.location
        if at is None:
            yield f"  place:   none ({event.unlocated_reason})"
        else:
            name = _listed(at.place.name, at.place.admin1_name, at.place.country)
            yield f"  place:   {at.phrase!r} is {name} [{at.level}, {at.radius_km:g} km] {at.lat:.4f}, {at.lon:.4f}"
            for rival in at.rivals[:MOST_SHOWN]:
                yield f"           or {_listed(rival.place.name, rival.place.admin1_name, rival.place.country)}"
        yield f"  who:     {', '.join(event.actors) or 'not said'}; to whom: {', '.join(event.targets) or 'not said'}"
        numbers = [
            f"{claim.kind}: {claim.words}" + (f" ({claim.whose})" if claim.whose else "") for claim in event.casualties
        ]
        yield f"  numbers: {'; '.join(numbers) or 'none'}"
        yield from (f"  near it: {twin.event_id} {twin.summary}" for twin in possible_twins(event, self.everything))


def _cut_last_line(path: Path) -> None:
    """Takes out a last line without an end: the review was interrupted while it was written."""
    whole, _, _ = path.read_bytes().rpartition(b"\n")
    write_text(path, whole.decode("utf-8") + ("\n" if whole else ""))


def _listed(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _words(text: str) -> str:
    return " ".join(text.split())


def _key() -> str:
    """One key of the person, or one letter of what is piped in."""
    if sys.stdin.isatty():
        return click.getchar().lower()
    while (key := sys.stdin.read(1)) != "":
        if not key.isspace():
            return key.lower()
    raise _Stop


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise _Stop
    return line


def _show(line: str, *, newline: bool = True) -> None:
    """Says a line on stderr, without anything that a terminal would obey: articles are hostile."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)
    click.echo(shown if newline else f"{shown} ", err=True, nl=newline)
