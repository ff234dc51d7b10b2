"""Synthetic events for the tests of the page: small, real objects of every level, type and doubt."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from gazetteer.place import Candidate, Place, Reason
from geo.event import LEVELS, Claim, Confidence, Event, Evidence, Location, Report, Span, When
from maps import MentionedPlace, save

#: name, native name, lon, lat, feature code, country, admin1 name
PLACES = {
    "Aleppo": ("Aleppo", "حلب", 37.16117, 36.20124, "PPLA", "SY", "Aleppo"),
    "al-Bab": ("Al Bāb", "الباب", 37.5161, 36.3728, "PPL", "SY", "Aleppo"),
    "Palmyra": ("Tadmur", "تدمر", 38.2838, 34.5608, "PPL", "SY", "Homs"),
    "Damascus": ("Damascus", "دمشق", 36.29128, 33.5102, "PPLC", "SY", "Damascus"),
    "Dayr az-Zawr": ("Deir ez-Zor", "دير الزور", 40.14082, 35.33588, "PPLA", "SY", "Deir ez-Zor"),
    "al-Fu'ah": ("al-Fu'ah", "الفوعة", 36.7017, 35.9803, "PPL", "SY", "Idlib"),
    "Daraa": ("Dar‘ā", "درعا", 36.1021, 32.6189, "PPLA", "SY", "Daraa"),
    "Moscow": ("Moscow", "Москва", 37.61556, 55.75222, "PPLC", "RU", "Moscow"),
    "Hama Governorate": ("Hama", "محافظة حماة", 37.0, 35.15, "ADM1", "SY", "Hama"),
    "Idlib Governorate": ("Idlib", "محافظة إدلب", 36.66, 35.75, "ADM1", "SY", "Idlib"),
    "Syria": ("Syria", "سوريا", 38.5, 35.0, "PCLI", "SY", None),
    "Iraq": ("Iraq", "العراق", 44.0, 33.0, "PCLI", "IQ", None),
}


def place_of(key: str) -> Place:
    name, native, lon, lat, code, country, admin1 = PLACES[key]
    return Place(
        id=f"test:{key}",
        name=name,
        native_name=native,
        lon=lon,
        lat=lat,
        feature_class="A" if code in ("ADM1", "PCLI") else "P",
        feature_code=code,
        country=country,
        admin1_name=admin1,
    )


def location_of(key: str, level: str = "settlement", *, radius_km: float | None = None, phrase: str = "") -> Location:
    place = place_of(key)
    rival = Candidate(place_of("Damascus"), score=0.21, reasons=(Reason("far", "lies far from the others named"),))
    return Location(
        place=place,
        lon=place.lon,
        lat=place.lat,
        level=level,
        radius_km=radius_km or LEVELS[level][2],
        phrase=phrase or key,
        reasons=(Reason("same-country", "the article is about Syria"),),
        rivals=(rival,) if key == "al-Bab" else (),
    )


def event_of(
    number: int,
    key: str | None,
    sub: str = "Air/drone strike",
    *,
    level: str = "settlement",
    radius_km: float | None = None,
    day: date | None = date(2017, 1, 18),
    prominence: str = "main",
    confidence: str = "high",
    status: str = "reported",
    summary: str | None = None,
    quote: str | None = None,
    actors: tuple[str, ...] = ("Russian air force",),
    reports: int = 1,
    claims: bool = False,
    url: str | None = "https://example.org/article?a=1&b=2",
    title: str | None = "A dispatch",
    publisher: str | None = "Example Dispatch",
    family: str | None = None,
) -> Event:
    """One event with its report(s); `key` None makes it unlocated."""
    trigger, place = sub.lower(), key or "an unnamed village"
    text = quote or f"On Wednesday a {trigger} was reported at {place}, where at least 14 people were killed."
    spans = [
        Span(kind, 100 + text.index(word), 100 + text.index(word) + len(word))
        for kind, word in (("date", "On Wednesday"), ("trigger", trigger), ("place", place), ("number", "at least 14"))
        if word in text
    ]
    evidence = Evidence(f"article-{number}", 100, 100 + len(text), text, tuple(spans))
    location = location_of(key, level, radius_km=radius_km) if key else None
    unlocated = None if key else "the sentence names no place that could be fixed"
    when = When(day, day, "on Wednesday", "relative_to_publication") if day else None
    summary = summary or f"{sub} reported at {place}"
    facts = {
        "sub_event_type": sub,
        "summary": summary,
        "when": when,
        "location": location,
        "unlocated_reason": unlocated,
        "actors": actors,
        "targets": ("a convoy",),
        "status": status,
        "prominence": prominence,
    }
    told = tuple(
        Report(
            report_id=f"r{number:04d}{chr(97 + copy)}",
            article_id=f"article-{number}" if copy == 0 else f"article-{number}-{copy}",
            evidence=evidence,
            article_title=title,
            url=url,
            publisher=publisher if copy == 0 else f"{publisher} {copy}",
            published=(day or date(2017, 1, 20)) + timedelta(days=copy),
            **facts,
        )
        for copy in range(reports)
    )
    casualties = (
        (
            Claim("killed", 14, None, "at least 14", "local doctors", evidence),
            Claim("killed", 8, 8, "eight", "the ministry", evidence),
            Claim("wounded", None, None, "dozens", None, evidence),
        )
        if claims
        else ()
    )
    return Event(
        event_id=told[0].report_id,
        family_id=family or told[0].report_id,
        reports=told,
        casualties=casualties,
        confidence=Confidence(
            confidence, {"high": 0.9, "medium": 0.6, "low": 0.3}[confidence], (Reason("n", "said once"),)
        ),
        **facts,
    )


@pytest.fixture
def events() -> list[Event]:
    """Eighteen events: every type, every kind of doubt, two at one spot, one far off, one undated, two unlocated."""
    return [
        event_of(1, "Aleppo", reports=3, claims=True),
        event_of(2, "al-Bab", day=date(2017, 1, 18), claims=True),
        event_of(3, "al-Bab", "Armed clash", day=date(2017, 1, 20)),
        event_of(4, "Palmyra", "Armed clash", level="near", radius_km=20, day=date(2017, 1, 18)),
        event_of(5, "Damascus", "Shelling/artillery/missile attack", day=date(2017, 2, 1), confidence="low"),
        event_of(6, "Dayr az-Zawr", "Armed clash", day=date(2017, 1, 17), status="contested"),
        event_of(7, "al-Fu'ah", "Abduction/forced disappearance", day=date(2017, 2, 3), family="fam"),
        event_of(8, "Daraa", "Peaceful protest", day=date(2017, 2, 5)),
        event_of(9, "Damascus", "Mob violence", day=date(2017, 2, 7), confidence="medium"),
        event_of(10, "Moscow", "Agreement", day=date(2017, 1, 12), reports=2),
        event_of(11, "Hama Governorate", level="adm1", day=date(2017, 2, 9)),
        event_of(12, "Idlib Governorate", level="adm1", day=date(2017, 2, 9), family="fam"),
        event_of(13, "Syria", "Agreement", level="country", day=date(2016, 12, 30), prominence="background"),
        event_of(14, "Aleppo", "Government regains territory", day=date(2016, 12, 22), prominence="background"),
        event_of(15, "Palmyra", "Remote explosive/landmine/IED", day=None),
        event_of(16, None, "Air/drone strike", day=date(2017, 2, 9)),
        event_of(17, None, "Armed clash", day=None, confidence="low"),
        event_of(18, "Dayr az-Zawr", "Attack", level="part", radius_km=40, day=date(2017, 1, 19)),
    ]


@pytest.fixture
def toponyms() -> list[MentionedPlace]:
    return [
        MentionedPlace("Raqqa", 39.0079, 35.9528, "test:raqqa", 7, ("article-1", "article-4"), "الرقة"),
        MentionedPlace("Ankara", 32.854, 39.9199, "test:ankara", 3, ("article-2",)),
    ]


@pytest.fixture
def make_event() -> Callable[..., Event]:
    return event_of


# --- a browser --------------------------------------------------------------------------------------------------------

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a screen; the test is skipped where it or Playwright is not installed."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(_PROGRAMS)} is on PATH")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def open_map(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a saved map with the network off. Any request, console line, dialog or error fails the test.

    `fragment` stands behind the "#" of the address; `context` holds options of Playwright's `new_context`.
    """
    contexts, seen = [], []

    def opened(
        events: Sequence[Event],
        *,
        width: int = 1280,
        height: int = 800,
        fragment: str = "",
        context: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        path = tmp_path / f"map-{len(contexts)}.html"
        save(events, path, **options)
        opened_in = browser.new_context(viewport={"width": width, "height": height}, **(context or {}))
        contexts.append(opened_in)
        opened_in.set_offline(True)
        opened_in.set_default_timeout(10_000)
        page = opened_in.new_page()
        own = (path.as_uri(), "blob:", "data:")
        page.on("request", lambda request: None if request.url.startswith(own) else seen.append(request.url))
        page.on("console", lambda message: seen.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: seen.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (seen.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(path.as_uri() + (f"#{fragment}" if fragment else ""))
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert seen == []


@pytest.fixture
def keep_picture() -> Callable[[Any, str], None]:
    """Keeps a screenshot where the environment says so (CONFLICTMAP_SCREENSHOTS=folder), for people to look at."""
    folder = os.environ.get("CONFLICTMAP_SCREENSHOTS")

    def kept(page: Any, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return kept


@pytest.fixture(scope="session")
def npm_package() -> Callable[[str], tarfile.TarFile]:
    """Opens a pinned package of npm; the test is skipped where npm cannot bring it."""
    from buildtools.npm import PACKAGES, AssetError, tarball

    def opened(name: str) -> tarfile.TarFile:
        try:
            return tarfile.open(tarball(PACKAGES[name], Path(__file__).parents[2]), "r:gz")
        except AssetError as error:
            pytest.skip(f"no {name}: {error}")

    return opened


@pytest.fixture(scope="session")
def axe(npm_package: Callable[[str], tarfile.TarFile]) -> str:
    """The accessibility rules of axe-core as JavaScript."""
    from buildtools.npm import member

    with npm_package("axe-core") as tar:
        return member(tar, "axe.min.js").decode("utf-8")
