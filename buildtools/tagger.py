"""Trains the tagger of names: labelled corpora in, `geo/data/tagger.bin.xz` and its figures out.

    python -m buildtools.tagger --shared FOLDER [--no-figures]

FOLDER holds `corpora/` with LGL, GeoVirus and `ner/`. Needs `python-crfsuite` (MIT), which nothing else here does. The corpora
label different things, and each is completed by what the others teach: LGL and GeoVirus mark places alone, also inside the
names of organisations; the others mark people, organisations and other names as a whole. So two first models are trained,
one for each kind, and each labels in the other's corpora what is not labelled there; the model that is kept learns from all.
A feature enters only when it stands in at least MIN_DOCUMENTS documents, so the file holds no text.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sys
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gazetteer import Gazetteer
from geo.tagger import LABELS, Model, Tagger

ROOT = Path(__file__).resolve().parents[1]
#: These two also stand in another public test corpus.
LEFT_OUT = frozenset({"lgl-41880857", "lgl-41880860"})
MIN_DOCUMENTS = 3
#: Strength of the two regularisers of the CRF.
L1, L2 = 0.1, 0.3
ITERATIONS = 150
#: Scores are stored as whole numbers of 1/SCALE.
SCALE = 256
SEED = 20
FOLDS = 5
#: Sentences of a corpus without documents that are read as one.
SENTENCES_A_DOCUMENT = 12


@dataclass(frozen=True)
class Document:
    """A text with its labelled spans; `style` is "place" where places alone are labelled, else "names"."""

    corpus: str
    id: str
    text: str
    spans: tuple[tuple[int, int, str], ...]  # start, end, P(lace) R (person) G (organisation) M (other)
    style: str


# Corpora ---------------------------------------------------------------------------------------------------------------


def read_corpora(shared: Path) -> list[Document]:
    """All documents of the corpora, in the order of the files."""
    folder = shared / "corpora"
    return [
        *_read_places(folder / "lgl.jsonl", "lgl"),
        *_read_places(folder / "geovirus.jsonl", "geovirus"),
        *(d for path in sorted((folder / "ner").glob("re3d_*.jsonl")) for d in _read_re3d(path)),
        *(d for part in ("dev", "test") for d in _read_iob(folder / "ner" / f"uner_en_ewt_{part}.iob2", "uner", 1, 2, "\t")),
        *_read_iob(folder / "ner" / "wikigold.conll", "wikigold", 0, 1, " "),
    ]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)


def _read_places(path: Path, corpus: str) -> Iterator[Document]:
    for row in _lines(path):
        if row["id"] not in LEFT_OUT:
            spans = tuple((t["start"], t["end"], "P") for t in row["toponyms"])
            yield Document(corpus, row["id"], row["text"], spans, "place")


_RE3D = {"Location": "P", "Person": "R", "Organisation": "G", "MilitaryPlatform": "M", "Vehicle": "M", "Weapon": "M"}


def _read_re3d(path: Path) -> Iterator[Document]:
    for row in _lines(path):
        spans = [(e["start"], e["end"], _RE3D[e["type"]]) for e in row["entities"] if e["type"] in _RE3D]
        # long spans first, so that a name inside a longer one wins; a place wins over an organisation of the same words
        spans.sort(key=lambda s: (s[0] - s[1], s[2] == "P"))
        yield Document("re3d", row["id"], row["text"], tuple(spans), "names")


def _read_iob(path: Path, corpus: str, word_at: int, tag_at: int, separator: str) -> Iterator[Document]:
    kinds = {"PER": "R", "ORG": "G", "LOC": "P", "MISC": "M"}
    text, spans, count, number = "", [], 0, 0
    plain: str | None = None

    def finished() -> Document:
        return Document(corpus, f"{corpus}-{number}", text, tuple(spans), "names")

    sentence: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("# text = "):
            plain = line[9:]
        if line.startswith("# newdoc") and text:
            yield finished()
            text, spans, count, number = "", [], 0, number + 1
        if line.startswith("#"):
            continue
        if line.strip():
            row = line.split(separator)
            if row[word_at] != "-DOCSTART-":
                sentence.append((row[word_at], row[tag_at]))
            continue
        if not sentence:
            continue
        if text:
            text += " "
        here = 0
        written, places = _join(sentence, plain)
        base = len(text)
        previous = "O"
        for (_, tag), (start, end) in zip(sentence, places, strict=True):
            kind = kinds.get(tag[2:], "O") if tag != "O" else "O"
            if kind != "O":
                if kind == previous and not tag.startswith("B-") and spans:
                    spans[-1] = (spans[-1][0], base + end, kind)
                else:
                    spans.append((base + start, base + end, kind))
            previous = kind
            here = end
        assert here <= len(written)
        text += written
        sentence, plain = [], None
        count += 1
        if corpus == "wikigold" and count >= SENTENCES_A_DOCUMENT:
            yield finished()
            text, spans, count, number = "", [], 0, number + 1
    if text:
        yield finished()


def _join(sentence: Sequence[tuple[str, str]], plain: str | None) -> tuple[str, list[tuple[int, int]]]:
    """The text of a sentence and the place of each word in it; as it was written where that is known."""
    places: list[tuple[int, int]] = []
    if plain is not None:
        at = 0
        for word, _ in sentence:
            start = plain.find(word, at)
            if start < 0:
                break
            at = start + len(word)
            places.append((start, at))
        if len(places) == len(sentence):
            return plain, places
        places = []
    written = ""
    quotes = 0
    for word, _ in sentence:
        glued = not written or re.fullmatch(r"[.,;:!?)\]%]|'s|n't|'\w+|''", word) or written[-1] in "([$£"
        if word == '"':
            glued = glued or quotes % 2 == 1
            quotes += 1
        elif written.endswith('"') and quotes % 2 == 1:
            glued = True
        written += ("" if glued else " ") + word
        places.append((len(written) - len(word), len(written)))
    return written, places


# Labels ----------------------------------------------------------------------------------------------------------------


@dataclass
class Run:
    """A run of words of a document with the features and the label of each. A label may be open: None."""

    words: list[tuple[int, int, str]]
    features: list[list[str]]
    labels: list[str]


def runs_of(document: Document, tagger: Tagger) -> list[Run]:
    """The runs of a document, labelled by its spans; demonyms by the gazetteer."""
    covering: dict[int, tuple[int, int, str]] = {}
    for start, end, kind in document.spans:
        for at in range(start, end):
            covering[at] = (start, end, kind)
    runs = []
    for words, features in tagger.document_features(document.text):
        labels = []
        before: tuple[int, int, str] | None = None
        for start, end, word in words:
            span = covering.get(start)
            if span is None or not any(c.isalnum() for c in word):
                span = span if span is not None and span == before else None
            label = "O"
            demonym = tagger.name_class(word)[0] == "D"
            if span is not None and span[2] == "P":
                label = "I" if span == before else "B"
                if demonym and label == "B" and document.text[span[0] : span[1]] == word:
                    label = "D"
            elif span is not None:
                label = span[2]
                if demonym and (label == "M" or span[:2] == (start, end)):
                    label = "D"
            elif demonym:
                label = "D"
            labels.append(label)
            before = span
        runs.append(Run(words, features, labels))
    return runs


# Learning --------------------------------------------------------------------------------------------------------------


def learn(documents: Iterable[Sequence[Run]], known: Iterable[str], *, keep: Callable[[str], bool] | None = None) -> Model:
    """The weights that a CRF learns from labelled runs."""
    return Model(learn_bytes(documents, known, keep=keep))


def learn_bytes(
    documents: Iterable[Sequence[Run]], known: Iterable[str], *, keep: Callable[[str], bool] | None = None
) -> bytes:
    """The weight file, not yet compressed."""
    import pycrfsuite  # noqa: PLC0415  (needed here alone)

    documents = list(documents)
    seen = Counter(f for runs in documents for f in {f for run in runs for row in run.features for f in row})
    kept = {f for f, n in seen.items() if n >= MIN_DOCUMENTS and (keep is None or keep(f))}
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": L1, "c2": L2, "max_iterations": ITERATIONS, "feature.possible_transitions": True})
    for runs in documents:
        for run in runs:
            trainer.append([[f for f in row if f in kept] for row in run.features], run.labels)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "model")
        trainer.train(file)
        tagger = pycrfsuite.Tagger()
        tagger.open(file)
        info = tagger.info()
        states, transitions = dict(info.state_features), dict(info.transitions)
        tagger.close()
    return _pack(states, transitions, known)


def _pack(
    states: dict[tuple[str, str], float], transitions: dict[tuple[str, str], float], known: Iterable[str]
) -> bytes:
    rows: dict[str, list[int]] = {}
    for (feature, label), weight in states.items():
        value = round(weight * SCALE)
        if value:
            rows.setdefault(feature, [0] * len(LABELS))[LABELS.index(label)] = max(-32767, min(32767, value))
    names = sorted(rows)
    weights = array("h", [w for name in names for w in rows[name]])
    if sys.byteorder == "big":
        weights.byteswap()
    features, words = "\n".join(names).encode(), "\n".join(sorted(known)).encode()
    never = -30 * SCALE
    pairs = [[round(transitions.get((a, b), 0.0) * SCALE) for b in LABELS] for a in LABELS]
    for a in LABELS:
        if a not in "BI":
            pairs[LABELS.index(a)][LABELS.index("I")] = never
    head = {
        "scale": SCALE, "features_bytes": len(features), "known_bytes": len(words), "pairs": pairs,
    }  # fmt: skip
    return json.dumps(head).encode() + b"\n" + features + words + weights.tobytes()


_LOWER = re.compile(r"(?<![\w'’@./-])[a-zà-þ]{3,}(?![\w@-]|\.\w)")


def known_words(documents: Iterable[Document]) -> frozenset[str]:
    """Words that stand in lower case in at least MIN_DOCUMENTS documents."""
    seen = Counter(word for d in documents for word in set(_LOWER.findall(d.text)))
    return frozenset(word for word, n in seen.items() if n >= MIN_DOCUMENTS)


def train(documents: Sequence[Document], gazetteer: Gazetteer, *, keep: Callable[[str], bool] | None = None) -> bytes:
    """The weight file that these documents give, not yet compressed."""
    known = known_words(documents)
    tagger = Tagger(gazetteer, known=known)
    runs = [(d, runs_of(d, tagger)) for d in documents]
    places = [r for d, r in runs if d.style == "place"]
    names = [r for d, r in runs if d.style == "names"]
    if places and names:
        place_model, name_model = learn(places, known, keep=keep), learn(names, known, keep=keep)
        for part, model, complete in ((places, name_model, _add_names), (names, place_model, _add_places)):
            for document_runs in part:
                for run in document_runs:
                    run.labels = complete(run.labels, predict(run.features, model))
    return learn_bytes([r for _, r in runs], known, keep=keep)


def predict(features: Sequence[Sequence[str]], model: Model) -> list[str]:
    """The best labels of one run."""
    from geo.tagger import _BIAS, _BYTES, _UNPACK, _best_path  # noqa: PLC0415

    rows = [list(_UNPACK((sum(map(model.packed, row)) + _BIAS).to_bytes(_BYTES, "little"))) for row in features]
    return [LABELS[k] for k in _best_path(rows, model.pairs)]


def _add_names(labels: list[str], guess: list[str]) -> list[str]:
    """What is labelled no place takes the guess, where that is another kind of name."""
    return [g if label == "O" and g in "RGM" else label for label, g in zip(labels, guess, strict=True)]


def _add_places(labels: list[str], guess: list[str]) -> list[str]:
    """A guessed place or demonym inside the name of an organisation or of something else is one."""
    out = list(labels)
    for k, (label, g) in enumerate(zip(labels, guess, strict=True)):
        if label in "GM" and (g in "BD" or (g == "I" and k and out[k - 1] in "BI" and guess[k - 1] in "BI")):
            out[k] = g
    return out
