"""Taggers that a user could train on the same corpus instead: a linear-chain CRF and spaCy's `ner`.

    pip install 'warwire[peers]'
    python -m warwire.evaluate.benchmarks.peers --train annotations/corpus/train.jsonl \\
        --dev annotations/corpus/dev.jsonl --data annotations/corpus/test.jsonl --out runs/peers

Each peer's spans are written as document JSONL, one file a seed and data file, and scored by our scorer, events being
assembled from them as from ours. Models named by `--model NAME=FOLDER` (several with one NAME: seeds) stand beside
them. A spaCy model that was trained already is used again.
"""

import argparse
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from warwire.annotations.document import Document, Span
from warwire.annotations.jsonl import read_documents, write_documents
from warwire.evaluate.predictions import predictions
from warwire.evaluate.scores import Scores, score
from warwire.model.assemble import assemble
from warwire.model.sentences import split_sentences

SEEDS: Final = (1, 2, 3)
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_ROUNDS: Final = 100

Features = dict[str, bool | str]
Sentence = list[tuple[int, int]]


# --- linear-chain CRF ------------------------------------------------------------------------------------------------


def tokens(document: Document) -> Iterator[Sentence]:
    """The tokens of each sentence as (start, end): words, and punctuation marks one by one."""
    for sentence in split_sentences(document.text).items:
        matches = _TOKEN.finditer(document.text, sentence.start, sentence.end)
        found = [(match.start(), match.end()) for match in matches]
        if found:
            yield found


def features(words: Sequence[str], i: int) -> Features:
    """The usual features of a token: the word, its affixes and shape, and those of two neighbours to either side."""
    word = words[i]
    found: Features = {"word": word.lower(), "shape": _shape(word), "title": word.istitle(), "upper": word.isupper()}
    found |= {f"prefix{n}": word[:n].lower() for n in (2, 3)} | {f"suffix{n}": word[-n:].lower() for n in (2, 3)}
    for offset in (-2, -1, 1, 2):
        there = 0 <= i + offset < len(words)
        found[f"{offset}word"] = words[i + offset].lower() if there else "<>"
        found[f"{offset}shape"] = _shape(words[i + offset]) if there else "<>"
    found["bigram"] = f"{words[i - 1].lower() if i else '<>'} {word.lower()}"
    return found


def train_crf(train: Sequence[Document]) -> Any:
    """A CRF by L-BFGS; nothing in it is random, so that one seed is enough."""
    from sklearn_crfsuite import CRF

    rows, tags = [], []
    for document in train:
        for sentence in tokens(document):
            words = [document.text[start:end] for start, end in sentence]
            rows.append([features(words, i) for i in range(len(words))])
            tags.append(list(_bio(sentence, document.spans)))
    crf = CRF(algorithm="lbfgs", c1=0.1, c2=0.05, max_iterations=_ROUNDS, all_possible_transitions=True)
    return crf.fit(rows, tags)


def tag_crf(crf: Any, documents: Sequence[Document]) -> list[Document]:
    """The documents with the CRF's spans."""
    return [replace(document, spans=tuple(_crf_spans(crf, document)), events=()) for document in documents]


def _crf_spans(crf: Any, document: Document) -> Iterator[Span]:
    number = 0
    for sentence in tokens(document):
        words = [document.text[start:end] for start, end in sentence]
        tags = crf.predict_single([features(words, i) for i in range(len(words))])
        i = 0
        while i < len(tags):
            if tags[i] == "O":
                i += 1
                continue
            label, first = tags[i][2:], i
            i += 1
            while i < len(tags) and tags[i] == f"I-{label}":
                i += 1
            number += 1
            yield Span(f"T{number}", sentence[first][0], sentence[i - 1][1], label)


def _bio(sentence: Sentence, spans: Iterable[Span]) -> Iterator[str]:
    held = sorted(spans, key=lambda span: span.start)
    for start, end in sentence:
        span = next((s for s in held if s.start < end and start < s.end), None)
        yield "O" if span is None else f"{'B' if start <= span.start else 'I'}-{span.label}"


def _shape(word: str) -> str:
    shape = re.sub(r"[^\W\d_]", lambda m: "X" if m[0].isupper() else "x", re.sub(r"\d", "d", word))
    return re.sub(r"(.)\1{2,}", r"\1\1", shape)


# --- spaCy -----------------------------------------------------------------------------------------------------------


