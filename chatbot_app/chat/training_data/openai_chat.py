"""Chat fine-tuning in OpenAI's form: `{"messages": [{"role", "content"}, …]}`.

Published at https://platform.openai.com/docs/guides/supervised-fine-tuning and in the cookbook, “Data preparation and
analysis for chat model fine-tuning”: roles are system, user and assistant, the last message is an assistant's, and
`weight` 0 on an assistant's message leaves it out of what is learnt. Other keys are refused.
"""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.training_data.examples import Example


def row(example: Example) -> dict[str, Any]:
    """Return the row of an example."""
    messages: list[dict[str, Any]] = []
    if example.system:
        messages.append({"role": "system", "content": example.system})
    for exchange in example.asked:
        messages.append({"role": "user", "content": exchange.question})
        weight = {} if exchange.is_trained else {"weight": 0}
        messages.append({"role": "assistant", "content": exchange.answer, **weight})
    return {"messages": messages}
