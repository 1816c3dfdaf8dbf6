"""How an exchange begins: the question and its empty answer are stored before anything leaves the machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from chatbot_app.chat.answer_saver import AnswerSaver
from chatbot_app.chat.events import UserMessageStored
from chatbot_app.chat.evidence import without_added_markers
from chatbot_app.chat.requests import Continuation, NewAnswer, NewQuestion, TurnRequest
from chatbot_app.core.answer_modes import answer_mode
from chatbot_app.core.compared import ComparedQuestion
from chatbot_app.core.errors import QuestionNotSaved, StoreError
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Role
from chatbot_app.core.pictures import PICTURES, pictures_of
from chatbot_app.core.trust import AnswerMode, trust_of
from chatbot_app.llm.gateway import Gateway
from chatbot_app.storage.conversations import ConversationStore

# The built-in model always takes the likeliest word, so that it says the same again: asked again, it does not.
AGAIN_TEMPERATURE = 0.8


@dataclass(frozen=True, slots=True)
class Start:
    """What is stored of an exchange, and how it is to be answered: `settings` are those of this answer, as they hold now."""

    stored: UserMessageStored
    settings: GenerationSettings
    mode: AnswerMode
    small_model: bool
    shipped_model: bool


class TurnStart:
    """Begins exchanges in a store. Its methods block."""

    def __init__(
        self,
        store: ConversationStore,
        saver: AnswerSaver,
        gateway: Gateway,
        in_use: Callable[[GenerationSettings], GenerationSettings],
        new_seed: Callable[[], int],
    ) -> None:
        """`in_use` returns stored settings as they hold now, `new_seed` a number that a model is sampled with when it is asked again."""
        self._store = store
        self._saver = saver
        self._gateway = gateway
        self._in_use = in_use
        self._new_seed = new_seed

    def begin(self, request: TurnRequest, agree: Callable[[], None]) -> Start:
        """Store what is asked for; `agree` is that of `OrderedCalls.commit`.

        Raises QuestionNotSaved where a new question could not be stored, else StoreError.
        """
        try:
            self._saver.flush(
                request.conversation_id
            )  # what stands above is safe before anything rests on it
            return self._begin(request, agree)
        except StoreError as error:
            if isinstance(request, NewQuestion):
                raise QuestionNotSaved(cause=error.summary) from error
            raise

    def _begin(self, request: TurnRequest, agree: Callable[[], None]) -> Start:
        new = request.new_settings if isinstance(request, NewQuestion) else None
        settings = new or self._store.conversation(request.conversation_id).settings
        small, shipped = self._gateway.is_small(settings), self._gateway.ships(settings)
        mode = answer_mode(settings, small_model=small)
        if isinstance(request, NewAnswer):
            mode = request.mode or mode
            if shipped and self._was_answered(request.question_id):
                settings = _sampled_anew(settings, self._new_seed)
        stored = self._store_request(request, settings, agree)
        if isinstance(request, Continuation):
            before = trust_of(stored.answer.metadata)
            mode = before.mode if before is not None else mode
        if pictures_of(stored.question.metadata):
            mode = AnswerMode.ANSWER  # no sentence of a document says what is on a picture
        return Start(stored, self._in_use(settings), mode, small, shipped)

    def begin_unstored(self, question: ComparedQuestion, settings: GenerationSettings) -> Start:
        """Return how a question begins that models are compared by: a model answers, and nothing is stored."""
        known = self._store.message(question.question_id).metadata if question.question_id else {}
        asked = Message(
            *(
                question.question_id,
                question.conversation_id,
                question.parent_id,
                0,
                Role.USER,
                question.text,
            ),
            metadata={PICTURES: known[PICTURES]} if PICTURES in known else {},
        )
        answer = Message(
            *("", question.conversation_id, "", 0, Role.ASSISTANT, "", MessageStatus.STREAMING),
            settings=settings,
        )
        stored = UserMessageStored(asked, answer, Conversation(question.conversation_id, "", settings))
        small, shipped = self._gateway.is_small(settings), self._gateway.ships(settings)
        return Start(stored, self._in_use(settings), AnswerMode.ANSWER, small, shipped)

    def _was_answered(self, question_id: str) -> bool:
        """Whether a model has written to a question before."""
        known = (self._store.message(answer_id) for answer_id in self._store.children(question_id))
        return any(answer.model is not None and answer.text for answer in known)

    def _store_request(
        self, request: TurnRequest, settings: GenerationSettings, agree: Callable[[], None]
    ) -> UserMessageStored:
        stored: list[Conversation] = []

        def agree_and_look() -> None:
            # In the same transaction: whoever deletes the conversation a moment later finds no exchange half told.
            stored.append(self._store.conversation(request.conversation_id))
            agree()

        server_id, model = self._gateway.names(settings)
        match request:
            case NewQuestion() if request.new_settings is not None:
                question, answer = self._store.begin_conversation(
                    request.conversation_id,
                    request.text,
                    settings,
                    server_id=server_id,
                    model=model,
                    question_id=request.question_id or None,
                    pictures=request.pictures,
                    agree=agree_and_look,
                )
            case NewQuestion():
                question, answer = self._store.begin_exchange(
                    request.conversation_id,
                    request.parent_id,
                    request.text,
                    settings=settings,
                    server_id=server_id,
                    model=model,
                    question_id=request.question_id or None,
                    pictures=request.pictures,
                    pictures_of=request.pictures_of,
                    agree=agree_and_look,
                )
            case NewAnswer():
                question = self._store.message(request.question_id)
                answer = self._store.begin_answer(
                    request.conversation_id,
                    request.question_id,
                    settings=settings,
                    server_id=server_id,
                    model=model,
                    agree=agree_and_look,
                )
            case Continuation():
                answer = self._store.reopen(request.answer_id, agree=agree_and_look)
                assert answer.parent_id is not None  # an answer stands below its question
                question = self._store.message(answer.parent_id)
                answer = replace(answer, text=without_added_markers(answer))
        return UserMessageStored(question, answer, stored[-1])


def _sampled_anew(settings: GenerationSettings, new_seed: Callable[[], int]) -> GenerationSettings:
    """Return settings that give another answer; what the person has set stays."""
    if settings.seed is None:
        settings = replace(settings, seed=new_seed())
    if settings.temperature is None:
        settings = replace(settings, temperature=AGAIN_TEMPERATURE)
    return settings
