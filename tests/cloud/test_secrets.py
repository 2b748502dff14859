"""How much the detectors find, and how much of what they find is none."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
from collections import Counter

import pytest

from scopewise.cloud import secrets
from scopewise.cloud.secrets import Secret, find_secrets
from scopewise.errors import InputError

from .look_alikes import innocent_files
from .secret_corpus import ALNUM, CorpusFile, Mark, chars, private_key, secret_files

SEEDS = (1, 20_260)


def _report(summary: str, misses: list[str]) -> None:
    """Shown by pytest when the test fails, and with `-s`."""
    sys.stdout.write("\n".join(["", summary, *misses]) + "\n")


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
    misses: list[str] = []
    for file in secret_files(seed):
        found = find_secrets(file.text, file.path)
        for mark in file.marks:
            planted[mark.kind] += 1
            if not _is_covered(mark, found):
                misses.append(_show(file, mark, found))
    recall = 1 - len(misses) / planted.total()
    _report(f"{planted.total()} secrets of {len(planted)} kinds, recall {recall:.4f}", misses)
    assert planted.total() >= 150
    assert len(planted) >= 25
    assert recall >= 0.98


@pytest.mark.parametrize("seed", SEEDS)
def test_look_alikes_are_left_alone(seed: int) -> None:
    n_innocent, misses = 0, []
    for file in innocent_files(seed):
        found = find_secrets(file.text, file.path)
        for mark in file.marks:
            n_innocent += 1
            if _is_touched(mark, found):
                misses.append(_show(file, mark, found))
    _report(f"{n_innocent} look-alikes, {len(misses)} taken for secrets", misses)
    assert n_innocent >= 300
    assert len(misses) <= 0.03 * n_innocent


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_else_in_the_files_is_taken_for_a_secret(seed: int) -> None:
    n_files, misses = 0, []
    for file in secret_files(seed):
        n_files += 1
        misses += [
            f"{secret.kind} in {file.path}: {file.text!r}"
            for secret in find_secrets(file.text, file.path)
            if not any(secret.start < m.end and m.start < secret.end for m in file.marks)
        ]
    _report(f"{n_files} files, {len(misses)} findings beside what was planted", misses)
    assert len(misses) <= 0.03 * n_files


KEY = chars(ALNUM, 32)(random.Random(9))
PASSWORD = "".join(["Tr0ub", "4dor", "&3"])


def _found(text: str, path: str) -> list[str]:
    return [text[secret.start : secret.end] for secret in find_secrets(text, path)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "PASSWORDS = ['{}', 'admin']"),
        ("a.py", "auth=('joe', '{}')"),
        ("a.py", "parser.add_argument('--password', default='{}')"),
        ("a.py", "keyring.set_password('service', 'joe', '{}')"),
        ("a.py", "check(user, password=b'{}')"),
        ("a.ts", "const password: string = '{}';"),
        ("a.rs", 'const PASSWORD: &str = "{}";'),
        ("a.java", '@Value("${{db.password:{}}}")'),
        ("a.java", 'DriverManager.getConnection(url, "joe", "{}")'),
        ("a.cs", 'new NetworkCredential("joe", "{}")'),
        ("a.cs", 'var c = "Server=.;User ID=sa;Password={};";'),
        ("a.sh", "export PGPASSWORD={}"),
        ("a.sh", "htpasswd -b users joe '{}'"),
        ("a.yml", "- name: DB_PASSWORD\n  value: {}\n"),
        ("a.yml", "password: >-\n  {}\n"),
        ("a.ini", "password = {} ; new"),
        ("a.xml", '<property name="password">{}</property>'),
        ("a.md", "The password is `{}`."),
        ("", "password = '{}'"),
        ("", "password: {}"),
    ],
)
def test_a_password_is_found_however_it_is_written(path: str, text: str) -> None:
    assert _found(text.format(PASSWORD), path) == [PASSWORD]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'api_key = (\n    "{}"\n)'),
        ("a.py", 'hmac.new(b"{}", message)'),
        ("a.py", 'SECRET_KEY = os.environ.get("SECRET_KEY") or "{}"'),
        ("a.js", "headers: {{ 'x-api-key': '{}' }}"),
        ("a.sh", 'curl -H "X-Api-Key: {}" https://example.com'),
        ("a.sh", 'curl -b "sessionid={}" https://example.com'),
        ("a.json", '{{"name": "API_KEY", "value": "{}"}}'),
    ],
)
def test_a_key_is_found_however_it_is_written(path: str, text: str) -> None:
    assert _found(text.format(KEY), path) == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        'password = data["password"]',
        "def login(user, password: str = '') -> None: ...",
        "token = next(tokens)",
        'token = "IDENTIFIER"',
        'cache_key = "users:list:v2"',
        'self.helper("_call_assertion_pass", message)',
        'MAX_TOKENS = {"small-2-20250514": 8_192}',
        'print("Forgot your password?", file=sys.stderr)',
        'url = f"https://{user}:{password}@{host}/"',
        '"Authorization": f"Bearer {token}"',
        'key.startswith("-----BEGIN " "PRIVATE KEY-----")',
        'OID = ObjectIdentifier("1.2.840.113549.1.9.7")',
        'model = "Someone4/zephyr-orpo-141b-A35b-v0.1"',
    ],
)
def test_code_about_secrets_holds_none(text: str) -> None:
    assert _found(text, "a.py") == []


def test_a_comment_in_the_file_does_not_hide_a_secret() -> None:
    text = f'password = "{PASSWORD}"  # pragma: allowlist ' + "secret\n"
    assert _found(text, "a.py") == [PASSWORD]


def test_a_private_key_is_one_secret_up_to_its_last_line() -> None:
    key = private_key(random.Random(2))
    assert _found(f"a\n{key}\nb\n", "a.txt") == [key]


def test_what_is_left_of_a_cut_private_key_is_found() -> None:
    key = private_key(random.Random(2)).rsplit("\n", 2)[0]
    (found,) = _found(f"{key}\n\nprint(1)\n", "a.txt")
    assert found.strip() == key


def test_a_kubernetes_secret_ends_with_its_document() -> None:
    text = "data:\n  a: b1\n---\nkind: Secret\ndata:\n  a: Zm9vMQ==\n---\ndata:\n  a: c3d\n"
    assert _found(text, "a.yaml") == ["Zm9vMQ=="]


def test_findings_are_in_order_apart_and_the_same_each_time() -> None:
    for file in secret_files(11):
        found = find_secrets(file.text, file.path)
        assert found == find_secrets(file.text, file.path)
        ends = [0, *(secret.end for secret in found)]
        starts = [*(secret.start for secret in found), len(file.text)]
        assert all(end <= start for end, start in zip(ends, starts, strict=True))


def test_no_detector_asks_a_vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a detector wanted to connect")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for file in secret_files(12):
        find_secrets(file.text, file.path)


def test_without_the_detectors_nothing_can_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "detect_secrets.plugins.slack", None)
    secrets._detectors.cache_clear()
    with pytest.raises(InputError, match=r"not installed.*scopewise\[cloud\]"):
        find_secrets("a = 1", "a.py")


def test_the_detectors_are_imported_when_they_are_needed() -> None:
    code = (
        "import sys; import scopewise.cloud.redaction as r\n"
        "before = 'detect_secrets' in sys.modules\n"
        "r.redact(['aws = 1']); print(before, 'detect_secrets' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("path", ["a.py", "a.yml", "a.sh"])
@pytest.mark.parametrize(
    "bit",
    [
        "password", "password=", "password: ", "password='", "_auth=", "token: List[", "\t", "a",
        "curl -u a ", "mysql -p", "user=a;", "https://a:", "Bearer ", "key default = ", '"', "V",
        "-----BEGIN " "PRIVATE KEY-----\n", "//a/:_authToken=", "${password:",
        "kind: Secret\ndata:\n  a: b\n",
    ],
)  # fmt: skip
def test_no_text_takes_long(bit: str, path: str) -> None:
    text = (bit * 30_000)[:30_000]
    start = time.perf_counter()
    find_secrets(text, path)
    # Most take a hundredth of that; a pattern that backtracks takes minutes.
    assert time.perf_counter() - start < 5
