"""What those who read the files ask of them, written from their documentation; each returns what is wrong."""

from __future__ import annotations

from typing import Any


def openai_faults(row: Any) -> list[str]:
    """The checks of the OpenAI cookbook, “Data preparation and analysis for chat model fine-tuning”, “Format validation”,
    and of the guide on supervised fine-tuning (no other key beside, `weight` 0 or 1 on answers alone, the last is one).
    """
    if not isinstance(row, dict) or set(row) != {"messages"} or not row["messages"]:
        return ["the row is not a mapping with messages alone"]
    faults = []
    for message in row["messages"]:
        if not {"role", "content"} <= set(message):
            faults.append("a key is missing")
        if set(message) - {"role", "content", "name", "function_call", "weight"}:
            faults.append("an unrecognised key")
        if message.get("role") not in ("system", "user", "assistant"):
            faults.append("an unrecognised role")
        if not message.get("content") or not isinstance(message["content"], str):
            faults.append("no content")
        if "weight" in message and (message["weight"] not in (0, 1) or message["role"] != "assistant"):
            faults.append("a wrong weight")
    learnt = [one for one in row["messages"] if one["role"] == "assistant" and one.get("weight", 1)]
    if not learnt or row["messages"][-1]["role"] != "assistant":
        faults.append("no answer to learn at the end")
    return faults


def alpaca_faults(row: Any) -> list[str]:
    """Stanford Alpaca's data release, with the two columns that LLaMA-Factory's “Data preparation” adds."""
    faults = [
        name for name in ("instruction", "output") if not isinstance(row.get(name), str) or not row[name]
    ]
    faults += [name for name in ("input", "system") if not isinstance(row.get(name), str)]
    pairs = row.get("history")
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) and text for text in pair)
        for pair in pairs
    ):
        faults.append("history")
    return faults


def sharegpt_faults(row: Any) -> list[str]:
    """LLaMA-Factory's “Data preparation”, sharegpt: human at odd places, gpt at even ones."""
    turns = row.get("conversations")
    if not isinstance(turns, list) or not turns or len(turns) % 2:
        return ["the turns do not come in pairs"]
    faults = [
        f"turn {place}"
        for place, turn in enumerate(turns)
        if set(turn) != {"from", "value"}
        or turn["from"] != ("human", "gpt")[place % 2]
        or not isinstance(turn["value"], str)
        or not turn["value"]
    ]
    return faults + ([] if isinstance(row.get("system"), str) else ["system"])


def preferences_faults(row: Any) -> list[str]:
    """TRL's “Dataset formats and types”: preference, conversational, with an explicit prompt."""
    faults = []
    for name in ("prompt", "chosen", "rejected"):
        messages = row.get(name)
        if not isinstance(messages, list) or not messages:
            faults.append(name)
            continue
        faults += [
            f"{name}: {one}" for one in messages if set(one) != {"role", "content"} or not one["content"]
        ]
    if faults:
        return faults
    roles = [one["role"] for one in row["prompt"]]
    turns = roles[1:] if roles[0] == "system" else roles
    if turns != [("user", "assistant")[place % 2] for place in range(len(turns))] or turns[-1] != "user":
        faults.append("the prompt does not end with a question")
    if any([one["role"] for one in row[name]] != ["assistant"] for name in ("chosen", "rejected")):
        faults.append("a completion is not an answer")
    return faults + (["both are the same"] if row["chosen"] == row["rejected"] else [])


def openai_preferences_faults(row: Any) -> list[str]:
    """OpenAI's guide on direct preference optimization, “Data format”: no other key beside."""
    if set(row) != {"input", "preferred_output", "non_preferred_output"}:
        return ["other keys than three"]
    if not {"messages"} <= set(row["input"]) <= {"messages", "tools", "parallel_tool_calls"}:
        return ["an unrecognised key of the input"]
    return preferences_faults(
        {
            "prompt": row["input"]["messages"],
            "chosen": row["preferred_output"],
            "rejected": row["non_preferred_output"],
        }
    )


FAULTS = {
    "openai": openai_faults,
    "alpaca": alpaca_faults,
    "sharegpt": sharegpt_faults,
    "preferences": preferences_faults,
    "openai-preferences": openai_preferences_faults,
}
