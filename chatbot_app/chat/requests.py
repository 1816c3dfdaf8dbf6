"""What an exchange can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.pictures import Picture, ShownPicture
from chatbot_app.core.trust import AnswerMode

QUITTING = "quitting"  # the reason given to task.cancel() when the program ends during an answer


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question below `parent_id` (None: the start); editing an old one asks again below its parent.

    `question_id` is the id that it is stored under, "" for any: whoever names it can look for it later. With
    `new_settings` it begins the conversation, which is stored together with it. Where the conversation uses
    documents, `without_documents` leaves them out this once, and `with_documents` asks them also where the
    text does not look like a question to them. `pictures` are stored with it; one that is asked again in other words
    takes those of the message `pictures_of` along.
    """

    conversation_id: str
    parent_id: str | None
    text: str
    question_id: str = ""
    new_settings: GenerationSettings | None = None
    without_documents: bool = False
    with_documents: bool = False
    pictures: tuple[Picture, ...] = ()
    pictures_of: str = ""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """Another answer to a question that stands already.

    `mode` takes the place of the conversation's answer mode, this once: with ANSWER a small model writes in its
    own words what was quoted. `without_documents` and `with_documents` are those of `NewQuestion`.
    """

    conversation_id: str
    question_id: str
    mode: AnswerMode | None = None
    without_documents: bool = False
    with_documents: bool = False


@dataclass(frozen=True, slots=True)
class Continuation:
    """The rest of an answer that was cut off; it joins the same message."""

    conversation_id: str
    answer_id: str


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """The plan of a question that is being written, were it asked now below `parent_id` (None: the start).

    With `search` the documents and the earlier exchanges are searched for it, which takes a moment;
    without, what was last found in the conversation counts. A conversation that is not stored before its
    first question has the id "" and brings its `settings`.
    """

    conversation_id: str
    parent_id: str | None
    draft: str = ""
    search: bool = False
    settings: GenerationSettings | None = None
    pictures: tuple[ShownPicture, ...] = ()


TurnRequest = NewQuestion | NewAnswer | Continuation
