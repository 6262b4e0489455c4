"""From the mentions linked to one trigger to its events: each count is an event with what it counts."""

import pytest
from conftest import made

from warwire.model.linking.draft import Draft
from warwire.model.linking.grouping import events_of
from warwire.model.linking.layout import Layout, Mention, lay_out
from warwire.model.linking.voice import Voice

CASES = {
    "one count": (
        "[Gunmen|ACTOR:a1] [killed|KILL:e1] [two|COUNT:c1] [guards|TARGET:g1].",
        {"agent": "a1", "count": "c1", "target": "g1"},
        ["agent=a1 target=g1 count=c1"],
    ),
    "no filler at all": ("There was a [blast|STRIKE:e1].", {}, [""]),
    "two counted victims": (
        "[Gunmen|ACTOR:a1] [killed|KILL:e1] [two|COUNT:c1] [guards|TARGET:g1] and [three|COUNT:c2] [cooks|TARGET:g2].",
        {"agent": "a1", "count": "c1 c2", "target": "g1 g2"},
        ["agent=a1 target=g1 count=c1", "agent=a1 target=g2 count=c2"],
    ),
    "a victim beside counted ones": (
        "[Gunmen|ACTOR:a1] [killed|KILL:e1] [two|COUNT:c1] [guards|TARGET:g1] and a [medic|TARGET:g2].",
        {"agent": "a1", "count": "c1", "target": "g1 g2"},
        ["agent=a1 target=g1 count=c1", "agent=a1 target=g2"],
    ),
    "some of them": (
        "[Ten|COUNT:c1] [people|TARGET:g1], [eight|COUNT:c2] of them [children|TARGET:g2], were [killed|KILL:e1].",
        {"count": "c1 c2", "target": "g1 g2"},
        ["target=g1 count=c1", "target=g2 count=c2"],
    ),
    "one named among a bare count": (
        "[Three|COUNT:c1] were [wounded|INJURE:e1], among them a [child|TARGET:g1].",
        {"count": "c1", "target": "g1"},
        ["count=c1", "target=g1"],
    ),
    "two who count": (
        "The [mayor|SPEAKER:s1] put the [dead|KILL:e1] at [140|COUNT:c1]; the [clinic|SPEAKER:s2] said [88|COUNT:c2].",
        {"count": "c1 c2", "speaker": "s1 s2"},
        ["count=c1 speaker=s1", "count=c2 speaker=s2"],
    ),
    "two who say the same": (
        "[Police|SPEAKER:s1] and [medics|SPEAKER:s2] said [six|COUNT:c1] had [died|KILL:e1].",
        {"count": "c1", "speaker": "s1 s2"},
        ["count=c1 speaker=s1 speaker=s2"],
    ),
    "several targets of one strike": (
        "[Jets|WEAPON:w1] [hit|STRIKE:e1] a [school|TARGET:g1] and a [depot|TARGET:g2].",
        {"weapon": "w1", "target": "g1 g2"},
        ["target=g1 target=g2 weapon=w1"],
    ),
}


def laid_out(source: str) -> tuple[Layout, dict[str, Mention]]:
    layout = lay_out(made(source))
    return layout, {mention.span.id: mention for mention in layout.mentions}


def told(draft: Draft) -> str:
    return " ".join(f"{role}={m.span.id}" for role in sorted(draft.roles, key=ORDER.index) for m in draft.of(role))


ORDER = ["agent", "target", "count", "weapon", "place", "speaker"]


@pytest.mark.parametrize(("source", "links", "events"), CASES.values(), ids=CASES)
def test_linked_mentions_become_events(source: str, links: dict[str, str], events: list[str]) -> None:
    layout, by_id = laid_out(source)
    linked = {role: [by_id[name] for name in names.split()] for role, names in links.items()}
    drafts = events_of(layout, by_id["e1"], Voice.ACTIVE, linked)
    assert [told(draft) for draft in drafts] == events


def test_a_part_knows_its_whole() -> None:
    layout, by_id = laid_out("[Nine|COUNT:c1] [died|KILL:e1], including [two|COUNT:c2] [nurses|TARGET:g1].")
    links = {"count": [by_id["c1"], by_id["c2"]], "target": [by_id["g1"]]}
    whole, part = events_of(layout, by_id["e1"], Voice.PASSIVE, links)
    assert part.part_of is whole
