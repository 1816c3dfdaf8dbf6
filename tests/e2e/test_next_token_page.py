"""The page of the next token in the real window, with a toy model whose probabilities are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTabWidget,
)

from chatbot_app.application import create_services
from chatbot_app.core.messages import Message
from chatbot_app.core.servers import Server
from chatbot_app.lab.sampling import Cut, Sampling
from chatbot_app.lab.small import checkpoint, kept_models, training
from chatbot_app.lab.small.model_shape import ModelShape
from chatbot_app.lab.small.training_plan import Source, TrainingPlan
from chatbot_app.ui.lab.beam_tree_view import BeamTreeView
from chatbot_app.ui.lab.certainty_text import CertaintyText
from chatbot_app.ui.lab.next_token_page import NextTokenPage
from chatbot_app.ui.lab.token_bars import TokenBars
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.e2e.test_laboratory import open_laboratory
from tests.llama_script import llama_paths
from tests.scripted_server import (
    DONE,
    ScriptedServer,
    chunk,
    event,
    json_answer,
    no_answer,
    raw_sse,
    sse_answer,
)

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture
def toy(data_dir: Path) -> Iterator[ScriptedServer]:
    """A server with the toy model that is the default."""
    with ScriptedServer(paths=llama_paths(), models=["toy"]) as server:
        services = create_services(data_dir)
        services.servers.add(Server("toy", "Toy", server.base_url, default_model="toy"))
        services.servers.set_default("toy")
        services.close()
        yield server


class Reader:
    """A person at the page."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.qtbot = person.qtbot
        self.laboratory = open_laboratory(person)
        self.laboratory.open_at("next_token")
        page = self.laboratory.page
        assert isinstance(page, NextTokenPage)
        self.page = page
        self.bars = person.find(TokenBars, "token_bars")
        self.taken = person.find(CertaintyText, "next_taken")
        self.text = person.find(QPlainTextEdit, "next_text")

    def rows(self) -> list[str]:
        model = self.bars.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def write(self, text: str) -> None:
        self.qtbot.waitUntil(lambda: self.page.choice.server_id == "toy")
        self.page.tabs.setCurrentWidget(self.page.view)
        self.person.find(QTabWidget, "next_parts").setCurrentIndex(0)
        self.page.view.sampling.show_sampling(Sampling())
        self.person.find(QSpinBox, "step_count").setValue(1)
        self.text.clear()
        self.qtbot.waitUntil(lambda: self.rows() == [])  # else what is waited for may be there from before
        self.qtbot.keyClicks(self.text, text)

    def wait_for_first(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: self.rows()[:1] == [words])

    def click_row(self, row: int) -> None:
        place = self.bars.visualRect(self.bars.model().index(row, 0)).center()
        self.qtbot.mouseClick(self.bars.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def button(self, name: str) -> QPushButton:
        return self.person.find(QPushButton, name)

    def press(self, name: str) -> None:
        self.qtbot.waitUntil(self.button(name).isEnabled)
        self.person.click(name)


@pytest.fixture
def reader(toy: ScriptedServer, launch: Launch) -> Reader:
    return Reader(launch())


def a_text_is_followed_token_by_token_and_undone(reader: Reader) -> None:
    assert nameless(reader.laboratory) == []
    reader.write("a cat")
    reader.wait_for_first("·sat: 80.0 %")
    entropy = reader.person.find(QLabel, "next_entropy")
    assert entropy.text().startswith("Entropy 0.72 bits")  # it comes with the rows
    reader.click_row(1)
    reader.wait_for_first(".: 60.0 %")
    assert reader.taken.toPlainText() == " ran"
    reader.press("step_greedy")
    reader.wait_for_first("·the: 60.0 %")
    assert reader.taken.toPlainText() == " ran."
    reader.press("step_undo")
    reader.wait_for_first(".: 60.0 %")
    reader.press("step_undo")
    reader.wait_for_first("·sat: 80.0 %")
    assert reader.taken.toPlainText() == ""
    reader.text.clear()
    reader.qtbot.waitUntil(lambda: reader.rows() == [])


def settings_reshape_at_once_and_grey_what_they_cut_off(reader: Reader) -> None:
    reader.write("a cat")
    reader.wait_for_first("·sat: 80.0 %")
    reader.person.find(QDoubleSpinBox, "sampling_top_k").setValue(1)
    reader.wait_for_first("·sat: 80.0 %, now 100 %")
    bar = reader.bars.rows.bar(1)
    assert bar is not None
    assert (bar.cut, bar.after) == (Cut.TOP_K, 0)
    cuts = reader.person.find(QLabel, "next_cuts")
    assert cuts.text().startswith("Top k cuts off 7 tokens that have 20.0 % together.")
    reader.press("sampling_neutral")
    reader.wait_for_first("·sat: 80.0 %")
    reader.person.find(QDoubleSpinBox, "sampling_temperature").setValue(0.5)
    reader.wait_for_first("·sat: 80.0 %, now 94.1 %")


def a_seed_draws_the_same_again_and_a_circle_is_told_with_its_probabilities(reader: Reader) -> None:
    reader.write("a")
    reader.wait_for_first("·cat: 60.0 %")
    reader.person.find(QSpinBox, "step_count").setValue(6)
    reader.person.find(QSpinBox, "step_seed").setValue(3)
    texts = []
    for _ in range(2):
        reader.press("step_sample")
        reader.qtbot.waitUntil(
            lambda: not reader.button("step_stop").isEnabled() and bool(reader.taken.tokens)
        )
        texts.append(reader.taken.toPlainText())
        reader.press("step_restart")
        reader.qtbot.waitUntil(lambda: not reader.taken.tokens)
    assert texts[0] == texts[1] != ""
    reader.person.find(QSpinBox, "step_count").setValue(12)
    reader.press("step_greedy")
    circle = reader.person.find(QLabel, "next_circle")
    reader.qtbot.waitUntil(lambda: "3 times" in circle.text())
    assert "“·the·cat·sat.”" in circle.text() or "“·cat·sat.·the”" in circle.text()
    # a press on a word goes back to before it
    cursor = reader.taken.textCursor()
    cursor.setPosition(1)
    reader.taken.setTextCursor(cursor)
    reader.qtbot.keyClick(reader.taken, Qt.Key.Key_Return)
    reader.wait_for_first("·cat: 60.0 %")


def a_beam_search_draws_its_tree_and_one_goes_on_from_it(reader: Reader) -> None:
    reader.write("a")
    reader.wait_for_first("·cat: 60.0 %")
    reader.person.find(QTabWidget, "next_parts").setCurrentIndex(1)
    reader.press("beam_search_button")
    tree = reader.person.find(BeamTreeView, "beam_tree")
    reader.qtbot.waitUntil(lambda: len(tree.tree.levels) == 6)
    found = reader.person.find(QListWidget, "beam_found")
    assert "·cat·sat.·the·cat" in found.item(0).text()
    node = tree.tree.best.parent
    assert node is not None
    reader.qtbot.mouseClick(tree, Qt.MouseButton.LeftButton, pos=tree.place_of(node).center())
    reader.wait_for_first("·cat: 70.0 %")
    assert reader.taken.toPlainText() == " cat sat. the"


def what_the_model_cannot_say_is_said_and_nothing_is_left_running(
    reader: Reader, toy: ScriptedServer
) -> None:
    problem = reader.person.find(QLabel, "next_problem")
    toy.set_answers(json_answer({"choices": [{"text": "x", "logprobs": None}]}), path="/v1/completions")
    reader.write("a")
    reader.qtbot.waitUntil(problem.isVisible)
    assert problem.text().startswith("Toy sends no probabilities of tokens for toy.")
    toy.set_answers(json_answer({"error": {"message": "Not Found"}}, 404), path="/v1/completions")
    reader.write("a cat")
    reader.qtbot.waitUntil(lambda: "does not continue raw texts" in problem.text())
    assert reader.rows() == []
    toy.set_answers(llama_paths()["/v1/completions"], path="/v1/completions")
    reader.write("a dog")
    reader.wait_for_first("·ran: 90.0 %")
    assert not problem.isVisible()
    reader.press("step_greedy")
    reader.laboratory.close()


def a_megabyte_is_answered_and_the_window_goes_on(reader: Reader, toy: ScriptedServer) -> None:
    refused = {
        "error": {"message": "request (200001 tokens) exceeds the available context size (8192 tokens)"}
    }
    toy.set_answers(json_answer(refused, 400), path="/v1/completions")
    reader.qtbot.waitUntil(lambda: reader.page.choice.server_id == "toy")
    reader.text.setPlainText("a cat " * 170_000)
    problem = reader.person.find(QLabel, "next_problem")
    reader.qtbot.waitUntil(lambda: "200001 tokens, and its window has 8192" in problem.text())
    reader.page.tabs.setCurrentWidget(reader.page.completion)
    reader.person.find(QPlainTextEdit, "completion_prompt").setPlainText("a cat " * 170_000)
    code = reader.person.find(QPlainTextEdit, "completion_python")
    reader.qtbot.waitUntil(lambda: "prompt.txt" in code.toPlainText())
    reader.press("completion_start")
    said = reader.person.find(QLabel, "completion_problem")
    reader.qtbot.waitUntil(lambda: "200001 tokens" in said.text())


def tips_and_points(reader: Reader) -> None:
    reader.write("a cat")
    reader.wait_for_first("·sat: 80.0 %")
    reader.click_row(0)
    reader.wait_for_first(".: 90.0 %")
    assert reader.taken.tip(0) == "·sat  80.0 %"
    assert reader.taken.token_at(QPoint(5000, 5000)) is None
    tip = reader.bars.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Id 6." in tip


def a_phrase_is_said_again_and_becomes_what_it_becomes(reader: Reader) -> None:
    reader.qtbot.waitUntil(lambda: reader.page.choice.server_id == "toy")
    reader.page.tabs.setCurrentWidget(reader.page.repetition)
    for name, text in (("repetition_text", "a"), ("repetition_phrase", " cat sat")):
        line = reader.person.find(QLineEdit, name)
        line.setText(text)
    reader.person.find(QSpinBox, "repetition_turns").setValue(3)
    reader.press("repetition_start")
    said = reader.person.find(QLabel, "repetition_said")
    # after "a" cat has 60 %, after "sat" next to nothing: the toy knows the last token alone
    reader.qtbot.waitUntil(lambda: said.text().count("→") == 2)
    assert said.text().startswith("69.3 % → ")
    assert [turn.said for turn in reader.page.repetition.chart.turns] == [0, 1, 2]
    assert reader.page.repetition.chart.accessibleDescription().startswith("69.3 %")


def a_raw_text_is_completed_with_its_code(reader: Reader, toy: ScriptedServer) -> None:
    reader.qtbot.waitUntil(lambda: reader.page.choice.server_id == "toy")
    reader.page.tabs.setCurrentWidget(reader.page.completion)
    assert nameless(reader.laboratory) == []
    reader.qtbot.keyClicks(reader.person.find(QPlainTextEdit, "completion_prompt"), "a")
    reader.person.find(QSpinBox, "completion_max_tokens").setValue(3)
    reader.person.find(QPlainTextEdit, "completion_stop").setPlainText("\\n\nEND")
    reader.person.find(QCheckBox, "completion_echo").setChecked(True)
    reader.press("completion_start")
    text = reader.person.find(QPlainTextEdit, "completion_text")
    reader.qtbot.waitUntil(lambda: text.toPlainText() == "a cat sat.")
    sent = next(one.json for one in reversed(toy.requests) if one.path == "/v1/completions")
    assert (sent["prompt"], sent["max_tokens"], sent["stop"], sent["echo"]) == ("a", 3, ["\n", "END"], True)
    python = reader.person.find(QPlainTextEdit, "completion_python")
    reader.qtbot.waitUntil(lambda: "echo=True" in python.toPlainText())
    code = python.toPlainText()
    for words in (f"base_url='{toy.base_url}'", "prompt='a'", "stop=['\\n', 'END']", "echo=True"):
        assert words in code
    reader.press("completion_copy")
    assert QGuiApplication.clipboard().text() == code
    reader.qtbot.waitUntil(reader.button("completion_start").isEnabled)
    toy.set_answers(json_answer({"error": {"message": "Not Found"}}, 404), path="/v1/completions")
    reader.press("completion_start")
    problem = reader.person.find(QLabel, "completion_problem")
    reader.qtbot.waitUntil(lambda: "Toy does not continue raw texts" in problem.text())


def two_prompts_are_answered_side_by_side_and_closing_ends_them(reader: Reader, toy: ScriptedServer) -> None:
    reader.qtbot.waitUntil(lambda: reader.page.choice.server_id == "toy")
    reader.page.tabs.setCurrentWidget(reader.page.sides)
    assert nameless(reader.laboratory) == []
    left, right = (reader.person.find(QPlainTextEdit, f"side_{side}_prompt") for side in ("left", "right"))
    assert left.toPlainText() == right.toPlainText()
    left.setPlainText("a")
    toy.set_answers(sse_answer([" Hello"]))
    reader.person.find(QSpinBox, "side_max_tokens").setValue(2)
    reader.press("side_start")
    texts = [reader.person.find(QPlainTextEdit, f"side_{side}_text") for side in ("left", "right")]
    reader.qtbot.waitUntil(lambda: [text.toPlainText() for text in texts] == [" cat sat", " Hello"])
    pairs = reader.person.find(QComboBox, "side_pairs")
    for row in (*range(1, pairs.count()), 0):
        pairs.setCurrentIndex(row)
        assert left.toPlainText() != right.toPlainText() or row == 0
        assert texts[0].toPlainText() == ""
    toy.set_answers(no_answer(), path="/v1/completions")
    toy.set_answers(no_answer())
    asked = len(toy.requests)
    reader.press("side_start")
    reader.qtbot.waitUntil(lambda: len(toy.requests) >= asked + 2)
    reader.laboratory.close()
    reader.qtbot.waitUntil(lambda: not reader.button("side_stop").isEnabled())
    reader.qtbot.waitUntil(toy.client_left.is_set)  # nobody waits for an answer any more


# A launch costs more than all that is done afterwards, so a reader does several things one after the other.


def test_next_token(reader: Reader, toy: ScriptedServer) -> None:
    a_text_is_followed_token_by_token_and_undone(reader)
    settings_reshape_at_once_and_grey_what_they_cut_off(reader)
    a_seed_draws_the_same_again_and_a_circle_is_told_with_its_probabilities(reader)
    a_beam_search_draws_its_tree_and_one_goes_on_from_it(reader)
    tips_and_points(reader)
    what_the_model_cannot_say_is_said_and_nothing_is_left_running(reader, toy)


def test_repetition_completion_and_two_sides(reader: Reader, toy: ScriptedServer) -> None:
    a_phrase_is_said_again_and_becomes_what_it_becomes(reader)
    a_raw_text_is_completed_with_its_code(reader, toy)
    a_megabyte_is_answered_and_the_window_goes_on(reader, toy)
    toy.set_answers(llama_paths()["/v1/completions"], path="/v1/completions")
    two_prompts_are_answered_side_by_side_and_closing_ends_them(reader, toy)


def test_alternatives_of_an_answer_open_the_page_at_a_word(toy: ScriptedServer, launch: Launch) -> None:
    toy.set_answers(sse_answer([" dog", " ran"]))
    person = launch()
    answer = person.ask("a")
    assert answer.text.split() == ["dog", "ran"]
    view = person.transcript.view_of(answer.id)
    assert view is not None
    person.qtbot.waitUntil(lambda: not view.is_streaming)
    spot = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), view.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(view, spot)
    menu = person.find(QMenu, "message_menu")
    next(action for action in menu.actions() if action.text() == "Show alternatives").trigger()
    menu.close()
    words = person.find(CertaintyText, "answer_words")
    person.qtbot.waitUntil(lambda: len(words.tokens) == 2)
    assert words.toPlainText() == " dog ran"
    assert words.tip(0).splitlines()[0].startswith("·dog  30.0 %")
    assert "70.0 %  ·cat" in words.tip(0)
    cursor = words.textCursor()
    cursor.setPosition(6)
    words.setTextCursor(cursor)
    person.qtbot.keyClick(words, Qt.Key.Key_Return)
    bars = person.find(TokenBars, "token_bars")
    person.qtbot.waitUntil(lambda: bars.rows.rowCount() > 0)
    assert str(bars.model().index(0, 0).data()) == "·ran: 90.0 %"
    taken = person.find(CertaintyText, "next_taken")
    assert taken.toPlainText() == " dog"
    person.click("step_undo")
    person.qtbot.waitUntil(lambda: taken.toPlainText() == " dog ran")


