"""Colours, sizes and the look of every widget, light and dark."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from chatbot_app.ui.dropped_files import FieldStyle
from chatbot_app.ui.palettes import DARK, LIGHT, Colors


class ThemeMode(StrEnum):
    """What the person chose; the values of the setting `ui.theme`."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what it stands on."""
    text = palette.color(QPalette.ColorRole.WindowText)
    return text.lightness() > palette.color(QPalette.ColorRole.Window).lightness()


def colors(source: QPalette | QWidget) -> Colors:
    """Return the colours that go with a palette, or those that a widget of the application is drawn in."""
    # A style sheet changes the palettes of the widgets it matches, so a widget's own says nothing.
    palette = source if isinstance(source, QPalette) else QApplication.palette()
    return DARK if is_dark(palette) else LIGHT


def em(widget: QWidget, factor: float = 1.0) -> int:
    """Return `factor` times the height of a line of the widget's text, in pixels, at least 1."""
    return max(1, round(widget.fontMetrics().height() * factor))


def scale_font(widget: QWidget, factor: float, *, bold: bool = False) -> None:
    """Give the widget the application's font, `factor` times as large, and keep it so when that one changes."""
    widget.setProperty("font_factor", factor)
    widget.setProperty("font_bold", bold)
    font = _scaled(QApplication.font(), factor)
    font.setBold(bold)
    widget.setFont(font)


def _scaled(font: QFont, factor: float) -> QFont:
    copy = QFont(font)
    if font.pointSizeF() > 0:
        copy.setPointSizeF(font.pointSizeF() * factor)
    else:
        copy.setPixelSize(max(1, round(font.pixelSize() * factor)))
    return copy


def set_least_size(widget: QWidget, width: float = 0.0, height: float = 0.0) -> None:
    """Ask for at least so many lines of text of width and of height, and keep it so when the text size changes."""
    widget.setProperty("least_size", (width, height))
    if width:
        widget.setMinimumWidth(em(widget, width))
    if height:
        widget.setMinimumHeight(em(widget, height))


def set_look(widget: QWidget, look: str) -> None:
    """Choose one of the style sheet's looks for the widget.

    Buttons: "primary", "quiet", "danger", "fold", "chip". Tool buttons: "primary", "resting". Labels: "muted",
    "success", "warning", "danger". Frames: "card", "card-focused", "line", "notice-info",
    "notice-warning", "notice-danger" (a label is a frame, too). Text fields: "bare", "code", and "field" for a QTextEdit. Fields that may be
    left to the server: "unset". Lists: "sidebar", "boxed". "" is the ordinary look.
    """
    if widget.property("look") == look:
        return
    widget.setProperty("look", look)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # Qt polishes it before it is first shown
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def palette_of(chosen: Colors) -> QPalette:
    """Return the palette that draws the colours."""
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in (
        (role.Window, chosen.background),
        (role.WindowText, chosen.text),
        (role.Base, chosen.surface),
        (role.AlternateBase, chosen.raised),
        (role.Text, chosen.text),
        (role.PlaceholderText, chosen.muted),
        (role.Button, chosen.surface),
        (role.ButtonText, chosen.text),
        (role.BrightText, chosen.danger),
        (role.ToolTipBase, chosen.raised),
        (role.ToolTipText, chosen.text),
        (role.Highlight, chosen.selection),
        (role.HighlightedText, chosen.selection_text),
        (role.Accent, chosen.accent),
        (role.Link, chosen.link),
        (role.LinkVisited, chosen.link_visited),
        (role.Light, chosen.raised),
        (role.Midlight, chosen.raised),
        (role.Mid, chosen.border),
        (role.Dark, chosen.outline),
        (role.Shadow, chosen.border),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(chosen.outline))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(chosen.raised))
    return palette


class _Theme(QObject):
    """Keeps the application in the look that was chosen, also when the system changes its own."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme")
        self._app = app
        self._mode = ThemeMode.SYSTEM
        self._system_scheme = Qt.ColorScheme.Unknown
        self._shown: tuple[Colors, float] | None = None
        self._font = QFont(app.font())  # of the system, before any scaling
        self._scale = 1.0
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def choose(self, mode: ThemeMode) -> None:
        self._mode = mode
        hints = self._app.styleHints()
        if mode is ThemeMode.SYSTEM:
            hints.unsetColorScheme()
            self._system_scheme = hints.colorScheme()
        else:
            # The system draws title bars and file dialogs; they follow too.
            hints.setColorScheme(Qt.ColorScheme.Dark if mode is ThemeMode.DARK else Qt.ColorScheme.Light)
        self._apply()

    @Slot(Qt.ColorScheme)
    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if self._mode is ThemeMode.SYSTEM:
            self._system_scheme = scheme
        self._apply()

    def _wanted(self) -> Colors:
        if self._mode is ThemeMode.SYSTEM:
            return DARK if self._system_scheme == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode is ThemeMode.DARK else LIGHT

    def _apply(self) -> None:
        # Imported here: the style sheet reads sizes and colours from this module.
        from chatbot_app.ui.style_sheet import style_sheet

        wanted = self._wanted()
        # Qt replaces the palette when the scheme changes, so ours is set again even if it is the same.
        self._app.setPalette(palette_of(wanted))
        if self._shown != (wanted, self._scale):
            self._shown = (wanted, self._scale)
            _tell(self._app, "before_restyle")
            self._app.setStyleSheet(style_sheet(wanted, self._app.font()))
            # A new style sheet gives widgets back the fonts that they had under the one before.
            for widget in self._app.allWidgets():
                factor = widget.property("font_factor")
                if isinstance(factor, float | int):
                    scale_font(widget, float(factor), bold=bool(widget.property("font_bold")))

    def scale(self, scale: float) -> None:
        if scale == self._scale:
            return
        self._scale = scale
        self._app.setFont(_scaled(self._font, scale))
        self._apply()
        for widget in self._app.allWidgets():
            least = widget.property("least_size")
            if least:
                set_least_size(widget, *least)
        _tell(self._app, "fit_to_font")


def _tell(app: QApplication, what: str) -> None:
    """Call a method of every widget that has it."""
    for widget in app.allWidgets():
        if isValid(widget) and callable(method := getattr(widget, what, None)):
            method()


def apply_theme(app: QApplication, mode: str = ThemeMode.SYSTEM) -> None:
    """Give the application its look: "system", "light" or "dark"; an unknown mode counts as "system".

    A widget whose content is drawn anew in another look has a method `before_restyle`, which is called before Qt
    styles every widget again.
    """
    chosen = ThemeMode(mode) if mode in list(ThemeMode) else ThemeMode.SYSTEM
    _theme(app).choose(chosen)


def apply_text_size(app: QApplication, scale: float) -> None:
    """Draw all text of every window `scale` times as large as the system's own font.

    A widget that fixed a size of its own by its font has a method `fit_to_font`, which is called then.
    """
    _theme(app).scale(scale)


def _theme(app: QApplication) -> _Theme:
    theme = app.findChild(_Theme, "theme")
    if not isinstance(theme, _Theme):
        app.setStyle(FieldStyle())
        theme = _Theme(app)
    return theme
