"""What a run says early about its data, and how it stops when its loss is no number any more."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import TINY_CORPUS, made, tiny_config
from tokenizers import Tokenizer, models, pre_tokenizers

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.train.config import load_config
from warwire.train.data_checks import check_documents, check_windows, labelled_rows, locate_rows, position_limit
from warwire.train.features import IGNORED, WindowShape, build_rows
from warwire.train.loss_watch import DivergedError, loss_watch

TRAIN = [made(source, id=f"d{i}") for i, source in enumerate(TINY_CORPUS)]
DEV = [made(source.replace("said", "added"), id=f"v{i}") for i, source in enumerate(TINY_CORPUS)]
PLAIN = made("Nothing happened.", id="plain")


def words(*documents: Document) -> Tokenizer:
    """A tokenizer of whole words."""
    found = sorted({word for document in documents for word in document.text.replace(",", " ,").split()})
    raw = Tokenizer(models.WordLevel({"[UNK]": 0, **{word: i for i, word in enumerate(found, 1)}}, unk_token="[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return raw


def lines(train: Sequence[Document], dev: Sequence[Document]) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in check_documents(train, dev))


def test_labels_that_only_one_of_the_sets_has_are_told() -> None:
    told = lines(TRAIN[1:2], TRAIN[:1])
    assert told["only in the dev data, so always missed there"] == "WEAPON (1), ACTOR (1), LAUNCH (1)"
    assert told["not in the dev data, so without a score"] == "TARGET, KILL"
    assert told["never in the training data, so never predicted"].startswith("WEAPON, ACTOR, LAUNCH, INTERCEPT")


def test_rare_labels_are_told_with_their_number() -> None:
    told = lines(TRAIN, DEV)["fewer than 50 examples in the training data"]
    assert told == "WEAPON (2), COUNT (2), PLACE (3), SPEAKER (3), ACTOR (1), TARGET (2), TIME (2), LAUNCH (1), " + (
        "STRIKE (1), KILL (1)"
    )


def test_data_with_nothing_to_tell_are_silent() -> None:
    every = " ".join(f"[w{i}|{label}:x{i}]" for i, label in enumerate(_labels()))
    train = [made(f"{every} {i}", id=str(i)) for i in range(50)]
    assert check_documents(train, [made(f"{every} other", id="dev")]) == ()


def _labels() -> tuple[str, ...]:
    from warwire.annotations.labels import LABELS

    return LABELS


REFUSED = [
    (TRAIN, [*DEV, made(TINY_CORPUS[1], id="again")], "document again: its text is in both train and dev"),
    ([PLAIN], DEV, "the training data has 1 documents and no span"),
    (TRAIN, [PLAIN], "the dev data has 1 documents and no span"),
    (TRAIN, [], "the dev data has 0 documents and no span"),
]


@pytest.mark.parametrize(("train", "dev", "message"), REFUSED)
def test_data_that_nothing_can_be_learned_or_chosen_from_are_refused(
    train: Sequence[Document], dev: Sequence[Document], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        check_documents(train, dev)


class Network:
    """Stands for a model whose positions are relative."""

    config = None

    def named_modules(self) -> list[tuple[str, object]]:
        return []


MODEL: Any = Network()
LONG = made("one two three four five [six seven eight|TARGET:t1] nine ten eleven twelve", id="long")


@pytest.mark.parametrize(
    ("size", "overlap", "expected"),
    [
        (12, 0, []),
        (
            6,
            0,
            [
                "1 of 4 documents are longer than a window of 6 tokens (the longest has 12); they are read in windows "
                "that share 0",
                "1 spans are whole in no window, raise windows.overlap or windows.size: long t1",
            ],
        ),
        (
            6,
            4,
            [
                "1 of 4 documents are longer than a window of 6 tokens (the longest has 12); they are read in windows "
                "that share 4"
            ],
        ),
    ],
)
def test_what_windows_cut_is_told(size: int, overlap: int, expected: list[str]) -> None:
    short = [made("[Drones|WEAPON:w1] came.", id=name) for name in "abc"]
    shape = WindowShape(size, overlap, (), ())
    assert list(check_windows([LONG], short, words(LONG), shape, MODEL)) == expected


def test_a_window_longer_than_the_base_reads_is_refused() -> None:
    from transformers import RobertaConfig, RobertaForTokenClassification

    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    config = RobertaConfig(vocab_size=10, max_position_embeddings=20, pad_token_id=1, **sizes)
    model = RobertaForTokenClassification(config)
    with pytest.raises(InputError, match=r"windows.size 19 is over the 18 tokens"):
        check_windows([LONG], [], words(LONG), WindowShape(19, 0, (), ()), model)


@pytest.mark.parametrize(("base", "limit"), [("roberta", 509), ("xlm-roberta", 509), ("modernbert", 8192)])
def test_the_limit_is_that_of_the_positions(base: str, limit: int, tmp_path: Path) -> None:
    from tiny_bases import BASES
    from transformers import AutoModel

    assert position_limit(AutoModel.from_pretrained(BASES[base](tmp_path))) == limit


def test_relative_positions_have_no_limit(tmp_path: Path) -> None:
    from tiny_bases import deberta_v3
    from transformers import AutoModel

    assert position_limit(AutoModel.from_pretrained(deberta_v3(tmp_path))) is None


def test_windows_in_which_no_token_counts_are_left_out() -> None:
    from datasets import Dataset

    rows = Dataset.from_dict({"input_ids": [[1, 2], [3, 4]], "labels": [[IGNORED, IGNORED], [IGNORED, 5]]})
    assert labelled_rows(rows)["input_ids"] == [[3, 4]]
    with pytest.raises(InputError, match="no token of the data counts"):
        labelled_rows(rows.select([0]))


@pytest.mark.parametrize("unknown", [None, 0])
def test_windows_are_found_again_in_their_documents(unknown: int | None) -> None:
    shape = WindowShape(9, 2, (1,), (2,))
    tokenizer = words(*TRAIN)
    rows, _ = build_rows(TRAIN, tokenizer, shape)
    first, *_, last = rows["input_ids"]
    if unknown is not None:
        first = [*first[:2], unknown, *first[3:]]
    locate = locate_rows(TRAIN, tokenizer, shape, unknown)
    assert (locate([first]), locate([last, first])) == (["d0"], ["d0", "d2"])
    assert locate([[1, 999, 2]]) == []


class Trainer:
    """Stands for a trainer whose steps give the losses named."""

    def __init__(self, losses: Sequence[float]) -> None:
        self.losses = list(losses)

    def training_step(self, model: object, inputs: object) -> Any:
        import torch

        return torch.tensor(self.losses.pop(0))


def walk(losses: Sequence[float], device: str = "cpu", save_at: int = 0) -> int:
    """Steps that a run makes under the watch; batches are of the document named by the step."""
    from types import SimpleNamespace

    import torch

    trainer: Any = Trainer(losses)
    watch: Any = loss_watch(trainer, lambda rows: [f"d{row[0]}" for row in rows])
    arguments = SimpleNamespace(device=SimpleNamespace(type=device))
    for step in range(1, len(losses) + 1):
        batch = {"input_ids": torch.tensor([[step, 9]]), "attention_mask": torch.tensor([[1, 0]])}
        trainer.training_step(None, batch)
        control = SimpleNamespace(should_save=step == save_at, should_evaluate=False)
        watch.on_step_end(arguments, SimpleNamespace(global_step=step), control)
    watch.on_epoch_end(arguments, SimpleNamespace(global_step=len(losses)), None)
    return len(losses)


def test_finite_losses_go_on() -> None:
    assert walk([3.0, 2.0, 1.0]) == 3


STOPS = [
    ([1.0, math.nan, 1.0], "cpu", 0, "the loss is nan at step 2, on d2"),
    ([math.inf], "cpu", 0, "the loss is inf at step 1, on d1"),
    ([1.0, math.nan, 1.0, 1.0], "cuda", 0, "the loss is nan at or before step 3, on d2"),
    ([1.0, math.nan], "cuda", 0, "the loss is nan at step 2, on d2"),
    ([1.0, math.nan, 1.0], "cuda", 2, "the loss is nan at step 2, on d2"),
]


@pytest.mark.parametrize(("losses", "device", "save_at", "message"), STOPS)
def test_a_loss_that_is_no_number_stops_the_run_before_anything_is_saved(
    losses: Sequence[float], device: str, save_at: int, message: str
) -> None:
    with pytest.raises(DivergedError, match=message):
        walk(losses, device, save_at)


def test_no_best_model_is_chosen_from_a_dev_loss_that_is_no_number() -> None:
    from types import SimpleNamespace

    watch: Any = loss_watch(Trainer([]), lambda rows: [])  # type: ignore[arg-type]
    watch.on_evaluate(None, SimpleNamespace(global_step=4), None, metrics={"eval_loss": 1.0, "eval_f1": 0.1})
    with pytest.raises(DivergedError, match="the dev loss is nan at step 4"):
        watch.on_evaluate(None, SimpleNamespace(global_step=4), None, metrics={"eval_loss": math.nan, "eval_f1": 0.1})


@pytest.mark.filterwarnings("ignore")
def test_a_run_that_diverges_names_the_step_and_its_documents_and_leaves_no_model(tmp_path: Path) -> None:
    from warwire.train.finetune import finetune

    config = load_config(tiny_config(tmp_path, epochs=30, learning_rate=1e30))
    with pytest.raises(DivergedError, match=r"the (dev )?loss is (nan|inf)"):
        finetune(config, quiet=True)
    assert not (tmp_path / "run" / "model").exists()
