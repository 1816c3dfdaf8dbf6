"""Instructions in Alpaca's form: `instruction`, `input`, `output`, and `system` and `history` where LLaMA-Factory reads them.

Stanford Alpaca, “Data release” (https://github.com/tatsu-lab/stanford_alpaca), and LLaMA-Factory, “Data preparation”
(https://llamafactory.readthedocs.io): `history` holds [question, answer] of the turns before, which are learnt as well. `input` is what the
instruction is about.
"""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.training_data.examples import Example


def row(example: Example) -> dict[str, Any]:
    """Return the row of an example."""
    *before, last = example.exchanges
    return {
        "instruction": last.question,
        "input": example.passage,
        "output": last.answer,
        "system": example.system,
        "history": [[exchange.question, exchange.answer] for exchange in before],
    }
