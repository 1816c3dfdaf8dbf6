"""Conversations in ShareGPT's form: `{"conversations": [{"from": "human"|"gpt", "value"}, …], "system"}`.

LLaMA-Factory, “Data preparation” (https://llamafactory.readthedocs.io): human stands at odd places and gpt at even ones;
every answer is learnt.
"""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.training_data.examples import Example


def row(example: Example) -> dict[str, Any]:
    """Return the row of an example."""
    turns: list[dict[str, str]] = []
    for exchange in example.asked:
        turns.append({"from": "human", "value": exchange.question})
        turns.append({"from": "gpt", "value": exchange.answer})
    return {"conversations": turns, "system": example.system}
