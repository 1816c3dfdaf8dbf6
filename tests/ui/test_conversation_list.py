"""The left side: order, groups, search, renaming in place, and nothing done behind one's back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
)

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, SearchHit
from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.conversation_delegate import SearchHitDelegate
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.conversation_model import ANSWERING_ROLE, ID_ROLE, ConversationModel
from chatbot_app.ui.conversation_rows import Age, Sorting, age_of
from chatbot_app.ui.search_hits import matched_words, pieces, plain

TODAY = date(2026, 3, 20)
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


def conversation(
    name: str, days_ago: float = 0, title: str | None = None, *, activity: int = 0
) -> Conversation:
    when = (NOON - timedelta(days=days_ago)).isoformat()
    words = name.upper() if title is None else title
    return Conversation(name, words, GenerationSettings(), updated_at=when, activity=activity)


@pytest.fixture
def side(qtbot) -> ConversationList:
    made = ConversationList(today=lambda: TODAY)
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def view(side: ConversationList, name: str = "conversation_list") -> QListView:
    found = side.findChild(QListView, name)
    assert isinstance(found, QListView)
    return found


def search_field(side: ConversationList) -> QLineEdit:
    found = side.findChild(QLineEdit, "conversation_search")
    assert isinstance(found, QLineEdit)
    return found


def texts(side: ConversationList, name: str = "conversation_list") -> list[str]:
    model = view(side, name).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def row_of(side: ConversationList, name: str) -> QModelIndex:
    model = view(side).model()
    return next(
        model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data(ID_ROLE) == name
    )


def click(side: ConversationList, index: QModelIndex, name: str = "conversation_list") -> None:
    place = view(side, name).visualRect(index).center()
    QTest.mouseClick(view(side, name).viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize(
    ("when", "age"),
    [
        ("2026-03-20T12:00:00+00:00", Age.TODAY),
        ("2027-01-01T12:00:00+00:00", Age.TODAY),
        ("2026-03-19T12:00:00+00:00", Age.YESTERDAY),
        ("2026-03-13T12:00:00+00:00", Age.WEEK),
        ("2026-02-20T12:00:00+00:00", Age.MONTH),
        ("2025-02-20T12:00:00+00:00", Age.OLDER),
        ("", Age.OLDER),
        ("garbage", Age.OLDER),
    ],
)
def test_ages(when: str, age: Age) -> None:
    assert age_of(when, TODAY) is age
    assert age_of(when.replace("+00:00", ".000+00:00"), TODAY) is age  # as the store writes it


def test_conversations_stand_under_headings_in_the_order_given(side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b", 1), conversation("c", 400)])
    assert texts(side) == ["Today", "A", "Yesterday", "B", "Older", "C"]


def test_a_clock_set_back_repeats_no_heading(side: ConversationList) -> None:
    side.set_conversations([conversation("a", 400), conversation("b", 0), conversation("c", 500)])
    assert texts(side) == ["Older", "A", "B", "C"]


def test_new_activity_goes_to_the_top_and_a_new_title_stays(side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b", 1), conversation("c", 1)])
    side.upsert(conversation("c", 1, "Renamed"))
    assert texts(side) == ["Today", "A", "Yesterday", "B", "Renamed"]
    side.upsert(conversation("c", 0, activity=1))
    assert texts(side) == ["Today", "C", "A", "Yesterday", "B"]
    side.upsert(conversation("d", 0))
    assert texts(side) == ["Today", "D", "C", "A", "Yesterday", "B"]


def test_a_change_of_now_that_is_no_exchange_moves_nothing(side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b", 1), conversation("c", 1)])
    side.upsert(conversation("b", 0, "Renamed now"))  # the store notes the moment of every change
    assert [text for text in texts(side) if text not in ("Today", "Yesterday")] == ["A", "Renamed now", "C"]


def test_removing_the_last_of_a_group_removes_its_heading(side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b", 1)])
    side.remove("b")
    side.remove("unknown")
    assert texts(side) == ["Today", "A"]
    side.remove("a")
    assert texts(side) == []


def test_the_model_keeps_qts_rules(qtbot) -> None:
    model = ConversationModel(lambda: TODAY)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.set_conversations([conversation(name, age) for age, name in enumerate("abcdef")])
    for name in "fadbz":
        model.upsert(conversation(name, 0, name * 2))
    for name in "adz":
        model.remove(name)
    model.set_answering("b", True)
    assert tester.failureReportingMode() == QAbstractItemModelTester.FailureReportingMode.Warning
    assert model.rowCount() == 6


def test_a_click_selects_and_the_owner_selects_silently(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b")])
    with qtbot.waitSignal(side.conversation_selected) as chosen:
        click(side, row_of(side, "b"))
    assert chosen.args == ["b"]
    with qtbot.assertNotEmitted(side.conversation_selected):
        side.select("a")
        side.upsert(conversation("b", 0, "moved"))
        side.upsert(conversation("c"))
        side.remove("b")
        side.set_conversations([conversation("x"), conversation("a")])
    assert side.selected() == "a"
    assert view(side).currentIndex().data(ID_ROLE) == "a"
    with qtbot.assertNotEmitted(side.conversation_selected):
        side.remove("a")  # Qt moves on to a neighbour, the person did not
    assert not view(side).currentIndex().isValid()


def test_arrow_keys_select_and_skip_headings(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b", 1)])
    side.select("a")
    with qtbot.waitSignal(side.conversation_selected) as chosen:
        QTest.keyClick(view(side), Qt.Key.Key_Down)
    assert chosen.args == ["b"]


def test_titles_are_shown_literally(side: ConversationList) -> None:
    title = "<img src='http://x/y'>\n<b>bold</b>"
    side.set_conversations([conversation("a", 0, title), conversation("b", 0, "")])
    index = row_of(side, "a")
    assert index.data() == "<img src='http://x/y'> <b>bold</b>"
    assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)
    assert row_of(side, "b").data() == "New conversation"


def test_hidden_characters_are_shown_but_the_title_is_edited_as_it_is(side: ConversationList) -> None:
    side.set_conversations([conversation("a", 0, "a\u202egnp.exe")])
    assert "\u202e" not in row_of(side, "a").data()
    assert row_of(side, "a").data(Qt.ItemDataRole.EditRole) == "a\u202egnp.exe"
    assert list(pieces("\u202ea\x02b\x03"))[1] == ("b", True)
    assert "\u202e" not in plain("\u202ea")


def test_f2_renames_in_place(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b")])
    side.select("a")
    side.activateWindow()
    view(side).setFocus()
    QTest.keyClick(view(side), Qt.Key.Key_F2)
    editor = side.findChild(QLineEdit, "conversation_title_edit")
    editor.setText("  New   title ")
    with qtbot.waitSignal(side.rename_requested) as asked:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert asked.args == ["a", "New title"]
    assert row_of(side, "a").data() == "New title"


def test_an_empty_title_and_the_same_title_change_nothing(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a")])
    with qtbot.assertNotEmitted(side.rename_requested):
        view(side).model().setData(row_of(side, "a"), "   ")
        view(side).model().setData(row_of(side, "a"), "A")
    assert row_of(side, "a").data() == "A"


def test_a_title_being_typed_survives_changes_around_it(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b")])
    side.rename_in_place("a")
    editor = side.findChild(QLineEdit, "conversation_title_edit")
    editor.setText("Typed")
    side.upsert(conversation("b", -0.01, activity=1))
    assert texts(side) == ["Today", "A", "B"]
    with qtbot.waitSignal(side.rename_requested) as asked:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert asked.args == ["a", "Typed"]
    qtbot.waitUntil(lambda: texts(side) == ["Today", "B", "Typed"])


def test_delete_asks_for_the_current_conversation(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a"), conversation("b")])
    side.select("b")
    with qtbot.waitSignal(side.wishes.deletion_requested) as asked:
        QTest.keyClick(view(side), Qt.Key.Key_Delete)
    assert asked.args == [["b"]]
    assert "B" in texts(side)


def test_the_menu_offers_rename_export_delete(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a")])
    menu = side.menu_for("a")
    actions = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(side.wishes.export_requested) as asked:
        actions["Export…"].trigger()
    assert asked.args == [["a"]]
    with qtbot.waitSignal(side.wishes.deletion_requested):
        actions["Delete"].trigger()
    actions["Rename"].trigger()
    assert side.findChild(QLineEdit, "conversation_title_edit") is not None
    menu.close()


def test_a_heading_has_the_menu_of_the_list(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a")])
    heading = view(side).visualRect(view(side).model().index(0, 0)).center()
    view(side).customContextMenuRequested.emit(heading)
    of_list = side.findChild(QMenu, "conversation_list_menu")
    assert of_list.isVisible()
    of_list.close()
    view(side).customContextMenuRequested.emit(view(side).visualRect(row_of(side, "a")).center())
    menu = side.findChild(QMenu, "conversation_menu")
    assert menu.isVisible()
    menu.close()
    assert not menu.isVisible()
    following = side.menu_for("a")
    qtbot.waitUntil(lambda: menu not in side.findChildren(QMenu))  # the one before went
    assert following in side.findChildren(QMenu)


def test_an_answer_is_marked(side: ConversationList) -> None:
    side.set_conversations([conversation("a")])
    side.set_answering("a", True)
    assert row_of(side, "a").data(ANSWERING_ROLE) is True
    assert row_of(side, "a").data(Qt.ItemDataRole.AccessibleTextRole) == "A, answering"
    side.set_answering("a", False)
    assert row_of(side, "a").data(ANSWERING_ROLE) is False
    side.set_answering("unknown", True)


def test_the_search_is_asked_for_once_and_shows_its_hits(qtbot, side: ConversationList) -> None:
    side.set_conversations([conversation("a")])
    heard: list[str] = []
    side.search_changed.connect(heard.append)
    QTest.keyClicks(search_field(side), "fox")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["fox"]
    side.show_search_hits([SearchHit("a", "m1", "A", "the \x02fox\x03 runs"), SearchHit("a", None, "A", "")])
    assert view(side, "search_hits").isVisible()
    with qtbot.waitSignal(side.search_hit_selected) as chosen:
        QTest.keyClick(search_field(side), Qt.Key.Key_Return)
    assert chosen.args[:2] == ["a", "m1"]
    assert chosen.args[2].search("The Fox, again").group() == "Fox"
    with qtbot.waitSignal(side.search_hit_selected) as chosen:
        click(side, view(side, "search_hits").model().index(1, 0), "search_hits")
    assert chosen.args == ["a", None, None]
    with qtbot.waitSignal(side.search_changed) as ended:
        QTest.keyClick(search_field(side), Qt.Key.Key_Escape)
    assert ended.args == [""]
    assert view(side).isVisible()


def test_hits_that_come_after_the_search_ended_are_not_shown(side: ConversationList) -> None:
    side.set_conversations([conversation("a")])
    side.show_search_hits([SearchHit("a", "m1", "A", "late")])
    assert view(side).isVisible()


def test_nothing_found_is_said(qtbot, side: ConversationList) -> None:
    search_field(side).setText("<b>zebra</b>")
    side.show_search_hits([])
    label = side.findChild(QLabel, "conversation_nothing")
    assert label.isVisible()
    assert label.text() == "Nothing was found for “<b>zebra</b>”."
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_an_empty_history_says_so(side: ConversationList) -> None:
    label = side.findChild(QLabel, "conversation_nothing")
    assert label.isVisible()
    side.upsert(conversation("a"))
    assert not label.isVisible()


def test_snippets_start_near_the_match() -> None:
    assert list(pieces("a \x02b\x03 c")) == [("a ", False), ("b", True), (" c", False)]
    far = list(pieces("x" * 100 + "\x02hit\x03"))
    assert far[0][0].startswith("…")
    assert len(far[0][0]) < 30
    assert far[1] == ("hit", True)
    assert plain("a\n\x02b\x03") == "a b"


def test_the_button_asks_for_a_new_conversation(qtbot, side: ConversationList) -> None:
    with qtbot.waitSignal(side.new_requested):
        side.findChild(QPushButton, "new_conversation_button").click()


def test_ten_thousand_conversations(qtbot, side: ConversationList) -> None:
    many = [conversation(f"c{number}", number / 100) for number in range(10_000)]
    side.set_conversations(many)
    side.select("c9999")
    QApplication.processEvents()
    side.upsert(conversation("c5000", 0))
    QApplication.processEvents()
    assert view(side).currentIndex().data(ID_ROLE) == "c9999"
    assert view(side).indexAt(QPoint(5, 5)).isValid()


def test_a_hit_is_shown_with_its_whole_word_in_a_narrow_list() -> None:
    snippet = "a long way before the words of Lord \x02Rayleigh\x03 who explained the blue of the sky"
    assert next(pieces(snippet, 10)) == ("…of Lord ", False)
    assert list(pieces(snippet, 0))[:2] == [("…", False), ("Rayleigh", True)]
    assert next(pieces("short \x02hit\x03")) == ("short ", False)


@pytest.mark.parametrize("width", [150, 200, 300])
def test_the_word_that_was_found_is_not_elided(side: ConversationList, width: int) -> None:
    found = view(side, "search_hits")
    delegate = found.itemDelegate()
    assert isinstance(delegate, SearchHitDelegate)
    fonts = {False: found.font(), True: found.font()}
    snippet = "many words that stand in front of it, Lord \x02Rayleigh\x03 among them"
    fitting = delegate.fitting(snippet, fonts, width)
    matched = next(index for index, piece in enumerate(fitting) if piece[1])
    metrics = QFontMetrics(found.font())
    assert sum(metrics.horizontalAdvance(text) for text, _ in fitting[: matched + 1]) <= width


def test_what_was_found_is_found_again_as_whole_words_and_signs() -> None:
    words = matched_words("the \x02c++\x03 and \x02The\x03 rest")
    assert words is not None
    assert [found.group() for found in words.finditer("other the C++ theme (c++)")] == ["the", "C++", "c++"]
    assert matched_words("nothing") is None
    arabic = matched_words("\x02\u5929\x03")
    assert arabic is not None
    assert arabic.search("\u4eca\u5929\u5929")


# --- order -----------------------------------------------------------------------------------------------


WORK, HOME = Folder("f1", "Work"), Folder("f2", "Home & <b>", is_folded=True)


def ordered(side: ConversationList) -> None:
    side.set_conversations(
        [
            replace(conversation("a"), folder_id="f1", message_count=2),
            replace(conversation("b", 1), pinned=True, tags=("to do", "zoo")),
            replace(conversation("c", 2, "Anna"), message_count=9),
            replace(conversation("d", 3), archived=True),
            replace(conversation("e", 3), folder_id="f2"),
            replace(conversation("f", 3), folder_id="gone"),
        ]
    )
    side.set_folders([WORK, HOME])


def mark(side: ConversationList, *names: str) -> None:
    chosen = view(side).selectionModel()
    chosen.clearSelection()
    for name in names:
        chosen.select(row_of(side, name), QItemSelectionModel.SelectionFlag.Select)


def labelled(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions()}


def test_pinned_ones_stand_first_then_folders_then_the_rest(side: ConversationList) -> None:
    ordered(side)
    assert texts(side) == ["Pinned", "B", "Work", "A", "Home & <b>", "Previous 7 days", "Anna", "F"]
    folded = view(side).model().index(4, 0)
    assert folded.data(Qt.ItemDataRole.AccessibleTextRole) == "Folder Home & <b>, 1 conversations, folded"
    side.set_folders([replace(WORK, is_folded=True), HOME])
    assert texts(side) == ["Pinned", "B", "Work", "Home & <b>", "Previous 7 days", "Anna", "F"]
    side.set_folders([])
    assert texts(side)[:4] == ["Pinned", "B", "Today", "A"]


def test_the_list_is_sorted_and_shows_the_archive(qtbot, side: ConversationList) -> None:
    ordered(side)
    side.set_folders([WORK])
    side.arrange(sorting=Sorting.NAME)
    assert texts(side) == ["Pinned", "B", "Work", "A", "In no folder", "Anna", "E", "F"]
    side.arrange(sorting=Sorting.LENGTH)
    assert texts(side)[-3:] == ["Anna", "E", "F"]
    side.arrange(archive=True)
    assert texts(side) == ["Archive", "D"]
    assert side.menu_for("d").actions()
    with qtbot.waitSignal(side.wishes.archive_requested) as asked:
        labelled(side.menu_for("d"))["Bring back from the archive"].trigger()
    assert asked.args == [["d"], False]
    side.upsert(conversation("d", 3))
    assert side.findChild(QLabel, "conversation_nothing").text() == "The archive is empty."
    side.arrange(archive=False, sorting=Sorting.DATE)
    assert "D" in texts(side)


def test_several_are_marked_and_changed_together(qtbot, side: ConversationList) -> None:
    ordered(side)
    side.set_tags(["to do", "zoo"])
    opened = []
    side.conversation_selected.connect(opened.append)
    mark(side, "b", "c")
    wishes = side.wishes
    for path, signal, expected in (
        (["Pin"], wishes.pin_requested, [["b", "c"], True]),
        (["Archive"], wishes.archive_requested, [["b", "c"], True]),
        (["Move to folder", "Work"], wishes.move_requested, [["b", "c"], "f1"]),
        (["Move to folder", "Home && <b>"], wishes.move_requested, [["b", "c"], "f2"]),
        (["Move to folder", "New folder…"], wishes.new_folder_requested, [["b", "c"]]),
        (["Tags", "zoo"], wishes.tag_requested, [["b", "c"], "zoo", True]),
        (["Tags", "New tag…"], wishes.new_tag_requested, [["b", "c"]]),
        (["Duplicate"], wishes.duplication_requested, [["b", "c"]]),
        (["Delete"], wishes.deletion_requested, [["b", "c"]]),
    ):
        action = labelled(side.menu_for("b"))[path[0]]
        for words in path[1:]:
            action = labelled(action.menu())[words]
        with qtbot.waitSignal(signal) as asked:
            action.trigger()
        assert asked.args == expected
    assert "Rename" not in labelled(side.menu_for("b"))
    assert labelled(labelled(side.menu_for("a"))["Move to folder"].menu())["Work"].isChecked()
    with qtbot.waitSignal(wishes.deletion_requested) as asked:
        QTest.keyClick(view(side), Qt.Key.Key_Delete)
    assert asked.args == [["b", "c"]]
    assert opened == []  # nothing is opened while several are marked


def test_a_folder_folds_has_a_menu_and_takes_what_is_dropped_on_it(qtbot, side: ConversationList) -> None:
    ordered(side)
    heading = view(side).model().index(2, 0)
    with qtbot.waitSignal(side.wishes.fold_requested) as asked:
        click(side, heading)
    assert asked.args == ["f1", True]
    view(side).customContextMenuRequested.emit(view(side).visualRect(heading).center())
    menu = side.findChild(QMenu, "folder_menu")
    for words, signal in (
        ("New conversation here", side.wishes.conversation_in_folder_requested),
        ("Rename…", side.wishes.folder_renaming_requested),
        ("Settings for new conversations…", side.wishes.folder_settings_requested),
        ("Remove folder, keep its conversations", side.wishes.folder_removal_requested),
    ):
        with qtbot.waitSignal(signal) as asked:
            labelled(menu)[words].trigger()
        assert asked.args == ["f1"]
    menu.close()
    model = view(side).model()
    dragged = model.mimeData([row_of(side, "c"), row_of(side, "f"), heading])
    for place, folder in ((heading, "f1"), (row_of(side, "a"), "f1"), (QModelIndex(), "")):
        with qtbot.waitSignal(side.wishes.move_requested) as asked:
            model.dropMimeData(dragged, Qt.DropAction.MoveAction, -1, -1, place)
        assert asked.args == [["c", "f"], folder]


def test_filters_are_offered_while_they_are_typed(qtbot, side: ConversationList) -> None:
    ordered(side)
    side.set_tags(["to do", "zoo"])
    side.finder.set_names(models=["llama-3.2"])
    field = search_field(side)
    for typed, offers in (
        ("eif", []),
        ("fo", ["folder:"]),
        ("x fold", ["folder:"]),
        ("folder:", ["folder:Work", 'folder:"Home & <b>"', "folder:none"]),
        ("tag:o", ['tag:"to do"', "tag:zoo"]),
        ("model:LL", ["model:llama-3.2"]),
        ("has:", ["has:sources", "has:code", "has:branches"]),
        ("-is:ar", ["is:archived"]),
        ("before:t", ["before:today", "before:yesterday"]),
        ("std:x", []),
    ):
        field.setText(typed)
        assert side.finder.offers() == offers, typed
    field.setText("tower -fo")
    offered = side.finder.findChild(QCompleter)
    assert offered is not None
    offered.activated.emit("folder:")
    assert field.text() == "tower -folder:"
    offered.activated.emit("folder:Work")
    assert field.text() == "tower -folder:Work "


def test_rows_with_tags_folders_and_pins_are_painted(side: ConversationList) -> None:
    ordered(side)
    QApplication.processEvents()
    assert not view(side).grab().isNull()


def test_a_layout_of_ten_thousand_rows_does_not_ask_python_for_each(
    side: ConversationList, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view asks its model for the number of rows once a row: 30 ms whenever a conversation moves to the top."""
    asked: list[object] = []
    count = ConversationModel.rowCount

    def counted(model: ConversationModel, *parent: QModelIndex) -> int:
        asked.append(parent)
        return count(model, *parent)

    side.set_conversations([conversation(f"c{n}", activity=10_000 - n) for n in range(10_000)])
    monkeypatch.setattr(ConversationModel, "rowCount", counted)
    side.upsert(conversation("c7000", activity=1 << 40))
    view(side).doItemsLayout()
    assert view(side).model().index(1, 0).data(ID_ROLE) == "c7000"  # below its heading
    assert len(asked) < 1000
