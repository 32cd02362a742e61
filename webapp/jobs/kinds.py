"""Which function does a step of which kind of job."""

from __future__ import annotations

from webapp.jobs.service import Step
from webapp.links import accepting, creating_many, rebuilding, successors, suggesting

STEPS: dict[str, Step] = {
    rebuilding.KIND: rebuilding.step,
    suggesting.KIND: suggesting.step,
    successors.KIND: successors.step,
    accepting.ACCEPT: accepting.accept_step,
    accepting.TAKE_BACK: accepting.take_back_step,
    creating_many.KIND: creating_many.step,
}
