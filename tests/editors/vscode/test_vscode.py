"""VS Code in a browser, used with mouse and keyboard."""

from __future__ import annotations

import json
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import pytest
from code_server import ROOT, SHAPES, STATS, Profile, drive, editor, pictures, require

pytestmark = [pytest.mark.editors, pytest.mark.timeout(300)]

TRUSTING = "--disable-workspace-trust"
FILLED = SHAPES.replace(
    'area of a rectangle."""\n', 'area of a rectangle."""\n    return width * height\n'
)
FIRST = FILLED.replace("width * height", "height * width")
FIXED = STATS.replace("(numbers):\n", "(numbers):\n    if not numbers:\n        return 0.0\n", 1)

Seen = dict[str, Any]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    require()
    profile = Profile(tmp_path_factory.mktemp("vscode"))
    with editor(profile, TRUSTING) as address:
        arguments = [str(profile.project), str(pictures())]
        report: Seen = drive(profile, "drive_ui.mjs", address, *arguments, timeout_s=240)
    return report


def test_nothing_went_wrong(seen: Seen) -> None:
    assert "errors" not in seen, f"{seen['errors']}\n{seen['said']}"


def test_light_bulb_offers_what_applies(seen: Seen) -> None:
    assert "Fill body of `area` from its docstring" in seen["actions"]
    assert "Explain the function `area`" in seen["actions"]


def test_progress_is_shown_and_cancelled(seen: Seen) -> None:
    assert "Fill body of area from its docstring: Writing the body" in seen["progress"]
    assert "Cancel" in seen["progress"]
    assert seen["statusWriting"]["text"].startswith("scopewise: writing")
    assert seen["afterCancel"] == SHAPES


def test_preview_shows_the_change_and_what_was_checked(seen: Seen) -> None:
    assert seen["diff"] == FIRST
    assert "(unverified)" in seen["tab"]
    assert "unverified: nothing was executed; parses" in seen["question"]
    for choice in ("Apply", "Discard", "Try again", "Ask Claude"):
        assert choice in seen["question"]
    assert [name.split(" (")[0] for name in seen["buttons"][:5]] == [
        "Apply",
        "Discard",
        "Try Again",
        "Ask Claude",
        "What Was Checked",
    ]


def test_tried_again_applied_saved_and_undone_in_one_step(seen: Seen) -> None:
    assert seen["diffAgain"] == FILLED
    assert seen["applied"] == FILLED
    assert seen["questionAfter"] == 0
    assert seen["saved"] == FILLED
    assert seen["undone"] == SHAPES


def test_explanation_appears_while_it_is_written(seen: Seen) -> None:
    assert seen["explanationBegins"] == "Being written…"
    assert seen["explanation"].startswith("It doubles a number.")
    assert "unverified" in seen["explanationStatus"]


def test_hover_shows_the_explanation(seen: Seen) -> None:
    assert "It doubles a number." in seen["hover"]
    assert "Explain with scopewise" in seen["hover"]


def test_traces_are_fixed_where_they_are(seen: Seen) -> None:
    assert seen["fix"] == FIXED
    assert seen["notFixed"] == STATS, "it was discarded"
    assert seen["fixedTest"] == FIXED
    assert seen["fixedTerminal"] == FIXED


def test_what_would_be_sent_is_shown_and_refused(seen: Seen) -> None:
    assert "Nothing has been sent yet" in seen["cloudPage"]
    assert "api.anthropic.com" in seen["cloudQuestion"]
    for choice in ("Send once", "in this session", "Do not send"):
        assert choice in seen["cloudQuestion"]
    payload = json.loads(seen["payload"])
    assert "def ring" in json.dumps(payload["messages"])
    assert "not-a-key" not in seen["payload"]


def test_two_windows_do_not_disturb_each_other(seen: Seen) -> None:
    assert "    return 2 * width\n" in seen["otherDiff"]
    assert seen["firstWindow"]["text"] == "scopewise: idle"


def test_state_is_told_in_words(seen: Seen) -> None:
    assert seen["status"]["label"] == "scopewise: idle. scripted — The model is ready."


def test_menu_and_walkthrough(seen: Seen) -> None:
    assert any(entry.startswith("Pause") for entry in seen["menu"])
    assert "Install the server" in seen["walkthrough"]


def test_nothing_is_fetched_from_elsewhere(seen: Seen) -> None:
    # A host of this name is answered by a service worker of the page itself.
    own = [host for host in seen["hosts"] if host.endswith(".vscode-resource.vscode-cdn.net")]
    assert seen["hosts"] == own


def test_first_start_installs_the_server(tmp_path: Path) -> None:
    require()
    wheel = _wheel(tmp_path)
    settings = {"scopewise.server.python": "", "scopewise.server.package": str(wheel)}
    profile = Profile(tmp_path / "machine", settings, finds_server=False)
    with editor(profile, TRUSTING) as address:
        arguments = [str(profile.project), str(pictures())]
        seen = drive(profile, "drive_setup.mjs", address, *arguments, timeout_s=200)
    assert "error" not in seen, f"{seen}"
    assert "an environment of its own" in seen["question"]
    assert seen["status"]["text"] == "scopewise: not set up"
    assert "Cancel" in seen["progress"]
    assert "sandbox" in seen["doctor"]


def _wheel(folder: Path) -> Path:
    """A package that makes the checkout, and the libraries beside it, importable where it goes."""
    path = folder / "scopewise-0.1.0-py3-none-any.whl"
    info = "scopewise-0.1.0.dist-info"
    roots = [str(ROOT / "server"), sysconfig.get_path("purelib")]
    files = {
        "scopewise.pth": "\n".join(roots),
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: scopewise\nVersion: 0.1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    return path
