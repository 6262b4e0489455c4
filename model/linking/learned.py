"""The events of a document: the rules' drafts, linked anew by the learned scorer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.labels import ROLES, STATUSES
from warwire.model.linking.batch import Floats
from warwire.model.linking.corrections import correct
from warwire.model.linking.draft import Draft
from warwire.model.linking.grouping import events_of
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.rules import link_by_rules
from warwire.model.linking.scorer import Scorer, shipped_scorer
from warwire.model.linking.signals import Signals, signals_of


def link(layout: Layout, scorer: Scorer | None = None) -> list[Draft]:
    """All events of a document as drafts, in the order of their triggers; `scorer` is the shipped one by default."""
    return link_all([layout], scorer)[0]


def link_all(layouts: Sequence[Layout], scorer: Scorer | None = None) -> list[list[Draft]]:
    """As `link`, of several documents, which is quicker; each comes out as if it were alone."""
    scorer = scorer or shipped_scorer()
    by_rules = [link_by_rules(layout) for layout in layouts]
    signals = [signals_of(layout, drafts) if drafts else None for layout, drafts in zip(layouts, by_rules, strict=True)]
    scores = iter(scorer.score_all([of_document for of_document in signals if of_document is not None]))
    return [
        _linked(layout, drafts, of_document, scorer, *next(scores)) if of_document is not None else []
        for layout, drafts, of_document in zip(layouts, by_rules, signals, strict=True)
    ]


def _linked(
    layout: Layout, drafts: Sequence[Draft], signals: Signals, scorer: Scorer, probable: Floats, statuses: Floats
) -> list[Draft]:
    """The events of a document whose candidates and statuses have been scored."""
    by_rules = {draft.trigger.index: draft for draft in reversed(drafts)}
    links = _chosen(layout, signals, probable >= scorer.thresholds)
    correct(layout, links)
    found: list[Draft] = []
    for index, of_status in zip(signals.triggers.tolist(), statuses, strict=True):
        draft = by_rules[index]
        of_status[STATUSES.index(draft.status)] *= scorer.status_trust
        status = STATUSES[int(of_status.argmax())]
        events = events_of(layout, draft.trigger, draft.voice, links[index])
        for event in events:
            event.status = status
        found += events
    return found


def _chosen(layout: Layout, signals: Signals, chosen: NDArray[np.bool_]) -> dict[int, dict[str, list[Mention]]]:
    """The fillers of each role by the trigger's mention index, in the order of the text."""
    found: dict[int, dict[str, list[Mention]]] = {index: {} for index in signals.triggers.tolist()}
    pairs, roles = np.nonzero(chosen)
    triggers, columns = signals.triggers[signals.rows[pairs]].tolist(), signals.columns[pairs].tolist()
    for trigger, column, role in zip(triggers, columns, roles.tolist(), strict=True):
        found[trigger].setdefault(ROLES[role], []).append(layout.mentions[column])
    return found
