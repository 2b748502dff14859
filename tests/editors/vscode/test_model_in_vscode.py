"""VS Code with the real model, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from code_server import SHAPES, Profile, drive, editor, pictures, require

from scopewise.models import store_folder
from scopewise.settings import Settings

pytestmark = [pytest.mark.editors, pytest.mark.model, pytest.mark.timeout(600)]


def test_fill_and_explain(tmp_path: Path) -> None:
    require()
    settings = {
        "scopewise.engine.kind": "llamacpp",
        "scopewise.model.store": str(store_folder(Settings())),
        "scopewise.verify.samples": 3,
    }
    profile = Profile(tmp_path, settings)
    with editor(profile, "--disable-workspace-trust") as address:
        arguments = [str(profile.project), str(pictures())]
        seen = drive(profile, "drive_model.mjs", address, *arguments, timeout_s=500)
    assert "error" not in seen, f"{seen}"
    assert "return width * height" in seen["applied"].replace("height * width", "width * height")
    assert seen["applied"] != SHAPES
    assert len(seen["explanation"]) > 40
