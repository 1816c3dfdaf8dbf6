"""What comes into an import: files and folders, pasted texts, web pages; and what is not waited for any more."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from chatbot_app.core.documents import ImportOutcome, ImportReport
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.importing.events import (
    FileProgress,
    FilesLeftOut,
    FileStep,
    ImportFailed,
    PermissionNeeded,
    Steps,
)
from chatbot_app.knowledge.importing.folders import files_in
from chatbot_app.knowledge.importing.kept_texts import TextKeeper
from chatbot_app.knowledge.importing.parts import Jobs
from chatbot_app.knowledge.importing.standing import Standing
from chatbot_app.llm.web_pages import PageNotFetched, PrivateAddress

_NAMED = 20  # files that are left out and named


class Arrivals:
    """Puts files into the queue and tells of them. Use from the thread that iterates the import."""

    def __init__(self, jobs: Jobs, texts: TextKeeper | None, standing: Standing) -> None:
        self._jobs = jobs
        self._texts = texts
        self._standing = standing
        self.again: set[str] = set()  # files to be read although their bytes are known

    def add_paths(self, paths: Sequence[Path], collection_id: str, again: bool) -> Steps:
        """Let files and the files in folders wait; name what is left out of them."""
        found: list[str] = []
        left_out: list[str] = []
        for path in paths:
            for file, is_read in files_in(path):
                self._standing.check()
                (found if is_read else left_out).append(os.fspath(file))
        yield from self._queue(found, collection_id, again)
        if left_out:
            names = [clean_text(os.path.basename(path)) for path in left_out]  # noqa: PTH119  # of bytes as well
            named = (*self._standing.progress.named, *names)[:_NAMED]
            yield self._standing.update(
                left_out=self._standing.progress.left_out + len(left_out), named=named
            )
            yield FilesLeftOut(tuple(left_out))
        return True

    def add_text(self, title: str, text: str, collection_id: str) -> Steps:
        """Keep a pasted text as a file of its own and let it wait."""
        assert self._texts is not None
        path = self._texts.keep_text(title, text)
        return (yield from self._queue([os.fspath(path)], collection_id, again=False))

    def add_address(self, address: str, collection_id: str, allowed_hosts: frozenset[str]) -> Steps:
        """Fetch a web page, keep it as a file and let it wait."""
        assert self._texts is not None
        try:
            path = self._texts.keep_page(address, allowed_hosts)
        except PrivateAddress as error:
            yield PermissionNeeded(address, str(error.details["host"]), collection_id)
        except PageNotFetched as error:
            if not self._standing.stopped.is_set():
                yield ImportFailed(error)
        else:
            yield from self._queue([os.fspath(path)], collection_id, again=False)
        return True

    def _queue(self, files: list[str], collection_id: str, again: bool) -> Steps:
        self._standing.begin_count()
        if again:
            self.again.update(files)
        self._jobs.add(files, collection_id)
        return (yield from self._show_waiting(files))

    def take_up(self, paths: Sequence[str]) -> Steps:
        """Count files that stand in the queue already."""
        self._standing.begin_count()
        waiting = {job.path for job in self._jobs.waiting()}
        return (yield from self._show_waiting([path for path in paths if path in waiting]))

    def _show_waiting(self, paths: Sequence[str]) -> Steps:
        yield from (FileProgress(path, FileStep.WAITING) for path in paths)
        yield self._standing.update(total=self._standing.progress.done + len(self._jobs.waiting()))
        return True

    def withdraw(self, paths: Sequence[str]) -> Steps:
        """Tell that files are gone and not waited for any more."""
        for path in paths:
            yield _skipped(path, "The file is gone.")
        yield self._standing.update(total=self._standing.progress.done + len(self._jobs.waiting()))
        return True

    def cancel(self) -> Steps:
        """Forget what waits."""
        waiting = self._jobs.waiting()
        self._jobs.cancel()
        for job in waiting:
            yield _skipped(job.path, "The import was cancelled.")
        self._standing.paused.clear()
        yield self._standing.update(total=self._standing.progress.done)
        return True


def _skipped(path: str, reason: str) -> FileProgress:
    return FileProgress(path, FileStep.FINISHED, None, ImportReport(path, ImportOutcome.SKIPPED, reason))
