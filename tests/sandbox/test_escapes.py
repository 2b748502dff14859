"""What hostile code tries, and what it gets."""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
import time
import uuid
from pathlib import Path

import pytest

SECRET = "sk-not-for-the-sandbox"
SYSTEM_CALL = "import ctypes, os; libc = ctypes.CDLL(None, use_errno=True)\n"
NUMBERS = {
    "x86_64": {"keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "clone": 56},
    "aarch64": {
        "keyctl": 219,
        "bpf": 280,
        "perf_event_open": 241,
        "userfaultfd": 282,
        "clone": 220,
    },
}.get(platform.machine(), {})


def refusal(code: str) -> str:
    """Source text that says how an attempt was refused, or that it was not."""
    body = "\n".join(f"    {line}" for line in code.splitlines())
    return (
        f"try:\n{body}\n"
        "except (OSError, AttributeError, ZeroDivisionError):\n    seen = 'refused'\n"
        "else:\n    seen = 'got it'"
    )


def system_call(call: str) -> str:
    """As `refusal`, for a function of C that says -1."""
    return SYSTEM_CALL + f"seen = 'refused' if libc.{call} == -1 else 'got it'"


@pytest.mark.parametrize(
    "path", ["/etc/shadow", "/etc/hostname", "/root/.ssh", "/home", "/sys", "/proc/kcore", "/boot"]
)
def test_the_system_s_secrets_are_not_there(attempt, path):
    code = (
        f"import os\nif os.path.isdir({path!r}):\n    1 / len(os.listdir({path!r}))\n"
        f"else:\n    open({path!r}, 'rb').read(1)"
    )
    run = attempt(refusal(code))

    assert run.stdout == b"refused"


@pytest.mark.parametrize("place", ["home", "temporary"])
def test_files_of_the_user_are_not_there(attempt, place):
    folder = Path.home() if place == "home" else Path(tempfile.gettempdir())
    secret = folder / f".scopewise-test-{uuid.uuid4().hex}"
    try:
        secret.write_text(SECRET)
    except OSError as error:
        pytest.skip(f"nothing can be planted in {folder}: {error}")
    try:
        run = attempt(refusal(f"seen = open({str(secret)!r}).read()"))
    finally:
        secret.unlink()

    assert run.stdout == b"refused"


def test_no_key_in_any_environment(attempt):
    run = attempt(
        "import glob, os\nseen = dict(os.environ)\n"
        "for path in glob.glob('/proc/[0-9]*/environ'):\n"
        "    try:\n        seen[path] = open(path).read()\n"
        "    except OSError:\n        pass\n"
    )

    assert run.exit_code == 0
    assert b"PATH" in run.stdout
    assert SECRET.encode() not in run.stdout


def test_the_process_that_asked_is_not_there(attempt):
    run = attempt(
        f"import os\nseen = os.path.exists('/proc/{os.getpid()}/mem'), os.listdir('/proc')"
    )

    assert run.stdout.startswith(b"(False")


@pytest.mark.parametrize(
    "path", ["/x", "/usr/x", "/usr/lib/x", "/dev/x", "/etc/x", "/proc/sys/x", "/run/x"]
)
def test_only_the_private_folders_can_be_written(attempt, path):
    assert attempt(refusal(f"open({path!r}, 'w')")).stdout == b"refused"


@pytest.mark.parametrize("path", ["/tmp/x", "/dev/shm/x", "x"])
def test_the_private_folders_can(attempt, path):
    assert attempt(refusal(f"open({path!r}, 'w')")).stdout == b"got it"


def test_the_system_cannot_be_made_writable(attempt):
    assert attempt(system_call("mount(b'/', b'/', None, 32 | 4096, None)")).stdout == b"refused"


def test_nothing_arrives_at_a_port_of_this_machine(attempt):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = listener.getsockname()
        run = attempt(refusal(f"import socket\nsocket.create_connection({address!r}, 1)"))
        with pytest.raises(BlockingIOError):
            listener.accept()

    assert run.stdout == b"refused"


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux'")
@pytest.mark.parametrize("is_abstract", [False, True])
def test_nothing_arrives_at_a_unix_socket(attempt, tmp_path, is_abstract):
    name = f"scopewise-{uuid.uuid4().hex}"
    address = f"\0{name}" if is_abstract else f"{tempfile.gettempdir()}/{name}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        listener.setblocking(False)
        run = attempt(refusal(f"import socket\nsocket.socket(socket.AF_UNIX).connect({address!r})"))
        with pytest.raises(BlockingIOError):
            listener.accept()
    if not is_abstract:
        Path(address).unlink()

    assert run.stdout == b"refused"


@pytest.mark.parametrize(
    "family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_VSOCK", "AF_ALG"]
)
def test_no_kind_of_socket_can_be_made(attempt, family):
    kind = "SOCK_RAW" if family == "AF_NETLINK" else "SOCK_STREAM"
    run = attempt(refusal(f"import socket\nsocket.socket(socket.{family}, socket.{kind})"))

    assert run.stdout == b"refused"


def test_an_event_loop_can_be_made(attempt):
    run = attempt("import asyncio\nasync def f(): return 7\nseen = asyncio.run(f())")

    assert run.stdout == b"7"


