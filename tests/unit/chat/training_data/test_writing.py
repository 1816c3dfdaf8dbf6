"""What was rated, edited and asked again becomes rows that their readers accept, each learnt once, none of the trash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chatbot_app.chat.training_data.formats import FORMATS
from chatbot_app.chat.training_data.masking import masker
from chatbot_app.chat.training_data.row_files import REPEATED
from chatbot_app.chat.training_data.selection import Answers, Selection
from chatbot_app.chat.training_data.writing import Report, Wish, part_of, write_training_data
from chatbot_app.cli.data_arguments import ANSWER_NAMES, FORMAT_NAMES
from chatbot_app.core.compared import Outcome, Vote
from chatbot_app.core.errors import ExportFailed, ExportStopped
from chatbot_app.core.feedback import FEEDBACK, Feedback, Rating
from chatbot_app.core.messages import Message, MessageStatus
from chatbot_app.storage.answer_metadata import keep_with_answer
from chatbot_app.storage.compared_answers import ComparedAnswerStore
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.temporary_conversations import TemporaryConversations
from tests.unit.chat.training_data.consumers import FAULTS
from tests.unit.storage.support import exchange, numbered_ids, open_database, open_store


class Desk:
    """A store with conversations in it, and the files that are made of them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.store: ConversationStore = open_store(database)
        self.path = folder / "data.jsonl"

    def ask(
        self, above: Message | None, question: str, answer: str, conversation: str | None = None
    ) -> Message:
        conversation = conversation or (
            above.conversation_id if above else self.store.create_conversation().id
        )
        return exchange(self.store, conversation, above.id if above else None, question, answer)

    def again(self, answer: Message, text: str, *, status: MessageStatus = MessageStatus.COMPLETE) -> Message:
        assert answer.parent_id is not None
        begun = self.store.begin_answer(answer.conversation_id, answer.parent_id)
        return self.store.finish_message(begun.id, status=status, text=text, finish_reason="stop")

    def rate(self, answer: Message, rating: Rating, note: str = "") -> None:
        value = Feedback(rating, note).to_dict()
        keep_with_answer(self.database, answer.id, answer.text, FEEDBACK, value)

    def write(self, format_name: str = "openai", answers: str = "good", **wishes: Any) -> Report:
        known = {name: wishes.pop(name) for name in ("test_share", "mask") if name in wishes}
        wish = Wish(FORMATS[format_name], Selection(Answers(answers), **wishes), self.path, **known)
        *_, report = write_training_data(self.store, wish)
        assert report.used + report.left_out.total() == report.considered
        for path in report.files:
            if ".sources" not in path.name:
                assert [fault for row in rows(path) for fault in FAULTS[format_name](row)] == []
        return report


def rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]


@pytest.fixture
def desk(data_dir: Path, tmp_path: Path) -> Iterator[Desk]:
    with open_database(data_dir) as database:
        yield Desk(database, tmp_path)


def said(row: dict[str, Any]) -> list[tuple[str, int]]:
    """The answers of a row with their weights."""
    return [(one["content"], one.get("weight", 1)) for one in row["messages"] if one["role"] == "assistant"]


def test_each_chosen_answer_is_learnt_once_whatever_branches_pass_through_it(desk: Desk) -> None:
    first = desk.ask(None, "Q1", "A1")
    second = desk.ask(first, "Q2", "A2")
    third = desk.ask(second, "Q3", "A3")
    other = desk.ask(first, "Q4", "A4")
    for answer in (first, third, other):
        desk.rate(answer, Rating.UP, "fine")
    report = desk.write()
    assert [said(row) for row in rows(desk.path)] == [
        [("A1", 1), ("A2", 0), ("A3", 1)],
        [("A1", 0), ("A4", 1)],
    ]
    assert (report.considered, report.used, report.rows.total()) == (4, 3, 2)
    assert report.tokens["train"] > 8
    sources = rows(desk.path.with_name("data.sources.jsonl"))
    assert [one["message"] for one in sources] == [third.id, other.id]
    assert {one["conversation"] for one in sources} == {first.conversation_id}
    assert {one["note"] for one in sources} == {"fine"}
    assert desk.path.with_name("data.sources.jsonl") in report.files


def test_formats_without_weights_never_teach_a_bad_or_broken_answer(desk: Desk) -> None:
    first = desk.ask(None, "Q1", "A1")
    bad = desk.ask(first, "Q2", "BAD")
    last = desk.ask(bad, "Q3", "A3")
    desk.rate(first, Rating.UP)
    desk.rate(bad, Rating.DOWN)
    desk.rate(last, Rating.UP)
    for name in ("alpaca", "sharegpt"):
        report = desk.write(name)
        assert (report.rows.total(), report.used) == (1, 1)
        assert "BAD" not in desk.path.read_text()
        assert rows(desk.path)[0]["source"]["message"] == first.id
    desk.write("openai")
    assert said(rows(desk.path)[0]) == [("A1", 1), ("BAD", 0), ("A3", 1)]
    assert desk.write("openai", "all").used == 2


