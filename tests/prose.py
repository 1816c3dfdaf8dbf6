"""Text that goes on without repeating itself, as answers do."""

from __future__ import annotations

import random


def words(count: int, seed: int = 7) -> list[str]:
    """Return so many words that are no language's, each with a space behind it."""
    chooser = random.Random(seed)
    return [
        "".join(
            chooser.choice("bcdfglmnprst") + chooser.choice("aeiou") for _ in range(chooser.randint(1, 4))
        )
        + " "
        for _ in range(count)
    ]
