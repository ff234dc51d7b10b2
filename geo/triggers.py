"""The words that report an event, and the words that take it back.

Hides: the tables `triggers.tsv` (pattern -> sub-event type), `weapons.tsv` (what a bare "hit" was done with) and
`modality.tsv` (planned, threatened, denied ...). To add one, add a line to a table and a line to its test cases.

Columns of triggers.tsv: `pattern` (a regular expression of whole words, any case; a group named `t` marks the trigger where
the pattern also asks for words beside it; `{soldiers}` stands for the words of that row of `word_classes.tsv`), `sub_event_type` (a codebook value, or
"by weapon", "by actor", "by victim" where the sentence decides), `form` (verb: says by itself that it happened; noun: needs
support from its sentence), `needs` (what its clause must also hold: weapon, object, place, site (a place or a country), date, toll,
place|toll, victim), `source`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

from gazetteer.errors import CodeError
from gazetteer.patterns import lazy_pattern
from gazetteer.place import Reason
from geo import DATA
from geo.event import event_type_of
from geo.needed import Sieve, screened_pattern

__all__ = [
    "BY_ACTOR",
    "BY_VICTIM",
    "BY_WEAPON",
    "LEARNED",
    "TriggerHit",
    "clause_starts",
    "find_triggers",
    "other_sense",
    "rank",
    "relative_clauses",
    "table",
    "taken_back",
    "weapon_type",
]

BY_WEAPON, BY_ACTOR, BY_VICTIM = "by weapon", "by actor", "by victim"
#: The form of what no row of the table has found.
LEARNED = "learned"

#: Which reading wins where several triggers stand in one clause: the codebook's order (ground battle before air strike before
#: shelling; abducted then killed is an attack), and a type that the words name before one that the sentence decides.
_ORDER = (
    "Government regains territory", "Non-state actor overtakes territory", BY_ACTOR, "Chemical weapon", "Suicide bomb",
    "Armed clash", "Air/drone strike", "Shelling/artillery/missile attack", "Remote explosive/landmine/IED", "Grenade",
    "Sexual violence", "Excessive force against protesters", "Protest with intervention", "Mob violence",
    "Violent demonstration", "Peaceful protest", "Attack", "Abduction/forced disappearance", "Agreement",
    "Non-violent transfer of territory", "Headquarters or base established", "Disrupted weapons use", "Arrests",
    "Change to group/activity", "Looting/property destruction", BY_WEAPON, "Other", BY_VICTIM,
)  # fmt: skip
_RANK = {name: i for i, name in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class TriggerHit:
    """One trigger in a sentence; offsets count in the article."""

    start: int
    end: int
    text: str
    sub_event_type: str  # a codebook value or one of BY_WEAPON, BY_ACTOR, BY_VICTIM
    form: str  # verb, noun, or LEARNED
    needs: frozenset[str]
    row: int = 0  # its line in triggers.tsv
    probability: float = 1.0  # of what only the model has found


@dataclass(frozen=True, slots=True)
class _Trigger:
    pattern: str
    sub_event_type: str
    form: str
    needs: frozenset[str]


def rank(sub_event_type: str) -> int:
    """Place in the order of types: smaller wins."""
    return _RANK[sub_event_type]


def _rows(name: str) -> list[dict[str, str]]:
    text = (DATA / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


#: `{soldiers}` in a pattern; repetitions have digits there.
_CLASS = re.compile(r"\{([a-z]\w*)\}")


@cache
def _word_classes() -> dict[str, str]:
    return {row["name"]: row["words"] for row in _rows("word_classes.tsv")}


def _spelled_out(pattern: str, where: str) -> str:
    """A pattern with the words of its classes."""
    classes = _word_classes()

    def words(match: re.Match[str]) -> str:
        if match[1] not in classes:
            raise CodeError(f"{where}: word_classes.tsv has no row {match[1]!r}")
        return f"(?:{classes[match[1]]})"

    return _CLASS.sub(words, pattern)


@cache
def table() -> tuple[dict[str, str], ...]:
    """The rows of triggers.tsv in order, with the words of their classes; the first stands on line 2."""
    return tuple(
        {**row, "pattern": _spelled_out(row["pattern"], f"triggers.tsv:{number}")}
        for number, row in enumerate(_rows("triggers.tsv"), start=2)
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as whole words; made when a text first holds one of its words, since all take 0.05 s."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.I)


@cache
def _triggers() -> tuple[_Trigger, ...]:
    triggers = []
    for number, row in enumerate(table(), start=2):
        if row["sub_event_type"] not in _RANK:
            raise CodeError(f"triggers.tsv:{number}: {row['sub_event_type']!r} is not in the codebook")
        if row["sub_event_type"] not in (BY_ACTOR, BY_VICTIM, BY_WEAPON):
            event_type_of(row["sub_event_type"])
        triggers.append(
            _Trigger(
                pattern=row["pattern"],
                sub_event_type=row["sub_event_type"],
                form=row["form"],
                needs=frozenset(row["needs"].split(",")) - {""},
            )
        )
    return tuple(triggers)


@cache
def _sieve() -> Sieve:
    return Sieve([trigger.pattern for trigger in _triggers()])


def find_triggers(sentence: str, *, offset: int = 0) -> tuple[TriggerHit, ...]:
    """The triggers of one sentence in order; of two that overlap the longer stays, then the higher in the order of types.

    >>> [(t.text, t.sub_event_type) for t in find_triggers("Warplanes bombed the town and clashes broke out.")]
    [('bombed', 'Air/drone strike'), ('clashes', 'Armed clash')]
    """
    triggers = _triggers()
    matches = [
        (match, triggers[number], number + 2)
        for number in _sieve().may_match(sentence)
        for match in _compiled(triggers[number].pattern).finditer(sentence)
    ]
    matches.sort(key=lambda m: (m[0].start() - m[0].end(), rank(m[1].sub_event_type), m[0].start()))
    taken: list[tuple[int, int]] = []
    kept: list[TriggerHit] = []
    for match, trigger, row in matches:
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        taken.append(match.span())
        group = "t" if match.groupdict().get("t") is not None else 0
        kept.append(
            TriggerHit(
                start=offset + match.start(group),
                end=offset + match.end(group),
                text=match[group],
                sub_event_type=trigger.sub_event_type,
                form=trigger.form,
                needs=trigger.needs,
                row=row,
            )
        )
    return tuple(sorted(kept, key=lambda h: h.start))


@cache
def _weapons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row["sub_event_type"], screened_pattern(rf"(?<![\w-])(?:{row['pattern']})(?![\w])", re.I))
        for row in _rows("weapons.tsv")
    )


def weapon_type(words: str) -> str | None:
    """The sub-event type that the weapons named in some words ask for, or None.

    >>> weapon_type("Russian and Turkish aircraft hit 36 targets")
    'Air/drone strike'
    """
    return next((sub for sub, regex in _weapons() if regex.search(words)), None)


# What takes an event back ----------------------------------------------------------------------------------------------

#: How many words may stand between a cue and the trigger that it governs.
_CUE_REACH = {
    "planned": 6,
    "threatened": 6,
    "hypothetical": 6,
    "negated": 4,
    "generic": 4,
    "habitual": 2,
    "reference": 4,
    "comparison": 4,
}
#: Belongs to the verb that is the trigger, and cuts no cue off from it: "denied that its planes had struck".
_AUXILIARY = lazy_pattern(r"\b(?:has|have|had|was|were)(?: been)?\s+$", re.I)
#: A cue stands no farther before its trigger than this; six words have 40 characters.
CUE_CHARS = 100
_AFTER = lazy_pattern(
    r"^(?:[\w'’-]+,?\s+){0,5}?(?P<cue>(?:will|would|could(?!(?: \w+)? be (?:heard|seen|felt))|might|(?-i:may)|should)(?: be| have)?|"
    r"(?:are|is|was|were) (?:being )?"
    r"(?:planned|expected|scheduled|due|set|to (?:be|stop|end|cease|begin|start|resume)|likely|possible)|to be (?:held|mediated|launched|carried)|"
    r"(?:did not|didn['’]t|has not|have not|had not|never)|(?:was|were) (?:denied|averted|called off|cancelled|postponed|foiled))\b",
    re.I,
)
#: What no disaster does.
_ARMED_ACT = lazy_pattern(
    r"\b(?:bomb\w*|missiles?|rockets?|shell\w*|mortars?|artillery|air ?strikes?|strikes|air ?raids?|drones?|warplanes?|jets?|gunm[ae]n|gunfire|"
    r"troops|soldiers|forces|militants?|militia\w*|rebels?|fighters|insurgents?|jihadists?|army|police|protest\w*|attack\w*|clash\w*|shot|"
    r"shooting|explosives?|IED|grenades?|suicide|besieg\w*|shot down|downed|offensive|abduct\w*|kidnap\w*|beheaded|executed)\b",
    re.I,
)
#: Who makes a crime a matter of a conflict.
_WARRING = lazy_pattern(
    r"\b(?:militants?|militia\w*|rebels?|insurgents?|jihadi\w*|terror\w*|soldiers?|troops|army|military|guerrillas?|separatists?|paramilitar\w*|"
    r"air ?strikes?|shelling|missiles?|rockets?|bomb\w*|protest\w*|activists?|journalists?|opposition|dissidents?|Islamic State|Isis|ISIL|Daesh|"
    r"al-Qa\w+|Taliban|Hamas|Hezbollah|Boko Haram|warplanes?|drones?|cartels?|coup|war crimes?|genocide|hostages?|massacre\w*|junta|regime|forces)\b",
    re.I,
)
#: People were hurt: then a film or a match in the same sentence is where or whose, not what.
_HURT = lazy_pattern(
    r"\b(?:killed|killing|dead|wounded|wounding|injured|injuring|abducted|kidnapped|beheaded|arrested|assassinated|murdered)\b",
    re.I,
)
#: Where things are shown, which is also what bombs hit.
_VENUE = lazy_pattern(r"theat(?:re|er)s?|cinemas?|stadiums?|concerts?|museums?|galler(?:y|ies)|festivals?", re.I)
_SHOWN = lazy_pattern(
    r"film|movie|novel|game|exercise|drill|simulat|mock|re-?enact|screenplay|sitcom|series|sequel|trailer|plot|box",
    re.I,
)
#: Where a new clause begins inside a sentence.
_CLAUSE_START = lazy_pattern(
    r"(?=[;:,\s])(?:[;:]\s|\s[–—]\s|,\s+(?=(?:and|but|while|though|although|whereas|after|before|when|where|which|who|whose|as|adding|"
    r"saying|according)\b)|\s(?=(?:which|who|while|but|after|because|though)[\s,])"
    r"|\s(?=since\s(?!\d|late|early|mid|last|then|the|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)))"
)
#: The comma that ends a relative clause inside another: ", which last month brokered a truce, met in Moscow".
_CLAUSE_END = lazy_pattern(r",\s(?:which|who|whose|where)\b[^,;]{3,160}(?P<end>,\s)")


def clause_starts(sentence: str) -> tuple[int, ...]:
    """Where the clauses of a sentence begin, its own start left out, in order."""
    starts = [m.end() for m in _CLAUSE_START.finditer(sentence)]
    if "wh" in sentence:
        starts = sorted({*starts, *(m.end("end") for m in _CLAUSE_END.finditer(sentence))})
    return tuple(starts)


def relative_clauses(sentence: str) -> tuple[tuple[int, int], ...]:
    """The relative clauses of a sentence as spans: ", which last month brokered a truce,"."""
    if "wh" not in sentence:
        return ()
    spans = []
    for match in re.finditer(r",\s(?:which|who|whose|where)\b", sentence):
        stop = lazy_pattern(r",\s|;").search(sentence, match.end())
        spans.append((match.start(), stop.start() if stop is not None else len(sentence)))
    return tuple(spans)


#: How far before a trigger a figure of speech may begin.
FIGURE_CHARS = 60


def _overlapping(regex: re.Pattern[str], sentence: str, start: int, end: int) -> re.Match[str] | None:
    """The first match that covers part of [start, end)."""
    for match in regex.finditer(sentence, max(0, start - FIGURE_CHARS), min(len(sentence), end + 2 * FIGURE_CHARS)):
        if match.start() < end and start < match.end():
            return match
    return None


@cache
def _senses() -> tuple[tuple[str, str, str], ...]:
    """The rows that say by the sentence (fiction) or the words around a trigger (figurative) that it means something else."""
    return tuple(
        (row["code"], row["meaning"], row["pattern"])
        for row in _rows("modality.tsv")
        if row["code"] in ("fiction", "figurative", "disaster", "crime", "historical")
    )


@cache
def _sieve_of_senses() -> Sieve:
    return Sieve([pattern for _, _, pattern in _senses()])


@cache
def _cues() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    cues = []
    for row in _rows("modality.tsv"):
        if row["code"] not in _CUE_REACH:
            continue
        reach = _CUE_REACH[row["code"]]
        # Case matters: "may" is a cue, "May" a month; the sentence's first word is lowered before the search.
        regex = lazy_pattern(
            rf"(?<![\w'’-])(?P<cue>{row['pattern']})(?P<gap>(?:[\s,]+[“\"‘]?[\w'’$£€%./”\"-]+){{0,{reach}}}?)[\s\"“‘'(]*$"
        )
        cues.append((row["code"], row["meaning"], regex))
    return tuple(cues)


@cache
def _sieve_of_cues() -> Sieve:
    return Sieve([row["pattern"] for row in _rows("modality.tsv") if row["code"] in _CUE_REACH])


def other_sense(sentence: str, start: int, end: int, *, form: str) -> Reason | None:
    """Why a trigger at [start, end) of a sentence means no event of a conflict: a film, a crime, an old war, a figure of speech, a disaster."""
    senses = _senses()
    for number in _sieve_of_senses().may_match(sentence):
        code, meaning, pattern = senses[number]
        regex = _compiled(pattern)
        match = _overlapping(regex, sentence, start, end) if code == "figurative" else regex.search(sentence)
        if code == "disaster" and match is not None and (form == "noun" or _ARMED_ACT.search(sentence)):
            continue
        if code == "historical" and match is not None and _SINCE.search(sentence[: match.start()]):
            continue  # "for the first time since the second world war"
        if code == "crime" and match is not None and _WARRING.search(sentence):
            continue
        if match is None or (code == "fiction" and _HURT.search(sentence) and not _SHOWN.match(match[0])):
            continue
        if code == "fiction" and _VENUE.fullmatch(match[0]) and _ARMED_ACT.search(sentence):
            continue
        return Reason(code, f"'{match[0]}': {meaning[0].lower()}{meaning[1:].rstrip('.')}")
    return None


def taken_back(sentence: str, start: int, end: int, *, form: str) -> Reason | None:
    """Why a trigger at [start, end) of a sentence is no reported event, or None when nothing takes it back.

    Looks back inside the trigger's own clause and ahead to its verb. The code is one of planned, threatened,
    hypothetical, negated, generic, reference, comparison, habitual. `other_sense` tells figures of speech.
    """
    before = sentence[max(0, start - 400) : start]
    cut = max(clause_starts(before), default=0)
    clause = before[cut:]
    if clause and cut == 0:
        clause = clause[0].lower() + clause[1:]
    near = _AUXILIARY.sub("", clause[-CUE_CHARS:]) if form == "verb" else clause[-CUE_CHARS:]
    cues = _cues()
    for number in _sieve_of_cues().may_match(near):
        code, meaning, regex = cues[number]
        loose = code in ("generic", "reference", "comparison")
        if loose and form != "noun":
            continue
        match = regex.search(near)
        if match is not None and loose:
            # "the campaign of strikes" is one; "a call for strikes" is none, but "a call for the strike on" is
            of = match["cue"].endswith(" of") or code != "generic"
            if _is_certain(clause if of else near[match.end("cue") :]):
                continue
        if match is not None and (match["cue"] in ("if", "whether", "unless") or not _is_cut_off(match["gap"])):
            return Reason(code, f"'{match['cue']}': {meaning}")
    if (
        form == "verb"
        and clause.endswith("to ")
        and re.search(r"\bto $", clause)
        and re.match(r"\w+(?:ed|ing|en|ght|ck|ok|id|ot|ell|ung)\b", sentence[start:end]) is None
    ):
        return Reason("planned", "'to': an infinitive tells what is meant to be, not what was.")
    if form == "noun" and _REFERENCE.search(clause):
        return Reason("reference", "The event is pointed at, not told here.")
    if form == "verb" and _HOW.search(clause):
        return Reason("reference", "'how': it is pointed at, not told here.")
    if form == "verb" and _NOT_YET.search(clause):
        return Reason("planned", "It is told as what is to come: 'until the town is retaken'.")
    if (match := _HABIT.match(sentence[end : end + 40])) is not None:
        return Reason("generic", f"'{match[0].strip()}': it is told of many times, not of one.")
    if form == "noun" and (match := _AFTER.match(sentence[end : end + 120].lstrip())) is not None:
        return Reason("planned", f"'{match['cue']}': it is planned, possible or denied, not reported as done.")
    if form == "noun" and (match := _MERELY_POSSIBLE.match(sentence[end : end + 160])) is not None:
        return Reason("hypothetical", f"'{match['cue']}': it is possible or feared, not reported as done.")
    return None


#: "Clashes in Manbij are now a distinct possibility".
_MERELY_POSSIBLE = lazy_pattern(
    r"^(?:(?!\b(?:which|who|that|but|has|have|had|was|were|broke|erupted|killed|left|hit|struck|said|says)\b)[^.;:])*? "
    r"(?P<cue>(?:is|are|remains?|seems?|looks?) (?:now |still |increasingly |also )?(?:an? )?(?:\w+ )?(?:possibility|risk|danger|prospect|likely|possible|"
    r"unlikely|inevitable|imminent|looming|feared|expected))\b",
    re.I,
)
_SINCE = lazy_pattern(r"\b(?:since|like|as in|than(?: in)?) (?:the )?$", re.I)
#: "how they were captured remains unclear".
_HOW = lazy_pattern(r"\bhow (?:[\w'’-]+ ){1,3}(?:was|were|had been|have been|came to be)\s+$", re.I)
#: "until Raqqa is retaken", "once the army has captured it": the present after these words lies ahead.
_NOT_YET = lazy_pattern(
    r"\b(?:until|till|once|unless|as soon as|when|before|if) (?:[\w'’-]+ ){1,6}(?:is|are)(?: (?:\w+ly|not|finally))?\s+(?:\w+ly )?$",
    re.I,
)
#: "after the blast", "following Tuesday's raids": the event is pointed at, not told.
_REFERENCE = lazy_pattern(
    r"\b(?:after|following|before|since|until|ahead of|in the wake of|in response to|in retaliation for|because of|over|"
    r"(?:punishment|revenge|reprisals?|retaliation|blame|responsibility|credit|responsible|punished|blamed) for|(?:complicity|involvement|involved|role) in|"
    r"(?:investigations?|inquir(?:y|ies)|probe) into|investigat(?:es?|ed|ing)|"
    r"(?:anniversary|aftermath|victims|survivors|images|footage|condemnation|memory|news|reports) of|"
    r"(?:response|reaction|reactions|answer) to|fled|fleeing|flee|escap(?:ed|ing)(?: from)?|outrage (?:at|over)|condemn(?:ed|s|ing))\s+"
    r"(?:the|that|this|last|these|those|\w+day['’]s)\s+(?:[\w-]+\s+){0,3}$",
    re.I,
)
_HABIT = lazy_pattern(
    r"^\s*(?:(?:for|of|in|by|on|at|along|against|across) [^,.;]{1,40} )?(?:are|is|were|was|became|had become|have become|has become|remain(?:s|ed)?) "
    r"(?:also |very |so |increasingly |now |once )?(?:common(?:place)?|frequent|routine|rife|rare|the norm|an? (?:daily|regular|constant)|a fact of)\b|"
    r"^\s*(?:has|have|had) (?:long |always )?been (?:an? |the )?(?:[\w-]+ ){0,2}(?:tools?|tactics?|weapons?|feature|hallmark|means|way)\b|"
    r"^\s*(?:again and again|several times|repeatedly|many times|\w+ times|time and again|every (?:day|week|night))\b",
    re.I,
)


def _is_certain(clause: str) -> bool:
    """Whether the noun stands for one event or a counted number of them: "the attack", "Wednesday's raids", "three strikes"."""
    return (
        re.search(
            r"(?:\b(?:the|this|that|these|those|its|their|an?|one|two|three|several|dozens of|\d+)|['’]s)\s(?:[\w-]+\s){0,3}$",
            clause,
        )
        is not None
    )


def _is_cut_off(gap: str) -> bool:
    """Whether a finite verb stands between the cue and the trigger, so that the cue governs that verb instead."""
    return (
        re.search(r"\b(?:was|were|has|had|have|said|killed|hit|struck|took|after|when|while|which)\b", gap) is not None
    )
