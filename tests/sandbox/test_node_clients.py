"""Independent clients on Node, intuit-oauth and node-quickbooks, work against the sandbox as they are."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MODULES = Path(__file__).resolve().parents[2] / "build/npm-sandbox/node_modules"
SCRIPTS = sorted((Path(__file__).parent / "node").glob("*.test.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_node_client_works_pointed_by_configuration_only(server, script):
    node = shutil.which("node")
    if node is None or not MODULES.exists():
        pytest.skip("needs node and build/npm-sandbox, which make test installs")
    environment = {**os.environ, "SANDBOX_URL": server.base, "NODE_PATH": str(MODULES)}
    done = subprocess.run(
        [node, "--test", str(script)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
