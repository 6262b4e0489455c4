"""What the tuple scores lose to linking and what to tagging.

The postprocessor on gold spans loses what linking loses; the rest of what is missing from 1 comes from wrong spans.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warwire.evaluate.counts import Counts
from warwire.evaluate.document_counts import f1, matrix
from warwire.evaluate.intervals import Interval, Resampling, interval, resampled_sums, support


@dataclass(frozen=True, slots=True)
class LinkingLoss:
    """F1 lost by linking (1 - ceiling) and by tagging (ceiling - end to end), each with its interval.

    The second is below 0 where errors of the tagger happen to keep the postprocessor from worse ones.
    """

    by_linking: Interval
    by_tagging: Interval


def linking_loss(end_to_end: Sequence[Counts], ceiling: Sequence[Counts], resampling: Resampling) -> LinkingLoss:
    """The losses, from the counts of each document with the predicted spans and with the gold spans."""
    found, best = matrix(end_to_end), matrix(ceiling)
    sums = resampled_sums(np.concatenate([found, best], axis=1), resampling)
    documents = min(support(found), support(best))
    reached, possible = np.nan_to_num(f1(sums[:, :3])), np.nan_to_num(f1(sums[:, 3:]))
    total, top = sum(end_to_end, Counts()).f1, sum(ceiling, Counts()).f1
    return LinkingLoss(
        interval(1 - top, 1 - possible, documents, resampling),
        interval(top - total, possible - reached, documents, resampling),
    )
