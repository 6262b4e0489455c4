"""A made-up archive with known incidents, to measure the ledger on.

Incidents are drawn from the gazetteer's towns and the catalogue's weapons; articles tell them in sentences of several
wordings, whose spans are known, and are read by the real assembler, so that places, times, counts and sides come out
as they would. Everything that makes grouping hard is in it: outlets that copy each other with small changes, tolls
that are revised, speakers who contradict each other, articles that name no more than the province or no day, or the
wrong one, neighbouring towns on one day, one town on successive days, one weapon in one night in many cities,
round-ups of such nights, and later articles that recall another incident.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.formats.inline import parse_inline
from warwire.evaluate.benchmarks.ledger_wording import (
    BODIES,
    COPY_EDITS,
    CORRECTIONS,
    FILLERS,
    LEADS,
    OUTLETS,
    RECALLS,
    ROUND_UPS,
    THEATRES,
    WEAPONS,
    Theatre,
)
from warwire.model.assemble import assemble
from warwire.model.attack_places import distance
from warwire.model.catalogue.table import catalogue
from warwire.model.gazetteer.table import Place, load_gazetteer

_MARK: Final = re.compile(r"\{(\$?)([^{}|]+)\|([A-Z]+)\}")
_WORDS: Final = "no one two three four five six seven eight nine".split()
_DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True)
class Truth:
    """What happened: the facts that every article about one incident draws on."""

    id: int
    setting: str
    theatre: Theatre
    day: date
    night: bool
    town: Place
    province: str
    weapon: str
    model: str | None
    attacker: str
    target: str
    killed: int
    injured: int
    launched: int
    governor: str
    wave: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Told:
    """An article: the document, and for each stretch of text (start, end) the incident it tells and how."""

    document: Document
    stretches: tuple[tuple[int, int, int, str], ...]

    def incident_at(self, offset: int) -> tuple[int, str] | None:
        """Incident and manner of telling at an offset of the text."""
        return next(((id, how) for start, end, id, how in self.stretches if start <= offset < end), None)


@dataclass
class _Draft:
    """Sentences with marks, each with the incident that it tells (None for filler) and how."""

    published: date | None
    sentences: list[tuple[str, int | None, str]] = field(default_factory=list)


def make_archive(
    seed: int, theatres: Sequence[str], incidents: int = 240, days: int = 60
) -> tuple[list[Told], dict[int, str]]:
    """Articles about so many incidents or a few more, within some days, and the setting that each incident stands in.

    The same for the same arguments.
    """
    rng = Random(seed)
    truths = list(_incidents(rng, [THEATRES[name] for name in theatres], incidents, days))
    drafts: list[_Draft] = []
    for truth in truths:
        drafts += _articles(rng, truth, truths)
    rng.shuffle(drafts)
    told = [_told(rng, f"a{number:05}", draft) for number, draft in enumerate(drafts, 1)]
    return told, {truth.id: "round-up" if truth.wave else truth.setting for truth in truths}


# --- incidents ----------------------------------------------------------------------------------------------------


def _incidents(rng: Random, theatres: Sequence[Theatre], number: int, days: int) -> Iterator[Truth]:
    id = 0
    while id < number:
        theatre, day = rng.choice(theatres), date(2023, 9, 4) + timedelta(rng.randrange(days))
        first = _truth(rng, id, theatre, day, _town(rng, theatre))
        setting = rng.choices(("plain", "successive days", "neighbouring towns", "mass attack"), (60, 12, 14, 9))[0]
        series = [first]
        if setting == "successive days":
            series += [_again(rng, first, day + timedelta(step), first.town) for step in range(1, rng.randint(2, 3))]
        elif setting == "neighbouring towns":
            series += [_again(rng, first, day, town) for town in _neighbours(rng, first.town)]
        elif setting == "mass attack":
            first = replace(first, night=True)
            towns = [_town(rng, theatre) for _ in range(rng.randint(2, 4))]
            series = [first, *(_again(rng, first, day, town) for town in towns)]
            launched = rng.randint(30, 120)
            series.append(replace(first, wave=(first.town, *towns), launched=launched))
        for truth in series:
            yield replace(truth, id=id, setting="plain" if len(series) == 1 else setting)
            id += 1


def _truth(rng: Random, id: int, theatre: Theatre, day: date, town: Place) -> Truth:
    weapon = rng.choices(list(WEAPONS), [kind.weight for kind in WEAPONS.values()])[0]
    models = [row.name for row in catalogue() if row.kind == "model" and row.weapon_class == WEAPONS[weapon].of]
    deadly = rng.random() < 0.85
    return Truth(
        id=id,
        setting="plain",
        theatre=theatre,
        day=day,
        night=rng.random() < 0.35,
        town=town,
        province=_province(town),
        weapon=weapon,
        model=rng.choice([m for m in models if re.fullmatch(r"[A-Z][\w-]+", m)]) if rng.random() < 0.3 else None,
        attacker=rng.choice(theatre.attackers),
        target=rng.choice(WEAPONS[weapon].targets),
        killed=min(int(rng.expovariate(0.16)) + 1, 60) if deadly else 0,
        injured=int(rng.expovariate(0.08)) + (0 if deadly else 2),
        launched=rng.randint(2, 24),
        governor=f"{rng.choice(theatre.first_names)} {rng.choice(theatre.last_names)}",
    )


def _again(rng: Random, like: Truth, day: date, town: Place) -> Truth:
    """Another incident of the same side and weapon."""
    other = _truth(rng, 0, like.theatre, day, town)
    governor = like.governor if other.province == like.province else other.governor
    return replace(
        other, weapon=like.weapon, model=like.model, attacker=like.attacker, night=like.night, governor=governor
    )


def _towns(area: str) -> list[Place]:
    return [p for p in load_gazetteer().within(area) if p.kind == "town" and p.name.isascii() and p.name[0].isupper()]


def _town(rng: Random, theatre: Theatre) -> Place:
    towns = sorted(_towns(rng.choice(theatre.areas)), key=lambda place: (-place.population, place.name))
    return rng.choice(towns[:25])


def _neighbours(rng: Random, town: Place) -> list[Place]:
    near = [
        place
        for place in _towns(town.area)
        if place.name != town.name and 6 < distance((town.lat, town.lon), (place.lat, place.lon)) < 30
    ]
    return rng.sample(near, min(len(near), rng.randint(1, 2)))


def _province(town: Place) -> str:
    inside = load_gazetteer().within(town.area)
    return next((place.name for place in inside if place.kind == "province"), town.name)


# --- articles -----------------------------------------------------------------------------------------------------


def _articles(rng: Random, truth: Truth, all: Sequence[Truth]) -> Iterator[_Draft]:
    own = [_telling(rng, truth, 0) for _ in range(rng.choice((1, 2, 2, 3, 3, 4, 5)))]
    yield from own
    for draft in own:
        if rng.random() < 0.3:
            for _ in range(rng.choice((1, 1, 2, 3))):
                yield _copy(rng, draft)
    if rng.random() < 0.4 and not truth.wave:
        for lag in range(1, rng.randint(2, 4)):
            yield _revision(rng, truth, lag)
    if rng.random() < 0.25:
        others = [other for other in all if other.theatre is truth.theatre and other.id != truth.id and not other.wave]
        near = [other for other in others if 0 <= (truth.day - other.day).days <= 8]
        if near:
            yield _recall(rng, truth, rng.choice(near))


def _telling(rng: Random, truth: Truth, lag: int) -> _Draft:
    """One outlet's own article, published up to three days after."""
    published = truth.day + timedelta(rng.choices((1, 2, 3) if truth.night else (0, 1, 2), (75, 18, 7))[0] + lag)
    how = rng.choices(("plain", "vague place", "no day", "wrong day", "no date"), (70, 12, 8, 5, 5))[0]
    facts = _facts(rng, truth, published, how)
    lead = _filled(rng.choice(ROUND_UPS if truth.wave else LEADS), facts)
    draft = _Draft(None if how == "no date" else published, [(lead, truth.id, how)])
    bodies = rng.sample(BODIES, rng.randint(0, 2))
    if not truth.wave:
        draft.sentences += [(_filled(body, facts), truth.id, how) for body in bodies]
        if rng.random() < 0.3:
            conflict = facts | {"killed": _number(rng, _other_toll(rng, truth.killed)), "speaker": facts["rival"]}
            draft.sentences.append((_filled(rng.choice(CORRECTIONS), conflict), truth.id, "conflicting speakers"))
    _pad(rng, draft, facts)
    return draft


