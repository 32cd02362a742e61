"""Rows: what was measured, against the limit that the project has set itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Row:
    """One measured value. sense: whether the limit is the least or the most that is good."""

    name: str
    value: float
    limit: float
    sense: Literal["min", "max"]
    unit: str
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the value lies on the good side of its limit."""
        return self.value >= self.limit if self.sense == "min" else self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        """The row as build/<name>.json has it."""
        return asdict(self)


def table(rows: list[Row]) -> str:
    """The rows for people."""
    head = f"{'name':<44} {'value':>12} {'limit':>12}  unit"
    lines = [head, "-" * len(head)]
    for row in rows:
        sign = ">=" if row.sense == "min" else "<="
        note = "" if row.is_good else "   MISSED"
        lines.append(f"{row.name:<44} {row.value:>12.3f} {f'{sign} {row.limit:g}':>12}  {row.unit}{note}")
    return "\n".join(lines)
