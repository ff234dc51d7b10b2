"""Who acts in a text: named groups, the forces of any state, governments, and groups that have no name.

Hides: the table of actors (data/actors.tsv) and the word patterns around it. Many names of one group give one canonical
name; a state's forces have one name however they are called ("Turkish troops", "Turkey's army", "Turkish air strikes"
are all "Turkish forces"). To teach it a group, add a line to the table.

The table's columns are `name aliases kind country source`, tab-separated, sorted by name; aliases are joined by "|". An
alias is matched as whole words, hyphens and apostrophes being as good as blanks; its first capital must be a capital in
the text. A sign before an alias changes that:

    =SAA      as written only (a name all in capitals always is)
    @Moscow   a seat of government: counts where it acts ("Moscow said"), not where it is a place ("in Moscow")
    ~Assad    a leader: counts with his forces ("Assad's troops", "forces loyal to Assad", "pro-Assad militia")
    +Kurdish  an adjective: counts before a noun for armed people ("Kurdish fighters")
    (none)    a name, which takes such a noun with it ("Hezbollah fighters")

Names, adjectives and abbreviations of states come from the gazetteer's table of countries.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import gazetteer
from gazetteer.errors import CodeError, InputError
from gazetteer.names import fold_name
from geo import DATA

__all__ = [
    "ACTOR_KINDS",
    "Actor",
    "ActorMention",
    "Nation",
    "canonical",
    "find_actors",
    "read_nations",
    "read_table",
    "table",
]

#: ACLED-style actor types (ACLED codebook).
ACTOR_KINDS = (
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other forces",
)
_STATE, _REBEL, _MILITIA, _IDENTITY, _RIOTERS, _PROTESTERS, _CIVILIANS, _OTHER = ACTOR_KINDS

COLUMNS = ("name", "aliases", "kind", "country", "source")


@dataclass(frozen=True, slots=True)
class Actor:
    """One row of the table. `aliases` keep their signs."""

    name: str
    aliases: tuple[str, ...]
    kind: str  # one of ACTOR_KINDS
    country: str | None  # ISO alpha-2 of its home; None for a group of several countries
    source: str

    def __post_init__(self) -> None:
        if self.kind not in ACTOR_KINDS:
            raise CodeError(f"actor kind {self.kind!r} is none of {', '.join(ACTOR_KINDS)}")


@dataclass(frozen=True, slots=True)
class Nation:
    """What the reading of actors needs of a country."""

    country: str  # ISO alpha-2
    name: str
    names: tuple[str, ...] = ()  # other names; abbreviations stand apart
    abbreviations: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()  # adjective first
    capital: str | None = None
    radius_km: float = 0.0  # breaks ties between countries that share an adjective


@dataclass(frozen=True, slots=True)
class ActorMention:
    """An actor in a text: `text` is the span as written, `name` the canonical name."""

    start: int
    end: int
    text: str
    name: str
    kind: str  # one of ACTOR_KINDS
    country: str | None = None  # ISO alpha-2
    is_country_force: bool = False  # the armed forces or police of a state
    state: bool = False  # the state or its government, not its forces
    metonym: bool = False  # a seat of government that stands for the state
    generic: bool = False  # no named side: "rebels", "gunmen", "civilians"


# --- tables ---------------------------------------------------------------------------------------------------------


def read_table(lines: Iterable[str], *, origin: str = "actors.tsv") -> tuple[Actor, ...]:
    """The rows of an actor table, in its order.

    Raises InputError for a wrong header, row, kind, order or a name that two rows claim.
    """
    reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(next(reader, [])) != COLUMNS:
        raise InputError(f"{origin}:1: the header must read {' '.join(COLUMNS)}, tab-separated")
    actors: list[Actor] = []
    owner: dict[str, str] = {}
    for number, cells in enumerate(reader, start=2):
        where = f"{origin}:{number}"
        if len(cells) != len(COLUMNS):
            raise InputError(f"{where}: {len(cells)} columns, expected {len(COLUMNS)} ({' '.join(COLUMNS)})")
        name, aliases, kind, country, source = cells
        if not name or not source:
            raise InputError(f"{where}: name or source is empty; give both")
        if country and not re.fullmatch(r"[A-Z]{2}", country):
            raise InputError(
                f"{where}: country {country!r} is not an ISO alpha-2 code; leave it blank if there is none"
            )
        try:
            actor = Actor(name, tuple(filter(None, aliases.split("|"))), kind, country or None, source)
        except CodeError as exc:
            raise InputError(f"{where}: {exc}") from exc
        if actors and name.casefold() <= actors[-1].name.casefold():
            raise InputError(f"{where}: {name!r} does not sort after {actors[-1].name!r}; sort the rows by name")
        for alias in (name, *actor.aliases):
            if owner.setdefault(alias, name) != name:
                raise InputError(f"{where}: {alias!r} belongs to {owner[alias]!r} too; keep it in one row")
        actors.append(actor)
    return tuple(actors)


def read_nations(lines: Iterable[str], *, origin: str = "countries.tsv") -> tuple[Nation, ...]:
    """The countries of the gazetteer's table as this module needs them. Raises InputError when a column is missing."""
    reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    needed = {"iso2", "name", "official", "variants", "abbreviations", "demonyms", "capital", "radius_km"}
    missing = needed - set(reader.fieldnames or ())
    if missing:
        raise InputError(f"{origin}:1: columns {', '.join(sorted(missing))} are missing")
    return tuple(
        Nation(
            country=row["iso2"],
            name=row["name"],
            names=tuple(filter(None, [row["official"], *row["variants"].split("|")])),
            abbreviations=tuple(filter(None, row["abbreviations"].split("|"))),
            demonyms=tuple(filter(None, row["demonyms"].split("|"))),
            capital=row["capital"] or None,
            radius_km=float(row["radius_km"] or 0),
        )
        for row in reader
    )


@lru_cache(maxsize=1)
def table() -> tuple[Actor, ...]:
    """The actors that come with the package, sorted by name."""
    return read_table(_lines(DATA / "actors.tsv"), origin="geo/data/actors.tsv")


@lru_cache(maxsize=1)
def _nations() -> tuple[Nation, ...]:
    return read_nations(
        _lines(Path(gazetteer.__file__).parent / "data" / "countries.tsv"), origin="gazetteer/data/countries.tsv"
    )


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


# --- words ----------------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FORCE, _POLICE, _FIGHTER, _GOVERNMENT, _CIVIL, _STRIKE, _GROUP, _BETWEEN = range(8)

