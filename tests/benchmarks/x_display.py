"""An X server of the benchmark's own and what can be seen on it from outside: has a window been painted?"""

from __future__ import annotations

import ctypes
import subprocess
import time
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

_VIEWABLE = 2  # X.h: IsViewable
_Z_PIXMAP = 2
_SMALLEST = 200  # pixels: a window of the program, not a helper of Qt's
_LOOK_SECONDS = 0.002


class _Attributes(ctypes.Structure):
    _fields_ = (
        [(name, c_int) for name in ("x", "y", "width", "height", "border", "depth")]
        + [("visual", c_void_p), ("root", c_ulong)]
        + [(name, c_int) for name in ("kind", "bit_gravity", "win_gravity", "backing_store")]
        + [("planes", c_ulong), ("pixel", c_ulong), ("save_under", c_int), ("colormap", c_ulong)]
        + [("map_installed", c_int), ("map_state", c_int), ("rest", c_long * 8)]
    )


class Display:
    """The eyes: one connection to an X server."""

    def __init__(self, name: str) -> None:
        self._x = x = ctypes.CDLL("libX11.so.6")
        for function, result in (
            ("XOpenDisplay", c_void_p),
            ("XDefaultRootWindow", c_ulong),
            ("XGetImage", c_void_p),
            ("XGetPixel", c_ulong),
        ):
            getattr(x, function).restype = result
        # A window may vanish between two questions: that is no reason to end the process.
        self._handler = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)(lambda _display, _error: 0)
        x.XSetErrorHandler(self._handler)
        self._display = c_void_p(x.XOpenDisplay(c_char_p(name.encode())))
        assert self._display, f"no X server at {name}"
        self._root = c_ulong(x.XDefaultRootWindow(self._display))

    def close(self) -> None:
        """End the connection."""
        self._x.XCloseDisplay(self._display)

    def wait_until_usable(self, process: subprocess.Popen[bytes], colours: int) -> int:
        """Return the window when it is shown and at least `colours` colours are painted.

        Qt paints when its event loop has answered the server's first expose event.
        """
        window = 0
        while not (window and self._painted(window) >= colours):
            assert process.poll() is None, f"it ended with {process.returncode}"
            window = window or self._find_window()
            time.sleep(_LOOK_SECONDS)
        return window

    def wait_until_it_has_text(self, process: subprocess.Popen[bytes], window: int, colour: int) -> None:
        """Return when a button in the lowest quarter is filled with `colour`: Send, as soon as something is written."""
        while not self._is_filled(window, colour):
            assert process.poll() is None, f"it ended with {process.returncode}"
            time.sleep(_LOOK_SECONDS)

    def _attributes(self, window: int) -> _Attributes:
        found = _Attributes()
        self._x.XGetWindowAttributes(self._display, c_ulong(window), byref(found))
        return found

    def _find_window(self) -> int:
        root, parent, count = c_ulong(), c_ulong(), c_uint()
        children = POINTER(c_ulong)()
        self._x.XQueryTree(
            self._display, self._root, byref(root), byref(parent), byref(children), byref(count)
        )
        windows = [children[i] for i in range(count.value)]
        if windows:
            self._x.XFree(children)
        for window in windows:
            seen = self._attributes(window)
            if seen.map_state == _VIEWABLE and min(seen.width, seen.height) >= _SMALLEST:
                return window
        return 0

    def _is_filled(self, window: int, colour: int) -> bool:
        """Say whether `colour` fills a square of some pixels, which neither letters nor frames do."""
        seen = self._attributes(window)
        top = seen.height * 3 // 4
        image = self._x.XGetImage(
            self._display, c_ulong(window), c_int(0), c_int(top), c_uint(seen.width),
            c_uint(seen.height - top), c_ulong(0xFFFFFF), c_int(_Z_PIXMAP),
        )  # fmt: skip
        if not image:
            return False
        try:
            return any(
                all(
                    self._x.XGetPixel(c_void_p(image), c_int(x + right), c_int(y + down)) == colour
                    for right, down in ((0, 0), (4, 0), (0, 4), (4, 4))
                )
                for x in range(0, seen.width - 4, 6)
                for y in range(0, seen.height - top - 4, 6)
            )
        finally:
            self._x.XDestroyImage(c_void_p(image))

    def _painted(self, window: int) -> int:
        """Return how many colours stand on a grid over the window; 1 where nothing is painted."""
        seen = self._attributes(window)
        image = self._x.XGetImage(
            self._display, c_ulong(window), c_int(0), c_int(0), c_uint(seen.width), c_uint(seen.height),
            c_ulong(0xFFFFFF), c_int(_Z_PIXMAP),
        )  # fmt: skip
        if not image:
            return 0
        try:
            return len(
                {
                    self._x.XGetPixel(c_void_p(image), c_int(x), c_int(y))
                    for x in range(0, seen.width, 23)
                    for y in range(0, seen.height, 23)
                }
                - {0}
            )
        finally:
            self._x.XDestroyImage(c_void_p(image))
