"""Downloads in children that a test kills: imported once, forked for each of them.

One line on standard input is the address of a hub, a folder, and where it is another than the usual one the repository and
the file; a child downloads, its process id is printed, and how it ended when it has.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from chatbot_app.core.local_models import Origin
from chatbot_app.llm.hub import transfer  # noqa: F401  # imported before the first fork
from chatbot_app.llm.hub.download import download
from chatbot_app.llm.hub.hub import Hub
from chatbot_app.llm.hub.library import library_at
from tests.unit.llm.hub.support import FILE, REPOSITORY


def main() -> None:
    """Serve until standard input ends."""
    library_at(Hub("http://127.0.0.1:1").endpoint)
    for line in sys.stdin:
        address, folder, *named = line.rstrip("\n").split("\t")
        repository, file = named or (REPOSITORY, FILE)
        child = os.fork()
        if not child:
            status = 0
            try:
                for _ in download(Hub(address), Origin(repository, file), Path(folder)):
                    pass
            except BaseException:  # noqa: BLE001  # a forked child never returns
                traceback.print_exc()
                status = 1
            os._exit(status)
        print(child, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
