"""The side that a name gives: the ISO 3166 code of a state and its people, or the name of an armed group or alliance.

A surface has a side when a name in it says so (*Moscow's forces*, *Israeli soldiers*, *Houthi rebels*). The name of a
group outranks that of its country (*Yemen's Houthis*). Two parties in one surface (*Afghan and coalition force*) have
no side; nor have those who are named after a state but may fight it (*Syrian militants*), or are only backed by it
(*Iranian-backed militias*), friendly or opposed to it (*pro-Russian*, *anti-Houthi*). Palestinians, who have no army of
their own, are PS under arms too. The tables are in `model/parties`.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from warwire.model.parties.tables import Name, fold_word, group_countries, longest_match, sides, words_in


def stems(words: str) -> frozenset[str]:
    """The folded words of a list."""
    return frozenset(map(fold_word, words.split()))


_ALLIANCES: Final = frozenset(
    {"UN", "NATO", "ISAF", "European Union", "OSCE", "African Union", "ECOMOG", "CSTO", "SAMIDRC", "SAMIM", "MNJTF"}
    | {"Saudi-led coalition", "US-led coalition", "G5 Sahel force", "CIS peacekeepers"}
    | {"Multinational Security Support Mission"}
)
NOT_THE_STATE: Final = stems(
    """
    rebel insurgent insurgency opposition separatist secessionist militant jihadist jihadi guerrilla gunman gunmen
    dissident mercenary mercenaries paramilitary paramilitaries fighter militia militiaman militiamen extremist
    terrorist protester defector deserter exile mujahideen mujahidin tribesman tribesmen cartel gang warlord
    oppositionist radical islamist irregular faction
    """
)
_AIRCRAFT: Final = stems("jet jets plane planes aircraft bomber bombers pilot pilots")
_BEFORE: Final = stems("pro anti non ethnic former ex ousted deposed counter post")
NOT_THE_PARTY: Final = stems(
    """
    backed formed trained aligned linked supported allied funded sponsored armed affiliated made inspired speaking
    occupied held based bound affiliate branch offshoot supporter sympathiser sympathizer backer sponsor rival opponent
    foe proxy proxies born ally dominated administered supplied designed style built
    """
)
_PLACED: Final = stems("in at near inside along on across around outside over into")
_STOPS: Final = stems(
    "in at near against into inside on along with by who to over outside as fighting between under during"
)
_ENVOYS: Final = stems("ambassador envoy representative")
INSTITUTIONS: Final = stems(
    """
    ministry government police authority authorities hospital official command administration embassy office army
    military
    """
)
_PEOPLES: Final = frozenset({"Kurdish forces", "Druze forces", "Bedouin fighters"})
_ETHNIC: Final = _PEOPLES | {"Bosnian Serb forces", "Bosnian Croat forces", "Chechen rebels", "Tigray forces (TPLF)"}
"""Groups that have the name of a people, whose civilians are of no armed group."""
_CIVILIANS: Final = stems(
    """
    civilian girl boy woman women child children baby infant family families minority community communities villager
    village villages resident refugee student pupil pupils teacher mother father wife widow elder cleric journalist
    people protester shepherd farmer vendor seller home house houses homes neighbourhood neighborhood town towns
    """
)
_BRANCHES: Final = stems("affiliate branch offshoot")
COALITION: Final = stems("coalition")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name with a side among the words of a phrase, from word `start` to `end`."""

    name: Name
    start: int
    end: int


def side_of(surface: str) -> str | None:
    """The side that the words of a surface name, outside any report; None where they name none or more than one."""
    return side_in(surface, ())


def is_armed_group(side: str) -> bool:
    """Whether a side is an armed group: neither a state nor an alliance of states."""
    return side in group_countries() and side not in _ALLIANCES


def names_force(surface: str) -> bool:
    """Whether a surface names a force of a state that has a name of its own."""
    return any(mention.name.sort == "force" for mention in read_party(surface)[1])


def names_person(surface: str) -> bool:
    """Whether a surface names a leader of the table."""
    return any(mention.name.sort == "leader" for mention in read_party(surface)[1])


