"""What a vendor says, in no form: thoughts, text and calls, each cut into the pieces in which it is streamed."""
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Thought:
    text: str
    signature: str = "c2lnbmF0dXJl"


@dataclass(frozen=True)
class Text:
    pieces: tuple


@dataclass(frozen=True)
class Call:
    id: str
    name: str
    fragments: tuple

    @property
    def arguments(self):
        return "".join(self.fragments)


@dataclass(frozen=True)
class Usage:
    """Disjoint counts; `reasoning` is a part of `output`."""

    fresh: int = 10
    read: int = 0
    write: int = 0
    output: int = 5
    reasoning: int = 0

    @property
    def prompt(self):
        return self.fresh + self.read + self.write


HELLO = (Text(("Hel", "lo")),)


def sse(data, name=None):
    return (f"event: {name}\n" if name else "").encode() + b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def has_calls(script):
    return any(isinstance(part, Call) for part in script)