#: What may follow an adjective of nationality, and what it makes of it.
_NOUN_CLASS: dict[str, int] = {
    word: kind
    for kind, words in (
        (
            _FORCE,
            "troops troop forces army armies military soldier soldiers warplane warplanes jet jets plane planes "
            "aircraft airforce navy artillery helicopter helicopters gunship gunships drone drones tank tanks "
            "serviceman servicemen servicewomen commando commandos paratrooper paratroopers marines bombers airmen "
            "sailors warship warships submarine submarines infantry guards gunners personnel officer officers pilot "
            "pilots units reservists peacekeepers conscripts battalion battalions brigade brigades contingent",
        ),
        (_POLICE, "police policeman policemen policewoman gendarme gendarmes gendarmerie"),
        (
            _FIGHTER,
            "rebel rebels militant militants fighter fighters insurgent insurgents gunman gunmen militia militias "
            "militiaman militiamen guerrilla guerrillas guerilla guerillas jihadist jihadists jihadi jihadis "
            "extremist extremists terrorist terrorists separatist separatists dissidents paramilitaries mercenary "
            "mercenaries factions faction loyalists tribesmen bomber hunters herders herdsmen bandits insurgency",
        ),
        (_GROUP, "group groups organisation organisations organization organizations"),
        (
            _GOVERNMENT,
            "government regime authorities officials official delegation delegations leaders administration "
            "diplomats negotiators envoys presidents ministers",
        ),
        (
            _CIVIL,
            "civilian civilians villager villagers resident residents citizen citizens protester protesters "
            "protestor protestors demonstrator demonstrators journalist journalists child children woman women "
            "refugee refugees medics doctors worshippers farmers rioters",
        ),
        (
            _STRIKE,
            "airstrike airstrikes strike strikes raid raids shelling shells bombardment bombardments bombing "
            "bombings bombs missile missiles rocket rockets fire gunfire attack attacks offensive incursion invasion "
            "operation operations intervention assault assaults campaign onslaught airpower firepower airdrops "
            "ambush airlift",
        ),
        (
            _BETWEEN,
            "air ground special armed security border riot naval land sea coast war fighter attack combat transport "
            "strike elite regular state federal national allied cruise ballistic frontier opposition armoured "
            "armored amphibious heavy defence defense joint senior top high ranking surface to",
        ),
    )
    for word in words.split()
}
#: Plural nouns for the names of groups known only by a nationality or a backer.
_PLURAL = {
    "rebel": "rebels", "militant": "militants", "fighter": "fighters", "insurgent": "insurgents", "gunman": "gunmen",
    "gunmen": "gunmen", "militia": "militias", "militiaman": "militias", "militiamen": "militias",
    "guerrilla": "guerrillas", "guerilla": "guerrillas", "guerillas": "guerrillas", "jihadist": "jihadists",
    "jihadi": "jihadists", "jihadis": "jihadists", "extremist": "militants", "extremists": "militants",
    "terrorist": "militants", "terrorists": "militants", "separatist": "separatists", "opposition": "rebels",
    "mercenary": "mercenaries", "faction": "rebels", "factions": "rebels", "groups": "militants", "group": "militants",
    "insurgents": "rebels", "insurgency": "rebels", "bomber": "militants",
}  # fmt: skip
_MILITIA_PLURALS = _words("militias gunmen paramilitaries mercenaries loyalists")
_IDENTITY_PLURALS = _words("tribesmen hunters herders herdsmen")

#: Nouns that a named group takes with it: "Hezbollah fighters", "Daesh terrorist group".
_TAIL = _words(
    "fighters fighter militants militant terrorists terrorist rebels rebel insurgents forces troops soldiers gunmen "
    "militia militias militiamen guerrillas extremists jihadists jihadis members group groups militias' operatives "
    "warplanes jets units commandos peacekeepers tribesmen herders herdsmen separatists"
)

