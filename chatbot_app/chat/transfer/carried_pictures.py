"""Pictures that lie beside a conversation in its archive or folder: only what is one, by its bytes, comes along."""

from __future__ import annotations

from chatbot_app.chat.transfer.reading_limits import Reading
from chatbot_app.core.carried import CarriedPicture
from chatbot_app.core.pictures import HEAD_BYTES, MOST_BYTES, MOST_PIXELS, facts_of

NOT_BESIDE = "Pictures are not in the files: their names stand in the text."
NO_PICTURES = "Pictures are damaged, or neither PNG, JPEG, GIF nor WebP: their names stand in the text."
TOO_LARGE = (
    f"Pictures are larger than {MOST_BYTES // 1024**2} MB or {MOST_PIXELS // 10**6} megapixels:"
    " their names stand in the text."
)


def picture_beside(reading: Reading, key: str, name: str) -> CarriedPicture | str:
    """Return the picture whose file name holds `key`, or why it does not come along."""
    file = reading.pictures.get(key)
    read = reading.beside.read
    head = read(file, HEAD_BYTES) if file is not None else None
    if file is None or head is None:
        return NOT_BESIDE
    facts = facts_of(head)
    if facts is None:
        return NO_PICTURES
    if facts.is_too_large:
        return TOO_LARGE
    if len(head) == HEAD_BYTES and len(read(file, MOST_BYTES + 1) or b"") > MOST_BYTES:
        return TOO_LARGE
    member = file
    return CarriedPicture(name, lambda: read(member, MOST_BYTES + 1))
