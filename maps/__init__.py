"""Events to a page: one HTML file that opens without a network and shows the evidence behind every point."""

from __future__ import annotations

from maps.layers import Beside, EventLayer, MentionedPlace, PageStats
from maps.page import Map, render, save

__all__ = ["Beside", "EventLayer", "Map", "MentionedPlace", "PageStats", "render", "save"]
