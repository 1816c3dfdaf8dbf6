"""Pairs of a better and a worse answer: `{"prompt": [messages], "chosen": [message], "rejected": [message]}`.

TRL, “Dataset formats and types”, preference, conversational, with an explicit prompt
(https://huggingface.co/docs/trl/dataset_formats).
"""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.training_data.examples import Example


def row(example: Example) -> dict[str, Any]:
    """Return the row of a pair."""
    *before, last = example.asked
    prompt = [{"role": "system", "content": example.system}] if example.system else []
    for exchange in before:
        prompt.append({"role": "user", "content": exchange.question})
        prompt.append({"role": "assistant", "content": exchange.answer})
    prompt.append({"role": "user", "content": last.question})
    return {
        "prompt": prompt,
        "chosen": [{"role": "assistant", "content": last.answer}],
        "rejected": [{"role": "assistant", "content": example.rejected or ""}],
    }
