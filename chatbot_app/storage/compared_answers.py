"""Answers of several models to one question: kept as its variants, and what a person voted with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatbot_app.core.compared import VOTE, ComparedAnswer, ComparedQuestion, Tally, Vote, tally, vote_of
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.json_columns import dump_json, load_mapping
from chatbot_app.storage.lookups import require_message


class ComparedAnswerStore:
    """Keeps comparisons in the history. Methods raise ConversationGone where what they stand below was deleted,
    else StoreError where nothing could be saved.
    """

    def __init__(self, database: Database, conversations: ConversationStore) -> None:
        self._database = database
        self._conversations = conversations

    def keep(
        self, question: ComparedQuestion, answers: Sequence[ComparedAnswer]
    ) -> tuple[Conversation, tuple[str, ...]]:
        """Store a question with its answers, which become its variants; return their ids. Whole, or not at all.

        A conversation goes on showing the branch that it shows. A new one has the settings of the first answer, and
        shows that.
        """
        store = self._conversations
        kept = []
        with self._database.of(question.conversation_id).write():
            if question.conversation_id:
                conversation = store.conversation(question.conversation_id)
            else:
                conversation = store.create_conversation(answers[0].answer.settings)
            question_id = question.question_id
            for one in answers:
                begun = self._begin(conversation.id, question, question_id, one)
                kept.append(begun[1])
                question_id = begun[0]
            store.set_leaf(conversation.id, conversation.leaf_id or kept[0])
            return store.conversation(conversation.id), tuple(kept)

    def _begin(
        self, conversation_id: str, question: ComparedQuestion, question_id: str, kept: ComparedAnswer
    ) -> tuple[str, str]:
        """Store an answer, the first one with its question; return the ids of both."""
        store, answer = self._conversations, kept.answer
        if question_id:
            begun = store.begin_answer(
                conversation_id,
                question_id,
                settings=answer.settings,
                server_id=answer.server_id,
                model=answer.model,
            )
        else:
            asked, begun = store.begin_exchange(
                conversation_id,
                question.parent_id,
                question.text,
                settings=answer.settings,
                server_id=answer.server_id,
                model=answer.model,
            )
            question_id = asked.id
        if kept.plan is not None:
            store.save_plan(begun.id, _naming(kept.plan, question_id))
        store.finish_message(
            begun.id,
            status=answer.status,
            text=answer.text,
            reasoning=answer.reasoning,
            usage=answer.usage,
            timings=answer.timings,
            finish_reason=answer.finish_reason,
            notices=answer.notices,
            metadata=answer.metadata,
        )
        return question_id, begun.id

    def go_on_with(self, answer_id: str, settings: GenerationSettings | None) -> Conversation:
        """Show the branch of an answer, and use its settings from the next message on; None leaves those there are."""
        store = self._conversations
        with self._database.of(answer_id).write():
            conversation_id = store.message(answer_id).conversation_id
            store.set_leaf(conversation_id, store.leaf_below(answer_id))
            if settings is not None:
                store.set_settings(conversation_id, settings)
            return store.conversation(conversation_id)

    def vote(self, votes: Mapping[str, Vote | None]) -> None:
        """Keep what was voted with each answer of one conversation, by id, in place of what was voted before; None takes it
        back.
        """
        with self._database.of(next(iter(votes))).write() as connection:
            for answer_id, vote in votes.items():
                metadata = dict(require_message(connection, answer_id).metadata)
                metadata.pop(VOTE, None)
                if vote is not None:
                    metadata[VOTE] = vote.to_dict()
                connection.execute(
                    "UPDATE messages SET metadata = ? WHERE id = ?", [dump_json(metadata), answer_id]
                )

    def tally(self) -> tuple[Tally, ...]:
        """Count all votes by model; what is in the trash, or temporary, does not count."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT model, metadata FROM messages WHERE role = 'assistant' AND model IS NOT NULL"
                " AND instr(metadata, ?) AND EXISTS (SELECT 1 FROM conversations"
                " WHERE conversations.id = conversation_id AND deleted_at IS NULL)",
                [f'"{VOTE}"'],
            ).fetchall()
        votes = [(as_text(row["model"]), vote_of(load_mapping(row["metadata"]))) for row in rows]
        return tally((model, vote) for model, vote in votes if vote is not None)


def _naming(plan: PromptPlan, question_id: str) -> PromptPlan:
    """Return a plan whose question, which had no id when it was asked, has one."""
    parts = [replace(part, message_id=question_id) if part.message_id == "" else part for part in plan.parts]
    return replace(plan, parts=tuple(parts))
