"""Documents that are written into archives: everyday, hard, and one that a spreadsheet would take for a formula."""

from conftest import made
from hard_documents import HARD
from normalised_values import known

RAID = known(
    "The [army|SPEAKER:s1] said [40|COUNT:c1] [drones|WEAPON:w1] were [launched|LAUNCH:e1] at [Kyiv|PLACE:p1] and "
    "[Odesa|PLACE:p2] [overnight|TIME:t1]. It [shot down|INTERCEPT:e2] [38|COUNT:c2] [drones|WEAPON:w2].\n---\n"
    "e1: count=c1 weapon=w1 place=p1,p2 time=t1 speaker=s1\ne2: count=c2 weapon=w2 speaker=s1",
    id="raid",
)
FORMULA = made("=[Rebels|ACTOR:a1] [shelled|STRIKE:e1] [Lira|PLACE:p1].\n---\ne1: agent=a1 place=p1", id="=1+1")
WRITTEN = [RAID, *HARD, FORMULA]
