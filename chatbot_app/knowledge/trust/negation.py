"""What a sentence denies: the content words that stand right behind a word of negation."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from chatbot_app.knowledge.search.words import STOP_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:['’]t\b)?|[.;:!?。；，,]")
_NEGATIONS = frozenset(
    """not no never none nobody nothing neither nor cannot without isn't aren't wasn't weren't don't doesn't
    didn't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't mustn't nicht kein keine keinen keiner
    keinem nie niemals ohne weder pas jamais aucun aucune sans ni nunca ningún ninguna sin tampoco не нет ни
    никогда без нельзя failed refused unable lacked lacks lack""".split()
)
_CHINESE = re.compile(r"(?:不是|没有|沒有|不|没|未|无|非)([\u4e00-\u9fff]{1,4})")
# "Not only … but also" and "no later than" deny nothing; "not less active" does.
_NO_DENIAL = frozenset("only just merely least doubt longer nur seulement sólo solo только".split())
_BOUND = re.compile(r"no (?:later|fewer|more|less|sooner) than")
DENIED_SHARE = 0.5  # of the words behind a negation, for a sentence to be about the same
_SCOPE = 4  # content words behind the negation


def denied(text: str) -> list[frozenset[str]]:
    """Return, for each negation of a text, the stems of the content words in its scope."""
    text = _BOUND.sub("than", text)
    tokens = [match.group().casefold().replace("’", "'") for match in _TOKEN.finditer(text)]
    scopes = []
    for place, token in enumerate(tokens):
        if token not in _NEGATIONS or (place + 1 < len(tokens) and tokens[place + 1] in _NO_DENIAL):
            continue
        scope: list[str] = []
        for word in tokens[place + 1 :]:
            if word in ".;:!?。；" or len(scope) == _SCOPE:
                break
            if word not in STOP_WORDS and word not in _NEGATIONS and word[0].isalnum():
                scope.append(stem(word))
        scopes.append(frozenset(scope))
    scopes += [frozenset(_pairs(match.group(1))) for match in _CHINESE.finditer(text)]
    return scopes


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def disagree(
    said: Sequence[frozenset[str]],
    said_words: Set[str],
    in_source: Sequence[frozenset[str]],
    source_words: Set[str],
) -> bool:
    """Whether one of two matching sentences denies what the other states.

    `said` and `in_source` are what each denies (see `denied`), the words are the stems of each.
    """
    only_said = any(
        _mostly(scope, source_words) and not any(_alike(scope, other) for other in in_source)
        for scope in said
    )
    only_in_source = not said and any(_mostly(scope, said_words) for scope in in_source)
    return only_said or only_in_source


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two denials are of the same."""
    return 2 * len(one & other) >= min(len(one), len(other)) > 0


def _mostly(scope: frozenset[str], words: Set[str]) -> bool:
    """Whether most of what a negation denies stands among some words."""
    return len(scope & words) >= max(1, DENIED_SHARE * len(scope)) if scope else False
