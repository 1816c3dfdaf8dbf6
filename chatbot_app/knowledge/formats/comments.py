"""How a comment is read, in whatever file it stands."""

from __future__ import annotations


def bracketed(words: bytes, author: bytes, about: bytes = b"") -> bytes:
    """Return a comment as "[Comment on B2, Ana Silva: …]": `about` is " on B2", both it and the author may be empty."""
    return b"[Comment%b%b: %b]" % (about, b", " + author if author else b"", words)
