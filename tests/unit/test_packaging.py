"""What the wheel carries and what an installation gets, as far as it shows without building."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import scopewise

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGE = ROOT / "server" / "scopewise"


def pinned(name: str) -> dict[str, list[str]]:
    """The versions a requirements file pins, by package; several where markers divide them."""
    versions: dict[str, list[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([\w.-]+)==([^\s;]+)", line):
            versions.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return versions


def wanted(*requirements: str) -> list[Requirement]:
    return [Requirement(requirement) for requirement in requirements]


def test_every_dependency_is_pinned_at_a_version_that_will_do() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    requirements = wanted(
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
        *extras["websocket"],
    )
    versions = pinned("requirements.txt")

    # `make lock` mends what this finds.
    for requirement in requirements:
        found = versions.get(canonicalize_name(requirement.name), [])
        assert found, requirement
        assert all(requirement.specifier.contains(version) for version in found), requirement


def test_the_engine_is_pinned_apart_for_its_wheel_is_our_own() -> None:
    (requirement,) = wanted(*PROJECT["project"]["optional-dependencies"]["local"])
    name = canonicalize_name(requirement.name)

    (version,) = pinned("requirements-engine.txt")[name]

    assert requirement.specifier.contains(version)
    assert name not in pinned("requirements.txt")


def test_pinned_files_have_hashes_and_no_addresses() -> None:
    for name in ("requirements.txt", "requirements-engine.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")

        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index" not in text


def test_the_wheel_carries_the_grammars() -> None:
    carried = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert carried == {"grammars": "scopewise/grammars"}
    assert (ROOT / "grammars" / "python" / "language.toml").is_file()


def test_the_samples_of_the_demo_lie_in_the_package_and_keep_their_faults() -> None:
    sample = PACKAGE / "samples" / "bike_hire"

    assert {path.name for path in sample.glob("*.*")} == {
        "tariff.py",
        "day_report.py",
        "till.jsonl",
    }
    assert (sample / "tariff.py").read_text(encoding="utf-8").endswith('    """\n    ...\n')
    assert 'record["member"]' in (sample / "day_report.py").read_text(encoding="utf-8")


def test_the_version_is_where_the_build_looks_for_it() -> None:
    place = ROOT / PROJECT["tool"]["hatch"]["version"]["path"]

    assert f'__version__ = "{scopewise.__version__}"' in place.read_text(encoding="utf-8")


def test_the_licence_is_the_one_the_project_names() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0, January 2004" in text
