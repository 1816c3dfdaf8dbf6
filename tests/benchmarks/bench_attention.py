"""Our decoder in numpy against llama.cpp on the built-in file: what comes next after 50 prompts, and how long 256 tokens take.

    python -m tests.benchmarks.bench_attention [--model FILE] [--prompts 50]

llama.cpp is the built-in server, asked for the ten likeliest tokens of each prompt (`n_probs`). It rounds what it multiplies
with packed weights to eight bits, so that log-probabilities differ a little.

Required (issue 17): the same likeliest token for 50 of 50 prompts, at least 9 of 10 in common, the median difference of
log-probabilities at most 0.2; 256 tokens in at most 1.5 s after loading.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from chatbot_app.lab.decoder import Decoder
from chatbot_app.lab.weights import Weights
from chatbot_app.llm.local.server import LocalServer
from chatbot_app.llm.local.server_child import LocalEndpoint
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file

LONG = 256  # tokens
SENTENCES = (
    "The capital of France is",
    "Once upon a time, there was a",
    "The doctor asked the nurse a question. She",
    "The doctor asked the nurse a question. He",
    "Water boils at",
    "def fibonacci(n):\n    ",
    "Two plus two equals",
    "The opposite of hot is",
    "In 1969, the first person to walk on the Moon was",
    "Photosynthesis is the process by which plants",
    "Dear Sir or Madam,\n\nI am writing to",
    "The recipe calls for flour, sugar, eggs and",
    "To be, or not to be, that is the",
    "The quick brown fox jumps over the lazy",
    "SELECT name FROM users WHERE",
    "Roses are red, violets are",
    "The largest planet in the solar system is",
    "She opened the door and saw",
    "An apple a day keeps the",
    "The meeting will take place on",
    "Paris is to France as Berlin is to",
    "He picked up the phone and",
    "The three primary colours are red, blue and",
    "import numpy as",
    "I would like a cup of",
)
CHAT = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
QUESTIONS = (
    "What is the capital of Italy?",
    "Name three animals.",
    "How many legs does a spider have?",
    "What is 7 times 8?",
    "Who wrote Hamlet?",
    "Translate 'good morning' into French.",
    "Why is the sky blue?",
    "What does HTTP stand for?",
    "How do I boil an egg?",
    "What is the chemical symbol of gold?",
    "Is the Earth flat?",
    "Summarise the story of Romeo and Juliet.",
    "What is a neural network?",
    "What colour is a ripe banana?",
    "When did the Second World War end?",
    "Which language is spoken in Brazil?",
    "What is the square root of 144?",
    "How many days has a leap year?",
    "What is the fastest land animal?",
    "What do bees make?",
    "Who painted the Mona Lisa?",
    "What is the boiling point of water?",
    "How many continents are there?",
    "What is the tallest mountain?",
    "What is the freezing point of water?",
)


def asking(endpoint: LocalEndpoint) -> Callable[[str, dict[str, Any]], Any]:
    """Return what posts to the server."""
    headers = {"Authorization": f"Bearer {endpoint.api_key}", "Content-Type": "application/json"}
    address = endpoint.base_url.removesuffix("/v1")

    def ask(path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    return ask


def their_next(ask: Callable[[str, dict[str, Any]], Any], ids: list[int]) -> dict[int, float]:
    """Return the ten likeliest tokens after some, with their log-probabilities, likeliest first."""
    body = {
        "prompt": ids,
        "n_predict": 1,
        "n_probs": 10,
        "temperature": -1,
        "cache_prompt": False,
        "repeat_penalty": 1.0,
        "dry_multiplier": 0.0,
    }
    found = ask("/completion", body)["completion_probabilities"][0]["top_logprobs"]
    return {int(token["id"]): float(token["logprob"]) for token in found}


def compare(
    decoder: Decoder, ask: Callable[[str, dict[str, Any]], Any], prompts: list[str]
) -> list[list[int]]:
    """Print how far the two agree; return the ids of the prompts."""
    same, common, distances, tokenised = 0, [], [], []
    for prompt in prompts:
        ids = ask("/tokenize", {"content": prompt, "parse_special": True})["tokens"]
        tokenised.append(ids)
        logits = decoder.logits(decoder.run(ids).hidden[-1]).astype(np.float64)
        ours = logits - logits.max()
        ours -= np.log(np.exp(ours).sum())
        theirs = their_next(ask, ids)
        best = np.argsort(-ours)[:10]
        same += int(best[0]) == next(iter(theirs))
        common.append(len(set(best.tolist()) & set(theirs)))
        distances += [abs(ours[token] - theirs[token]) for token in list(theirs)[:5]]
    print(f"the same likeliest token: {same} of {len(prompts)}   (required: all)")
    print(
        f"of the ten likeliest in common: at least {min(common)}, {np.mean(common):.2f} in the mean   (required: 9)"
    )
    print(
        f"log-probabilities of the five likeliest: {np.median(distances):.3f} apart in the median, {max(distances):.2f} at worst"
        "   (required: 0.2 in the median)"
    )
    return tokenised


def measure(decoder: Decoder, ids: list[int]) -> None:
    """Print what a text of 256 tokens takes."""
    walls, works = [], []
    for _ in range(4):
        wall, work = time.perf_counter(), time.process_time()
        record = decoder.run(ids).attention
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    print(
        f"{len(ids)} tokens: {min(walls):.2f} s ({min(works):.2f} s of processors)   (required: 1.5 s on a free machine)"
    )
    future = np.triu(np.ones((len(ids), len(ids)), bool), 1)
    print(
        f"rows of attention are off 1 by at most {np.abs(record.weights.sum(-1) - 1).max():.0e};"
        f" the future has {np.abs(record.weights[:, :, future]).max():.0e}"
    )


def main() -> None:
    """Read the arguments, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=find_model_file(BUILT_IN_MODEL.name))
    parser.add_argument("--prompts", type=int, default=50)
    options = parser.parse_args()
    prompts = [*SENTENCES, *map(CHAT.format, QUESTIONS)][: options.prompts]
    server = LocalServer(options.model)
    try:
        ask = asking(server.ensure_running())
        with Weights(options.model) as weights:
            wall, work = time.perf_counter(), time.process_time()
            decoder = Decoder(weights)
            took = time.perf_counter() - wall, time.process_time() - work
            print(f"unpacking: {took[0]:.2f} s ({took[1]:.2f} s of processors)")
            tokenised = compare(decoder, ask, prompts)
            server.stop()  # it would compute beside what is measured
            measure(decoder, [token for ids in tokenised for token in ids][:LONG])
    finally:
        server.stop()
    print(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
