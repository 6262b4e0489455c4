"""`warwire annotate agreement`: two annotators of the same texts."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Ran, made
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from warwire.annotations.document import Document
from warwire.annotations.errors import InputError
from warwire.annotations.formats.inline import write_inline
from warwire.annotations.jsonl import write_documents
from warwire.evaluate.agreement import TokenTable, agreement

FIRST = made(
    "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Port Rivo|PLACE:p1]."
    "\n---\ne1: agent=a1 count=c1 weapon=w1 place=p1",
    id="d1",
)


def second(source: str) -> Document:
    return made(source, id="d1")


def differences(source: str) -> list[tuple[str, str | None, str | None]]:
    found = agreement([FIRST], [second(source)]).disagreements
    return [(d.kind, d.first and d.first.surface, d.second and d.second.surface) for d in found]


def test_an_annotator_agrees_with_oneself_wholly() -> None:
    agreed = agreement([FIRST], [FIRST])
    assert (agreed.span.f1, agreed.trigger.f1, agreed.argument.f1, agreed.events.tuples.f1) == (1, 1, 1, 1)
    assert agreed.tokens.kappa == 1
    assert (agreed.disagreements, agreed.event_disagreements) == ((), ())


@pytest.mark.parametrize(
    ("source", "kind", "first", "other"),
    [
        (
            "Rebels [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Port Rivo|PLACE:p1].",
            "only first",
            0,
            None,
        ),
        (
            "[Rebels|SPEAKER:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Port Rivo|PLACE:p1].",
            "label",
            "Rebels",
            "Rebels",
        ),
        (
            "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at Port [Rivo|PLACE:p1].",
            "boundary",
            "Port Rivo",
            "Rivo",
        ),
    ],
)
def test_a_disagreement_is_named_by_its_kind(source: str, kind: str, first: str | int, other: str | None) -> None:
    assert differences(source + "\n---\ne1:") == [(kind, first or "Rebels", other)]


def test_events_that_differ_tell_what_each_says() -> None:
    other = second(
        "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Port Rivo|PLACE:p1]."
        "\n---\ne1: agent=a1 count=c1 weapon=w1 origin=p1 status=denied"
    )
    (found,) = agreement([FIRST], [other]).event_disagreements
    assert (found.trigger, found.first) == ("fired", "place=port rivo status=asserted")
    assert found.second == "origin=port rivo status=denied"


def test_an_event_of_one_annotator_alone_is_told() -> None:
    other = replace(FIRST, events=())
    (found,) = agreement([FIRST], [other]).event_disagreements
    assert found.second is None
    assert found.first is not None
    assert "weapon=rockets" in found.first


labels = st.sampled_from(["O", "WEAPON", "COUNT", "PLACE"])


@settings(max_examples=60)
@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=40))
def test_kappa_is_that_of_scikit_learn(tokens: list[tuple[str, str]]) -> None:
    kappa = TokenTable({pair: tokens.count(pair) for pair in tokens}).kappa
    ours, theirs = zip(*tokens, strict=True)
    if kappa is not None:
        assert kappa == pytest.approx(cohen_kappa_score(ours, theirs))
    else:
        assert len({*ours, *theirs}) == 1


def test_every_figure_is_the_same_when_the_annotators_change_places() -> None:
    other = second(
        "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] nine [rockets|WEAPON:w1] at Port [Rivo|PLACE:p1].\n---\ne1: agent=a1"
    )
    one, two = agreement([FIRST], [other]), agreement([other], [FIRST])
    assert (one.span.f1, one.argument.f1, one.events.tuples.f1) == (two.span.f1, two.argument.f1, two.events.tuples.f1)
    assert one.tokens.kappa == pytest.approx(two.tokens.kappa)
    assert 0 < one.span.f1 < 1


@pytest.mark.parametrize(
    ("first", "other", "what"),
    [
        ([FIRST], [replace(FIRST, id="d2")], "no document in common"),
        ([FIRST, FIRST], [FIRST], "document d1 is in the first annotation twice"),
        (
            [FIRST],
            [replace(FIRST, text=FIRST.text + "!")],
            "document d1: the annotators' texts differ at code point 39",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(first: list[Document], other: list[Document], what: str) -> None:
    with pytest.raises(InputError, match=what):
        agreement(first, other)


def test_the_command_reads_inline_folders_and_names_what_one_alone_has(tmp_path: Path, run: Callable[..., Ran]) -> None:
    for name, documents in {"a": [FIRST, replace(FIRST, id="d2")], "b": [FIRST]}.items():
        (tmp_path / name).mkdir()
        for document in documents:
            (tmp_path / name / f"{document.id}.ann.txt").write_text(write_inline(document))
    ran = run("annotate", "agreement", tmp_path / "a", tmp_path / "b", "--show")
    assert ran.code == 0
    assert "tuple F1" in ran.out
    assert "0 disagreements" in ran.out
    assert ran.err == f"warwire: only in {tmp_path / 'a'}, left out: d2\n"


def test_the_command_prints_json(tmp_path: Path, run: Callable[..., Ran]) -> None:
    write_documents(tmp_path / "a.jsonl", [FIRST])
    write_documents(tmp_path / "b.jsonl", [replace(FIRST, events=())])
    figures = json.loads(run("annotate", "agreement", tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--json").out)
    assert figures["span"] == {"f1": 1.0, "first": 5, "second": 5, "agreed": 5.0}
    assert figures["tuple"]["f1"] == 0.0
    assert len(figures["event_disagreements"]) == 1
