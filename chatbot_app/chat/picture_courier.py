"""Pictures on their way to a model: read from the store, made ready away from the loop, and kept for the next question."""

from __future__ import annotations

import asyncio
import base64
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chatbot_app.core.ordered_calls import OrderedCalls
from chatbot_app.core.prompt_plan import PicturePlace, PromptPlan
from chatbot_app.storage.message_pictures import PictureStore

MOST_KEPT = (
    64 * 1024 * 1024
)  # characters of addresses: a conversation's pictures are sent with every question

UNREADABLE = "it is damaged or gone"
_UNPREPARED = "this program was started without what makes pictures ready"


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture as it is sent: PNG or JPEG, at most `core.sight.SENT_SIDE` pixels wide and high, nothing but pixels."""

    media_type: str
    data: bytes

    @property
    def address(self) -> str:
        """The address of data (RFC 2397) that stands for it in a request."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"


EncodePicture = Callable[[bytes], EncodedPicture | None]
"""Makes a picture ready to be sent, None where it cannot be read; called in any thread."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A plan with everything that is sent for it; what could not be read is no longer in it."""

    plan: PromptPlan
    addresses: Mapping[PicturePlace, str]


class PictureCourier:
    """Belongs to one asyncio loop."""

    def __init__(self, store: PictureStore, calls: OrderedCalls, encode: EncodePicture | None) -> None:
        self._store = store
        self._calls = calls
        self._encode = encode
        self._ready: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._weight = 0

    async def pack(self, plan: PromptPlan) -> Packed:
        """Return a plan with the bytes of its pictures. Raises StoreError."""
        addresses: dict[PicturePlace, str] = {}
        missing: dict[PicturePlace, str] = {}
        for place in plan.sent_pictures():
            if self._encode is None:
                missing[place] = _UNPREPARED
                continue
            address = await self._address(place[0] or "", place[1], self._encode)
            if address is None:
                missing[place] = UNREADABLE
            else:
                addresses[place] = address
        return Packed(plan.without_pictures(missing) if missing else plan, addresses)

    async def _address(self, message_id: str, ordinal: int, encode: EncodePicture) -> str | None:
        # The pictures of a message never change: to edit it is to ask another beside it.
        known = self._ready.get((message_id, ordinal))
        if known is not None:
            self._ready.move_to_end((message_id, ordinal))
            return known
        data = await self._calls.call(self._store.picture, message_id, ordinal)
        encoded = await asyncio.to_thread(encode, data) if data is not None else None
        if encoded is None:
            return None
        address = await asyncio.to_thread(lambda: encoded.address)
        self._ready[message_id, ordinal] = address
        self._weight += len(address)
        while self._weight > MOST_KEPT and len(self._ready) > 1:
            self._weight -= len(self._ready.popitem(last=False)[1])
        return address
