"""What a follow-up names in place of something of the question before: "And of a scallop?" after "… the size of a lobster?".

Its words are not to be searched with the follow-up's own: they stand in the answer that was given already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from chatbot_app.knowledge.words.small_words import ENGLISH, GERMAN, SmallWords

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_NAME_RUN = re.compile(r"(?<!^)(?<![.?!:]\s)\b[A-ZÀ-ÖØ-Þ][\w'’.&-]*(?:\s[A-ZÀ-ÖØ-Þ][\w'’.&-]*)*")
_MORE_PREPOSITIONS = {ENGLISH: "of|about|between|against|like", GERMAN: "um|gegen|durch|aus"}
# A question that only names what is different has no more words.
LONGEST_FRAGMENT = 8


def replaced_spans(question: str, earlier: str, language: SmallWords) -> list[tuple[int, int]]:
    """Return where the question before has what a follow-up names instead, none where that cannot be told.

    The phrase behind the same preposition, of as many words that say something; the name before the same word or, where it
    names but one, that name. `question` is one that only names what is different.
    """
    preposition, named = _what_differs(question, language)
    if not named:
        return []
    small = frozenset(language.common.split())
    own = [word for word in named if not _is_small(word, small)]
    if not own:
        return []
    name = _name_replaced(question, earlier, named, language)
    if name is not None:
        return [name]
    if preposition and not set(map(str.casefold, own)) & {word.casefold() for word in _WORD.findall(earlier)}:
        for start, end in reversed(_phrases(preposition, earlier, language)):
            said = [word for word in _WORD.findall(earlier[start:end]) if not _is_small(word, small)]
            if said and len(said) == len(own):
                return [(start, end)]
    return []


def _what_differs(question: str, language: SmallWords) -> tuple[str, list[str]]:
    """Return (preposition, words behind it) of a question that only names what is different."""
    plain = re.sub(
        rf"^[¿¡\s]*(?:(?:{language.about})\s+|(?:{language.opener})\s*,?\s+)?",
        "",
        question,
        flags=re.IGNORECASE,
    )
    words = _WORD.findall(plain)
    if len(words) > LONGEST_FRAGMENT or not words:
        return "", []
    if _is_preposition(words[0], language):
        return words[0].casefold(), words[1:]
    return "", words


def _is_preposition(word: str, language: SmallWords) -> bool:
    forms = f"{language.preposition}|{_MORE_PREPOSITIONS.get(language, '')}"
    return re.fullmatch(f"(?:{forms.strip('|')})", word, re.IGNORECASE) is not None


def _is_small(word: str, small: Set[str]) -> bool:
    return word.casefold() in small or word.isdigit()


def _phrases(preposition: str, text: str, language: SmallWords) -> list[tuple[int, int]]:
    """Return the places of what stands behind a preposition, up to the next one, a mark, or the end."""
    words = list(_WORD.finditer(text))
    found = []
    for number, word in enumerate(words):
        if word.group().casefold() != preposition or number + 1 == len(words):
            continue
        start = end = words[number + 1].start()
        for after in words[number + 1 :]:
            if _is_preposition(after.group(), language) or re.search(r"[,;:?!.]", text[end : after.start()]):
                break
            end = after.end()
        if end > start:
            found.append((start, end))
    return found


def _name_replaced(
    question: str, earlier: str, named: Sequence[str], language: SmallWords
) -> tuple[int, int] | None:
    """Return the name of the question before in whose place the follow-up has another one.

    German writes every noun like a name.
    """
    if language is GERMAN or not any(word[:1].isupper() for word in named):
        return None
    said = {word.casefold() for word in named}
    runs = [run for run in _NAME_RUN.finditer(earlier) if not said & _words_of(run.group())]
    behind = [run for run in runs if _next_word(earlier, run.end()) in said]
    if len(behind) == 1:
        return behind[0].span()
    is_name_alone = all(word[:1].isupper() for word in named)
    return runs[0].span() if len(runs) == 1 and is_name_alone else None


def _words_of(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _next_word(text: str, at: int) -> str:
    found = _WORD.match(text[at:].lstrip())
    return found.group().casefold() if found is not None and text[at : at + 1].isspace() else ""
