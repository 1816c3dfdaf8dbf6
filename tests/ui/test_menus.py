"""Menus live on while something that was chosen in them is done, and go when they are opened again."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from chatbot_app.core.documents import Collection
from chatbot_app.ui.knowledge.collection_choice import CollectionChoice
from chatbot_app.ui.menus import fresh_menu


def deleted_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # type: ignore[arg-type]


def test_a_menu_is_there_until_the_next_one_of_its_name(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    first = fresh_menu(owner, "menu")
    seen: list[bool] = []

    def act() -> None:
        first.close()
        deleted_now()  # as the event loop of a dialog does
        seen.append(isValid(first))

    first.addAction("Act", act)
    first.popup(owner.pos())
    first.actions()[0].trigger()
    assert seen == [True]
    second = fresh_menu(owner, "menu")
    deleted_now()
    assert not isValid(first)
    assert owner.findChildren(QMenu) == [second]


def test_collections_are_chosen_one_after_the_other(qtbot: QtBot) -> None:
    choice = CollectionChoice()
    qtbot.addWidget(choice)
    choice.set_collections(
        [Collection("a", "Wind & sea", 1), Collection("b", "“Odd” [x]", 2)], has_documents=True
    )
    seen: list[object] = []
    choice.chosen.connect(seen.append)
    for words in ("Wind && sea  (1)", "“Odd” [x]  (2)", "Wind && sea  (1)", "No documents", "All documents"):
        menu = choice.make_menu()
        next(action for action in menu.actions() if action.text() == words).trigger()
    assert seen == [("a",), ("a", "b"), ("b",), None, ()]
