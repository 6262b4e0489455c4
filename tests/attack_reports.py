"""Made-up reports of one attack, told in pieces, with the rows of the attack table that a reader would expect.

Each row is told as `ATTACK SPEAKER: figures`; `-` stands for the article's own words. An event whose name ends in
`_part` counts a part of the first event of its trigger.
"""

# ruff: noqa: E501

ONE_ATTACK = {
    # One attack, told in pieces
    "a launch and an interception of one sentence": (
        """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [15|COUNT:c1] [drones|WEAPON:w1] at [Lira|PLACE:p1] and [11|COUNT:c2] of them were [shot down|INTERCEPT:e2].
---
e1: agent=a1 count=c1 weapon=w1 place=p1
e2: count=c2 weapon=w1 place=p1
""",
        ["A1 -: launched 15, intercepted 11"],
    ),
    "eleven of them, in the next sentence": (
        """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [15|COUNT:c1] [drones|WEAPON:w1] at [Lira|PLACE:p1]. [Eleven|COUNT:c2] were [downed|INTERCEPT:e2].
---
e1: agent=a1 count=c1 weapon=w1 place=p1
e2: count=c2
""",
        ["A1 -: launched 15, intercepted 11"],
    ),
    "another figure on top of the first": (
        """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [90|COUNT:c1] [drones|WEAPON:w1] overnight, of which [77|COUNT:c2] were [shot down|INTERCEPT:e2] and [another nine|COUNT:c3] [lost|INTERCEPT:e3].
---
e1: agent=a1 count=c1 weapon=w1
e2: count=c2 weapon=w1
e3: count=c3 weapon=w1
""",
        ["A1 -: launched 90, intercepted 77"],
    ),
    "a strike and its dead": (
        """
[Shells|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1], [killing|KILL:e2] [seven|COUNT:c1] and [wounding|INJURE:e3] [19|COUNT:c2].
---
e1: weapon=w1 place=p1
e2: count=c1 place=p1
e3: count=c2 place=p1
""",
        ["A1 -: killed 7, injured 19"],
    ),
    "the dead in the next sentence, without a place": (
        """
A [missile|WEAPON:w1] [struck|STRIKE:e1] a [market|TARGET:g1] in [Lira|PLACE:p1]. [Nine|COUNT:c1] people [died|KILL:e2].
---
e1: weapon=w1 target=g1 place=p1
e2: count=c1
""",
        ["A1 -: killed 9"],
    ),
    "the dead in the next paragraph": (
        """
A [missile|WEAPON:w1] [struck|STRIKE:e1] a [market|TARGET:g1] in [Lira|PLACE:p1].

[Nine|COUNT:c1] people [died|KILL:e2].
---
e1: weapon=w1 target=g1 place=p1
e2: count=c1
""",
        ["A1 -: killed 9"],
    ),
    "headline and body": (
        """
[Seven|COUNT:c1] [killed|KILL:e1] in [Lira|PLACE:p1] [shelling|STRIKE:e2]

By Our Correspondent

[Rebels|ACTOR:a1] [shelled|STRIKE:e3] [Lira|PLACE:p2] on [Monday|TIME:t1], [killing|KILL:e4] [seven|COUNT:c2] people.
---
e1: count=c1 place=p1
e2: place=p1
e3: agent=a1 place=p2 time=t1
e4: count=c2 place=p2
""",
        ["A1 -: killed 7"],
    ),
    "the attack, pointing back": (
        """
[Rebels|ACTOR:a1] [shelled|STRIKE:e1] [Lira|PLACE:p1] on [Monday|TIME:t1]. The [attack|STRIKE:e2] [damaged|DAMAGE:e3] [five|COUNT:c1] houses.
---
e1: agent=a1 place=p1 time=t1
e2:
e3: count=c1
""",
        ["A1 -: damaged 5"],
    ),
    "the same place and night, far apart in the article": (
        """
[Drones|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1] [overnight|TIME:t1].

The rain had stopped by then. Few people were in the streets. The shops were shut.

Nobody knew when they would open. It was the season of the mango.

The fire brigade came late. In [Lira|PLACE:p2] [overnight|TIME:t2] [four|COUNT:c1] people were [killed|KILL:e2].
---
e1: weapon=w1 place=p1 time=t1
e2: count=c1 place=p2 time=t2
""",
        ["A1 -: killed 4"],
    ),
    "a part is told after its whole and does not add to it": (
        """
The [strike|STRIKE:e1] on [Lira|PLACE:p1] [killed|KILL:e2] [12|COUNT:c1] people, including [four|COUNT:c2] [children|TARGET:g1].
---
e1: place=p1
e2: count=c1
e2_part: trigger=e2 count=c2 target=g1
""",
        ["A1 -: killed 12"],
    ),
    "a part that is told as such in words alone": (
        """
The [strike|STRIKE:e1] on [Lira|PLACE:p1] [killed|KILL:e2] [52|COUNT:c1] [people|TARGET:g1], [eight|COUNT:c2] of them [children|TARGET:g2].
---
e1: place=p1
e2: count=c1 target=g1
e2b: trigger=e2 count=c2 target=g2
""",
        ["A1 -: killed 52"],
    ),
    "a part alone is a least number": (
        """
The [strike|STRIKE:e1] on [Lira|PLACE:p1] [killed|KILL:e2] many, among them [four|COUNT:c1] [children|TARGET:g1].
---
e1: place=p1
e2: count=c1 target=g1
""",
        ["A1 -: killed 4+"],
    ),
    "what one word counts apart adds up": (
        """
The [strike|STRIKE:e1] on [Lira|PLACE:p1] [killed|KILL:e2] [two|COUNT:c1] [soldiers|TARGET:g1] and [three|COUNT:c2] [drivers|TARGET:g2].
---
e1: place=p1
e2: count=c1 target=g1
e2b: trigger=e2 count=c2 target=g2
""",
        ["A1 -: killed 5"],
    ),
    "one count of two things is one number": (
        """
The [strike|STRIKE:e1] on [Lira|PLACE:p1] [killed|KILL:e2] [nine|COUNT:c1] [men|TARGET:g1] and [women|TARGET:g2].
---
e1: place=p1
e2: count=c1 target=g1
e2b: trigger=e2 count=c1 target=g2
""",
        ["A1 -: killed 9"],
    ),
    "a figure and the one it corrects": (
        """
The [toll|KILL:e1] of the [strike|STRIKE:e2] on [Lira|PLACE:p1] is [26|COUNT:c1], not [30|COUNT:c2].
---
e1: count=c1 place=p1
e1b: trigger=e1 count=c2 place=p1
e2: place=p1
""",
        ["A1 -: killed 26"],
    ),
    "a town and its district on one day": (
        """
[Shells|WEAPON:w1] [hit|STRIKE:e1] [Lira district|PLACE:p1] on [Monday|TIME:t1]. On [Monday|TIME:t2] [two|COUNT:c1] people [died|KILL:e2] in [Lira|PLACE:p2].
---
e1: weapon=w1 place=p1 time=t1
e2: count=c1 place=p2 time=t2
""",
        ["A1 -: killed 2"],
    ),
    "a list of places and the dead in one of them": (
        """
[Drones|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1], [Sona|PLACE:p2] and [Oyam|PLACE:p3] on [Monday|TIME:t1]. [Three|COUNT:c1] were [killed|KILL:e2] in [Sona|PLACE:p4].
---
e1: weapon=w1 place=p1,p2,p3 time=t1
e2: count=c1 place=p4
""",
        ["A1 -: killed 3"],
    ),
    # Several speakers
    "each speaker's figure has a row of its own": (
        """
The [army|SPEAKER:s1] said the [strike|STRIKE:e1] on [Lira|PLACE:p1] [killed|KILL:e2] [four|COUNT:c1], while the [hospital|SPEAKER:s2] said [nine|COUNT:c2] had [died|KILL:e3].
---
e1: place=p1 speaker=s1
e2: count=c1 speaker=s1
e3: count=c2 speaker=s2
""",
        ["A1 army: killed 4", "A1 hospital: killed 9"],
    ),
    "the article's own figure stays apart from a speaker's": (
        """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Lira|PLACE:p1]. The [army|SPEAKER:s1] said it [shot down|INTERCEPT:e2] [six|COUNT:c2] of them.
---
e1: agent=a1 count=c1 weapon=w1 place=p1
e2: agent=s1 count=c2 weapon=w1 speaker=s1
""",
        ["A1 -: launched 9", "A1 army: intercepted 6"],
    ),
    "a speaker named in full and in short is one": (
        """
[Lira's air force|SPEAKER:s1] said [rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1]. The [air force|SPEAKER:s2] said [six|COUNT:c2] were [downed|INTERCEPT:e2].
---
e1: agent=a1 count=c1 weapon=w1 speaker=s1
e2: count=c2 weapon=w1 speaker=s2
""",
        ["A1 Lira's air force: launched 9, intercepted 6"],
    ),
    "two speakers of one statement are one row": (
        """
[Police|SPEAKER:s1] and [witnesses|SPEAKER:s2] said the [blast|STRIKE:e1] in [Lira|PLACE:p1] [killed|KILL:e2] [six|COUNT:c1].
---
e1: place=p1 speaker=s1,s2
e2: count=c1 speaker=s1,s2
""",
        ["A1 Police; witnesses: killed 6"],
    ),
    "a claim without a figure keeps its row": (
        """
The [army|SPEAKER:s1] said [rebels|ACTOR:a1] [shelled|STRIKE:e1] [Lira|PLACE:p1], [killing|KILL:e2] [two|COUNT:c1]. The [mayor|SPEAKER:s2] confirmed the [shelling|STRIKE:e3].
---
e1: agent=a1 place=p1 speaker=s1
e2: count=c1 speaker=s1
e3: speaker=s2
""",
        ["A1 army: killed 2", "A1 mayor:"],
    ),
    # Several weapons
    "weapons counted apart have rows of their own": (
        """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [40|COUNT:c1] [drones|WEAPON:w1] and [seven|COUNT:c2] [cruise missiles|WEAPON:w2] [overnight|TIME:t1]. [Thirty|COUNT:c3] [drones|WEAPON:w3] and [two|COUNT:c4] [cruise missiles|WEAPON:w4] were [downed|INTERCEPT:e2].
---
e1: agent=a1 count=c1 weapon=w1 time=t1
e1b: trigger=e1 agent=a1 count=c2 weapon=w2 time=t1
e2: count=c3 weapon=w3
e2b: trigger=e2 count=c4 weapon=w4
""",
        ["A1 -: launched 40, intercepted 30", "A1 -: launched 7, intercepted 2"],
    ),
    "the dead of several weapons stand under all of them": (
        """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [40|COUNT:c1] [drones|WEAPON:w1] and [seven|COUNT:c2] [cruise missiles|WEAPON:w2] at [Lira|PLACE:p1], [killing|KILL:e2] [three|COUNT:c3].
---
e1: agent=a1 count=c1 weapon=w1 place=p1
e1b: trigger=e1 agent=a1 count=c2 weapon=w2 place=p1
e2: count=c3 place=p1
""",
        ["A1 -: launched 40", "A1 -: launched 7", "A1 -: killed 3"],
    ),
    # Figures
    "open ends stay open": (
        """
[Up to 40|COUNT:c1] [drones|WEAPON:w1] were [launched|LAUNCH:e1] at [Lira|PLACE:p1], [killing|KILL:e2] [at least seven|COUNT:c2] and [wounding|INJURE:e3] [dozens|COUNT:c3].
---
e1: count=c1 weapon=w1 place=p1
e2: count=c2 place=p1
e3: count=c3 place=p1
""",
        ["A1 -: launched 0-40, killed 7+, injured 24+"],
    ),
    "of several tellings the largest leads": (
        """
A [strike|STRIKE:e1] on [Lira|PLACE:p1] [killed|KILL:e2] [at least three|COUNT:c1] people. The [death toll|KILL:e3] in [Lira|PLACE:p2] rose to [five|COUNT:c2].
---
e1: place=p1
e2: count=c1 place=p1
e3: count=c2 place=p2
""",
        ["A1 -: killed 5"],
    ),
    "what is hit is counted as such": (
        """
[Three|COUNT:c1] [missiles|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1].
---
e1: count=c1 weapon=w1 place=p1
""",
        ["A1 -: hit 3"],
    ),
}
