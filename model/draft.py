"""Drafts for annotators: bare texts with the model's own spans and events, the least certain text first.

Correcting a draft is quicker than annotating bare text, and a text that the model is unsure of teaches it most
(uncertainty sampling: Lewis and Gale 1994, here as mean least confidence over the words, so that long and short
texts compare).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from warwire.annotations.document import Document
from warwire.annotations.errors import DocumentError, InputError, Problem
from warwire.annotations.formats.inline import SUFFIX, parse_inline, write_inline
from warwire.annotations.jsonl import write_documents
from warwire.model.assemble import assemble
from warwire.model.tagger import Tagger


@dataclass(frozen=True, slots=True)
class Draft:
    """A document with predicted spans and events; `doubt` is the share of its words expected to be tagged wrongly."""

    document: Document
    doubt: float


def draft(tagger: Tagger, documents: Iterable[Document]) -> list[Draft]:
    """Drafts of the documents, the one with the most doubt first; spans and events they had are replaced."""
    bare = list(documents)
    tagged = tagger.tag_with_doubt([document.text for document in bare])
    drafts = [
        Draft(assemble(replace(document, spans=spans, events=())), doubt)
        for document, (spans, doubt) in zip(bare, tagged, strict=True)
    ]
    return sorted(drafts, key=lambda item: (-item.doubt, item.document.id))


def write_drafts(drafts: Iterable[Draft], out: Path) -> list[Problem]:
    """Write drafts in their order: into one JSONL file, or as numbered inline files into a folder.

    Problems name the documents that the inline form cannot hold; the others are written all the same.

    Raises:
        InputError: there is something already, which may hold an annotator's corrections.
    """
    if out.suffix == ".jsonl":
        if out.exists():
            raise InputError(f"{out}: is there already and may hold corrections; give another name")
        out.parent.mkdir(parents=True, exist_ok=True)
        write_documents(out, (_with_doubt(item) for item in drafts))
        return []
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: holds something already, perhaps corrections; give a new folder")
    out.mkdir(parents=True, exist_ok=True)
    problems = []
    for number, item in enumerate(drafts, 1):
        source = write_inline(_with_doubt(item))
        if not _comes_back(source, item.document):
            what = "its text looks like the inline form itself and cannot be written in it; draft it to a .jsonl file"
            problems.append(Problem(what, document=item.document.id))
            continue
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in item.document.id)[:100]
        (out / f"{number:05d}-{name}{SUFFIX}").write_text(source, encoding="utf-8", newline="\n")
    return problems


def _with_doubt(item: Draft) -> Document:
    meta = {**item.document.extra.get("meta", {}), "doubt": f"{item.doubt:.4f}"}
    return replace(item.document, extra={**item.document.extra, "meta": meta})


def _comes_back(source: str, document: Document) -> bool:
    try:
        back = parse_inline(source)
    except DocumentError:
        return False
    ours, theirs = ({(span.start, span.end, span.label) for span in d.spans} for d in (document, back))
    return back.text == document.text and ours == theirs
