"""How large a change is, so that of several that pass the smallest is taken."""

from __future__ import annotations

import difflib
import io
import re
import tokenize
from dataclasses import dataclass

_WEIGHT = 10
"""Of a token of code, in units of a comment or of a changed gap between equal tokens."""
_MAX_TOKENS = 20_000
_ANY_TOKEN = re.compile(r"\w+|[^\w\s]")
_SKIPPED = frozenset({tokenize.NL, tokenize.ENDMARKER, tokenize.ENCODING})
_BEFORE_STATEMENT = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


@dataclass(frozen=True)
class _Token:
    text: str
    gap: str
    """The blanks before it on its line; for the first of a line nothing, as indents are tokens."""
    is_code: bool
    """False for comments and docstrings."""


def edit_size(before: str, after: str) -> int:
    """The number of tokens that differ, times ten; 0 only for equal texts.

    A comment or a docstring counts one, and so does a gap that changed between equal tokens:
    they decide only between changes that are alike otherwise.
    """
    if before == after:
        return 0
    old, new = _tokens(before), _tokens(after)
    n_same = _n_common(old, new)
    old, new = old[n_same:], new[n_same:]
    n_tail = _n_common(old[::-1], new[::-1])
    old, new = old[: len(old) - n_tail], new[: len(new) - n_tail]
    if max(len(old), len(new)) > _MAX_TOKENS:
        return max(1, _weight(old), _weight(new))
    return max(1, _difference(old, new))


def _difference(old: list[_Token], new: list[_Token]) -> int:
    left, right = [token.text for token in old], [token.text for token in new]
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    size = 0
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        ours, theirs = old[start:end], new[new_start:new_end]
        if tag == "equal":
            size += sum(a.gap != b.gap for a, b in zip(ours, theirs, strict=True))
        else:
            size += max(_weight(ours), _weight(theirs))
    return size


def _weight(tokens: list[_Token]) -> int:
    return sum(_WEIGHT if token.is_code else 1 for token in tokens)


def _n_common(left: list[_Token], right: list[_Token]) -> int:
    n = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        n += 1
    return n


def _tokens(code: str) -> list[_Token]:
    try:
        read = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return [_Token(text, "", is_code=True) for text in _ANY_TOKEN.findall(code)]
    tokens = []
    for n, token in enumerate(read):
        if token.type in _SKIPPED:
            continue
        is_note = token.type == tokenize.COMMENT or _is_bare_string(read, n)
        tokens.append(_Token(_text(token), _gap(read, n), is_code=not is_note))
    return tokens


def _text(token: tokenize.TokenInfo) -> str:
    """What the token is; how deep a block is indented and how a line ends makes no difference."""
    if token.type in _BEFORE_STATEMENT:
        return tokenize.tok_name[token.type]
    return token.string


def _gap(read: list[tokenize.TokenInfo], n: int) -> str:
    token = read[n]
    if n == 0 or token.type in _BEFORE_STATEMENT or read[n - 1].end[0] != token.start[0]:
        return ""
    return token.line[read[n - 1].end[1] : token.start[1]] if read[n - 1].string else ""


def _is_bare_string(read: list[tokenize.TokenInfo], n: int) -> bool:
    """Whether a string is a whole statement, as a docstring is."""
    if read[n].type != tokenize.STRING or n + 1 >= len(read):
        return False
    before = [token for token in read[max(0, n - 8) : n] if token.type not in _SKIPPED]
    before = [token for token in before if token.type != tokenize.COMMENT]
    is_first = not before or before[-1].type in _BEFORE_STATEMENT
    return is_first and read[n + 1].type == tokenize.NEWLINE