@lru_cache(maxsize=16384)
def side_in(surface: str, countries: tuple[str, ...]) -> str | None:
    """The side of a surface in a report about some countries, the most mentioned first."""
    words, mentions = read_party(surface)
    if any(mention.name.sort == "body" and mention.name.side is None for mention in mentions):
        return None
    named = _resolved(mentions, countries)
    states = {side for side in named if is_country(side)}
    groups = named - states
    groups = groups - _PEOPLES if len(groups) > 1 else groups
    joint = any("and" in words[one.end : other.start] for one, other in pairwise(mentions))
    if len(groups) > 1 or (groups and states and joint):
        return None
    if groups == {"UN"} and len(states) == 1 and _is_owned(mentions):
        return states.pop()
    if groups:
        group = groups.pop()
        if group in _ETHNIC and _names_civilians(words, mentions):
            return None
        return _namesake(mentions, group) or group
    if len(states) != 1 or any(word in COALITION for word in words):
        return None
    state = states.pop()
    return state if state == "PS" or not _may_fight_it(words, mentions) else None


def _names_civilians(words: tuple[str, ...], mentions: tuple[Mention, ...]) -> bool:
    """*Druze families*: a word for civilians outside the names."""
    rest = [word for at, word in enumerate(words) if not any(one.start <= at < one.end for one in mentions)]
    return not _CIVILIANS.isdisjoint(rest)


def _is_owned(mentions: tuple[Mention, ...]) -> bool:
    """*Iran's U.N. ambassador*, *Kenyan UN peacekeepers*: a state right before the United Nations."""
    return any(is_country(one.name.side or "") and one.end == other.start for one, other in pairwise(mentions))


def _namesake(mentions: tuple[Mention, ...], group: str) -> str | None:
    """The state whose force has the longer name of a group elsewhere: *Uganda People's Defense Force*."""
    for state, force in pairwise(mentions):
        code: str = state.name.side or ""
        long = force.end - force.start > 1 and force.start == state.end and force.name.side == group
        if long and is_country(code) and code not in group_countries().get(group, ()):
            return code
    return None


def _resolved(mentions: tuple[Mention, ...], countries: tuple[str, ...]) -> set[str]:
    """The sides of names; an ambiguous one goes by a country beside it (*Turkish General Staff*) or by the report's."""
    plain = {mention.name.side or "" for mention in mentions if mention.name.sort != "ambiguous"}
    beside = sorted(filter(is_country, plain))
    for mention in mentions:
        if mention.name.sort == "ambiguous":
            told = mention.name.sides.get(beside[0]) if beside else mention.name.side_in(countries)
            plain.add(told or "")
    return {side for side in plain if side}


def is_country(side: str) -> bool:
    """Whether a side is the code of a country."""
    return len(side) == 2 and side != "UN"


def _may_fight_it(words: tuple[str, ...], mentions: tuple[Mention, ...]) -> bool:
    if any(mention.name.sort in ("force", "leader", "ambiguous") for mention in mentions):
        return False
    return any(
        word in NOT_THE_STATE and not (index + 1 < len(words) and words[index + 1] in _AIRCRAFT)
        for index, word in enumerate(words)
    )


@lru_cache(maxsize=16384)
def read_party(phrase: str) -> tuple[tuple[str, ...], tuple[Mention, ...]]:
    """The folded words of a phrase and the names in it that say whose side it is on."""
    written = words_in(phrase)
    words = tuple(map(fold_word, written))
    mentions: list[Mention] = []
    at = 0
    while at < len(words):
        match = longest_match(sides(), words, written, at)
        if match is None:
            if mentions and words[at] in _STOPS:
                break
            at += 1
            continue
        mention = Mention(match[0], at, at + match[1])
        at = mention.end
        if at < len(words) and words[at] in NOT_THE_PARTY and _drops(words, at):
            if words[at] in _BRANCHES and mentions and mentions[-1].end == mention.start:
                mentions.pop()
            at += 1
        elif not _is_aside(words, mention):
            mentions.append(mention)
    return words, tuple(mentions)


def _drops(words: tuple[str, ...], at: int) -> bool:
    """*backed*, *ally*: the name before it is not the party, unless the word is *armed* as in *Hamas armed wing*."""
    return words[at] != "armed" or at + 1 == len(words) or words[at + 1] != "wing"


def _is_aside(words: tuple[str, ...], mention: Mention) -> bool:
    """Whether a name says what a party is for, against or was (*pro-*, *former*), or only where (*troops in Iraq*)."""
    before = tuple(word for word in words[: mention.start] if word != "the")
    if not before:
        return False
    if before[-1] in _BEFORE:
        return True
    if before[-1] == "to" and _ENVOYS.intersection(before):
        return True
    return before[-1] in _PLACED and len(before) > 1 and not INSTITUTIONS.intersection(before)