def alternatives_that_cannot_be_had_are_said(person: Person, answer: Message) -> None:
    person.transcript.user_actions.alternatives_requested.emit(answer.id)
    problem = person.find(QLabel, "answer_problem")
    person.qtbot.waitUntil(problem.isVisible)
    assert problem.text().startswith("Scripted does not say how likely the words of a given answer are")
    assert "“Alternatives”" in problem.text()


def logprobs_chunk(text: str, logprob: float, **others: float) -> bytes:
    """A piece of an answer as OpenAI sends it where alternatives were asked for."""
    top = [{"token": name, "logprob": value} for name, value in {text: logprob, **others}.items()]
    one = chunk(text)
    one["choices"][0]["logprobs"] = {"content": [{"token": text, "logprob": logprob, "top_logprobs": top}]}
    return event(one)


def test_alternatives_that_were_asked_for_are_kept_with_the_answer(
    scripted: ScriptedServer, launch: Launch
) -> None:
    packets = [logprobs_chunk("Hello", -0.5, Hi=-1.0), logprobs_chunk(" there", -2.0, all=-0.2)]
    scripted.set_answers(raw_sse([*packets, event(chunk(finish_reason="stop")), DONE]))
    person = launch()
    without = person.ask("without")
    assert "logprobs" not in scripted.chat_requests[-1].json
    assert "logprobs" not in without.metadata
    alternatives_that_cannot_be_had_are_said(person, without)
    person.find(QDoubleSpinBox, "top_logprobs_spin").setValue(3)
    answer = person.ask("with")
    sent = scripted.chat_requests[-1].json
    assert (sent["logprobs"], sent["top_logprobs"]) == (True, 3)
    asked = len(scripted.requests)
    person.transcript.user_actions.alternatives_requested.emit(answer.id)
    words = person.find(CertaintyText, "answer_words")
    person.qtbot.waitUntil(lambda: words.toPlainText() == "Hello there")
    assert words.tip(1).splitlines() == ["·there  13.5 %", "", "81.9 %  all", "13.5 %  ·there"]
    assert not [one for one in scripted.requests[asked:] if "completions" in one.path]
    cursor = words.textCursor()
    cursor.setPosition(7)
    words.setTextCursor(cursor)
    person.qtbot.waitUntil(lambda: not person.find(QPushButton, "answer_stop").isEnabled())
    person.qtbot.keyClick(words, Qt.Key.Key_Return)
    bars = person.find(TokenBars, "token_bars")
    person.qtbot.waitUntil(lambda: bars.rows.rowCount() == 2)
    assert str(bars.model().index(0, 0).data()) == "all: 81.9 %"
    assert not person.find(QPushButton, "step_greedy").isEnabled()
    assert "kept with the answer" in person.find(QLabel, "next_problem").text()


