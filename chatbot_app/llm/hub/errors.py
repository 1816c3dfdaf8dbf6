"""What a hub says when it does not give what was asked for, in our own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx2

from chatbot_app.core.hub_errors import (
    HubAnswersOddly,
    HubBroken,
    HubBusy,
    HubError,
    HubFileNotFound,
    HubForbidden,
    HubGated,
    HubNotFound,
    HubRevisionNotFound,
    HubTokenRejected,
    HubUnreachable,
)
from chatbot_app.llm.body_limits import ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.hub.addresses import host_of
from chatbot_app.llm.hub.client import ConnectionFailed, origin_of
from chatbot_app.llm.pauses import retry_after

if TYPE_CHECKING:
    from huggingface_hub.errors import HfHubHTTPError

_NO_SERVER_ERROR = 500


class Asked:
    """What was asked of which hub: errors are about it."""

    def __init__(
        self,
        endpoint: str,
        repository: str = "",
        revision: str = "",
        file: str = "",
        *,
        has_token: bool = False,
    ) -> None:
        self.hub = host_of(endpoint)
        self._origin = origin_of(endpoint)
        self.repository = repository
        self.revision = revision
        self.file = file
        self.has_token = has_token
        self.page = f"{endpoint}/{repository}" if repository else endpoint
        self.tokens = f"{endpoint}/settings/tokens"

    def status_error(self, error: HfHubHTTPError) -> HubError:
        """Return our error for an answer that is no success."""
        from huggingface_hub.errors import (
            DisabledRepoError,
            GatedRepoError,
            RemoteEntryNotFoundError,
            RepositoryNotFoundError,
            RevisionNotFoundError,
        )

        about = {"hub": self.hub, "repository": self.repository, "page": self.page, "tokens": self.tokens}
        status = error.response.status_code
        if origin_of(str(error.response.url)) != self._origin:
            # The storage that the hub sends to knows no repositories.
            return HubBroken(**about, host=error.response.url.host, status=status)
        match error:
            case GatedRepoError():
                return HubGated(**about, has_token=self.has_token)
            case RevisionNotFoundError():
                return HubRevisionNotFound(**about, revision=self.revision)
            case RemoteEntryNotFoundError():
                return HubFileNotFound(**about, file=self.file)
            case DisabledRepoError():
                return HubForbidden(**about)
            case RepositoryNotFoundError() if not self.has_token or "x-error-code" in error.response.headers:
                return HubNotFound(**about)
        return self._by_status(error, about)

    def _by_status(self, error: HfHubHTTPError, about: dict[str, str]) -> HubError:
        status = error.response.status_code
        if status == 401:
            if self.has_token:
                return HubTokenRejected(**about)
            return HubNotFound(**about) if self.repository else HubForbidden(**about)
        if status == 403:
            return HubForbidden(**about)
        if status == 404 and self.repository:
            return HubFileNotFound(**about, file=self.file) if self.file else HubNotFound(**about)
        if status == 429:
            seconds = _pause(error.response)
            return HubBusy(**about, seconds=seconds, pause=f" of {seconds:.0f} s" if seconds else "")
        if status >= _NO_SERVER_ERROR or status == 408:
            return HubBroken(**about, host=self.hub, status=status)
        return HubAnswersOddly(**about, detail=f" (status {status})")

    @contextmanager
    def in_our_errors(self) -> Iterator[None]:
        """Turn what a request of the library raises, and what an answer that it cannot read does, into a HubError."""
        from huggingface_hub.errors import HfHubHTTPError

        try:
            yield
        except HfHubHTTPError as exc:
            raise self.status_error(exc) from exc
        except ConnectionFailed as exc:
            raise self.unreachable(exc.error) from exc
        except httpx2.TransportError as exc:
            raise self.unreachable(exc) from exc
        except (ReplyTooLarge, ReplyCompressed) as exc:
            raise HubAnswersOddly(hub=self.hub, detail=", or with more than is read of it") from exc
        except (httpx2.TooManyRedirects, httpx2.InvalidURL) as exc:
            raise HubAnswersOddly(
                hub=self.hub, detail=": it only sends from one address to the next"
            ) from exc
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, httpx2.HTTPError) as exc:
            raise HubAnswersOddly(hub=self.hub) from exc

    def unreachable(self, error: httpx2.TransportError) -> HubUnreachable:
        """Return our error for a connection that failed."""
        return HubUnreachable(hub=self.hub, detail=in_words(error))


def in_words(error: httpx2.TransportError) -> str:
    """Return what failed about a connection, as a sentence."""
    match error:
        case httpx2.ConnectTimeout() | httpx2.ReadTimeout() | httpx2.WriteTimeout() | httpx2.PoolTimeout():
            return "It did not answer in time."
        case httpx2.ProxyError():
            return "The proxy refused."
        case httpx2.ConnectError() if "certificate" in str(error).lower():
            return "Its certificate is not trusted on this computer."
        case httpx2.ConnectError():
            return "There is no connection to it."
        case _:
            return "The connection broke."


def _pause(answer: httpx2.Response) -> float | None:
    """Return the seconds that the hub asks to wait: by the draft for RateLimit headers, or by Retry-After."""
    from huggingface_hub.utils import parse_ratelimit_headers

    said = parse_ratelimit_headers(answer.headers)
    if said is not None and said.remaining == 0:
        return float(said.reset_in_seconds)
    return retry_after(answer.headers, datetime.now(UTC))
