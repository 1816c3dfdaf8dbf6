"""Comments of an OpenDocument text, put behind the paragraph that they are about. kreuzberg 4.10 leaves them out."""

from __future__ import annotations

import re

from chatbot_app.knowledge.formats.comments import bracketed

_ANNOTATION = re.compile(rb"<office:annotation(?=[ >])[^<>]*>")
_END, _RANGE = b"</office:annotation>", re.compile(rb"<office:annotation-end\b[^<>]*/>")
_AUTHOR = re.compile(rb"<dc:creator>([^<>]*)</dc:creator>")
_MARK = re.compile(
    rb"<dc:(?:creator|date)>[^<>]*</dc:(?:creator|date)>|<meta:[\w\-]+>[^<>]*</meta:[\w\-]+>|<[^<>]*>"
)
_PARAGRAPH = re.compile(rb"<(/?)text:[ph](?=[ />])[^<>]*?(/?)>|\x00(\d+)\x00")


def comment_of(annotation: bytes) -> bytes:
    """Return what stands between the tags of a comment as "[Comment, Ana Silva: …]", nothing where it is empty."""
    author = _AUTHOR.search(annotation)
    name = b" ".join(author[1].split()) if author is not None else b""
    words = b" ".join(_MARK.sub(b" ", annotation).split())
    return bracketed(words, name) if words else b""


def with_comments(content: bytes) -> bytes:
    """Return the content of a document with each comment as a paragraph behind the one in which it stands."""
    if _ANNOTATION.search(content) is None or b"\x00" in content:
        return content
    said: list[bytes] = []
    pieces: list[bytes] = []
    for piece in (parts := _RANGE.sub(b"", content).split(_END))[:-1]:
        opened = _ANNOTATION.search(piece)
        if opened is None:
            pieces += [piece, _END]
            continue
        pieces += [piece[: opened.start()], b"\x00%d\x00" % len(said)]
        said.append(comment_of(piece[opened.end() :]))
    marked = b"".join([*pieces, parts[-1]])
    written: list[bytes] = []
    place = 0
    waiting: list[list[bytes]] = []  # of each paragraph that is open
    for token in _PARAGRAPH.finditer(marked):
        if token[3] is not None:
            written.append(marked[place : token.start()])
            place = token.end()
            if waiting and (words := said[int(token[3])]):
                waiting[-1].append(b"<text:p>" + words + b"</text:p>")
        elif token[1]:
            if waiting:
                written += [marked[place : token.end()], *waiting.pop()]
                place = token.end()
        elif not token[2]:
            waiting.append([])
    return b"".join([*written, marked[place:]])
