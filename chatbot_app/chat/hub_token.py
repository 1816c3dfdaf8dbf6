"""The person's token for a model hub, where keys are kept."""

from __future__ import annotations

from chatbot_app.llm.hub.hub import TOKEN_ID
from chatbot_app.llm.keys import KeyPlace, KeyState, KeyStore
from chatbot_app.llm.servers import check_key


class HubToken:
    """Kept like the key of a server: in the keychain, else for the session, else in a file if the person says so."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def state(self) -> KeyState:
        """Return where it is; asks the keychain."""
        return self._keys.state_of(TOKEN_ID)

    def keep(self, text: str, where: KeyPlace = KeyPlace.KEYCHAIN) -> KeyPlace:
        """Keep a token and return where it really is; "" forgets it.

        Raises KeyInvalid, whose text never quotes it, and StoreError.
        """
        token = check_key(text)
        if token:
            return self._keys.set(TOKEN_ID, token, where=where)
        self._keys.delete(TOKEN_ID)
        return where
