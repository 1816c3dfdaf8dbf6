"""What a model was sent, part by part, with its tokens and the reason for each decision."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.theme import em, set_look

LONGEST_TEXT = 200_000  # characters shown of one part; the request that is copied has all of them


class ContextInspector(QDialog):
    """Shows a stored prompt plan: exactly what was sent, what was left out, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("context_inspector")
        self.setWindowTitle(self.tr("What was sent"))
        self._plan: PromptPlan | None = None
        self._request = ""
        self._summary = QLabel(self)
        self._summary.setObjectName("inspector_summary")
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._parts = QTreeWidget(self)
        self._parts.setObjectName("inspector_parts")
        self._parts.setAccessibleName(self.tr("Parts of the prompt"))
        self._parts.setHeaderLabels([self.tr("Part"), self.tr("Tokens"), self.tr("Sent"), self.tr("Why")])
        self._parts.setRootIsDecorated(False)
        self._parts.setUniformRowHeights(True)
        self._parts.setAlternatingRowColors(True)
        self._parts.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("inspector_text")
        self._text.setAccessibleName(self.tr("Text of the part"))
        self._text.setReadOnly(True)
        self._copy = QPushButton(self.tr("Copy request as JSON"), self)
        self._copy.setObjectName("copy_request_button")
        self._copy.setAccessibleName(self._copy.text())
        self._build()
        self._parts.currentItemChanged.connect(self._show_part)
        self._copy.clicked.connect(self._copy_request)

    def _build(self) -> None:
        header = self._parts.header()
        header.setStretchLastSection(True)
        for column in range(3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self._parts)
        splitter.addWidget(self._text)
        splitter.setSizes([em(self, 14), em(self, 12)])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setObjectName("close_inspector_button")
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(em(self, 0.6))
        layout.addWidget(self._summary)
        layout.addWidget(splitter, 1)
        layout.addWidget(buttons)
        self.resize(em(self, 44), em(self, 34))

    def show_plan(self, plan: PromptPlan, settings: GenerationSettings | None, model: str | None) -> None:
        """Show a plan with the parameters and the model it was sent with."""
        self._plan = plan
        parameters = settings.request_parameters() if settings else {}
        request = {"model": model, "messages": plan.messages(), **parameters}
        self._request = json.dumps(request, ensure_ascii=False, indent=2)
        left_out = sum(1 for part in plan.parts if not part.included)
        words = self.tr("{tokens} of {window} tokens{estimate}, {reserve} kept free for the answer.").format(
            tokens=plan.tokens,
            window=plan.window,
            reserve=plan.reply_reserve,
            estimate="" if plan.exact else self.tr(" (an estimate)"),
        )
        if left_out:
            words += " " + self.tr("{count} parts were left out.").format(count=left_out)
        self._summary.setText(words)
        self._parts.clear()
        self._parts.addTopLevelItems([self._row(part) for part in plan.parts])
        first = self._parts.topLevelItem(0)
        if first is not None:
            self._parts.setCurrentItem(first)

    def _row(self, part: PlanPart) -> QTreeWidgetItem:
        row = QTreeWidgetItem(
            [
                f"{self._kind(part.kind)} · {self._role(part)}"
                if part.kind is PartKind.HISTORY
                else self._kind(part.kind),
                str(part.tokens),
                self.tr("yes") if part.included else self.tr("no"),
                part.reason,
            ]
        )
        row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.setData(
            0,
            Qt.ItemDataRole.AccessibleTextRole,
            f"{row.text(0)}, {row.text(1)} {self.tr('tokens')}, {row.text(3)}",
        )
        if not part.included:
            muted = self.palette().placeholderText()
            for column in range(4):
                row.setForeground(column, muted)
        return row

    def _kind(self, kind: PartKind) -> str:
        return {
            PartKind.SYSTEM: self.tr("System prompt"),
            PartKind.PINNED: self.tr("Pinned message"),
            PartKind.SUMMARY: self.tr("Summary"),
            PartKind.HISTORY: self.tr("History"),
            PartKind.PASSAGE: self.tr("Passage"),
            PartKind.QUESTION: self.tr("Question"),
        }[kind]

    def _role(self, part: PlanPart) -> str:
        return {"user": self.tr("question"), "assistant": self.tr("answer")}.get(
            part.role.value, part.role.value
        )

    @Slot()
    def _show_part(self) -> None:
        row = self._parts.currentItem()
        if self._plan is not None and row is not None:
            index = self._parts.indexOfTopLevelItem(row)
            self._text.setPlainText(visible_text(self._plan.parts[index].text[:LONGEST_TEXT]))

    @Slot()
    def _copy_request(self) -> None:
        QGuiApplication.clipboard().setText(self._request)
        self._copy.setText(self.tr("Copied"))
        set_look(self._copy, "quiet")
