"""Random trade keeps the books in order: some hundred steps here, ten thousand in `make fuzz`."""

from hypothesis import HealthCheck, settings

from .canadian_machine import CanadianMachine
from .machine import Machine

TestMachine, TestCanadianMachine = Machine.TestCase, CanadianMachine.TestCase
TestMachine.settings = TestCanadianMachine.settings = settings(
    max_examples=8,
    stateful_step_count=35,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