def train_spacy(train: Sequence[Document], dev: Sequence[Document], seed: int, out: Path, steps: int = 0) -> Path:
    """spaCy's `ner` by its own `init config` and `train`; the folder of its best model.

    It stops by spaCy's own patience, or after so many steps if `steps` is not 0.
    """
    best = out / "model-best"
    if best.is_dir():
        return best
    out.mkdir(parents=True, exist_ok=True)
    for name, documents in (("train", train), ("dev", dev)):
        _doc_bin(documents).to_disk(out / f"{name}.spacy")
    config = out / "config.cfg"
    spacy = [sys.executable, "-m", "spacy"]
    settings = ["--lang", "en", "--pipeline", "ner", "--optimize", "accuracy", "--force"]
    subprocess.run([*spacy, "init", "config", str(config), *settings], check=True)
    # Without word vectors, which spaCy's own recipe for accuracy would download.
    paths = ["--paths.train", str(out / "train.spacy"), "--paths.dev", str(out / "dev.spacy")]
    plain = ["--initialize.vectors", "null", "--paths.vectors", "null", "--training.seed", str(seed)]
    plain += ["--components.tok2vec.model.embed.include_static_vectors", "false"]
    plain += ["--training.max_steps", str(steps)] if steps else []
    subprocess.run([*spacy, "train", str(config), "--output", str(out), *paths, *plain], check=True)
    return best


def tag_spacy(model: Path, documents: Sequence[Document]) -> list[Document]:
    """The documents with the model's spans."""
    import spacy

    pipeline = spacy.load(model)
    parsed = pipeline.pipe(document.text for document in documents)
    return [
        replace(document, spans=tuple(_spacy_spans(doc)), events=())
        for document, doc in zip(documents, parsed, strict=True)
    ]


def _spacy_spans(doc: Any) -> Iterator[Span]:
    for number, entity in enumerate(doc.ents, 1):
        if entity.text.strip():
            yield Span(f"T{number}", entity.start_char, entity.end_char, entity.label_)


def _doc_bin(documents: Sequence[Document]) -> Any:
    import spacy
    from spacy.tokens import DocBin
    from spacy.util import filter_spans

    blank = spacy.blank("en")
    held = DocBin()
    for document in documents:
        doc = blank.make_doc(document.text)
        spans = [doc.char_span(s.start, s.end, label=s.label, alignment_mode="expand") for s in document.spans]
        doc.ents = filter_spans([span for span in spans if span is not None])
        held.add(doc)
    return held


# --- the table -------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> None:
    """Train the peers, score everything, print a table for each data file."""
    options = _options(arguments)
    train, dev = ([d for path in paths for d in read_documents(path)] for paths in (options.train, options.dev))
    gold = {path.name: read_documents(path) for path in options.data}
    found: dict[str, dict[str, list[Scores]]] = {}
    for name, tagged in _peers(train, dev, gold, options):
        for data, documents in tagged.items():
            path = options.out / f"{name.replace(' ', '-')}-{data}"
            write_documents(path, documents)
            found.setdefault(data, {}).setdefault(name.partition(" ")[0], []).append(score(gold[data], documents))
    for named in options.model:
        name, _, folder = named.partition("=")
        for data, documents in gold.items():
            scores = score(documents, predictions(folder, documents))
            found.setdefault(data, {}).setdefault(name, []).append(scores)
    console = Console(width=None if sys.stdout.isatty() else 120)
    for data, by_name in found.items():
        console.print(_table(data, by_name))


def _peers(
    train: Sequence[Document],
    dev: Sequence[Document],
    gold: dict[str, list[Document]],
    options: argparse.Namespace,
) -> Iterator[tuple[str, dict[str, list[Document]]]]:
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    if "crf" in options.peers:
        crf = train_crf(train)
        yield "crf", {data: [assemble(d) for d in tag_crf(crf, documents)] for data, documents in gold.items()}
    for seed in SEEDS if "spacy" in options.peers else ():
        model = train_spacy(train, dev, seed, out / f"spacy-{seed}", options.spacy_steps)
        tagged = {data: [assemble(d) for d in tag_spacy(model, documents)] for data, documents in gold.items()}
        yield f"spacy {seed}", tagged


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--train", "--dev", "--data"):
        parser.add_argument(name, type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--spacy-steps", type=int, default=0, metavar="N", help="stop spaCy after so many steps")
    parser.add_argument("--model", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--peers", nargs="*", default=["crf", "spacy"], choices=["crf", "spacy"])
    return parser.parse_args(arguments)


def _table(title: str, by_name: dict[str, list[Scores]]) -> Table:
    table = Table(title=f"{title}: mean of the seeds, and their standard deviation", title_justify="left")
    for name in ("tagger", "seeds", "core tag F1", "tag F1", "trigger F1", "tuple F1"):
        table.add_column(name, justify="left" if name == "tagger" else "right")
    for name, scores in by_name.items():
        figures = ([s.core_tag.f1 for s in scores], [s.tag.f1 for s in scores], [s.trigger.f1 for s in scores])
        cells = [_spread(values) for values in (*figures, [s.events.tuples.f1 for s in scores])]
        table.add_row(name, str(len(scores)), *cells)
    return table


def _spread(values: Sequence[float]) -> str:
    deviation = f" ±{statistics.stdev(values):.3f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.3f}{deviation}"


if __name__ == "__main__":
    main(sys.argv[1:])
