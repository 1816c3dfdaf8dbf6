"""A page is read, not guessed at: zoom, pan, the passage in the middle, fine pixels within a bound, its own window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatbot_app.knowledge.places.pdf_pages import MAX_PIXELS, DrawnPage, PageBox, draw_page, draw_part
from chatbot_app.ui.knowledge.page_zoom import PartWanted, Zoom
from chatbot_app.ui.knowledge.passage_viewer import PassageViewer
from chatbot_app.ui.main_window import MainWindow
from tests.ui.knowledge.test_passage_viewer import opened
from tests.unit.knowledge.test_hostile_files import one_page, pdf, stream

ACROSS, DOWN = 612.0, 792.0  # US Letter
LINE = 9.0  # points


def page(*boxes: PageBox, number: int = 4, across: float = ACROSS, down: float = DOWN) -> DrawnPage:
    width, height = 300, max(1, round(300 * down / across))
    return DrawnPage(b"\xff" * (width * height * 4), width, height, number, 9, boxes, across, down)


def line_at(y: float, left: float = 0.1, right: float = 0.9) -> PageBox:
    return PageBox(left, y, right, y + LINE / DOWN)


@pytest.fixture
def viewer(qtbot: QtBot) -> PassageViewer:
    shown = PassageViewer()
    qtbot.addWidget(shown)
    shown.resize(300, 600)
    shown.show()
    return shown


def show(viewer: PassageViewer, *boxes: PageBox) -> None:
    viewer.show_passage(opened("x", 0, 1, page=page(*boxes), page_number=4))


def wheel(viewer: PassageViewer, at: QPoint, notches: int, keys: Qt.KeyboardModifier) -> None:
    view = viewer.page_view.viewport()
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_the_passage_is_at_reading_size_and_in_the_middle_at_once(viewer: PassageViewer) -> None:
    show(viewer, line_at(0.5, 0.6, 0.75), line_at(0.52, 0.6, 0.75))
    view = viewer.page_view
    assert view.zoom is Zoom.READING
    size = viewer.fontMetrics()
    for mark in view.marks():
        assert size.ascent() <= mark.height() <= size.height() * 1.5
        assert view.visible_part().contains(mark)
    middle = (view.marks()[0].united(view.marks()[1])).center() - view.visible_part().center()
    assert abs(middle.x()) < 10
    assert abs(middle.y()) < 10


def test_a_wide_passage_is_read_from_its_beginning(viewer: PassageViewer) -> None:
    show(viewer, *(line_at(0.1 + number * 0.02) for number in range(40)))
    first, seen = viewer.page_view.marks()[0], viewer.page_view.visible_part()
    assert seen.contains(first.topLeft())
    assert first.left() - seen.left() < viewer.fontMetrics().height() * 2


def test_the_reading_size_follows_the_letters_of_the_passage(viewer: PassageViewer) -> None:
    show(viewer, line_at(0.5))
    usual = viewer.page_view.percent
    small = PageBox(0.1, 0.5, 0.9, 0.5 + 6.0 / DOWN)
    show(viewer, small)
    assert viewer.page_view.percent > usual * 1.3
    show(viewer)  # nothing is known of its letters
    assert viewer.page_view.percent == 100


def test_a_row_of_a_table_is_shown_with_its_figures_as_far_as_that_is_legible(viewer: PassageViewer) -> None:
    show(viewer, line_at(0.5, 0.1, 0.3))
    reading = viewer.page_view.percent
    show(viewer, line_at(0.5, 0.1, 0.3), line_at(0.5, 0.45, 0.5))
    seen = viewer.page_view.visible_part()
    assert all(seen.contains(mark) for mark in viewer.page_view.marks())
    assert reading * 0.5 <= viewer.page_view.percent < reading
    show(viewer, line_at(0.5, 0.1, 0.3), line_at(0.5, 0.6, 0.7), line_at(0.5, 0.85, 0.95))
    assert abs(viewer.page_view.percent - reading * 0.5) <= 1
    low = PageBox(0.61, 0.5 + 7 / DOWN, 0.613, 0.5 + 11 / DOWN)  # a comma, marked on its own
    show(viewer, line_at(0.5, 0.1, 0.3), line_at(0.5, 0.6, 0.61), low, line_at(0.5, 0.613, 0.7))
    assert viewer.page_view.percent < reading
    show(viewer, line_at(0.5, 0.1, 0.5), line_at(0.5, 0.505, 0.9))  # a sentence in two fonts is no row
    assert viewer.page_view.percent == reading
    show(viewer, line_at(0.5, 0.6, 0.9), line_at(0.515, 0.1, 0.4))  # nor is one on two lines
    assert viewer.page_view.percent == reading


def test_a_row_that_is_marked_letter_by_letter_is_one_of_words(viewer: PassageViewer) -> None:
    """Letters are narrower than any line is high: taken for lines, nothing would be known of their size."""
    show(viewer, line_at(0.5, 0.1, 0.3), line_at(0.5, 0.45, 0.5))
    whole = viewer.page_view.percent
    letters = [line_at(0.5, 0.1 + 0.008 * number, 0.107 + 0.008 * number) for number in range(25)]
    figures = [line_at(0.5, 0.45 + 0.008 * number, 0.457 + 0.008 * number) for number in range(6)]
    show(viewer, *letters, *figures)
    assert abs(viewer.page_view.percent - whole) <= 1
    assert all(viewer.page_view.visible_part().contains(mark) for mark in viewer.page_view.marks())


def test_fitting_the_width_and_the_page(viewer: PassageViewer, qtbot: QtBot) -> None:
    show(viewer, line_at(0.5))
    view, bar = viewer.page_view, viewer.page_bar
    QTest.mouseClick(bar.width_button, Qt.MouseButton.LeftButton)
    assert view.zoom is Zoom.WIDTH
    assert bar.width_button.isChecked()
    assert view.widget().width() <= view.viewport().width()
    assert view.widget().width() > view.viewport().width() * 0.9
    QTest.mouseClick(bar.page_button, Qt.MouseButton.LeftButton)
    assert view.widget().height() <= view.viewport().height()
    assert not bar.width_button.isChecked()
    viewer.resize(700, 400)
    assert view.widget().height() <= view.viewport().height()
    assert view.zoom is Zoom.PAGE
    menu = bar.make_menu()
    next(action for action in menu.actions() if action.data() == 200).trigger()
    assert view.percent == 200
    assert bar.percent_button.text() == "200 %"


def test_the_wheel_zooms_where_it_points(viewer: PassageViewer) -> None:
    show(viewer, line_at(0.5))
    view = viewer.page_view
    at = QPoint(60, 200)
    before = view.widget().mapFrom(view.viewport(), at)
    share = before.x() / view.widget().width(), before.y() / view.widget().height()
    percent = view.percent
    wheel(viewer, at, 2, Qt.KeyboardModifier.ControlModifier)
    after = view.widget().mapFrom(view.viewport(), at)
    assert view.percent > percent * 1.4
    assert after.x() / view.widget().width() == pytest.approx(share[0], abs=0.01)
    assert after.y() / view.widget().height() == pytest.approx(share[1], abs=0.01)
    for _ in range(60):
        wheel(viewer, at, 3, Qt.KeyboardModifier.ControlModifier)
    assert view.percent == 800
    for _ in range(60):
        wheel(viewer, at, -3, Qt.KeyboardModifier.ControlModifier)
    assert view.percent == 10


def test_keys_zoom_and_move_the_page_though_the_window_has_them_too(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_settings_panel()
    window.fill_menus()
    window.resize(1000, 700)
    window.show()
    steps: list[float] = []
    window.text_size_changed.connect(steps.append)
    viewer = window.show_passage_viewer()
    show(viewer, line_at(0.5))
    view = viewer.page_view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    usual = view.percent
    QTest.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.percent > usual
    QTest.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert view.percent < usual
    QTest.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.percent == usual
    assert steps == []
    view.set_percent(400)
    x, y = view.horizontalScrollBar().value(), view.verticalScrollBar().value()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.horizontalScrollBar().value() > x
    assert view.verticalScrollBar().value() > y
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    with qtbot.waitSignal(viewer.page_requested) as asked:
        QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert asked.args == [5]


def test_the_paper_is_dragged(viewer: PassageViewer) -> None:
    show(viewer, line_at(0.5))
    view = viewer.page_view
    view.set_percent(300)
    x, y = view.horizontalScrollBar().value(), view.verticalScrollBar().value()
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(150, 200))
    QTest.mouseMove(port, QPoint(110, 140))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(110, 140))
    assert (view.horizontalScrollBar().value(), view.verticalScrollBar().value()) == (x + 40, y + 60)


def test_pages_are_asked_for_by_buttons_and_number(viewer: PassageViewer) -> None:
    show(viewer, line_at(0.5))
    bar = viewer.page_bar
    asked: list[int] = []
    viewer.page_requested.connect(asked.append)
    QTest.mouseClick(bar.previous_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.next_button, Qt.MouseButton.LeftButton)
    bar.number_edit.selectAll()
    QTest.keyClicks(bar.number_edit, "9")
    QTest.keyClick(bar.number_edit, Qt.Key.Key_Return)
    assert asked == [3, 5, 9]
    viewer.show_other_page(page(number=9))
    assert bar.number_edit.text() == "9"
    assert not bar.next_button.isEnabled()
    bar.number_edit.selectAll()
    QTest.keyClicks(bar.number_edit, "0")  # there is none
    QTest.keyClick(bar.number_edit, Qt.Key.Key_Return)
    assert asked == [3, 5, 9]


def test_what_is_seen_is_asked_for_as_fine_as_the_screen_and_no_poster_is_too_large(
    viewer: PassageViewer, qtbot: QtBot
) -> None:
    poster = page(across=3370.0, down=4768.0)  # 2A0
    viewer.resize(900, 700)
    with qtbot.waitSignal(viewer.page_view.part_wanted) as asked:
        viewer.show_passage(opened("x", 0, 1, page=poster, page_number=4))
        viewer.page_view.set_percent(800)
    [wanted] = asked.args
    assert isinstance(wanted, PartWanted)
    assert wanted.pixels_across == viewer.page_view.widget().width()
    place = wanted.place
    width = (place.right - place.left) * wanted.pixels_across
    height = (place.bottom - place.top) * wanted.pixels_across * 4768 / 3370
    assert width * height <= MAX_PIXELS
    seen = viewer.page_view.visible_part()
    assert place.left * wanted.pixels_across <= seen.left() + 1
    assert place.right * wanted.pixels_across >= seen.right() - 1


def test_a_page_that_is_fine_enough_asks_for_nothing(viewer: PassageViewer) -> None:
    asked: list[object] = []
    viewer.page_view.part_wanted.connect(asked.append)
    show(viewer, line_at(0.5))
    viewer.page_view.set_percent(10)
    viewer.page_view.ask_for_part()
    assert asked == []


# --- the pixels --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of 600 × 800 points with one black square of 10 points at (500, 700) from the lower left."""
    path = tmp_path_factory.mktemp("pages") / "squares.pdf"
    path.write_bytes(pdf(one_page(stream(b"0 0 0 rg 500 700 10 10 re f"))))
    return path


