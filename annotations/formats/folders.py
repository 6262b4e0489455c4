"""Formats with a file or two for each document, all in one folder."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

from warwire.annotations.errors import InputError
from warwire.annotations.record import text_id

_SAFE: Final = " ()+,=@"
_LONGEST: Final = 120


def file_stem(document_id: str) -> str:
    """A file name without suffix for a document, another one for each id.

    What a file name cannot hold is in percent notation; a name over 120 characters is cut and ends in a hash.
    """
    name = quote(document_id, safe=_SAFE)
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}-{text_id(document_id)}"


def check_free(folder: Path) -> None:
    """Refuse a folder that is not new.

    Raises:
        InputError: it is there and holds something, or is a file.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise InputError(f"{folder}: holds something already; give a new folder")
