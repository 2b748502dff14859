"""How much the detectors find, and how much of what they find is none."""

from __future__ import annotations

from collections import Counter

import pytest
from scopewise.cloud.secrets import Secret, find_secrets

from .look_alikes import innocent_files
from .secret_corpus import CorpusFile, Mark, secret_files

SEEDS = (1, 20_260)


def _is_covered(mark: Mark, found: tuple[Secret, ...]) -> bool:
    """Whether no character of a planted secret would leave."""
    return any(secret.start <= mark.start and mark.end <= secret.end for secret in found)


def _is_touched(mark: Mark, found: tuple[Secret, ...]) -> bool:
    return any(secret.start < mark.end and mark.start < secret.end for secret in found)


def _show(file: CorpusFile, mark: Mark, found: tuple[Secret, ...]) -> str:
    lines = file.text.splitlines()
    line = file.text.count("\n", 0, mark.start)
    return f"{mark.kind} in {file.path}: {lines[line][:160]!r} found {found}"


@pytest.mark.parametrize("seed", SEEDS)
def test_planted_secrets_are_found(seed: int) -> None:
    planted: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for file in secret_files(seed):
        found = find_secrets(file.text, file.path)
        for mark in file.marks:
            planted[mark.kind] += 1
            if not _is_covered(mark, found):
                missed[mark.kind] += 1
                print("missed:", _show(file, mark, found))
    recall = 1 - missed.total() / planted.total()
    print(f"seed {seed}: {planted.total()} of {len(planted)} kinds, recall {recall:.4f}")
    assert planted.total() >= 150
    assert len(planted) >= 25
    assert recall >= 0.98


@pytest.mark.parametrize("seed", SEEDS)
def test_look_alikes_are_left_alone(seed: int) -> None:
    n_innocent, wrong = 0, 0
    for file in innocent_files(seed):
        found = find_secrets(file.text, file.path)
        for mark in file.marks:
            n_innocent += 1
            if _is_touched(mark, found):
                wrong += 1
                print("wrong:", _show(file, mark, found))
    print(f"seed {seed}: {n_innocent} look-alikes, {wrong} taken for secrets")
    assert n_innocent >= 300
    assert wrong <= 0.03 * n_innocent


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_else_in_the_files_is_taken_for_a_secret(seed: int) -> None:
    n_files, stray = 0, 0
    for file in secret_files(seed):
        n_files += 1
        for secret in find_secrets(file.text, file.path):
            if not any(secret.start < m.end and m.start < secret.end for m in file.marks):
                stray += 1
                print("stray:", file.path, secret.kind, file.text[secret.start : secret.end][:80])
    assert stray <= 0.03 * n_files
