"""The demo workspace: sample companies and documents of our own invention, and the people who use it."""
