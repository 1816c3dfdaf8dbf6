"""Whether a message asks the documents, as far as its words tell; what they leave open, its relevance decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from chatbot_app.chat import small_talk_phrases as phrases
from chatbot_app.chat import small_talk_words as words
from chatbot_app.core.messages import FROM_DOCUMENTS, Message, Role
from chatbot_app.core.trust import Quotes


class Asking(StrEnum):
    """Whom a message speaks to."""

    DOCUMENTS = "documents"  # a question
    TASK = "task"  # a summary, an overview, a comparison of documents that it names: no sentence answers it
    CHAT = "chat"  # a greeting, a request to write or translate, a question about the conversation itself
    OPEN = "open"  # keywords, a statement, a single word: relevant to the documents, or not


# A message of keywords is a question without its question words; one that is a remark is none.
_FEWEST_KEYWORDS = 3
_LONGEST_PHRASE = 60  # characters: a greeting is short, and its pattern tries many ways to read a longer text
_LOOKED_AT = 400  # characters of each end: a text that was pasted along says nothing of what is wanted
_LONGEST_INSTRUCTION = 120
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_END = re.compile(r"[\s.!?…,;:。！？，、;)\]»”\"']+\Z")


def asking_of(text: str) -> Asking:
    """Return whom a message speaks to, by its words alone. English, German, French, Spanish, Russian, Chinese."""
    plain = _plain(text)
    if not any(character.isalnum() for character in plain):
        return Asking.CHAT
    if words.ARITHMETIC.fullmatch(plain):
        return Asking.CHAT
    bare = _END.sub("", plain)
    if len(bare) <= _LONGEST_PHRASE and phrases.PHRASES.fullmatch(bare):
        return Asking.CHAT
    # "Hi, who founded Oracle?" is a question behind a greeting.
    asked = phrases.OPENING.sub("", plain, count=1) or plain
    if phrases.CONVERSATION.search(asked) or phrases.CONVERSATION_AS_WHOLE.fullmatch(_END.sub("", asked)):
        return Asking.CHAT
    wanted = phrases.POLITE.sub("", asked)
    if words.CODE.search(wanted):
        return Asking.CHAT
    if words.DOCUMENTS.search(_instruction(asked)):
        return Asking.TASK if words.TASK.search(wanted) else Asking.DOCUMENTS
    if words.WRITING.match(wanted) or words.WRITING_AT_END.search(asked) or words.GIVEN_TEXT.match(wanted):
        return Asking.CHAT
    if words.ABOUT_YOU.match(asked):
        return Asking.OPEN
    if "?" in plain or "？" in plain or words.QUESTION.match(wanted):
        return Asking.DOCUMENTS
    return Asking.OPEN


def refers_back(text: str) -> bool:
    """Whether a message that does not ask the documents speaks of what was said: "translate that", not "hello"."""
    from chatbot_app.knowledge.search.leaning import leans

    plain = _plain(text)
    bare = _END.sub("", plain)
    if len(bare) <= _LONGEST_PHRASE and phrases.PHRASES.fullmatch(bare):
        return False
    asked = phrases.OPENING.sub("", plain, count=1) or plain
    if phrases.CONVERSATION.search(_instruction(asked)):
        return True
    if _instruction(asked) != asked:  # "Translate this: …" brings along what it speaks of
        return False
    if phrases.CONVERSATION_AS_WHOLE.fullmatch(_END.sub("", asked)):
        return True
    wanted = phrases.POLITE.sub("", asked)
    asks = "?" in plain or "？" in plain or words.QUESTION.match(wanted) or words.WRITING.match(wanted)
    return bool(asks) and leans(asked)  # a remark needs nothing to be answered


def history_of_small_talk(history: Sequence[Message], text: str) -> list[Message]:
    """Return what of a history goes with a message that does not ask the documents.

    What was answered from documents stays here, question and answer: they hold the library's words. What the person
    pinned goes along, with the other half of its exchange, and everything does where the message speaks of it
    (`refers_back`).
    """
    pinned = {_question_id(message) for message in history if message.pinned}
    answered = {_question_id(message) for message in history if _is_from_documents(message)} - pinned
    if not answered or refers_back(text):
        return list(history)
    return [message for message in history if _question_id(message) not in answered]


def _question_id(message: Message) -> str | None:
    return message.id if message.role is Role.USER else message.parent_id


def _is_from_documents(message: Message) -> bool:
    known = message.metadata
    return message.role is Role.ASSISTANT and any(
        name in known for name in ("retrieval", "quotes", FROM_DOCUMENTS)
    )


def _plain(text: str) -> str:
    return " ".join(_ends(text).replace("’", "'").split())


def _instruction(asked: str) -> str:
    """Return what is said before a text that comes along: "Translate this: …"."""
    before, colon, _text = asked.partition(":")
    return before if colon and len(before) <= _LONGEST_INSTRUCTION else asked


def _ends(text: str) -> str:
    return text if len(text) <= 2 * _LOOKED_AT else f"{text[:_LOOKED_AT]} {text[-_LOOKED_AT:]}"


def is_for_documents(text: str, quotes: Quotes) -> bool:
    """Whether a message that its words leave open speaks to the documents: they answer it, or it is a query."""
    return not quotes.refused or _is_query(text)


def _is_query(text: str) -> bool:
    """Whether a message is made of keywords, as a search engine is asked."""
    found = [word for word in _WORD.findall(text.replace("’", "'")) if not word.isspace()]
    if any(word.casefold() in words.REMARKS for word in found):
        return False
    if any(words.UNSPACED.search(word) for word in found):
        return False  # without spaces, words cannot be counted
    names = [word for word in found[1:] if word[0].isupper() or any(c.isdigit() for c in word)]
    return len(found) >= _FEWEST_KEYWORDS or (len(found) > 1 and bool(names))
