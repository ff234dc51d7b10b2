"""How test cases write an event: `type; dates; phrase (country) level; killed N; wounded N; by A, B; on C; background`."""

from __future__ import annotations

from collections.abc import Sequence

from geo.event import Claim, Location, Report, When

__all__ = ["dates_of", "place_of", "toll_of", "written"]


def dates_of(when: When | None) -> str:
    """A day, an interval "first..last", or "undated"."""
    if when is None:
        return "undated"
    return str(when.start) if when.start == when.end else f"{when.start}..{when.end}"


def place_of(location: Location | None) -> str:
    """The words for the place, its country and the level, or "unlocated"."""
    return "unlocated" if location is None else f"{location.phrase} ({location.place.country}) {location.level}"


def toll_of(claims: Sequence[Claim], kind: str) -> str:
    """All numbers claimed, least first; "?" for words without a number; "" for no claim."""
    numbers = sorted({c.low for c in claims if c.kind == kind and c.low is not None})
    return "/".join(map(str, numbers)) or ("?" if any(c.kind == kind for c in claims) else "")


def written(report: Report, *, like: str = "") -> str:
    """A report as a case writes it; actors and targets only where the case `like` names some."""
    parts = [report.sub_event_type, dates_of(report.when), place_of(report.location)]
    parts += [f"{kind} {toll}" for kind in ("killed", "wounded") if (toll := toll_of(report.claims, kind))]
    if "; by " in like:
        parts.append("by " + ", ".join(report.actors))
    if "; on " in like:
        parts.append("on " + ", ".join(report.targets))
    if report.prominence == "background":
        parts.append("background")
    return "; ".join(parts)
