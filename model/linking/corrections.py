"""Where grammar leaves no choice, it has the last word over the learned scorer.

Each correction is a pattern of mentions side by side, so that it seldom applies and is then nearly always right.
"""

import re
from collections.abc import Callable
from typing import Final

from warwire.model.linking.layout import Layout, Mention
from warwire.model.linking.split import names_part

Links = dict[str, list[Mention]]

_OR: Final = re.compile(r"\s*(?:,|,?\s*(?:and|or))\s*")
_AND: Final = re.compile(r"\s*(?:,|,?\s*and)\s*")
_WERE: Final = re.compile(r"\s*(?:were|was)?\s*")
_FROM: Final = re.compile(r"\bfrom\s+(?:the\s+)?$")
_THAT: Final = re.compile(r"\s+(?:(?:that|which)\s+)?(?:(?:also|has|had|have|reportedly)\s+)*")
_AIR_DEFENCES: Final = re.compile(r"(?:[\w\-]+\s+)?air[\s-]defen[cs]es?(?:\s+systems?)?", re.IGNORECASE)
_BARE: Final = re.compile(r"\s+(?:the\s+)?")
_LOSE: Final = re.compile(r"(?:(?:had|has|have) )?(?:lost|los(?:e|es|ing))", re.IGNORECASE)
_TOLL: Final = re.compile(r"\btoll\b", re.IGNORECASE)
_REACHES: Final = re.compile(
    r"\b(?:(?:rose|risen|rises?|climb(?:s|ed)|gr[eo]wn?|jump(?:s|ed)|increased|stands?|stood|now)\b[^.;:]*?"
    r"\b(?:to|at|past|above)|(?:reach|pass)(?:es|ed)) (?:(?:at least|more than|about|around|nearly|some) )?$"
)
_SUFFERED: Final = frozenset({"KILL", "INJURE"})


def correct(layout: Layout, links: dict[int, Links]) -> None:
    """Correct the fillers of each role, by the trigger's mention index, in place."""
    for correction in _CORRECTIONS:
        for index, of_trigger in links.items():
            correction(layout, layout.mentions[index], of_trigger, links)


def _loser_of_ground(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*retook Nyala from the RSF*: who lost the ground is its target, never its agent."""
    if trigger.label != "CONTROL":
        return
    for mention in layout.mentions[trigger.index + 1 : trigger.index + 7]:
        if mention.sentence != trigger.sentence or mention.is_trigger:
            return
        if mention.label == "ACTOR" and _FROM.search(layout.before(mention, 20)):
            _drop(own, "agent", mention)
            _add(own, "target", mention)


def _repelled(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*the army repelled two assaults*: the two are assaults, and the army's part is told by the verb."""
    if trigger.label != "CLASH":
        return
    count, noun = _at(layout, trigger, 1), _at(layout, trigger, 2)
    if count is None or noun is None or count.label != "COUNT" or noun.label != "CLASH":
        return
    of_noun = links[noun.index]
    if layout.gap(count, noun).strip() == "" and count in of_noun.get("count", ()):
        _drop(own, "count", count)
        for agent in own.get("agent", ()):
            _drop(of_noun, "target", agent)


def _air_defences(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*air defences shot down six missiles*: who fires is not told by it, the missiles are what is stopped."""
    if trigger.label != "INTERCEPT":
        return
    subject = _at(layout, trigger, -1)
    weapons = own.get("weapon", [])
    if subject is None or subject not in weapons:
        return
    if weapons[-1].index > trigger.index and _AIR_DEFENCES.fullmatch(subject.surface):
        _drop(own, "weapon", subject)


def _whoever_is_killed_was_hit(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*shelling killed two guards*: a strike that is told to kill has hit those whom it killed."""
    if trigger.label != "STRIKE" or own.get("target"):
        return
    verb = _at(layout, trigger, 1)
    if verb is None or verb.label != "KILL":
        return
    if _THAT.fullmatch(layout.gap(trigger, verb)):
        for victim in links[verb.index].get("target", ()):
            if victim.index > verb.index and not names_part(layout, victim):
                _add(own, "target", victim)


def _shared_object(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*killed or wounded 30 residents*: both verbs have the object."""
    if trigger.label not in _SUFFERED:
        return
    other, first = _at(layout, trigger, 1), _at(layout, trigger, 2)
    if first is None or other is None or {trigger.label, other.label} != _SUFFERED or first.is_trigger:
        return
    if not _OR.fullmatch(layout.gap(trigger, other)) or not _BARE.fullmatch(layout.gap(other, first)):
        return
    second = links[other.index]
    for role in ("count", "target"):
        both = [m for m in (*own.get(role, ()), *second.get(role, ())) if m.index >= first.index]
        for of_trigger in (own, second):
            if both and not of_trigger.get(role):
                of_trigger[role] = list(dict.fromkeys(both))


def _victims_of_own_count(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*six people died and 20 were hurt*: the 20 are told without saying who they are."""
    if trigger.label not in _SUFFERED:
        return
    count, verb, victims, number = (_at(layout, trigger, -step) for step in (1, 2, 3, 4))
    if count is None or verb is None or victims is None or number is None:
        return
    labels = [mention.label for mention in (number, victims, count)]
    if labels != ["COUNT", "TARGET", "COUNT"] or {trigger.label, verb.label} != _SUFFERED:
        return
    told = _AND.fullmatch(layout.gap(verb, count)) and _WERE.fullmatch(layout.gap(count, trigger))
    if told and _WERE.fullmatch(layout.gap(victims, verb)) and count in own.get("count", ()):
        _drop(own, "target", victims)


def _losers(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*the army lost three men*: whose the dead or the goods are did not do it."""
    if trigger.label != "CONTROL" and _LOSE.fullmatch(trigger.surface):
        for agent in own.get("agent", ()):
            _drop(own, "agent", agent)


def _toll(layout: Layout, trigger: Mention, own: Links, links: dict[int, Links]) -> None:
    """*the toll in the strike on Lira rose to 34*: it is the toll's, whatever stands between."""
    if trigger.label not in _SUFFERED or own.get("count") or not _TOLL.search(trigger.surface):
        return
    for mention in layout.mentions[trigger.index + 1 :]:
        if mention.sentence != trigger.sentence or mention.label in _SUFFERED:
            return
        if mention.label == "COUNT":
            if _REACHES.search(layout.gap(trigger, mention)):
                _add(own, "count", mention)
            return


def _at(layout: Layout, mention: Mention, step: int) -> Mention | None:
    """The mention some steps from another, None where it stands in another sentence."""
    index = mention.index + step
    if not 0 <= index < len(layout.mentions):
        return None
    found = layout.mentions[index]
    return found if found.sentence == mention.sentence else None


def _add(links: Links, role: str, mention: Mention) -> None:
    if mention not in links.get(role, ()):
        links.setdefault(role, []).append(mention)


def _drop(links: Links, role: str, mention: Mention) -> None:
    kept = [m for m in links.get(role, ()) if m is not mention]
    if kept:
        links[role] = kept
    else:
        links.pop(role, None)


_CORRECTIONS: Final[tuple[Callable[[Layout, Mention, Links, dict[int, Links]], None], ...]] = (
    _loser_of_ground,
    _repelled,
    _air_defences,
    _shared_object,
    _victims_of_own_count,
    _whoever_is_killed_was_hit,
    _losers,
    _toll,
)
