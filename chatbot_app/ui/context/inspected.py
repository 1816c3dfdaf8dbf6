"""What the inspector shows: a plan, and the requests that were made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from chatbot_app.chat.model_verdict import requests_of
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.model_verdicts import ModelCheck
from chatbot_app.core.prompt_plan import PromptPlan


@dataclass(frozen=True, slots=True)
class Inspected:
    """A plan and what else was decided: of the next prompt (`is_next`), or of an answer given before."""

    plan: PromptPlan
    settings: GenerationSettings | None
    model: str | None
    is_next: bool = False
    check: ModelCheck | None = None

    def request(self) -> str:
        """Return the whole request as JSON, as it goes to the server."""
        parameters = self.settings.request_parameters() if self.settings else {}
        request = {"model": self.model, "messages": self.plan.messages(), **parameters}
        return json.dumps(request, ensure_ascii=False, indent=2)

    def check_requests(self) -> str:
        """Return the requests by which a model checked the answer, as JSON; "" where none did."""
        requests = requests_of(self.check, self.plan) if self.check is not None else []
        return json.dumps(requests, ensure_ascii=False, indent=2) if requests else ""
