"""Train, dev and test by story: the documents of one story never part, and a story never moves.

A story's split follows from a hash of its name alone, so that articles can be added without any document that is
already in the corpus changing sides.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from warwire.annotations.document import Document

SPLITS: Final = ("train", "dev", "test")
_TENTHS: Final = ("dev", "test", *["train"] * 8)


def story_of(document: Document) -> str:
    """The story a document belongs to: `story` in its `meta`, else its own id."""
    meta = document.extra.get("meta")
    story = meta.get("story") if isinstance(meta, dict) else None
    return story if isinstance(story, str) and story else document.id


def split_of(story: str) -> str:
    """The split of a story: one tenth of all stories dev, one tenth test, the rest train."""
    return _TENTHS[int.from_bytes(hashlib.sha256(story.encode()).digest()[:8], "big") % 10]


def split_documents(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """Documents by split, in the order given."""
    splits: dict[str, list[Document]] = {name: [] for name in SPLITS}
    for document in documents:
        splits[split_of(story_of(document))].append(document)
    return splits