#: Groups without a name: canonical name, kind, the words before the noun ("" for none), the nouns.
_GENERIC: tuple[tuple[str, str, str, str], ...] = (
    (
        "Government forces",
        _STATE,
        "government|regime|loyalist|pro-government|pro-regime|government army|regime army|army|state",
        "forces|force|troops|army|military|soldiers|soldier|warplanes|warplane|jets|planes|aircraft|helicopters|"
        "helicopter|artillery|tanks|fighters|militia|militias|militiamen|units|positions|commanders|gunmen",
    ),
    ("Government forces", _STATE, "", "army|military|armed forces|junta|government loyalists|regime loyalists"),
    ("Government forces", _STATE, "", "soldiers|soldier|troops|army officers|army officer|servicemen|conscripts"),
    (
        "Security forces",
        _STATE,
        "",
        "security forces|security force|security personnel|security officers|internal security forces",
    ),
    (
        "Police",
        _STATE,
        "",
        "police|policeman|policemen|policewoman|policewomen|police officer|police officers|riot police|gendarmes",
    ),
    ("Border guards", _STATE, "", "border guards|border guard|border police|coast guard|coastguard"),
    (
        "Unidentified aircraft",
        _STATE,
        "",
        "warplanes|warplane|fighter jets|fighter jet|helicopter gunships|attack helicopters",
    ),
    ("Coalition", _OTHER, "", "coalition"),
    (
        "Coalition",
        _OTHER,
        "coalition",
        "forces|troops|warplanes|warplane|jets|planes|aircraft|soldiers|fighters|airstrikes|strikes|bombing|bombers|"
        "drones",
    ),
    ("Peacekeepers", _OTHER, "", "peacekeepers|peacekeeper|peacekeeping forces|peacekeeping force|peacekeeping troops"),
    (
        "Rebels",
        _REBEL,
        "rebel|opposition|insurgent|anti-government|anti-regime|armed opposition|revolutionary",
        "fighters|fighter|forces|force|groups|group|factions|faction|militias|militia|troops|gunmen|commanders|"
        "commander|brigades|brigade|battalions|alliance|positions",
    ),
    ("Rebels", _REBEL, "", "rebels|insurgents|insurgent|guerrillas|guerillas|armed opposition|rebel|rebel group"),
    (
        "Separatists",
        _REBEL,
        "separatist|secessionist",
        "fighters|forces|rebels|militants|groups|troops|gunmen|militia|militias|insurgents",
    ),
    ("Separatists", _REBEL, "", "separatists|separatist|secessionists"),
    (
        "Jihadists",
        _REBEL,
        "jihadist|jihadi|islamist|takfiri",
        "fighters|groups|group|militants|rebels|factions|insurgents|forces|militias|militia|gunmen",
    ),
    ("Jihadists", _REBEL, "", "jihadists|jihadist|jihadis|jihadi|islamists|mujahideen|mujahedin|takfiris"),
    (
        "Militants",
        _REBEL,
        "militant|terrorist|extremist",
        "groups|group|fighters|forces|factions|organisations|organizations",
    ),
    (
        "Militants",
        _REBEL,
        "",
        "militants|militant|terrorists|terrorist|extremists|suicide bomber|suicide bombers|suicide attacker",
    ),
    (
        "Unidentified armed group",
        _MILITIA,
        "",
        "gunmen|gunman|unidentified gunmen|unknown gunmen|unidentified gunman|armed men",
    ),
    (
        "Unidentified armed group",
        _MILITIA,
        "",
        "masked gunmen|unknown gunman|armed group|armed groups|assailants|armed gang|attackers",
    ),
    (
        "Unidentified armed group",
        _MILITIA,
        "",
        "unidentified assailants|unknown assailants|armed assailants|unidentified armed men",
    ),
    (
        "Militia",
        _MILITIA,
        "",
        "militia|militias|militiamen|militiaman|paramilitaries|paramilitary forces|paramilitary force",
    ),
    ("Mercenaries", _MILITIA, "", "mercenaries|mercenary|foreign mercenaries"),
    (
        "Vigilantes",
        _IDENTITY,
        "",
        "vigilantes|vigilante group|self-defence groups|self-defence militia|local defence volunteers",
    ),
    ("Herders", _IDENTITY, "", "herders|herdsmen|cattle raiders|cattle rustlers"),
    ("Protesters", _PROTESTERS, "", "protesters|protester|protestors|protestor|demonstrators|demonstrator|marchers"),
    (
        "Protesters",
        _PROTESTERS,
        "anti-government|pro-democracy|peaceful|opposition",
        "protesters|protestors|demonstrators",
    ),
    ("Rioters", _RIOTERS, "", "rioters|rioter|looters|mob|angry mob|angry crowd"),
    (
        "Civilians",
        _CIVILIANS,
        "",
        "civilians|civilian|residents|resident|villagers|villager|townspeople|children|child|women|woman|"
        "schoolchildren|worshippers|bystanders|passers-by|farmers|shepherds|shoppers|families|family|pilgrims|"
        "students|mourners|passengers",
    ),
    (
        "Refugees",
        _CIVILIANS,
        "",
        "refugees|refugee|displaced people|displaced families|displaced civilians|evacuees|migrants",
    ),
    (
        "Journalists",
        _CIVILIANS,
        "",
        "journalists|journalist|reporters|reporter|cameraman|photographer|media workers|media worker",
    ),
    (
        "Aid workers",
        _CIVILIANS,
        "",
        "aid workers|aid worker|humanitarian workers|humanitarian worker|relief workers|aid convoy|humanitarian staff",
    ),
    (
        "Medical workers",
        _CIVILIANS,
        "",
        "medics|medic|doctors|doctor|nurses|nurse|paramedics|paramedic|medical staff|medical workers|health workers|"
        "ambulance crew|ambulance crews|rescuers|rescue workers|rescue worker|first responders",
    ),
)
#: Generic names that belong to the country of the story once that is known, and what follows its adjective then.
_HOME_SUFFIX = {"Rebels": "rebels", "Police": "police", "Security forces": "forces", "Border guards": "forces"}

_BACKED = _words("backed supported allied aligned trained sponsored funded armed led equipped")
#: After a hyphen these make an attribute of the name: no actor acts in "rebel-held Idlib".
_ATTRIBUTES = _words(
    "held controlled occupied run linked affiliated inspired dominated ruled besieged style era free majority "
    "sponsored based born made brokered mediated administered backed led supported allied aligned trained funded "
    "built speaking occupied wide"
)
_AGAINST = _words("anti counter non post ex former pro")
_LOYAL_NOUNS = _words(
    "forces troops fighters militia militias militiamen soldiers units gunmen guards tribesmen brigades"
)
_TITLES = _words(
    "the president general gen field marshal colonel col syrian yemeni libyan former ousted deposed strongman "
    "commander renegade warlord prime minister s"
)
_LEADER_NOUNS = _words(
    "forces troops army regime military fighters militia militias loyalists soldiers warplanes jets government"
)

_PLACE_BEFORE = _words(
    "in inside into across throughout near within outside from to over through around toward towards of at northern "
    "southern eastern western central north south east west northeast northwest southeast southwest northeastern "
    "northwestern southeastern southwestern for neighbouring neighboring entering leaving enter leave left entered "
    "reached reach crossed visited visit torn upper lower greater via off onto mainland"
)
_LIST_WORDS = _words("and or plus both")
#: Surnames and given names that are countries too: no state after another capitalised word ("Michael Jordan").
_PERSONAL = _words("jordan georgia chad israel cuba")
_VERBS = (
    "accuse admit agree announce answer appeal approve arm ask assert back bar begin blame block break broker call "
    "cancel charge claim condemn confirm consider continue cut decide declare defend demand deny deploy describe "
    "dismiss dispute dispatch embark endorse expect express fear fund hail halt hit hope impose insist intend "
    "intervene invite issue join keep launch lift maintain make mediate mobilise mobilize move need negotiate offer "
    "open oppose order pledge plan portray prepare press promise propose provide push react reaffirm recognise "
    "recognize refuse regard reiterate reject release reply request respond resume retaliate say seek see send shift "
    "sign start step stop strike summon supply support suspect suspend swear take tell think threaten train try turn "
    "urge use veto view vow want warn welcome withdraw wish work"
)
#: What a government does, in the forms news use. A seat of government counts as an actor only beside one of these.
_DOES = frozenset(
    form
    for verb in _VERBS.split()
    for form in (
        verb,
        verb + "s",
        verb + "es",
        verb + "d" if verb.endswith("e") else verb + "ed",
        verb[:-1] + "ies" if verb.endswith("y") else verb,
        verb[:-1] + "ied" if verb.endswith("y") else verb,
    )
) | _words(
    "said began broke came drove fell fought held laid left lost overran retook shot swept won went beat cut hit kept "
    "made met sent saw sought stopped struck swore took told thought tried withdrew "
    "has had have is are will would did does could can may should must also has now later earlier then never "
    "meanwhile stepped planned"
)  # fmt: skip
_AUXILIARIES = _words("has had have is are was were will would did does could can may should must")
_ADVERBS = _words(
    "also now later earlier then never meanwhile recently already initially repeatedly still not reportedly"
)
_ACTING_BEFORE = _words("by with against between")

