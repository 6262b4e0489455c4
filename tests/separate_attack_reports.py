"""Made-up reports of events that stay apart, with the rows of the attack table that a reader would expect.

Rows are told as in `attack_reports`.
"""

# ruff: noqa: E501

SEPARATE_ATTACKS = {
    "two towns on two days": (
        """
[Shells|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1] on [Monday|TIME:t1], [killing|KILL:e2] [two|COUNT:c1]. On [Tuesday|TIME:t2] they [hit|STRIKE:e3] [Sona|PLACE:p2], [killing|KILL:e4] [five|COUNT:c2].
---
e1: weapon=w1 place=p1 time=t1
e2: count=c1 place=p1
e3: weapon=w1 place=p2 time=t2
e4: count=c2 place=p2
""",
        ["A1 -: killed 2", "A2 -: killed 5"],
    ),
    "two towns in one sentence": (
        """
[Shelling|STRIKE:e1] in [Lira|PLACE:p1] [killed|KILL:e2] [two|COUNT:c1], and [shelling|STRIKE:e3] in [Sona|PLACE:p2] [killed|KILL:e4] [three|COUNT:c2].
---
e1: place=p1
e2: count=c1 place=p1
e3: place=p2
e4: count=c2 place=p2
""",
        ["A1 -: killed 2", "A2 -: killed 3"],
    ),
    "one town on two days": (
        """
A [missile|WEAPON:w1] [struck|STRIKE:e1] [Lira|PLACE:p1] on [Monday|TIME:t1], [killing|KILL:e2] [two|COUNT:c1]. A [missile|WEAPON:w2] [struck|STRIKE:e3] [Lira|PLACE:p2] on [Tuesday|TIME:t2], [killing|KILL:e4] [two|COUNT:c2].
---
e1: weapon=w1 place=p1 time=t1
e2: count=c1 place=p1 time=t1
e3: weapon=w2 place=p2 time=t2
e4: count=c2 place=p2 time=t2
""",
        ["A1 -: killed 2", "A2 -: killed 2"],
    ),
    "two villages of one district": (
        """
[Shells|WEAPON:w1] [hit|STRIKE:e1] [Ayer|PLACE:p1], [Lira province|PLACE:p2], on [Monday|TIME:t1]. On [Monday|TIME:t2] [shells|WEAPON:w2] [hit|STRIKE:e2] [Bala|PLACE:p3], [Lira province|PLACE:p4], [killing|KILL:e3] [one|COUNT:c1] man.
---
e1: weapon=w1 place=p1,p2 time=t1
e2: weapon=w2 place=p3,p4 time=t2
e3: count=c1 place=p3,p4
""",
        ["A1 -:", "A2 -: killed 1"],
    ),
    "background of an earlier year": (
        """
A [missile|WEAPON:w1] [struck|STRIKE:e1] [Lira|PLACE:p1] on [Monday|TIME:t1], [killing|KILL:e2] [two|COUNT:c1]. A [strike|STRIKE:e3] on [Lira|PLACE:p2] in [May 2022|TIME:t2] [killed|KILL:e4] [50|COUNT:c2].
---
e1: weapon=w1 place=p1 time=t1
e2: count=c1 place=p1
e3: place=p2 time=t2
e4: count=c2 place=p2 time=t2
""",
        ["A1 -: killed 2", "A2 -: killed 50"],
    ),
    "a toll of months is no attack's": (
        """
A [missile|WEAPON:w1] [struck|STRIKE:e1] [Lira|PLACE:p1] on [Monday|TIME:t1], [killing|KILL:e2] [two|COUNT:c1]. In all [400|COUNT:c2] people have been [killed|KILL:e3] in [Lira|PLACE:p2] [since October|TIME:t2].
---
e1: weapon=w1 place=p1 time=t1
e2: count=c1 place=p1
e3: count=c2 place=p2 time=t2
""",
        ["A1 -: killed 2"],
    ),
    "a second attack is another one": (
        """
[Shells|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1], [killing|KILL:e2] [two|COUNT:c1]. A second [strike|STRIKE:e3] there [killed|KILL:e4] [one|COUNT:c2].
---
e1: weapon=w1 place=p1
e2: count=c1 place=p1
e3: place=p1
e4: count=c2 place=p1
""",
        ["A1 -: killed 2", "A2 -: killed 1"],
    ),
    "separately": (
        """
[Drones|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1]. Separately, [drones|WEAPON:w2] [hit|STRIKE:e2] the [depot|TARGET:g1], [killing|KILL:e3] [one|COUNT:c1].
---
e1: weapon=w1 place=p1
e2: weapon=w2 target=g1
e3: count=c1
""",
        ["A1 -:", "A2 -: killed 1"],
    ),
    "a denied attack never joins a told one": (
        """
[Rebels|ACTOR:a1] [shelled|STRIKE:e1] [Lira|PLACE:p1], [killing|KILL:e2] [two|COUNT:c1]. The [rebels|SPEAKER:s1] denied the [shelling|STRIKE:e3].
---
e1: agent=a1 place=p1
e2: count=c1 place=p1
e3: place=p1 speaker=s1 status=denied
""",
        ["A1 -: killed 2", "A2 rebels (denied):"],
    ),
    "a planned attack never joins a told one": (
        """
[Rebels|ACTOR:a1] [shelled|STRIKE:e1] [Lira|PLACE:p1] and threatened to [shell|STRIKE:e2] [Lira|PLACE:p2] again.
---
e1: agent=a1 place=p1
e2: agent=a1 place=p2 status=planned
""",
        ["A1 -:", "A2 - (planned):"],
    ),
    "denied deaths are no figure of the attack": (
        """
[Rockets|WEAPON:w1] [landed|STRIKE:e1] near [Sona|PLACE:p1]; [no|COUNT:c1] [civilians|TARGET:g1] were [killed|KILL:e2].
---
e1: weapon=w1 place=p1
e2: count=c1 target=g1 place=p1 status=denied
""",
        ["A1 -:"],
    ),
    "two attackers": (
        """
[Vardrija|ACTOR:a1] [bombed|STRIKE:e1] [Sona|PLACE:p1] after [Kosmar|ACTOR:a2] [fired|LAUNCH:e2] [nine|COUNT:c1] [rockets|WEAPON:w1].
---
e1: agent=a1 place=p1
e2: agent=a2 count=c1 weapon=w1
""",
        ["A1 -:", "A2 -: launched 9"],
    ),
    "an answer to an attack": (
        """
[Government forces|ACTOR:a1] [shelled|STRIKE:e1] [Lira|PLACE:p1], [killing|KILL:e2] [seven|COUNT:c1]. [Rebels|ACTOR:a2] of the [Front|ACTOR:a3] [fired|LAUNCH:e3] [nine|COUNT:c2] [rockets|WEAPON:w1] at the [Sona airbase|PLACE:p2] in response. [Six|COUNT:c3] were [downed|INTERCEPT:e4].
---
e1: agent=a1 place=p1
e2: agent=a1 count=c1 place=p1
e3: agent=a2,a3 count=c2 weapon=w1 place=p2
e4: count=c3 weapon=w1
""",
        ["A1 -: killed 7", "A2 -: launched 9, intercepted 6"],
    ),
    "two kinds of weapon in one town": (
        """
[Drones|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1], [killing|KILL:e2] [two|COUNT:c1]. [Mortars|WEAPON:w2] [hit|STRIKE:e3] [Lira|PLACE:p2], [killing|KILL:e4] [three|COUNT:c2].
---
e1: weapon=w1 place=p1
e2: count=c1 place=p1 weapon=w1
e3: weapon=w2 place=p2
e4: count=c2 place=p2 weapon=w2
""",
        ["A1 -: killed 2", "A2 -: killed 3"],
    ),
    "ground fighting keeps its dead": (
        """
[Clashes|CLASH:e1] in [Lira|PLACE:p1] [killed|KILL:e2] [ten|COUNT:c1] fighters, and a [drone|WEAPON:w1] [strike|STRIKE:e3] there [killed|KILL:e4] [two|COUNT:c2].
---
e1: place=p1
e2: count=c1 place=p1
e3: weapon=w1 place=p1
e4: count=c2 place=p1
""",
        ["A1 -: killed 2"],
    ),
    "a small figure comes twice by chance": (
        """
[Drones|WEAPON:w1] [hit|STRIKE:e1] a [school|TARGET:g1], [killing|KILL:e2] [two|COUNT:c1] [boys|TARGET:g2].

The talks went on. Nobody came.

A [blast|STRIKE:e3] [killed|KILL:e4] [two|COUNT:c2] [officers|TARGET:g3].
---
e1: weapon=w1 target=g1
e2: count=c1 target=g2
e3:
e4: count=c2 target=g3
""",
        ["A1 -: killed 2", "A2 -: killed 2"],
    ),
    "a strike back within the first paragraph": (
        """
[Air defences|WEAPON:w1] [intercepted|INTERCEPT:e1] a [missile|WEAPON:w2] over [Lira|PLACE:p1]. The air force then [bombed|STRIKE:e2] the [launch site|TARGET:g1].
---
e1: weapon=w1,w2 place=p1
e2: target=g1
""",
        ["A1 -:", "A2 -:"],
    ),
    "a heading begins another story": (
        """
[Shells|WEAPON:w1] [hit|STRIKE:e1] a [school|TARGET:g1].

Also today

[Four|COUNT:c1] men were [killed|KILL:e2].
---
e1: weapon=w1 target=g1
e2: count=c1
""",
        ["A1 -:"],
    ),
    "deaths without an attack are no row": (
        """
[Four|COUNT:c1] [miners|TARGET:g1] were [killed|KILL:e1] in [Lira|PLACE:p1].
---
e1: count=c1 target=g1 place=p1
""",
        [],
    ),
}
