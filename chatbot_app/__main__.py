"""The command line: opens the window, or does one thing without it."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from chatbot_app.core.errors import AlreadyRunning, AppError
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
        from chatbot_app.llm.local.server_process import main as run_local_server

        return run_local_server()
    if words[:1] == ["--parser"]:
        from chatbot_app.knowledge.children.parser_child import main as run_parser

        return run_parser()
    if words[:1] == ["--vectors"]:
        from chatbot_app.knowledge.children.vectors_child import main as run_vectors

        return run_vectors(words[1:])
    if words[:1] == ["--attention"]:
        from chatbot_app.lab.attention_child import main as run_attention

        return run_attention()
    if words[:1] == ["--formulas"]:
        from chatbot_app.workers.formula_child import main as run_typesetter

        return run_typesetter()
    if words[:1] == ["--pdf-pages"]:
        from chatbot_app.ui.transfer.pdf_pages import main as run_pages

        return run_pages(words[1:])
    if words[:1] == ["--small-models"]:
        from chatbot_app.lab.small.training_child import main as run_small_models

        return run_small_models()
    from chatbot_app.cli.main import run

    return run(words, open_window)


LAUNCH_TRIES = 5  # of one launch, while other windows of the folder come and go


def open_window(data_dir: Path | None, files: Sequence[Path] = ()) -> int:
    """Open the window, put `files` into its library and return when it is closed.

    A window that is open already comes forward and takes the files.
    """
    from chatbot_app.application import create_application

    for path in files:
        if not path.exists():
            print(f"chatbot-app: {path} is not there.", file=sys.stderr)
    try:
        for tries_left in reversed(range(LAUNCH_TRIES)):
            try:
                application = create_application(data_dir, staged=True)
                break
            except AlreadyRunning:
                if _take_to_first_window(data_dir, files):
                    return 0
                if not tries_left or _is_owned(data_dir):
                    raise
                # It was closed, or did not start, while we waited for it.
    except AppError as error:
        from chatbot_app.ui.launch_problem import show_launch_problem

        show_launch_problem(error)
        raise
    from chatbot_app.workers.crash_report import CrashReport
    from chatbot_app.workers.log_file import keep_log

    keep_log(application.services.paths, mask=lambda text: application.services.mask(text))
    report = CrashReport(application.services.paths)
    report.open()
    application.catch_faults(report.left_behind)
    application.open_files(list(files))
    status = application.run()
    report.close()
    if any(thread is not threading.main_thread() and not thread.daemon for thread in threading.enumerate()):
        # A look-up of a name that hangs cannot be cancelled; everything of ours is closed, so leave it behind.
        logging.shutdown()
        os._exit(status)
    return status


def _take_to_first_window(data_dir: Path | None, files: Sequence[Path]) -> bool:
    from chatbot_app.core.paths import default_data_dir
    from chatbot_app.workers.qt_start import import_qt
    from chatbot_app.workers.single_instance import raise_first_instance

    import_qt()
    return raise_first_instance(data_dir or default_data_dir(), files, is_owned=lambda: _is_owned(data_dir))


def _is_owned(data_dir: Path | None) -> bool:
    """Whether a window holds the data folder at this moment."""
    from chatbot_app.core.paths import DataPaths, default_data_dir
    from chatbot_app.storage.locks import FolderLock

    lock = FolderLock(DataPaths(data_dir or default_data_dir()).lock)
    try:
        is_free = lock.acquire()
    except OSError:
        return False
    lock.release()
    return not is_free


if __name__ == "__main__":
    sys.exit(main())
