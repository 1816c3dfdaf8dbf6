"""What must be said about a passage that is shown, in plain sentences."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from chatbot_app.core.text import first_words
from chatbot_app.knowledge.places.passage_opening import OpenedPassage, Remark
from chatbot_app.knowledge.places.snippet_text import snippet_of
from chatbot_app.knowledge.places.stored_places import Fit

_SAID_MOST = 200  # characters of what was cited


def remarks_on(opened: OpenedPassage) -> str:
    """Return what must be said about a passage: whether it is what was stored, and of its file; "" for nothing."""
    return " ".join(said for said in (_words_of_fit(opened), _words_of_remark(opened.remark)) if said)


def _words_of_fit(opened: OpenedPassage) -> str:
    match opened.fit:
        case Fit.SEVERAL:
            return _tr(
                "The text of this document has changed since, and these words stand in it more than once:"
                " the place nearest to the old one is marked."
            )
        case Fit.ALIKE:
            return _tr(
                "The text of this document has changed since: the place most like what was cited is marked."
            )
        case Fit.GONE:
            said = first_words(snippet_of(opened.sought, opened.document.path), _SAID_MOST)
            return _tr(
                "The text of this document has changed since, and this passage is no longer found in it."
                " It said: “{words}”"
            ).format(words=said)
        case Fit.SAME:
            return ""


def _words_of_remark(remark: Remark) -> str:
    return {
        Remark.NONE: "",
        Remark.NOT_LOCATED: _tr("This passage cannot be located in the page."),
        Remark.ORIGINAL_GONE: _tr("The original is not at its place any more; this is the stored text."),
        Remark.ORIGINAL_CHANGED: _tr(
            "The original has changed since it was imported; this is the stored text."
        ),
        Remark.PAGE_NOT_DRAWN: _tr("The page cannot be drawn; this is the stored text."),
        Remark.OTHER_VERSION: _tr(
            "The document that was cited is gone; this is its file as it was imported again."
        ),
    }[remark]


def _tr(words: str) -> str:
    return QCoreApplication.translate("PassageRemarks", words)
