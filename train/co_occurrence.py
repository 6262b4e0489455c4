"""Token embeddings from counts alone: positive pointwise mutual information, reduced by singular value decomposition.

Levy, Goldberg and Dagan (2015), "Improving Distributional Similarity with Lessons Learned from Word Embeddings": close
to a skip-gram model in what it gives, without training, and the same every time. Context distributions are smoothed by
0.75 and singular values enter by their square root, as recommended there.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from warwire.train.packing import Ids

Floats = NDArray[np.float32]

_SMOOTHING: Final = 0.75
_AT_ONCE: Final = 4_000_000


def co_occurrences(ids: Ids, vocabulary: int, window: int) -> Floats:
    """How often tokens stand within `window` of each other, weighted by one over the distance; symmetric.

    Returns:
        Shape (vocabulary, vocabulary); 4 · vocabulary² bytes, and for a while three times that.
    """
    counts: Floats = np.zeros(vocabulary * vocabulary, dtype=np.float32)
    for first in range(0, len(ids), _AT_ONCE):
        piece = np.asarray(ids[first : first + _AT_ONCE + window], dtype=np.int64)
        for distance in range(1, window + 1):
            pairs = piece[:-distance] * vocabulary + piece[distance:]
            counts += np.bincount(pairs[:_AT_ONCE], minlength=len(counts)).astype(np.float32) / distance
    square = counts.reshape(vocabulary, vocabulary)
    return square + square.T


def positive_information(counts: Floats) -> Floats:
    """Positive pointwise mutual information of each pair, in nats, shape as the counts; without counts zero."""
    total = counts.sum(axis=1, dtype=np.float64)
    context = total**_SMOOTHING
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = (np.log(total), np.log(context / context.sum()))
        information = np.log(counts)
        information -= expected[0][:, None].astype(np.float32)
        information -= expected[1][None, :].astype(np.float32)
    information[~(information > 0)] = 0
    return information


def embeddings(ids: Ids, vocabulary: int, width: int, window: int, seed: int) -> Floats:
    """Embeddings of mean 0 and standard deviation 1 over all tokens that occur, shape (vocabulary, width).

    Tokens that do not occur get zeros.
    """
    from sklearn.utils.extmath import randomized_svd

    information = positive_information(co_occurrences(ids, vocabulary, window))
    left, values, _ = randomized_svd(information, width, n_iter=4, random_state=seed)
    found = np.asarray(left * np.sqrt(values), dtype=np.float32)
    seen = np.asarray(information.any(axis=1))
    found[seen] -= found[seen].mean(axis=0)
    found[seen] /= max(float(found[seen].std()), 1e-9)
    found[~seen] = 0
    return found
