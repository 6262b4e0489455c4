"""The reports of an article: every event in one of them, with all that the article says about it."""

from datetime import date

import pytest
from conftest import made
from hypothesis import given
from hypothesis import strategies as st
from normalised_values import known

from warwire.annotations.document import Document
from warwire.model.ledger.gather import gather
from warwire.model.ledger.reports import Report, head_of, incidents_of, reports_of, source_of

WAVE = """
[Russian forces|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [drones|WEAPON:w1] at [Kharkiv|PLACE:p1] \
[overnight|TIME:t1], the [mayor|SPEAKER:s1] said.

[Three|COUNT:c2] [people|TARGET:g1] were [killed|KILL:e2].

In [Odesa|PLACE:p2] a [missile|WEAPON:w2] [hit|STRIKE:e3] a [school|TARGET:g2] on [Monday|TIME:t2].

The army had [captured|CONTROL:e4] [Chuhuiv|PLACE:p3] and [entered|CONTROL:e5] [Lima|PLACE:p4] on [Monday|TIME:t3].
---
e1: agent=a1 count=c1 weapon=w1 place=p1 time=t1 speaker=s1
e2: count=c2 target=g1
e3: weapon=w2 target=g2 place=p2 time=t2
e4: place=p3 time=t3
e5: place=p4 time=t3
"""


def read(source: str, **header: str) -> list[Report]:
    return list(reports_of(known(source, id="a", **header)))


def test_an_article_gives_a_report_for_each_incident() -> None:
    reports = read(WAVE)
    assert [report.key for report in reports] == [f"a#{i}" for i in range(1, len(reports) + 1)]
    assert [sorted(report.kinds) for report in reports][1:] == [["STRIKE"], ["CONTROL"], ["CONTROL"]]
    assert reports[0].kinds >= {"LAUNCH"}


def test_a_report_holds_when_where_what_and_who() -> None:
    first = read(WAVE, date="2024-03-06")[0]
    assert first.days == (date(2024, 3, 5).toordinal(), date(2024, 3, 6).toordinal())
    assert [(place.name, place.country) for place in first.places] == [("Kharkiv", "UA")]
    assert (first.weapons, first.agents) == ({"drone"}, (("Russian forces", ""),))
    launched = first.statements[0]
    assert (launched.name, launched.min, launched.max, launched.speaker.text) == ("launched", 9, 9, "mayor")


LONE = """
[Drones|WEAPON:w1] [hit|STRIKE:e1] [Kharkiv|PLACE:p1] on [Monday|TIME:t1].

Nobody came for an hour. The road was cut. It rained.

Snow fell on the hills. Shops were shut. Trams did not run.

[Four|COUNT:c1] [nurses|TARGET:g1] [died|KILL:e2], the [clinic|SPEAKER:s1] said.
---
e1: weapon=w1 place=p1 time=t1
e2: count=c1 target=g1 speaker=s1
"""


def test_results_without_a_place_go_with_the_only_incident_of_the_article() -> None:
    (report,) = read(LONE)
    assert report.kinds == {"STRIKE", "KILL"}
    assert [(s.name, s.min, s.speaker.text, s.what) for s in report.statements] == [("killed", 4, "clinic", "nurses")]


def test_what_one_sentence_counts_apart_stays_apart() -> None:
    (report,) = read(
        "[Drones|WEAPON:w1] [killed|KILL:e1] [two|COUNT:c1] [nurses|TARGET:g1] and [three|COUNT:c2] "
        "[drivers|TARGET:g2] in a [strike|STRIKE:e3] on [Kharkiv|PLACE:p1].\n---\ne1: count=c1 target=g1 place=p1\n"
        "e2: trigger=e1 count=c2 target=g2 place=p1\ne3: weapon=w1 place=p1"
    )
    assert [(s.min, s.what) for s in report.statements] == [(2, "nurses"), (3, "drivers")]


def test_the_shelling_names_its_weapon_and_the_air_strike_too() -> None:
    (shelling,) = read("[Shelling|STRIKE:e1] of [Kharkiv|PLACE:p1].\n---\ne1: place=p1")
    (strike,) = read("An [air strike|STRIKE:e1] on [Kharkiv|PLACE:p1].\n---\ne1: place=p1")
    assert (shelling.weapons, strike.weapons) == ({"artillery"}, {"aircraft"})


