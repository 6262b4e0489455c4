"""Names of persons that occur in several splits.

An invented official who speaks in train and in test tells the model what it should find out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.near_duplicates import Splits

_NAME_WORD: Final = re.compile(r"(?:[A-Z][’'`])?[A-Z][^\W\d_]*[a-z][^\W\d_]*|[A-Z]\.")
_PARTICLES: Final = frozenset("al el bin ibn ben abu abd ould de da do dos la le van von der den di du".split())
_NEVER_IN_A_NAME: Final = frozenset(
    """
    administration affairs agency air alliance ambulance arab archdiocese armed army arrow artillery assembly
    association authorities authority axis base battalion bay black blue board border branch brigade brigades
    broadcasting bureau bridge camp catholic cell central centre center centres charter chief children church
    city civil club coalition coast coastal collective college command commander commission committee
    communist community company congress consulate coordination corps council country court crescent cross
    crossing data defence defense delta democratic department desk diocese directorate district division
    doctors eastern embassy emergency european expert federal federation federated field fighters fire first
    fleet force forces foreign foundation fourth free freedom front fund gazette general global government
    governorate grain great green group guard guards gulf health herald high highland home hospital house
    human humanitarian independent information initiative institute institution intelligence interior
    international islamic island islands joint journal justice kingdom lake league liberation line local lower
    main maritime martyrs media medical memorial mercy middle migration military militia mining minister
    ministry mission mobile mobility monitor monitoring morning mother mount mountain movement municipal
    municipality mutual nation national nations nationalist naval navy network new news north northern notes
    observatory ocean office operation operational operations operative organisation organization parish
    parliament party patriotic patriots patrol peace peninsula people peoples people's police polytechnic
    popular port post power presidency president press prime prison program programme progressive protection
    province provincial public radio railway railways rangers rapid red refugee regiment region regional
    relief religious report reporters rescue research reserve resistance response revolution revolutionary
    rights river road rocket royal ruling sea second secretary sector security self senate service services
    shield shipping signals socialist society soldiers southern south southeastern special spokesman staff
    star state states station sub support supreme syndicate task telegraph television territorial third times
    town trade transport transitional treaty tribal tribune troops trust union unit united units university
    upper valley vice volunteer volunteers war watch water west western white women workers world young youth
    zone african american british chinese egyptian french german indian iranian iraqi israeli lebanese libyan
    pakistani palestinian polish russian saudi somali soviet sudanese syrian turkish ukrainian yemeni africa
    burkina faso gaza hong israel islamabad kong korea lanka leone moscow russia sahel somalia sri sudan syria
    ukraine washington yemen zealand boko haram adom hezbollah magen houthi houthis kurdish rouge sayyaf taliban tigers
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)


@dataclass(frozen=True, slots=True)
class CrossingName:
    """A person's name that occurs in several splits, with the ids of its documents by split."""

    name: str
    documents: Mapping[str, tuple[str, ...]]


def crossing_names(splits: Splits, known: Iterable[str] = ()) -> tuple[CrossingName, ...]:
    """Names of persons that occur in more than one split, by name, case and titles aside.

    Only SPEAKER, ACTOR and TARGET spans are looked at, and of them those that look like a person's name
    (`looks_like_a_person`).

    Args:
        splits: the documents.
        known: names of public figures, who may well occur everywhere.
    """
    allowed = {name.casefold() for name in known}
    found: defaultdict[str, dict[str, dict[str, None]]] = defaultdict(dict)
    for split, documents in splits.items():
        for document in documents:
            for name in _persons(document):
                if name.casefold() not in allowed:
                    found[name].setdefault(split, {})[document.id] = None
    crossing = {name: where for name, where in found.items() if len(where) > 1}
    return tuple(
        CrossingName(name, {split: tuple(ids) for split, ids in crossing[name].items()}) for name in sorted(crossing)
    )


def looks_like_a_person(surface: str) -> bool:
    """Whether a surface is two to five words that could all be parts of a person's name.

    A guess from spelling: every word is capitalised or a particle like *al* or *van*, the first and the last are no
    particles, and none is a word of bodies, places or peoples.
    """
    words = [part for word in surface.split() for part in word.split("-") if part]
    if not 2 <= len(surface.split()) <= 5 or words[-1] in _PARTICLES:
        return False
    if any(word.casefold() in _NEVER_IN_A_NAME for word in words):
        return False
    return all(_NAME_WORD.fullmatch(word) or word in _PARTICLES for word in words) and words[0][0].isupper()


def _persons(document: Document) -> Iterator[str]:
    for span in document.spans:
        if span.label in ("SPEAKER", "ACTOR", "TARGET"):
            name = " ".join(span.surface(document.text).split())
            if looks_like_a_person(name):
                yield name
