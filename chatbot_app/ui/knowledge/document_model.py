"""The rows of the knowledge panel: files under way first, then the documents in order; any number of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from chatbot_app.core.documents import Document, ImportOutcome
from chatbot_app.knowledge.importing.events import FileProgress, FileStep
from chatbot_app.ui.knowledge.document_order import KEYS, DocumentOrder, SortKey
from chatbot_app.ui.knowledge.document_words import DocumentRow, facts_of, one_line, state_of, title_of

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
        self._order = DocumentOrder.NEWEST
        self._arrivals: dict[str, int] = {}  # path of a file under way → when it came
        self._failed = 0
        self._words_only: dict[str, DocumentRow] = {}

    @property
    def order(self) -> DocumentOrder:
        """How documents are sorted."""
        return self._order

    @property
    def failed_count(self) -> int:
        """How many rows have failed."""
        return self._failed

    def words_only(self) -> list[DocumentRow]:
        """Return the documents that have no vectors until a person asks for them."""
        return list(self._words_only.values())

    def set_order(self, order: DocumentOrder) -> None:
        """Sort documents in another way; what is selected stays selected."""
        if order is self._order:
            return
        self._order = order
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        rows = [self._rows[index.row()] for index in kept]
        self._rows.sort(key=self.sort_key)
        self.changePersistentIndexList(kept, [self.index(self._place(row)) for row in rows])
        self.layoutChanged.emit()

    def set_documents(
        self,
        documents: Sequence[Document],
        files: Sequence[DocumentRow],
        days_left: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Show these files, above these documents; `days_left` of those in the trash, by id."""
        self.beginResetModel()
        known = {document.path for document in documents}
        files = [file for file in files if file.path not in known]
        rows = [*files, *(DocumentRow.of_document(one, days_left.get(one.id)) for one in documents)]
        self._by_path, self._by_document, self._document_paths = {}, {}, {}
        self._failed = 0
        self._words_only = {}
        for row in reversed(rows):  # of two documents of one file the first counts
            self._remember(row)
        for row in files:
            self._arrivals.setdefault(row.path, len(self._arrivals))
        self._rows = sorted(rows, key=self.sort_key)
        self.endResetModel()

    def apply(self, files: Iterable[FileProgress], *, only_known: bool = False) -> None:
        """Show how files have come on, each at its place in the order; new ones not with `only_known`."""
        new: list[DocumentRow] = []
        touched: dict[int, DocumentRow] = {}  # by id()

        def remove(old: DocumentRow) -> None:
            self._insert(new)  # it may be one of them: the same bytes come from two files
            touched.pop(id(old), None)
            self._remove(old)

        for progress in files:
            row = DocumentRow.of_progress(progress)
            document = row.document
            waiting = self._by_path.get(row.path)
            if document is not None:
                if waiting is not None and document.id in self._by_document:
                    remove(waiting)
                    waiting = None
                if document.previous_id and (old := self._by_document.get(document.previous_id)):
                    remove(old)
                waiting = waiting or self._by_document.get(document.id)
            elif row.step is FileStep.FINISHED and row.report is not None:
                if row.report.outcome in (ImportOutcome.ALREADY_THERE, ImportOutcome.SKIPPED):
                    if waiting is not None:
                        remove(waiting)
                    continue
            elif waiting is None and (old := self._document_paths.get(row.path)) is not None:
                waiting = old  # it is read again
                row = DocumentRow(row.path, row.step, waiting.document, waiting.report)
            if waiting is not None:
                self._insert(new)
                touched.pop(id(waiting), None)
                touched[id(row)] = row
                self._swap(waiting, row)
            elif not (only_known and document is not None):
                self._arrivals.setdefault(row.path, len(self._arrivals))
                new.append(row)
                self._remember(row)
        self._insert(new)
        if touched:
            places = [self._place(row) for row in touched.values()]
            self.dataChanged.emit(self.index(min(places)), self.index(max(places)))

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

    def sort_key(self, row: DocumentRow) -> SortKey:
        """Return what rows are sorted by: first what is to be read, as it came, then the rest in the order that is chosen."""
        if row.document is None and not row.has_failed:
            return (0, self._arrivals.get(row.path, 0))
        return (1, *KEYS[self._order](row))

    # --- inside --------------------------------------------------------------------------------------

    def _insert(self, new: list[DocumentRow]) -> None:
        """Put rows at their places; those that go to the same one together, for thousands may come at once."""
        new.sort(key=self.sort_key)
        while new:
            place = bisect_left(self._rows, self.sort_key(new[-1]), key=self.sort_key)
            first = len(new) - 1
            while first > 0 and (
                place == 0 or self.sort_key(new[first - 1]) > self.sort_key(self._rows[place - 1])
            ):
                first -= 1
            self.beginInsertRows(QModelIndex(), place, place + len(new) - first - 1)
            self._rows[place:place] = new[first:]
            del new[first:]
            self.endInsertRows()

    def _place(self, row: DocumentRow) -> int:
        """Return where a row is: found by its key, for thousands may be shown."""
        place = bisect_left(self._rows, self.sort_key(row), key=self.sort_key)
        while self._rows[place] is not row:
            place += 1  # equal ones
        return place

    def _remember(self, row: DocumentRow) -> None:
        self._failed += row.has_failed
        if row.document is not None:
            self._by_document[row.document_id] = row
            self._document_paths[row.path] = row
            if row.is_words_only:
                self._words_only[row.document_id] = row
        else:
            self._by_path[row.path] = row

    def _forget(self, row: DocumentRow) -> None:
        self._failed -= row.has_failed
        if row.document is not None:
            self._by_document.pop(row.document_id, None)
            self._document_paths.pop(row.path, None)
            self._words_only.pop(row.document_id, None)
        else:
            self._by_path.pop(row.path, None)

    def _swap(self, old: DocumentRow, new: DocumentRow) -> None:
        """Put `new` in the place of `old`, then where the order wants it."""
        place = self._place(old)
        self._forget(old)
        self._remember(new)
        self._rows[place] = new
        key = self.sort_key(new)
        follows = place == 0 or not key < self.sort_key(self._rows[place - 1])
        leads = place == len(self._rows) - 1 or not self.sort_key(self._rows[place + 1]) < key
        if not (follows and leads):
            self._move(place)

    def _move(self, place: int) -> None:
        """Take the row at `place` to where the order wants it."""
        row = self._rows[place]
        others = self._rows[:place] + self._rows[place + 1 :]
        wanted = bisect_left(others, self.sort_key(row), key=self.sort_key)
        self.beginMoveRows(QModelIndex(), place, place, QModelIndex(), wanted + (wanted > place))
        others.insert(wanted, row)
        self._rows = others
        self.endMoveRows()

    def _remove(self, row: DocumentRow) -> None:
        place = self._place(row)
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._rows[place]
        self._forget(row)
        self.endRemoveRows()

    # --- Qt ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
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
