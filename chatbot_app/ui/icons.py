"""Icons: drawn from the SVG files of `resources/icons`, in the colour of the text around them."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QEvent, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QToolButton, QWidget

from chatbot_app.core.paths import resources_dir
from chatbot_app.ui.theme import colors, em

_SIDES = (20, 32, 64, 128, 256)  # pixels, of the program's own icon: a window manager takes the nearest
_FADED = 0.4  # of the ink, where nothing says how an icon looks that cannot be pressed

# What a widget that paints with `colors()` hears when the theme or the text size changes: a style sheet
# may keep PaletteChange from a widget, StyleChange always comes.
RETINT_EVENTS = (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange)


@cache
def _source(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, side: int, *, opacity: float = 1.0) -> QPixmap:
    """Return the icon as a square of `side` pixels. Raises FileNotFoundError for an unknown name."""
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(opacity)
    renderer.render(painter)
    painter.end()
    return drawn


class _TintedEngine(QIconEngine):
    """Draws an icon when it is first shown, in the very size of the place and of the screen."""

    def __init__(self, name: str, colour: str, disabled: str) -> None:
        super().__init__()
        self._name, self._colour, self._disabled = name, colour, disabled
        self._drawn: dict[tuple[int, bool], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._draw(size, mode)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        drawn = QPixmap(self._draw(size * scale, mode))
        drawn.setDevicePixelRatio(scale)
        return drawn

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center())
        painter.drawPixmap(place, self._draw(place.size() * painter.device().devicePixelRatioF(), mode))

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._colour, self._disabled)

    def _draw(self, size: QSize, mode: QIcon.Mode) -> QPixmap:
        is_disabled = mode == QIcon.Mode.Disabled
        key = (max(min(size.width(), size.height()), 1), is_disabled)
        if key not in self._drawn:
            ink = self._disabled if is_disabled and self._disabled else self._colour
            faded = is_disabled and not self._disabled
            self._drawn[key] = pixmap(self._name, ink, key[0], opacity=_FADED if faded else 1.0)
        return self._drawn[key]


@cache
def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """Return the icon in one colour (`#rrggbb`), and in another one for what cannot be pressed.

    Raises FileNotFoundError for an unknown name.
    """
    _source(name)  # raises here and not at the first paint
    return QIcon(_TintedEngine(name, colour, disabled))


def application_icon() -> QIcon:
    """Return the icon of the program, in its own colours."""
    drawn = QIcon()
    for side in _SIDES:
        drawn.addPixmap(pixmap("chatbot", "", side))
    return drawn


class IconButton(QToolButton):
    """A button that shows an icon alone: its words are the tooltip and the accessible name.

    `ink` names the field of `Colors` that tints it; the tint follows the palette.
    """

    def __init__(
        self,
        icon_name: str,
        words: str,
        object_name: str,
        parent: QWidget | None = None,
        *,
        ink: str = "text",
        size: float = 1.1,
    ) -> None:
        """`size` is the side of the icon in lines of text."""
        super().__init__(parent)
        self._icon_name = icon_name
        self._ink = ink
        self._size = size
        self._drawn: QIcon | None = None
        self.setObjectName(object_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_words(words)
        self._tint()

    def set_words(self, words: str) -> None:
        """Say what the button does."""
        self.setToolTip(words)
        self.setAccessibleName(words)

    def set_icon(self, icon_name: str, *, ink: str | None = None) -> None:
        """Show another icon, or the same in the colour of another meaning."""
        self._icon_name = icon_name
        self._ink = ink or self._ink
        self._tint()

    def _tint(self) -> None:
        shown, side = colors(self), em(self, self._size)
        drawn = icon(self._icon_name, getattr(shown, self._ink), shown.outline)
        if drawn is not self._drawn:  # one change of theme is heard several times
            self._drawn = drawn
            self.setIcon(drawn)
        if self.iconSize().width() != side:
            self.setIconSize(QSize(side, side))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS:
            self._tint()
