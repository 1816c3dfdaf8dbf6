"""A prompt and its completion as two texts: `{"prompt": …, "completion": …}`.

TRL, “Dataset formats and types”, prompt-completion, standard (https://huggingface.co/docs/trl/dataset_formats). Where the
question is about a passage, both stand beside it alone, too: TRL passes over columns that it does not know.
"""

from __future__ import annotations

from typing import Any

from chatbot_app.chat.training_data.examples import Example


def row(example: Example) -> dict[str, Any]:
    """Return the row of an example, of which the last exchange alone is told."""
    last = example.asked[-1]
    told = {"prompt": last.question, "completion": last.answer}
    if not example.passage:
        return told
    return {**told, "question": example.exchanges[-1].question, "passage": example.passage}
