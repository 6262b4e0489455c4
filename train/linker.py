"""Train the scorer that links spans to events, and write its file.

    python -m warwire.train.linker annotations/corpus/inline annotations/corpus/second \\
        --dev annotations/corpus/dev.jsonl --out model/linking/scorer.npz

Reads document JSONL and folders of inline annotations, of which only stories of the training split are taken. The same
data and machine give the same file, in about five minutes on one core. To be run again after a change of the features
(the old file is then refused), of the rules, or of the corpus.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from warwire.annotations.document import Document
from warwire.annotations.formats.inline import read_inline
from warwire.annotations.jsonl import read_documents
from warwire.annotations.labels import ROLES
from warwire.annotations.splits import split_of, story_of
from warwire.model.linking.batch import Floats
from warwire.model.linking.scorer import SCORER, Scorer, write_scorer
from warwire.train.linker_batches import Batch, Numbered, batch_of, number
from warwire.train.linker_examples import examples_of, vocabulary_of
from warwire.train.linker_network import LinkNetwork
from warwire.train.linker_plain import plain_documents

THRESHOLDS: Final = dict.fromkeys(ROLES, 0.46)
"""Probability from which a candidate is linked; chosen on the dev split by `evaluate/benchmarks/linking.py`."""

TRUST: Final = {**dict.fromkeys(ROLES, 0.5), "place": 1.0}
"""Log-odds by which the rules' answer is added to the network's: rules carry over to new sources better."""

STATUS_TRUST: Final = 1.5
"""Factor on the probability of the status that the rules give."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the networks are trained.

    `networks` of them are averaged; `copies` with faults are made of each document, and each plain sentence is filled
    `plain` times; features that occur less than `least` times (in so many copies) are left out, and
    `hidden_features` is the share of the others hidden in each pass.
    """

    networks: int = 1
    copies: int = 4
    plain: int = 4
    least: int = 5
    width: int = 48
    hidden: int = 64
    dropout: float = 0.5
    hidden_features: float = 0.3
    epochs: int = 5
    batch: int = 8
    learning_rate: float = 5e-3
    weight_decay: float = 0.1
    first_share: float = 0.5
    status_share: float = 0.3


@dataclass(frozen=True, slots=True)
class Data:
    """Training and dev documents with numbered features, and the vocabularies."""

    train: list[Numbered]
    dev: list[Numbered]
    words: Mapping[str, int]
    cues: Mapping[str, int]


def read_training(paths: Iterable[Path]) -> list[Document]:
    """The documents of JSONL files and folders of inline annotations whose story is in the training split."""
    documents: list[Document] = []
    for path in paths:
        documents += [read_inline(p) for p in sorted(path.glob("*.ann.txt"))] if path.is_dir() else read_documents(path)
    return [document for document in documents if split_of(story_of(document)) == "train"]


def prepare(train: Sequence[Document], dev: Sequence[Document], settings: Settings) -> Data:
    """The documents as the network reads them."""
    examples = examples_of(train, settings.copies, seed=1)
    least = settings.least * (settings.copies + 1)
    words = vocabulary_of((names for example in examples for names in example.signals.words.names()), least)
    cues = vocabulary_of((names for example in examples for names in example.signals.cues.names()), least)
    unspoilt = examples_of(dev, 0, seed=0)
    return Data([number(e, words, cues) for e in examples], [number(e, words, cues) for e in unspoilt], words, cues)


def train_network(data: Data, settings: Settings, seed: int) -> LinkNetwork:
    """One network; the same seed gives the same one."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    network = LinkNetwork(len(data.words), len(data.cues), settings.width, settings.hidden, settings.dropout)
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)
    order = list(range(len(data.train)))
    starts = range(0, len(order), settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, total_steps=settings.epochs * len(starts), pct_start=0.1
    )
    for epoch in range(1, settings.epochs + 1):
        network.train()
        chance.shuffle(order)
        for start in starts:
            chosen = [data.train[i] for i in order[start : start + settings.batch]]
            loss = _loss(network, batch_of(chosen, settings.hidden_features, chance), settings)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
        links, statuses = dev_figures(network, data.dev)
        print(
            f"network {seed}, epoch {epoch}: links F1 {links:.4f}, status {statuses:.4f}", file=sys.stderr, flush=True
        )
    return network


def dev_figures(network: LinkNetwork, dev: Sequence[Numbered]) -> tuple[float, float]:
    """F1 of the links at the thresholds, and the share of right statuses."""
    network.eval()
    thresholds = torch.tensor([THRESHOLDS[role] for role in ROLES])
    right = told = wanted = statuses = triggers = 0
    with torch.inference_mode():
        for document in dev:
            batch = batch_of([document])
            _, logits, status = network(batch)
            found = torch.sigmoid(logits) * batch.allowed >= thresholds
            gold = batch.links > 0
            right += int((found & gold).sum())
            told += int(found.sum())
            wanted += int(gold.sum())
            known = batch.statuses >= 0
            statuses += int((status.argmax(1) == batch.statuses)[known].sum())
            triggers += int(known.sum())
    return 2 * right / max(told + wanted, 1), statuses / max(triggers, 1)


def weights_of(network: LinkNetwork) -> dict[str, Floats]:
    """A network's weights by name, as the scorer takes them."""
    return {name: tensor.detach().numpy().astype(np.float32) for name, tensor in network.state_dict().items()}


def main(arguments: Sequence[str]) -> None:
    """Read, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SCORER)
    parser.add_argument("--networks", type=int, default=Settings().networks)
    parser.add_argument("--plain", type=int, default=Settings().plain)
    parser.add_argument("--seed", type=int, default=2, help="of the first network; take the one that does best on dev")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    settings = Settings(networks=options.networks, plain=options.plain)
    documents = [*read_training(options.data), *plain_documents(settings.plain, seed=0)]
    data = prepare(documents, read_documents(options.dev), settings)
    networks = tuple(weights_of(train_network(data, settings, options.seed + n)) for n in range(settings.networks))
    thresholds, trust = (np.array([of[role] for role in ROLES], dtype=np.float32) for of in (THRESHOLDS, TRUST))
    write_scorer(options.out, Scorer(networks, data.words, data.cues, thresholds, trust, STATUS_TRUST))


def _loss(network: LinkNetwork, batch: Batch, settings: Settings) -> Tensor:
    first, second, statuses = network(batch)
    links = settings.first_share * _misses(first, batch) + _misses(second, batch)
    of_status = functional.cross_entropy(statuses, batch.statuses, ignore_index=-1)
    loss: Tensor = links / batch.links.sum().clamp(min=1) + settings.status_share * of_status
    return loss


def _misses(logits: Tensor, batch: Batch) -> Tensor:
    each = functional.binary_cross_entropy_with_logits(logits, batch.links, reduction="none")
    return torch.sum(each * batch.allowed)


if __name__ == "__main__":
    main(sys.argv[1:])
