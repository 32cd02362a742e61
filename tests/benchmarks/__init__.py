"""Measurements: each area's module has a `measure` that gives its rows."""
