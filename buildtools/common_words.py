"""Writes `geo/data/common_words.txt`: ordinary words that are also names in the gazetteer ("of", "reading", "nice").

    python -m buildtools.common_words TEXTS.jsonl ... > geo/data/common_words.txt

A word is ordinary when the texts write it in lower case at least MIN_COUNT times and in at least MIN_SHARE of its uses (so
that "chicago" in a web address does not make Chicago one); only words that the gazetteer holds are
kept, one a line, so the list holds no text. The list in the repository was made from the LGL, GeoVirus, UNER and wikigold
corpora and Guardian articles (see NOTICE).
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

from gazetteer import Gazetteer, fold_name

MIN_COUNT = 3
MIN_SHARE = 0.2
#: Words that news writes with a capital without meaning a place of that name, and so are seldom seen in lower case.
ALSO = frozenset(
    (
        "arab western eastern northern southern central islamic sunni shia muslim christian kurd alawite reuters "
        "mister meanwhile however monitor observatory isis nato tass sana state north south east west union most many "
        "al el de la"
    ).split()
)
_WORD = re.compile(r"(?<![\w'’@./-])[^\W\d_]{2,}(?![\w@-]|\.\w)")


def common_words(texts: list[str], gazetteer: Gazetteer) -> list[str]:
    """The lower-case words of the texts that are also names of places, sorted."""
    words = [word for text in texts for word in _WORD.findall(text)]
    lower, any_case = Counter(w for w in words if w.islower()), Counter(w.lower() for w in words)
    folded = {fold_name(w) for w, n in lower.items() if n >= MIN_COUNT and n >= MIN_SHARE * any_case[w]}
    return sorted({word for word in folded if gazetteer.has_name(word)} | ALSO)


def read_texts(path: Path) -> list[str]:
    """The texts of a JSON Lines file, or the tokens of a CoNLL/IOB2 file joined by spaces."""
    lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: texts hold U+2028
    if path.suffix == ".jsonl":
        return [str(json.loads(line).get("text", "")) for line in lines if line.strip()]
    column = 1 if path.suffix == ".iob2" else 0
    rows = [line.split("\t" if "\t" in line else " ") for line in lines if line and not line.startswith("#")]
    return [" ".join(row[column] for row in rows if len(row) > column)]


if __name__ == "__main__":
    found = common_words([t for arg in sys.argv[1:] for t in read_texts(Path(arg))], Gazetteer.open())
    sys.stdout.write("\n".join(found) + "\n")