def test_edited_answers_take_the_place_of_those_that_they_mend(desk: Desk) -> None:
    wrong = desk.ask(None, "Capital?", "Lyon.")
    desk.store.add_edited_answer(wrong.id, "Paris.")
    for answers in ("good", "edited", "all"):
        desk.write("alpaca", answers)
        assert [(row["instruction"], row["output"]) for row in rows(desk.path)] == [("Capital?", "Paris.")]
        assert rows(desk.path)[0]["source"]["edited"] is True
    assert desk.write("alpaca", "up").rows.total() == 0


def test_pairs_come_of_votes_and_edits(desk: Desk) -> None:
    first = desk.ask(None, "Hello?", "Hi.")
    bad = desk.ask(first, "Capital?", "Lyon.")
    good, unrated = desk.again(bad, "Paris."), desk.again(bad, "A city.")
    cut = desk.again(bad, "Par", status=MessageStatus.STOPPED)
    desk.rate(bad, Rating.DOWN)
    desk.rate(good, Rating.UP)
    desk.rate(cut, Rating.DOWN)
    edited = desk.store.add_edited_answer(unrated.id, "Paris, on the Seine.")
    desk.again(first, "Hello.")
    report = desk.write("preferences")
    pairs = {(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in rows(desk.path)}
    assert pairs == {
        ("Paris.", "Lyon."),
        ("Paris.", "A city."),
        ("Paris, on the Seine.", "Lyon."),
        ("Paris, on the Seine.", "A city."),
    }
    assert (report.considered, report.used, report.left_out.total()) == (5, 4, 1)
    assert {row["source"]["message"] for row in rows(desk.path)} == {good.id, edited.id}
    assert {row["source"]["rejected_message"] for row in rows(desk.path)} == {bad.id, unrated.id}
    prompt = rows(desk.path)[0]["prompt"]
    assert [one["content"] for one in prompt if one["role"] != "system"] == ["Hello?", "Hi.", "Capital?"]


def test_the_winner_of_a_vote_is_chosen_before_each_that_it_won_against(desk: Desk) -> None:
    one = desk.ask(None, "Capital?", "Lyon.")
    two, three = desk.again(one, "Paris."), desk.again(one, "Nice.")
    unvoted = desk.again(one, "Metz.")
    answers = ComparedAnswerStore(desk.database, desk.store)
    lost = Vote("c", Outcome.LOST)
    answers.vote({one.id: lost, two.id: Vote("c", Outcome.WON), three.id: lost})

    def pairs() -> set[tuple[str, str]]:
        if not desk.write("preferences").rows.total():
            return set()
        return {(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in rows(desk.path)}

    assert pairs() == {("Paris.", "Lyon."), ("Paris.", "Nice.")}
    desk.rate(three, Rating.UP)  # a thumb says otherwise of it
    assert pairs() == {("Paris.", "Lyon.")}
    tie, bad = Vote("c", Outcome.TIE), Vote("d", Outcome.BAD)
    answers.vote({one.id: tie, two.id: tie, three.id: None})
    assert pairs() == set()
    answers.vote({one.id: bad, two.id: bad})  # worse than the one that was called good
    assert pairs() == {("Nice.", "Lyon."), ("Nice.", "Paris.")}
    desk.write("alpaca", "all")
    assert {row["output"] for row in rows(desk.path)} == {"Nice.", unvoted.text}


def test_nothing_of_the_trash_nor_of_what_was_deleted_meanwhile(desk: Desk) -> None:
    answers = [desk.ask(None, f"Question {number}", f"Answer {number}") for number in range(4)]
    desk.store.delete(answers[0].conversation_id)
    desk.store.delete(answers[1].conversation_id)
    desk.store.purge(answers[1].conversation_id)
    wish = Wish(FORMATS["openai"], Selection(Answers.ALL), desk.path)
    reports = write_training_data(desk.store, wish)
    assert next(reports).conversations == 1
    desk.store.delete(answers[2].conversation_id)
    *_, report = reports
    assert (report.rows.total(), report.conversations, report.total) == (1, 1, 1)
    assert said(rows(desk.path)[0]) == [("Answer 3", 1)]
    assert {path.name for path in desk.path.parent.glob("*.jsonl")} == {"data.jsonl", "data.sources.jsonl"}


def test_what_is_deleted_when_its_rows_were_written_is_in_no_file(desk: Desk) -> None:
    answers = [desk.ask(None, f"Question {number}", f"Answer {number}") for number in range(2)]
    reports = write_training_data(desk.store, Wish(FORMATS["openai"], Selection(Answers.ALL), desk.path))
    assert next(reports).rows.total() == 1  # of the one that was used last
    desk.store.delete(answers[1].conversation_id)
    *_, report = reports
    assert (report.rows.total(), report.conversations, report.used) == (1, 1, 1)
    assert "Answer 1" not in desk.path.read_text("utf-8")
    reports = write_training_data(desk.store, Wish(FORMATS["openai"], Selection(Answers.ALL), desk.path))
    next(reports)
    desk.store.delete(answers[0].conversation_id)
    *_, report = reports
    assert report.files == []  # none is left, and what was written before stays
    assert "Answer 0" in desk.path.read_text("utf-8")


def test_nothing_temporary_is_in_a_data_set(desk: Desk) -> None:
    temporary = TemporaryConversations(desk.database, desk.store, new_id=numbered_ids("new")).begin()
    fleeting = desk.ask(None, "Question", "a secret", temporary.id)
    desk.rate(fleeting, Rating.UP)
    desk.ask(None, "Question", "Answer")
    for name, wished in FORMATS.items():
        selection = Selection(Answers.ALL)
        *_, report = write_training_data(desk.store, Wish(wished, selection, desk.path))
        assert report.conversations == 1, name
    chosen = Selection(Answers.ALL, conversation_ids=frozenset({temporary.id}))
    *_, report = write_training_data(desk.store, Wish(FORMATS["openai"], chosen, desk.path))
    assert (report.total, report.files) == (0, [])
    assert not any("a secret" in path.read_text("utf-8") for path in desk.path.parent.rglob("*.jsonl"))


def test_what_is_not_whole_empty_from_documents_or_of_another_day_is_left_out_and_said(desk: Desk) -> None:
    answer = desk.ask(None, "Q", "whole")
    desk.again(answer, "half", status=MessageStatus.STOPPED)
    desk.store.finish_message(
        desk.again(answer, "long").id, status=MessageStatus.COMPLETE, text="long", finish_reason="length"
    )
    desk.ask(None, "  ", "to nothing")
    desk.store.finish_message(
        desk.again(answer, "cited").id,
        status=MessageStatus.COMPLETE,
        text="cited",
        finish_reason="stop",
        metadata={"sources": []},
    )
    report = desk.write("sharegpt", "all")
    assert [row["conversations"][1]["value"] for row in rows(desk.path)] == ["whole"]
    assert sorted(report.left_out.values()) == [1, 1, 2]
    assert report.share_left_out == 0.8
    assert desk.write("sharegpt", "all", with_documents=True).used == 2
    before = desk.path.read_text()
    assert desk.write("sharegpt", "all", until="2020-01-01").files == []
    assert desk.write("sharegpt", "all", since="2026-03-02").rows.total() == 0
    assert desk.path.read_text() == before
    assert desk.write("sharegpt", "all", since="2026-03-01", until="2026-03-01").used == 1


def test_the_shown_branch_alone(desk: Desk) -> None:
    first = desk.ask(None, "Q", "A")
    desk.again(first, "B")
    desk.write("alpaca", "all", shown_branch_only=True)
    assert [row["output"] for row in rows(desk.path)] == ["B"]


def test_branches_and_copies_never_part_between_train_and_test(desk: Desk) -> None:
    for number in range(40):
        for _copy in range(2):
            first = desk.ask(None, f"Question {number}", f"Answer {number}")
            desk.again(first, f"Another {number}")
            desk.ask(first, "And?", f"More {number}")
    report = desk.write("alpaca", "all", test_share=0.3)
    train, test = (rows(path) for path in report.files)
    assert [path.name for path in report.files] == ["data.train.jsonl", "data.test.jsonl"]
    assert 4 <= len(test) / 2 <= 20
    assert len(train) + len(test) == 80
    assert report.left_out[REPEATED] == 120
    openings = [
        {(row["history"][0][0] if row["history"] else row["instruction"]) for row in part}
        for part in (train, test)
    ]
    assert not openings[0] & openings[1]
    assert part_of("x", 0) == "train"
    assert part_of("x", 1) == "test"


def test_all_of_it_or_nothing(desk: Desk) -> None:
    desk.ask(None, "Q", "A\u2028B\x85C\ud800")
    desk.write("alpaca", "all")
    assert len(desk.path.read_text("utf-8").splitlines()) == 1
    assert rows(desk.path)[0]["output"].startswith("A\u2028B\x85C")
    kept = desk.path.read_text()
    wish = Wish(FORMATS["openai"], Selection(Answers.ALL), desk.path)
    with pytest.raises(ExportStopped):
        list(write_training_data(desk.store, wish, lambda: True))
    absent = Wish(FORMATS["openai"], Selection(Answers.ALL), desk.path.parent / "absent" / "x.jsonl")
    with pytest.raises(ExportFailed):
        list(write_training_data(desk.store, absent))
    assert desk.path.read_text() == kept
    assert [path.name for path in desk.path.parent.iterdir() if path.is_file()] == ["data.jsonl"]


def test_masked_rows_name_nobody(desk: Desk) -> None:
    answer = desk.ask(None, "I am Ada Lovelace, ada@example.org.", "Hello Ada Lovelace!")
    desk.rate(answer, Rating.UP, "Call +49 30 1234567")
    desk.write("alpaca", mask=masker(["ada lovelace"]))
    text = desk.path.read_text()
    assert "Ada" not in text
    assert "1234567" not in text
    assert rows(desk.path)[0]["instruction"] == "I am [NAME], [EMAIL]."


def test_the_command_offers_what_there_is() -> None:
    assert set(FORMAT_NAMES) == set(FORMATS)
    assert set(ANSWER_NAMES) == {one.value for one in Answers}
