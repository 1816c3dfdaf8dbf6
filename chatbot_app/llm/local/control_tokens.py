"""Text that spells a control token of a model stays text.

llama.cpp tokenizes the whole prompt after the chat template was applied, so `<|im_end|>` in a document would end
the turn it stands in. Its tokenizer knows these tokens by their exact spelling: one invisible character within
makes them ordinary text, and what is read looks the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from chatbot_app.llm.local.gguf import GgufMetadata, TokenType

# Invisible, and no letter, space or line break to any tokenizer: word joiner, zero width space, zero width non-joiner.
_BREAKS = ("\u2060", "\u200b", "\u200c")

# llama.cpp makes these control tokens whatever type the file gives them (llama-vocab.cpp, "control-looking token").
_KNOWN = frozenset(
    "<s> </s> <unk> <pad> <bos> <eos> <EOT> _<EOT> [EOT] [EOS] [PAD] [BOS] [e~[ <turn|> <end_of_turn> <start_of_turn>"
    " <end_of_utterance> <|tool_response> <PRE> <SUF> <MID> <PAD> <REPO> ▁<PRE> ▁<SUF> ▁<MID> ▁<EOT> <reponame>"
    " <fim-prefix> <fim-suffix> <fim-middle> <fim-pad> <fim-repo> <fim_prefix> <fim_suffix> <fim_middle> <fim_pad>"
    " [INST] [/INST] <<SYS>> <</SYS>>".split()
)
_PIPED = re.compile(r"[<\[][|｜].*[|｜][>\]]|<[|｜]\w+>|<\w+[|｜]>", re.DOTALL)
_BRACKETED = re.compile(r"▁?(<\S.*>|\[\S.*[\]\[]|>>\S.*<<|｜\S.*｜)", re.DOTALL)
# Gemma and others have tokens of their own for the tags of web pages, which are ordinary text.
_HTML_TAG = re.compile(
    r"</?(a|b|blockquote|body|br|center|code|col|dd|del|div|dl|dt|em|font|h[1-6]|head|hr|html|i|img|input|ins|li|link"
    r"|mark|meta|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th"
    r"|thead|title|tr|tt|u|ul|var)\s*/?>",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(\D*?)\d+\D{0,3}", re.DOTALL)
_FAMILY = (
    16  # tokens that differ in a number only (`<unused17>`) and are so many are known by what they share
)
_SHORTEST_SHARED = 4
_FEW = 3  # needles that are looked for one by one

# What llama.cpp takes for a model without a template (common/chat.cpp).
CHATML = (
    "{%- for message in messages -%}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}"
    "{%- endfor -%}{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LITERAL = re.compile(r"'((?:\\.|[^'\\])*)'|\"((?:\\.|[^\"\\])*)\"", re.DOTALL)
_REMOVED = re.compile(
    r"replace\(\s*(?:'((?:\\.|[^'\\])+)'|\"((?:\\.|[^\"\\])+)\")\s*,\s*(?:''|\"\")\s*\)", re.DOTALL
)
_FIELDS = ("content", "reasoning_content", "name", "role")


def control_texts(metadata: GgufMetadata) -> list[str]:
    """Return the spellings that a text must not hold: of control tokens, and of others that frame turns.

    Tokens that are ordinary text, as runs of spaces and tags of web pages are in some vocabularies, are not among
    them, and neither is a token of one character.
    """
    found: dict[str, None] = {}
    for raw, kind in zip(metadata.tokens, metadata.token_types, strict=False):
        if kind == TokenType.NORMAL and raw[:1] not in _STARTS:
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:  # no text of a request can hold it
            continue
        if len(text) > 1 and not text.isspace() and _frames(text, kind):
            found.update(dict.fromkeys(_spellings(text)))
    return sorted(found)


_STARTS = frozenset((b"<", b"[", b"_", "▁".encode()[:1]))


def _frames(text: str, kind: int) -> bool:
    if kind in (TokenType.CONTROL, TokenType.UNKNOWN):
        return True
    if text in _KNOWN or _PIPED.fullmatch(text):
        return True
    if kind != TokenType.USER_DEFINED:
        return False
    return _BRACKETED.fullmatch(text) is not None and _HTML_TAG.fullmatch(text) is None


def _spellings(text: str) -> Iterable[str]:
    """Yield a token's text, and how SentencePiece would come to it from spaces."""
    yield text
    if "▁" in text:
        for other in (text.replace("▁", " "), text.removeprefix("▁")):
            if len(other.strip()) > 1:
                yield other


