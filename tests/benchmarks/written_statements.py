"""Statements that people would write about passages that were written for them: what `bench_answers` prints as "written".

`tests/data/checks`: passages of many kinds in six languages, statements that are true or differ in one thing. Those
named "blind" were written by somebody who had not seen the checker. It has been mended with the first, the second, 4a, 5a, 6a and 7a
in view, and never with the third, 4b, 5b, 6b and 7b: what these say of it is what to expect. 6 is 60 % German, the rest Russian, French,
Spanish and Chinese; its passages were parted by a coin. 7 is mostly true paraphrases of ordinary texts (contracts, mails, minutes,
recipes, manuals), half of them English; parted by a coin, too.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

FOLDER = Path(__file__).parents[1] / "data" / "checks"


def bench_written(embedder: Any) -> None:
    """Print how many of the changed and of the true statements are flagged, by set."""
    passages = {line["id"]: line["text"] for line in _lines(FOLDER / "passages.jsonl")}
    flagged: dict[tuple[str, bool], list[bool]] = {}
    for line in _lines(FOLDER / "statements.jsonl"):
        checks = check_statement(line["statement"], [Source(passages[line["passage"]])], embedder)
        bad = any(check.verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED) for check in checks)
        flagged.setdefault((line["passage"].partition("/")[0], line["is_true"]), []).append(bad)
    print("written: statements flagged, of those with one thing changed / of the true ones")
    for name in sorted({name for name, _ in flagged}):
        changed, true = flagged[name, False], flagged[name, True]
        print(
            f"  {name:10} {100 * statistics.mean(changed):5.1f} % of {len(changed)}"
            f" / {100 * statistics.mean(true):5.1f} % of {len(true)}"
        )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
