"""Receives one file over HTTP into a part that outlives a crash, and goes on where the part ends.

`huggingface_hub` and pip download files as well, but neither lets its caller watch, pause or limit one (the first
keeps partial files under names of its own, tells progress to a bar, and waits for minutes between tries).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from chatbot_app.llm.body_limits import MOST_BYTES

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_SPARE_BYTES = 1 << 18  # that may come beyond the size before the connection is closed
_RANGE = re.compile(r"bytes (\d{1,19})-\d{1,19}/(\d{1,19}|\*)")
_STRONG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]{1,200}"')  # RFC 9110, 8.8.3: no W/ in front


class LengthDiffers(Exception):
    """The server's file has another size than the one that is wanted."""


def receive(
    client: httpx2.Client,
    address: str,
    part: Path,
    size: int,
    *,
    headers: Mapping[str, str] | None = None,
    validator: str = "",
    answered: Callable[[httpx2.Response], None] | None = None,
) -> Iterator[int]:
    """Append to `part` what it lacks of `size` bytes; yield how many it has after each packet.

    `validator` is the strong ETag of what the part has: where the server has something else by now it sends the
    whole file, and the part begins anew; so it does where the server knows no ranges. `answered` sees the answer
    before anything of its body is written and may refuse it by raising. What has arrived stays, however it ends.

    Raises:
        LengthDiffers: the file there is longer or shorter; nothing was written.
        httpx2.HTTPStatusError, httpx2.TransportError, ReplyTooLarge, ReplyCompressed: as reading raises them; a body
            that ends early is a TransportError as well.
        OSError: the disk is full, or the part cannot be written.
    """
    have = part.stat().st_size if part.is_file() else 0
    if have > size:
        part.unlink()
        have = 0
    if have == size and size:
        yield have
        return
    with _asked(client, address, have, size, headers or {}, validator) as (answer, start):
        if answered is not None:
            answered(answer)
        announced = answer.headers.get("content-length", "")
        if announced.isdigit() and int(announced) != size - start:
            raise LengthDiffers(f"{start + int(announced)} bytes instead of {size}")
        have = start
        with part.open("ab" if start else "wb") as stream:
            yield have
            for block in answer.iter_raw():  # a block size would hold back what arrived before a break
                if have + len(block) > size:
                    raise LengthDiffers(f"more than {size} bytes")
                stream.write(block)
                have += len(block)
                yield have
    if have < size:
        raise httpx2.RemoteProtocolError("the body ended early")


def strong_etag(answer: httpx2.Response) -> str:
    """Return the ETag of an answer where it stands for the very bytes, else ""."""
    tag: str = answer.headers.get("etag", "")
    return tag if _STRONG.fullmatch(tag) else ""


@contextlib.contextmanager
def _asked(
    client: httpx2.Client, address: str, have: int, size: int, headers: Mapping[str, str], validator: str
) -> Iterator[tuple[httpx2.Response, int]]:
    """Give the answer, and where in the file its body starts."""
    limit = {MOST_BYTES: size + _SPARE_BYTES}

    def ask(more: Mapping[str, str]) -> AbstractContextManager[httpx2.Response]:
        return client.stream("GET", address, headers={**headers, **more}, extensions=limit)

    if have:
        ranged = {"Range": f"bytes={have}-"} | ({"If-Range": validator} if validator else {})
        with ask(ranged) as answer:
            if answer.status_code == 206:
                match = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
                if match is not None and match[2] not in ("*", str(size)):
                    raise LengthDiffers(f"{match[2]} bytes instead of {size}")
                if match is not None and int(match[1]) == have:
                    yield answer, have
                    return
            elif answer.status_code != 416:
                yield _whole(answer), 0
                return
    # Nothing is here yet, or the server has another idea of what a range is.
    with ask({}) as answer:
        yield _whole(answer), 0


def _whole(answer: httpx2.Response) -> httpx2.Response:
    answer.raise_for_status()
    if answer.status_code != 200:
        raise httpx2.RemoteProtocolError(f"status {answer.status_code} for a whole file")
    return answer