def needles(texts: Sequence[str]) -> list[str]:
    """Return the fewest strings such that every one of `texts` holds at least one: families share theirs."""
    families: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        numbered = _NUMBERED.fullmatch(text)
        families[numbered[1] if numbered else ""].append(text)
    found = set(families.pop("", []))
    for shared, members in families.items():
        collective = len(members) >= _FAMILY and len(shared) >= _SHORTEST_SHARED
        found.update([shared] if collective else members)
    return sorted(found)


def guarded_template(template: str, texts: Sequence[str]) -> str:
    """Return a chat template that breaks `texts` in the messages before it puts them into the prompt.

    For llama.cpp's Jinja engine, where a member of a message can be set. Messages without such texts are left
    untouched, because llama.cpp learns what a template can do by watching what it reads.
    """
    template = template or CHATML
    searched = needles(texts)
    mark = next((mark for mark in _BREAKS if not any(mark in text for text in texts)), _BREAKS[0])
    if not searched:
        return template
    literals = _literals(template)
    removed = sorted({_unquoted(a or b) for a, b in _REMOVED.findall(template)})
    longest = max(map(len, texts))
    ends = {
        literal[cut:] for literal in literals for cut in range(max(0, len(literal) - longest), len(literal))
    }
    beginnings = sorted({text[cut:] for text in texts for cut in range(1, len(text)) if text[:cut] in ends})
    gates = sorted({needle[0] for needle in searched} | {beginning[-1] for beginning in beginnings})
    source = _macro(searched, mark, removed, beginnings) + _loop(gates)
    # An expression, not a tag, stands last: nothing of the template's own first characters is trimmed.
    return source + "{{- '' }}" + re.sub(r"\A[ \t]+(?=\{[%#])", "", template)


def _macro(searched: Sequence[str], mark: str, removed: Sequence[str], beginnings: Sequence[str]) -> str:
    """Return the macro that yields a text with every needle broken, as one line without output."""
    lines = ["macro chatbot_safe(text)", "set chatbot_ns = namespace(t=text, s='', open=false, joined=false)"]
    if removed:  # `a/thinkb` where the template takes out `/think`: what then stands side by side
        lines += ["set chatbot_ns.s = text"]
        lines += [f"set chatbot_ns.s = chatbot_ns.s|replace({_quoted(r)}, '')" for r in [*removed, *removed]]
        lines += [f"if chatbot_ns.s != {_TEXT}"]
        joined = ["set chatbot_ns.joined = true"]
        lines += _where(searched, lambda start: f"{_halves(start)} in chatbot_ns.s", lambda _: joined)
        lines += ["endif", "if chatbot_ns.joined"]
        lines += [f"set {_TEXT} = {_TEXT}|replace({_quoted(r)}, {_broken(r, mark)})" for r in removed]
        lines += ["endif"]
    lines += _where(
        searched, lambda start: f"{_halves(start)} in {_TEXT}", lambda needle: _step(needle, mark)
    )
    opened = ["set chatbot_ns.open = true"]
    for first in sorted({needle[0] for needle in searched}):
        # What the text ends with may go on in what the template puts behind it.
        longest = max(len(needle.encode()) for needle in searched if needle[0] == first)
        lines += [
            f"if {_quoted(first)} in {_TEXT}",
            f"set chatbot_ns.s = {_quoted(first)} ~ ({_TEXT}.rstrip().split({_quoted(first)})[-1])",
            f"if chatbot_ns.s|length < {longest}",
            *_where([needle for needle in searched if needle[0] == first], _continues_tail, lambda _: opened),
            "endif",
            "endif",
        ]
    lines += ["if chatbot_ns.open", f"set {_TEXT} = {_TEXT} ~ {_quoted(mark)}", "endif"]
    for beginning in beginnings:
        lines += [
            f"if ({_TEXT}.lstrip()).startswith({_quoted(beginning)})",
            f"set {_TEXT} = {_quoted(mark)} ~ {_TEXT}",
            "endif",
        ]
    return _tags(lines) + "{{- " + _TEXT + " -}}" + _tags(["endmacro"])