def _revision(rng: Random, truth: Truth, lag: int) -> _Draft:
    """A later article with a toll that has risen."""
    later = replace(truth, killed=truth.killed + rng.randint(1, 2 + truth.killed // 3) * lag)
    draft = _telling(rng, later, lag)
    return replace(
        draft, sentences=[(s, id, "revised toll" if how == "plain" else how) for s, id, how in draft.sentences]
    )


def _recall(rng: Random, truth: Truth, other: Truth) -> _Draft:
    """An article about one incident that recalls another."""
    draft = _telling(rng, truth, 0)
    published = draft.published or truth.day + timedelta(1)
    facts = _facts(rng, other, published, "plain", exact=True)
    sentences = [(s, id, "two incidents" if how == "plain" else how) for s, id, how in draft.sentences]
    return replace(draft, sentences=[*sentences, (_filled(rng.choice(RECALLS), facts), other.id, "two incidents")])


def _copy(rng: Random, draft: _Draft) -> _Draft:
    """The same words in another outlet, with small edits and perhaps a day later."""
    sentences = []
    for sentence, id, _ in draft.sentences:
        for old, new in rng.sample(COPY_EDITS, 4):
            sentence = sentence.replace(old, new, 1)
        sentences.append((sentence, id, "copy"))
    if len(sentences) > 1 and rng.random() < 0.3:
        sentences.pop()
    late = draft.published and draft.published + timedelta(rng.choices((0, 1), (85, 15))[0])
    return _Draft(late, sentences)


def _pad(rng: Random, draft: _Draft, facts: dict[str, str]) -> None:
    for _ in range(rng.randint(0, 2)):
        draft.sentences.insert(rng.randint(1, len(draft.sentences)), (_filled(rng.choice(FILLERS), facts), None, ""))


def _other_toll(rng: Random, killed: int) -> int:
    return max(1, rng.choice((killed - 2, killed + 2, killed * 2, killed + 5)))


# --- facts as words -----------------------------------------------------------------------------------------------


def _facts(rng: Random, truth: Truth, published: date, how: str, exact: bool = False) -> dict[str, str]:
    kind, theatre = WEAPONS[truth.weapon], truth.theatre
    weapon = rng.choice(kind.words)
    if truth.model and rng.random() < 0.6:
        weapon = f"{truth.model} {kind.words[0]}"
    told = truth.day + timedelta(rng.choice((-2, -1, 1))) if how == "wrong day" else truth.day
    speakers = (truth.governor, "regional governor", "local officials", "police", "rescuers", "emergency service")
    speaker, rival = rng.sample(speakers, 2)
    place = truth.town.name
    where = rng.choice(("", "", f" in {{{truth.province}|PLACE}}", f", {{{theatre.country}|PLACE}}"))
    if how == "vague place":
        place, where = f"{truth.province} {theatre.division}", ""
    return {
        "weapon": weapon,
        "attacker": rng.choice((truth.attacker, *theatre.names.get(truth.attacker, ()))),
        "place": place,
        "places": ", ".join(f"{{{town.name}|PLACE}}" for town in truth.wave),
        "where": where,
        "country": theatre.country,
        "when": "" if how == "no day" else _when(rng, told, truth.night, published, exact),
        "target": truth.target,
        "killed": _number(rng, max(1, truth.killed)),
        "injured": _number(rng, max(1, truth.injured)),
        "launched": str(truth.launched),
        "downed": str(max(1, truth.launched - rng.randint(1, 6))),
        "victims": rng.choice(("people", "people", "civilians", "residents")),
        "speaker": speaker,
        "rival": rival,
        "hit": rng.choice(("hit", "struck")),
        "strike": kind.strike,
    }


def _when(rng: Random, day: date, night: bool, published: date, exact: bool) -> str:
    named = f"{day:%B} {day.day}"
    ago = (published - day).days
    if exact or ago > 6 or ago < 0:
        return f" on {{{named}|TIME}}"
    if night and ago == 1:
        return rng.choice((" {overnight|TIME}", " {overnight|TIME}", f" on {{{_DAYS[day.weekday()]} night|TIME}}"))
    choices = [f" on {{{_DAYS[day.weekday()]}|TIME}}"] * 3 + [f" on {{{named}|TIME}}"]
    choices += [" {yesterday|TIME}"] if ago == 1 else [" {today|TIME}"] if ago == 0 else []
    return rng.choice(choices)


def _number(rng: Random, number: int) -> str:
    word = _WORDS[number] if number < len(_WORDS) and rng.random() < 0.7 else str(number)
    return rng.choices((word, f"at least {word}"), (75, 25))[0]


def _filled(template: str | Callable[[dict[str, str]], str], facts: dict[str, str]) -> str:
    """The template with its facts; marks of spans stay."""
    source = template if isinstance(template, str) else template(facts)
    for name in ("when", "where", "places", "strike"):
        source = source.replace(f"<{name}>", facts[name])
    return _MARK.sub(lambda mark: f"{{{facts[mark[2]] if mark[1] else mark[2]}|{mark[3]}}}", source)


# --- documents ----------------------------------------------------------------------------------------------------


def _told(rng: Random, id: str, draft: _Draft) -> Told:
    """The article as a document with events and values, by way of the inline form and the assembler."""
    outlet = rng.choice(OUTLETS)
    paragraphs, stretches, position, number = [], [], 0, 0
    for sentence, incident, how in draft.sentences:
        plain = _MARK.sub(lambda mark: mark[2], sentence)
        plain, sentence = plain[:1].upper() + plain[1:], _capitalised(sentence)
        if incident is not None:
            stretches.append((position, position + len(plain), incident, how))
        position += len(plain) + 2
        parts = []
        end = 0
        for mark in _MARK.finditer(sentence):
            number += 1
            parts += [sentence[end : mark.start()], f"[{mark[2]}|{mark[3]}:t{number}]"]
            end = mark.end()
        paragraphs.append("".join([*parts, sentence[end:]]))
    header = f"# id: {id}\n# source: {outlet}\n"
    header += f"# date: {draft.published.isoformat()}\n" if draft.published else ""
    document = parse_inline(header + "\n\n".join(paragraphs) + "\n---\n")
    return Told(assemble(document), tuple(stretches))


def _capitalised(sentence: str) -> str:
    at = 1 if sentence.startswith("{") else 0
    return sentence[:at] + sentence[at : at + 1].upper() + sentence[at + 1 :]
