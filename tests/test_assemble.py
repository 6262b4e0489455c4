"""The postprocessor: each made-up report gives exactly the events that a reader would expect."""

import pytest
from conftest import made
from hypothesis import given
from hypothesis import strategies as st
from reports import REPORTS

from warwire.annotations.document import Document, Event, Span
from warwire.annotations.labels import LABELS
from warwire.annotations.record import parse_record, to_record
from warwire.model.assemble import assemble, assemble_all
from warwire.model.normalise.vague import ACLED, GUIDE

Told = tuple[str, str, str, frozenset[tuple[str, str]]]


def told(event: Event) -> Told:
    """What an event says, without its id and the order of its arguments."""
    return event.trigger, event.type, event.status, frozenset((a.role, a.span) for a in event.arguments)


@pytest.mark.parametrize("source", REPORTS.values(), ids=REPORTS)
def test_a_report_gives_the_events_a_reader_expects(source: str) -> None:
    gold = made(source)
    assert {told(event) for event in assemble(gold).events} == {told(event) for event in gold.events}


def test_the_table_has_at_least_sixty_reports() -> None:
    assert len(REPORTS) >= 60


WORDS = [
    "Rebels",
    "killed",
    "nine",
    "people",
    "in",
    "Lira",
    "said",
    "the",
    "and",
    "by",
    "denied",
    "\n\n",
    '"',
    ".",
]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([None, *LABELS])), max_size=25))
def test_any_spans_give_a_valid_document_with_an_event_for_each_trigger(
    words: list[tuple[str, str | None]],
) -> None:
    text, spans = "", []
    for i, (word, label) in enumerate(words):
        if label is not None and word.strip():
            spans.append(Span(f"T{i}", len(text), len(text) + len(word), label))
        text += word + " "
    document = assemble(Document("d", text or ".", spans=tuple(spans)))
    assert {e.trigger for e in document.events} == {s.id for s in spans if s.is_trigger}
    assert parse_record(to_record(document)) == document if text.strip() else True


def test_events_carry_their_sentence_score_and_normalised_values() -> None:
    document = made(REPORTS["eleven of them"], date="2024-03-02")
    launch, _ = assemble(document).events
    assert launch.sentence == document.text
    assert launch.normalised is not None
    [count] = launch.normalised["count"]
    assert count == {
        "text": "15",
        "min": 15,
        "max": 15,
        "bound": "exact",
        "of": "weapon",
        "part_of": None,
        "earlier_min": None,
        "earlier_max": None,
    }
    assert set(launch.normalised) == {argument.role for argument in launch.arguments}


FIELDS = {
    "count": {"text", "min", "max", "bound", "of", "part_of", "earlier_min", "earlier_max"},
    "weapon": {"text", "class", "model"},
    "place": {"text", "name", "country", "lat", "lon", "geonames_id", "precision"},
    "origin": {"text", "name", "country", "lat", "lon", "geonames_id", "precision"},
    "time": {"text", "start", "end", "precision"},
    "agent": {"text", "side"},
    "target": {"text", "side"},
    "speaker": {"text", "kind", "side"},
}


@pytest.mark.parametrize("source", REPORTS.values(), ids=REPORTS)
def test_every_normalised_field_is_there_and_null_where_unknown(source: str) -> None:
    for event in assemble(made(source)).events:
        for role, values in (event.normalised or {}).items():
            assert [set(value) for value in values] == [FIELDS[role]] * len(event.fillers(role))


def test_a_time_is_resolved_against_the_day_of_publication() -> None:
    [event] = assemble(made(REPORTS["weapon that explodes"], date="2024-03-05")).events
    assert event.normalised is not None
    assert event.normalised["time"] == (
        {"text": "Sunday", "start": "2024-03-03", "end": "2024-03-03", "precision": "day"},
    )


VALUES = (
    "[Israeli|ACTOR:a1] [Merkava tanks|WEAPON:w1] [shelled|STRIKE:e1] [Khan Younis|PLACE:p1], and the [toll|KILL:e2] "
    "rose to [34|COUNT:c1] from 29, the [Gaza health ministry|SPEAKER:s1] said.\n---\n"
    "e1: agent=a1 weapon=w1 place=p1\ne2: count=c1 speaker=s1"
)