#: Words of English that are acronyms too; in a line of capitals they are the word ("WHAT IS TO BE DONE").
_ENGLISH_WORDS = _words("is us tip fan mend eta tak aa fact who")
#: After a singular such as "rebel" or "civilian" these make it an attribute.
_NOT_ACTING = _words(
    "area areas stronghold strongholds enclave enclaves territory town towns city village villages official "
    "officials casualties deaths houses homes neighbourhoods neighborhoods district districts infrastructure targets "
    "population life lives property buildings vehicles aircraft toll victims harm suffering government"
)
#: "the UN's Syria envoy": the country only says which one.
_COUNTRY_AS_ATTRIBUTE = _words(
    "envoy policy talks war peace crisis conflict ceasefire strategy border frontier analyst expert correspondent "
    "mission campaign operation desk office bureau researcher director specialist press"
)
_NEEDS_THE = _words("army military armed junta")
#: Nouns that make an act of two states out of two adjectives: "a Russian-Turkish memorandum".
_JOINT_ACTS = _words(
    "agreement deal memorandum accord pact talks summit ceasefire truce patrol patrols group commission committee "
    "centre center statement declaration initiative plan"
)
_CALENDAR = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
_COUNTED = _words(
    "one two three four five six seven eight nine ten eleven twelve dozen several some other the also allied 2 3 4 5 "
    "6 7 8 9 10 11 12"
)
_AIRCRAFT = _words("jet jets plane planes aircraft bombers")
_PLURAL_HEADS = _words(
    "fighters rebels militants forces groups group factions militias militia insurgents troops jets planes"
)
_CIVIL_NOUNS = _words(
    "protester protesters protestor protestors demonstrator demonstrators journalist journalists refugee refugees "
    "medics doctors rioters"
)
_FUNCTION_WORDS = _words(
    "in on at by to for with from against over as that which who but while after before if because"
)
_HYPHENS = frozenset(("-", "\u2011", "‐", " -", "- "))

#: Words looked at behind an adjective: "Turkish special air defence artillery forces" is the longest seen.
MAX_HEAD_WORDS = 5
#: Nationalities or seats of government in one list.
MAX_COORDINATED = 6

# --- the index ------------------------------------------------------------------------------------------------------

#: Spellings of one word in transliteration, and British for American. Applied to names and texts alike.
_SAME_WORD = {
    "jaish": "jaysh", "jeish": "jaysh", "jaesh": "jaysh", "hizbullah": "hezbollah", "hizballah": "hezbollah",
    "hizbollah": "hezbollah", "hezballah": "hezbollah", "hezbullah": "hezbollah", "qaida": "qaeda", "qaidah": "qaeda",
    "qaedah": "qaeda", "qaeeda": "qaeda", "el": "al", "ul": "al", "defense": "defence", "mobilization": "mobilisation",
    "organization": "organisation", "liwaa": "liwa", "failaq": "faylaq", "faylak": "faylaq", "harakat": "harakat",
    "haraket": "harakat", "kateebat": "katibat", "nusrah": "nusra", "fatah": "fateh", "fath": "fateh",
    "zinki": "zenki", "hayyat": "hayat", "sharqiyah": "sharqiya", "muhajirin": "muhajireen", "ash": "al", "an": "al",
    "labor": "labour", "armored": "armoured", "center": "centre", "programme": "program",
}  # fmt: skip
_TOKEN = re.compile(r"[A-Z](?:\.[A-Z])+\b\.?|[^\W_]+")
_ACRONYM = re.compile(r"[^a-z]*[A-Z][^a-z]*")
#: What may stand between two words of one name: blank, hyphen, apostrophe, line break of a wrapped line.
_GAPS = frozenset(
    (
        " ",
        "-",
        "'",
        "’",
        "‘",
        "`",
        "\u00a0",
        "\u2011",
        "‐",
        "–",
        " -",
        "- ",
        "\n",
        "/",
        "ʼ",
        "",
        " ‘",
        "’ ",
        "' ",
        " (",
        ") ",
        ", ",
        " – ",
        " - ",
        " — ",
    )
)
_APOSTROPHES = frozenset("'’‘´`")
_COMMA_GAPS = frozenset((", ", ",", ",\n"))
#: The shortest key at which words may have run together ("JabhatFateh al-Sham") and still be that name.
MIN_RUN_TOGETHER = 10


class _Side(NamedTuple):
    """Whose adjective, name or seat it is."""

    name: str  # the state, or the group
    kind: str
    country: str | None
    adjective: str | None = None  # None for a group: it has one name whatever noun follows
    force_name: str = ""
    force_kind: str = _STATE


class _Entry(NamedTuple):
    role: str  # name, generic, seat, leader, adjective, country
    side: _Side
    words: int
    exact: str | None  # the only spelling allowed
    capital: int | None  # index of the word that must begin with a capital
    institution: bool = False  # a seat that is no town: the Kremlin


@dataclass(slots=True)
class _Index:
    entries: dict[str, list[_Entry]] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)  # keys of the first words of a name, all of them included
    same: dict[str, str] = field(default_factory=lambda: dict(_SAME_WORD))  # spelling -> the word of the keys
    homes: dict[str, _Side] = field(default_factory=dict)  # country -> its state
    names: dict[str, str] = field(default_factory=dict)  # name or key -> canonical name

    def add(self, alias: str, role: str, side: _Side, *, exact: bool = False, institution: bool = False) -> str:
        """Adds a name, and gives its key."""
        spelled = _TOKEN.findall(alias)
        words = [_key_word(word) for word in spelled]
        key = "".join(words)
        if "." in alias and len(words) == 1:
            self.same |= {alias.lower(): key, alias.lower().rstrip("."): key}
        exact = exact or (_ACRONYM.fullmatch(alias) is not None)
        capital = next((i for i, word in enumerate(spelled) if word[0].isupper()), None)
        entry = _Entry(role, side, len(words), alias if exact else None, capital, institution)
        self.entries.setdefault(key, []).append(entry)
        self.prefixes.update(accumulate(words))
        return key


@lru_cache(maxsize=10_000)
def _key_word(word: str) -> str:
    word = word.lower().replace(".", "") if word.isascii() else fold_name(word).replace(" ", "")
    return _SAME_WORD.get(word, word)


@lru_cache(maxsize=1)
def _own_index() -> _Index:
    """The index of the package's own tables; without their values as a key, whose hash takes longer than a sentence."""
    return _index(table(), _nations())


