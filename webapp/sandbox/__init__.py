"""A local server that speaks Intuit's OAuth 2 and accounting API, with two invented companies.

It stands alone: it imports nothing from the rest of the program, so that any other integration can use
it too.
"""

from .app import create_sandbox
from .server import serve

__all__ = ["create_sandbox", "serve"]
