"""Plain made-up sentences for the linker: each construction that a reader takes for granted, in many fillings.

The corpus is hard on purpose; without these a scorer can be unsure of *gunmen killed two farmers*.
"""

import random
from typing import Final

from warwire.annotations.document import Document
from warwire.annotations.formats.inline import parse_inline

TEMPLATES: Final = (
    ("[{A}|ACTOR:a1] [{hit}|STRIKE:e1] a [{o}|TARGET:g1] in [{P}|PLACE:p1].", "e1: agent=a1 target=g1 place=p1"),
    (
        "A [{o}|TARGET:g1] was [{hit}|STRIKE:e1] by [{w}|WEAPON:w1] in [{P}|PLACE:p1].",
        "e1: target=g1 weapon=w1 place=p1",
    ),
    ("[{A}|ACTOR:a1] [killed|KILL:e1] [{n}|COUNT:c1] {adj} [{v}|TARGET:g1].", "e1: agent=a1 count=c1 target=g1"),
    ("[{A}|ACTOR:a1] [killed|KILL:e1] [{n}|COUNT:c1] [{v}|TARGET:g1].", "e1: agent=a1 count=c1 target=g1"),
    ("[{N}|COUNT:c1] [{v}|TARGET:g1] were [killed|KILL:e1] near [{P}|PLACE:p1].", "e1: count=c1 target=g1 place=p1"),
    (
        "[{N}|COUNT:c1] {adj} [{v}|TARGET:g1] were [wounded|INJURE:e1] in [{P}|PLACE:p1] on [{t}|TIME:t1].",
        "e1: count=c1 target=g1 place=p1 time=t1",
    ),
    (
        "[{A}|ACTOR:a1] [killed|KILL:e1] [{n}|COUNT:c1] [{v}|TARGET:g1] and a [{one}|TARGET:g2].",
        "e1: agent=a1 count=c1 target=g1\ne1b: trigger=e1 agent=a1 target=g2",
    ),
    (
        "[{A}|ACTOR:a1] [fired|LAUNCH:e1] [{n}|COUNT:c1] [{w}|WEAPON:w1] at [{P}|PLACE:p1] on [{t}|TIME:t1].",
        "e1: agent=a1 count=c1 weapon=w1 place=p1 time=t1",
    ),
    (
        "[{A}|ACTOR:a1] [fired|LAUNCH:e1] [{n}|COUNT:c1] [{w}|WEAPON:w1] at [{P}|PLACE:p1]. The [{S}|SPEAKER:s1] said "
        "[{m}|COUNT:c2] of them were [shot down|INTERCEPT:e2] and no [{o}|TARGET:g1] was [damaged|DAMAGE:e3].",
        "e1: agent=a1 count=c1 weapon=w1 place=p1\ne2: count=c2 weapon=w1 place=p1 speaker=s1\n"
        "e3: target=g1 place=p1 speaker=s1 status=denied",
    ),
    (
        "The [{S}|SPEAKER:s1] said it [shot down|INTERCEPT:e1] [{n}|COUNT:c1] [{w}|WEAPON:w1] over [{P}|PLACE:p1].",
        "e1: agent=s1 count=c1 weapon=w1 place=p1 speaker=s1",
    ),
    (
        "The [{A}|ACTOR:a1] [retook|CONTROL:e1] [{P}|PLACE:p1] from the [{B}|ACTOR:a2] on [{t}|TIME:t1].",
        "e1: agent=a1 place=p1 target=a2 time=t1",
    ),
    (
        "[{A}|ACTOR:a1] [captured|CONTROL:e1] [{n}|COUNT:c1] [villages|TARGET:g1] near [{P}|PLACE:p1].",
        "e1: agent=a1 count=c1 target=g1 place=p1",
    ),
    (
        "A [{w1}|WEAPON:w1] [exploded|STRIKE:e1] in [{P}|PLACE:p1], [killing|KILL:e2] [{n}|COUNT:c1] [{v}|TARGET:g1].",
        "e1: weapon=w1 place=p1\ne2: weapon=w1 count=c1 target=g1 place=p1",
    ),
    (
        "[{C}|PLACE:p1]'s [{S}|SPEAKER:s1] said [{w}|WEAPON:w1] [hit|STRIKE:e1] [{P}|PLACE:p2].",
        "e1: weapon=w1 place=p2 speaker=s1",
    ),
    (
        "A [{w1}|WEAPON:w1] [hit|STRIKE:e1] a [{o}|TARGET:g1] in [{P}|PLACE:p1]. [{N}|COUNT:c1] [{v}|TARGET:g2] were "
        "[killed|KILL:e2].",
        "e1: weapon=w1 target=g1 place=p1\ne2: count=c1 target=g2 place=p1",
    ),
    (
        "In a second [attack|STRIKE:e1], a [{one}|TARGET:g1] was [killed|KILL:e2] in [{P}|PLACE:p1].",
        "e1: place=p1\ne2: target=g1 place=p1",
    ),
    (
        "The [attack|STRIKE:e1] [wounded|INJURE:e2] [{n}|COUNT:c1] [{v}|TARGET:g1] in [{P}|PLACE:p1].",
        "e1: place=p1\ne2: count=c1 target=g1 place=p1",
    ),
    (
        "[Shelling|STRIKE:e1] by [{A}|ACTOR:a1] [killed|KILL:e2] [{n}|COUNT:c1] [{v}|TARGET:g1] of [{P}|PLACE:p1].",
        "e1: agent=a1 place=p1\ne2: agent=a1 count=c1 target=g1 place=p1",
    ),
    (
        "[{A}|ACTOR:a1] [clashed|CLASH:e1] with [{B}|ACTOR:a2] near [{P}|PLACE:p1] on [{t}|TIME:t1].",
        "e1: agent=a1 target=a2 place=p1 time=t1",
    ),
    (
        "[{A}|ACTOR:a1] [detained|DETAIN:e1] [{n}|COUNT:c1] [{v}|TARGET:g1] in [{P}|PLACE:p1], [{S}|SPEAKER:s1] said.",
        "e1: agent=a1 count=c1 target=g1 place=p1 speaker=s1",
    ),
    (
        "[{N}|COUNT:c1] [{v}|TARGET:g1] [fled|DISPLACE:e1] from [{P}|PLACE:p1] to [{C}|PLACE:p2].",
        "e1: count=c1 target=g1 origin=p1 place=p2",
    ),
    ("[{W}|WEAPON:w1] were [fired|LAUNCH:e1] from [{P}|PLACE:p1] on [{t}|TIME:t1].", "e1: weapon=w1 origin=p1 time=t1"),
    ("The [{A}|ACTOR:a1] denied [{bombing}|STRIKE:e1] a [{o}|TARGET:g1].", "e1: agent=a1 target=g1 status=denied"),
    ("[{A}|ACTOR:a1] threatened to [{strike}|STRIKE:e1] [{P}|PLACE:p1].", "e1: agent=a1 place=p1 status=planned"),
    (
        "There were unconfirmed reports of [{w}|WEAPON:w1] [hitting|STRIKE:e1] [{P}|PLACE:p1].",
        "e1: weapon=w1 place=p1 status=unverified",
    ),
)

