"""A passage in its place: the page of a PDF, or the text around it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chatbot_app.core.documents import Document, Passage
from chatbot_app.knowledge.importing.sources import FileState, file_state
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.knowledge.places.pdf_pages import DrawnPage, PageNotDrawn, draw_page
from chatbot_app.knowledge.places.stored_places import Fit, PresentPlace, StoredPlace, present_place
from chatbot_app.knowledge.tables.described import heads_in
from chatbot_app.storage.documents import DocumentGone, DocumentStore
from chatbot_app.storage.passages import PassageStore

AROUND = 20_000  # characters before and after a passage that are shown with it
_PAGES_OF_A_PASSAGE = 3  # on which its sentence is looked for
_LOOKS = 3  # at a library that changes meanwhile


class Remark(StrEnum):
    """What must be said about what is shown."""

    NONE = ""
    NOT_LOCATED = "not located"  # the page is right, the place on it is not known
    ORIGINAL_GONE = "original gone"  # the stored text is shown
    ORIGINAL_CHANGED = "original changed"
    PAGE_NOT_DRAWN = "page not drawn"
    OTHER_VERSION = (
        "other version"  # the document that was cited is gone, and its file is in the library anew
    )


@dataclass(frozen=True, slots=True)
class OpenedPassage:
    """A passage and what to show around it: `page` for a PDF, else `text` with the passage at `highlight`.

    `number` of `count` passages of the document; `previous` and `next` are its neighbours. `sentence` is what
    was asked for inside the passage, in `text` like `highlight`; None for all of it. `heads` is the row of heads of
    the table that the passage is from. `fit` says how this is what was stored: where that is gone, `highlight` is
    empty. `sought` is what was looked for.
    """

    document: Document
    span: Span
    number: int
    count: int
    page_number: int | None
    heading: str
    text: str
    highlight: Span
    cut_before: bool
    cut_after: bool
    page: DrawnPage | None
    remark: Remark
    previous: StoredPlace | None
    next: StoredPlace | None
    sentence: Span | None = None
    heads: str = ""
    fit: Fit = Fit.SAME
    sought: str = ""

    @property
    def marked(self) -> Span:
        """What is marked most of `text`: the sentence, or else the passage."""
        return self.sentence or self.highlight


def open_passage(
    documents: DocumentStore, passages: PassageStore, document_id: str, stored: StoredPlace, width: int
) -> OpenedPassage:
    """Return what was stored of a document, where it stands now; the page of a PDF is drawn `width` pixels wide.

    The sentence in it is left out where it does not lie in the passage. Call it from one thread at a time (see
    `draw_page`), and not from the window's. Raises DocumentGone, StoreError.
    """
    try:
        document, whole, every = _read(documents, passages, document_id)
        found = present_place(whole, every, stored)
        remark = Remark.NONE
    except DocumentGone:
        document, whole, every, found = _in_other_version(documents, passages, stored)
        remark = Remark.OTHER_VERSION
    start, end, sentence = found.passage.start, found.passage.end, found.sentence
    place = _place_of(every, start)
    here = every[place] if every else None
    page_number = here.page if here is not None else None
    page = None
    if page_number is not None and document.path.lower().endswith(".pdf"):
        wanted = whole[sentence.start : sentence.end] if sentence is not None else ""
        page, said = _page_with(document, page_number, width, whole[start:end], wanted)
        if said is Remark.NOT_LOCATED and found.fit is Fit.GONE:
            said = Remark.NONE  # more is said of it
    else:
        said = _remark_on(document)
    first, last = max(0, start - AROUND), min(len(whole), end + AROUND)
    following = next((p for p in every[place + 1 :] if p.start >= end), None)
    before = every[place - 1] if place > 0 else None
    return OpenedPassage(
        document=document,
        span=Span(start, end),
        number=place + 1,
        count=len(every),
        page_number=page_number,
        heading=here.heading_path[-1] if here is not None and here.heading_path else "",
        text=whole[first:last],
        highlight=Span(start - first, end - first),
        cut_before=first > 0,
        cut_after=last < len(whole),
        page=page,
        remark=said if said is not Remark.NONE else remark,
        previous=StoredPlace.of_passage(before, document.path) if before is not None else None,
        next=StoredPlace.of_passage(following, document.path) if following is not None else None,
        sentence=Span(sentence.start - first, sentence.end - first) if sentence is not None else None,
        heads=heads_in(here.context) if here is not None else "",
        fit=found.fit,
        sought=stored.words,
    )


def _read(
    documents: DocumentStore, passages: PassageStore, document_id: str
) -> tuple[Document, str, list[Passage]]:
    """Return a document, its text and its passages, all of one reading: it may be read anew meanwhile."""
    for _ in range(_LOOKS):
        generation = passages.generation()
        read = (
            documents.document(document_id),
            documents.text(document_id),
            passages.passages_of(document_id),
        )
        if passages.generation() == generation:
            break
    return read


def _in_other_version(
    documents: DocumentStore, passages: PassageStore, stored: StoredPlace
) -> tuple[Document, str, list[Passage], PresentPlace]:
    """Return the document that has the file of one that is gone, where it still says what was stored. Raises DocumentGone."""
    for other in documents.at_path(stored.path) if stored.path and stored.text else ():
        document, whole, every = _read(documents, passages, other.id)
        found = present_place(whole, every, stored)
        if found.fit is not Fit.GONE:
            return document, whole, every, found
    raise DocumentGone


def _remark_on(document: Document) -> Remark:
    return {
        FileState.AS_IMPORTED: Remark.NONE,
        FileState.CHANGED: Remark.ORIGINAL_CHANGED,
        FileState.GONE: Remark.ORIGINAL_GONE,
    }[file_state(document)]


def open_page(document: Document, number: int, width: int, passage: str, sentence: str = "") -> DrawnPage:
    """Return another page of a PDF, with what of `passage` goes on there. Raises PageNotDrawn."""
    path = Path(document.path)
    page, remark = _page(document, number, width, passage, sentence)
    if page is None:
        reasons = {Remark.ORIGINAL_GONE: "the file is gone", Remark.ORIGINAL_CHANGED: "the file has changed"}
        detail = reasons.get(remark, "it is damaged")
        raise PageNotDrawn(page=number, name=path.name, detail=detail)
    return page


def _place_of(every: list[Passage], start: int) -> int:
    """Return which passage a character is in."""
    for place, passage in enumerate(every):
        if start < passage.end:
            return place
    return max(0, len(every) - 1)


def _page_with(
    document: Document, number: int, width: int, text: str, sentence: str
) -> tuple[DrawnPage | None, Remark]:
    """Return the page of a passage on which the sentence stands: the passage may go on behind its first page."""
    first, remark = _page(document, number, width, text, sentence)
    if not sentence or first is None or first.has_sentence:
        return first, remark
    for following in range(number + 1, min(number + _PAGES_OF_A_PASSAGE, first.count + 1)):
        page, said = _page(document, following, width, text, sentence)
        if page is not None and page.has_sentence:
            return page, said
    return first, remark


def _page(
    document: Document, number: int, width: int, text: str, sentence: str = ""
) -> tuple[DrawnPage | None, Remark]:
    remark = _remark_on(document)
    if remark is not Remark.NONE:
        return None, remark
    try:
        page = draw_page(Path(document.path), number, width, text, sentence)
    except PageNotDrawn:
        return None, Remark.PAGE_NOT_DRAWN
    return page, Remark.NONE if page.boxes else Remark.NOT_LOCATED
