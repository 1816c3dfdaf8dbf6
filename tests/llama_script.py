"""What a scripted server says when it speaks llama.cpp's language: a toy model of a few words, with exact probabilities.

    with ScriptedServer(paths=llama_paths()) as server: ...

The model knows the last token alone (`FOLLOWS`); its texts are words with a space before them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tests.scripted_server import DONE, Answer, Request, event, json_answer, raw_sse

WORDS = ("a", " the", " cat", " dog", " sat", " ran", ".", "<|end|>")
FOLLOWS: Mapping[str, Mapping[str, float]] = {
    "a": {" cat": 0.6, " dog": 0.4},
    " the": {" cat": 0.7, " dog": 0.3},
    " cat": {" sat": 0.8, " ran": 0.2},
    " dog": {" ran": 0.9, " sat": 0.1},
    " sat": {".": 0.9, " the": 0.1},
    " ran": {".": 0.6, " the": 0.4},
    ".": {" the": 0.6, "<|end|>": 0.4},
    "<|end|>": {"a": 1.0},
}
LEAST = 1e-6  # of a token that does not follow


def probabilities(last: str) -> list[float]:
    """Return what follows a token: one probability for each of `WORDS`, together 1."""
    follows = FOLLOWS[last]
    weights = [follows.get(word, LEAST) for word in WORDS]
    return [weight / sum(weights) for weight in weights]


def tokens_of(text: str) -> list[int]:
    """Return the ids of a text; what is no word is skipped by the letter."""
    ids: list[int] = []
    while text:
        word = next((one for one in sorted(WORDS, key=len, reverse=True) if text.startswith(one)), None)
        if word is not None:
            ids.append(WORDS.index(word))
        text = text[len(word) :] if word is not None else text[1:]
    return ids


def _scored(number: int, logprob: float) -> dict[str, Any]:
    text = "" if number == len(WORDS) - 1 else WORDS[number]
    return {"id": number, "token": text, "bytes": list(text.encode()), "logprob": logprob}


def _completion(request: Request) -> Answer:
    asked = request.json
    prompt = asked["prompt"]
    ids: Sequence[int] = tokens_of(prompt) if isinstance(prompt, str) else prompt
    if not ids:
        return json_answer(
            {"choices": [{"text": "", "index": 0, "logprobs": None, "finish_reason": "length"}]}
        )
    if asked.get("stream"):
        return _stream(list(ids), asked)
    logprobs = [math.log(p) for p in probabilities(WORDS[ids[-1]])]
    forced = {number for number, _ in asked.get("logit_bias", ())}
    drawn = forced.pop() if forced else max(range(len(WORDS)), key=logprobs.__getitem__)
    likeliest = sorted(range(len(WORDS)), key=lambda number: -logprobs[number])[: asked["logprobs"]]
    place = {**_scored(drawn, logprobs[drawn]), "top_logprobs": [_scored(n, logprobs[n]) for n in likeliest]}
    choice = {"text": WORDS[drawn], "index": 0, "logprobs": {"content": [place]}, "finish_reason": "length"}
    return json_answer({"choices": [choice], "object": "text_completion"})


def _stream(ids: list[int], asked: Mapping[str, Any]) -> Answer:
    packets: list[bytes] = []
    for _ in range(asked.get("max_tokens") or 16):
        follows = probabilities(WORDS[ids[-1]])
        ids.append(max(range(len(WORDS)), key=follows.__getitem__))
        choice = {"text": WORDS[ids[-1]], "index": 0, "finish_reason": None}
        packets.append(event({"choices": [choice], "object": "text_completion"}))
    end = {"choices": [{"text": "", "index": 0, "finish_reason": "length"}]}
    return raw_sse([*packets, event(end), DONE])


def _tokenize(request: Request) -> Answer:
    ids = tokens_of(request.json["content"])
    if request.json.get("with_pieces"):
        return json_answer({"tokens": [{"id": number, "piece": WORDS[number]} for number in ids]})
    return json_answer({"tokens": ids})


def _detokenize(request: Request) -> Answer:
    return json_answer({"content": "".join(WORDS[number] for number in request.json["tokens"])})


def _template(request: Request) -> Answer:
    return json_answer({"prompt": " the".join(one["content"] for one in request.json["messages"]) + " the"})


def llama_paths() -> dict[str, Any]:
    """Return the paths of such a server besides its chats."""
    return {
        "/v1/completions": _completion,
        "/tokenize": _tokenize,
        "/detokenize": _detokenize,
        "/apply-template": _template,
    }
