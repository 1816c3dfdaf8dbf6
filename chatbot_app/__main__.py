"""The command line: opens the window, or does one thing without it."""

from __future__ import annotations

import os
import sys

from chatbot_app.core.frozen import is_frozen, restore_library_path


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status: 0 done, 1 it could not be done, 2 the call is wrong."""
    if is_frozen():
        import multiprocessing

        multiprocessing.freeze_support()  # a library that spawns a process opens no second window
        restore_library_path(os.environ)
    words = sys.argv[1:] if arguments is None else arguments
    # onnxruntime, from 1.32 on, reports to its maker and keeps an id of the device in the home folder.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    # Children are started from the same executable; they need neither Qt nor the parser of arguments.
    if words[:1] == ["--local-server"]:
        from chatbot_app.llm.local_server_process import main as run_local_server

        return run_local_server()
    if words[:1] == ["--parser"]:
        from chatbot_app.knowledge.children.parser_child import main as run_parser

        return run_parser()
    if words[:1] == ["--formulas"]:
        from chatbot_app.workers.formula_child import main as run_typesetter

        return run_typesetter()
    from chatbot_app.cli.main import run
    from chatbot_app.launch import open_window

    return run(words, open_window)


if __name__ == "__main__":
    sys.exit(main())
