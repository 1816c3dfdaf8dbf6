"""The choice of the collection that is shown: all documents, the person's own, the trash."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from chatbot_app.core.documents import ALL_DOCUMENTS, Collection
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.knowledge.document_words import one_line

TRASH = "trash:"  # stands for the trash among the collections; ids hold no colon
_LONGEST_NAME = 60


class CollectionBox(ComboBox):
    """Offers collections with the numbers of their documents; the chosen one stays while it is offered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("collection_box")
        self.setAccessibleName(self.tr("Collection"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.collections: list[Collection] = []  # the person's, as they are offered
        self._wanted = ""  # id of a collection that is about to be offered

    @property
    def chosen_id(self) -> str:
        """The collection that is shown, or TRASH."""
        return str(self.currentData() or ALL_DOCUMENTS)

    def choose(self, collection_id: str) -> None:
        """Show a collection as soon as it is offered."""
        self._wanted = collection_id

    def offer(self, collections: Sequence[Collection], total: int, in_trash: int) -> bool:
        """Offer these; return whether another one is chosen than before.

        `total` is the number of all documents, `in_trash` of those in the trash.
        """
        before = self.chosen_id
        chosen, self._wanted = self._wanted or before, ""
        self.collections = list(collections)
        offered: list[tuple[str, str | None]] = [(_counted(self.tr("All documents"), total), ALL_DOCUMENTS)]
        for collection in collections:
            name = one_line(collection.name)[:_LONGEST_NAME]
            offered.append((_counted(name, collection.documents), collection.id))
        if in_trash:
            offered += [("", None), (_counted(self.tr("Trash"), in_trash), TRASH)]
        if [self.itemData(place) for place in range(self.count())] == [data for _, data in offered]:
            # Numbers change while documents come in, and the list may be open.
            for place, (words, _) in enumerate(offered):
                self.setItemText(place, words)
        else:
            self.clear()
            for words, data in offered:
                self.addItem(words, data) if data is not None else self.insertSeparator(self.count())
        self.setCurrentIndex(max(0, self.findData(chosen)))
        return self.chosen_id != before


def _counted(name: str, count: int) -> str:
    return f"{name}  ({count})"
