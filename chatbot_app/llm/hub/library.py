"""`huggingface_hub`, imported when somebody asks for something, and told to be quiet."""

from __future__ import annotations

import functools
import os
import threading
from typing import TYPE_CHECKING
from urllib.request import getproxies

from chatbot_app.core.hub_errors import HubAddressUnusable, HubTurnedOff
from chatbot_app.core.text import first_words
from chatbot_app.llm.http import open_hub_client
from chatbot_app.llm.hub.addresses import host_of

if TYPE_CHECKING:
    from huggingface_hub import HfApi

SECONDS = 20.0  # to connect, and between two packets
_NUMBERS = ("HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT")  # read by the library when it is imported

_lock = threading.Lock()
_shared: list[object] = []  # what the library's one client was made for


def library_at(endpoint: str) -> HfApi:
    """Return the library's interface to the hub at `endpoint`, with our client in it.

    Raises HubTurnedOff where the person forbade all contact, HubAddressUnusable, ProxyUnusable.
    """
    api = _import()
    from huggingface_hub import is_offline_mode, set_client_factory

    if is_offline_mode():
        raise HubTurnedOff(hub=host_of(endpoint))
    made_for = [endpoint, sorted(getproxies().items()), os.environ.get("SSL_CERT_FILE")]
    with _lock:
        if made_for != _shared:
            # One for all: it is made at the first request, keeps no connection, and is closed with the program.
            set_client_factory(functools.partial(open_hub_client, endpoint, SECONDS, for_library=True))
            _shared[:] = made_for
    return api(endpoint=endpoint, token=False)


def _import() -> type[HfApi]:
    # It tells the hub by which programs it is run, and asks it for a list of these, unless this is said before.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    for name in _NUMBERS:
        said = os.environ.get(name, "")
        if said and not said.isdigit():
            raise HubAddressUnusable(variable=name, address=first_words(said, 40))
    from huggingface_hub import HfApi
    from huggingface_hub.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # its warnings are a stranger's text, on the terminal
    return HfApi
