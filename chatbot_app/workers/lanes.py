"""The lanes of one window: which work waits for which."""

from __future__ import annotations

from chatbot_app.chat.services import Services
from chatbot_app.llm.model_fetching import fetch_models
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.model_fetcher import ModelFetcher
from chatbot_app.workers.task_runner import TaskRunner
from chatbot_app.workers.transfer_lane import TransferLane


class Lanes:
    """Constructed once, when the window stands; `shutdown` ends them.

    `store` is for what a person waits for, `library` for documents, `files` for what lies beside the store and may
    have to be waited for, `housekeeping` for what has time, `transfer` for conversations
    that go out and come in.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.store = TaskRunner()
        self.library = TaskRunner()
        self.files = TaskRunner()
        self.housekeeping = TaskRunner()
        self.transfer = TransferLane(services)
        self.fetcher = ModelFetcher(fetch_models)
        self.models = ChatWorker(
            services.run_turn,
            at_end=services.gateway.close,
            plan_turn=services.plan_turn,
            after_turn=services.after_turn,
            giving_way=services.giving_way,
        )

    def stop_asking(self) -> None:
        """End downloads and requests: they give the store their last words."""
        self.fetcher.shutdown()
        self.models.shutdown()

    def finish(self) -> None:
        """Do what is queued for the store, the person's own words last, and end."""
        self.transfer.shutdown()
        self._services.trash.interrupt()  # long work on a lane that is waited for
        self._services.backups.interrupt()
        for runner in (self.housekeeping, self.library, self.store, self.files):
            runner.shutdown()
