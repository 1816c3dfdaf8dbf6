"""Menus that keep a conversation to documents of some company, kind or period."""

from __future__ import annotations

import json

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from chatbot_app.core.document_filter import DocumentFilter
from chatbot_app.knowledge.fields.filtering import Facet, Facets
from chatbot_app.ui.knowledge.document_words import one_line

_MOST = 30  # values of a field: a longer menu is no choice; a question can name what is missing
_LONGEST = 48  # characters of a value


def add_field_menus(menu: QMenu, facets: Facets, chosen: DocumentFilter) -> None:
    """Add a submenu for each field that documents have, with what is chosen checked.

    Its actions' data is what `filter_from` reads. What is chosen is offered also where no document has it any more.
    """
    tr = QCoreApplication.translate
    fields = (
        ("companies", tr("FieldFilter", "Company"), facets.companies, chosen.companies),
        ("kinds", tr("FieldFilter", "Kind of document"), facets.kinds, chosen.kinds),
        ("periods", tr("FieldFilter", "Period"), facets.periods, chosen.periods),
    )
    if any(known or texts for _name, _words, known, texts in fields):
        menu.addSeparator()
    for name, words, known, texts in fields:
        offered = [*known[:_MOST]]
        missing = [text for text in texts if text not in {facet.text for facet in offered}]
        counts = {facet.text: facet.documents for facet in known}
        offered += [Facet(text, counts.get(text, 0)) for text in missing]
        if not offered:
            continue
        submenu = menu.addMenu(words if not texts else f"{words}: {_joined(texts)}")
        submenu.setObjectName(f"filter_{name}_menu")
        for facet in offered:
            shown = one_line(facet.text)[:_LONGEST].replace("&", "&&")
            action = QAction(f"{shown}  ({facet.documents})", submenu, checkable=True)
            action.setChecked(facet.text in texts)
            action.setData(json.dumps([name, facet.text]))
            submenu.addAction(action)


def filter_from(action: QAction, chosen: DocumentFilter) -> DocumentFilter | None:
    """Return the filter after an action, None where it is no action of such a menu."""
    read = json.loads(action.data()) if action.data() else None
    if not (isinstance(read, list) and len(read) == 2 and read[0] in ("companies", "kinds", "periods")):
        return None
    return chosen.toggled(read[0], read[1])


def _joined(texts: tuple[str, ...]) -> str:
    return ", ".join(one_line(text)[:_LONGEST].replace("&", "&&") for text in texts)
