"""A settings file's text: TOML that people can read and edit. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

import tomli_w

from webapp.integrations.settings_file.values import Path

LARGEST: Final = 1024 * 1024
LONGEST_SHOWN: Final = 100
MOST_SHOWN: Final = 20
LARGEST_NUMBER: Final = 10**30
BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
# tomllib takes memory by the square of a dotted name's parts; ours have four
LONG_NAME: Final = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}"""
)


class Unreadable(Exception):
    """A text that is no settings file; the message says where and why."""


def write(tables: Mapping[str, Any], comments: Iterable[str]) -> str:
    """The text of a settings file with comments at its top."""
    head = "".join(f"# {one_line(comment)}\n" for comment in comments)
    return f"{head}\n{tomli_w.dumps(tables)}"


def read(data: bytes) -> dict[str, Any]:
    """The tables of a settings file.

    Raises:
        Unreadable: it is too large, not UTF-8, or no TOML.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1024} kB, which no settings file is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"line {line} is not UTF-8") from error
    if name := LONG_NAME.search(text):
        line = text.count("\n", 0, name.start()) + 1
        raise Unreadable(f"line {line} has a name of more than 16 parts, which no setting has")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"it is no TOML: {one_line(str(error))}") from error
    except RecursionError as error:
        raise Unreadable("it is no settings file: something is nested too deeply") from error
    except ValueError as error:  # a number of more digits than Python reads
        raise Unreadable("it is no settings file: a number has too many digits") from error
    if not tables:
        raise Unreadable("it says nothing")
    return tables


def name_of(path: Path) -> str:
    """A setting's name as the file would have it; a rule has its number in brackets."""
    name = ".".join(map(_key, path))
    return re.sub(r"^(quickbooks\.rules)\.([0-9]+)", r"\1[\2]", name)


def shown(value: object, depth: int = 0) -> str:
    """A value about as the file would have it, on one line and cut to what a line takes."""
    if isinstance(value, dict | list) and depth > 1:
        return "…"
    if isinstance(value, dict):
        first = islice(value.items(), MOST_SHOWN)
        parts = [f"{_key(name)} = {shown(inner, depth + 1)}" for name, inner in first]
        return ", ".join(parts + ["…"] * (len(value) > MOST_SHOWN)) or "{}"
    if isinstance(value, list):
        parts = [shown(inner, depth + 1) for inner in value[:MOST_SHOWN]]
        return f"[{', '.join(parts + ['…'] * (len(value) > MOST_SHOWN))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < LARGEST_NUMBER else "a very large number"
    return _quoted(_cut(value)) if isinstance(value, str) else str(value)


def one_line(text: str) -> str:
    """A text without what ends a line or moves the cursor."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) and len(name) <= LONGEST_SHOWN else _quoted(_cut(name))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _quoted(text: str) -> str:
    signs = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in signs)
