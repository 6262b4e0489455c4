"""Tagging: nothing is cut, batches do not change results, back ends agree, a damaged bundle is refused."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from warwire.annotations.errors import InputError
from warwire.annotations.labels import BIO_TAGS
from warwire.model.bundle import MANIFEST, ONNX, TOKENIZER, WEIGHTS, open_bundle
from warwire.model.extractor import load_extractor
from warwire.model.tagger import Tagger, load_tagger, spans_of, token_batches
from warwire.model.windows import Encoding, encode_batch

TEXTS = [
    "Rebels fired nine rockets at Lira.",
    "Calm.",
    "The army said drones hit the port of Almeda overnight. " * 40,
]


@pytest.fixture(scope="module")
def default() -> Tagger:
    return load_tagger(open_bundle())


def test_an_entity_far_into_a_long_article_is_found(default: Tagger) -> None:
    sentence = "Rebels fired nine rockets at the port on Tuesday, the health ministry said. "
    filler = "The weather was mild and the shops stayed open for most of the afternoon. " * 500
    [alone], [late] = default.tag([sentence]), default.tag([filler + sentence])
    assert len(encode_batch([filler], default.bundle.tokenizer)[0].ids) > 5000
    assert {s.surface(sentence) for s in alone} <= {
        s.surface(filler + sentence) for s in late if s.start >= len(filler)
    }


@pytest.mark.parametrize("budget", [1, 300, 100_000])
def test_the_size_of_batches_does_not_change_the_logits(tiny_bundle: Path, budget: int) -> None:
    fp32 = load_tagger(open_bundle(tiny_bundle), "fp32")
    alone = [fp32.logits(encode_batch([text], fp32.bundle.tokenizer))[0] for text in TEXTS]
    batched = Tagger(fp32.bundle, fp32.network, "fp32", budget).logits(encode_batch(TEXTS, fp32.bundle.tokenizer))
    for one, other in zip(alone, batched, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_the_spans_of_a_text_do_not_depend_on_the_texts_beside_it(default: Tagger) -> None:
    texts = [
        *TEXTS,
        "Shaheds; Kh-59: 14 down, 3 hit.",
        "At least 12 people died in Almeda on Monday, medics said. " * 9,
    ]
    assert default.tag(texts) == [default.tag([text])[0] for text in texts]
    assert default.tag(texts[::-1]) == default.tag(texts)[::-1]


def test_two_spans_within_one_number_are_one_span_of_all_of_it(default: Tagger) -> None:
    text = "And 170,698 were injured."
    [encoding] = encode_batch([text], default.bundle.tokenizer)
    units = [text[a:b] for a, b in zip(encoding.unit_starts.tolist(), encoding.unit_ends.tolist(), strict=True)]
    logits = np.zeros((len(encoding.ids), len(BIO_TAGS)), dtype=np.float32)
    logits[:, 0] = 9
    for unit in ("170", "698"):
        logits[encoding.heads[units.index(unit)], BIO_TAGS.index("B-COUNT")] = 20
    assert [(span.id, span.surface(text), span.label) for span in spans_of(text, encoding, logits)] == [
        ("T1", "170,698", "COUNT")
    ]


def test_torch_and_onnx_runtime_agree_on_logits(tiny_bundle: Path) -> None:
    bundle = open_bundle(tiny_bundle)
    encodings = encode_batch(TEXTS, bundle.tokenizer)
    torch, onnx = (load_tagger(bundle, back_end).logits(encodings) for back_end in ("torch", "fp32"))
    for one, other in zip(torch, onnx, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_the_same_texts_give_the_same_spans_to_the_last_digit(default: Tagger) -> None:
    texts = [f"{text} Day {i}." for i, text in enumerate(TEXTS * 3)]
    assert default.tag(texts) == default.tag(texts) == load_tagger(default.bundle, threads=1).tag(texts)


def test_a_text_of_many_sections_is_tagged_to_its_end_and_in_order(
    default: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warwire.model.tagger._SECTION", 300)
    paragraph = "Rebels fired nine rockets at the port on Tuesday, the health ministry said.\n\n"
    text = ("The weather was mild and the shops stayed open.\n\n" * 8 + paragraph) * 5
    [spans], [(doubted, doubt)] = default.tag([text]), default.tag_with_doubt([text])
    assert spans == doubted
    assert 0 < doubt < 0.2
    assert [span.id for span in spans] == [f"T{n}" for n in range(1, len(spans) + 1)]
    assert list(spans) == sorted(spans, key=lambda span: span.start)
    found = [span.start for span in spans if span.surface(text) == "rockets"]
    assert found == [match.start() for match in re.finditer("rockets", text)]


def test_logits_in_memory_are_those_of_a_few_sections(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    fp32 = load_tagger(open_bundle(tiny_bundle), "fp32")

    class Watched(Tagger):
        def logits(self, encodings: Sequence[Encoding]) -> list[NDArray[np.float32]]:
            held.append(sum(len(e.ids) for e in encodings))
            return [np.zeros((len(e.ids), len(self.bundle.manifest.tags)), dtype=np.float32) for e in encodings]

    monkeypatch.setattr("warwire.model.tagger._SECTION", 1_000)
    monkeypatch.setattr("warwire.model.tagger._TOGETHER", 2_000)
    Watched(fp32.bundle, fp32.network, "fp32").tag(["Calm. " * 1_000, "Calm.", "Calm. " * 300])
    assert len(held) > 3
    assert max(held) < sum(held) / 3


def test_threads_are_at_least_one(tiny_bundle: Path) -> None:
    with pytest.raises(InputError, match="0 threads: give at least 1"):
        load_tagger(open_bundle(tiny_bundle), threads=0)


def test_the_extractor_takes_a_number_of_threads(tiny_bundle: Path) -> None:
    one, free = (load_extractor(tiny_bundle, "fp32", threads=threads) for threads in (1, None))
    assert one.tagger.tag(TEXTS[:2]) == free.tagger.tag(TEXTS[:2])


def test_an_empty_text_has_no_spans(default: Tagger) -> None:
    assert default.tag(["", " \n"]) == [(), ()]


def test_spans_have_scores_and_exact_surfaces(default: Tagger) -> None:
    for text, spans in zip(TEXTS, default.tag(TEXTS), strict=True):
        assert all(0 <= (s.score or 0) <= 1 and s.surface(text).strip() == s.surface(text) != "" for s in spans)


@pytest.mark.parametrize("lengths", [[5, 1, 9, 3], [200], [], [4] * 7])
def test_batches_hold_every_sequence_once_within_the_budget(lengths: list[int]) -> None:
    batches = token_batches(lengths, 12)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(len(b) == 1 or len(b) * max(lengths[i] for i in b) <= 12 for b in batches)


def _damage_weights(folder: Path) -> None:
    weights = load_file(folder / WEIGHTS)
    name = next(n for n in weights if n.endswith("classifier.weight"))
    weights[name] = np.full_like(weights[name], np.nan)
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})


def _drop_head(folder: Path) -> None:
    weights = load_file(folder / WEIGHTS)
    save_file(
        {n: w for n, w in weights.items() if "classifier" not in n},
        folder / WEIGHTS,
        metadata={"format": "pt"},
    )


def _swap_tags(folder: Path) -> None:
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes())
    manifest["tags"][1], manifest["tags"][3] = manifest["tags"][3], manifest["tags"][1]
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest))


DAMAGE = {
    "NaN weights": (_damage_weights, "fails its self-test"),
    "no classifier": (_drop_head, "fails its self-test"),
    "permuted tags": (_swap_tags, "not those of the annotation guide"),
    "another tokenizer": (
        lambda f: (f / TOKENIZER).write_text((f / TOKENIZER).read_text() + " "),
        "not the tokenizer",
    ),
    "no tokenizer": (lambda f: (f / TOKENIZER).unlink(), "tokenizer.json is missing"),
    "no weights": (lambda f: (f / WEIGHTS).unlink(), "no such file"),
    "no manifest": (lambda f: (f / MANIFEST).unlink(), "no warwire model"),
    "cut manifest": (lambda f: (f / MANIFEST).write_bytes(b'{"name'), "damaged"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_bundle_is_refused_before_the_first_document(
    damage: object, message: str, tiny_bundle: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_bundle, tmp_path / "model")
    damage(folder)  # type: ignore[operator]
    with pytest.raises(InputError, match=message):
        load_tagger(open_bundle(folder), "torch")


def test_a_cut_onnx_file_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_bundle, tmp_path / "model")
    (folder / ONNX["fp32"]).write_bytes((folder / ONNX["fp32"]).read_bytes()[:5000])
    with pytest.raises(InputError, match="no readable ONNX file"):
        load_tagger(open_bundle(folder), "fp32")


@pytest.mark.parametrize("name", ["model.onnx", "model.int8.onnx"])
def test_an_exported_file_names_no_path_of_the_machine(tiny_bundle: Path, name: str) -> None:
    assert b"stack_trace" not in (tiny_bundle / name).read_bytes()


def test_a_missing_folder_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        open_bundle(tmp_path / "nowhere")