@pytest.mark.parametrize(
    "function",
    [
        "ptrace(16, 1, 0, 0)",
        "process_vm_writev(1, None, 0, None, 0, 0)",
        "unshare(0x10000000)",
        "unshare(0x00020000)",
        "setns(0, 0)",
        "chroot(b'/tmp')",
        "mount(b'none', b'/tmp', b'tmpfs', 0, None)",
        "umount2(b'/tmp', 2)",
        "personality(0x0040000)",
        "setuid(0)",
        "setgid(0)",
        "shmget(7, 4096, 0o1666)",
        "syscall(425, 8, ctypes.create_string_buffer(120))",
        "syscall(435, ctypes.create_string_buffer(88), 88)",
        "syscall(438, 1, 0, 0)",
        "syscall(428, -100, b'/', 1)",
        "syscall(430, b'tmpfs', 0)",
        "syscall(462 + 1000)",
    ],
)
def test_system_calls_that_open_doors_are_refused(attempt, function):
    assert attempt(system_call(function)).stdout == b"refused"


@pytest.mark.parametrize("name", ["keyctl", "bpf", "perf_event_open", "userfaultfd"])
def test_system_calls_without_a_function_too(attempt, name):
    if not NUMBERS:
        pytest.skip(f"the numbers of {platform.machine()} are not known here")
    assert attempt(system_call(f"syscall({NUMBERS[name]}, 0, 0, 0, 0, 0)")).stdout == b"refused"


def test_no_child_in_a_namespace_of_its_own(attempt):
    if not NUMBERS:
        pytest.skip(f"the numbers of {platform.machine()} are not known here")
    call = f"syscall({NUMBERS['clone']}, 0x10000000 | 17, 0, 0, 0, 0)"
    run = attempt(
        SYSTEM_CALL + f"pid = libc.{call}\nif pid == 0: os._exit(0)\nseen = pid, ctypes.get_errno()"
    )

    assert run.stdout == b"(-1, 1)"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x32 is x86's")
def test_no_way_round_by_the_other_numbering(attempt):
    run = attempt(SYSTEM_CALL + "seen = libc.syscall(0x40000000 + 39), ctypes.get_errno()")

    assert run.stdout == b"(-1, 38)"


def test_privileges_are_gone_for_good(attempt):
    status = attempt("seen = open('/proc/self/status').read()").stdout.decode()
    facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)

    assert facts["CapEff"] == facts["CapPrm"] == facts["CapInh"] == facts["CapBnd"] == "0" * 16
    assert (facts["NoNewPrivs"], facts["Seccomp"]) == ("1", "2")
    assert "0" not in facts["Uid"].split()


def test_another_program_is_in_the_same_sandbox(attempt):
    run = attempt(
        "import subprocess\n"
        "seen = subprocess.run(['/bin/sh', '-c', 'cat /etc/shadow || echo none'],"
        " capture_output=True, text=True).stdout"
    )

    assert run.stdout == b"none\n"


def test_execve_keeps_the_filter(attempt):
    run = attempt(
        "import subprocess, sys\n"
        "code = 'import socket; socket.socket()'\n"
        "done = subprocess.run([sys.executable, '-I', '-c', code], capture_output=True)\n"
        "seen = done.returncode"
    )

    assert run.stdout == b"1"


def test_a_library_of_its_own_changes_nothing(attempt):
    run = attempt(
        "import os, subprocess\n"
        "open('evil.so', 'w').close()\n"
        "env = {'LD_PRELOAD': os.path.abspath('evil.so')}\n"
        "done = subprocess.run(['/bin/cat', '/etc/shadow'], env=env, capture_output=True)\n"
        "seen = done.returncode"
    )

    assert run.stdout == b"1"


def test_the_loader_of_the_host_s_environment_is_not_obeyed(attempt, monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "/nowhere/evil.so")
    run = attempt("import os\nseen = os.environ.get('LD_PRELOAD')")

    assert (run.stdout, run.stderr) == (b"None", b"")


@pytest.mark.parametrize(
    "number", ["SIGKILL", "SIGTERM", "SIGINT", "SIGSTOP", "SIGCHLD", "SIGSEGV"]
)
def test_signals_to_the_first_process_are_lost(attempt, number):
    run = attempt(
        f"import os, signal, time\nos.kill(1, signal.{number})\ntime.sleep(0.02)\nseen = 'alive'"
    )

    assert (run.exit_code, run.stdout) == (0, b"alive")


def test_signals_do_not_reach_the_host(attempt):
    assert attempt(refusal(f"import os\nos.kill({os.getpid()}, 0)")).stdout == b"refused"


@pytest.mark.parametrize("name", ["mem", "environ", "fd/0", "maps"])
def test_the_memory_of_the_fork_server_is_out_of_reach(call, name):
    assert call(refusal(f"open('/proc/1/{name}', 'rb').read(1)")).stdout == b"refused"


def test_the_pipes_of_the_fork_server_are_out_of_reach(call):
    noise = (
        "import os\nfor fd in range(4, 200):\n"
        "    try: os.write(fd, b'x' * 99)\n    except OSError: pass"
    )
    assert call(f"{noise}\nseen = 'mine'").stdout == b"mine"
    assert call("seen = 'next'").stdout == b"next"


def test_links_lead_nowhere(attempt):
    code = "import os\nos.symlink('/etc/shadow', 'way')\nopen('way').read()"
    assert attempt(refusal(code)).stdout == b"refused"


@pytest.mark.parametrize("make", ["os.mkfifo('result')", "os.symlink('/etc/passwd', 'result')"])
def test_an_odd_result_file_holds_nobody_up(attempt, make):
    started = time.monotonic()
    run = attempt(f"import os\n{make}\nseen = os.listdir('.')")

    assert run.stdout == b"['result']"
    assert time.monotonic() - started < 3
