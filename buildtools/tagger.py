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
import random
import re
import sys
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gazetteer import Gazetteer
from geo.tagger import LABELS, Model, Tagger, word_lists

ROOT = Path(__file__).resolve().parents[1]
#: These two also stand in another public test corpus.
LEFT_OUT = frozenset({"lgl-41880857", "lgl-41880860"})
MIN_DOCUMENTS = 3
#: Strength of the two regularisers of the CRF.
L1, L2 = 0.3, 5.0
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
        *(
            d
            for part in ("dev", "test")
            for d in _read_iob(folder / "ner" / f"uner_en_ewt_{part}.iob2", "uner", 1, 2, "\t")
        ),
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
    text, count, number = "", 0, 0
    spans: list[tuple[int, int, str]] = []
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
        for (start, end, word), row in zip(words, features, strict=True):
            span = covering.get(start)
            if span is None or not any(c.isalnum() for c in word):
                span = span if span is not None and span == before else None
            label = "O"
            demonym = row[0].startswith("GD")
            if span is not None and span[2] == "P":
                label = "I" if span == before else "B"
                if demonym:
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


def learn(
    documents: Iterable[Sequence[Run]], known: Iterable[str], *, keep: Callable[[str], bool] | None = None
) -> Model:
    """The weights that a CRF learns from labelled runs."""
    return Model(learn_bytes(documents, known, keep=keep))


def learn_bytes(
    documents: Iterable[Sequence[Run]], known: Iterable[str], *, keep: Callable[[str], bool] | None = None
) -> bytes:
    """The weight file, not yet compressed."""
    import pycrfsuite

    documents = list(documents)
    seen = Counter(f for runs in documents for f in {f for run in runs for row in run.features for f in row})
    kept = {f for f, n in seen.items() if n >= MIN_DOCUMENTS and (keep is None or keep(f))}
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": L1, "c2": L2, "max_iterations": ITERATIONS, "feature.possible_transitions": True})
    for runs in documents:
        for run in runs:
            trainer.append([sorted(kept.intersection(row)) for row in run.features], run.labels)
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
    for document, document_runs in runs:
        _mend(document, document_runs, tagger)
    places = [r for d, r in runs if d.style == "place"]
    names = [r for d, r in runs if d.style == "names"]
    if places and names:
        place_model, name_model = learn(places, known, keep=keep), learn(names, known, keep=keep)
        for part, model, complete in ((places, name_model, _add_names), (names, place_model, _add_places)):
            for document_runs in part:
                for run in document_runs:
                    run.labels = complete(run.labels, predict(run.features, model))
    return learn_bytes([r for _, r in runs], known, keep=keep)


def _mend(document: Document, runs: Sequence[Run], tagger: Tagger) -> None:
    """Labels a run that the annotators passed over: a country, or a name that they marked elsewhere in the document."""
    marked = {document.text[start:end] for start, end, kind in document.spans if kind == "P"}
    for run in runs:
        if set(run.labels) == {"O"}:
            name = document.text[run.words[0][0] : run.words[-1][1]]
            country = tagger.name_class(name)[0] == "C" and "g" not in word_lists().get(name.lower(), "")
            if country or name in marked:
                run.labels = ["B", *["I"] * (len(run.labels) - 1)]


def predict(features: Sequence[Sequence[str]], model: Model) -> list[str]:
    """The best labels of one run."""
    from geo.tagger import _BIAS, _BYTES, _UNPACK, _best_path

    rows = [list(_UNPACK((sum(map(model.packed, row)) + _BIAS).to_bytes(_BYTES, "little"))) for row in features]
    return [LABELS[k] for k in _best_path(rows, model.pairs)[1]]


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


# Figures ---------------------------------------------------------------------------------------------------------------


@dataclass
class Count:
    """Names found rightly, found in all, and marked by the annotators; two spans that share a character are one name."""

    right: int = 0
    found: int = 0
    marked: int = 0

    def add(self, found: Sequence[tuple[int, int]], marked: Sequence[tuple[int, int]]) -> None:
        free = sorted(marked)
        pairs = sorted(
            (min(e, b) - max(s, a), -i, -j)
            for i, (s, e) in enumerate(found)
            for j, (a, b) in enumerate(free)
            if s < b and a < e
        )
        used_found: set[int] = set()
        used_marked: set[int] = set()
        for _, i, j in reversed(pairs):
            if i not in used_found and j not in used_marked:
                used_found.add(i)
                used_marked.add(j)
        self.right += len(used_found)
        self.found += len(found)
        self.marked += len(free)

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.marked)
        return f"{precision:.3f} | {recall:.3f} | {2 * self.right / max(1, self.found + self.marked):.3f}"


def count(documents: Iterable[Document], tagger: Tagger, kinds: Sequence[str], total: Count) -> None:
    """Adds what a tagger finds in documents to a count."""
    for document in documents:
        found = [(s.start, s.end) for s in tagger.spans(document.text) if s.kind in kinds]
        total.add(found, [(s, e) for s, e, kind in document.spans if kind == "P"])


#: What is counted as found where: the annotators of LGL mark demonyms, those of GeoVirus and the others do not.
_COUNTED = {"lgl": ("place", "demonym"), "geovirus": ("place",), "re3d": ("place",)}

