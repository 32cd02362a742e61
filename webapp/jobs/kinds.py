"""Which function does a step of which kind of job."""

from __future__ import annotations

from webapp.jobs.service import Step
from webapp.links import rebuilding, suggesting

STEPS: dict[str, Step] = {
    rebuilding.KIND: rebuilding.step,
    suggesting.KIND: suggesting.step,
}
