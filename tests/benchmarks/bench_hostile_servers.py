"""What hostile servers cost: peak memory over rest, the longest stall of the loop, how long Stop takes.

    python -m tests.benchmarks.bench_hostile_servers [words of the modes' names]

The servers run in a process of their own. Before the limits: "error of gzip" 5.6 GB, "error of 1.2 GB" 4.1 GB,
"answer of 60 MB" 1.3 GB. With them (55 modes, two cores that nine sessions share): at most 21 MB over rest (a web page
of 20 MB), Stop after 6 ms at most, and no stall of the loop over 0.8 s (HTTP 100 without end, inside the HTTP library).
"""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading

import psutil

from tests.hostile_clients import Ending, attack
from tests.hostile_servers import MODES, HostileServer, base_url

STOP_AFTER = 8.0  # seconds
_TICK = 0.002  # seconds between two looks at the loop and at the memory


class MemoryWatch:
    """Samples the resident memory of this process, in bytes."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.rest = self.peak = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_TICK):
            self.peak = max(self.peak, self._process.memory_info().rss)


async def _measure(mode: str, address: str) -> tuple[Ending, float]:
    loop = asyncio.get_running_loop()
    longest = [0.0]

    async def watch() -> None:
        last = loop.time()
        while True:
            await asyncio.sleep(_TICK)
            now = loop.time()
            longest[0] = max(longest[0], now - last - _TICK)
            last = now

    watching = asyncio.ensure_future(watch())
    ending = await attack(mode, address, STOP_AFTER)
    watching.cancel()
    return ending, longest[0]


def main(words: list[str]) -> int:
    """Print one line a mode; the result is 1 where a mode took more than 100 MB."""
    chosen = [mode for mode in MODES if not words or any(word in mode for word in words)]
    command = [sys.executable, "-m", "tests.benchmarks.bench_hostile_servers", "--serve"]
    worst = 0.0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        port = int(served.stdout.readline())
        asyncio.run(
            attack("40,000 models", base_url(port, "40,000 models"), STOP_AFTER)
        )  # loads the libraries
        asyncio.run(attack("reason of a megabyte", base_url(port, "reason of a megabyte"), STOP_AFTER))
        print(f"{'mode':36} {'peak MB':>8} {'stall ms':>9} {'stop ms':>8}  what is said")
        for mode in chosen:
            gc.collect()
            with MemoryWatch() as memory:
                ending, stall = asyncio.run(_measure(mode, base_url(port, mode)))
            over = (memory.peak - memory.rest) / 1e6
            worst = max(worst, over)
            stop = f"{1000 * ending.seconds_to_stop:8.0f}" if ending.was_stopped else " " * 8
            print(f"{mode:36} {over:8.1f} {1000 * stall:9.0f} {stop}  {ending.said[:110]}", flush=True)
        served.communicate()
    print(f"{len(chosen)} modes, most over rest: {worst:.0f} MB")
    return int(worst > 100)


def serve() -> int:
    """Serve every mode until standard input ends."""
    with HostileServer() as server:
        for mode in MODES.values():
            next(mode.pieces())  # bombs are packed beforehand
        print(server.port, flush=True)
        sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(serve() if sys.argv[1:] == ["--serve"] else main(sys.argv[1:]))
