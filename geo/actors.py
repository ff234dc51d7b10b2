"""Who acts in a text: named groups, the forces of any state, governments, and groups that have no name.

Hides: the table of actors (data/actors.tsv) and the word patterns around it. Many names of one group give one canonical
name; a state's forces have one name however they are called ("Turkish troops", "Turkey's army", "Turkish air strikes" are
all "Turkish forces"). To teach it a group, add a line to the table.

The table's columns are `name aliases kind country source`, tab-separated, sorted by name; aliases are joined by "|". An
alias is matched as whole words, hyphens and apostrophes being as good as blanks; its first capital must be a capital in the
text. Five signs before an alias change that:

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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from gazetteer.errors import CodeError, InputError
from gazetteer.names import fold_name

__all__ = ["ACTOR_KINDS", "Actor", "ActorMention", "Nation", "canonical", "find_actors", "read_nations", "read_table", "table"]

#: ACLED-style actor types (codebooks section 3).
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
            raise InputError(f"{where}: country {country!r} is not an ISO alpha-2 code; leave it blank if there is none")
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
    return read_table(_resource_lines("geo", "actors.tsv"), origin="geo/data/actors.tsv")


@lru_cache(maxsize=1)
def _nations() -> tuple[Nation, ...]:
    return read_nations(_resource_lines("gazetteer", "countries.tsv"), origin="gazetteer/data/countries.tsv")


def _resource_lines(package: str, name: str) -> list[str]:
    return (resources.files(package) / "data" / name).read_text(encoding="utf-8").splitlines()


# --- words ----------------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FORCE, _POLICE, _FIGHTER, _GOVERNMENT, _CIVIL, _STRIKE, _BETWEEN = range(7)

#: What may follow an adjective of nationality, and what it makes of it.
_NOUN_CLASS: dict[str, int] = {
    word: kind
    for kind, words in (
        (
            _FORCE,
            "troops troop forces army armies military soldier soldiers warplane warplanes jet jets plane planes aircraft "
            "airforce navy artillery helicopter helicopters gunship gunships drone drones tank tanks serviceman servicemen "
            "servicewomen commando commandos paratrooper paratroopers marines bombers airmen sailors warship warships "
            "submarine submarines infantry guards gunners personnel officer officers pilot pilots units reservists "
            "peacekeepers conscripts battalion battalions brigade brigades contingent warplane's planes' fighterjets",
        ),
        (_POLICE, "police policeman policemen policewoman gendarme gendarmes gendarmerie"),
        (
            _FIGHTER,
            "rebel rebels militant militants fighter fighters insurgent insurgents gunman gunmen militia militias militiaman "
            "militiamen guerrilla guerrillas guerilla guerillas jihadist jihadists jihadi jihadis extremist extremists "
            "terrorist terrorists separatist separatists opposition dissidents paramilitaries mercenary mercenaries "
            "volunteers factions faction groups group loyalists tribesmen bomber hunters herders herdsmen bandits insurgency",
        ),
        (
            _GOVERNMENT,
            "government regime authorities officials official delegation delegations leaders administration diplomats "
            "negotiators envoys presidents ministers",
        ),
        (
            _CIVIL,
            "civilian civilians villager villagers resident residents citizen citizens protester protesters protestor "
            "protestors demonstrator demonstrators journalist journalists child children woman women refugee refugees "
            "medics doctors worshippers farmers rioters",
        ),
        (
            _STRIKE,
            "airstrike airstrikes strike strikes raid raids shelling shells bombardment bombardments bombing bombings bombs "
            "missile missiles rocket rockets fire gunfire attack attacks offensive incursion invasion operation operations "
            "intervention assault assaults campaign onslaught airpower firepower airdrops ambush airlift",
        ),
        (
            _BETWEEN,
            "air ground special armed security border riot naval land sea coast war fighter attack combat transport strike "
            "elite regular regime's state federal national allied coalition cruise ballistic surface-to-surface frontier "
            "armoured armored mounted amphibious field heavy government's defence defense led backed joint senior top high "
            "ranking surface to",
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
    "fighters fighter militants militant terrorists terrorist rebels rebel insurgents forces troops soldiers gunmen militia "
    "militias militiamen guerrillas extremists jihadists jihadis members group groups militias' operatives warplanes jets "
    "units commandos peacekeepers tribesmen herders herdsmen separatists"
)

#: Groups without a name: canonical name, kind, the words before the noun ("" for none), the nouns.
_GENERIC: tuple[tuple[str, str, str, str], ...] = (
    (
        "Government forces",
        _STATE,
        "government|regime|loyalist|pro-government|pro-regime|government army|regime army|army|state",
        "forces|force|troops|army|military|soldiers|soldier|warplanes|warplane|jets|planes|aircraft|helicopters|helicopter|"
        "artillery|tanks|fighters|militia|militias|militiamen|units|positions|commanders|gunmen",
    ),
    ("Government forces", _STATE, "", "the army|the military|the armed forces|government loyalists|regime loyalists|the junta"),
    ("Government forces", _STATE, "", "soldiers|soldier|troops|army officers|army officer|servicemen|conscripts"),
    ("Security forces", _STATE, "", "security forces|security force|security personnel|security officers|internal security forces"),
    ("Police", _STATE, "", "police|policeman|policemen|policewoman|policewomen|police officer|police officers|riot police|gendarmes"),
    ("Border guards", _STATE, "", "border guards|border guard|border police|coast guard|coastguard"),
    ("Unidentified aircraft", _STATE, "", "warplanes|warplane|fighter jets|fighter jet|helicopter gunships|attack helicopters"),
    ("Coalition", _OTHER, "", "coalition"),
    (
        "Coalition",
        _OTHER,
        "coalition",
        "forces|troops|warplanes|warplane|jets|planes|aircraft|soldiers|fighters|airstrikes|strikes|bombing|bombers|drones",
    ),
    ("Peacekeepers", _OTHER, "", "peacekeepers|peacekeeper|peacekeeping forces|peacekeeping force|peacekeeping troops"),
    (
        "Rebels",
        _REBEL,
        "rebel|opposition|insurgent|anti-government|anti-regime|armed opposition|revolutionary",
        "fighters|fighter|forces|force|groups|group|factions|faction|militias|militia|troops|gunmen|commanders|commander|"
        "brigades|brigade|battalions|alliance|positions",
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
    ("Militants", _REBEL, "militant|terrorist|extremist", "groups|group|fighters|forces|factions|organisations|organizations"),
    ("Militants", _REBEL, "", "militants|militant|terrorists|terrorist|extremists|suicide bomber|suicide bombers|suicide attacker"),
    ("Unidentified armed group", _MILITIA, "", "gunmen|gunman|unidentified gunmen|unknown gunmen|unidentified gunman|armed men"),
    ("Unidentified armed group", _MILITIA, "", "masked gunmen|unknown gunman|armed group|armed groups|assailants|armed gang|attackers"),
    ("Unidentified armed group", _MILITIA, "", "unidentified assailants|unknown assailants|armed assailants|unidentified armed men"),
    ("Militia", _MILITIA, "", "militia|militias|militiamen|militiaman|paramilitaries|paramilitary forces|paramilitary force"),
    ("Mercenaries", _MILITIA, "", "mercenaries|mercenary|foreign mercenaries"),
    ("Vigilantes", _IDENTITY, "", "vigilantes|vigilante group|self-defence groups|self-defence militia|local defence volunteers"),
    ("Herders", _IDENTITY, "", "herders|herdsmen|cattle raiders|cattle rustlers"),
    ("Protesters", _PROTESTERS, "", "protesters|protester|protestors|protestor|demonstrators|demonstrator|marchers"),
    ("Protesters", _PROTESTERS, "anti-government|pro-democracy|peaceful|opposition", "protesters|protestors|demonstrators"),
    ("Rioters", _RIOTERS, "", "rioters|rioter|looters|mob|angry mob|angry crowd"),
    (
        "Civilians",
        _CIVILIANS,
        "",
        "civilians|civilian|residents|resident|villagers|villager|townspeople|children|child|women|woman|schoolchildren|"
        "worshippers|bystanders|passers-by|farmers|shepherds|shoppers|families|family|pilgrims|students|mourners|passengers",
    ),
    ("Refugees", _CIVILIANS, "", "refugees|refugee|displaced people|displaced families|displaced civilians|evacuees|migrants"),
    ("Journalists", _CIVILIANS, "", "journalists|journalist|reporters|reporter|cameraman|photographer|media workers|media worker"),
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
)  # fmt: skip
#: Generic names that belong to the country of the story once that is known, and what follows its adjective then.
_HOME_SUFFIX = {"Rebels": "rebels", "Police": "police", "Security forces": "forces", "Border guards": "forces"}

_BACKED = _words("backed supported allied aligned trained sponsored funded armed led equipped")
#: After a hyphen these make an attribute of the name: no actor acts in "rebel-held Idlib".
_ATTRIBUTES = _words(
    "held controlled occupied run linked affiliated inspired dominated ruled besieged style era free majority sponsored based "
    "born made brokered mediated administered backed led supported allied aligned trained funded built speaking occupied wide"
)
_AGAINST = _words("anti counter non post ex former pro")
_LOYAL_NOUNS = _words("forces troops fighters militia militias militiamen soldiers units gunmen guards tribesmen brigades")
_TITLES = _words(
    "the president general gen field marshal colonel col syrian yemeni libyan former ousted deposed strongman commander "
    "renegade warlord prime minister s"
)
_LEADER_NOUNS = _words("forces troops army regime military fighters militia militias loyalists soldiers warplanes jets government")

_PLACE_BEFORE = _words(
    "in inside into across throughout near within outside from to over through around toward towards of at northern southern "
    "eastern western central north south east west northeast northwest southeast southwest northeastern northwestern "
    "southeastern southwestern north-east north-west south-east south-west neighbouring neighboring entering leaving enter "
    "leave left entered reached reach crossed visited visit torn upper lower greater via off onto mainland"
)
_LIST_WORDS = _words("and or plus both")
#: Surnames and given names that are countries too: no state after another capitalised word ("Michael Jordan").
_PERSONAL = _words("jordan georgia chad israel cuba")
#: What a government does, in the forms news use. A seat of government counts as an actor only beside one of these.
_DOES = frozenset(
    form
    for verb in (
        "accuse admit agree announce answer appeal approve arm ask assert back bar begin blame block break broker call cancel "
        "charge claim condemn confirm consider continue cut decide declare defend demand deny deploy describe dismiss "
        "dispute dispatch embark endorse expect express fear fund hail halt hit hope impose insist intend intervene "
        "invite issue join keep launch lift maintain make mediate mobilise mobilize move need negotiate offer open oppose "
        "order pledge plan portray prepare press promise propose provide push react reaffirm recognise recognize refuse "
        "regard reiterate reject release remain_silent reply request respond resume retaliate say seek see send shift sign "
        "start step stop strike summon supply support suspect suspend swear take tell think threaten train try turn urge use "
        "veto view vow want warn welcome withdraw wish work"
    ).split()
    for form in (
        verb,
        verb + "s",
        verb + "es",
        verb + "d" if verb.endswith("e") else verb + "ed",
        verb[:-1] + "ies" if verb.endswith("y") else verb,
        verb[:-1] + "ied" if verb.endswith("y") else verb,
    )
) | _words(
    "said began broke cut hit kept made met sent saw sought stopped struck swore took told thought tried withdrew has had have "
    "is are will would did does could can may should must also has now later earlier then never meanwhile stepped planned"
)  # fmt: skip
_AUXILIARIES = _words("has had have is are was were will would did does could can may should must")
_ADVERBS = _words("also now later earlier then never meanwhile recently already initially repeatedly still not reportedly")
_ACTING_BEFORE = _words("by with against between")

# --- the index ------------------------------------------------------------------------------------------------------

#: Spellings of one word in transliteration, and British for American. Applied to names and texts alike.
_SAME_WORD = {
    "jaish": "jaysh", "jeish": "jaysh", "jaesh": "jaysh", "hizbullah": "hezbollah", "hizballah": "hezbollah",
    "hizbollah": "hezbollah", "hezballah": "hezbollah", "hezbullah": "hezbollah", "qaida": "qaeda", "qaidah": "qaeda",
    "qaedah": "qaeda", "qaeeda": "qaeda", "el": "al", "ul": "al", "defense": "defence", "mobilization": "mobilisation",
    "organization": "organisation", "liwaa": "liwa", "failaq": "faylaq", "faylak": "faylaq", "harakat": "harakat",
    "haraket": "harakat", "katibat": "katibat", "kateebat": "katibat", "nusrah": "nusra", "fatah": "fateh", "fath": "fateh",
    "zinki": "zenki", "hayyat": "hayat", "sharqiyah": "sharqiya", "muhajirin": "muhajireen", "ash": "al", "an": "al",
    "labor": "labour", "armored": "armoured", "center": "centre", "programme": "program",
}  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"[^a-z]*[A-Z][^a-z]*")
#: What may stand between two words of one name: blank, hyphen, apostrophe, line break of a wrapped line.
_GAPS = frozenset((" ", "-", "'", "’", "‘", "`", "\u00a0", "\u2011", "‐", "–", " -", "- ", "\n", "/", "ʼ", "", " ‘", "’ ", " (", ") "))
_LONG_GAPS = frozenset((" – ", " - ", " — "))
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
    starts: dict[str, int] = field(default_factory=dict)  # first word -> most words that follow it
    homes: dict[str, _Side] = field(default_factory=dict)  # country -> its state
    names: dict[str, str] = field(default_factory=dict)  # key -> canonical name

    def add(self, alias: str, role: str, side: _Side, *, exact: bool = False, institution: bool = False) -> None:
        spelled = [m[0] for m in _TOKEN.finditer(alias)]
        words = [_key_word(word) for word in spelled]
        key = "".join(words)
        exact = exact or (_ACRONYM.fullmatch(alias) is not None)
        capital = next((i for i, word in enumerate(spelled) if word[0].isupper()), None)
        entry = _Entry(role, side, len(words), alias if exact else None, capital, institution)
        self.entries.setdefault(key, []).append(entry)
        firsts = {words[0]: len(words)}
        if len(words) > 1 and len(key) >= MIN_RUN_TOGETHER and not exact:
            firsts[words[0] + words[1]] = len(words) - 1
        for first, length in firsts.items():
            self.starts[first] = max(length, self.starts.get(first, 0))


def _key_word(word: str) -> str:
    word = word.lower() if word.isascii() else fold_name(word).replace(" ", "")
    return _SAME_WORD.get(word, word)


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
        index.add(actor.name, "country" if is_state else "name", side)
        index.names[_key(actor.name)] = actor.name
        for alias in actor.aliases:
            sign, bare = (alias[0], alias[1:]) if alias[0] in "=@~+" else ("", alias)
            role = {"@": "seat", "~": "leader", "+": "adjective"}.get(sign, "country" if is_state else "name")
            institution = sign == "@" and bare not in capitals and bare in INSTITUTIONS
            index.add(bare, role, side, exact=sign == "=", institution=institution)
            if sign in ("", "="):
                index.names.setdefault(_key(bare), actor.name)
    for nation in sorted(nations, key=lambda n: (-n.radius_km, n.country)):
        side = sides[nation.country]
        for name in (nation.name, *nation.names):
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
    return index


#: Seats of government that are houses, not towns.
INSTITUTIONS = frozenset(
    ("Kremlin", "Pentagon", "White House", "Downing Street", "Whitehall", "Élysée", "Elysee Palace", "Quai d'Orsay", "Sublime Porte")
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
    return _index(table(), _nations()).names.get(_key(name))


# --- the reading ----------------------------------------------------------------------------------------------------


def find_actors(
    text: str, *, offset: int = 0, home: str | None = None, nations: tuple[Nation, ...] | None = None
) -> tuple[ActorMention, ...]:
    """The actors of a text in order, never overlapping; `text[start - offset:end - offset]` is the mention's text.

    Give a whole article at once and slice the answer: "the coalition" is then the one named before it. `home` is the country
    (ISO code) that the text is about; it turns "government forces", "rebels" and "police" into that country's.

    >>> [(m.text, m.name) for m in find_actors("Russian and Turkish warplanes hit Daesh, Moscow said.")]
    [('Russian', 'Russian forces'), ('Turkish warplanes', 'Turkish forces'), ('Daesh', 'Islamic State'), ('Moscow', 'Russia')]
    >>> find_actors("It rained.")
    ()
    """
    index = _index(table(), _nations() if nations is None else nations)
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
        if mention.name == "Coalition" and last is not None:
            mention = replace(mention, name=last.name, kind=last.kind, country=last.country, generic=False)
        elif "coalition" in mention.name:
            last = mention
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
        lower = text.lower()
        # A few capitals change their length in lower case (Turkish dotted I); offsets must not move.
        self.lower = (
            [lower[a:b] for a, b in self.spans] if len(lower) == len(text) else [text[a:b].lower() for a, b in self.spans]
        )
        self.last_place = -1  # the last country that was read as a place, for lists: "in Syria and Iraq"

    def read(self) -> list[ActorMention]:
        """All mentions in order."""
        found: list[ActorMention] = []
        i, starts, lower = 0, self.index.starts, self.lower
        while i < len(lower):
            word = lower[i]
            if word not in starts and (word.isascii() and word not in _SAME_WORD and word not in _OPENERS or _key_word(word) not in starts and word not in _OPENERS):
                i += 1
                continue
            mentions, after = self._at(i)
            found.extend(mentions)
            i = max(after, i + 1)
        return found
