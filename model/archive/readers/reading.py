"""Any input file as a stream of articles."""

from collections.abc import Iterator

from warwire.model.archive.incoming import Article, Damage, Incoming, Rejection
from warwire.model.archive.inputs import InputFile, ReadOptions
from warwire.model.archive.readers.csv_file import read_csv
from warwire.model.archive.readers.encoding import check_encoding
from warwire.model.archive.readers.jsonl_file import read_jsonl
from warwire.model.archive.readers.parquet_file import read_parquet
from warwire.model.archive.readers.warc_file import read_warc
from warwire.model.archive.readers.whole_file import read_whole

_READERS = {
    "text": read_whole,
    "html": read_whole,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
    "warc": read_warc,
}


def read_file(file: InputFile, options: ReadOptions, start: int = 0) -> Iterator[Incoming]:
    """The records of a file in order, each exactly once as an article or a rejection; then the file's damages.

    `Origin.number` counts from 1: the line of JSONL (blank lines are counted and give nothing), the row of CSV (header
    and blank lines are not counted) and Parquet, in a WARC the record among those that could hold a document, and 1
    for text and HTML.

    Args:
        file: as planned; a local file is read to its size of then.
        options: how to read it.
        start: leave out the records up to this number. Damages are all given again: they come after every record, so
            that a run that was stopped at any record and goes on from there sees what one that was not stopped sees.

    Raises:
        InputError: the options name no encoding that there is.
        MissingExtraError: a package for this kind of file is not installed.
    """
    if options.encoding is not None:
        check_encoding(options.encoding)
    damages: list[Damage] = []

    def report(code: str, reason: str) -> None:
        # That nothing is there is no fault of its own where something kept it from being read.
        if code != "empty" or not damages:
            damages.append(Damage(file.name, code, reason))

    items: Iterator[Article | Rejection] = _READERS[file.kind](file, options, start, report)
    yield from items
    yield from damages
