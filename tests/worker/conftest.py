from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests import sendable


@pytest.fixture
def ready(connected: SimpleNamespace) -> SimpleNamespace:
    """A world whose documents can be sent to the sandbox's US company."""
    return sendable.prepare(connected)