SLOTS: Final = {
    "A": "Rebels;Gunmen;Militants;Government troops;Insurgents;Soldiers;Separatists;Houthi fighters;Israeli forces",
    "B": "army;militia;insurgents;RSF;junta troops;Taliban",
    "P": "Marun;Port Selle;Kharkiv;Idlib;Goma;Ardo;Lashkar Gah;Tyre;Bria;Mekele;Sloviansk",
    "C": "Ukraine;Sudan;Lebanon;Velia;Mali;Yemen;Armenia",
    "S": "air force;army;health ministry;interior ministry;police;border guard;rescue service;general staff",
    "v": "farmers;people;civilians;villagers;soldiers;women;students;drivers;police officers",
    "one": "medic;reporter;boy;teacher;policeman;priest",
    "o": "school;police post;convoy;market;depot;bridge;checkpoint",
    "w": "rockets;mortars;drones;missiles;shells;Grad rockets;S-300 missiles",
    "W": "Rockets;Mortars;Drones;Missiles;Shells",
    "w1": "car bomb;mine;roadside bomb;grenade;shell",
    "n": "two;12;at least nine;five;31;dozens of;four;more than 20;several",
    "m": "one;two;some 30;three",
    "N": "Two;Seven;At least 14;Dozens of;Three;Some 200;Five",
    "adj": "unarmed;young;local;elderly;off-duty",
    "t": "Monday;Friday;Sunday;12 March;Tuesday night;Thursday",
    "hit": "shelled;bombed;attacked;struck",
    "bombing": "bombing;shelling;attacking",
    "strike": "bomb;attack;shell",
}


def plain_documents(rounds: int, seed: int) -> list[Document]:
    """Each template filled `rounds` times; the same seed gives the same documents."""
    chance = random.Random(seed)
    choices = {slot: words.split(";") for slot, words in SLOTS.items()}
    found = []
    for i, (text, events) in enumerate(TEMPLATES * rounds):
        filled = text.format(**{slot: chance.choice(words) for slot, words in choices.items()})
        filled = filled.replace("s of|COUNT:c1]", "s|COUNT:c1] of")
        found.append(parse_inline(f"# id: plain-{i}\n{filled}\n---\n{events}\n"))
    return found
