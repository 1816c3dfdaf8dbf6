"""Programs started from the packaged one load the system's libraries."""

from __future__ import annotations

from chatbot_app.core.frozen import is_frozen, restore_library_path


def test_a_checkout_is_not_frozen() -> None:
    assert not is_frozen()


def test_the_persons_own_library_path_comes_back() -> None:
    environment = {
        "LD_LIBRARY_PATH": "/program/_internal",
        "LD_LIBRARY_PATH_ORIG": "/opt/cuda/lib",
        "HOME": "/h",
    }
    restore_library_path(environment)
    assert environment["LD_LIBRARY_PATH"] == "/opt/cuda/lib"
    assert environment["HOME"] == "/h"


def test_without_one_the_variable_goes() -> None:
    environment = {"LD_LIBRARY_PATH": "/program/_internal"}
    restore_library_path(environment)
    assert environment == {}
