"""Opens the window."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from chatbot_app.core.errors import AlreadyRunning, AppError


def open_window(data_dir: Path | None, files: Sequence[Path] = ()) -> int:
    """Open the window, put `files` into its library and return when it is closed.

    A window that is open already comes forward and takes the files.
    """
    from chatbot_app.application import create_application

    for path in files:
        if not path.exists():
            print(f"chatbot-app: {path} is not there.", file=sys.stderr)
    try:
        application = create_application(data_dir, staged=True)
    except AlreadyRunning as error:
        from chatbot_app.core.paths import default_data_dir
        from chatbot_app.qt_start import import_qt
        from chatbot_app.workers.single_instance import raise_first_instance

        import_qt()
        if raise_first_instance(data_dir or default_data_dir(), files):
            return 0
        from chatbot_app.ui.launch_problem import show_launch_problem

        show_launch_problem(error)
        raise
    except AppError as error:
        from chatbot_app.ui.launch_problem import show_launch_problem

        show_launch_problem(error)
        raise
    from chatbot_app.crash_report import CrashReport
    from chatbot_app.log_file import keep_log

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
