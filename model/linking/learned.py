"""The events of a document: the rules' drafts, linked anew by the learned scorer."""

import numpy as np
from numpy.typing import NDArray

from warwire.annotations.labels import ROLES, STATUSES
from warwire.model.linking.corrections import correct
from warwire.model.linking.draft import Draft
from warwire.model.linking.grouping import events_of
from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.rules import link_by_rules
from warwire.model.linking.scorer import Scorer, shipped_scorer
from warwire.model.linking.signals import Signals, signals_of


def link(layout: Layout, scorer: Scorer | None = None) -> list[Draft]:
    """All events of a document as drafts, in the order of their triggers; `scorer` is the shipped one by default."""
    drafts = link_by_rules(layout)
    if not drafts:
        return []
    by_rules = {draft.trigger.index: draft for draft in reversed(drafts)}
    scorer = scorer or shipped_scorer()
    signals = signals_of(layout, drafts)
    probable, statuses = scorer.score(signals)
    links = _chosen(layout, signals, probable >= scorer.thresholds)
    correct(layout, links)
    found: list[Draft] = []
    for index, of_status in zip(signals.triggers.tolist(), statuses, strict=True):
        draft = by_rules[index]
        of_status[STATUSES.index(draft.status)] *= scorer.status_trust
        events = events_of(layout, draft.trigger, draft.voice, links[index])
        for event in events:
            event.status = STATUSES[int(of_status.argmax())]
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
