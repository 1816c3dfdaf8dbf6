"""Next token with the built-in model: python -m tests.benchmarks.bench_sampling.

- 20,000 draws for each setting against the displayed distribution (chi-square and what it exceeds once in 10,000 times)
- our probabilities against those that llama.cpp's own sampler draws from, over ten prompts
- what the whole vocabulary costs to ask for and read, and a token of a phrase that is said again
"""

from __future__ import annotations

import asyncio
import time

import numpy as np

from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.lab.next_token import NextToken
from chatbot_app.lab.repetition import vicious_circle
from chatbot_app.lab.sampling import draws, generator
from chatbot_app.llm.completion_client import CompletionClient
from chatbot_app.llm.local.server import LocalServer
from chatbot_app.llm.logprobs import probabilities_after_sampling
from tests.unit.lab.test_sampling import SETTINGS, chi_square, critical

DRAWS = 20_000
PROMPTS = (
    "The capital of France is",
    "The capital of France is the city of Paris, the capital of",
    "My day was good. I went to the shop. I bought some bread. I went to the",
    "def fibonacci(n):\n    return",
    "1, 2, 3, 4,",
    "Der Hund läuft durch den",
    "To be, or not to be, that is the",
    "😀😀😀",
    "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
    "the the the the the",
)
_SENT = (
    "temperature",
    "top_k",
    "top_p",
    "min_p",
    "repeat_penalty",
    "presence_penalty",
    "frequency_penalty",
)


async def measure(client: CompletionClient) -> None:
    """Print everything."""
    model = NextToken(client)
    path = await model.begin(PROMPTS[1])
    found = await model.after(path)
    print(f"{DRAWS:,} draws of {len(found.tokens):,} tokens, offset of scores {found.offset:.3f}")
    for name, sampling in SETTINGS.items():
        shares = found.reshaped(sampling, path.tokens).probabilities
        seen = np.bincount(draws(shares, generator(1), DRAWS), minlength=len(shares))
        statistic, freedom = chi_square(seen, shares * DRAWS)
        most = critical(freedom) if freedom else 0.0
        print(
            f"  {name:18} chi-square {statistic:8.1f} of {freedom:4} degrees of freedom, at most {most:8.1f}"
        )
    worst: dict[str, float] = {}
    for text in PROMPTS:
        path = await model.begin(text)
        found = await model.after(path)
        for name, sampling in SETTINGS.items():
            asked = {one: getattr(sampling, one) for one in _SENT}
            told = await client.below_root(
                "/completion",
                {
                    **asked,
                    "prompt": path.prompt(),
                    "n_predict": 1,
                    "n_probs": 40,
                    "post_sampling_probs": True,
                    "repeat_last_n": 64,
                    "dry_multiplier": 0.0,
                },
            )
            theirs = probabilities_after_sampling(told)
            shares = found.reshaped(sampling, path.tokens).probabilities
            ours = {token.id: float(p) for token, p in zip(found.tokens, shares, strict=True)}
            apart = max((abs(ours[number] - share) for number, share in theirs.items()), default=0.0)
            worst[name] = max(worst.get(name, 0.0), apart)
    print("Largest difference to llama.cpp's own sampler:")
    for name, apart in worst.items():
        print(f"  {name:18} {apart:.1e}")
    since, cpu = time.perf_counter(), time.process_time()
    for _ in range(5):
        await model.after(path)
    print(
        f"Whole vocabulary: {(time.perf_counter() - since) / 5:.2f} s, {(time.process_time() - cpu) / 5:.2f} s CPU here"
    )
    since, count = time.perf_counter(), 0
    async for turn in vicious_circle(client, "My day was good.", " I went to the shop.", 8):
        count += 1
        if turn.is_whole:
            print(f"  said {turn.said} times: {turn.probability:.1%}")
    print(f"A token of a given phrase: {(time.perf_counter() - since) / count * 1000:.0f} ms")


def main() -> None:
    """Start the built-in model and measure."""
    server = LocalServer()
    try:
        endpoint = server.ensure_running()
        described = Server("built-in", "Built-in", endpoint.base_url, ServerKind.BUILT_IN)

        async def run() -> None:
            async with CompletionClient(described, endpoint.api_key, endpoint.model) as client:
                await measure(client)

        asyncio.run(run())
    finally:
        server.stop()


if __name__ == "__main__":
    main()