@lru_cache(maxsize=4)
def _index(actors: tuple[Actor, ...], nations: tuple[Nation, ...]) -> _Index:
    index = _Index()
    sides = _sides(actors, nations)
    index.homes = sides
    states = {side.name for side in sides.values()}
    capitals = {nation.capital for nation in nations}
    for actor in actors:
        is_state = actor.name in states
        side = sides[actor.country] if is_state and actor.country else _Side(actor.name, actor.kind, actor.country)
        key = index.add(actor.name, "country" if is_state else "name", side, exact=f"={actor.name}" in actor.aliases)
        index.names |= {actor.name: actor.name, key: actor.name}
        for alias in actor.aliases:
            sign, bare = (alias[0], alias[1:]) if alias[0] in "=@~+" else ("", alias)
            role = {"@": "seat", "~": "leader", "+": "adjective"}.get(sign, "country" if is_state else "name")
            institution = sign == "@" and bare not in capitals and bare in INSTITUTIONS
            key = index.add(bare, role, side, exact=sign == "=", institution=institution)
            if sign in ("", "="):
                index.names[bare] = actor.name
                index.names.setdefault(key, actor.name)
    for nation in sorted(nations, key=lambda n: (-n.radius_km, n.country)):
        side = sides[nation.country]
        for name in (nation.name, *nation.names):
            if not name.startswith("The ") and "." not in name:
                index.add(name, "country", side)
        for name in nation.demonyms:
            index.add(name, "adjective", side)
        for name in nation.abbreviations:
            index.add(name, "adjective", side, exact=True)
            index.add(name, "country", side, exact=True)
    for name, kind, before, nouns in _GENERIC:
        for noun in nouns.split("|"):
            for word in before.split("|"):
                index.add(f"{word} {noun}".strip(), "generic", _Side(name, kind, None))
    index.entries.setdefault("loyal", [])  # opens "loyal to X", as "pro" opens "pro-X"
    index.entries.setdefault("pro", [])
    index.prefixes.update(("loyal", "pro"))
    return index


#: Seats of government that are houses, not towns.
INSTITUTIONS = frozenset(
    (
        "Kremlin",
        "Pentagon",
        "White House",
        "Downing Street",
        "Whitehall",
        "Élysée",
        "Elysee Palace",
        "Quai d'Orsay",
        "Sublime Porte",
    )
)


def _sides(actors: tuple[Actor, ...], nations: tuple[Nation, ...]) -> dict[str, _Side]:
    """Country -> its state, with the name under which the table lists its forces."""
    listed = {(actor.country, actor.name) for actor in actors if actor.kind == _STATE}
    sides = {}
    for nation in nations:
        adjective = _ADJECTIVES.get(nation.country) or (nation.demonyms[0] if nation.demonyms else nation.name)
        force_name = f"{adjective} forces"
        if (nation.country, f"{adjective} government forces") in listed:
            force_name = f"{adjective} government forces"
        sides[nation.country] = _Side(nation.name, _STATE, nation.country, adjective, force_name)
    return sides


#: Adjectives that news prefer to the first demonym.
_ADJECTIVES = {"US": "US", "CF": "Central African", "PH": "Philippine"}


def _key(name: str) -> str:
    return "".join(_key_word(m[0]) for m in _TOKEN.finditer(name))


def canonical(name: str) -> str | None:
    """The canonical name of an actor's name or alias; None when the table does not know it.

    >>> canonical("Daesh"), canonical("Jabhat Fatah al-Sham"), canonical("Rotary Club")
    ('Islamic State', 'Jabhat al-Nusra', None)
    """
    names = _own_index().names
    return names.get(name) or names.get(_key(name))


# --- the reading ----------------------------------------------------------------------------------------------------


def find_actors(
    text: str, *, offset: int = 0, home: str | None = None, nations: tuple[Nation, ...] | None = None
) -> tuple[ActorMention, ...]:
    """The actors of a text in order, never overlapping; `text[start - offset:end - offset]` is the mention's text.

    In a text given as a whole, "the coalition" is the one named before it. `home` is the country (ISO code) that the
    text is about; it turns "government forces", "rebels" and "police" into that country's.

    >>> [(m.text, m.name) for m in find_actors("Russian and Turkish warplanes hit Daesh.")]
    [('Russian', 'Russian forces'), ('Turkish warplanes', 'Turkish forces'), ('Daesh', 'Islamic State')]
    >>> find_actors("It rained.")
    ()
    """
    index = _own_index() if nations is None else _index(table(), nations)
    mentions = _Reader(text, index).read()
    mentions = _name_coalitions(mentions)
    if home is not None and home in index.homes:
        mentions = [_at_home(mention, index.homes[home]) for mention in mentions]
    if offset:
        mentions = [replace(m, start=m.start + offset, end=m.end + offset) for m in mentions]
    return tuple(mentions)


def _name_coalitions(mentions: list[ActorMention]) -> list[ActorMention]:
    """Plain "coalition" stands for the last coalition that was named."""
    last: ActorMention | None = None
    named = []
    for mention in mentions:
        if "coalition" in mention.name:
            last = mention
        if mention.name == "Coalition" and last is not None:
            named.append(replace(mention, name=last.name, kind=last.kind, country=last.country, generic=False))
        else:
            named.append(mention)
    return named


def _at_home(mention: ActorMention, home: _Side) -> ActorMention:
    if not mention.generic or mention.country is not None or mention.name in ("Coalition", "Unidentified aircraft"):
        return mention
    if mention.name == "Government forces":
        return replace(mention, name=home.force_name, country=home.country, generic=False)
    suffix = _HOME_SUFFIX.get(mention.name)
    name = f"{home.adjective} {suffix}" if suffix else mention.name
    return replace(mention, name=home.force_name if suffix == "forces" else name, country=home.country)


