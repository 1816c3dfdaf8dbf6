"""Plans of earlier releases, which copied every message of their conversation: rewritten once, by m004."""

from __future__ import annotations

import json
import sqlite3
import zlib

from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.storage.plans import UNREADABLE, PlanStore


def rewrite_plans(connection: sqlite3.Connection) -> None:
    """Store every plan by reference, conversation by conversation; one that cannot be read stays as it is.

    One plan is in memory at a time.
    """
    plans = PlanStore()
    answers = connection.execute(
        "SELECT message_id FROM prompt_plans JOIN messages ON messages.id = message_id"
        " ORDER BY messages.conversation_id, messages.sequence"
    ).fetchall()
    for (message_id,) in answers:
        [blob] = connection.execute(
            "SELECT plan FROM prompt_plans WHERE message_id = ?", [message_id]
        ).fetchone()
        try:
            plan = PromptPlan.from_dict(json.loads(zlib.decompress(blob)))
            plans.save(connection, message_id, plan)
        except UNREADABLE:
            continue
