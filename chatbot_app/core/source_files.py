"""Which files hold source code or settings: their lines are statements, and no prose."""

from __future__ import annotations

SOURCE_ENDINGS = frozenset(
    "py pyi js mjs cjs ts mts cts tsx jsx java c h cc cpp hpp cxx hxx cs go rs rb php swift kt kts scala sh bash zsh fish ps1 bat cmd"
    " sql r jl lua pl pm hs ml mli ex exs erl clj dart m mm vue svelte css scss less toml ini cfg conf yaml yml json jsonc json5 xml"
    " properties env gradle groovy cmake make mk am ac m4 in dockerfile proto graphql tf tfvars hcl nix jq awk vim el lisp f90 pas vb"
    " asm s zig svg service editorconfig gitignore gitattributes".split()
)
SOURCE_NAMES = frozenset(
    "makefile gnumakefile dockerfile containerfile jenkinsfile vagrantfile procfile gemfile rakefile brewfile caddyfile justfile"
    " bash_completion".split()
)

_WHOLE_NAMES = frozenset(("go.mod",))  # another "mod" holds music


def is_source_file(name: str) -> bool:
    """Whether a file of this name holds source code or settings: "config.py", "Makefile", ".env", "Dockerfile.distroless"."""
    words = name.casefold().removeprefix(".").split(".")
    return words[-1] in SOURCE_ENDINGS or words[0] in SOURCE_NAMES or name.casefold() in _WHOLE_NAMES
