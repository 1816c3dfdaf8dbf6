"""The command that says what may follow a text, with probabilities."""

from __future__ import annotations

import argparse
import asyncio
import math
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chatbot_app.chat.services import create_services
from chatbot_app.cli.named_servers import check_model, chosen_server
from chatbot_app.cli.printing import print_json
from chatbot_app.cli.standard_input import text_of
from chatbot_app.storage.database import Access

if TYPE_CHECKING:
    from chatbot_app.lab.next_token import Distribution, TokenPath
    from chatbot_app.lab.sampling import Sampling


def run(options: argparse.Namespace, data_dir: Path | None) -> int:
    """Print the likeliest next tokens of a text, as the settings reshape them. Raises AppError."""
    return asyncio.run(_run(options, data_dir))


async def _run(options: argparse.Namespace, data_dir: Path | None) -> int:
    from chatbot_app.lab.models import RawModels
    from chatbot_app.lab.next_token import NextToken

    text, sampling = text_of(options.text), _sampling(options)
    with closing(create_services(data_dir, access=Access.GUEST)) as services:
        servers, gateway = services.servers, services.gateway
        server = chosen_server(servers, options.server)
        check_model(services.models, server, options.model)
        models = RawModels(gateway)
        try:
            async with models.use(server.id, options.model) as client:
                model = NextToken(client)
                path = await model.begin(text)
                distribution = await model.after(path, options.top)
        finally:
            await gateway.close()
    told = _told(distribution, path, sampling, options.top)
    if options.json:
        print_json(told)
    else:
        for one in told["tokens"]:
            print(f"{math.exp(one['logprob']):8.3%}  {one['text']!r}")
        nats = told["entropy"]
        print(f"Entropy {nats:.3f} nats ({nats / math.log(2):.3f} bits)")
    return 0


def _sampling(options: argparse.Namespace) -> Sampling:
    from chatbot_app.lab.sampling import Sampling

    return Sampling(
        temperature=options.temperature,
        top_k=options.top_k,
        top_p=options.top_p,
        min_p=options.min_p,
        repeat_penalty=options.repeat_penalty,
        presence_penalty=options.presence_penalty,
        frequency_penalty=options.frequency_penalty,
    )


def _told(distribution: Distribution, path: TokenPath, sampling: Sampling, most: int) -> dict[str, Any]:
    """Return the tokens, likeliest first, with natural logarithms; entropy is in nats, over all tokens."""
    from chatbot_app.lab.sampling import Sampling

    logprobs, entropy = distribution.logprobs, distribution.entropy
    if sampling != Sampling():
        reshaped = distribution.reshaped(sampling, path.tokens)
        with np.errstate(divide="ignore"):
            logprobs = np.log(reshaped.probabilities)
        entropy = reshaped.entropy
    places = [place for place in np.argsort(-logprobs, kind="stable")[:most] if np.isfinite(logprobs[place])]
    tokens = [(distribution.tokens[place], float(logprobs[place])) for place in places]
    return {
        "tokens": [{"id": one.id, "text": one.text, "logprob": logprob} for one, logprob in tokens],
        "entropy": entropy,
    }
