"""How fast the built-in model answers alone and beside busy processes, by how its threads wait for each other.

    python -m tests.benchmarks.bench_busy_model [busy processes, one a core by default]

"ours" is what ships (`SPIN_ROUNDS`), the others are OpenMP's own policies. On two cores, beside five test runs: 0.5 tokens
a second as libgomp waits by itself, 4.6 with 1,000 rounds, 6.8 with ours, 8.4 with "passive", 8.3 with one thread. Alone
(as a real-time process, the same hour): 71, 76, 73, 49, and half of it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import urllib.request

from chatbot_app.llm.local.server import LocalServer

ROUNDS = 3
TEXT = (
    "The river carries clay and sand past the old mill, and the boats wait for the tide to turn again. " * 4
)


def rates(server: LocalServer, seed: int) -> tuple[float, float]:
    """Return tokens of a prompt and of an answer that were computed in a second."""
    endpoint = server.ensure_running()
    body = {
        "messages": [{"role": "user", "content": f"{seed} {TEXT}"}],
        "max_tokens": 16,
        "cache_prompt": False,
    }
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {endpoint.api_key}"}
    request = urllib.request.Request(
        f"{endpoint.base_url}/chat/completions", json.dumps(body).encode(), headers
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        timings = json.load(answer)["timings"]
    return timings["prompt_per_second"], timings["predicted_per_second"]


def main() -> None:
    """Print medians."""
    busy = int(sys.argv[1]) if len(sys.argv) > 1 else os.cpu_count() or 1
    for policy in ("", "active", "passive"):
        os.environ.pop("OMP_WAIT_POLICY", None)
        if policy:
            os.environ["OMP_WAIT_POLICY"] = policy
        server = LocalServer()
        try:
            rates(server, 0)
            for count in (0, busy):
                others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
                try:
                    measured = [rates(server, seed) for seed in range(1, ROUNDS + 1)]
                finally:
                    for other in others:
                        other.kill()
                        other.wait()
                prompt, answer = (statistics.median(column) for column in zip(*measured, strict=True))
                print(
                    f"{policy or 'ours':8} beside {count} busy: prompt {prompt:6.1f}/s, answer {answer:5.1f}/s"
                )
        finally:
            server.stop()


if __name__ == "__main__":
    main()
