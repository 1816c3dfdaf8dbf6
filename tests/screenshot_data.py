"""What stands in the pictures: conversations that show everything the window can draw."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Notice, Role, Timings, Usage
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.trust import AnswerMode
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.servers import ServerStore
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.storage.summaries import SummaryStore
from tests.trust_data import checked_answer, quotes, trust

MODEL = "qwen3-8b-instruct"
SETTINGS = GenerationSettings(
    server_id="scripted",
    model=MODEL,
    temperature=0.3,
    max_tokens=1024,
    top_p=0.9,
    min_p=0.05,
    seed=42,
    stop=("\n\nUser:",),
    system_prompt="Answer briefly. Say when you are not sure.",
)

RICH = '''## Simple harmonic motion

A mass $m$ on a spring of stiffness $k$ obeys $m\\ddot{x} = -kx$, so it oscillates with the angular frequency
$\\omega = \\sqrt{k/m}$:

$$x(t) = A\\cos(\\omega t + \\varphi), \\qquad T = \\frac{2\\pi}{\\omega} = 2\\pi\\sqrt{\\frac{m}{k}}$$

### What it depends on

1. The **mass**: a heavier one is slower
   - four times the mass doubles the period
   - the amplitude plays *no* part
2. The **stiffness**, which is measured in `N/m`
   - see [Hooke's law](https://en.wikipedia.org/wiki/Hooke%27s_law)

| Mass (kg) | Stiffness (N/m) | Period (s) |
|:----------|----------------:|-----------:|
| 0.25      |              10 |       0.99 |
| 1.00      |              10 |       1.99 |
| 4.00      |              10 |       3.97 |

```python
from math import pi, sqrt


def period(mass: float, stiffness: float) -> float:
    """Return the period in seconds."""
    if stiffness <= 0:
        raise ValueError(f"a spring pulls back: {stiffness}")
    return 2 * pi * sqrt(mass / stiffness)  # no amplitude in it
```

> The period does not depend on the amplitude: that is why a pendulum can keep time.

- [x] Derive the equation
- [x] Check it against the table
- [ ] Measure it with a real spring
'''

WORDS_OF_THE_WORLD = (
    "春の海 ひねもすのたり のたりかな — 与謝蕪村\n\nПривет! مرحبا بالعالم 👋🏽 🎉\n\n"
    "A word that never ends: " + "Donaudampfschifffahrtsgesellschaftskapitän" * 4 + "\n\n"
    "And an address: `https://example.org/" + "very/long/path/" * 12 + "`"
)

TITLES = (
    "Planning a week in Lisbon with two children and a dog that does not like trams",
    "Why is the sky blue?",
    "Rewrite of the parser for configuration files: what to keep, what to throw away and in which order",
    "東京で一番おいしいラーメン屋さん",
    "Bread without kneading 🍞",
    "Unterschied zwischen Donaudampfschifffahrtsgesellschaft und Reederei",
    "SQL: the third highest salary of each department",
    "Letter to the landlord",
)


LISBON_QUESTIONS = (
    "We are two adults, two children (6 and 9) and a dog. Plan a week in Lisbon.",
    "The dog does not like trams. What instead?",
    "Is Sintra too much for one day?",
    "Where do children eat well?",
    "What does a week cost?",
    "And if it rains?",
    "Which day for the aquarium?",
)
LISBON_ANSWERS = (
    "A week is enough for the city and two days outside.",
    "Walk, or take the ferry: dogs are welcome on the lower deck.",
    "For children of that age, yes: choose one palace and the garden.",
    "At the markets; most have long tables and no hurry.",
    "Between 1,900 and 2,400 euros without the flight.",
    "The tile museum and the covered market stay dry.",
    "Wednesday: school classes come on other days.",
)
LISBON = (
    "In the morning the hills are cool and the streets are empty, so begin early and rest after lunch. "
    "The river is never far, and children like the ferries more than any museum. Keep one afternoon free."
)
LISBON_SUMMARY = """**Goal**: a week in Lisbon for two adults, two children and a dog.

