"""Events to a page: one HTML file that opens without a network and shows the evidence behind every point."""

from __future__ import annotations

from maps.layers import MentionedPlace, PageStats
from maps.page import render, save

__all__ = ["MentionedPlace", "PageStats", "render", "save"]
