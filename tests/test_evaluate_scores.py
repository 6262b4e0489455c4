"""`score` as a whole: pairing, signature, the assembler's ceiling, JSON."""

import json
import re
from dataclasses import replace

import pytest

from warwire.annotations.document import Document, Span
from warwire.annotations.errors import InputError, MissingExtraError
from warwire.annotations.formats.inline import parse_inline
from warwire.annotations.labels import EVENT_TYPES, LABELS, ROLES
from warwire.evaluate.counts import Counts, Share
from warwire.evaluate.figures import to_json
from warwire.evaluate.scores import score, signature

TEXT = "[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Rivo|PLACE:p1]."
EVENT = "e1: agent=a1 count=c1 weapon=w1 place=p1"


def document(name: str, body: str = TEXT, *events: str) -> Document:
    return parse_inline("\n".join([f"# id: {name}", body, "---", *events]))


def overlapping(name: str) -> Document:
    spans = (Span("T1", 0, 6, "ACTOR"), Span("T2", 4, 8, "ACTOR"))
    return replace(document(name), spans=spans)


ONE, TWO = document("d1", TEXT, EVENT), document("d2", "[Rivo|PLACE:p1] [burned|DAMAGE:e1].", "e1: place=p1")

PAIRING_ERRORS = {
    "missing": ([ONE, TWO], [ONE], r"document d2 is missing from the predictions"),
    "several missing": ([ONE, TWO], [], r"document d1 \(and 1 more\) is missing"),
    "additional": ([ONE], [ONE, TWO], r"document d2 is in the predictions but not in the gold data"),
    "gold twice": ([ONE, ONE], [ONE], r"document d1 is in the gold data twice"),
    "predicted twice": ([ONE], [ONE, ONE], r"document d1 is in the predictions twice"),
    "other text": (
        [ONE],
        [document("d1", "Rebels flew")],
        r"document d1: the predicted text differs .* code point 8",
    ),
    "text cut short": ([ONE], [document("d1", "Rebels")], r"document d1: .* code point 6"),
    "overlap": ([ONE], [overlapping("d1")], r"document d1: the predicted spans T1 and T2 overlap"),
    "outside": (
        [ONE],
        [replace(ONE, spans=(Span("T9", 90, 99, "PLACE"),), events=())],
        r"document d1: the predicted span T9 ends at 99, outside the text",
    ),
    "nothing": ([], [], r"no gold documents"),
}


@pytest.mark.parametrize(("gold", "predicted", "message"), PAIRING_ERRORS.values(), ids=PAIRING_ERRORS)
def test_documents_that_do_not_pair_are_input_errors(
    gold: list[Document], predicted: list[Document], message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        score(gold, predicted)
    assert "\n" not in str(caught.value)


def test_documents_are_matched_by_id_in_any_order() -> None:
    scores = score([ONE, TWO], [TWO, ONE])
    assert (scores.tag.f1, scores.core_tag.f1, scores.events.tuples.f1, scores.argument.f1) == (1, 1, 1, 1)
    assert (scores.tag_spans, scores.core_tag_spans) == (Counts(7, 7, 7), Counts(4, 4, 4))


def test_unlabelled_gold_scores_zero_without_a_warning() -> None:
    bare = document("d1", "Nothing happened.")
    scores = score([bare], [bare])
    assert (scores.tag.f1, scores.tag_relaxed.f1, scores.events.tuples.f1, scores.trigger.f1) == (0, 0, 0, 0)


def test_ceiling_scores_the_assembler_on_gold_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    # the assembler finds weapon and place, misses agent and count: 2*(1+2)/(2+4+2) = 3/4
    def assemble(document: Document) -> Document:
        assert document.spans == ONE.spans
        assert document.events == (), "the assembler must not see gold events"
        event = parse_inline(f"# id: d1\n{TEXT}\n---\ne1: weapon=w1 place=p1 status=denied").events[0]
        return replace(document, events=(event,))

    monkeypatch.setattr("warwire.model.assemble.assemble", assemble)
    ceiling = score([ONE], [document("d1", "Rebels fired nine rockets at Rivo.")]).ceiling
    assert ceiling.tuples.f1 == 3 / 4
    assert (ceiling.exact, ceiling.status) == (Counts(0, 1, 1), Share(0, 1))


def test_signature_names_version_settings_and_data() -> None:
    pattern = r"warwire:\d+\.\d+\.\d+\S*\|guide:1\|mode:strict\|scheme:IOB2\|docs:2\|data:[0-9a-f]{8}"
    assert re.fullmatch(pattern, signature([ONE, TWO]))
    assert score([ONE, TWO], [ONE, TWO]).signature == signature([TWO, ONE])


def test_signature_depends_on_what_is_scored_alone() -> None:
    other_ids = document("d1", TEXT.replace("p1", "p7"), EVENT.replace("p1", "p7"))
    other_arguments = document("d1", TEXT, EVENT.replace(" place=p1", ""))
    assert signature([other_ids]) == signature([replace(ONE, title="A title")]) == signature([ONE])
    assert signature([other_arguments]) != signature([ONE])


def test_json_has_every_figure() -> None:
    figures = json.loads(json.dumps(to_json(score([ONE, TWO], [document("d1"), TWO]))))
    assert set(figures) == {
        *(
            "signature",
            "documents",
            "core_tag",
            "tag",
            "core_tag_spans",
            "tag_spans",
            "tag_relaxed",
            "trigger",
        ),
        *("argument", "tuple", "exact_tuple", "status", "ceiling"),
        *("tag_by_label", "tuple_by_type", "argument_by_role"),
    }
    assert tuple(figures["tag_by_label"]) == LABELS
    assert tuple(figures["tuple_by_type"]) == EVENT_TYPES
    assert tuple(figures["argument_by_role"]) == ROLES
    assert set(figures["ceiling"]) == {"tuple", "exact_tuple", "status"}
    expected = {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "gold": 2, "predicted": 1, "right": 1.0}
    assert figures["tuple"] == pytest.approx(expected)
    assert figures["status"] == {"accuracy": 1.0, "right": 1, "total": 1}


def test_a_missing_library_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"warwire\[evaluate\]"):
        score([ONE], [ONE])
