"""Pairs of a better and a worse answer in OpenAI's form: `{"input": {"messages": […]}, "preferred_output": [message],
"non_preferred_output": [message]}`.

Published at https://platform.openai.com/docs/guides/direct-preference-optimization, “Data format”: both outputs are one
message of the assistant's; `tools` and `parallel_tool_calls` belong to calls of tools, of which there are none. Together
and Fireworks read the same form.
"""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.training_data import preferences
from chatbot_app.chat.training_data.examples import Example


def row(example: Example) -> dict[str, Any]:
    """Return the row of a pair."""
    pair = preferences.row(example)
    return {
        "input": {"messages": pair["prompt"], "tools": [], "parallel_tool_calls": True},
        "preferred_output": pair["chosen"],
        "non_preferred_output": pair["rejected"],
    }
