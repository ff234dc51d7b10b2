"""Build hook: makes the gazetteer file and the page's assets, and puts them into the wheel.

Both stand in the source tree and are ignored by git; `python -m buildtools` makes them without building a wheel.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds what is stale before a wheel is written, also an editable one; a source archive holds none of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the built parts up to date. Ends the build with one line when npm or a table fails."""
        if self.target_name != "wheel":
            return
        sys.path.insert(0, self.root)
        from buildtools.npm import AssetError
        from buildtools.stamp import build_all
        from gazetteer.errors import MapperError

        try:
            build_all(Path(self.root), say=self.app.display_info)
        except (AssetError, MapperError) as exc:
            self.app.abort(f"conflictmap: {exc}")
        build_data["artifacts"] += ["/gazetteer/data/gazetteer.sqlite", "/maps/assets/**"]
