"""The fields of a conversation's settings, and what each of them does."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.generation import GENERATION_SETTINGS
from chatbot_app.core.setting import Setting
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.settings.character_field import CharacterField
from chatbot_app.ui.settings.choice_field import ChoiceField
from chatbot_app.ui.settings.fields import NumberField
from chatbot_app.ui.settings.preset_field import PresetField
from chatbot_app.ui.settings.server_field import ServerField
from chatbot_app.ui.settings.text_fields import CheckField, TextField
from chatbot_app.ui.theme import colors, em, scale_font, set_look

Field = NumberField | ChoiceField | TextField | CheckField


def field_of(setting: Setting, parent: QWidget) -> Field:
    """Return the field that goes with the type of a setting."""
    if setting.choices:
        return ChoiceField(setting, parent)
    if setting.type in (int, float):
        return NumberField(setting, parent)
    return CheckField(setting, parent) if setting.type is bool else TextField(setting, parent)


class SettingsForm(QWidget):
    """Builds and places the fields; the panel fills them and listens to them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._explained: dict[QObject, Setting] = {}
        self._build()
        self._lay_out()
        self._explain_all()
        self.fit_to_font()
        self.more.toggled.connect(self._folded.setVisible)
        self.more.toggled.connect(self._show_folded)

    def _build(self) -> None:
        # In the order in which they stand, which is that of the Tab key.
        self.character = CharacterField(self)
        self.server = ServerField(self)
        above = [field_of(setting, self) for setting in GENERATION_SETTINGS if not setting.is_sent]
        self.presets = PresetField(self)
        below = [field_of(setting, self) for setting in GENERATION_SETTINGS if setting.is_sent]
        self.fields = {field.setting.name: field for field in (*above, *below)}
        self.more = QPushButton(self)
        self.more.setObjectName("more_parameters_button")
        self.more.setCheckable(True)
        set_look(self.more, "fold")
        self.reset = QPushButton(self.tr("Reset to server defaults"), self)
        self.reset.setObjectName("reset_parameters_button")
        self.reset.setAccessibleName(self.tr("Reset all parameters to the server's defaults"))
        self._help = QLabel(self)
        self._help.setObjectName("settings_help")
        self._help.setWordWrap(True)
        self._help.setTextFormat(Qt.TextFormat.PlainText)
        self._help.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._help.setText(self._help_at_first())
        set_look(self._help, "muted")
        scale_font(self._help, 0.9)

    def _explain_all(self) -> None:
        for field in self.fields.values():
            self._explain(field.setting, *field.parts())

    def _lay_out(self) -> None:
        margin = em(self, 0.8)
        self._folded = QWidget(self)
        folded = QVBoxLayout(self._folded)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.setSpacing(em(self, 0.6))
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.7))
        column.addWidget(self.character)
        column.addWidget(self.server)
        for field in self.fields.values():
            if not field.setting.is_sent:
                column.addWidget(field)
        column.addWidget(self._line())
        column.addWidget(self.presets)
        for field in self.fields.values():
            if field.setting.is_sent:
                (folded if field.setting.is_folded else column).addWidget(field)
        column.addWidget(self.more)
        column.addWidget(self._folded)
        column.addWidget(self.reset)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("settings_scroll")
        scroll.setAccessibleName(self.tr("Settings"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are what the keyboard visits
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        below = QVBoxLayout()
        below.setContentsMargins(margin, em(self, 0.4), margin, em(self, 0.4))
        below.addWidget(self._help)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._line())
        whole.addLayout(below)
        self._folded.hide()
        self._scroll, self._inside = scroll, inside

    def fit_to_font(self) -> None:
        """Leave room for the help, and for the fields: a scroll area would let its dock cut them off."""
        self._help.setFixedHeight(4 * self._help.fontMetrics().lineSpacing() + 2)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        # Also while it is hidden; its margins are those of `_lay_out`.
        folded = self._folded.minimumSizeHint().width() + 2 * em(self, 0.8)
        self.setMinimumWidth(max(self._inside.minimumSizeHint().width(), folded) + bar)

    def _help_at_first(self) -> str:
        return self.tr(
            "Point at a setting to read what it does. What is not set is not sent:"
            " the server then uses a default of its own."
        )

    def _line(self) -> QFrame:
        line = QFrame(self)
        line.setFixedHeight(1)
        set_look(line, "line")
        return line

    def _explain(self, setting: Setting, *widgets: QWidget) -> None:
        tip = f"<p><b>{escape(setting.title)}</b></p><p>{escape(setting.explanation)}</p>"
        for widget in widgets:
            self._explained[widget] = setting
            widget.setToolTip(tip)
            widget.setAccessibleDescription(setting.explanation)
            widget.installEventFilter(self)

    # --- what is said ----------------------------------------------------------------------------------------

    def show_more(self, words: str) -> None:
        """Say in these words what is folded away."""
        self.more.setText(words)
        self.more.setAccessibleName(words)
        self._show_folded()

    @Slot()
    def _show_folded(self) -> None:
        name = "chevron-down" if self.more.isChecked() else "chevron-right"
        self.more.setIcon(icon(name, colors(self).text))

    # --- Qt ---------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            setting = self._explained.get(watched)
            if setting is not None:
                self._help.setText(f"{setting.title}: {setting.explanation}")
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "more"):
            self._show_folded()
