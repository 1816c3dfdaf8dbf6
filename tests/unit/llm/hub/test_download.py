"""A download from a hub is resumed, checked and atomic; every way in which it can fail is a sentence."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.core.errors import AppError
from chatbot_app.core.hub_errors import (
    DownloadChanged,
    DownloadDiskFull,
    DownloadFolderUnusable,
    DownloadInterrupted,
    DownloadNeedsSpace,
    DownloadWrong,
    HubAnswersOddly,
    HubBroken,
    HubBusy,
    HubFileIncomplete,
    HubFileNotFound,
    HubGated,
    HubRevisionNotFound,
    HubTokenRejected,
)
from chatbot_app.core.hub_models import download_id
from chatbot_app.core.local_models import Origin
from chatbot_app.llm.hub.download import discard, is_running, unfinished
from chatbot_app.llm.hub.events import DownloadHeldUp, DownloadRestarted, DownloadStarted, ModelArrived
from chatbot_app.llm.model_files import DownloadProgressed, DownloadWaiting
from tests.hub_server import FakeHub, Reply
from tests.unit.llm.hub.support import CONTENT, FILE, REPOSITORY, Clock, events_of, fetched, files_in

SHA256 = hashlib.sha256(CONTENT).hexdigest()
TARGET = f"owner--tiny-GGUF/{FILE}"


@pytest.fixture
def fake() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        hub.add(REPOSITORY, {FILE: CONTENT, "README.md": b"# Tiny"})
        hub.tokens |= {"hf_good", "hf_stranger"}
        hub.allowed.add("hf_good")
        yield hub


def paused(fake: FakeHub, folder: Path, have: int = 1000) -> None:
    """Leave what a paused download leaves with `have` bytes."""
    cuts = iter([have])
    fake.cut_after = lambda: next(cuts, None)
    events = events_of(fake, folder)
    next(event for event in events if isinstance(event, DownloadProgressed))
    events.close()  # type: ignore[attr-defined]
    with (folder / f"{TARGET}.part").open("wb") as part:
        part.write(CONTENT[:have])
    fake.cut_after = lambda: None
    fake.requests.clear()


def test_a_file_arrives_whole_with_where_it_came_from(fake: FakeHub, tmp_path: Path) -> None:
    events = list(events_of(fake, tmp_path))
    arrived = events[-1]
    assert isinstance(arrived, ModelArrived)
    assert arrived.path.read_bytes() == CONTENT
    assert arrived.origin == Origin(REPOSITORY, FILE, fake.repositories[REPOSITORY].commit, SHA256)
    assert files_in(tmp_path) == [TARGET]
    assert isinstance(events[0], DownloadStarted)
    assert events[0].total == len(CONTENT)
    assert DownloadProgressed(FILE, len(CONTENT), len(CONTENT)) in events
    again = fetched(fake, tmp_path)
    assert (again.path, again.fetched) == (arrived.path, False)
    assert len(fake.asked("storage")) == 1


@pytest.mark.parametrize("redirect", ["absolute", "relative", "none"])
def test_the_token_goes_to_the_hub_and_nowhere_else(fake: FakeHub, tmp_path: Path, redirect: str) -> None:
    fake.redirect = redirect
    fake.repositories[REPOSITORY].gated = "auto"
    assert fetched(fake, tmp_path, token="hf_good").path.read_bytes() == CONTENT
    assert {asked.headers.get("authorization") for asked in fake.asked("hub")} == {"Bearer hf_good"}
    assert all("authorization" not in asked.headers for asked in fake.asked("storage"))
    assert {asked.headers["accept-encoding"] for asked in fake.requests} == {"identity"}
    assert all(asked.headers["user-agent"].startswith("chatbot-app/") for asked in fake.requests)


def test_it_is_resumed_at_every_tenth_byte(fake: FakeHub, tmp_path: Path) -> None:
    fake.cut_after = lambda: 10
    fetched(fake, tmp_path)
    ranges = [asked.headers.get("range") for asked in fake.asked("storage")]
    assert ranges == [None, *(f"bytes={start}-" for start in range(10, len(CONTENT), 10))]
    assert len({asked.headers.get("if-range") for asked in fake.asked("storage")[1:]}) == 1
    assert files_in(tmp_path) == [TARGET]


def test_a_pause_keeps_what_has_arrived_and_is_listed(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    (journal,) = unfinished(tmp_path)
    assert (journal.received, journal.total, is_running(journal)) == (1000, len(CONTENT), False)
    assert journal.id == download_id(Origin(REPOSITORY, FILE))
    events = list(events_of(fake, tmp_path))
    assert isinstance(events[0], DownloadStarted)
    assert events[0].received == 1000
    assert [asked.headers.get("range") for asked in fake.asked("storage")] == ["bytes=1000-"]
    assert files_in(tmp_path) == [TARGET]
    assert unfinished(tmp_path) == []


def test_a_hub_without_ranges_begins_anew(fake: FakeHub, tmp_path: Path) -> None:
    fake.has_ranges = False
    paused(fake, tmp_path)
    assert fetched(fake, tmp_path).path.read_bytes() == CONTENT
    assert len(fake.asked("storage")) == 1


@pytest.mark.parametrize("has_etags", [True, False])
def test_a_file_that_was_changed_since_is_begun_anew_and_that_is_said(
    fake: FakeHub, tmp_path: Path, has_etags: bool
) -> None:
    fake.has_etags = has_etags
    paused(fake, tmp_path)
    fake.commits.clear()  # its history was written anew
    fake.add(REPOSITORY, {FILE: CONTENT[::-1]})
    events = list(events_of(fake, tmp_path))
    assert [event.reason for event in events if isinstance(event, DownloadRestarted)]
    assert (tmp_path / TARGET).read_bytes() == CONTENT[::-1]
    assert files_in(tmp_path) == [TARGET]


def test_what_was_begun_gives_way_to_another_file_that_is_asked_for(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    new = fake.add(REPOSITORY, {FILE: CONTENT[::-1]})
    checksum = hashlib.sha256(CONTENT[::-1]).hexdigest()
    events = list(events_of(fake, tmp_path, revision=new.commit, sha256=checksum))
    assert [event for event in events if isinstance(event, DownloadRestarted)]
    assert (tmp_path / TARGET).read_bytes() == CONTENT[::-1]
    assert files_in(tmp_path) == [TARGET]


def test_what_is_under_way_stays_with_its_commit(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    fake.add(REPOSITORY, {FILE: CONTENT[::-1]})
    assert fetched(fake, tmp_path).path.read_bytes() == CONTENT


@pytest.mark.parametrize("changed", [CONTENT[::-1], CONTENT + b"more", CONTENT[:-1]])
@pytest.mark.parametrize(("says", "etags"), [(True, True), (False, True), (False, False)])
def test_a_file_that_changes_under_way_leaves_nothing(
    fake: FakeHub, tmp_path: Path, changed: bytes, says: bool, etags: bool
) -> None:
    fake.says_checksums, fake.has_etags = says, etags
    repository = fake.repositories[REPOSITORY]
    commit = repository.commit

    def cut() -> int | None:
        repository.files[FILE] = changed
        fake.commits[commit] = repository
        return 500 if len(fake.asked("storage")) == 1 else None

    fake.cut_after = cut
    with pytest.raises((DownloadChanged, DownloadWrong)) as caught:
        fetched(fake, tmp_path)
    assert "deleted" in caught.value.summary
    assert files_in(tmp_path) == []


def test_a_wrong_checksum_leaves_nothing(fake: FakeHub, tmp_path: Path) -> None:
    fake.says_checksums = False
    fake.repositories[REPOSITORY].checksums[FILE] = "0" * 64
    with pytest.raises(DownloadWrong, match="checksum"):
        fetched(fake, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_of_the_computer_damaged_is_fetched_again(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    (tmp_path / f"{TARGET}.part").write_bytes(bytes(1000))
    events = list(events_of(fake, tmp_path))
    assert [event for event in events if isinstance(event, DownloadRestarted)]
    assert (tmp_path / TARGET).read_bytes() == CONTENT


def test_another_file_than_the_list_expects_is_refused_before_a_byte(fake: FakeHub, tmp_path: Path) -> None:
    with pytest.raises(DownloadChanged):
        fetched(fake, tmp_path, sha256="0" * 64)
    assert fake.asked("storage") == []
    assert files_in(tmp_path) == []


def test_a_commit_that_is_gone_counts_as_long_as_the_checksum_does(fake: FakeHub, tmp_path: Path) -> None:
    gone = "1" * 40
    with pytest.raises(HubRevisionNotFound, match=gone):
        fetched(fake, tmp_path, revision=gone)
    assert fetched(fake, tmp_path, revision=gone, sha256=SHA256).path.is_file()


def test_a_small_file_in_git_is_checked_by_the_checksum_of_git(fake: FakeHub, tmp_path: Path) -> None:
    repository = fake.repositories[REPOSITORY]
    repository.in_git.add(FILE)
    assert fetched(fake, tmp_path, token="hf_good").origin.sha256 == SHA256
    (tmp_path / TARGET).unlink()
    repository.files = _Switching({FILE: CONTENT}, CONTENT[::-1])
    fake.commits[repository.commit] = repository
    with pytest.raises((DownloadWrong, DownloadChanged)):
        fetched(fake, tmp_path)
    assert files_in(tmp_path) == []


class _Switching(dict[str, bytes]):
    """Gives one content to who lists it, another to who fetches it."""

    def __init__(self, listed: dict[str, bytes], given: bytes) -> None:
        super().__init__(listed)
        self._given = given

    def get(self, key: str, default: object = None) -> bytes:  # type: ignore[override]
        return self._given


def test_a_size_that_the_hub_leaves_out_is_asked_for(fake: FakeHub, tmp_path: Path) -> None:
    fake.repositories[REPOSITORY].sizes[FILE] = "left out"
    assert fetched(fake, tmp_path).path.read_bytes() == CONTENT
    assert len(fake.asked("hub", "HEAD")) == 1


def test_a_split_model_arrives_as_a_whole(fake: FakeHub, tmp_path: Path) -> None:
    first, second = "Q8/m-Q8_0-00001-of-00002.gguf", "Q8/m-Q8_0-00002-of-00002.gguf"
    fake.add(REPOSITORY, {first: CONTENT, second: CONTENT[:700]})
    cuts = itertools.cycle([300, 900])
    fake.cut_after = lambda: next(cuts)
    arrived = fetched(fake, tmp_path, "q8_0")
    assert [path.name for path in arrived.paths] == [Path(first).name, Path(second).name]
    assert [path.read_bytes() for path in arrived.paths] == [CONTENT, CONTENT[:700]]
    assert len(files_in(tmp_path)) == 2
    fake.add(REPOSITORY, {first: CONTENT})
    with pytest.raises(HubFileIncomplete):
        fetched(fake, tmp_path / "other", first)


def test_files_with_the_same_name_get_a_number(fake: FakeHub, tmp_path: Path) -> None:
    fake.add(REPOSITORY, {f"a/{FILE}": CONTENT, f"b/{FILE}": CONTENT[::-1]})
    assert fetched(fake, tmp_path, f"a/{FILE}").path.name == FILE
    assert fetched(fake, tmp_path, f"b/{FILE}").path.name == "tiny-Q4_K_M (2).gguf"
    assert len(files_in(tmp_path)) == 2


def test_a_renamed_repository_is_followed(fake: FakeHub, tmp_path: Path) -> None:
    fake.renamed["old/name"] = REPOSITORY
    assert fetched(fake, tmp_path, repository="old/name").origin.repository == REPOSITORY


def test_two_at_once_download_once(fake: FakeHub, tmp_path: Path) -> None:
    first = events_of(fake, tmp_path)
    next(event for event in first if isinstance(event, DownloadProgressed))
    (journal,) = unfinished(tmp_path)
    assert is_running(journal)
    assert not discard(tmp_path, journal.id, lambda _: False)
    second = events_of(fake, tmp_path)
    assert next(second) == DownloadWaiting(FILE)
    list(first)
    assert [event.fetched for event in second if isinstance(event, ModelArrived)] == [False]
    assert len(fake.asked("storage")) == 1


def test_a_cancelled_download_leaves_nothing(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    (journal,) = unfinished(tmp_path)
    assert discard(tmp_path, journal.id, lambda _: False)
    assert list(tmp_path.iterdir()) == []


def test_what_the_list_did_not_take_is_still_under_way(fake: FakeHub, tmp_path: Path) -> None:
    events = events_of(fake, tmp_path)
    next(event for event in events if isinstance(event, ModelArrived))
    events.close()  # type: ignore[attr-defined]  # the store was full, say
    (journal,) = unfinished(tmp_path)
    assert journal.received == journal.total
    fake.requests.clear()
    assert fetched(fake, tmp_path).path.read_bytes() == CONTENT
    assert fake.asked("storage") == []
    assert files_in(tmp_path) == [TARGET]


# --- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "error", "step"),
    [
        ("", HubGated, "enter a token"),
        ("hf_stranger", HubGated, "the account of your token"),
        ("hf_unknown", HubTokenRejected, "Make a new one"),
    ],
)
def test_a_gated_repository_says_what_to_do(
    fake: FakeHub, tmp_path: Path, token: str, error: type[AppError], step: str
) -> None:
    fake.repositories[REPOSITORY].gated = "manual"
    with pytest.raises(error) as caught:
        fetched(fake, tmp_path, token=token)
    assert step in caught.value.next_step
    assert "hf_" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_file_names_some_that_are_there(fake: FakeHub, tmp_path: Path) -> None:
    with pytest.raises(HubFileNotFound, match="Q9") as caught:
        fetched(fake, tmp_path, "tiny-Q9.gguf")
    assert FILE in caught.value.next_step


def test_a_pause_that_the_hub_asks_for_is_kept(fake: FakeHub, tmp_path: Path) -> None:
    fake.next_of_hub = [Reply(429, {"Retry-After": "7"})]
    clock = Clock()
    events = list(events_of(fake, tmp_path, clock=clock))
    held = [event for event in events if isinstance(event, DownloadHeldUp)]
    assert held[0].seconds == pytest.approx(7, abs=0.1)
    assert "pause" in held[0].reason
    assert 6.9 < clock.slept < 7.5


def test_a_limit_of_the_hub_that_is_long_is_told(fake: FakeHub, tmp_path: Path) -> None:
    headers = {"RateLimit": '"api";r=0;t=900', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
    fake.next_of_hub = [Reply(429, headers)]
    clock = Clock()
    with pytest.raises(HubBusy, match="900 s"):
        list(events_of(fake, tmp_path, clock=clock))
    assert clock.slept == 0


def test_errors_of_hub_and_storage_are_waited_out(fake: FakeHub, tmp_path: Path) -> None:
    fake.next_of_hub = [Reply(503), Reply(500, {}, b"[1]")]
    fake.next_of_storage = [Reply(403, {}, b"<Error>expired</Error>"), Reply(502)]
    assert fetched(fake, tmp_path).path.read_bytes() == CONTENT


def test_a_storage_that_never_answers_well_is_named(fake: FakeHub, tmp_path: Path) -> None:
    fake.next_of_storage = [Reply(500)] * 20
    with pytest.raises(HubBroken, match=r"127\.0\.0\.1 has a problem of its own \(status 500\)"):
        fetched(fake, tmp_path)
    assert files_in(tmp_path) == []


def test_a_connection_that_breaks_too_often_keeps_what_came(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    fake.cut_after = lambda: 0
    with pytest.raises(DownloadInterrupted) as caught:
        fetched(fake, tmp_path)
    assert "goes on where it ended" in caught.value.next_step
    (journal,) = unfinished(tmp_path)
    assert journal.received == 1000


def test_a_login_page_in_between_is_no_model(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    page = Reply(200, {"Content-Type": "text/html"}, b"<html>Welcome to our network")
    fake.next_of_storage = [page]
    with pytest.raises(HubAnswersOddly, match="page"):
        fetched(fake, tmp_path)
    fake.next_of_hub = [page]
    with pytest.raises(HubAnswersOddly):
        fetched(fake, tmp_path)
    assert fetched(fake, tmp_path).path.read_bytes() == CONTENT


@pytest.mark.parametrize("reply", [Reply(302), Reply(304), Reply(300)])
def test_a_way_to_nowhere_is_said_and_keeps_what_came(fake: FakeHub, tmp_path: Path, reply: Reply) -> None:
    paused(fake, tmp_path)
    fake.next_of_storage = [reply]
    with pytest.raises(HubAnswersOddly, match=str(reply.status)):
        fetched(fake, tmp_path)
    assert unfinished(tmp_path)[0].received == 1000


@pytest.mark.parametrize(
    "reply",
    [
        Reply(204),
        Reply(206, {"Content-Range": "bytes 0-9/2048"}, b"x" * 10),
        Reply(206, {"Content-Range": "nonsense"}, b"x" * 10),
        Reply(416),
    ],
)
def test_an_odd_answer_to_a_range_destroys_nothing(fake: FakeHub, tmp_path: Path, reply: Reply) -> None:
    paused(fake, tmp_path)
    fake.next_of_storage = [reply]
    assert fetched(fake, tmp_path).path.read_bytes() == CONTENT


@pytest.mark.parametrize("length", [10, len(CONTENT) + 10, 1 << 62])
def test_a_wrong_length_is_said(fake: FakeHub, tmp_path: Path, length: int) -> None:
    fake.length_told = length
    with pytest.raises(DownloadChanged):
        fetched(fake, tmp_path)
    assert files_in(tmp_path) == []


def test_a_circle_of_redirects_ends(fake: FakeHub, tmp_path: Path) -> None:
    info = list(events_of(fake, tmp_path / "first"))
    assert info
    around = Reply(302, {"Location": f"{fake.address}/around"})
    fake.repositories[REPOSITORY].files = {FILE: CONTENT}

    class Endless(list[Reply]):
        def pop(self, index: object = 0) -> Reply:  # type: ignore[override]
            return around

    events = events_of(fake, tmp_path)
    for event in events:
        if isinstance(event, DownloadStarted):
            fake.next_of_hub = Endless([around])
            break
    with pytest.raises(HubAnswersOddly):
        list(events)


# --- the disk ------------------------------------------------------------------------------------------------


def test_space_is_looked_for_before(fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 0, 2000))
    with pytest.raises(DownloadNeedsSpace, match="needed"):
        fetched(fake, tmp_path)
    assert fake.asked("storage") == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full needs Linux")
def test_a_disk_that_becomes_full_is_left_as_it_was(fake: FakeHub, tmp_path: Path) -> None:
    events = events_of(fake, tmp_path)
    next(events)
    (tmp_path / f"{TARGET}.part").symlink_to("/dev/full")
    with pytest.raises(DownloadDiskFull, match="full"):
        list(events)
    assert files_in(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_named(fake: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(DownloadFolderUnusable, match="in the way"):
        fetched(fake, tmp_path / "in the way")


def test_what_lies_where_nothing_can_be_written_is_listed(fake: FakeHub, tmp_path: Path) -> None:
    paused(fake, tmp_path)
    (tmp_path / f"{TARGET}.lock").unlink(missing_ok=True)
    (tmp_path / f"{TARGET}.lock").mkdir()  # cannot be opened
    (journal,) = unfinished(tmp_path)
    assert not is_running(journal)
    with pytest.raises(DownloadFolderUnusable):
        fetched(fake, tmp_path)


def test_a_file_that_is_too_large_for_the_disk_leaves_nothing(
    fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[int]:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))

    monkeypatch.setattr("chatbot_app.llm.hub.transfer.receive", refuse)
    with pytest.raises(DownloadFolderUnusable, match="no file of this size"):
        fetched(fake, tmp_path)
    assert files_in(tmp_path) == []
