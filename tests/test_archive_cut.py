"""Shards are cut from the inputs alone, and a resumed run cuts as the first one did."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warwire.annotations.document import Document
from warwire.model.archive.cut import Finished, ShardInput, ShardLimits, cut
from warwire.model.archive.incoming import Article, Damage, Incoming, Origin, Rejection
from warwire.model.archive.inputs import InputFile
from warwire.model.archive.manifest import Position
from warwire.model.archive.seen_ids import FILE, open_seen_ids

SIZES = st.lists(st.one_of(st.integers(1, 30), st.just(0)), max_size=12)
"""Lengths of a file's articles; 0 is a record that cannot be read."""


def file(name: str) -> InputFile:
    return InputFile(name, name, "jsonl", 0, "")


def items(name: str, sizes: list[int], damaged: bool) -> list[Incoming]:
    found: list[Incoming] = []
    for number, size in enumerate(sizes, 1):
        origin = Origin(name, number)
        if size:
            found.append(Article(Document(f"{name}-{number}", "x" * size), origin))
        else:
            found.append(Rejection(origin, "read", "empty", "the text is empty"))
    return [*found, Damage(name, "truncated", "cut off")] if damaged else found


class Inputs:
    """Files in memory that count how many records are read of them."""

    def __init__(self, contents: list[tuple[list[int], bool]]) -> None:
        self.files = tuple(file(f"f{n}") for n in range(len(contents)))
        self.items = {f"f{n}": items(f"f{n}", *content) for n, content in enumerate(contents)}
        self.read = 0

    def reader(self, of: InputFile, start: int) -> Iterator[Incoming]:
        for item in self.items[of.name]:
            if isinstance(item, Damage) or item.origin.number > start:
                self.read += 1
                yield item

    def cut(self, limits: ShardLimits, finished: dict[int, Finished], documents: int | None = None) -> list[ShardInput]:
        return list(cut(self.files, self.reader, limits, finished, documents))


LIMITS = ShardLimits(documents=3, characters=40)
CONTENTS = st.lists(st.tuples(SIZES, st.booleans()), max_size=4)


@given(CONTENTS)
def test_every_item_is_in_exactly_one_shard_in_the_order_of_the_inputs(contents: list[tuple[list[int], bool]]) -> None:
    inputs = Inputs(contents)
    shards = inputs.cut(LIMITS, {})
    assert [item for shard in shards for item in shard.items] == [i for f in inputs.files for i in inputs.items[f.name]]


@given(CONTENTS)
def test_shards_are_numbered_through_and_each_begins_where_the_last_one_ended(
    contents: list[tuple[list[int], bool]],
) -> None:
    shards = Inputs(contents).cut(LIMITS, {})
    assert [shard.number for shard in shards] == list(range(len(shards)))
    starts = [Position(0, 0), *(shard.end for shard in shards)]
    assert [shard.start for shard in shards] == starts[: len(shards)]


@given(CONTENTS)
def test_no_shard_is_over_its_limits_unless_it_holds_one_document(contents: list[tuple[list[int], bool]]) -> None:
    for shard in Inputs(contents).cut(LIMITS, {}):
        characters = sum(len(item.document.text) for item in shard.items if isinstance(item, Article))
        assert shard.documents <= 3
        assert characters <= 40 or shard.documents == 1


@given(CONTENTS, st.data())
def test_a_resumed_run_makes_the_missing_shards_as_they_were(
    contents: list[tuple[list[int], bool]], data: st.DataObject
) -> None:
    whole = Inputs(contents).cut(LIMITS, {})
    done = data.draw(st.sets(st.sampled_from([shard.number for shard in whole]))) if whole else set()
    finished = {shard.number: Finished(shard.end, shard.documents) for shard in whole if shard.number in done}
    again = Inputs(contents).cut(LIMITS, finished)
    assert [without_damages(s) for s in again] == [without_damages(s) for s in whole if s.number not in done]


def without_damages(shard: ShardInput) -> tuple[int, Position, Position, tuple[Incoming, ...]]:
    # A fault in the middle of a file is met again when the file is read again; `sift` tells it once.
    kept = tuple(item for item in shard.items if not isinstance(item, Damage))
    return shard.number, shard.start, shard.end, kept


def test_the_records_of_finished_shards_are_not_read_again() -> None:
    inputs = Inputs([([1] * 12, False)])
    shards = inputs.cut(LIMITS, {})
    finished = {shard.number: Finished(shard.end, shard.documents) for shard in shards[:3]}
    inputs.read = 0
    inputs.cut(LIMITS, finished)
    assert inputs.read == 3


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (3, 3), (4, 4), (7, 7), (99, 8)])
def test_a_limit_counts_rejected_documents_and_those_of_finished_shards(limit: int, expected: int) -> None:
    inputs = Inputs([([5, 0, 5, 5], True), ([5, 5, 0, 5], False)])
    straight = inputs.cut(LIMITS, {}, limit)
    assert sum(shard.documents for shard in straight) == expected
    finished = {0: Finished(straight[0].end, straight[0].documents)}
    resumed = inputs.cut(LIMITS, finished, limit)
    assert [shard for shard in straight if shard.number] == resumed


def test_a_document_too_long_for_a_shard_has_one_of_its_own() -> None:
    shards = Inputs([([5, 100, 5], False)]).cut(LIMITS, {})
    assert [len(shard.items) for shard in shards] == [1, 1, 1]


def test_an_id_is_new_once(tmp_path: Path) -> None:
    with open_seen_ids(tmp_path) as seen:
        assert seen.add(["a", "b", "a"], 0) == [True, True, False]
        assert seen.add(["b", "c"], 1) == [False, True]
    with open_seen_ids(tmp_path) as seen:
        assert seen.shards() == {0, 1}
        seen.forget_all_but([0])
        assert seen.add(["a", "c"], 1) == [False, True]


@pytest.mark.parametrize("content", [b"", b"no database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_of_ids_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with open_seen_ids(tmp_path) as seen:
        assert seen.shards() == set()
        assert seen.add(["a"], 0) == [True]
