"""What can be wrong with a file, a row or a value: stable codes with facts, made sentences at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.errors import AppError


class ImportProblem(AppError):
    """The file as a whole cannot be used; ``detail`` holds the facts for the sentence."""

    status = 422

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, **facts)
        self.code = code


class ValueProblem(ValueError):
    """A cell's text does not say what its column holds."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class RowError:
    """What is wrong in one row; ``column`` is a column's key, empty when it concerns the whole row."""

    row: int
    column: str
    code: str
    value: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
