"""Pictures that are named on the command line: read and made ready by the library of the window, without a window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatbot_app.chat.picture_courier import EncodedPicture
from chatbot_app.core.ids import new_id
from chatbot_app.core.picture_errors import PictureUnusable
from chatbot_app.core.pictures import MOST_BYTES_OF_A_MESSAGE, MOST_OF_A_MESSAGE, Picture


def read_pictures(paths: Sequence[Path]) -> tuple[Picture, ...]:
    """Return the pictures in files. Raises PictureUnusable."""
    if not paths:
        return ()
    # Qt takes a third of a second to import, which a question without pictures need not wait for.
    from chatbot_app.ui.picture_reading import read_picture_file

    if len(paths) > MOST_OF_A_MESSAGE:
        detail = f"at most {MOST_OF_A_MESSAGE} go with one message."
        raise PictureUnusable(name=paths[MOST_OF_A_MESSAGE].name, detail=detail)
    pictures = tuple(read_picture_file(path, new_id).picture for path in paths)
    if sum(len(one.data) for one in pictures) > MOST_BYTES_OF_A_MESSAGE:
        detail = f"the pictures of a message have at most {MOST_BYTES_OF_A_MESSAGE // 2**20} MB together."
        raise PictureUnusable(name=pictures[-1].name, detail=detail)
    return pictures


def encode_picture(data: bytes) -> EncodedPicture | None:
    """Return a picture as it is sent (`ui.picture_encoding.encoded`)."""
    from chatbot_app.ui.picture_encoding import encoded

    return encoded(data)
