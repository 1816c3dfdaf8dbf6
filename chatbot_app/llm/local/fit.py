"""Whether a model runs well, slowly or not at all on a machine, with the numbers that say so."""

from __future__ import annotations

from chatbot_app.core.local_models import Device, EngineSettings, Fit, Machine, ModelFacts, ModelKind
from chatbot_app.llm.local.window import local_window, memory_needed

READING_SPEED = 5.0  # tokens a second: who reads along at 250 words a minute is not made to wait
# An answer's token reads every weight once, so memory decides how fast it comes: bytes a second that a core of a
# desktop processor gets from it, and what its memory gives all of them.
_BYTES_A_CORE = 4.0e9
_BYTES_OF_ALL = 2.5e10
_BYTES_OF_GRAPHICS = 2.0e11
_GB = 1e9


def fit(
    facts: ModelFacts,
    machine: Machine,
    settings: EngineSettings | None = None,
    *,
    tokens_per_second: float | None = None,
) -> Fit:
    """Return how a model would run; `tokens_per_second` is what was measured of it, if it was.

    One that makes vectors reads texts and writes none: whether it runs is a question of memory alone.
    """
    settings = settings or EngineSettings()
    # An ONNX model is computed by the processor.
    devices = () if facts.quantisation.startswith("ONNX") else machine.devices
    best = max(devices, key=lambda device: device.free, default=Device("", 0, 0))
    graphics = best.free
    free = max(machine.available or 0, graphics) if machine.available is not None else None
    window = local_window(facts, settings, free).tokens
    needed = memory_needed(facts, settings, window)
    makes_vectors = facts.kind is ModelKind.EMBEDDING
    with_window = "of memory" if makes_vectors else f"of memory with a window of {window:,} tokens"
    whole = max(machine.memory or 0, graphics)
    if machine.memory is not None and needed > whole:
        return Fit(
            "no", needed, window, f"It takes {_gb(needed)} {with_window}, and this computer has {_gb(whole)}."
        )
    if needed <= graphics and settings.gpu_layers != 0:
        speed = tokens_per_second or _BYTES_OF_GRAPHICS / max(facts.active_bytes, 1)
        takes = f"It takes {_gb(needed)} {with_window}, and {best.name} has {_gb(graphics)} free"
    else:
        of_whole = f" of {_gb(machine.memory)}" if machine.memory is not None else ""
        takes = f"It takes {_gb(needed)}{of_whole} {with_window}"
        if free is not None and needed > free:
            now = f"but {_gb(free)} are free now: close other programs, or it is slow."
            return Fit("slowly", needed, window, f"{takes}, {now}")
        bandwidth = min((settings.threads or machine.cores) * _BYTES_A_CORE, _BYTES_OF_ALL)
        speed = tokens_per_second or bandwidth / max(facts.active_bytes, 1)
    if makes_vectors:
        return Fit("well", needed, window, f"{takes}.")
    reason = f"{takes}; {_speed(speed, measured=tokens_per_second is not None)}."
    return Fit("well" if speed >= READING_SPEED else "slowly", needed, window, reason)


def _gb(count: int | None) -> str:
    return f"{(count or 0) / _GB:.1f} GB"


def _speed(speed: float, *, measured: bool) -> str:
    number = f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"
    return (
        f"its last answer came with {number} tokens a second"
        if measured
        else f"about {number} tokens a second"
    )
