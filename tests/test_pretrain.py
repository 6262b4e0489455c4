"""`warwire pretrain`: text in, a small encoder out that fine-tuning starts from."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import zstandard
from conftest import Ran, tiny_config

from warwire.annotations.errors import InputError
from warwire.train.co_occurrence import co_occurrences, embeddings, positive_information
from warwire.train.masking import IGNORED, Masking
from warwire.train.packing import pack, sequences
from warwire.train.pretrain_config import Source, load_pretrain_config
from warwire.train.text import read_text

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

pytestmark = pytest.mark.filterwarnings("ignore")

SENTENCES = [
    f"{who} {did} {what} {where} {when}."
    for who in ("Rebels", "Troops", "Militiamen")
    for did in ("shelled", "captured", "left")
    for what in ("the depot", "a bridge", "two villages")
    for where in ("near Lira", "outside Sona", "in Rivo")
    for when in ("overnight", "on Monday", "at dawn")
]


def written(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "compress"),
    [
        ("a.txt", bytes),
        ("a.txt.gz", gzip.compress),
        ("a.txt.zst", lambda data: zstandard.ZstdCompressor().compress(data)),
    ],
)
def test_a_document_is_a_block_in_every_kind_of_file(
    tmp_path: Path, name: str, compress: Callable[[bytes], bytes]
) -> None:
    path = written(tmp_path, name, compress("One.\nStill one.\n\n\n  \nTwo “é”.".encode()))
    assert list(read_text([Source(str(path))])) == ["One.\nStill one.", "Two “é”."]


def test_a_folder_is_read_by_name_and_its_sources_limit_and_repeat(tmp_path: Path) -> None:
    written(tmp_path, "b.txt", b"Three.")
    written(tmp_path, "a.txt", b"One.\n\nTwo.")
    written(tmp_path, "notes.md", b"Not text.")
    assert list(read_text([Source(str(tmp_path))])) == ["One.", "Two.", "Three."]
    assert list(read_text([Source(str(tmp_path), documents=1, repeat=2)])) == ["One.", "One."]


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.txt", b"\xff\xfe", "a.txt: no UTF-8"),
        ("a.txt.gz", b"not gzip", "a.txt.gz: cannot be read"),
        ("a.txt.gz", gzip.compress(b"cut off" * 99)[:-9], "a.txt.gz: cannot be read"),
        ("a.txt.zst", b"not zstd", "a.txt.zst: cannot be read"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        list(read_text([Source(str(written(tmp_path, name, data)))]))


def test_a_folder_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="in this folder"):
        list(read_text([Source(str(tmp_path))]))


# --- packing --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tokenizer() -> "PreTrainedTokenizerFast":
    from warwire.train.encoder import train_tokenizer

    return train_tokenizer(SENTENCES, 200)


def test_no_token_is_lost_in_packing(tmp_path: Path, tokenizer: "PreTrainedTokenizerFast") -> None:
    packed = pack(tmp_path, SENTENCES, tokenizer, 10, "key")
    expected = [[*tokenizer(s, add_special_tokens=False)["input_ids"], tokenizer.sep_token_id] for s in SENTENCES]
    assert packed.held_out.tolist() == [i for n, ids in enumerate(expected) if n % 10 == 9 for i in ids]
    assert packed.train.tolist() == [i for n, ids in enumerate(expected) if n % 10 != 9 for i in ids]


def test_packed_text_is_used_again_with_the_same_key_alone(
    tmp_path: Path, tokenizer: "PreTrainedTokenizerFast"
) -> None:
    pack(tmp_path, SENTENCES, tokenizer, 10, "key")
    again = pack(tmp_path, iter(()), tokenizer, 10, "key")
    assert len(again.train) > 0
    assert len(pack(tmp_path, ["Rebels left."], tokenizer, 10, "other").train) == 4


@pytest.mark.parametrize(("number", "rows"), [(0, 0), (7, 0), (8, 1), (17, 2)])
def test_sequences_are_whole(number: int, rows: int) -> None:
    assert sequences(np.arange(number, dtype=np.uint16), 8).shape == (rows, 8)


# --- co-occurrence --------------------------------------------------------------------------------------------------


def test_co_occurrences_are_those_counted_by_hand() -> None:
    ids = np.random.default_rng(1).integers(0, 6, 200).astype(np.uint16)
    expected = np.zeros((6, 6))
    for i, one in enumerate(ids):
        for distance in (1, 2, 3):
            if i + distance < len(ids):
                expected[one, ids[i + distance]] += 1 / distance
                expected[ids[i + distance], one] += 1 / distance
    assert np.allclose(co_occurrences(ids, 6, 3), expected, rtol=1e-4)


def test_counts_do_not_depend_on_the_pieces_they_are_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = np.random.default_rng(2).integers(0, 6, 100).astype(np.uint16)
    whole = co_occurrences(ids, 6, 3)
    monkeypatch.setattr("warwire.train.co_occurrence._AT_ONCE", 7)
    assert np.allclose(co_occurrences(ids, 6, 3), whole, rtol=1e-5)


def test_information_is_the_logarithm_of_observed_over_expected() -> None:
    counts = np.array([[0, 8, 2], [8, 0, 0], [2, 0, 0]], dtype=np.float32)
    total = counts.sum(axis=1)
    context = total**0.75 / (total**0.75).sum()
    expected = np.log(8 / (total[0] * context[1]))
    found = positive_information(counts)
    assert found[0, 1] == pytest.approx(expected, rel=1e-5)
    assert found[1, 2] == 0


def test_words_of_the_same_surroundings_are_neighbours(tokenizer: "PreTrainedTokenizerFast") -> None:
    ids = np.array([i for s in SENTENCES * 3 for i in tokenizer(s)["input_ids"]], dtype=np.uint16)
    found = embeddings(ids, len(tokenizer), 8, 2, seed=1)
    found /= np.linalg.norm(found, axis=1, keepdims=True) + 1e-9
    rebels, troops, overnight = (found[tokenizer.convert_tokens_to_ids(w)] for w in ("Rebels", "Troops", "overnight"))
    assert rebels @ troops > 0.8 > rebels @ overnight


# --- masking --------------------------------------------------------------------------------------------------------


def masking(share: float = 0.3, continues: list[int] | None = None) -> Masking:
    import torch

    pieces = None if continues is None else torch.tensor([i in continues for i in range(50)])
    return Masking(4, 50, torch.arange(5), share, 1, pieces)


def test_every_row_hides_the_same_number_and_no_special_token() -> None:
    import torch

    torch.manual_seed(1)
    rows = [torch.randint(0, 50, (40,)) for _ in range(20)]
    batch = masking()(rows)
    chosen = batch["labels"] != IGNORED
    assert chosen.sum(dim=1).tolist() == [12] * 20
    assert not torch.isin(torch.stack(rows)[chosen], torch.arange(5)).any()
    assert torch.equal(batch["input_ids"][~chosen], torch.stack(rows)[~chosen])
    assert torch.equal(batch["labels"][chosen], torch.stack(rows)[chosen])


def test_eight_in_ten_are_masked_and_one_in_ten_shown() -> None:
    import torch

    torch.manual_seed(1)
    row = torch.randint(5, 50, (400,))
    batch = masking()([row] * 50)
    chosen = batch["labels"] != IGNORED
    hidden = batch["input_ids"][chosen]
    assert float((hidden == 4).float().mean()) == pytest.approx(0.8, abs=0.02)
    assert float((hidden == batch["labels"][chosen]).float().mean()) == pytest.approx(0.1, abs=0.02)


def test_whole_words_are_hidden_at_once() -> None:
    import torch

    row = torch.tensor([10, 30, 31, 11, 12, 30, 32, 33, 13, 14, 31, 15] * 10)
    batch = masking(0.4, continues=[30, 31, 32, 33])([row] * 8)
    chosen = batch["labels"] != IGNORED
    begins = ~torch.isin(row, torch.tensor([30, 31, 32, 33]))
    words = begins.cumsum(0) - 1
    for line in chosen:
        shares = [line[words == word].float().mean().item() for word in range(int(words.max()) + 1)]
        assert sum(0 < share < 1 for share in shares) <= 1


# --- the run --------------------------------------------------------------------------------------------------------


def config_file(folder: Path, **keys: object) -> Path:
    import yaml

    (folder / "text.txt").write_text("\n\n".join(SENTENCES * 4))
    config: dict[str, object] = {
        "name": "tiny-encoder",
        "out": str(folder / "run"),
        "text": [{"path": "text.txt"}],
        "encoder": {"vocabulary": 200, "layers": 1, "width": 32, "heads": 2, "feed_forward": 32, "dropout": 0.1},
        "tokenizer": {"letter_minimum": 1},
        "co_occurrence": {"tokens": 3000, "window": 3},
        "schedule": {"tokens": 30_000, "length": 16, "batch": 16, "learning_rate": 0.01, "precision": "fp32"},
        "held_out": 20,
        "report_every": 10,
        "save_every": 40,
        "report_to": [],
        **keys,
    }
    (folder / "encoder.yaml").write_text(yaml.safe_dump(config))
    return folder / "encoder.yaml"


OUT_OF_BOUNDS = [
    ("schedule.length=0", "schedule.length: Expected `int` >= 1"),
    ("schedule.batch=0", "schedule.batch: Expected `int` >= 1"),
    ("schedule.learning_rate=0", "schedule.learning_rate: Expected `float` > 0"),
    ("schedule.warmup=2", "schedule.warmup: Expected `float` <= 1"),
    ("schedule.warmup=0.8", "schedule.warmup 0.8 and schedule.decay 0.5 exceed all steps"),
    ("held_out=0", "held_out: Expected `int` >= 2"),
    ("held_out=1", "held_out: Expected `int` >= 2"),
    ("threads=-2", "threads: Expected `int` >= 0"),
    ("save_every=0", "save_every: Expected `int` >= 1"),
    ("co_occurrence.window=0", "co_occurrence.window: Expected `int` >= 1"),
    ("co_occurrence.tokens=-1", "co_occurrence.tokens: Expected `int` >= 0"),
    ("objective.masked=0", "objective.masked 0.0 is no share between 0 and 1"),
    ("objective={kind: replaced, generator_layers: 2}", "generator_layers 2 is more than encoder.layers 1"),
    ("encoder.heads=3", "must be an even multiple of encoder.heads"),
    ("text=[{path: text.txt, repeat: 0}]", "text.repeat: Expected `int` >= 1"),
    ("text=[{path: text.txt, documents: 0}]", "text.documents: Expected `int` >= 1"),
]


@pytest.mark.parametrize(("override", "message"), OUT_OF_BOUNDS)
def test_a_value_out_of_bounds_is_one_line(
    override: str, message: str, tmp_path: Path, run: Callable[..., Ran]
) -> None:
    ran = run("pretrain", config_file(tmp_path), override, "--no-progress")
    assert (ran.code, ran.err.count("\n"), message in ran.err, (tmp_path / "run").exists()) == (2, 1, True, False)


def test_a_refused_run_leaves_its_folder_to_the_corrected_command(tmp_path: Path, run: Callable[..., Ran]) -> None:
    config, out = config_file(tmp_path), tmp_path / "run"
    out.mkdir()
    (out / "notes.md").write_text("mine")
    schedule = "schedule={tokens: 1000000, length: 16, batch: 9000}"
    ran = run("pretrain", config, schedule, "encoder.vocabulary=150", "--no-progress")
    assert (ran.code, "too little for a batch" in ran.err) == (2, True)
    assert sorted(path.name for path in out.iterdir()) == [".lock", "notes.md"]
    assert run("pretrain", config, "schedule.tokens=512", "--no-progress").code == 0


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from warwire.train.pretrain import pretrain

    return pretrain(load_pretrain_config(config_file(tmp_path_factory.mktemp("pretrained"))), quiet=True).encoder


def test_the_loss_falls_and_masked_words_are_found(encoder: Path) -> None:
    log = [json.loads(line) for line in (encoder.parent / "metrics.jsonl").read_text().splitlines()]
    losses = [entry["loss"] for entry in log if "loss" in entry]
    accuracies = [entry["held_out_accuracy"] for entry in log if "held_out_accuracy" in entry]
    assert losses[-1] < 0.75 * losses[0]
    assert accuracies[-1] > accuracies[0] > 0
    assert json.loads((encoder.parent / "summary.json").read_text())["accuracy"] == accuracies[-1]


def test_fine_tuning_starts_from_the_encoder(encoder: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    from safetensors.numpy import load_file

    config = tiny_config(tmp_path, epochs=1, learning_rate=1e-9)
    assert run("train", config, f"base={encoder}", "--no-progress").code == 0
    name = "model.layers.0.mlp.Wi.weight"
    tuned = load_file(tmp_path / "run" / "model" / "model.safetensors")[name]
    assert np.allclose(tuned, load_file(encoder / "model.safetensors")[name], atol=1e-4)
    assert json.loads((encoder / "config.json").read_text())["mlp_dropout"] == 0.1


OBJECTIVES = [{}, {"objective": {"kind": "replaced"}}]


@pytest.mark.parametrize("objective", OBJECTIVES, ids=["masked", "replaced"])
def test_a_stopped_run_ends_with_the_weights_of_one_never_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objective: dict[str, object]
) -> None:
    from transformers import TrainerCallback

    from warwire.train import pretrain as module

    class Stop(TrainerCallback):
        def on_step_end(self, args: object, state: object, control: object, **_: object) -> None:
            if getattr(state, "global_step", 0) >= 50:
                raise KeyboardInterrupt

    original = module._trainer

    def interrupted(*args: object, **options: object) -> object:
        trainer, held_out = original(*args, **options)  # type: ignore[arg-type]
        trainer.add_callback(Stop())
        return trainer, held_out

    (tmp_path / "whole").mkdir()
    (tmp_path / "stopped").mkdir()
    whole = module.pretrain(load_pretrain_config(config_file(tmp_path / "whole", **objective)), quiet=True).encoder
    config = load_pretrain_config(config_file(tmp_path / "stopped", **objective))
    with monkeypatch.context() as patched:
        patched.setattr(module, "_trainer", interrupted)
        with pytest.raises(KeyboardInterrupt):
            module.pretrain(config, quiet=True)
    resumed = module.pretrain(config, quiet=True).encoder
    assert (resumed / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()


def test_replaced_tokens_are_told_from_original_ones(tmp_path: Path) -> None:
    from warwire.train.pretrain import pretrain

    path = config_file(tmp_path, objective={"kind": "replaced", "detection_weight": 10.0})
    encoder = pretrain(load_pretrain_config(path), quiet=True).encoder
    log = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    losses = [entry["loss"] for entry in log if "loss" in entry]
    assert losses[-1] < 0.75 * losses[0]
    assert json.loads((encoder / "config.json").read_text())["architectures"] == ["ModernBertModel"]


def test_the_generator_and_the_encoder_share_their_embeddings() -> None:
    import torch

    from warwire.train.config import Encoder
    from warwire.train.encoder import encoder_config, train_tokenizer
    from warwire.train.replaced import ReplacedTokenDetection

    shape = Encoder(layers=2, width=32, heads=2, feed_forward=32)
    architecture = encoder_config(shape, train_tokenizer(SENTENCES, 200), 64, dropout=0.0)
    architecture.sparse_prediction = True
    model = ReplacedTokenDetection(architecture, 1, 50.0)
    shared = model.model.embeddings.tok_embeddings.weight
    assert model.generator.model.embeddings.tok_embeddings.weight is shared
    assert model.generator.decoder.weight is shared
    assert len(model.generator.model.layers) == 1
    ids = torch.randint(5, 50, (2, 8))
    labels = torch.where(torch.arange(8) == 3, ids, IGNORED)
    model.train()(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels).loss.backward()
    assert all(p.grad is not None for p in model.parameters())


def test_a_second_run_goes_on_from_the_encoder_of_the_first(encoder: Path, tmp_path: Path) -> None:
    from warwire.train.pretrain import pretrain

    schedule = {"tokens": 1024, "length": 32, "batch": 8, "learning_rate": 1e-9, "precision": "fp32"}
    config = load_pretrain_config(config_file(tmp_path, start=str(encoder), schedule=schedule))
    first = json.loads((encoder.parent / "summary.json").read_text())["accuracy"]
    again = pretrain(config, quiet=True)
    assert again.accuracy == pytest.approx(first, abs=0.05)
    assert (again.encoder / "tokenizer.json").read_bytes() == (encoder / "tokenizer.json").read_bytes()


def test_the_log_tells_the_speed(encoder: Path) -> None:
    log = [json.loads(line) for line in (encoder.parent / "metrics.jsonl").read_text().splitlines()]
    assert all(entry["tokens_per_second"] > 0 for entry in log if "held_out_loss" in entry)


REFUSED = [
    ({"schedul": {}}, "unknown field `schedul`.*did you mean `schedule`"),
    ({"schedule": {"tokens": 5}}, "less than one batch"),
    ({"objective": {"masked": 1.5}}, "objective.masked: Expected `float` <= 1"),
    ({"text": [{"path": "nowhere.txt"}]}, "nowhere.txt: no such file or folder"),
    ({"text": []}, "neither 'text' nor 'hub'"),
    ({"start": "nowhere"}, "nowhere: no encoder of an earlier run, config.json is missing"),
    ({"start": "nowhere", "objective": {"kind": "replaced"}}, "'replaced' cannot go on from 'start'"),
]


@pytest.mark.parametrize(("keys", "message"), REFUSED)
def test_a_faulty_configuration_is_refused(tmp_path: Path, keys: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_pretrain_config(config_file(tmp_path, **keys))


def test_too_little_text_is_refused(tmp_path: Path, run: Callable[..., Ran]) -> None:
    path = config_file(tmp_path)
    (tmp_path / "text.txt").write_text("Rebels left.\n\nTroops left.")
    ran = run("pretrain", path, "--no-progress")
    assert ran.code == 2
    assert "too little for a batch of 16 sequences of 16" in ran.err
