"""How far an archive run is, as far as that can be known while it reads."""

import pytest

from warwire.model.archive.progress import Size, Standing, line, share_read

PLAIN = Size(6500, "jsonl", False)
PACKED = Size(6500, "jsonl", True)


@pytest.mark.parametrize(
    ("sizes", "file", "words", "share"),
    [
        ([PLAIN], 0, 0, 0.0),
        ([PLAIN], 0, 500, 0.5),
        ([PLAIN], 0, 5000, 0.99),
        ([PLAIN], 1, 0, 1.0),
        ([PACKED], 0, 1500, 0.5),
        ([PLAIN, PLAIN], 1, 500, 0.75),
        ([Size(0, "text", False)], 0, 10, None),
    ],
)
def test_files_before_count_whole_and_the_one_in_hand_by_its_words(
    sizes: list[Size], file: int, words: int, share: float | None
) -> None:
    found = share_read(sizes, file, words)
    assert found == (None if share is None else pytest.approx(share))


def test_a_line_of_a_log_tells_documents_share_rate_and_rejections() -> None:
    assert line(Standing(1200, 3, 1000, 0.25), 50) == "1,200 documents, 25% of the input, 20.0/s, 3 rejected"


def test_without_a_known_size_the_line_tells_no_share() -> None:
    assert "%" not in line(Standing(1200, 3, 1000, None), 50)