#: Groups of features that the table leaves out one at a time: name -> what their features begin with.
_GROUPS = {
    "what the document says elsewhere of the word": r"d",
    "beginning and ending of the word": r"0[234p]",
    "the word itself, where it is no place in the gazetteer": r"0w",
    "word lists": r"0l|0L|0gl|[hblmo]|[BD][Ll]|[AE]L",
    "words two away": r"[AEvw]",
    # the class of a name also stands in features of other groups, behind what they say
    "gazetteer": r"G|0g|0sg|0u|[pnqrcaChboS]|K\D|H\d.|d[MC]|d(?:\+.|[^+]).",
}


def cross_validate(documents: Sequence[Document], gazetteer: Gazetteer) -> dict[str, Count]:
    """Counts for LGL and GeoVirus, by documents in FOLDS parts, each read by a model that learned from all else."""
    counts = {"lgl": Count(), "geovirus": Count()}
    ids = {corpus: sorted(d.id for d in documents if d.corpus == corpus) for corpus in counts}
    for part in ids.values():
        random.Random(SEED).shuffle(part)
    for fold in range(FOLDS):
        out = {i for part in ids.values() for i in part[fold::FOLDS]}
        tagger = Tagger(gazetteer, Model(train([d for d in documents if d.id not in out], gazetteer)))
        for corpus, total in counts.items():
            count((d for d in documents if d.id in out and d.corpus == corpus), tagger, _COUNTED[corpus], total)
    return counts


def cross_corpus(
    documents: Sequence[Document], gazetteer: Gazetteer, corpus: str, *, keep: Callable[[str], bool] | None = None
) -> Count:
    """The count for one corpus, read by a model that learned from the others."""
    model = Model(train([d for d in documents if d.corpus != corpus], gazetteer, keep=keep))
    total = Count()
    count((d for d in documents if d.corpus == corpus), Tagger(gazetteer, model), _COUNTED[corpus], total)
    return total


def figures(documents: Sequence[Document], gazetteer: Gazetteer, weights: Model, size: int) -> str:
    """The text of `tagger.md`: what the weights were made from and how well they read."""
    lines = [
        _ABOUT.format(features=len(weights.at), known=len(weights.known), size=size // 1000, seed=SEED).strip(),
        "",
    ]
    lines += ["| corpus | documents | places | licence |", "|---|---|---|---|"]
    for corpus, licence in _LICENCES.items():
        of = [d for d in documents if d.corpus == corpus]
        places = sum(kind == "P" for d in of for _, _, kind in d.spans)
        lines.append(f"| {corpus} | {len(of)} | {places} | {licence} |")
    lines += ["", _SCORES, "", "| read | learned from | P | R | F1 |", "|---|---|---|---|---|"]
    for corpus, total in cross_validate(documents, gazetteer).items():
        lines.append(f"| {corpus} | all, {FOLDS}-fold by documents | {total} |")
    for corpus in _COUNTED:
        lines.append(f"| {corpus} | all but {corpus} | {cross_corpus(documents, gazetteer, corpus)} |")
    lines += ["", "GeoVirus without one group of features, learned from all but GeoVirus:", ""]
    lines += ["| left out | P | R | F1 |", "|---|---|---|---|"]
    for group, pattern in _GROUPS.items():
        total = cross_corpus(documents, gazetteer, "geovirus", keep=partial(_begins_otherwise, re.compile(pattern)))
        lines.append(f"| {group} | {total} |")
    return "\n".join(lines) + "\n"


def _begins_otherwise(pattern: re.Pattern[str], feature: str) -> bool:
    return pattern.match(feature) is None


_LICENCES = {
    "lgl": "GPL-3.0 (annotations); the texts belong to their newspapers",
    "geovirus": "GPL-3.0 (annotations); Wikinews texts CC BY 2.5",
    "re3d": "public domain, OGL v3.0, CC BY 3.0 AU",
    "uner": "CC BY-SA 4.0",
    "wikigold": "CC BY 4.0",
}
_ABOUT = """
# The tagger's weights

`tagger.bin.xz` ({size} kB) is made by `python -m buildtools.tagger`, which also writes this page. It holds {features} features, each
seen in at least three documents, with their scores, and {known} words that stand in lower case in at least three documents;
no text. `tagger.words.tsv` is our own list of words. Seed of the folds: {seed}. Learned from:
"""
_SCORES = (
    "Precision, recall and F1 of place names; a name is found when the spans share a character. In LGL demonyms count as "
    "names, as its annotators have it. Nothing but the tagger is at work here, no rule and no resolution."
)


def main() -> None:
    """Train on everything, write the weights, and the figures unless told not to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder that holds corpora/")
    parser.add_argument("--no-figures", action="store_true", help="leave tagger.md as it is")
    args = parser.parse_args()
    documents, gazetteer = read_corpora(args.shared), Gazetteer.open()
    raw = train(documents, gazetteer)
    packed = lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)
    (ROOT / "geo" / "data" / "tagger.bin.xz").write_bytes(packed)
    if not args.no_figures:
        text = figures(documents, gazetteer, Model(raw), len(packed))
        (ROOT / "geo" / "data" / "tagger.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
