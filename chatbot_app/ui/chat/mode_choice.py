"""What a question to the documents is answered with: a choice in the composer, for one conversation."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.core.generation_choices import ANSWER_MODES
from chatbot_app.core.trust import AnswerMode
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.shortening_button import ShorteningButton
from chatbot_app.ui.theme import colors, em, scale_font, set_look

ModeOrNone = AnswerMode | None


class ModeChoice(ShorteningButton):
    """A button with a menu; None stands for "by model"."""

    chosen = Signal(object)  # AnswerMode | None, by the person only
    keeps_words = 1  # where a row is narrow

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mode_choice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._mode: ModeOrNone = None
        self._by_model = AnswerMode.BOTH
        self._menu = QMenu(self)
        self._menu.setObjectName("mode_choice_menu")
        self._menu.setToolTipsVisible(True)
        self._menu.triggered.connect(self._choose_action)
        set_look(self, "quiet")
        scale_font(self, 0.9)
        self.clicked.connect(self._show_menu)
        self._describe()
        self.hide()

    @property
    def mode(self) -> ModeOrNone:
        """What is chosen."""
        return self._mode

    def show_mode(self, mode: ModeOrNone, by_model: AnswerMode) -> None:
        """Show a choice, silently; `by_model` is what the model would decide."""
        if (mode, by_model) != (self._mode, self._by_model):
            self._mode, self._by_model = mode, by_model
            self._describe()

    def choose(self, mode: ModeOrNone) -> None:
        """Choose as the person does."""
        self.show_mode(mode, self._by_model)
        self.chosen.emit(mode)

    @Slot(QAction)
    def _choose_action(self, action: QAction) -> None:
        self.choose(AnswerMode(action.data()) if action.data() else None)

    def _name(self, mode: ModeOrNone) -> str:
        return {
            None: self.tr("By model"),
            AnswerMode.QUOTES: self.tr("Quotes"),
            AnswerMode.ANSWER: self.tr("Answer with sources"),
            AnswerMode.BOTH: self.tr("Both"),
        }[mode]

    def _short(self, mode: AnswerMode) -> str:
        return {
            AnswerMode.QUOTES: self.tr("Quotes"),
            AnswerMode.ANSWER: self.tr("Answer"),
            AnswerMode.BOTH: self.tr("Answer and quotes"),
        }[mode]

    def _describe(self) -> None:
        words = self._short(self._mode or self._by_model)
        self._say(words)
        if self._mode is None:
            spoken = self.tr("Answered with: by model, which is {mode}").format(mode=words)
        else:
            spoken = self.tr("Answered with: {mode}").format(mode=words)
        self.setAccessibleName(spoken)
        explained = next(choice.explanation for choice in ANSWER_MODES if choice.value == self._mode)
        self.setAccessibleDescription(explained)
        self.setToolTip(f"{spoken}. {explained}")
        self._tint()

    def _tint(self) -> None:
        shown = colors(self)
        self.setIcon(icon("chat", shown.muted if self._mode is None else shown.accent))

    @Slot()
    def _show_menu(self) -> None:
        menu = self.make_menu()
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height() - em(self, 0.2))))

    def make_menu(self) -> QMenu:
        """Return the menu of choices."""
        menu = self._menu
        menu.clear()
        for choice in ANSWER_MODES:
            mode: ModeOrNone = choice.value
            words = self._name(mode)
            if mode is None:
                words = self.tr("By model (now: {mode})").format(mode=self._name(self._by_model))
            action = QAction(words, menu, checkable=True)
            action.setToolTip(choice.explanation)
            action.setChecked(mode == self._mode)
            action.setData("" if mode is None else mode.value)  # Qt would turn a StrEnum into a plain text
            menu.addAction(action)
            if mode is None:
                menu.addSeparator()
        return menu

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_mode"):
            self._tint()
