"""Connections to a hub, for `huggingface_hub` and for downloads: ours, with our limits.

The library makes clients of its own that wait without an end, follow where they are sent and try again for minutes;
`set_client_factory` gives it ours instead. What it cannot do otherwise is put right by the hooks here: nothing is sent
to another host than the hub's with a token, every request has a time, an error is raised before the library sleeps
and tries again, and its user agent (for which it would ask the hub what programs it is run by) is replaced by ours.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx2

from chatbot_app.core.hub_errors import HubRedirectRefused
from chatbot_app.llm.body_limits import MOST_BYTES, MOST_SECONDS
from chatbot_app.llm.hub.addresses import host_of

LISTING_SECONDS = 60.0  # for a whole answer that is no file
LISTING_BYTES = 4 * 1024 * 1024  # of it: chat templates are told with what a search finds
_LETHAL = 400
_RANGE_REFUSED = 416  # the receiver begins anew


class ConnectionFailed(Exception):
    """A request of the library got no answer, by `error`. It is none that the library tries again."""

    def __init__(self, error: httpx2.TransportError) -> None:
        super().__init__(str(error))
        self.error = error


class LibraryClient(httpx2.Client):
    """A client that `huggingface_hub` may have: it asks once."""

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request. Raises ConnectionFailed where httpx2 raises a TransportError."""
        try:
            return super().send(request, **options)
        except httpx2.TransportError as exc:
            raise ConnectionFailed(exc) from exc


class HubHooks:
    """What is done with every request to a hub, redirected ones too, and with every answer."""

    def __init__(self, endpoint: str, user_agent: str, seconds: float, *, for_library: bool) -> None:
        self._endpoint = endpoint
        self._origin = origin_of(endpoint)
        self._user_agent = user_agent
        self._timeout = httpx2.Timeout(seconds)
        self._for_library = for_library

    def prepare(self, request: httpx2.Request) -> None:
        """Take the token from what goes elsewhere. Raises HubRedirectRefused for a way that is not encrypted."""
        if origin_of(str(request.url)) != self._origin:
            request.headers.pop("authorization", None)
            if self._origin[0] == "https" and request.url.scheme != "https":
                target = f"{request.url.scheme}://{request.url.host}"
                raise HubRedirectRefused(hub=host_of(self._endpoint), target=target)
        request.headers["user-agent"] = self._user_agent
        request.headers["accept-encoding"] = "identity"
        own: dict[str, Any] = {"timeout": self._timeout.as_dict()}
        if self._for_library:
            own |= {MOST_SECONDS: LISTING_SECONDS, MOST_BYTES: LISTING_BYTES}
        request.extensions = {**request.extensions, **own}

    def refuse(self, response: httpx2.Response) -> None:
        """Raise the library's own error for a status that is none of a success."""
        if response.status_code < _LETHAL or response.status_code == _RANGE_REFUSED:
            return
        from huggingface_hub.errors import HfHubHTTPError
        from huggingface_hub.utils import hf_raise_for_status

        try:
            hf_raise_for_status(response)
        except HfHubHTTPError:
            raise
        except (AttributeError, TypeError, ValueError, RecursionError, httpx2.HTTPError):
            # Its text was to be found in a body that is not made as the library expects.
            raise HfHubHTTPError(f"status {response.status_code}", response=response) from None


def origin_of(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address; the usual port stands for none."""
    split = urlsplit(address)
    port = split.port or {"http": 80, "https": 443}.get(split.scheme)
    return split.scheme, (split.hostname or "").lower(), port