def test_a_province_of_a_town_s_name_is_no_second_town() -> None:
    source = "[Drones|WEAPON:w1] [hit|STRIKE:e1] [Derhachi|PLACE:p1] in [Kharkiv|PLACE:p2].\n---\ne1: place=p1,p2"
    (report,) = reports_of(made(source, id="a", date="2024-03-06"))
    assert {place.name: place.broad for place in report.places}["Kharkiv"]


def test_gold_events_without_values_are_read_too() -> None:
    bare = made(WAVE, id="a", date="2024-03-06")
    assert all(event.normalised is None for event in bare.events)
    first = next(iter(reports_of(bare)))
    assert (first.statements[0].min, first.excerpt.startswith("Russian forces fired")) == (9, True)


WORDS = ["[drones|WEAPON]", "[hit|STRIKE]", "[Kharkiv|PLACE]", "[killed|KILL]", "[four|COUNT]", "[fled|DISPLACE]"]
MORE = ["[took|CONTROL]", "[Odesa|PLACE]", "[clashes|CLASH]", "on", ".\n\n", ".", "[seized|DETAIN]", "[Monday|TIME]"]


@given(st.lists(st.sampled_from(WORDS + MORE), min_size=1, max_size=20))
def test_every_event_is_in_exactly_one_report(words: list[str]) -> None:
    lines, source = [], []
    for i, word in enumerate(words):
        source.append(word.replace("]", f":x{i}]"))
        if any(kind in word for kind in ("STRIKE", "KILL", "DISPLACE", "CONTROL", "CLASH", "DETAIN")):
            near = [f"x{j}" for j, other in enumerate(words) if "|PLACE" in other and abs(i - j) < 4]
            lines.append(f"x{i}:" + (f" place={','.join(near)}" if near else ""))
    document = known(" ".join(source) + " end\n---\n" + "\n".join(lines), id="a")
    found = [event.id for events in incidents_of(document) for event in events]
    assert sorted(found) == sorted(event.id for event in document.events)


SOURCES = {
    "a name": ({"source": "Harbour Courier"}, ("Harbour Courier", "")),
    "an address": ({"source": "https://www.courier.example/a?b=1"}, ("courier.example", "https://www.courier.example/a?b=1")),
    "a name and an address": ({"source": "Courier", "url": "http://c.example/x"}, ("Courier", "http://c.example/x")),
    "in meta": ({"meta": {"source": "Courier"}}, ("Courier", "")),
    "nothing": ({}, ("", "")),
    "a script": ({"source": "javascript:alert(1)"}, ("javascript:alert(1)", "")),
    "a script as address": ({"source": "C", "url": "javascript:alert(1)"}, ("C", "")),
    "data": ({"url": "data:text/html,x"}, ("", "")),
    "an address with a quote": ({"source": "https://c.example/\"onclick=x"}, ('https://c.example/"onclick=x', "")),
    "a name before the host": ({"source": "https://bank.example@evil.example/"}, ("evil.example", "https://bank.example@evil.example/")),
}  # fmt: skip


@pytest.mark.parametrize(("extra", "expected"), SOURCES.values(), ids=SOURCES)
def test_only_web_addresses_are_links(extra: dict[str, object], expected: tuple[str, str]) -> None:
    assert source_of(Document("a", "x", extra=extra)) == expected


HEADS = {"two apartment blocks": "block", "children": "child", "a bus": "bus", "glass": "glass", "": "", "…": ""}


@pytest.mark.parametrize(("text", "head"), HEADS.items(), ids=HEADS)
def test_the_head_of_a_target_is_its_last_word(text: str, head: str) -> None:
    assert head_of(text) == head


def test_an_id_that_is_used_twice_gets_a_number_and_nothing_is_lost() -> None:
    documents = [known(LONE, id=name) for name in ("a", "a", "a~2", "a")]
    gathered = gather([*documents, Document("empty", "No events.")])
    assert [report.article for report in gathered.reports] == ["a", "a~2", "a~2~2", "a~3"]
    assert (gathered.documents, gathered.without_events, gathered.renamed) == (5, 1, 3)