_TEXT = "chatbot_ns.t"


def _where(
    searched: Sequence[str], test: Callable[[str], str], then: Callable[[str], list[str]], known: int = 0
) -> list[str]:
    """Return tags that do `then` for each needle that passes `test`, tested by ever longer beginnings."""
    lines = []
    groups: dict[str, list[str]] = defaultdict(list)
    for needle in searched:
        groups[needle[: known + 2]].append(needle)
    for start, members in groups.items():
        lines += [f"if {test(start)}"]
        if len(members) > _FEW and any(needle != start for needle in members):
            lines += _where(members, test, then, known + 2)
        else:
            for needle in members:
                lines += [f"if {test(needle)}", *then(needle), "endif"]
        lines += ["endif"]
    return lines


def _step(needle: str, mark: str) -> list[str]:
    step = f"set {_TEXT} = {_TEXT}|replace({_halves(needle)}, {_broken(needle, mark)})"
    # Twice where it can overlap with itself: the last character of one may begin the next.
    return [step] * (2 if _overlaps(needle) else 1)


def _continues_tail(start: str) -> str:
    return f"({_halves(start)}).startswith(chatbot_ns.s) or chatbot_ns.s.startswith({_halves(start)})"


def _loop(gates: Sequence[str]) -> str:
    """Return the loop over the messages.

    llama.cpp finds out what a template supports by watching which values of short messages are read. So a
    message is first looked at as a whole (`m ~ ''`), and its values only where it holds one of `gates`, characters.
    """
    gate = " or ".join(f"{_quoted(gate)} in chatbot_text" for gate in gates)
    lines = ["for m in messages", "set chatbot_text = m ~ ''", f"if {gate}"]
    for field in _FIELDS:
        lines += [
            f"if m['{field}'] is string",
            f"set m.{field} = chatbot_safe(m['{field}'] ~ '')",
            f"elif m['{field}'] is defined and m['{field}'] is not none and m['{field}'] is iterable",
            f"for part in m['{field}']",
            "if part['text'] is string",
            "set part.text = chatbot_safe(part['text'] ~ '')",
            "endif",
            "endfor",
            "endif",
        ]
    lines += ["endif", "endfor"]
    return _tags(lines)


def _tags(lines: Iterable[str]) -> str:
    return "".join(f"{{%- {line} -%}}" for line in lines)


def _halves(needle: str) -> str:
    """Return an expression for `needle` that does not spell it: llama.cpp knows some templates by such words."""
    middle = len(needle) // 2
    return f"{_quoted(needle[:middle])} ~ {_quoted(needle[middle:])}"


def _broken(needle: str, mark: str) -> str:
    # Before the last character: no second occurrence then survives but one that shares that character alone.
    return f"{_halves(needle[:-1] + mark + needle[-1:])}"


def _overlaps(needle: str) -> bool:
    return any(needle.startswith(needle[cut:]) for cut in range(1, len(needle)))


def _quoted(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f"'{text}'"


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1]), text)


def _literals(template: str) -> set[str]:
    """Return what the template itself can put next to a text: its quoted strings and what stands between tags."""
    found = {_unquoted(a or b) for a, b in _LITERAL.findall(template)}
    ends = [0, *(place for tag in _TAG.finditer(template) for place in tag.span()), len(template)]
    found.update(template[start:stop] for start, stop in list(pairwise(ends))[::2])
    found |= {literal.rstrip() for literal in found}
    return found - {""}
