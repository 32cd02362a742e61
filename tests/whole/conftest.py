"""The whole path runs over real HTTP."""

from tests.live import *  # noqa: F403 - the fixtures that serve the panel
