"""Where grammar leaves no choice, a wrong link of the scorer is put right."""

import pytest
from conftest import made

from warwire.model.linking.corrections import correct
from warwire.model.linking.layout import lay_out

CASES = {
    "who lost the ground is no agent": (
        "The [army|ACTOR:a1] [retook|CONTROL:e1] [Nyala|PLACE:p1] from the [RSF|ACTOR:a2].",
        {"e1": {"agent": "a1 a2", "place": "p1"}},
        {"e1": {"agent": "a1", "place": "p1", "target": "a2"}},
    ),
    "a count before a noun is the noun's": (
        "[Troops|ACTOR:a1] [repelled|CLASH:e1] [two|COUNT:c1] [assaults|CLASH:e2].",
        {"e1": {"agent": "a1", "count": "c1"}, "e2": {"count": "c1"}},
        {"e1": {"agent": "a1"}, "e2": {"count": "c1"}},
    ),
    "who repels is not told twice": (
        "[Troops|ACTOR:a1] [repelled|CLASH:e1] [two|COUNT:c1] [assaults|CLASH:e2].",
        {"e1": {"agent": "a1"}, "e2": {"count": "c1", "target": "a1"}},
        {"e1": {"agent": "a1"}, "e2": {"count": "c1"}},
    ),
    "air defences stop something": (
        "[Air defences|WEAPON:w1] [shot down|INTERCEPT:e1] a [drone|WEAPON:w2].",
        {"e1": {"weapon": "w1 w2"}},
        {"e1": {"weapon": "w2"}},
    ),
    "a strike hits whom it kills": (
        "[Shelling|STRIKE:e1] [killed|KILL:e2] a [guard|TARGET:g1] and [wounded|INJURE:e3] a [cook|TARGET:g2].",
        {"e1": {}, "e2": {"target": "g1"}, "e3": {"target": "g2"}},
        {"e1": {"target": "g1"}, "e2": {"target": "g1"}, "e3": {"target": "g2"}},
    ),
    "coordinated verbs share their object": (
        "[Shelling|STRIKE:e1] [killed|KILL:e2] or [wounded|INJURE:e3] [30|COUNT:c1] [residents|TARGET:g1].",
        {"e1": {}, "e2": {"target": "g1"}, "e3": {"count": "c1", "target": "g1"}},
        {"e1": {"target": "g1"}, "e2": {"target": "g1", "count": "c1"}, "e3": {"count": "c1", "target": "g1"}},
    ),
    "a bare count has no victims of another verb": (
        "[Six|COUNT:c1] [people|TARGET:g1] [died|KILL:e1] and [20|COUNT:c2] were [hurt|INJURE:e2].",
        {"e1": {"count": "c1", "target": "g1"}, "e2": {"count": "c2", "target": "g1"}},
        {"e1": {"count": "c1", "target": "g1"}, "e2": {"count": "c2"}},
    ),
    "who loses men has not killed them": (
        "The [army|ACTOR:a1] [lost|KILL:e1] [three|COUNT:c1] [men|TARGET:g1].",
        {"e1": {"agent": "a1", "count": "c1", "target": "g1"}},
        {"e1": {"count": "c1", "target": "g1"}},
    ),
    "who loses ground is told elsewhere": (
        "The [army|ACTOR:a1] [lost|CONTROL:e1] [Lira|PLACE:p1].",
        {"e1": {"agent": "a1", "place": "p1"}},
        {"e1": {"agent": "a1", "place": "p1"}},
    ),
    "a toll has the figure that it rises to": (
        "The [toll|KILL:e1] of a [strike|STRIKE:e2] on [Lira|PLACE:p1] rose to some [34|COUNT:c1] from [29|COUNT:c2].",
        {"e1": {}, "e2": {"place": "p1"}},
        {"e1": {"count": "c1"}, "e2": {"place": "p1"}},
    ),
    "a toll has the figure that it reaches": (
        "The [death toll|KILL:e1] in [Lira|PLACE:p1] reached [34|COUNT:c1].",
        {"e1": {"place": "p1"}},
        {"e1": {"place": "p1", "count": "c1"}},
    ),
    "another verb's figure is not the toll's": (
        "The [toll|KILL:e1] of the [strike|STRIKE:e2] on [nine|COUNT:c1] [hangars|TARGET:g1] rose.",
        {"e1": {}, "e2": {"count": "c1"}},
        {"e1": {}, "e2": {"count": "c1"}},
    ),
    "all else stays": (
        "[Rebels|ACTOR:a1] from [Sona|PLACE:p1] [seized|CONTROL:e1] [Lira|PLACE:p2].",
        {"e1": {"agent": "a1", "place": "p2"}},
        {"e1": {"agent": "a1", "place": "p2"}},
    ),
}

Named = dict[str, dict[str, str]]


@pytest.mark.parametrize(("source", "before", "after"), CASES.values(), ids=CASES)
def test_links_are_corrected(source: str, before: Named, after: Named) -> None:
    layout = lay_out(made(source))
    by_id = {mention.span.id: mention for mention in layout.mentions}
    links = {
        by_id[event].index: {role: [by_id[name] for name in names.split()] for role, names in roles.items()}
        for event, roles in before.items()
    }
    correct(layout, links)
    found = {
        layout.mentions[index].span.id: {role: " ".join(m.span.id for m in ms) for role, ms in roles.items()}
        for index, roles in links.items()
    }
    assert found == after
