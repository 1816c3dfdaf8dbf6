"""Conversations as one HTML file that fetches nothing: pictures of formulas and the style stand in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape

from chatbot_app.chat.transfer.html_blocks import DrawFormula, html_of
from chatbot_app.chat.transfer.markdown_export import SAID
from chatbot_app.core.citations import citations_of
from chatbot_app.core.messages import Message, Role
from chatbot_app.core.pictures import HEAD_BYTES, facts_of, pictures_of
from chatbot_app.core.text import clean_text
from chatbot_app.core.trust import quotes_of
from chatbot_app.storage.conversations import ConversationStore

# A browser that holds to it fetches nothing, whatever else stands in the file.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --ink: #1d1f24; --muted: #5c6370; --line: #d9dce3; --ground: #ffffff; --raised: #f3f4f7;
  --link: #1f5fc4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --muted: #a2a8b4; --line: #3b404a; --ground: #1b1d21;
  --raised: #25282e; --link: #8ab4f8; } }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 46rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink);
  background: var(--ground); overflow-wrap: break-word; }
h1 { line-height: 1.25; margin: 2.5rem 0 0.25rem; } h2 { font-size: 0.85rem; color: var(--muted); margin: 1.6rem 0 0.4rem; }
a { color: var(--link); } nav ol { padding-left: 1.4rem; } nav { margin-bottom: 3rem; }
.when, .said, .place { color: var(--muted); font-size: 0.9rem; }
.question { background: var(--raised); border-radius: 0.8rem; padding: 0.6rem 1rem; } .question > :first-child,
.answer > :first-child { margin-top: 0; } .question > :last-child { margin-bottom: 0; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.8rem; overflow-x: auto; }
code { font-family: ui-monospace, monospace; font-size: 0.92em; } blockquote { margin: 0.8rem 0; padding-left: 1rem;
  border-left: 3px solid var(--line); }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { border: 1px solid var(--line);
  padding: 0.3rem 0.7rem; text-align: left; } th { background: var(--raised); }
.picture { max-width: 100%; max-height: 40rem; border-radius: 0.5rem; } .display { text-align: center; margin: 1rem 0; overflow-x: auto; } .sources { font-size: 0.92rem; }
.sources summary { color: var(--muted); } section + section { border-top: 1px solid var(--line); margin-top: 3rem; }
@media print { body { max-width: none; padding: 0; } pre, table { overflow: visible; white-space: pre-wrap; } }
"""


def html_start(titles: Sequence[str]) -> str:
    """Return how the file begins; several conversations are listed at its top."""
    title = titles[0] if len(titles) == 1 else f"{len(titles)} conversations"
    head = (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n<title>{_text(title or "Conversation")}</title>\n<style>{_STYLE}</style>\n'
        "</head>\n<body>\n"
    )
    if len(titles) == 1:
        return head
    entries = "".join(
        f'<li><a href="#conversation-{number}">{_text(one or "Conversation")}</a></li>\n'
        for number, one in enumerate(titles, 1)
    )
    return f"{head}<nav>\n<ol>\n{entries}</ol>\n</nav>\n"


HTML_END = "</body>\n</html>\n"


def html_lines(
    store: ConversationStore, conversation_id: str, number: int, draw: DrawFormula
) -> Iterator[str]:
    """Yield the branch that is shown as a section of the file. Raises ConversationGone."""
    conversation = store.conversation(conversation_id)
    messages = store.path(conversation_id)
    yield f'<section id="conversation-{number}">\n<h1>{_text(conversation.title or "Conversation")}</h1>\n'
    yield f'<p class="when">{_text(conversation.created_at[:10])}</p>\n'
    for message in messages:
        kind = "question" if message.role is Role.USER else "answer"
        yield f"<h2>{_heading(message)}</h2>\n"
        yield f'<div class="{kind}">{clean_text(html_of(message.text, draw))}</div>\n'
        yield from _pictures(store, message)
        yield from _quotes(message)
        if message.status in SAID:
            notice = message.notices[-1].summary if message.notices else ""
            yield f'<p class="said">{_text(f"({SAID[message.status]}. {notice}".strip() + ")")}</p>\n'
        yield from _sources(message)
    yield "</section>\n"


def _heading(message: Message) -> str:
    if message.role is Role.USER:
        return "Question"
    return f"Answer ({_text(message.model)})" if message.model else "Answer"


def _pictures(store: ConversationStore, message: Message) -> Iterator[str]:
    for shown in pictures_of(message.metadata):
        data = store.pictures.picture(message.id, shown.ordinal)
        facts = facts_of(data[:HEAD_BYTES]) if data is not None else None
        if data is not None and facts is not None:
            source = f"data:{facts.media_type};base64,{b64encode(data).decode()}"
            yield f'<p><img class="picture" alt="{_text(shown.name)}" src="{source}"></p>\n'


def _quotes(message: Message) -> Iterator[str]:
    for quote in quotes_of(message.metadata):
        page = f", page {quote.page}" if quote.page is not None else ""
        yield f'<blockquote>{_text(quote.words)}<br><span class="place">{_text(quote.document + page)}</span></blockquote>\n'


def _sources(message: Message) -> Iterator[str]:
    cited = {citation.number: citation for citation in citations_of(message.metadata)}
    if not cited:
        return
    yield '<details class="sources" open>\n<summary>Sources</summary>\n<ol>\n'
    for number, citation in sorted(cited.items()):
        page = f", page {citation.page}" if citation.page is not None else ""
        place = f"characters {citation.start} to {citation.end} of {citation.path}"
        yield (
            f'<li value="{number}">{_text(citation.document + page)} <span class="place">({_text(place)})</span>'
            f"<blockquote>{_text(citation.text)}</blockquote></li>\n"
        )
    yield "</ol>\n</details>\n"


def _text(text: str) -> str:
    return escape(clean_text(text))
