"""The window: conversations at the left, the chat in the middle, panels at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QTabBar, QTabWidget, QWidget

from chatbot_app.core.paths import APPLICATION_NAME
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.panel_actions import PanelActions, bring_forward
from chatbot_app.ui.panel_dock import PanelDock
from chatbot_app.ui.text_size_actions import STAYS, add_text_size_actions
from chatbot_app.ui.theme import ThemeMode, em

if TYPE_CHECKING:
    from chatbot_app.ui.conversation_list import ConversationList
    from chatbot_app.ui.knowledge.panel import KnowledgePanel
    from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
    from chatbot_app.ui.knowledge.passage_window import PassagePlace
    from chatbot_app.ui.settings.panel import SettingsPanel

_STATE_VERSION = 1  # of the docks; raised when their names change


class MainWindow(QMainWindow):
    """Builds and places the parts; what they do is decided by the controllers."""

    new_conversation_requested = Signal()
    export_requested = Signal()
    find_here_requested = Signal()
    trash_requested = Signal()
    servers_requested = Signal()
    models_requested = Signal()
    laboratory_requested = Signal()
    prompts_requested = Signal()
    model_choice_requested = Signal()
    theme_chosen = Signal(str)
    welcome_requested = Signal()
    about_requested = Signal()
    diagnostics_requested = Signal()
    text_size_changed = Signal(float)  # step: +0.1, -0.1, or 0 for the usual size
    escaped = Signal()  # Escape, where nothing that has the focus had a use for it
    about_to_close = Signal()

    conversation_list: ConversationList
    settings_panel: SettingsPanel
    knowledge_panel: KnowledgePanel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_close: Callable[[], bool] = lambda: True
        self.setObjectName("main_window")
        self.setAccessibleName(self.tr("Chatbot"))
        self.setWindowTitle(APPLICATION_NAME)
        self._passage_place: PassagePlace | None = None
        self._passage_geometry = QByteArray()
        self._left: QWidget = QWidget(self)  # of the conversations, until their code is loaded
        self.chat_pane = ChatPane(self)
        titles = (self.tr("&Conversation"), self.tr("&View"), self.tr("&Tools"), self.tr("&Help"))
        self._menus = [self.menuBar().addMenu(title) for title in titles]
        self.list_action = QAction(self.tr("&Conversations"), self, checkable=True, checked=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("splitter")
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self._left)
        self._splitter.addWidget(self.chat_pane)
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setCollapsible(1, False)
        self.setCentralWidget(self._splitter)
        self.settings_dock = self._dock(self.tr("Settings"), "settings_dock")
        self.knowledge_dock = self._dock(self.tr("Knowledge"), "knowledge_dock")
        self.passage_dock = self._dock(self.tr("Passage"), "passage_dock")
        self.branches_dock = self._dock(self.tr("Branches"), "branches_dock")
        for dock in (self.knowledge_dock, self.passage_dock, self.branches_dock):
            self.tabifyDockWidget(self.settings_dock, dock)
        self.passage_dock.hide()
        self.branches_dock.hide()
        self.settings_dock.raise_()
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.resize(em(self, 76), em(self, 48))
        self._splitter.setSizes([em(self, 15), em(self, 41)])
        self.resizeDocks([self.settings_dock], [em(self, 20)], Qt.Orientation.Horizontal)

    def _dock(self, title: str, name: str) -> QDockWidget:
        dock = PanelDock(title, self)
        dock.setObjectName(name)
        dock.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        dock.installEventFilter(self)
        return dock

    def add_conversation_list(self) -> None:
        """Fill the left side. This and the next two come after the window is shown, so that it is shown sooner."""
        from chatbot_app.ui.conversation_list import ConversationList

        self.conversation_list = ConversationList(self)
        place, self._left = self._left, self.conversation_list
        is_wanted = not place.isHidden()  # replacing hides it
        self._splitter.replaceWidget(0, self._left)
        self._left.setVisible(is_wanted)
        place.deleteLater()

    def add_settings_panel(self) -> None:
        """Fill the dock of the settings."""
        from chatbot_app.ui.settings.panel import SettingsPanel

        self.settings_panel = SettingsPanel(self)
        self.settings_dock.setWidget(self.settings_panel)

    def add_knowledge_panel(self) -> None:
        """Fill the dock of the documents."""
        from chatbot_app.ui.knowledge.panel import KnowledgePanel

        self.knowledge_panel = KnowledgePanel(self)
        self.knowledge_dock.setWidget(self.knowledge_panel)
        # Qt makes this bar itself, once there is something to choose between.
        for bar in self.findChildren(QTabBar, "", Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setObjectName("panel_tabs")
            bar.setAccessibleName(self.tr("Panels"))

    def fill_menus(self) -> None:
        """Put into the menus, whose titles are there from the start, what can be chosen in them."""
        conversation, view, tools, help_menu = self._menus
        self._add(
            conversation, self.tr("&New"), self.new_conversation_requested.emit, QKeySequence.StandardKey.New
        )
        self._add(
            conversation, self.tr("Find in &this conversation"), self.find_here_requested.emit, "Ctrl+F"
        )
        self._add(conversation, self.tr("&Find in all conversations"), self._find, "Ctrl+K")
        self._add(conversation, self.tr("&Export…"), self.export_requested.emit, "Ctrl+Shift+S")
        self._add(conversation, self.tr("&Trash…"), self.trash_requested.emit, "")
        conversation.addSeparator()
        self._add(conversation, self.tr("&Quit"), self.close, QKeySequence.StandardKey.Quit)
        self.list_action.setShortcut(QKeySequence("Ctrl+B"))
        view.addAction(self.list_action)
        docks = (
            (self.settings_dock, "Ctrl+,"),
            (self.knowledge_dock, "Ctrl+Shift+K"),
            (self.passage_dock, "Ctrl+Shift+P"),
            (self.branches_dock, "Ctrl+Shift+G"),
        )
        panels = PanelActions(view, self)
        panels.left.connect(self.chat_pane.composer.focus_text)
        for dock, keys in docks:
            panels.add(dock, keys).setProperty(STAYS, dock is self.passage_dock)
        panels.set_window_of(self.passage_dock, self._passage_window)
        view.addSeparator()
        self._add_theme_menu(view.addMenu(self.tr("&Appearance")))
        add_text_size_actions(view, self, self.text_size_changed)
        self._add(tools, self.tr("&Choose model…"), self.model_choice_requested.emit, "Ctrl+Shift+M")
        self._add(tools, self.tr("&Models…"), self.models_requested.emit, "Ctrl+Shift+L")
        self._add(tools, self.tr("&Servers…"), self.servers_requested.emit, "Ctrl+Shift+,")
        self._add(tools, self.tr("&Prompts…"), self.prompts_requested.emit, "Ctrl+Shift+Y")
        self._add(tools, self.tr("&Laboratory"), self.laboratory_requested.emit, "Ctrl+Shift+B")
        self._add(help_menu, self.tr("&Welcome"), self.welcome_requested.emit, "")
        self._add(help_menu, self.tr("Copy &diagnostics"), self.diagnostics_requested.emit, "Ctrl+Shift+F1")
        words = self.tr("&About {name}").format(name=APPLICATION_NAME)
        about = self._add(help_menu, words, self.about_requested.emit, "F1")
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _add_theme_menu(self, menu: QWidget) -> None:
        self._themes = QActionGroup(self)
        words = {
            ThemeMode.SYSTEM: self.tr("As the system"),
            ThemeMode.LIGHT: self.tr("Light"),
            ThemeMode.DARK: self.tr("Dark"),
        }
        for mode, text in words.items():
            action = QAction(text, self, checkable=True)
            action.setData(mode.value)
            self._themes.addAction(action)
            menu.addAction(action)
        self._themes.triggered.connect(lambda action: self.theme_chosen.emit(action.data()))

    def _add(
        self, menu: QWidget, text: str, act: Callable[[], object], keys: QKeySequence.StandardKey | str
    ) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False: act())
        menu.addAction(action)
        return action

    def _connect(self) -> None:
        self.list_action.triggered.connect(self._toggle_list)
        self.chat_pane.list_button.clicked.connect(self.list_action.trigger)
        self.chat_pane.panels_button.clicked.connect(self._toggle_panels)
        self.passage_dock.visibilityChanged.connect(self._fill_passage_dock)

    def _find(self) -> None:
        self.list_action.setChecked(True)
        self._toggle_list()
        self.conversation_list.focus_search()

    @Slot()
    def _toggle_list(self) -> None:
        self._left.setVisible(self.list_action.isChecked())

    def _toggle_panels(self) -> None:
        docks = (self.settings_dock, self.knowledge_dock)
        show = not any(dock.isVisible() for dock in (*docks, self.passage_dock, self.branches_dock))
        for dock in docks:
            dock.setVisible(show)
        if not show:
            self.passage_dock.hide()
            self.branches_dock.hide()

    def show_theme(self, mode: str) -> None:
        """Mark the appearance that is in use."""
        for action in self._themes.actions():
            action.setChecked(action.data() == mode)

    def show_settings(self) -> None:
        """Bring the settings panel to the front."""
        bring_forward(self.settings_dock)

    def show_knowledge(self) -> None:
        """Bring the knowledge panel to the front."""
        bring_forward(self.knowledge_dock)

    def show_passage_viewer(self) -> PassageViewer:
        """Bring the passage viewer to the front, wide enough for a page, and return it."""
        return self._passages().show()

    def _passages(self) -> PassagePlace:
        if self._passage_place is None:
            from chatbot_app.ui.knowledge.passage_window import PassagePlace

            self._passage_place = PassagePlace(self.passage_dock, self)
            self._passage_place.set_geometry(self._passage_geometry)
        return self._passage_place

    def _passage_window(self) -> QWidget | None:
        return self._passage_place.own_window if self._passage_place is not None else None

    @Slot(bool)
    def _fill_passage_dock(self, is_shown: bool) -> None:
        if is_shown and self._passage_place is None:
            self._passages().viewer()

    def layout_state(self) -> str:
        """Return geometry, splitter and docks as text for `restore_layout`."""
        passage = self._passage_place.geometry() if self._passage_place else self._passage_geometry
        parts = (self.saveGeometry(), self.saveState(_STATE_VERSION), self._splitter.saveState(), passage)
        return " ".join(bytes(part.toBase64().data()).decode() for part in parts)

    def restore_layout(self, state: str) -> None:
        """Bring back what `layout_state` returned; anything else changes nothing."""
        parts = [QByteArray.fromBase64(part.encode()) for part in state.split(" ")]
        if len(parts) not in (3, 4):  # before there was a window of passages it were three
            return
        self._passage_geometry = parts[3] if len(parts) == 4 else QByteArray()
        self.restoreGeometry(parts[0])
        self.restoreState(parts[1], _STATE_VERSION)
        self._splitter.restoreState(parts[2])
        # A panel that floated on a screen that is gone, or a list dragged to nothing, must not stay lost.
        self.list_action.setChecked(not self._left.isHidden())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.escaped.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A panel that floats is a window of its own: what it has no use for would end there.
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QDockWidget)
            and watched.isFloating()
            and event.key() == Qt.Key.Key_Escape
        ):
            self.escaped.emit()
            return True
        return super().eventFilter(watched, event)

    def guard_closing(self, may_close: Callable[[], bool]) -> None:
        """Ask `may_close()` before the window closes; it closes later by itself where the answer is no."""
        self._may_close = may_close

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close():
            event.ignore()
            return
        self.about_to_close.emit()
        if self._passage_place is not None:
            self._passage_place.close()
        super().closeEvent(event)