def test_a_model_of_build_one_is_asked_like_any_other(
    toy: ScriptedServer, data_dir: Path, launch: Launch
) -> None:
    shape = ModelShape(vocabulary=1, context=12, width=16, layers=1, heads=2, key_value_heads=2)
    plan = TrainingPlan(shape, Source.ADDITIONS, digits=1, steps=1, batch=2)
    services = create_services(data_dir)
    model = kept_models.create(services.paths.small_models, "My sums", plan, "")
    services.close()
    state = training.begin(plan)
    state.advance()
    checkpoint.save(state, model.folder)
    replace(model, step=1).write()
    reader = Reader(launch())
    server = reader.person.find(QComboBox, "lab_server")
    reader.qtbot.waitUntil(lambda: server.findText("Build one") > 0)
    reader.qtbot.waitUntil(lambda: reader.page.choice.server_id == "toy")
    server.setCurrentIndex(server.findText("Build one"))
    assert reader.page.choice.model == "My sums"
    reader.text.setPlainText("3 + 4 =")
    reader.qtbot.waitUntil(lambda: len(reader.rows()) == state.mapping.size)
    reader.press("step_greedy")
    reader.qtbot.waitUntil(lambda: len(reader.taken.tokens) == 1)
    reader.text.clear()
    reader.press("next_example")
    assert reader.text.toPlainText() == "The capital of France is"
    assert not reader.button("next_example").isVisible()
    reader.page.tabs.setCurrentWidget(reader.page.completion)
    reader.press("completion_start")
    said = reader.person.find(QLabel, "completion_problem")
    reader.qtbot.waitUntil(lambda: "has no endpoint" in said.text())
    assert "no endpoint" in reader.person.find(QPlainTextEdit, "completion_python").toPlainText()
    server.setCurrentIndex(server.findText("Toy"))
    reader.write("a cat")
    reader.wait_for_first("·sat: 80.0 %")
