"""Short made-up reports, each with the events that a reader would expect: the specification of the postprocessor."""

REPORTS = {
    # Who, whom, what, how many
    "active voice": """
[Rebels|ACTOR:a1] [shelled|STRIKE:e1] a [police post|TARGET:g1] in [Lira|PLACE:p1].
---
e1: agent=a1 target=g1 place=p1
""",
    "passive voice with an agent": """
A [police post|TARGET:g1] was [shelled|STRIKE:e1] by [rebels|ACTOR:a1] in [Lira|PLACE:p1].
---
e1: agent=a1 target=g1 place=p1
""",
    "passive voice with a weapon": """
[Two|COUNT:c1] [schools|TARGET:g1] were [hit|STRIKE:e1] by [Grad rockets|WEAPON:w1] in [Lira|PLACE:p1].
---
e1: target=g1 count=c1 weapon=w1 place=p1
""",
    "passive voice without either": """
[Three|COUNT:c1] [farmers|TARGET:g1] were [killed|KILL:e1] near [Sona|PLACE:p1].
---
e1: target=g1 count=c1 place=p1
""",
    "intransitive verb of dying": """
[Seven|COUNT:c1] [miners|TARGET:g1] [died|KILL:e1] in [Sona|PLACE:p1] on [Monday|TIME:t1].
---
e1: target=g1 count=c1 place=p1 time=t1
""",
    "participle without an auxiliary": """
[Five|COUNT:c1] [soldiers|TARGET:g1] [wounded|INJURE:e1] in [Lira|PLACE:p1].
---
e1: target=g1 count=c1 place=p1
""",
    "count before the noun": """
[Militants|ACTOR:a1] [killed|KILL:e1] [at least 12|COUNT:c1] [villagers|TARGET:g1].
---
e1: agent=a1 count=c1 target=g1
""",
    "count with an adjective before the noun": """
[Militants|ACTOR:a1] [killed|KILL:e1] [12|COUNT:c1] unarmed [villagers|TARGET:g1].
---
e1: agent=a1 count=c1 target=g1
""",
    "count after the noun": """
[Deaths|KILL:e1] among [civilians|TARGET:g1] reached [240|COUNT:c1] in [May|TIME:t1].
---
e1: target=g1 count=c1 time=t1
""",
    "toll with its number after it": """
The [death toll|KILL:e1] in [Lira|PLACE:p1] rose to [34|COUNT:c1].
---
e1: count=c1 place=p1
""",
    "count standing alone": """
The [blast|STRIKE:e1] [killed|KILL:e2] [nine|COUNT:c1] in [Lira|PLACE:p1].
---
e1: place=p1
e2: count=c1 place=p1
""",
    "six of them, of the sentence before": """
[Rebels|ACTOR:a1] [fired|LAUNCH:e1] [nine|COUNT:c1] [rockets|WEAPON:w1] at [Lira|PLACE:p1]. The [army|SPEAKER:s1] said it [shot down|INTERCEPT:e2] [six|COUNT:c2] of them and denied that any [aircraft|WEAPON:w2] was [damaged|DAMAGE:e3].
---
e1: agent=a1 count=c1 weapon=w1 place=p1
e2: agent=s1 count=c2 weapon=w1 speaker=s1
e3: target=w2 place=p1 speaker=s1 status=denied
""",
    "eleven of them": """
[Russia|ACTOR:a1] [launched|LAUNCH:e1] [15|COUNT:c1] [drones|WEAPON:w1] at [Odesa|PLACE:p1] and [11|COUNT:c2] of them were [shot down|INTERCEPT:e2].
---
e1: agent=a1 count=c1 weapon=w1 place=p1
e2: count=c2 weapon=w1 place=p1
""",
    "two coordinated counts": """
[Gunmen|ACTOR:a1] [killed|KILL:e1] [two|COUNT:c1] [soldiers|TARGET:g1] and [three|COUNT:c2] [drivers|TARGET:g2].
---
e1: agent=a1 count=c1 target=g1
e1b: trigger=e1 agent=a1 count=c2 target=g2
""",
    "a count and a single person": """
[Gunmen|ACTOR:a1] [killed|KILL:e1] [two|COUNT:c1] [soldiers|TARGET:g1] and a [medic|TARGET:g2].
---
e1: agent=a1 count=c1 target=g1
e1b: trigger=e1 agent=a1 target=g2
""",
    "a part of the whole": """
The [strike|STRIKE:e1] [killed|KILL:e2] [12|COUNT:c1] [people|TARGET:g1], including [four|COUNT:c2] [children|TARGET:g2].
---
e1: target=g1
e2: count=c1 target=g1
e2b: trigger=e2 count=c2 target=g2
""",
    "killed and wounded with a shared object": """
[Shelling|STRIKE:e1] [killed|KILL:e2] or [wounded|INJURE:e3] [30|COUNT:c1] [residents|TARGET:g1] of [Lira|PLACE:p1].
---
e1: target=g1 place=p1
e2: count=c1 target=g1 place=p1
e3: count=c1 target=g1 place=p1
""",
    "killed and wounded with counts of their own": """
[Four|COUNT:c1] [people|TARGET:g1] were [killed|KILL:e1] and [nine|COUNT:c2] [injured|INJURE:e2] in [Sona|PLACE:p1].
---
e1: count=c1 target=g1 place=p1
e2: count=c2 place=p1
""",
    "gerund of result": """
[Israeli|ACTOR:a1] [air strikes|STRIKE:e1] hit [Tyre|PLACE:p1], [killing|KILL:e2] [six|COUNT:c1] [medics|TARGET:g1].
---
e1: agent=a1 place=p1
e2: agent=a1 count=c1 target=g1 place=p1
""",
    "nationality adjective before a trigger noun": """
[Turkish|ACTOR:a1] [shelling|STRIKE:e1] of [Kobani|PLACE:p1] went on.
---
e1: agent=a1 place=p1
""",
    "nationality, weapon and trigger noun": """
A [Russian|ACTOR:a1] [missile|WEAPON:w1] [strike|STRIKE:e1] on [Kharkiv|PLACE:p1] [killed|KILL:e2] [two|COUNT:c1] [women|TARGET:g1].
---
e1: agent=a1 weapon=w1 place=p1
e2: agent=a1 weapon=w1 count=c1 target=g1 place=p1
""",
    "attack by someone on something": """
An [attack|STRIKE:e1] by [insurgents|ACTOR:a1] on a [convoy|TARGET:g1] in [Helmand|PLACE:p1].
---
e1: agent=a1 target=g1 place=p1
""",
    "someone carries out an attack": """
[Insurgents|ACTOR:a1] carried out an [attack|STRIKE:e1] on a [convoy|TARGET:g1].
---
e1: agent=a1 target=g1
""",
    "fighting between two sides": """
[Fighting|CLASH:e1] between the [army|ACTOR:a1] and [rebels|ACTOR:a2] shook [Lira|PLACE:p1] on [Friday|TIME:t1].
---
e1: agent=a1,a2 place=p1 time=t1
""",
    "clashing with someone": """
[Government troops|ACTOR:a1] [clashed|CLASH:e1] with [rebels|ACTOR:a2] in [Sona|PLACE:p1].
---
e1: agent=a1 target=a2 place=p1
""",
    "a force repels an assault": """
[Ukrainian forces|ACTOR:a1] [repelled|CLASH:e1] [two|COUNT:c1] [assaults|CLASH:e2] near [Lyman|PLACE:p1].
---
e1: agent=a1 place=p1
e2: count=c1 place=p1
""",
    "weapon as the subject": """
A [drone|WEAPON:w1] [struck|STRIKE:e1] a [fuel depot|TARGET:g1] in [Lira|PLACE:p1].
---
e1: weapon=w1 target=g1 place=p1
""",
    "weapon that explodes": """
A [car bomb|WEAPON:w1] [exploded|STRIKE:e1] in [Lira|PLACE:p1] on [Sunday|TIME:t1].
---
e1: weapon=w1 place=p1 time=t1
""",
    "weapon with a preposition": """
[Militiamen|ACTOR:a1] [attacked|STRIKE:e1] the [post|TARGET:g1] with [mortars|WEAPON:w1].
---
e1: agent=a1 target=g1 weapon=w1
""",
    "a platform as the target": """
[Fighters|ACTOR:a1] [destroyed|DAMAGE:e1] [two|COUNT:c1] [T-72 tanks|WEAPON:w1] near [Lira|PLACE:p1].
---
e1: agent=a1 count=c1 target=w1 place=p1
""",
    "a named hospital is place and target": """
[Shells|WEAPON:w1] [hit|STRIKE:e1] [Al-Amal hospital|PLACE:p1].
---
e1: weapon=w1 target=p1 place=p1
""",
    "a town is place only": """
[Shells|WEAPON:w1] [hit|STRIKE:e1] [Lira|PLACE:p1].
---
e1: weapon=w1 place=p1
""",
    "launch with an aim": """
The [group|ACTOR:a1] [fired|LAUNCH:e1] [40|COUNT:c1] [rockets|WEAPON:w1] at an [army base|TARGET:g1].
---
e1: agent=a1 count=c1 weapon=w1 target=g1
""",
    "launch with an origin": """
[Rockets|WEAPON:w1] were [fired|LAUNCH:e1] from [Gaza|PLACE:p1] on [Saturday|TIME:t1].
---
e1: weapon=w1 origin=p1 time=t1
""",
    "interception by air defences": """
[Air defences|WEAPON:w1] [shot down|INTERCEPT:e1] [six|COUNT:c1] [Kh-101 missiles|WEAPON:w2] over [Kyiv|PLACE:p1].
---
e1: count=c1 weapon=w2 place=p1
""",
    "ground is captured": """
[Rebels|ACTOR:a1] [captured|CONTROL:e1] [three|COUNT:c1] [villages|TARGET:g1] near [Sona|PLACE:p1] on [Tuesday|TIME:t1].
---
e1: agent=a1 count=c1 target=g1 place=p1 time=t1
""",
    "a town is captured": """
The [RSF|ACTOR:a1] [captured|CONTROL:e1] [Nyala|PLACE:p1].
---
e1: agent=a1 place=p1
""",
    "ground is taken from someone": """
The [army|ACTOR:a1] [retook|CONTROL:e1] [Nyala|PLACE:p1] from the [RSF|ACTOR:a2].
---
e1: agent=a1 place=p1 target=a2
""",
    "people are taken": """
[Soldiers|ACTOR:a1] [arrested|DETAIN:e1] [14|COUNT:c1] [students|TARGET:g1] in [Lira|PLACE:p1].
---
e1: agent=a1 count=c1 target=g1 place=p1
""",
    "people flee": """
[Thousands|COUNT:c1] of [families|TARGET:g1] [fled|DISPLACE:e1] from [Sona|PLACE:p1] to [Lira|PLACE:p2].
---
e1: count=c1 target=g1 origin=p1 place=p2
""",
    "people are moved": """
[200|COUNT:c1] [patients|TARGET:g1] were [evacuated|DISPLACE:e1] from [Sona|PLACE:p1] on [Friday|TIME:t1].
---
e1: count=c1 target=g1 origin=p1 time=t1
""",
    "objects are damaged": """
[Debris|WEAPON:w1] [damaged|DAMAGE:e1] [five|COUNT:c1] [houses|TARGET:g1].
---
e1: weapon=w1 count=c1 target=g1
""",
    # Where and when
    "a list of places": """
[Drones|WEAPON:w1] [hit|STRIKE:e1] [Kharkiv|PLACE:p1], [Sumy|PLACE:p2] and [Poltava|PLACE:p3] [overnight|TIME:t1].
---
e1: weapon=w1 place=p1,p2,p3 time=t1
""",
    "a place in a larger one": """
[Two|COUNT:c1] [guards|TARGET:g1] were [killed|KILL:e1] in [Kajaki district|PLACE:p1], [Helmand province|PLACE:p2].
---
e1: count=c1 target=g1 place=p1,p2
""",
    "the dateline is not where it happened": """
[KABUL|PLACE:p1], [Afghanistan|PLACE:p2] (July 14) - [Insurgents|ACTOR:a1] [attacked|STRIKE:e1] a [checkpoint|TARGET:g1] in [Wardak|PLACE:p3].
---
e1: agent=a1 target=g1 place=p3
""",
    "each trigger has its own place": """
[Shells|WEAPON:w1] [fell|STRIKE:e1] on [Lira|PLACE:p1], while [rebels|ACTOR:a1] [captured|CONTROL:e2] [Sona|PLACE:p2].
---
e1: weapon=w1 place=p1
e2: agent=a1 place=p2
""",
    "the country of a speaker is not a place": """
[Ukraine|PLACE:p1]'s [air force|SPEAKER:s1] said [drones|WEAPON:w1] [hit|STRIKE:e1] [Odesa|PLACE:p2].
---
e1: weapon=w1 place=p2 speaker=s1
""",
    "the attack of the sentence before": """
A [suicide bomber|WEAPON:w1] [struck|STRIKE:e1] a [market|TARGET:g1] in [Baidoa|PLACE:p1]. [Nine|COUNT:c1] [people|TARGET:g2] were [killed|KILL:e2].
---
e1: weapon=w1 target=g1 place=p1
e2: count=c1 target=g2 place=p1
""",
    # Who says so
    "speaker at the end": """
[Six|COUNT:c1] [people|TARGET:g1] were [killed|KILL:e1] in [Lira|PLACE:p1], the [governor|SPEAKER:s1] said.
---
e1: count=c1 target=g1 place=p1 speaker=s1
""",
    "according to": """
According to the [health ministry|SPEAKER:s1], [six|COUNT:c1] [people|TARGET:g1] [died|KILL:e1] and [20|COUNT:c2] were [hurt|INJURE:e2].
---
e1: count=c1 target=g1 speaker=s1
e2: count=c2 speaker=s1
""",
    "two speakers with different figures": """
The [army|SPEAKER:s1] said [four|COUNT:c1] [people|TARGET:g1] were [killed|KILL:e1], while the [hospital|SPEAKER:s2] said [nine|COUNT:c2] had [died|KILL:e2].
---
e1: count=c1 target=g1 speaker=s1
e2: count=c2 speaker=s2
""",
    "two speakers of one statement": """
[Police|SPEAKER:s1] and [witnesses|SPEAKER:s2] said [gunmen|ACTOR:a1] [stormed|CLASH:e1] a [church|TARGET:g1].
---
e1: agent=a1 target=g1 speaker=s1,s2
""",
    "quotation continued over sentences": """
"[Rockets|WEAPON:w1] [hit|STRIKE:e1] the [school|TARGET:g1]," said [Marta Velho|SPEAKER:s1], a teacher. "[Two|COUNT:c1] [pupils|TARGET:g2] [died|KILL:e2]."
---
e1: weapon=w1 target=g1 speaker=s1
e2: count=c1 target=g2 speaker=s1
""",
    "he said points back": """
[Governor Ode|SPEAKER:s1] visited the town. He said [four|COUNT:c1] [people|TARGET:g1] were [killed|KILL:e1].
---
e1: count=c1 target=g1 speaker=s1
""",
    "it said points back": """
The [ministry|SPEAKER:s1] gave figures late on Friday. It said [40|COUNT:c1] [drones|WEAPON:w1] were [downed|INTERCEPT:e1].
---
e1: count=c1 weapon=w1 speaker=s1
""",
    # Status
    "denial of having done it": """
[Israel|ACTOR:a1] denied [bombing|STRIKE:e1] the [hospital|TARGET:g1].
---
e1: agent=a1 target=g1 status=denied
""",
    "no one was harmed": """
No [civilians|TARGET:g1] were [killed|KILL:e1] in [Lira|PLACE:p1].
---
e1: target=g1 place=p1 status=denied
""",
    "without casualties": """
[Rockets|WEAPON:w1] [landed|STRIKE:e1] near [Sona|PLACE:p1] without causing [casualties|INJURE:e2].
---
e1: weapon=w1 place=p1
e2: weapon=w1 place=p1 status=denied
""",
    "it did not happen": """
The [army|SPEAKER:s1] said its [troops|ACTOR:a1] did not [fire|LAUNCH:e1] on [protesters|TARGET:g1].
---
e1: agent=a1 target=g1 speaker=s1 status=denied
""",
    "could not be verified": """
The [claim|SPEAKER:s1] that [rebels|ACTOR:a1] [seized|CONTROL:e1] [Sona|PLACE:p1] could not be verified.
---
e1: agent=a1 place=p1 speaker=s1 status=unverified
""",
    "unconfirmed": """
There were unconfirmed reports of an [explosion|STRIKE:e1] in [Lira|PLACE:p1].
---
e1: place=p1 status=unverified
""",
    "planned attack": """
[Rebels|ACTOR:a1] plan to [attack|STRIKE:e1] the [airport|TARGET:g1].
---
e1: agent=a1 target=g1 status=planned
""",
    "threatened attack": """
[Hezbollah|ACTOR:a1] threatened to [strike|STRIKE:e1] [Haifa|PLACE:p1].
---
e1: agent=a1 place=p1 status=planned
""",
    "thwarted attack": """
[Police|SPEAKER:s1] said they had foiled a [bomb|WEAPON:w1] [attack|STRIKE:e1] in [Lira|PLACE:p1].
---
e1: weapon=w1 place=p1 speaker=s1 status=planned
""",
    "possible future": """
The [army|ACTOR:a1] could [retake|CONTROL:e1] [Sona|PLACE:p1] within days.
---
e1: agent=a1 place=p1 status=planned
""",
    "beginning to is no plan": """
[Troops|ACTOR:a1] began to [shell|STRIKE:e1] [Lira|PLACE:p1] at [dawn|TIME:t1].
---
e1: agent=a1 place=p1 time=t1
""",
    "a denial beside a claim": """
[Kyiv|SPEAKER:s1] denied that its [ship|WEAPON:w1] was [sunk|DAMAGE:e1].
---
e1: target=w1 speaker=s1 status=denied
""",
    # What is no argument
    "ordinals, dates and ages are no counts": """
On March 3, in the second [attack|STRIKE:e1], a 12-year-old [girl|TARGET:g1] was [killed|KILL:e2] in [Lira|PLACE:p1].
---
e1: place=p1
e2: target=g1 place=p1
""",
    "designators contain digits": """
[Three|COUNT:c1] [S-300 missiles|WEAPON:w1] [hit|STRIKE:e1] [Sumy|PLACE:p1].
---
e1: count=c1 weapon=w1 place=p1
""",
    "seized weapons are no event": """
[Soldiers|ACTOR:a1] found [two|COUNT:c1] [AK-47s|WEAPON:w1] and [killed|KILL:e1] [one|COUNT:c2] [insurgent|TARGET:g1].
---
e1: agent=a1 count=c2 target=g1
""",
    "a trigger with nothing around it": """
There was an [explosion|STRIKE:e1].
---
e1:
""",
}
