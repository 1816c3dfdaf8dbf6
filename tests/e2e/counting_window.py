"""The real window that asks at once, and says when it had how many characters: what it has shown must not be lost.

python -m tests.e2e.counting_window DATA_FOLDER QUESTION
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from chatbot_app.application import create_application
from tests.e2e.waited import seconds_without_a_core


def main() -> None:
    """Run until it is ended."""
    application = create_application(Path(sys.argv[1]))
    shown = 0

    def count(_turn: str, event: object) -> None:
        nonlocal shown
        shown += len(getattr(event, "text", ""))
        sys.stdout.write(json.dumps([time.monotonic(), seconds_without_a_core(), shown]) + "\n")
        sys.stdout.flush()

    application.lanes.models.event_received.connect(count)
    application.controllers.asking.send(sys.argv[2])
    application.run()


if __name__ == "__main__":
    main()
