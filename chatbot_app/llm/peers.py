"""Who is at the other end of a local connection, as the operating system knows it."""

from __future__ import annotations

import os
import socket
import struct
import sys

_SOL_LOCAL, _LOCAL_PEERCRED = 0, 1  # sys/un.h of macOS


def peer_is_this_user(descriptor: int) -> bool:
    """Whether the process at the other end of a connected socket runs as this user.

    On Windows the name of the pipe, which stands in the data folder alone, has to do.
    """
    if os.name == "nt":
        return True
    try:
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            if sys.platform == "darwin":
                credentials = connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, 76)
                user = struct.unpack_from("II", credentials)[1]
            else:
                credentials = connection.getsockopt(
                    socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
                )
                user = struct.unpack("3i", credentials)[1]
    except (OSError, AttributeError, struct.error):
        return False
    return bool(user == os.getuid())
