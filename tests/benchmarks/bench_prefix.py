"""What trimming several exchanges at once saves: time to first token in a long conversation, built-in model.

    .venv/bin/python -m tests.benchmarks.bench_prefix [--window 8192] [--turns 60] [--full]

The same conversation is sent twice: trimmed as the application does, which leaves the start of the prompt as
it was for several turns, and trimmed by one exchange a turn, which changes it every time. Answers are given,
not generated; each turn asks for one token. Once the window is full, one-exchange-a-turn trimming reads the
whole prompt anew at every turn, so that eight turns of it are measured unless `--full` asks for all.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import psutil

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.core.servers import BUILT_IN_SERVER
from chatbot_app.llm.chat_client import ReasoningDelta, TextDelta, UsageReported
from chatbot_app.llm.connection import Connection
from chatbot_app.llm.gateway import Gateway
from chatbot_app.llm.keys import KeyStore
from chatbot_app.llm.local.engines import Engines
from chatbot_app.memory.budget import Budget, make_budget
from chatbot_app.memory.exchanges import group_exchanges
from chatbot_app.memory.planner import PromptRequest, plan_prompt

SAMPLED = 8  # turns of one-exchange-a-turn trimming that are measured when the window is full
SHARE_OF_WINDOW = 1 / 27  # tokens of one exchange: three quarters of the window are full at turn 20


@dataclass(frozen=True)
class Turn:
    number: int
    prompt_tokens: int
    cached: int
    seconds: float
    processor: float  # seconds of all cores that the child took: what others do beside it does not count
    trimmed: bool


def conversation(turns: int, words: int) -> list[Message]:
    """Return questions and answers, oldest first, with `words` words in each question."""
    messages = []
    for number in range(1, turns + 1):
        question = f"Question {number}: " + " ".join(f"word{(number * 7 + n) % 97}" for n in range(words))
        messages.append(Message(f"q{number}", "c", None, 2 * number, Role.USER, question))
        answer = f"Answer {number}: noted."
        messages.append(Message(f"a{number}", "c", f"q{number}", 2 * number + 1, Role.ASSISTANT, answer))
    return messages


async def plan(
    messages: Sequence[Message], connection: Connection, budget: Budget, stable: bool
) -> PromptPlan:
    """Return the plan of the last question, trimmed in one of the two ways."""
    history, question = messages[:-1], messages[-1]
    settings = GenerationSettings()
    texts = [settings.system_prompt, question.text, "", "\n\n", *(message.text for message in history)]
    counts = dict(zip(texts, await connection.count_texts(texts), strict=True))
    costs = await connection.template_costs()
    exchanges = group_exchanges(history)
    dropped = 0
    while True:
        kept = [message for exchange in exchanges[dropped:] for message in exchange]
        request = PromptRequest(settings.system_prompt, kept, question.text)
        made = plan_prompt(request, budget, counts.__getitem__, costs)
        if stable or made.left_out_tokens == 0:
            return made
        dropped += 1  # one exchange, and no more than is needed


async def ask(connection: Connection, made: PromptPlan, number: int, trimmed: bool) -> Turn:
    """Send a plan and return what came of it."""
    sent_at, first, cached = time.monotonic(), None, 0
    before = processor_seconds()
    parameters = {"max_tokens": 1, "temperature": 0.0}
    stream = connection.client.stream(made.messages(), connection.model, parameters)
    async with aclosing(stream):
        async for event in stream:
            if isinstance(event, TextDelta | ReasoningDelta) and first is None:
                first = time.monotonic() - sent_at
            if isinstance(event, UsageReported):
                cached = event.usage.cached_tokens or 0
    seconds = first or time.monotonic() - sent_at
    return Turn(number, made.tokens, cached, seconds, processor_seconds() - before, trimmed)


def processor_seconds() -> float:
    """Return the processor time of this process's children so far."""
    return sum(sum(child.cpu_times()[:2]) for child in psutil.Process().children())


async def run(window: int, turns: int, full: bool) -> None:
    """Measure both ways and print them."""
    local = Engines()
    keys = KeyStore(Path(tempfile.gettempdir()) / "bench-prefix-keys")  # none is read or kept
    gateway = Gateway(lambda _: BUILT_IN_SERVER, keys, local, lambda *_: None)
    try:
        connection = await gateway.open(GenerationSettings())
        budget = make_budget(window, None)
        [per_word] = await connection.count_texts([" ".join(f"word{n}" for n in range(97))])
        words = int(window * SHARE_OF_WINDOW * 97 / per_word)
        messages = conversation(turns, words)
        medians = {}
        for name, stable in (("several at once (ours)", True), ("one exchange a turn", False)):
            measured: list[Turn] = []
            kept_before = 0
            for number in range(1, turns + 1):
                made = await plan(messages[: 2 * number - 1], connection, budget, stable)
                kept = sum(part.included for part in made.parts)
                trimmed = number > 1 and kept <= kept_before
                kept_before = kept
                if not stable and trimmed and not full and sum(turn.trimmed for turn in measured) >= SAMPLED:
                    continue
                measured.append(await ask(connection, made, number, trimmed))
                turn = measured[-1]
                print(
                    f"{name:22}  turn {turn.number:3}  {turn.prompt_tokens:5} tokens  cache_n {turn.cached:5}"
                    f"  first token {turn.seconds:7.2f} s{'  trimmed' if turn.trimmed else ''}",
                    flush=True,
                )
            # From the first trimming on: before it, both send the same.
            start = next((turn.number for turn in measured if turn.trimmed), turns)
            steady = [turn.seconds for turn in measured if turn.number >= start]
            medians[name] = statistics.median(steady)
            print(f"{name}: median {medians[name]:.2f} s from turn {start} on ({len(steady)} turns)")
            print(f"  {against_untrimmed([turn for turn in measured if turn.number >= start])}\n")
        ours, other = medians.values()
        print(f"window {window}, {turns} turns: {ours:.2f} s against {other:.2f} s, {ours / other:.0%}")
    finally:
        await gateway.close()
        local.stop()


def against_untrimmed(steady: Sequence[Turn]) -> str:
    """Return what trimming costs, in words: turns that trimmed against those that only added."""
    trimmed = [turn for turn in steady if turn.trimmed]
    plain = [turn for turn in steady if not turn.trimmed]
    if not trimmed or not plain:
        return "no turn without trimming to compare with"
    words = []
    for name, of in (
        ("seconds to the first token", lambda turn: turn.seconds),
        ("processor seconds", lambda turn: turn.processor),
        ("tokens read", lambda turn: turn.prompt_tokens - turn.cached),
    ):
        usual = statistics.median(map(of, plain))
        middle, worst = statistics.median(map(of, trimmed)) / usual, max(map(of, trimmed)) / usual
        words.append(f"{name} {middle:.2f}, worst {worst:.2f} ({usual:.2f})")
    return f"{len(trimmed)} trimmed turns against the median of {len(plain)} others: {'; '.join(words)}"


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=int, default=8192)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    asyncio.run(run(options.window, options.turns, options.full))


if __name__ == "__main__":
    main()
