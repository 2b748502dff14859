"""Installs llama-cpp-python, built for this machine once and kept as a wheel.

    python .ci/engine_wheel.py      with the Python it is to be installed for

There is no prebuilt wheel of these bindings, and building takes minutes. pip's own cache would keep
a build too, but without telling CPUs and compiler flags apart: a wheel for another CPU crashes.
Runs before anything is installed, so it uses the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

REQUIREMENT = Path(__file__).resolve().parent.parent / "requirements-engine.txt"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "scopewise" / "wheels"
WITHOUT_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
PIP_WHEEL = [sys.executable, "-m", "pip", "wheel", "--verbose", "--no-deps", "--no-cache-dir"]
HEARTBEAT_S = 15.0


def main() -> None:
    compiler = find_compiler()
    cmake_args = " ".join([os.environ.get("CMAKE_ARGS", ""), *cmake_flags(compiler)]).strip()
    folder = CACHE / key(compiler, cmake_args)
    if not list(folder.glob("*.whl")):
        build(folder, cmake_args)
    (wheel,) = folder.glob("*.whl")
    print(f"Installing {wheel.name} from {folder}", flush=True)
    pip("install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", str(wheel))
    subprocess.run([sys.executable, "-c", "import llama_cpp"], check=True)


def find_compiler() -> list[str]:
    """The C++ compiler's command; ends the program with a sentence when there is none."""
    for name in (os.environ.get("CXX", ""), "c++", "g++", "clang++"):
        if name and shutil.which(name.split()[0]):
            return name.split()
    sys.exit(
        "llama.cpp is built from source, which takes a C++ compiler: install one with "
        "`apt-get install g++` (Debian, Ubuntu), `dnf install gcc-c++` (Fedora) or "
        "`xcode-select --install` (macOS)."
    )


def cmake_flags(compiler: list[str]) -> list[str]:
    """No multimodal library, which nothing here uses, and nothing that makes the build crash."""
    flags = ["-DLLAVA_BUILD=OFF"]
    if drops_amx_stores(compiler):
        flags += [f"-DCMAKE_{language}_FLAGS='{WITHOUT_AMX}'" for language in ("C", "CXX")]
    return flags


def drops_amx_stores(compiler: list[str]) -> bool:
    """Whether the compiler is GCC 11 or 12, on a CPU with AMX.

    Their `_tile_loadconfig` declares 8 bytes of its 64-byte operand, so the stores to the rest are
    dropped, the instruction faults, and the first prompt ends in SIGSEGV.
    """
    is_gcc = "Free Software Foundation" in output_of([*compiler, "--version"])
    major = output_of([*compiler, "-dumpversion"]).partition(".")[0]
    return is_gcc and major in ("11", "12") and "amx_tile" in cpu_features()


def key(compiler: list[str], cmake_args: str) -> str:
    """Names everything a build depends on; Python is not among it, for the wheel is py3-none."""
    parts = [
        REQUIREMENT.read_text(encoding="utf-8"),
        sysconfig.get_platform(),
        " ".join(platform.libc_ver()),
        cpu_features(),
        output_of([*compiler, "--version"]).partition("\n")[0],
        cmake_args,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def cpu_features() -> str:
    """What the compiler sees of this CPU under `-march=native`, or at least its name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(errors="replace").splitlines()
        features = [line for line in lines if line.lower().startswith(("flags", "features"))]
        return " ".join(sorted(features[0].partition(":")[2].split())) if features else ""
    return output_of(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.processor()


def build(folder: Path, cmake_args: str) -> None:
    """Build the wheel into `folder`, saying every few seconds how far it is."""
    CACHE.mkdir(parents=True, exist_ok=True)
    log_path = folder.with_suffix(".log")
    print("Building llama.cpp for this machine: about five minutes, once.", flush=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work, log_path.open("wb") as log:
        process = subprocess.Popen(
            [*PIP_WHEEL, "--wheel-dir", work, "--requirement", str(REQUIREMENT)],
            env={**os.environ, "CMAKE_ARGS": cmake_args},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        if watch(process, log_path) != 0:
            print(*log_path.read_text(errors="replace").splitlines()[-40:], sep="\n")
            sys.exit(f"llama-cpp-python could not be built; all of the log is in {log_path}.")
        folder.mkdir(exist_ok=True)
        for wheel in Path(work).glob("*.whl"):
            wheel.replace(folder / wheel.name)


def watch(process: subprocess.Popen[bytes], log_path: Path) -> int:
    """The exit code of the build, once it has one."""
    start = said = time.monotonic()
    while process.poll() is None:
        time.sleep(0.5)
        now = time.monotonic()
        if sys.stdout.isatty():
            print(f"\r  {progress(log_path, now - start)}  ", end="", flush=True)
        elif now - said >= HEARTBEAT_S:
            said = now
            print(f"  {progress(log_path, now - start)}", flush=True)
    print(f"\r  The build ended after {time.monotonic() - start:.0f} s.        ", flush=True)
    return process.returncode


def progress(log_path: Path, seconds: float) -> str:
    """How far the build is, by ninja's `[done/all]` at the end of the log."""
    with log_path.open("rb") as log:
        log.seek(max(log_path.stat().st_size - 200_000, 0))
        steps = re.findall(rb"\[(\d+)/(\d+)\]", log.read())
    elapsed = f"{seconds // 60:.0f}:{seconds % 60:02.0f} min"
    if not steps:
        return f"preparing, {elapsed}"
    return f"{int(steps[-1][0])} of {int(steps[-1][1])} files, {elapsed}"


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True)


def output_of(command: list[str]) -> str:
    """What a command prints, empty when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


if __name__ == "__main__":
    main()