class _Reader:
    """One pass over the words of a text."""

    def __init__(self, text: str, index: _Index) -> None:
        self.text, self.index = text, index
        self.spans = [m.span() for m in _TOKEN.finditer(text)]
        self.lower = [text[a:b].lower() for a, b in self.spans]
        same = index.same.get
        self.keys = [same(word, word) if word.isascii() else _key_word(word) for word in self.lower]
        self.last_place = -1  # the word after the last country read as a place, for lists: "in Syria and Iraq"
        self.last_state = -1  # the same for a state that acts: "Turkey, Iran and Egypt"

    def read(self) -> list[ActorMention]:
        """All mentions in order."""
        found: list[ActorMention] = []
        after, prefixes, entries, keys = 0, self.index.prefixes, self.index.entries, self.keys
        for i, key in enumerate(keys):
            if key not in prefixes or i < after:
                continue
            if key not in entries and "".join(keys[i : i + 2]) not in prefixes:
                continue
            mentions, after = self._at(i)
            for mention in mentions:
                start = mention.start
                while found and found[-1].end > mention.start:  # "militia" + "militia loyal to Haftar"
                    start = min(start, found.pop().start)
                found.append(mention if start == mention.start else self._respan(mention, start))
        return found

    # --- words and what stands between them

    def _gap(self, i: int) -> str:
        """What stands before word i; a line end when there is no word i."""
        return self.text[self.spans[i - 1][1] : self.spans[i][0]] if 0 < i < len(self.spans) else "\n\n"

    def _word(self, i: int) -> str:
        return self.lower[i] if 0 <= i < len(self.lower) else ""

    def _follows(self, i: int) -> bool:
        """Whether word i follows the one before it in the same phrase."""
        return self._gap(i) in (" ", "\u00a0", "\n")

    def _is_capital(self, i: int) -> bool:
        return 0 <= i < len(self.spans) and self.text[self.spans[i][0]].isupper()

    def _is_shouted(self, i: int) -> bool:
        """Whether word i is in capitals and no name: a neighbour in a headline, not an acronym."""
        if not 0 <= i < len(self.spans):
            return False
        word = self.text[slice(*self.spans[i])]
        return len(word) > 1 and word.isalpha() and word.isupper() and word.lower() not in self.index.prefixes

    def _respan(self, mention: ActorMention, start: int) -> ActorMention:
        return replace(mention, start=start, text=self.text[start : mention.end])

    def _mention(self, first: int, last: int, side: _Side, **flags: bool) -> ActorMention:
        start, end = self.spans[first][0], self.spans[last - 1][1]
        return ActorMention(start, end, self.text[start:end], side.name, side.kind, side.country, **flags)

    def _lookup(self, i: int) -> list[tuple[int, _Entry]]:
        """The names that begin at word i, longest first, as (number of words, entry)."""
        keys, spans, entries, prefixes = self.keys, self.spans, self.index.entries, self.index.prefixes
        key = ""
        found: list[tuple[int, _Entry]] = []
        for last in range(i, len(keys)):
            if last > i and self.text[spans[last - 1][1] : spans[last][0]] not in _GAPS:
                break
            key += keys[last]
            if key not in prefixes:
                break
            if key in entries:
                n = last - i + 1
                found += [(n, entry) for entry in entries[key] if self._fits(entry, i, n, key)]
        return found[::-1]

    def _fits(self, entry: _Entry, i: int, n: int, key: str) -> bool:
        start, end = self.spans[i][0], self.spans[i + n - 1][1]
        if entry.exact is not None:
            if self.text[start:end].replace("’", "'").rstrip(".") != entry.exact.rstrip("."):
                return False
            return key not in _ENGLISH_WORDS or not (self._is_shouted(i - 1) or self._is_shouted(i + n))
        if entry.words != n:
            return len(key) >= MIN_RUN_TOGETHER and (entry.capital is None or self._is_capital(i))
        if "," in self.text[start:end] and "," not in entry.side.name:
            return False
        return entry.capital is None or self._is_capital(i + entry.capital)

    # --- one place in the text

    def _at(self, i: int) -> tuple[list[ActorMention], int]:
        """The mentions that begin at word i, and the word to go on with."""
        word = self.lower[i]
        if word == "loyal":
            return self._loyal(i)
        matches = self._lookup(i)
        if word == "pro" and self._gap(i + 1) in _HYPHENS:
            named = [(n, e) for n, e in matches if e.role in ("name", "generic")]
            return self._named(i, *named[0]) if named else self._pro(i)
        if not matches:
            return [], i + 1
        if self._gap(i) in _HYPHENS and self._word(i - 1) in _AGAINST and self._gap(i - 1) not in _HYPHENS:
            return [], i + matches[0][0]
        by_role: dict[str, tuple[int, _Entry]] = {}
        for n, entry in matches:
            by_role.setdefault(entry.role, (n, entry))
        named_here = by_role.get("name") or by_role.get("generic")
        phrase = self._phrase(i, by_role)
        other = max(by_role[role][0] if role in by_role else 0 for role in ("country", "seat", "adjective"))
        if named_here is not None and named_here[0] >= other and (phrase is None or i + named_here[0] >= phrase[1]):
            return self._named(i, *named_here)
        if phrase is not None:
            return phrase
        for role, read in (("leader", self._leader), ("seat", self._seat), ("country", self._state)):
            if role in by_role:
                n, entry = by_role[role]
                mentions, after = read(i, n, entry)
                if mentions:
                    return mentions, after
        return [], i + matches[0][0]

    def _named(self, i: int, n: int, entry: _Entry) -> tuple[list[ActorMention], int]:
        """A group by its name, with the noun for armed people that follows."""
        end = i + n
        if self._gap(end) in _HYPHENS and self._word(end) in _ATTRIBUTES:
            return [], end + 1
        generic = entry.role == "generic"
        if generic:
            if self.lower[i] in _NEEDS_THE and not (self._word(i - 1) == "the" and self._is_last_noun(end)):
                return [], end
            if self._is_capital(i) and self._follows(i):
                return [], end  # part of a title: "UN Women", "World Refugee Day"
            singular_before_noun = (
                self._follows(end) and self._word(end) in _NOT_ACTING and not self.lower[end - 1].endswith("s")
            )
            if singular_before_noun:
                return [], end
        else:
            while end < i + n + 3 and self._follows(end) and self._word(end) in _TAIL:
                end += 1
        force = entry.side.kind == _STATE and not generic
        return [self._mention(i, end, entry.side, generic=generic, is_country_force=force)], end

    def _is_last_noun(self, k: int) -> bool:
        """Whether no noun follows: "the army said", not "the army base"."""
        return not self._follows(k) or self._is_verbal(k) or self._word(k).endswith(("ed", "ing"))

    # --- adjectives: "Russian and Turkish warplanes", "Turkey's army", "US-backed fighters"

    def _phrase(self, i: int, by_role: dict[str, tuple[int, _Entry]]) -> tuple[list[ActorMention], int] | None:
        parts: list[tuple[int, int, _Entry]] = []
        coupled = self._word(i - 1) == "joint"
        here = _longest(by_role.get("adjective"), by_role.get("country"))
        if here is None and "seat" in by_role and self._word(i + by_role["seat"][0]) == "s":
            here = by_role["seat"]  # "Moscow's air strikes"
        at = i
        while here is not None and len(parts) < MAX_COORDINATED:
            n, entry = here
            end = at + n
            parts.append((at, end, entry))
            if self._gap(end) in _HYPHENS and self._word(end) in _BACKED:
                return self._backed(parts[-1], end) if len(parts) == 1 else None
            possessive = self._word(end) == "s" and self._gap(end) in _APOSTROPHES
            head = self._head(end + possessive, entry, possessive=possessive)
            if head is not None:
                return self._sides_of(parts, head)
            if possessive:
                break
            coupled = coupled or self._gap(end) in ("-", "–", "/")
            at, here = self._next_adjective(end)
        if (
            len(parts) > 1
            and coupled
            and self._word(parts[-1][1]) in _JOINT_ACTS
            and all(entry.side.adjective for _, _, entry in parts)
        ):
            return [self._mention(a, b, entry.side, state=True) for a, b, entry in parts], parts[-1][1]
        return None

    def _next_adjective(self, k: int) -> tuple[int, tuple[int, _Entry] | None]:
        """The adjective that is coordinated with the one that ends before word k."""
        gap = self._gap(k)
        if gap not in _COMMA_GAPS and gap not in ("-", "–", "/"):
            if not (self._follows(k) and self._word(k) in _LIST_WORDS):
                return k, None
            k += 1
        elif self._word(k) in _LIST_WORDS:
            k += 1
        if self._word(k) in _COUNTED and self._follows(k):
            k += 1
        matches = (
            [(n, e) for n, e in self._lookup(k) if e.role in ("adjective", "country")] if k < len(self.lower) else []
        )
        return k, matches[0] if matches else None

    def _head(self, k: int, entry: _Entry, *, possessive: bool) -> tuple[int, int] | None:
        """The noun behind an adjective, as (class, the word after it); None when no actor stands there."""
        kind: int | None = None
        end, armed = k, False
        for j in range(k, min(k + MAX_HEAD_WORDS, len(self.lower))):
            word = self.lower[j]
            found = _NOUN_CLASS.get(word)
            if found is None or not (self._follows(j) or self._gap(j) == "-"):
                break
            if word in ("fighter", "bomber") and self._word(j + 1) in _AIRCRAFT:
                continue
            if found == _BETWEEN:
                armed = armed or word in ("armed", "opposition")
                continue
            if found == _STRIKE:
                if kind is None:
                    kind, end = _STRIKE, k
                break
            if found == _GROUP and not (armed or kind == _FIGHTER):
                break
            if found == _FORCE and kind is None and self._word(j - 1) == "opposition":
                found = _FIGHTER
            if kind is None or kind == _GOVERNMENT:
                kind = _FIGHTER if found == _GROUP else found
            end = j + 1
        if kind is None or (entry.role in ("country", "seat") and not possessive and kind != _FORCE):
            return None
        if possessive and kind in (_GOVERNMENT, _CIVIL):
            return None
        return kind, end

    def _sides_of(
        self, parts: list[tuple[int, int, _Entry]], head: tuple[int, int]
    ) -> tuple[list[ActorMention], int] | None:
        kind, end = head
        mentions = []
        for at, stop, entry in parts:
            last = end if (at, stop, entry) == parts[-1] and kind != _STRIKE else stop
            mention = self._side_mention(at, last, entry.side, kind, self._word(end - 1))
            if mention is not None:
                mentions.append(mention)
        return (mentions, max(end, parts[-1][1])) if mentions else None

    def _side_mention(self, first: int, last: int, side: _Side, kind: int, noun: str) -> ActorMention | None:
        if kind == _CIVIL:
            entry = (
                next(e for e in self.index.entries[_key_word(noun)] if e.role == "generic")
                if noun in _CIVIL_NOUNS
                else None
            )
            name, actor_kind = (entry.side.name, entry.side.kind) if entry else ("Civilians", _CIVILIANS)
            return self._mention(first, last, _Side(name, actor_kind, side.country), generic=True)
        if side.adjective is None:
            return None if kind == _GOVERNMENT else self._mention(first, last, side)
        if kind == _GOVERNMENT:
            return self._mention(first, last, side, state=True)
        if kind == _FIGHTER:
            plural = _PLURAL.get(noun, noun)
            return self._mention(first, last, _Side(f"{side.adjective} {plural}", _kind_of(plural), side.country))
        name = f"{side.adjective} police" if kind == _POLICE else side.force_name
        return self._mention(first, last, _Side(name, side.force_kind, side.country), is_country_force=True)

    def _backed(self, part: tuple[int, int, _Entry], k: int) -> tuple[list[ActorMention], int]:
        """One side without a name: "Turkish-backed Syrian rebels". A named group or an army behind it is read next."""
        at, _, entry = part
        country, j = None, k + 1
        for j in range(k + 1, min(k + 1 + MAX_HEAD_WORDS, len(self.lower))):
            word = self.lower[j]
            if not (self._follows(j) or self._gap(j) == "-"):
                return [], k + 1
            kind = _NOUN_CLASS.get(word)
            if kind in (_FIGHTER, _FORCE) and self._word(j + 1) not in _PLURAL_HEADS:
                if kind == _FORCE and (country is not None or word not in ("forces", "force", "troops", "soldiers")):
                    return [], k + 1
                return [self._backed_mention(at, j + 1, entry.side, word, country)], j + 1
            matches = self._lookup(j)
            nation = next((e.side for n, e in matches if e.role == "adjective" and e.side.adjective and n == 1), None)
            if nation is not None:
                country = nation.country
            elif kind not in (_BETWEEN, _FIGHTER, _GROUP) or any(e.role == "name" for _, e in matches):
                return [], k + 1
        return [], k + 1

    def _backed_mention(self, first: int, last: int, backer: _Side, noun: str, country: str | None) -> ActorMention:
        plural = _PLURAL.get(noun, "forces" if noun in ("force", "troops", "soldiers") else noun)
        name = f"{backer.adjective or backer.name}-backed {plural}"
        return self._mention(first, last, _Side(name, _kind_of(plural), country))

    def _pro(self, i: int) -> tuple[list[ActorMention], int]:
        """Reads "pro-Assad militia" and "pro-Turkish rebels"."""
        for n, entry in self._lookup(i + 1):
            end = i + 1 + n
            head = self._head(end, entry._replace(role="adjective"), possessive=False)
            if head is None or head[0] not in (_FORCE, _FIGHTER):
                continue
            if entry.side.adjective is None:
                return [self._mention(i, head[1], entry.side)], head[1]
            return [self._backed_mention(i, head[1], entry.side, self._word(head[1] - 1), None)], head[1]
        return [], i + 1

    # --- leaders, seats, states

    def _leader(self, i: int, n: int, entry: _Entry) -> tuple[list[ActorMention], int]:
        end = i + n
        if self._word(end) == "s" and self._gap(end) in _APOSTROPHES:
            end += 1
        noun = end
        while noun < end + 3 and self._follows(noun) and self._word(noun) in _LEADER_NOUNS:
            noun += 1
        if noun == end:
            return [], i + n
        return [self._mention(i, noun, entry.side, is_country_force=entry.side.kind == _STATE)], noun

    def _loyal(self, i: int) -> tuple[list[ActorMention], int]:
        """Reads "forces loyal to X"."""
        if self._word(i - 1) not in _LOYAL_NOUNS or self._word(i + 1) != "to":
            return [], i + 1
        k = i + 2
        while self._word(k) in _TITLES and k < i + 8:
            k += 1
        for n, entry in self._lookup(k) if k < len(self.lower) else []:
            side = entry.side
            if side.adjective is not None:  # a state: its forces
                side = _Side(side.force_name, side.force_kind, side.country)
            force = side.kind == _STATE and entry.role != "generic"
            return [self._mention(i - 1, k + n, side, is_country_force=force)], k + n
        if self._word(k) in ("government", "regime", "authorities"):
            return [self._mention(i - 1, k + 1, _Side("Government forces", _STATE, None), generic=True)], k + 1
        end = k
        while end < k + 3 and self._is_capital(end) and (end == k or self._follows(end) or self._gap(end) in _HYPHENS):
            end += 1
        if end == k:
            return [], i + 1
        who = self.text[self.spans[k][0] : self.spans[end - 1][1]]
        return [self._mention(i - 1, end, _Side(f"Forces loyal to {who}", _MILITIA, None))], end

    def _seat(self, i: int, n: int, entry: _Entry) -> tuple[list[ActorMention], int]:
        """A capital or palace, where it acts."""
        before = self._word(i - 1)
        if before == "the":
            before = self._word(i - 2)
        end = i + n
        if before in _PLACE_BEFORE or (self._gap(end) in _HYPHENS and self._word(end) in _ATTRIBUTES):
            return [], end
        if entry.institution or before in _ACTING_BEFORE or self._acts(end):
            return [self._mention(i, end, entry.side, state=True, metonym=True)], end
        before_is_seat = before in _LIST_WORDS and any(
            e.role == "seat" for k in (i - 2, i - 3) for _, e in self._seats_at(k)
        )
        if before_is_seat and self._word(i - 3) in _ACTING_BEFORE:
            return [self._mention(i, end, entry.side, state=True, metonym=True)], end
        return [], end

    def _seats_at(self, k: int) -> list[tuple[int, _Entry]]:
        return self._lookup(k) if k >= 0 else []

    def _acts(self, k: int) -> bool:
        """Whether a verb of governments follows before the next stop; "Moscow and Ankara agree" counts for both."""
        for _ in range(MAX_COORDINATED):
            if not (self._follows(k) and self._word(k) in ("and", "or")) and self._gap(k) not in _COMMA_GAPS:
                break
            k += self._word(k) in ("and", "or")
            seats = [n for n, e in self._lookup(k) if e.role in ("seat", "country")] if k < len(self.lower) else []
            if not seats:
                return False
            k += seats[0]
        if not self._follows(k):
            return False
        while self._word(k) in _ADVERBS and self._follows(k):
            k += 1
        verb, then = self._word(k), self._word(k + 1)
        if verb not in _DOES:
            return False
        if verb in ("was", "were", "is", "are"):
            return then.endswith("ing") or then in ("to", "also", "now")
        if verb in ("has", "had", "have", "will", "would", "could", "may", "should", "must"):
            return then not in ("be", "been", "seen", "witnessed", "remained", "become", "suffered", "changed")
        return True

    def _state(self, i: int, n: int, entry: _Entry) -> tuple[list[ActorMention], int]:
        """A country that acts: not after a preposition of place, not as an attribute."""
        end = i + n
        first = i - 1 if self._word(i - 1) == "the" else i
        before = self._word(first - 1)
        comma = self._gap(first) in _COMMA_GAPS
        after_place = self.last_place > 0 and first - self.last_place <= 1 and (comma or before in _LIST_WORDS)
        contained = comma and self.last_state != first and self._is_capital(first - 1) and before not in _CALENDAR
        starts_clause = not self._follows(first - 1)  # "However, Turkey ..."
        if before in _PLACE_BEFORE and not comma:
            self.last_place = end
            return [], end
        if (after_place or (contained and not starts_clause)) and self._word(end) not in _DOES:
            self.last_place = end
            return [], end
        if self._word(end) in _COUNTRY_AS_ATTRIBUTE and self._follows(end):
            return [], end
        if before == "with" and self._word(first - 2) in ("border", "borders", "frontier"):
            return [], end
        if self._gap(end) in _HYPHENS or (self._word(end) == "s" and self._gap(end) in _APOSTROPHES):
            return [], end
        word = self.lower[i]
        if word in _PERSONAL and self._is_capital(i - 1) and self._follows(i) and before not in ("and", "or", ""):
            return [], end
        if entry.exact is not None and first == i and self._follows(end) and not self._is_verbal(end):
            return [], end  # "US dollars"
        if (
            entry.exact is not None
            and self._follows(end)
            and not self._is_verbal(end)
            and self._word(end) not in _LIST_WORDS
        ):
            return [], end  # "the US president"
        self.last_state = end
        return [self._mention(i, end, entry.side, state=True)], end

    def _is_verbal(self, k: int) -> bool:
        word = self._word(k)
        return (
            word in _DOES or word in _AUXILIARIES or word in _LIST_WORDS or word in _ADVERBS or word in _FUNCTION_WORDS
        )


def _longest(a: tuple[int, _Entry] | None, b: tuple[int, _Entry] | None) -> tuple[int, _Entry] | None:
    if a is None or b is None:
        return a or b
    return a if a[0] >= b[0] else b


def _kind_of(plural: str) -> str:
    if plural in _MILITIA_PLURALS:
        return _MILITIA
    return _IDENTITY if plural in _IDENTITY_PLURALS else _REBEL