@pytest.mark.parametrize("pixels", [600, 1234, 4800, 40_000])
def test_a_part_is_the_same_page_finer(squares: Path, pixels: int) -> None:
    place = PageBox(0.8, 0.1, 0.9, 0.15)
    part = draw_part(squares, 1, pixels, place)
    assert len(part.pixels) == part.width * part.height * 4
    assert part.width * part.height <= MAX_PIXELS * 1.01
    assert part.place.left == pytest.approx(place.left, abs=2 / pixels)
    assert part.place.bottom == pytest.approx(place.bottom, abs=2 / pixels)
    # The square lies at 500/600 to 510/600 from the left and 90/800 to 100/800 from the top.
    dark = [
        index
        for index in range(part.width * (part.height * 3 // 8), part.width * (part.height * 3 // 8 + 1))
        if part.pixels[index * 4] < 128
    ]
    row = [index % part.width for index in dark]
    share = (part.place.right - part.place.left) / part.width
    assert part.place.left + row[0] * share == pytest.approx(500 / 600, abs=2.5 / min(pixels, 20_000))
    assert part.place.left + row[-1] * share == pytest.approx(510 / 600, abs=2.5 / min(pixels, 20_000))


def test_a_poster_as_a_whole_stays_within_the_bound(squares: Path) -> None:
    drawn = draw_page(squares, 1, 100_000, "")
    assert drawn.width * drawn.height <= MAX_PIXELS * 1.01
    assert (drawn.across, drawn.down) == (600, 800)


# --- a window of its own -----------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    yield made
    made.close()


def own_window(window: MainWindow) -> QWidget:
    found = window.findChild(QWidget, "passage_window")
    assert found is not None
    return found


def test_the_passage_moves_into_a_window_of_its_own_and_back(window: MainWindow, qtbot: QtBot) -> None:
    viewer = window.show_passage_viewer()
    show(viewer, line_at(0.5))
    QTest.mouseClick(viewer.detach_button, Qt.MouseButton.LeftButton)
    own = own_window(window)
    assert own.isWindow()
    assert own.isVisible()
    assert own.isAncestorOf(viewer)
    assert window.passage_dock.isHidden()
    assert viewer.page_view.isVisible()
    # The next source is shown there.
    assert window.show_passage_viewer() is viewer
    assert own.isAncestorOf(viewer)
    assert window.passage_dock.isHidden()
    QTest.mouseClick(viewer.detach_button, Qt.MouseButton.LeftButton)
    assert not own.isVisible()
    assert window.passage_dock.isVisible()
    assert window.passage_dock.isAncestorOf(viewer)
    assert not viewer.detach_button.isChecked()


def test_its_window_is_closed_with_escape_and_the_next_source_opens_in_the_panel(window: MainWindow) -> None:
    viewer = window.show_passage_viewer()
    QTest.mouseClick(viewer.detach_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(viewer, Qt.Key.Key_Escape)
    assert not own_window(window).isVisible()
    assert window.show_passage_viewer() is viewer
    assert window.passage_dock.isAncestorOf(viewer)
    assert viewer.isVisible()


def test_its_window_remembers_its_size_and_goes_with_the_main_one(window: MainWindow, qtbot: QtBot) -> None:
    viewer = window.show_passage_viewer()
    viewer.detach_button.click()
    own_window(window).resize(432, 321)
    state = window.layout_state()
    window.close()
    assert not own_window(window).isVisible()
    again = MainWindow()
    qtbot.addWidget(again)
    again.restore_layout(state)
    assert again.layout_state().split(" ")[3] == state.split(" ")[3]
    again.show()
    again.show_passage_viewer().detach_button.click()
    assert (own_window(again).width(), own_window(again).height()) == (432, 321)
    again.close()
    # The layout of an older version had no such window.
    again.restore_layout(" ".join(state.split(" ")[:3]))


def test_other_sizes_are_offered_by_name(viewer: PassageViewer) -> None:
    show(viewer, line_at(0.5))
    button = viewer.findChild(QPushButton, "zoom_button")
    assert button is not None
    assert "Size of the page" in button.accessibleName()


def test_the_keys_of_the_main_window_work_in_the_window_of_a_passage(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.add_conversation_list()
    window.fill_menus()
    viewer = window.show_passage_viewer()
    show(viewer, line_at(0.5))
    viewer.detach_button.click()
    own = own_window(window)
    qtbot.waitUntil(own.isActiveWindow)
    sizes: list[float] = []
    window.text_size_changed.connect(sizes.append)
    with qtbot.waitSignal(window.servers_requested):
        QTest.keyClick(
            own, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
    QTest.keyClick(own, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert sizes == [-0.1]
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    QTest.keyClick(viewer.page_view, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not own.isVisible()