@pytest.mark.parametrize(
    ("role", "value"),
    [
        ("agent", {"side": "IL"}),
        ("weapon", {"class": "tank", "model": "Merkava"}),
        ("place", {"country": "PS", "precision": "town"}),
        ("count", {"min": 34, "max": 34, "earlier_min": 29, "earlier_max": 29}),
        ("speaker", {"kind": "medical", "side": "PS"}),
    ],
)
def test_the_values_of_each_role_are_read(role: str, value: dict[str, object]) -> None:
    found = [v for event in assemble(made(VALUES)).events for v in (event.normalised or {}).get(role, ())]
    assert value.items() <= {k: v for k, v in found[0].items() if v is not None}.items()


def test_a_table_of_vague_words_can_be_chosen() -> None:
    source = "[Dozens|COUNT:c1] were [killed|KILL:e1].\n---\ne1: count=c1"
    counts = [assemble(made(source), table).events[0].normalised["count"][0]["max"] for table in (GUIDE, ACLED)]  # type: ignore[index]
    assert counts == [None, 12]


def test_a_part_names_the_event_of_the_whole() -> None:
    _, whole, part = assemble(made(REPORTS["a part of the whole"])).events
    assert part.normalised is not None
    assert part.normalised["count"][0]["part_of"] == whole.id


def test_gold_spans_have_no_scores_and_so_have_their_events() -> None:
    assert [event.score for event in assemble(made(REPORTS["active voice"])).events] == [None]


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("wrote on Telegram", "Telegram"),
        ("said in a post on X", "X"),
        ("told Reuters", "Reuters"),
        ("told the Associated Press", "Associated Press"),
        ("said", None),
    ],
)
def test_the_channel_of_a_statement_is_kept_apart_from_its_speaker(said: str, channel: str | None) -> None:
    source = f"[Lira|PLACE:p1] was [hit|STRIKE:e1], the [mayor|SPEAKER:s1] {said}.\n---\ne1: place=p1 speaker=s1"
    assert [event.channel for event in assemble(made(source)).events] == [channel]


def test_a_time_after_publication_is_flagged_and_kept() -> None:
    source = "A [raid|STRIKE:e1] on [Lira|PLACE:p1] on [June 9, 2025|TIME:t1].\n---\ne1: place=p1 time=t1"
    [event] = assemble(made(source, date="2024-03-05")).events
    assert event.flags == ("time after publication",)
    assert event.fillers("time") == ("t1",)


def test_a_very_long_text_is_read_in_sections_that_give_the_same_events(monkeypatch: pytest.MonkeyPatch) -> None:
    report = made(
        "[Rebels|ACTOR:a1] [killed|KILL:e1] [nine|COUNT:c1] [farmers|TARGET:g1] in [Lira|PLACE:p1].\n---\n"
        "e1: agent=a1 target=g1 count=c1 place=p1"
    )
    step = len(report.text) + 2
    text = "\n\n".join([report.text] * 6)
    spans = [
        Span(f"{i}{span.id}", span.start + i * step, span.end + i * step, span.label)
        for i in range(6)
        for span in report.spans
    ]
    monkeypatch.setattr("warwire.model.assemble._SECTION", step * 2)
    document = assemble(Document("long", text, spans=tuple(reversed(spans))))
    assert [event.id for event in document.events] == [f"E{n}" for n in range(1, 7)]
    assert {told(event) for event in document.events} == {
        (f"{i}{event.trigger}", event.type, event.status, frozenset((a.role, f"{i}{a.span}") for a in event.arguments))
        for i in range(6)
        for event in report.events
    }
    assert parse_record(to_record(document)) == document


@pytest.mark.parametrize(("together", "section"), [(1, 100_000), (700, 100_000), (100_000, 100_000), (150, 60)])
def test_documents_assembled_together_come_out_as_each_alone(
    together: int, section: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [Document("empty", "Nothing."), *map(made, REPORTS.values()), Document("last", "Nothing.")]
    monkeypatch.setattr("warwire.model.assemble._SECTION", section)
    alone = [assemble(document) for document in documents]
    monkeypatch.setattr("warwire.model.assemble._TOGETHER", together)
    assert list(assemble_all(iter(documents))) == alone
