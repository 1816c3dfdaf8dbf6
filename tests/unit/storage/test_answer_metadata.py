"""What is learnt of an answer stays with it, beside the rest, until it is taken back."""

from __future__ import annotations

from pathlib import Path

from chatbot_app.core.feedback import FEEDBACK, Feedback, Rating, feedback_of
from chatbot_app.core.messages import MessageStatus
from chatbot_app.storage.answer_metadata import keep_with_answer
from tests.unit.storage.support import exchange, open_database, open_store


def test_a_rating_stays_beside_what_is_known_and_is_taken_back(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        answer = exchange(store, store.create_conversation().id, None, "Q?", "A.")
        keep_with_answer(database, answer.id, "A.", "other", {"a": 1})
        rated = keep_with_answer(database, answer.id, "A.", FEEDBACK, Feedback(Rating.DOWN, "no").to_dict())
        assert rated.metadata == {"other": {"a": 1}, FEEDBACK: {"rating": "down", "note": "no"}}
        assert keep_with_answer(database, answer.id, "A.", FEEDBACK, None).metadata == {"other": {"a": 1}}
        assert store.message(answer.id).metadata == {"other": {"a": 1}}


def test_an_answer_that_goes_on_stays_rated_and_its_edited_version_is_not(data_dir: Path) -> None:
    with open_database(data_dir) as database:
        store = open_store(database)
        answer = exchange(store, store.create_conversation().id, None, "Q?", "A.")
        keep_with_answer(database, answer.id, "A.", FEEDBACK, Feedback(Rating.UP).to_dict())
        store.reopen(answer.id)
        ended = store.finish_message(
            answer.id,
            status=MessageStatus.COMPLETE,
            text="A. B.",
            finish_reason="stop",
            metadata={"sources": []},
        )
        assert (feedback_of(ended.metadata), ended.metadata["sources"]) == (Feedback(Rating.UP), [])
        assert feedback_of(store.add_edited_answer(answer.id, "Mine.").metadata) is None
