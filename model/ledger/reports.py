"""Reports: each incident of an article as that article alone tells it.

An incident of an article is one of

- an attack or ground fighting with what came of it: the groups that `attack_joins` makes of LAUNCH, STRIKE, INTERCEPT,
  CLASH, KILL, INJURE and DAMAGE events, those without an attack among them;
  What names no day, and no place or results alone, goes with the one group of the article that it can belong to;
- ground that changes hands, people detained, or people displaced: the events of one type, mood and day that name a
  place in common, or of which one names none.

Every event is in exactly one report. Figures are kept one by one, with the words and the speaker of each; what one
sentence counts apart stays apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from warwire.annotations.document import Document, Event
from warwire.model.attack_claims import MOODS, RESULTS, Claim, Party, claims_of, days_of
from warwire.model.attack_figures import FIGURES as ATTACK_FIGURES
from warwire.model.attack_joins import join_claims
from warwire.model.ledger.location import Location, is_province_of, location_of, precise
from warwire.model.ledger.shingles import sketch_of
from warwire.model.normalise.fields import normalise, read_document
from warwire.model.normalise.place_names import fold
from warwire.model.sentences import split_sentences

FIGURES: Final = dict(ATTACK_FIGURES) | {
    "clashes": "CLASH",
    "detained": "DETAIN",
    "displaced": "DISPLACE",
    "places": "CONTROL",
}
"""Names of figures and the event type whose count each is."""

PEOPLE: Final = frozenset(
    "people person civilian resident man woman victim inhabitant local citizen other dead injured wounded one".split()
)
"""Words for those harmed that tell no two groups apart."""

_NAME_OF: Final = {type: name for name, type in FIGURES.items()}
_UNTOLD: Final = frozenset({"air_defence", "other", ""})
_IMPLIED: Final = {
    "artillery": re.compile(r"\bshell(?:s|ed|ing)?\b", re.IGNORECASE),
    "aircraft": re.compile(r"\bair ?(?:strikes?|raids?)\b|\bair-?strikes?\b", re.IGNORECASE),
}
"""Weapons that a trigger names without a span of their own."""

_LONGEST_EXCERPT: Final = 320  # code points
_LINK: Final = re.compile(r"https?://[^\s<>\"'\\^`{|}\x00-\x1f\x7f]+", re.IGNORECASE)
_STEM: Final = 5  # *Israel* and *Israeli forces*


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is credited with a figure; no `text` stands for the article's own words."""

    text: str = ""
    kind: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure as one speaker gives it: `name` of `FIGURES`, `min` to `max` (None open or unknown), its words.

    `what` is what is counted, in the words of the text; a `part` counts some of what another figure counts.
    `earlier` is the figure that the text itself says it replaces (*up from three*).
    """

    name: str
    speaker: Speaker
    text: str
    min: int | None
    max: int | None
    bound: str | None
    what: str
    part: bool
    status: str
    earlier: tuple[int | None, int | None] | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """One incident as one article tells it.

    `published` and `days` are proleptic ordinals of days, None where unknown; `weekdays` are the days of the week
    named, without their *day*. `models` and `weapons` are names and classes; `targets` the last words of what was hit,
    people left out. `sketch` is a sample of the text's shingles.
    """

    key: str
    article: str
    title: str
    source: str
    link: str
    published: int | None
    mood: str
    statuses: frozenset[str]
    kinds: frozenset[str]
    days: tuple[int, int] | None
    weekdays: frozenset[str]
    places: tuple[Location, ...]
    weapons: frozenset[str]
    models: frozenset[str]
    attackers: frozenset[Party]
    agents: tuple[tuple[str, str], ...]
    targets: frozenset[str]
    statements: tuple[Statement, ...]
    excerpt: str
    sketch: bytes

    @property
    def day(self) -> int | None:
        """The day by which a report is filed: the first of its days, else that of publication."""
        return self.days[0] if self.days else self.published


def reports_of(document: Document) -> Iterator[Report]:
    """The reports of a document, in the order of its text; events without normalised values get them here."""
    document = _with_values(document)
    known = {claim.event.id: claim for claim in claims_of(document)}
    for number, events in enumerate(incidents_of(document), 1):
        yield _report(document, number, events, known)


def incidents_of(document: Document) -> list[list[Event]]:
    """The events of a document by incident, in the order of the text; every event is in one."""
    document = _with_values(document)
    claims = claims_of(document)
    spans = document.span_by_id()
    told = {claim.event.id for claim in claims}
    groups = _folded([list(attack.claims) for attack in join_claims(claims)])
    groups += _other_groups([event for event in document.events if event.id not in told])
    for events in groups:
        events.sort(key=lambda event: (spans[event.trigger].start, event.id))
    return sorted(groups, key=lambda events: (spans[events[0].trigger].start, events[0].id))


def source_of(document: Document) -> tuple[str, str]:
    """Name and http address of where a document came from, empty where it does not say or where it is no such."""
    meta = document.extra.get("meta")
    extra = {**(meta if isinstance(meta, Mapping) else {}), **document.extra}
    named = next((str(extra[key]) for key in ("source", "outlet", "publisher") if extra.get(key)), "")
    address = next((str(extra[key]) for key in ("url", "link") if extra.get(key)), named)
    link = address if _LINK.fullmatch(address) else ""
    if not named or _LINK.fullmatch(named):
        named = re.sub(r"^www\.", "", link.split("/")[2].rpartition("@")[2].lower()) if link else named
    return named, link


def _with_values(document: Document) -> Document:
    """The document, its events with normalised values and sentences where they had none."""
    if all(event.normalised is not None and event.sentence is not None for event in document.events):
        return document
    sentences = split_sentences(document.text)
    readings = read_document(document, sentences)
    events = []
    for event in document.events:
        at = sentences.items[sentences.index_at(readings.spans[event.trigger].start)]
        sentence = event.sentence if event.sentence is not None else document.text[at.start : at.end]
        values = event.normalised if event.normalised is not None else normalise(readings, event)
        events.append(replace(event, normalised=values, sentence=sentence))
    return replace(document, events=tuple(events))


def _folded(groups: Sequence[Sequence[Claim]]) -> list[list[Event]]:
    """Groups of claims as events, remainders put with the one incident of the article that they can belong to."""
    anchored = [group for group in groups if not _is_remainder(group)]
    folded = {id(group): [claim.event for claim in group] for group in anchored}
    for group in groups:
        if _is_remainder(group):
            homes = [home for home in anchored if _can_hold(home, group)]
            if len(homes) == 1:
                folded[id(homes[0])] += [claim.event for claim in group]
            else:
                folded[id(group)] = [claim.event for claim in group]
    return list(folded.values())


def _is_remainder(group: Sequence[Claim]) -> bool:
    """Whether a group tells no day, and no place either or results alone, and is not said to be another attack."""
    if any(claim.days or claim.weekdays or claim.another for claim in group):
        return False
    return not any(claim.spots for claim in group) or all(claim.type in RESULTS for claim in group)


def _can_hold(home: Sequence[Claim], group: Sequence[Claim]) -> bool:
    if home[0].mood != group[0].mood:
        return False
    keys = {spot.key for claim in group for spot in claim.spots}
    kinds = {claim.kind for claim in (*home, *group)} - {None}
    return len(kinds) < 2 and (not keys or bool(keys & {spot.key for claim in home for spot in claim.spots}))


def _other_groups(events: Iterable[Event]) -> list[list[Event]]:
    """Events outside attacks and fighting, by type, mood, place and day."""
    groups: list[list[Event]] = []
    for event in events:
        for group in groups:
            if _goes_with(group, event):
                group.append(event)
                break
        else:
            groups.append([event])
    return groups


def _goes_with(group: Sequence[Event], event: Event) -> bool:
    first = group[0]
    if first.type != event.type or MOODS[first.status] != MOODS[event.status]:
        return False
    days, others = days_of(_values([event], "time")), days_of(_values(group, "time"))
    if days and others and days != others:
        return False
    names = {fold(value["text"]) for value in _values([event], "place")}
    other_names = {fold(value["text"]) for value in _values(group, "place")}
    return not names or not other_names or bool(names & other_names)


def _values(events: Iterable[Event], role: str) -> list[Mapping[str, Any]]:
    return [value for event in events for value in (event.normalised or {}).get(role, ())]


def _report(document: Document, number: int, events: Sequence[Event], known: Mapping[str, Claim]) -> Report:
    source, link = source_of(document)
    claims = [known[event.id] for event in events if event.id in known]
    sentences = list(dict.fromkeys(event.sentence or "" for event in events))
    excerpt = " … ".join(sentences)
    used = [value for value in _values(events, "weapon") if (value.get("class") or "") not in _UNTOLD]
    agents = [value for event in events if event.type != "INTERCEPT" for value in _values([event], "agent")]
    return Report(
        key=f"{document.id}#{number}",
        article=document.id,
        title=document.title or "",
        source=source,
        link=link,
        published=date.fromisoformat(document.date).toordinal() if document.date else None,
        mood=_mood(events),
        statuses=frozenset(event.status for event in events),
        kinds=frozenset(event.type for event in events),
        days=days_of(_values(events, "time")),
        weekdays=frozenset(day for claim in claims for day in claim.weekdays),
        places=_places(events),
        weapons=frozenset(_weapon_classes(document, events)),
        models=frozenset(value["model"] for value in used if value.get("model")),
        attackers=frozenset(party for claim in claims for party in claim.attackers)
        or frozenset(_party(value) for value in agents if not claims),
        agents=tuple(dict.fromkeys((value["text"], value.get("side") or "") for value in agents)),
        targets=frozenset(stem for event in events for stem in _target_stems(event)),
        statements=tuple(_statements(events, known)),
        excerpt=excerpt if len(excerpt) <= _LONGEST_EXCERPT else excerpt[: _LONGEST_EXCERPT - 1] + "…",
        sketch=sketch_of(" ".join(sentences)),
    )


def _mood(events: Sequence[Event]) -> str:
    """Planned where every event is; else told: a denial speaks of what others say happened."""
    return "planned" if all(event.status == "planned" for event in events) else "told"


def _places(events: Sequence[Event]) -> tuple[Location, ...]:
    """The distinct places, in the order of the text; *Aleppo* in *Al Bab in Aleppo* is the province."""
    found = list(dict.fromkeys(location_of(value) for value in _values(events, "place")))
    placed = precise(found)
    if len(placed) == 2:
        inner, outer = placed
        text = " ".join(event.sentence or "" for event in events)
        words = re.escape(inner.text) + r" in (?:\w+ ){0,2}" + re.escape(outer.text)
        if is_province_of(outer, inner) and re.search(words, text):
            found[found.index(outer)] = replace(outer, grain="province", broad=True)
    return tuple(found)


def _weapon_classes(document: Document, events: Iterable[Event]) -> Iterator[str]:
    """Classes of the weapons named, and of those that the trigger implies."""
    spans = document.span_by_id()
    for event in events:
        for value in (event.normalised or {}).get("weapon", ()):
            if (value.get("class") or "") not in _UNTOLD:
                yield value["class"]
        trigger = spans[event.trigger].surface(document.text)
        if not (event.normalised or {}).get("weapon"):
            yield from (name for name, words in _IMPLIED.items() if words.search(trigger))


def _party(value: Mapping[str, Any]) -> Party:
    words = re.findall(r"[\w'’-]+", value["text"])
    return Party(value.get("side"), frozenset(fold(word)[:_STEM] for word in words if word[:1].isupper()))


def _target_stems(event: Event) -> Iterator[str]:
    for value in (event.normalised or {}).get("target", ()):
        stem = head_of(value["text"])
        if stem and stem not in PEOPLE:
            yield stem


@lru_cache(maxsize=1 << 14)
def head_of(text: str) -> str:
    """The last word of a noun phrase, folded, without the s of a plural: *two apartment blocks* is *block*."""
    words = fold(text).split()
    if not words:
        return ""
    last = {"men": "man", "women": "woman", "children": "child"}.get(words[-1], words[-1])
    return last if len(last) < 4 or last.endswith("ss") else last.removesuffix("s")


def _statements(events: Sequence[Event], known: Mapping[str, Claim]) -> Iterator[Statement]:
    for event in events:
        values = event.normalised or {}
        claim = known.get(event.id)
        speakers = [Speaker(v["text"], v.get("kind"), v.get("side")) for v in values.get("speaker", ())] or [Speaker()]
        role = "weapon" if event.type in {"LAUNCH", "INTERCEPT"} else "target"
        what = "; ".join(value["text"] for value in values.get(role, ()))
        for count in values.get("count", ()):
            earlier = count.get("earlier_min"), count.get("earlier_max")
            for speaker in speakers:
                yield Statement(
                    name=_NAME_OF[event.type],
                    speaker=speaker,
                    text=count["text"],
                    min=count.get("min"),
                    max=count.get("max"),
                    bound=count.get("bound"),
                    what=what,
                    part=bool(count.get("part_of")) or (claim is not None and claim.part),
                    status=event.status,
                    earlier=None if earlier == (None, None) else earlier,
                    sentence=(event.sentence or "")[:_LONGEST_EXCERPT],
                )
