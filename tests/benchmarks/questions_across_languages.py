"""Questions in German, Russian and Chinese about English articles: what `bench_answers` prints as "languages".

The questions of `retrieval/xquad-*` are those of `retrieval/wikipedia`, translated by people; every fourth is asked. Constants were
chosen on others of half 1.
"""

from __future__ import annotations

from statistics import mean

from chatbot_app.core.trust import Quotes
from tests.benchmarks.bench_retrieval import CachedEmbedder
from tests.benchmarks.kinds import read_corpus
from tests.benchmarks.libraries_of_questions import article_documents
from tests.benchmarks.searched_library import quotes_for, searched
from tests.benchmarks.wikipedia import DATA, Wikipedia, says_gold, shares

LANGUAGES = {"de": "German", "ru": "Russian", "zh": "Chinese"}
_FIRST, _EACH = 1, 4


def bench_languages(wikipedia: Wikipedia, embedder: CachedEmbedder) -> None:
    """Print the gold answers' words in the first quote / one of three, and what is refused and said to be uncertain."""
    print(
        "languages: of English articles: answer in the first / one of three quotes; refused of what they answer /"
        " are silent on; uncertain of the rest"
    )
    translated = {
        language: {
            query["_id"]: query["text"] for query in read_corpus(DATA / "retrieval" / f"xquad-{language}")[1]
        }
        for language in LANGUAGES
    }
    for half in (1, 2):
        with searched(embedder, article_documents(wikipedia, half)) as retriever:
            for language, texts in translated.items():
                hits: list[tuple[bool, bool]] = []
                found: dict[bool, list[Quotes]] = {True: [], False: []}
                for of in (1, 2):
                    for question in wikipedia.questions_of(of)[_FIRST::_EACH]:
                        if question["id"] not in texts:
                            continue
                        (quotes,) = quotes_for(retriever, [texts[question["id"]]], embedder)
                        found[of == half].append(quotes)
                        if of == half:
                            said = [says_gold(question, quote.text) for quote in quotes.quotes]
                            hits.append((any(said[:1]), any(said)))
                refused = " / ".join(
                    f"{100 * mean(one.refused for one in some):.1f}" for some in found.values()
                )
                rest = [[not one.certain for one in some if not one.refused] for some in found.values()]
                doubted = " / ".join(f"{100 * mean(some or [0]):.1f}" for some in rest)
                counts = " and ".join(str(len(some)) for some in found.values())
                print(
                    f"  half {half}, {LANGUAGES[language]}: {shares(hits)}; {refused} % of {counts}; {doubted} %",
                    flush=True,
                )
