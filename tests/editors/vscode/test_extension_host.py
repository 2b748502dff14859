"""The extension inside VS Code's extension host: what it does, and that its exit code tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from code_server import EXTENSION, HERE, Profile, drive, host, require

pytestmark = [pytest.mark.editors, pytest.mark.timeout(300)]

N_TESTS = 19
"""So that a test that did not run is missed."""


def run(profile: Profile, *options: str) -> dict[str, Any]:
    with host(profile, *options) as address:
        arguments = [str(HERE / "host_tests.cjs"), str(profile.project), str(EXTENSION)]
        return drive(profile, "run_host.mjs", address, *arguments, timeout_s=240)


def failures(seen: dict[str, Any]) -> str:
    return "\n\n".join(f"{name}: {one['error']}" for name, one in seen.items() if not one["ok"])


def test_in_a_trusted_workspace(tmp_path: Path) -> None:
    require()
    report = run(Profile(tmp_path), "--disable-workspace-trust")
    assert not failures(report["seen"]), failures(report["seen"])
    assert len(report["seen"]) == N_TESTS
    assert report["exit"] == 0, report["said"]


def test_in_a_workspace_that_is_not_trusted(tmp_path: Path) -> None:
    require()
    trust = {"security.workspace.trust.startupPrompt": "never"}
    report = run(Profile(tmp_path, trust))
    assert not failures(report["seen"]), failures(report["seen"])
    assert len(report["seen"]) == 1
    assert report["exit"] == 0, report["said"]