- **Facts**: the children are 6 and 9; the dog does not like trams
- **Decisions**: ferries instead of trams; in Sintra one palace and the garden
- **Open**: what it costs, and what to do when it rains"""


class Library:
    """A store that is filled with conversations of known age."""

    def __init__(self, data_dir: Path, base_url: str) -> None:
        numbers = count()
        self._database = Database(DataPaths(data_dir))
        # The list says "Today" and "Yesterday", so times count from today.
        self._today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
        self._now = self._today
        self._store = ConversationStore(
            self._database, now=lambda: self._now, new_id=lambda: f"id{next(numbers)}"
        )
        self._summaries = SummaryStore(
            self._database, now=lambda: self._now, new_id=lambda: f"id{next(numbers)}"
        )
        self.settings = SettingsStore(self._database)
        servers = ServerStore(self._database, self.settings)
        servers.add(Server("scripted", "Workstation", base_url, ServerKind.VLLM, default_model=MODEL))
        servers.set_default("scripted")
        self.settings.set("chat.automatic_titles", False)

    def close(self) -> None:
        """Close the store."""
        self._database.close()

    def add(
        self, title: str, exchanges: list[tuple[str, str]], *, days_ago: int = 0, window: int = 8192
    ) -> str:
        """Store a conversation of complete answers; return its id."""
        self._now = self._today - timedelta(days=days_ago)
        conversation = self._store.create_conversation(SETTINGS)
        if title:
            self._store.rename(conversation.id, title)
        parent = None
        for question, text in exchanges:
            asked, answer = self._begin(conversation.id, parent, question)
            self._finish(answer, text, MessageStatus.COMPLETE, "stop")
            self._store.save_plan(answer.id, _plan(asked, window))
            parent = answer.id
        return conversation.id

    def add_long(self) -> str:
        """Store a conversation that left its window: one message pinned, one excluded, the start summarised."""
        exchanges = [
            (question, f"{answer} {LISBON}")
            for question, answer in zip(LISBON_QUESTIONS, LISBON_ANSWERS, strict=True)
        ]
        conversation_id = self.add("A week in Lisbon", exchanges)
        path = self._store.path(conversation_id, self._store.conversation(conversation_id).leaf_id or "")
        self._store.set_pinned(path[0].id, True)
        self._store.set_excluded(path[9].id, True)
        self._summaries.save(conversation_id, path[5].id, LISBON_SUMMARY, model=MODEL)
        return conversation_id

    def add_endings(self) -> str:
        """Store a conversation with every way in which an answer ends early; return its id."""
        self._now = self._today
        conversation = self._store.create_conversation(SETTINGS)
        self._store.rename(conversation.id, "Answers that ended early")
        offline = Notice(
            "Offline",
            "Workstation cannot be reached.",
            "Check the network and the address, then try again. The built-in model works without a network.",
            "retry",
        )
        key = Notice(
            "KeyRejected",
            "Workstation rejected the key.",
            "Open Servers and enter the key again.",
            "open-servers",
        )
        endings = (
            (MessageStatus.COMPLETE, "length", ()),
            (MessageStatus.STOPPED, None, ()),
            (MessageStatus.INTERRUPTED, None, ()),
            (MessageStatus.FAILED, None, (offline,)),
            (MessageStatus.FAILED, None, (key,)),
        )
        parent = None
        for status, reason, notices in endings:
            _, answer = self._begin(conversation.id, parent, "Tell me about the sea.")
            text = "" if status is MessageStatus.FAILED else "The sea covers about 71 % of the surface and"
            self._finish(answer, text, status, reason, notices)
            parent = answer.id
        return conversation.id

    def add_trust(self) -> str:
        """Store a conversation with answers from documents in every state; return its id."""
        self._now = self._today
        conversation = self._store.create_conversation(SETTINGS)
        self._store.rename(conversation.id, "Quarterly reports, quoted and checked")
        text, checked = checked_answer()
        small = {"small_model": True}
        refused = trust(refused=True, collections=("Quarterly reports",), documents=12)
        states: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("Net sales?", "> quoted", {"quotes": quotes(4), "trust": trust(AnswerMode.QUOTES, **small)}),
            ("What were Apple's total net sales in the third quarter of 2022?", text, checked),
            ("Who founded the Oracle Corporation?", "No.", {"quotes": quotes(2), "trust": refused}),
            (
                "And in the model's words?",
                "The founder is Elon Musk.",
                {"quotes": quotes(1), "trust": trust(AnswerMode.ANSWER, unchecked=True, **small)},
            ),
            ("Add the numbers.", "The sum is 12.", {"trust": trust(AnswerMode.ANSWER, circle=True, **small)}),
        )
        parent = None
        for question, words, metadata in states:
            _, answer = self._begin(conversation.id, parent, question)
            self._store.finish_message(
                answer.id,
                status=MessageStatus.COMPLETE,
                text=words,
                finish_reason="stop",
                metadata=metadata,
            )
            parent = answer.id
        return conversation.id

    def _begin(self, conversation_id: str, parent: str | None, question: str) -> tuple[Message, Message]:
        return self._store.begin_exchange(
            conversation_id, parent, question, settings=SETTINGS, server_id="scripted", model=MODEL
        )

    def _finish(
        self,
        answer: Message,
        text: str,
        status: MessageStatus,
        reason: str | None,
        notices: tuple[Notice, ...] = (),
    ) -> None:
        self._store.finish_message(
            answer.id,
            status=status,
            text=text,
            usage=Usage(412, len(text) // 4) if text else None,
            timings=Timings(0.38, 0.38 + len(text) / 4 / 48) if text else None,
            finish_reason=reason,
            notices=notices,
        )


def _plan(question: Message, window: int) -> PromptPlan:
    parts = (
        PlanPart(PartKind.SYSTEM, Role.SYSTEM, SETTINGS.system_prompt, 260, True, ""),
        PlanPart(PartKind.HISTORY, Role.USER, "…", 2_900, True, ""),
        PlanPart(PartKind.QUESTION, Role.USER, question.text, 340, True, "", question.id),
    )
    return PromptPlan(parts, window, 1024, exact=True, window_source="server")


def fill(data_dir: Path, base_url: str) -> dict[str, str]:
    """Fill a data folder; return the ids of the conversations that are photographed."""
    library = Library(data_dir, base_url)
    for number in range(34):
        title = TITLES[number % len(TITLES)]
        library.add(title, [(f"{title}?", "It depends on the period you mean.")], days_ago=number // 2)
    ids = {
        "long": library.add_long(),
        "endings": library.add_endings(),
        "trust": library.add_trust(),
        "words": library.add(
            "",
            [("Hi", "Hello! What shall we look at?"), ("Show me words of the world 🌍", WORDS_OF_THE_WORLD)],
        ),
        "streaming": library.add("A poem, slowly", [("Are you there?", "Yes.")]),
        "rich": library.add(
            "Period of a mass on a spring, with table, code and mathematics",
            [("What is the period of a mass on a spring?", RICH)],
            window=4608,
        ),
    }
    library.close()
    return ids
