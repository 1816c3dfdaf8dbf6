"""Log-probabilities of tokens as servers write them, in any of their shapes.

- llama.cpp: `logprobs.content[0].top_logprobs` = `[{"id", "token", "bytes", "logprob"}, …]`, as OpenAI's chats without `id`
- OpenAI's completions, vLLM: `logprobs` = `{"tokens": […], "token_logprobs": […], "top_logprobs": [{token: logprob}, …]}`
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.text import clean_text

_SMALL = 256 * 1024  # characters; read in one piece, which holds the interpreter for some milliseconds
_BYTES = re.compile(r"bytes:((?:\\x[0-9a-fA-F]{2})+)")  # how OpenAI's completions write a part of a character
_BETWEEN = re.compile(r"[\s,]*")
# As llama.cpp writes an entry. Read like this it takes a third of the time; any other order of names is read as JSON.
_ENTRY = re.compile(
    r'\{"id":(\d+),"token":(?:"(?:[^"\\]|\\.)*"),"bytes":\[[\d,]*\],"logprob":(-?[\d.eE+-]+)\}'
)
_LIST = re.compile(r'"top_logprobs"\s*:\s*\[\s*(?=\{)')


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a model. `id` is its number where the server says it, `data` its UTF-8 bytes.

    The bytes may be a part of a character, or none: then it is a special token, and `text` its name.
    """

    id: int | None
    text: str
    data: bytes

    @property
    def is_special(self) -> bool:
        """Whether it stands for no text."""
        return not self.data

    @property
    def is_part(self) -> bool:
        """Whether its bytes are no whole characters."""
        try:
            self.data.decode("utf-8")
        except UnicodeDecodeError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class ScoredToken:
    """A token and the natural logarithm of its probability."""

    token: Token
    logprob: float


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """What a server says of one place of a text: the token that stands there, and the likeliest ones."""

    token: ScoredToken | None
    likeliest: tuple[ScoredToken, ...]


def next_tokens(body: str, known: dict[int, Token] | None = None) -> list[ScoredToken]:
    """Return the likeliest tokens of the first place that an answer tells of, likeliest first; [] where it tells none.

    A whole vocabulary is read token by token: as one JSON value its 50,000 objects would hold the interpreter, and with
    it the window, for a tenth of a second. Raises ValueError for what is no JSON.
    """
    if len(body) > _SMALL:
        opening = _LIST.search(body)
        found = [] if opening is None else list(_entries(body, opening.end(), {} if known is None else known))
        if found:
            return sorted(found, key=lambda one: -one.logprob)
    places = token_places(json.loads(body))
    return list(places[0].likeliest) if places else []


def token_places(answer: Any) -> list[TokenPlace]:
    """Return what an answer, or a chunk of one, says of its tokens; [] where it says nothing that can be read."""
    choices = answer.get("choices") if isinstance(answer, Mapping) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    told = choice.get("logprobs") if isinstance(choice, Mapping) else None
    if not isinstance(told, Mapping):
        return []
    content = told.get("content")
    if isinstance(content, list):
        return [_place(entry) for entry in content if isinstance(entry, Mapping)]
    return list(_legacy_places(told))


def probabilities_after_sampling(answer: Any) -> dict[int, float]:
    """Return the probabilities that llama.cpp's `/completion` names with `post_sampling_probs`, by the ids of tokens."""
    places = answer.get("completion_probabilities") if isinstance(answer, Mapping) else None
    place = places[0] if isinstance(places, list) and places else None
    top = place.get("top_probs") if isinstance(place, Mapping) else None
    found = [one for one in top if isinstance(one, Mapping)] if isinstance(top, list) else []
    pairs = ((one.get("id"), _number(one.get("prob"))) for one in found)
    return {number: share for number, share in pairs if isinstance(number, int) and share is not None}


def _place(entry: Mapping[str, Any]) -> TokenPlace:
    top = entry.get("top_logprobs")
    likeliest = (
        [scored_token(one) for one in top if isinstance(one, Mapping)] if isinstance(top, list) else []
    )
    return TokenPlace(scored_token(entry), _ordered(likeliest))


def _legacy_places(told: Mapping[str, Any]) -> Iterator[TokenPlace]:
    tokens, logprobs, tops = (told.get(name) for name in ("tokens", "token_logprobs", "top_logprobs"))
    tops = tops if isinstance(tops, list) else []
    tokens = tokens if isinstance(tokens, list) else [None] * len(tops)
    logprobs = logprobs if isinstance(logprobs, list) else []
    for place, text in enumerate(tokens):
        logprob = _number(logprobs[place]) if place < len(logprobs) else None
        top = tops[place] if place < len(tops) else None
        own = _token(None, text, None) if isinstance(text, str) else None
        yield TokenPlace(
            None if own is None or logprob is None else ScoredToken(own, logprob),
            _ordered([_pair(*pair) for pair in (top.items() if isinstance(top, Mapping) else ())]),
        )


def _pair(text: Any, value: Any) -> ScoredToken | None:
    logprob = _number(value)
    return None if logprob is None else ScoredToken(_token(None, str(text), None), logprob)


def _entries(body: str, start: int, known: dict[int, Token]) -> Iterator[ScoredToken]:
    """Read the objects of a list one by one; `start` is where the first begins."""
    decoder = json.JSONDecoder()
    place = start
    while place < len(body) and body[place] == "{":
        quick = _ENTRY.match(body, place)
        token = known.get(int(quick[1])) if quick is not None else None
        if quick is not None and token is not None:
            yield ScoredToken(token, float(quick[2]))
            end = quick.end()
        else:
            entry, end = decoder.raw_decode(body, place)
            scored = scored_token(entry)
            if scored is not None:
                yield scored
                if scored.token.id is not None:
                    known[scored.token.id] = scored.token
        if body[end : end + 2] == ",{":
            place = end + 1
            continue
        gap = _BETWEEN.match(body, end)
        place = gap.end() if gap is not None else end


def scored_token(entry: Mapping[str, Any]) -> ScoredToken | None:
    """Return the token of a JSON object with `token`, `logprob` and, where it says them, `id` and `bytes`."""
    text, logprob = entry.get("token"), _number(entry.get("logprob"))
    if not isinstance(text, str) or logprob is None:
        return None
    number = entry.get("id")
    return ScoredToken(_token(number if isinstance(number, int) else None, text, entry.get("bytes")), logprob)


def _token(number: int | None, text: str, data: Any) -> Token:
    if isinstance(data, list) and all(isinstance(one, int) and 0 <= one < 256 for one in data):
        found = bytes(data)
    elif (written := _BYTES.fullmatch(text)) is not None:
        found = bytes.fromhex(written[1].replace("\\x", ""))
    else:
        found = text.encode("utf-8", "replace")
    try:
        return Token(number, clean_text(found.decode("utf-8")) if found else text, found)
    except UnicodeDecodeError:
        return Token(number, "".join(f"\\x{one:02X}" for one in found), found)


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
    return float(value) if is_number else None


def _ordered(scored: Sequence[ScoredToken | None]) -> tuple[ScoredToken, ...]:
    return tuple(sorted((one for one in scored if one is not None), key=lambda one: -one.logprob))
