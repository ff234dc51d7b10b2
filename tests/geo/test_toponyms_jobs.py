"""The command `toponyms` with worker processes: the same lines in the same order as with one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo.cli import cli
from geo.workers import BATCH


@pytest.mark.parametrize("options", [["--explain"], ["--roles", "mention,event"]], ids=str)
def test_two_workers_say_what_one_says(options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["Aleppo", "Homs", "Paris, Texas", "Madaya", "the province of Idlib", "a village called Nirgendwo"]
    records = [
        {"id": str(n), "text": f"Shells fell near {names[n % 6]} on Monday, and two people died in {names[n % 5]}."}
        for n in range(2 * BATCH + 3)
    ]
    lines = [json.dumps(record) for record in records]
    lines[BATCH // 2] = '{"id": "no text"}'
    Path("news.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    one, two = (
        CliRunner().invoke(cli, ["toponyms", "news.jsonl", "--lenient", "--jobs", jobs, *options]) for jobs in "12"
    )
    assert one.exit_code == two.exit_code == 0
    assert len(one.stdout.splitlines()) == len(records) - 1
    assert two.stdout == one.stdout
    assert two.stderr == one.stderr
