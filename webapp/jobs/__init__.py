"""Long work in steps: queued by a click, done by the worker, with progress, cancel and a result."""
