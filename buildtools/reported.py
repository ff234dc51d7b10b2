"""Trains the model of which sentences report an event: labelled articles and sentences in, `geo/data/reported.bin.xz` out.

    python -m buildtools.reported --shared FOLDER

Learns from the articles of `benchmarks/gold` that may be learned from (their texts are in FOLDER, those of the dispatches with
their labels) and from `benchmarks/gold/sentences_learn.tsv`. Needs scikit-learn (BSD-3), which nothing else here does. A
sentence is a positive example when the trigger clause of a labelled event begins in it, a negative one when no event is read
there either: what goes on about an event that was labelled elsewhere is neither. A feature enters only when it stands in at
least MIN_SENTENCES sentences, so the file holds no text. Writes the scores on what was not learned from to `reported.md`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from gazetteer import Gazetteer
from geo import extract as reader
from geo.event import Article, event_type_of
from geo.pipeline import read_article
from geo.reported import SCALE, SILENT, Judged, Model, features, main_type, signs_of, words_of
from geo.text import Sentence, split_sentences
from geo.triggers import BY_ACTOR, find_triggers

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "benchmarks" / "gold"
LEARN = ("learn", "learn2", "learn3", "dispatches_learn", "dispatches_learn2", "dispatches_learn3")
MEASURED = ("measured", "dispatches_measured", "dispatches_measured2")
MIN_SENTENCES = 3
#: Inverse strength of the regulariser: of whether there is an event, and of which type.
C_EVENT, C_TYPE = 0.3, 1.0
#: Weights of types below this are left out.
SMALLEST_TYPE_WEIGHT = 0.1


@dataclass(frozen=True)
class Example:
    """A sentence, the types of event that it reports (none: it reports nothing), and where it is from."""

    source: str
    features: tuple[str, ...]
    labels: tuple[str, ...]
    single: bool  # written as a sentence by itself: in articles fewer report an event
    read: bool  # in an article, and the rules read an event there


def _examples(article: Article, gazetteer: Gazetteer) -> Iterator[tuple[Sentence, tuple[str, ...], bool]]:
    """The sentences of a text with their features, and whether the rules alone read an event in them."""
    with patch.object(reader, "model", lambda: SILENT):
        reading = read_article(article, gazetteer)
    codes = {r.start: r.reason.code for r in reading.rejected}
    told = [(e.start, e.end) for r in reading.reports for e in (r.evidence, *r.also)]
    for s in split_sentences(article.text):
        if s.kind != "body":
            continue
        # Before events are read no name is that of an event.
        names = [
            (t.start - s.start, t.end - s.start, "mention" if t.role == "event" else t.role)
            for t in reading.toponyms
            if s.start <= t.start < s.end
        ]
        signs = signs_of((hit.sub_event_type, codes.get(hit.start)) for hit in find_triggers(s.text, offset=s.start))
        found = tuple(name for name, _ in features(words_of(s.text, names), signs))
        yield s, found, any(a < s.end and s.start < b for a, b in told)


def _lines(path: Path) -> list[str]:
    """The lines of a file; texts may hold other separators of lines."""
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def article_examples(path: Path, texts: dict[str, tuple[str, str | None]], gazetteer: Gazetteer) -> list[Example]:
    """The sentences of labelled articles."""
    examples = []
    for line in _lines(path):
        record = json.loads(line)
        text, day = (record["text"], record["published"]) if "text" in record else texts[record["doc"]]
        day = record.get("published") or day
        article = Article(id=record["doc"], text=text, published=date.fromisoformat(day) if day else None)
        for s, found, read in _examples(article, gazetteer):
            labels = sorted({e["sub_type"] for e in record["events"] if s.start <= e["start"] < s.end})
            examples.append(Example(path.stem, found, tuple(labels), False, read))
    return examples


def sentence_examples(path: Path, gazetteer: Gazetteer) -> list[Example]:
    """The sentences of a table: types joined by " & ", of which "|" joins those that are equally right, or none."""
    examples = []
    for line in _lines(path):
        label, text = line.split("\t")
        labels = () if label == "none" else tuple(kind.split("|")[0].strip() for kind in label.split("&"))
        article = Article(id="sentence", text=text + "\n", published=date(2024, 6, 5))
        for _, found, _ in _examples(article, gazetteer):
            examples.append(Example(path.stem, found, labels, True, False))
    return examples


def _kind(label: str) -> str:
    return BY_ACTOR if label in ("Government regains territory", "Non-state actor overtakes territory") else label


def _matrix(examples: Sequence[Example], rows: dict[str, int]) -> Any:
    """One row for each example; the last column tells sentences by themselves, which hold an event more often."""
    at, columns = [], []
    for i, example in enumerate(examples):
        known = [rows[name] for name in example.features if name in rows]
        if example.single:
            known.append(len(rows))
        at += [i] * len(known)
        columns += known
    matrix = csr_matrix((np.ones(len(at)), (at, columns)), shape=(len(examples), len(rows) + 1))
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    return matrix


def train(examples: Sequence[Example]) -> Model:
    """The model that is learned from some examples."""
    usable = [e for e in examples if e.labels or e.single or not e.read]
    counts = Counter(name for e in usable for name in e.features)
    rows = {name: i for i, name in enumerate(sorted(name for name, n in counts.items() if n >= MIN_SENTENCES))}
    matrix = _matrix(usable, rows)
    told = np.array([bool(e.labels) for e in usable])
    event = LogisticRegression(C=C_EVENT, max_iter=2000, solver="liblinear").fit(matrix, told)
    of_kind = [(i, _kind(label)) for i, e in enumerate(usable) for label in e.labels]
    kinds = LogisticRegression(C=C_TYPE, max_iter=500).fit(
        matrix[[i for i, _ in of_kind]], [kind for _, kind in of_kind]
    )
    of_types = kinds.coef_[:, :-1].T.copy()
    of_types[np.abs(of_types) < SMALLEST_TYPE_WEIGHT] = 0

    def whole(weights: Any) -> list[int]:
        return [int(w) for w in np.clip(np.rint(np.asarray(weights) * SCALE), -127, 127).ravel()]

    return Model(
        rows=rows,
        event=whole(event.coef_[0][:-1]),
        types=whole(of_types),
        kinds=tuple(str(kind) for kind in kinds.classes_),
        bias=round(float(event.intercept_[0]) * SCALE),
        biases=tuple(round(float(b) * SCALE) for b in kinds.intercept_),
    )


def score(model: Model, examples: Sequence[Example]) -> dict[str, float]:
    """How well a model orders sentences by whether they report an event, and how often it names their main type."""
    usable = [e for e in examples if e.labels or e.single or not e.read]
    told = [bool(e.labels) for e in usable]
    sums, right = [], []
    for e in usable:
        found = [model.rows[name] for name in e.features if name in model.rows]
        sums.append(model.bias + sum(model.event[row] for row in found))
        if e.labels:
            kind, _ = model.kind(Judged(0.0, (), dict.fromkeys(found, -1)))
            right.append(main_type(kind) in {event_type_of(label) for label in e.labels})
    return {
        "sentences": len(usable),
        "with an event": sum(told),
        "AUC": float(roc_auc_score(told, sums)),
        "average precision": float(average_precision_score(told, sums)),
        "main type right": sum(right) / len(right),
    }


def _texts(shared: Path) -> dict[str, tuple[str, str | None]]:
    texts: dict[str, tuple[str, str | None]] = {}
    corpora = shared / "corpora"
    files = [("guardian", corpora / "guardian_syria.jsonl")]
    files += [("re3d", corpora / "ner" / f"re3d_{name}.jsonl") for name in ("centcom", "uk_government")]
    for prefix, path in files:
        for line in _lines(path):
            record = json.loads(line)
            texts[f"{prefix}:{record['id']}"] = (record["text"], record.get("date"))
    return texts


def examples_of(names: Iterable[str], shared: Path, gazetteer: Gazetteer) -> list[Example]:
    """The examples of some files of `benchmarks/gold`, those that are there."""
    texts = _texts(shared)
    found = []
    for name in names:
        path = GOLD / f"{name}.jsonl"
        if path.exists():
            found += article_examples(path, texts, gazetteer)
    return found


def main() -> int:
    """Trains, measures and writes."""
    parser = argparse.ArgumentParser(description="Trains the model of which sentences report an event.")
    parser.add_argument("--shared", type=Path, required=True, help="folder with the texts of labelled articles")
    args = parser.parse_args()
    gazetteer = Gazetteer.open()
    learn = examples_of(LEARN, args.shared, gazetteer)
    learn += sentence_examples(GOLD / "sentences_learn.tsv", gazetteer)
    trained = train(learn)
    data = ROOT / "geo" / "data"
    (data / "reported.bin.xz").write_bytes(trained.dump())
    lines = [_page(trained, learn, len(trained.dump()))]
    for name in MEASURED:
        examples = examples_of([name], args.shared, gazetteer)
        if examples:
            lines.append(_row(name, score(trained, examples)))
    lines.append(
        _row("sentences_measured", score(trained, sentence_examples(GOLD / "sentences_measured.tsv", gazetteer)))
    )
    page = "\n".join(lines) + "\n"
    (data / "reported.md").write_text(page, encoding="utf-8")
    print(page)
    return 0


def _row(name: str, scores: dict[str, float]) -> str:
    cells = [f"{value:.3f}" if isinstance(value, float) else str(value) for value in scores.values()]
    return f"| {name} | " + " | ".join(cells) + " |"


def _page(trained: Model, learn: Sequence[Example], size: int) -> str:
    of_source = Counter(e.source for e in learn)
    told = Counter(e.source for e in learn if e.labels)
    sources = "\n".join(f"| {name} | {count} | {told[name]} |" for name, count in of_source.items())
    return f"""# The weights of reported events

`reported.bin.xz` ({size / 1000:.0f} kB) is made by `python -m buildtools.reported`, which also writes this page. It holds
{len(trained.rows)} features (stems, pairs of neighbouring stems, types of triggers), each seen in at least {MIN_SENTENCES} sentences,
with their weights for {len(trained.kinds)} types of event; no text. Two logistic regressions, without chance in them. Learned from these
files of `benchmarks/gold`; the articles' texts belong to their publishers, the dispatches and sentences are our own words:

| file | sentences | with an event |
|---|---|---|
{sources}

Scores on what it has not learned from. AUC and average precision are of whether a sentence reports an event; the last column is the
share of the sentences with an event whose main type it names. The words that the tables of triggers know are among its features.

| file | sentences | with an event | AUC | average precision | main type right |
|---|---|---|---|---|---|"""


if __name__ == "__main__":
    raise SystemExit(main())
