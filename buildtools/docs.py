"""`python -m buildtools.docs`: writes the generated parts of `docs/` anew; with `--check` it only says which are stale.

A generated part stands between `<!-- generated: NAME -->` and `<!-- /generated -->`; the text around it is written by
hand. Names, numbers and help texts come from the code; only what a number means is said here. A number of the code that
is not described here is an error, so that no weight goes unmentioned.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click

from geo import merge
from geo.cli import cli
from geo.event import EVENT_TYPES, LEVELS
from geo.table import TABLE_COLUMNS, columns_markdown

resolve = import_module("gazetteer.resolve")  # the package has a function of this name, which hides the module

ROOT = Path(__file__).resolve().parents[1]
DOCS = ("docs/cli.md", "docs/codebook.md", "docs/columns.md", "docs/how-places-are-chosen.md", "docs/reading.md")

_PART = re.compile(r"(?P<open><!-- generated: (?P<name>[a-z-]+) -->\n).*?(?P<close><!-- /generated -->)", re.DOTALL)

#: Weights of a candidate -> when each counts. In the order of the table.
PLACE_WEIGHTS = {
    "POPULATION": "for each decade of inhabitants: a town of 1,000 gets it three times, a city of a million six times",
    "DEMONYM": 'the name is a word for what belongs to a country: "Syrian", "Turks"',
    "COUNTRY_NAME": "the name is that of a country",
    "REGION_NAME": "the place is an area, a water, a road or a site",
    "ADMIN1_NAME": "the place is a first-level division; the people of its towns count too, unless a town in it is called so",
    "ADMIN2_NAME": "the place is a second-level division, and likewise",
    "CURATED": "the place stands in `gazetteer/data/curated.tsv`",
    "MAIN_SPELLING": "the name is the place's usual one, not one of its others",
    "COMPASS": 'a word like "southern" before the name asks for an area',
    "LARGE_TOWN": "the place is a town of at least `WELL_KNOWN` inhabitants",
    "CAPITAL": "the place is a national capital",
    "FUZZY": "no place is spelt so; this one has the same consonants",
    "TYPE_WORD": 'a word beside the name asks for this kind of place: "the city of", "province", "river"',
    "TYPE_WORD_CLASH": "such a word asks for another kind of place",
    "COUNTRY_VOTES": "at most, by the share that the candidate's country has in what the text names",
    "STATE_VOTES": "at most, by the share that its first-level division has in where the other names may lie",
    "CONTAINS": 'the text puts another place into it, and it is an area: "London, Ontario"',
    "CONTAINER": 'the text puts the name into an area that holds this candidate: "al-Bab in Aleppo province"',
    "CONTAINER_CLASH": "the text puts the name into an area that does not hold it",
    "STATED_DISTANCE": 'the stated distance and direction to another place fit: "40 km northeast of Aleppo"',
    "DISTANCE_CLASH": "the stated distance or direction does not fit",
    "NEIGHBOUR": "at most, falling with the distance to the nearest other place of the text",
    "LISTED": 'the members of its list ("Hama, Homs and Idlib") lie in the same country and are of the same kind',
    "PRIOR_COUNTRY": "it lies in a country given with `--country`",
    "PRIOR_NEAR": "at most, falling with the distance to the point given with `--near`",
}

#: The other numbers of the resolution -> what they mean.
PLACE_NUMBERS = {
    "NEIGHBOUR_KM": "distance at which the support of a neighbour has fallen to 1/e, in km",
    "NEIGHBOUR_DEGREES": "farther off in latitude a place supports nothing, in degrees",
    "CONFIDENT_MARGIN": "lead over the best rival elsewhere from which on the choice is `high`",
    "FAIR_MARGIN": "lead below which it is `low`",
    "SAME_SPOT_KM": "rivals nearer than this do not make a choice doubtful, in km",
    "EVEN_SCORE": "sum of weights that reads as a score of 0.5",
    "SPREAD": "sum of weights per unit of the logistic curve that turns sums into scores of 0 to 1",
    "FAR_OFF_KM": "a place this much beyond three times the stated distance is another place, in km",
    "MIN_SIMILARITY": "names less alike than this (0 to 1) are other names, where `FUZZY` counts",
    "SPELLING_SHARE": "share of votes that a place's country needs before a mere similar spelling means it",
    "COUNTRY_VOTE": "vote of a name of a country for the country that the text is about",
    "TOWN_VOTE": "vote of a town whose place is clear",
    "FULL_VOTE": "vote of the leading country from which on its votes count in full",
    "FULL_STATE_VOTE": "likewise, of the leading first-level division",
    "IN_CELL": "places of the text in one square of `NEIGHBOUR_DEGREES` among which the nearest is sought",
    "STATED": "distances from other names that are read for one name, at most",
    "WORLD_VOTE": "vote of the name of a country or a region against a text about one division",
    "WELL_KNOWN": "inhabitants of a town that is known far away",
    "MIN_VOTE": "votes below this are none",
    "UNSURE_VOTE": "vote of a name for each country that it may lie in",
    "KEEP": "candidates that stay with an answer",
    "WEIGH": "places of one name that are weighed at most",
}

#: Weights of the evidence that two reports tell of one event, and the other numbers of the merging.
MERGE_NUMBERS = {
    "SAME_DAY": "both are of one and the same day",
    "NEAR_DAYS": "their intervals overlap, and are of `NEAR_SPAN` days at most",
    "DATES_MEET": "their intervals overlap, and are of `VAGUE_DAYS` days at most",
    "SAME_PLACE": "the same place, or two closer than `SAME_PLACE_KM`",
    "SITE_IN_TOWN": "one is a site, the other a town closer than that: a city sees many events on one day",
    "SAME_AREA": "the same province, district or region",
    "SAME_COUNTRY": "both are known to the same country only",
    "SHARED_ACTOR": "both name one actor; all arms of a state count as that state",
    "SECOND_ACTOR": "both name a second one",
    "SHARED_TARGET": "both name one target, or one's actor is the other's target",
    "SHARED_TOLL": "they give the same number of dead (half of it for the wounded)",
    "SMALL_TOLL": "the same, where the number is below `TELLING_TOLL`",
    "SHARED_FIGURE": 'they share another figure, such as "36 targets"',
    "SHARED_NAME": "they share the name of a person, a family or a site",
    "SHARED_WORDS": "or, else, four words in a row",
    "SHARED_OBJECT": "the same kind of thing was hit: a market, a hospital",
    "SAME_KIND_OF_AGREEMENT": "both are truces, or both are other agreements",
    "RARE_SUB_TYPE": "both tell of a chemical attack: a town hardly sees two in a month",
    "ONCE_A_YEAR": "both tell of a chemical attack or a capture of the same place, one of them with no more than the year",
    "ALIKE_SUB_TYPE": "sub-types that papers take for each other: air strike and shelling, suicide and car bomb",
    "OTHER_SUB_TYPE": "other sub-types of one event type",
    "OTHER_TYPE": "other event types of one family",
    "TOLL_CLASH": "one toll is more than `CLASH_RATIO` times the other",
    "TOLL_DIFFERS": "or more than `DIFFERENT_RATIO` times",
    "ACTOR_CLASH": "both name actors, and none is shared",
    "OBJECT_CLASH": "things of other kinds were hit",
    "ENOUGH": "sum from which on they are one event",
    "TELLING_TOLL": "a toll of so many tells events apart; smaller ones recur",
    "CLASH_RATIO": "see `TOLL_CLASH`",
    "DIFFERENT_RATIO": "see `TOLL_DIFFERS`",
    "NEAR_SPAN": "see `NEAR_DAYS`",
    "VAGUE_DAYS": "a longer interval is an unknown date",
    "YEAR_DAYS": "an interval so long still counts for what a place sees once a year",
    "SAME_PLACE_KM": "two places closer than this are one, in km",
    "NEAR_KM": 'a site, or a point "near" a town, excludes no place closer than this, in km',
    "NEAR_DEGREES": "the same in latitude, rounded up, in degrees",
    "PART_REACH": 'the edges of "western Ukraine" are a guess: it excludes nothing within so many of its radii',
    "BLOCK_DAYS": "an interval up to this long is blocked by its days, a longer one by its months",
    "MAX_RIVALS": "newest events of one town and day that a report is compared with",
    "COMMON": "words that more events of one type and side have in common find nothing",
}

LEVEL_MEANINGS = {
    "site": "a quarter, a base, a crossing, a camp",
    "settlement": "a town or village",
    "near": '"near Palmyra", "the countryside of Hama", "40 km north of Aleppo"',
    "adm3": "a third-level division",
    "adm2": "a district",
    "adm1": "a governorate or province",
    "part": 'a region, a river, a road, a border; "northern Syria", "between Hama and Homs"',
    "country": "a whole country",
    "sea_air": "a sea, a coast, an air space",
}

#: Sub-event type -> what is put under it, as the triggers and the rules have it.
SUB_TYPE_MEANINGS = {
    "Government regains territory": "the forces of a state take a place that is named",
    "Non-state actor overtakes territory": "an armed group takes a place that is named, also where nobody says from whom",
    "Armed clash": "fighting between armed sides, ambushes, offensives, attacks that were repelled",
    "Excessive force against protesters": "live fire on protesters",
    "Protest with intervention": "a protest that police or soldiers break up, with tear gas, water or arrests",
    "Peaceful protest": "demonstrations, marches, sit-ins, strikes of workers",
    "Violent demonstration": "riots; demonstrators who throw, burn or break",
    "Mob violence": "a crowd that attacks people, lynchings, violence between communities",
    "Chemical weapon": "attacks with gas or nerve agents, suspected ones too",
    "Air/drone strike": "strikes from the air by whatever flies; barrel bombs",
    "Suicide bomb": "an attacker who blows himself up, in a car or on foot",
    "Shelling/artillery/missile attack": "shells, mortars, rockets and missiles from the ground or the sea",
    "Remote explosive/landmine/IED": "car bombs, roadside bombs, mines, and blasts that nobody explains",
    "Grenade": "hand grenades",
    "Sexual violence": "rape and sexual assault",
    "Attack": "people who are killed or hurt and did not fight: executions, massacres, shootings",
    "Abduction/forced disappearance": "kidnappings, people taken away",
    "Agreement": "an agreement, a truce or a deal that is signed, reached or comes into force",
    "Arrests": "arrests, detentions, fighters who give themselves up",
    "Change to group/activity": "groups that merge, split or rename themselves, defections, leaders who fall",
    "Disrupted weapons use": "bombs defused, drones and missiles shot down",
    "Headquarters or base established": "a base or a post that is set up",
    "Looting/property destruction": "looting, houses that are razed or burned",
    "Non-violent transfer of territory": "withdrawals, hand-overs, evacuations of fighters",
    "Other": "convoys, sieges, deployments, borders crossed, civilians evacuated",
}


def main() -> str | None:
    """Write the stale documents, or with `--check` name them; the line to exit with, None when all is well."""
    try:
        stale = {path: text for path, text in documents().items() if text != (ROOT / path).read_text(encoding="utf-8")}
    except LookupError as exc:
        return f"error: {exc.args[0]}"
    if "--check" in sys.argv[1:]:
        return f"stale: {', '.join(stale)}; run: python -m buildtools.docs" if stale else None
    for path, text in stale.items():
        (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
        print(path)
    return None


def documents() -> dict[str, str]:
    """The documents with generated parts, by path, as they should be. Raises LookupError as `refreshed` does."""
    return {path: refreshed((ROOT / path).read_text(encoding="utf-8")) for path in DOCS}


def refreshed(text: str) -> str:
    """A document with its generated parts made anew.

    Raises LookupError for a part or a number that this module does not know.
    """
    return _PART.sub(lambda m: f"{m['open']}\n{PARTS[m['name']]().strip()}\n\n{m['close']}", text)


# --- parts ----------------------------------------------------------------------------------------------------------


def commands() -> str:
    """Every command with its arguments, help, examples and options, as click has them."""
    return "\n\n".join(_command(command, path) for command, path in _leaves(cli, ("conflictmap",)))


def _leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[click.Command, tuple[str, ...]]]:
    if not isinstance(command, click.Group):
        yield command, path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None
        yield from _leaves(child, (*path, name))


def _command(command: click.Command, path: tuple[str, ...]) -> str:
    context = click.Context(command, info_name=" ".join(path))
    blocks = [f"## {' '.join(path)}", f"```text\n{' '.join([*path, *command.collect_usage_pieces(context)])}\n```"]
    for paragraph in (command.help or "").split("\n\n"):
        lines = paragraph.strip().splitlines()
        if lines and lines[0].strip() == "\b":
            blocks.append("```sh\n" + "\n".join(line.strip() for line in lines[1:]) + "\n```")
        else:
            blocks.append(" ".join(line.strip() for line in lines))
    options = [p.get_help_record(context) for p in command.params if isinstance(p, click.Option)]
    if options:
        blocks.append("\n".join(f"- `{name}`: {text}" for name, text in filter(None, options)))
    return "\n\n".join(blocks)


def columns() -> str:
    """The column table, and the two columns that only tables without geometry have."""
    between = [f"| `{c.name}` | {c.type} | {c.unit} | {c.meaning} |" for c in TABLE_COLUMNS if c.name in _COORDINATES]
    head = "| column | type | unit | meaning |\n| --- | --- | --- | --- |\n"
    return f"{columns_markdown()}\nCSV has two more, after `place`:\n\n{head}" + "\n".join(between)


_COORDINATES = ("longitude", "latitude")


def _numbers(module: ModuleType) -> dict[str, float]:
    """The public numeric constants of a module."""
    return {
        name: value
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int | float)
    }


def _described(module: ModuleType, *tables: dict[str, str]) -> dict[str, float]:
    """The numbers of a module. Raises LookupError unless the tables describe exactly these."""
    numbers = _numbers(module)
    described = {name for table in tables for name in table}
    if wrong := described ^ set(numbers):
        raise LookupError(f"{module.__name__}: {', '.join(sorted(wrong))}: mend the tables in buildtools/docs.py")
    return numbers


def _table(values: dict[str, float], meanings: dict[str, str], *, head: str, signed: bool) -> str:
    rows = [f"| `{name}` | {values[name]:{'+g' if signed else 'g'}} | {text} |" for name, text in meanings.items()]
    return "\n".join([f"| {head} | value | what it means |", "| --- | ---: | --- |", *rows])


def place_weights() -> str:
    """The weights of `gazetteer/resolve.py`."""
    values = _described(resolve, PLACE_WEIGHTS, PLACE_NUMBERS)
    return _table(values, PLACE_WEIGHTS, head="weight", signed=True)


def place_numbers() -> str:
    """The other numbers of `gazetteer/resolve.py`."""
    values = _described(resolve, PLACE_WEIGHTS, PLACE_NUMBERS)
    return _table(values, PLACE_NUMBERS, head="number", signed=False)


def merge_numbers() -> str:
    """The weights and numbers of `geo/merge.py`."""
    return _table(_described(merge, MERGE_NUMBERS), MERGE_NUMBERS, head="name", signed=False)


def levels() -> str:
    """The levels of a location with their codes and radii."""
    head = "| level | what is known | ACLED | UCDP | radius |\n| --- | --- | ---: | ---: | ---: |\n"
    return head + "\n".join(
        f"| `{level}` | {LEVEL_MEANINGS[level]} | {'' if acled is None else acled} | {ucdp} | {km:g} km |"
        for level, (acled, ucdp, km) in LEVELS.items()
    )


def event_types() -> str:
    """The taxonomy: event types and their sub-event types."""
    head = "| event type | sub-event types |\n| --- | --- |\n"
    return head + "\n".join(f"| {kind} | {'; '.join(subs)} |" for kind, subs in EVENT_TYPES.items())


def codebook() -> str:
    """Every sub-event type with what is put under it. Raises LookupError unless the table above describes exactly these."""
    if wrong := set(SUB_TYPE_MEANINGS) ^ {sub for subs in EVENT_TYPES.values() for sub in subs}:
        raise LookupError(f"sub-event types: {', '.join(sorted(wrong))}: mend the tables in buildtools/docs.py")
    head = "| event type | sub-event type | what is put under it |\n| --- | --- | --- |\n"
    rows = [(kind if sub == subs[0] else "", sub) for kind, subs in EVENT_TYPES.items() for sub in subs]
    return head + "\n".join(f"| {kind} | {sub} | {SUB_TYPE_MEANINGS[sub]} |" for kind, sub in rows)


PARTS: dict[str, Callable[[], str]] = {
    "codebook": codebook,
    "commands": commands,
    "columns": columns,
    "place-weights": place_weights,
    "place-numbers": place_numbers,
    "merge-numbers": merge_numbers,
    "levels": levels,
    "event-types": event_types,
}


if __name__ == "__main__":
    sys.exit(main())
