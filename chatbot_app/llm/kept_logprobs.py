"""Log-probabilities of an answer's tokens as they are kept with it: JSON, short, four decimals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatbot_app.llm.logprobs import ScoredToken, TokenPlace, scored_token

LOGPROBS = "logprobs"  # in an answer's metadata
MOST_PLACES = 4096  # tokens; a message is read whole with its conversation
_MOST_ALTERNATIVES = 20


def kept_places(places: Sequence[TokenPlace]) -> list[list[Any]]:
    """Return what is kept: for each token that the server named itself and the likeliest ones, as `[id, text, logprob]`."""
    return [
        [_kept(place.token), [_kept(one) for one in place.likeliest[:_MOST_ALTERNATIVES]]]
        for place in places[:MOST_PLACES]
        if place.token is not None
    ]


def read_places(kept: object) -> list[TokenPlace]:
    """Return what `kept_places` made; [] for what is none of it."""
    found: list[TokenPlace] = []
    for entry in kept if isinstance(kept, list) else ():
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[1], list):
            return []
        token = _read(entry[0])
        likeliest = [one for one in map(_read, entry[1]) if one is not None]
        if token is not None:
            found.append(TokenPlace(token, tuple(likeliest)))
    return found


def _kept(scored: ScoredToken) -> list[Any]:
    token = scored.token
    # Bytes that are no text are written as OpenAI's completions do.
    text = "bytes:" + "".join(f"\\x{one:02x}" for one in token.data) if token.is_part else token.text
    return [token.id, text, max(round(scored.logprob, 4), -9999.0)]


def _read(kept: object) -> ScoredToken | None:
    if not isinstance(kept, list) or len(kept) != 3:
        return None
    number, text, logprob = kept
    return scored_token({"id": number, "token": text, "logprob": logprob})
