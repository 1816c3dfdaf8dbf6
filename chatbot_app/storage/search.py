"""Search over titles and messages, for any text that a person may type."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.conversation_filter import Condition
from chatbot_app.core.messages import SearchHit
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.filter_conditions import (
    conditions_on_conversations,
    conditions_on_time,
    like_pattern,
)

MARK_START, MARK_END = "\x02", "\x03"

_MAX_CHUNKS = 32  # a pasted page is no query; FTS5 also limits the depth of its expressions
_MAX_CHUNK_CHARACTERS = 128
_SNIPPET_TOKENS = 16
_SNIPPET_CHARACTERS = 60  # either side of a literal match

# Scripts written without spaces: unicode61 takes a whole run of them as one token.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SYMBOLIC_NAME = re.compile(r"\w[+#]+$")  # c++, c#, f#: to the tokenizer they are "c" and "f"


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart: `match` is an FTS5 expression or "", `literals` must stand in the text."""

    match: str
    literals: tuple[str, ...]


def parse_query(text: str) -> Query:
    """Take a person's text apart into words for the index and literal strings for what it cannot hold.

    Every word is quoted, so that nothing in it is an operator; the last one is matched by its beginning.
    """
    chunks = [chunk[:_MAX_CHUNK_CHARACTERS] for chunk in clean_text(text).split()[:_MAX_CHUNKS]]
    words: list[str] = []
    literals: list[str] = []
    for chunk in chunks:
        spaced = any(_is_token_character(character) for character in chunk) and not _UNSPACED.search(chunk)
        if spaced:
            words.append(chunk)
        if not spaced or _SYMBOLIC_NAME.search(chunk):
            literals.append(chunk)
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    if words and chunks[-1] == words[-1] and chunks[-1] not in literals:
        quoted[-1] += "*"
    return Query(" AND ".join(quoted), tuple(literals))


def search_titles(
    connection: sqlite3.Connection, query: Query, limit: int, filters: Sequence[Condition] = ()
) -> list[SearchHit]:
    """Return conversations whose title matches, newest activity first; those in the trash are left out.

    A query without words returns all that the filters leave.
    """
    conditions, values = _with_filters(
        connection,
        _literal_conditions("conversations.title", query.literals),
        filters,
        "conversations.updated_at",
    )
    if query.match:
        rows = connection.execute(
            f"""SELECT conversations.id, title_index.title AS full_text, conversations.title,
                    snippet(title_index, 0, char(2), char(3), '…', {_SNIPPET_TOKENS}) AS snippet
                FROM title_index CROSS JOIN conversations ON conversations.number = title_index.rowid
                WHERE title_index MATCH ? AND deleted_at IS NULL {conditions}
                ORDER BY conversations.activity DESC LIMIT ?""",
            [query.match, *values, limit],
        )
        return [SearchHit(row["id"], None, row["title"], row["snippet"]) for row in rows]
    rows = connection.execute(
        f"""SELECT id, title, (SELECT substr(text, 1, {_SNIPPET_CHARACTERS * 2}) FROM messages
                WHERE conversation_id = conversations.id AND role = 'user' ORDER BY sequence LIMIT 1) AS question
            FROM conversations WHERE deleted_at IS NULL {conditions} ORDER BY activity DESC LIMIT ?""",
        [*values, limit],
    )
    if not query.literals:
        return [SearchHit(row["id"], None, row["title"], as_text(row["question"])) for row in rows]
    return [
        SearchHit(row["id"], None, row["title"], _literal_snippet(row["title"], query.literals[0]))
        for row in rows
    ]


def search_messages(
    connection: sqlite3.Connection, query: Query, limit: int, filters: Sequence[Condition] = ()
) -> list[SearchHit]:
    """Return messages that match, newest first; those of conversations in the trash are left out."""
    conditions, values = _with_filters(
        connection, _literal_conditions("messages.text", query.literals), filters, "messages.created_at"
    )
    if query.match:
        rows = connection.execute(
            f"""SELECT messages.id, conversations.id AS conversation_id, conversations.title,
                    snippet(message_index, 0, char(2), char(3), '…', {_SNIPPET_TOKENS}) AS snippet
                FROM message_index
                CROSS JOIN messages ON messages.sequence = message_index.rowid
                CROSS JOIN conversations ON conversations.id = messages.conversation_id
                WHERE message_index MATCH ? AND deleted_at IS NULL {conditions}
                ORDER BY message_index.rowid DESC LIMIT ?""",
            [query.match, *values, limit],
        )
        return [_hit(row, row["snippet"]) for row in rows]
    # A scan of all texts, 0.26 s over 50,000 messages of 1.5 KB where nothing matches; a trigram index would
    # be several times the size of the texts and still miss words of two characters, the usual ones in Chinese.
    rows = connection.execute(
        f"""SELECT messages.id, conversations.id AS conversation_id, conversations.title, messages.text
            FROM messages CROSS JOIN conversations ON conversations.id = messages.conversation_id
            WHERE deleted_at IS NULL {conditions}
            ORDER BY messages.sequence DESC LIMIT ?""",
        [*values, limit],
    )
    return [_hit(row, _literal_snippet(row["text"], query.literals[0])) for row in rows]


def _hit(row: sqlite3.Row, snippet: str) -> SearchHit:
    return SearchHit(row["conversation_id"], row["id"], row["title"], snippet)


def _with_filters(
    connection: sqlite3.Connection, literal: tuple[str, list[str]], filters: Sequence[Condition], moment: str
) -> tuple[str, list[object]]:
    parts = (literal, conditions_on_conversations(connection, filters), conditions_on_time(moment, filters))
    return "".join(words for words, _ in parts), [value for _, values in parts for value in values]


def _literal_conditions(column: str, literals: tuple[str, ...]) -> tuple[str, list[str]]:
    patterns = ["%" + like_pattern(literal) + "%" for literal in literals]
    return "".join(f" AND {column} LIKE ? ESCAPE '~'" for _pattern in patterns), patterns


def _literal_snippet(text: str, literal: str) -> str:
    found = re.search(re.escape(literal), text, re.IGNORECASE)
    start, end = found.span() if found is not None else (0, 0)
    before = text[max(0, start - _SNIPPET_CHARACTERS) : start]
    after = text[end : end + _SNIPPET_CHARACTERS]
    head = "…" if start > _SNIPPET_CHARACTERS else ""
    tail = "…" if end + _SNIPPET_CHARACTERS < len(text) else ""
    marked = f"{MARK_START}{text[start:end]}{MARK_END}" if end > start else ""
    return f"{head}{before}{marked}{after}{tail}"


def _is_token_character(character: str) -> bool:
    # What unicode61 takes as part of a token: letters, numbers and private use characters.
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"
