"""What a child process gets of the environment: what it needs to run, and nothing that could be a secret.

Children read what strangers wrote (documents, model files). Whoever takes one over finds no key in it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import chatbot_app
from chatbot_app.core.frozen import is_frozen, restore_library_path

_NEEDED = frozenset(
    # programs and libraries are found
    "PATH PATHEXT LD_LIBRARY_PATH LIBPATH DYLD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH DYLD_FRAMEWORK_PATH"
    # Python runs, and a bundle knows where it was unpacked
    " PYTHONPATH PYTHONHOME PYTHONUTF8 PYTHONIOENCODING PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX"
    " __PYVENV_LAUNCHER__ _MEIPASS2"
    # folders; Windows starts no program without the first ones
    " SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC TEMP TMP TMPDIR HOME USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA"
    " XDG_CACHE_HOME XDG_DATA_HOME"
    # languages, times, cores
    " LANG LANGUAGE TZ NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE"
    # how Tesseract finds its languages, onnxruntime stays silent, memory is parted
    " TESSDATA_PREFIX ORT_DISABLE_TELEMETRY MALLOC_ARENA_MAX".split()
)
# Languages, threads, PyInstaller's own, and which graphics card llama.cpp uses and how.
_NEEDED_FAMILIES = (
    "LC_",
    "OMP_",
    "_PYI_",
    "GGML_",
    "CUDA_",
    "NVIDIA_",
    "VK_",
    "HIP_",
    "HSA_",
    "ROCR_",
    "SYCL_",
    "ZES_",
)
_SECRETIVE = ("KEY", "TOKEN", "SECRET", "PASS", "CREDENTIAL", "AUTH", "PROXY")  # NVIDIA_API_KEY


def child_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what of `environment` (this process's own) a child needs, and such that this package is found."""
    environment = os.environ if environment is None else environment
    kept = {name: value for name, value in environment.items() if _is_needed(name.upper())}
    if is_frozen():
        originals = {name: value for name, value in environment.items() if name.endswith("_ORIG")}
        whole = {**kept, **originals}
        restore_library_path(whole)
        return {name: value for name, value in whole.items() if name not in originals}
    package = str(Path(chatbot_app.__file__).resolve().parents[1])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [package, kept.get("PYTHONPATH")]))
    return kept


def _is_needed(name: str) -> bool:
    if name in _NEEDED:
        return True
    return name.startswith(_NEEDED_FAMILIES) and not any(word in name for word in _SECRETIVE)
