"""The rows of the knowledge panel: files under way first, then the documents; any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from chatbot_app.core.documents import Document, ImportOutcome
from chatbot_app.ui.knowledge.document_words import DocumentRow, facts_of, one_line, state_of, title_of
from chatbot_app.workers.import_progress import FileProgress, FileStep

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class DocumentModel(QAbstractListModel):
    """Documents of one collection, and the files that are on their way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[DocumentRow] = []
        self._by_document: dict[str, DocumentRow] = {}
        self._document_paths: dict[str, DocumentRow] = {}
        self._by_path: dict[str, DocumentRow] = {}  # files that are no documents yet
        self._places: dict[int, int] | None = None  # id() of a row → its place; None after a change of order

    def set_documents(self, documents: Sequence[Document], files: Sequence[DocumentRow]) -> None:
        """Show these files, above these documents."""
        self.beginResetModel()
        known = {document.path for document in documents}
        files = [file for file in files if file.path not in known]
        self._rows = [*files, *(DocumentRow.of_document(document) for document in documents)]
        self._by_path = {row.path: row for row in files}
        self._by_document = {row.document_id: row for row in self._rows if row.document is not None}
        self._document_paths = {row.path: row for row in reversed(self._rows) if row.document is not None}
        self._places = None
        self.endResetModel()

    def apply(self, files: Iterable[FileProgress], *, only_known: bool = False) -> None:
        """Show how files have come on; new ones go to the top, in their order, or not with `only_known`."""
        new: list[DocumentRow] = []
        touched: list[int] = []
        for progress in files:
            row = DocumentRow.of_progress(progress)
            document = row.document
            waiting = self._by_path.get(row.path)
            if document is not None:
                if waiting is not None and document.id in self._by_document:
                    self._remove(waiting)
                    waiting = None
                if document.previous_id and (old := self._by_document.get(document.previous_id)):
                    self._remove(old)
                waiting = waiting or self._by_document.get(document.id)
            elif row.step is FileStep.FINISHED and row.report is not None:
                if row.report.outcome in (ImportOutcome.ALREADY_THERE, ImportOutcome.SKIPPED):
                    if waiting is not None:
                        self._remove(waiting)
                    continue
            elif waiting is None and (old := self._document_paths.get(row.path)) is not None:
                waiting = old  # it is read again
                row = DocumentRow(row.path, row.step, waiting.document, waiting.report)
            if waiting is None:
                if not (only_known and document is not None):
                    new.append(row)
                    self._remember(row)
            else:
                touched.append(self._swap(waiting, row))
        if new:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._rows[:0] = new
            self._places = None
            touched = [place + len(new) for place in touched]
            self.endInsertRows()
        if touched:
            self.dataChanged.emit(self.index(min(touched)), self.index(max(touched)))

    def remove_document(self, document_id: str) -> None:
        """Take a document away; an unknown id changes nothing."""
        row = self._by_document.get(document_id)
        if row is not None:
            self._remove(row)

    def remove_file(self, path: str) -> None:
        """Take a file away that is no document; an unknown one changes nothing."""
        row = self._by_path.get(path)
        if row is not None:
            self._remove(row)

    def row_at(self, index: Index) -> DocumentRow | None:
        """Return the row of an index, None for an invalid one."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def files(self) -> list[DocumentRow]:
        """Return the rows that are no documents."""
        return [row for row in self._rows if row.document is None]

    def index_of_document(self, document_id: str) -> QModelIndex:
        """Return the index of a document, an invalid one where it is not shown."""
        row = self._by_document.get(document_id)
        return self.index(self._place(row)) if row is not None else QModelIndex()

    # --- inside --------------------------------------------------------------------------------------

    def _place(self, row: DocumentRow) -> int:
        if self._places is None:
            self._places = {id(shown): place for place, shown in enumerate(self._rows)}
        return self._places[id(row)]

    def _remember(self, row: DocumentRow) -> None:
        if row.document is not None:
            self._by_document[row.document_id] = row
            self._document_paths[row.path] = row
        else:
            self._by_path[row.path] = row

    def _forget(self, row: DocumentRow) -> None:
        if row.document is not None:
            self._by_document.pop(row.document_id, None)
            self._document_paths.pop(row.path, None)
        else:
            self._by_path.pop(row.path, None)

    def _swap(self, old: DocumentRow, new: DocumentRow) -> int:
        place = self._place(old)
        self._forget(old)
        self._remember(new)
        self._rows[place] = new
        assert self._places is not None
        del self._places[id(old)]
        self._places[id(new)] = place
        return place

    def _remove(self, row: DocumentRow) -> None:
        place = self._place(row)
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._rows[place]
        self._forget(row)
        self._places = None
        self.endRemoveRows()

    # --- Qt ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return title_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title_of(row)}, {state_of(row)}, {facts_of(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            # Qt would read HTML in a bare name.
            lines = [f"<b>{escape(title_of(row))}</b>", escape(facts_of(row)), escape(one_line(row.path))]
            return "<p style='white-space:pre-wrap'>" + "<br>".join(lines) + "</p>"
        return None
