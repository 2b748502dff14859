"""What a program is given: files, folders to read, folders to change."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import venv
from pathlib import Path

import psutil
import pytest

import scopewise
from scopewise.sandbox.protocol import Limits, Program, SandboxFailed

PYTHON = sys.executable


def python(code: str, **more) -> Program:
    return Program((PYTHON, "-I", "-c", code), **more)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "module.py").write_text("VALUE = 1\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "inner.txt").write_text("inner")
    (tmp_path / "link").symlink_to("package/module.py")
    return tmp_path


def test_output_and_exit_code(sandbox):
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    run = sandbox.run(python(code), Limits())

    assert (run.exit_code, run.stdout, run.stderr) == (3, b"out\n", b"err\n")
    assert run.stopped_by == ""


def test_input_that_is_read_and_input_that_is_not(sandbox):
    echo = python("import sys; sys.stdout.write(sys.stdin.read())", stdin=b"x" * 500_000)
    assert sandbox.run(echo, Limits()).stdout == b"x" * 500_000
    assert sandbox.run(python("pass", stdin=b"x" * 500_000), Limits()).exit_code == 0


def test_files_and_environment(sandbox):
    program = python(
        "import os; print(open('a/b.txt').read(), os.environ['X'], sorted(os.environ))",
        files={"a/b.txt": b"content"},
        environment={"X": "y"},
    )
    run = sandbox.run(program, Limits())

    assert run.stdout == b"content y ['HOME', 'LANG', 'PATH', 'TMPDIR', 'X']\n"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", ""])
def test_files_outside_the_work_folder_are_not_written(sandbox, name):
    with pytest.raises(SandboxFailed):
        sandbox.run(python("pass", files={name: b""}), Limits())


def test_a_readable_folder_cannot_be_written(sandbox, project):
    code = (
        "import os\nprint(open('package/module.py').read(), end='')\n"
        "try: open('package/new.py', 'w')\nexcept OSError: print('refused')\n"
        "print(os.path.exists('../sibling'))"
    )
    (project.parent / "sibling").write_text("not shown")
    run = sandbox.run(python(code, readable=(project,), cwd=str(project)), Limits())

    assert run.stdout == b"VALUE = 1\nrefused\nFalse\n"


def test_a_file_is_shown_with_other_content(sandbox, project):
    module = project / "package" / "module.py"
    program = python(
        f"print(open({str(module)!r}).read())", readable=(project,), replaced={module: b"other"}
    )

    assert sandbox.run(program, Limits()).stdout == b"other\n"
    assert module.read_text() == "VALUE = 1\n"


def test_a_copy_can_be_changed_and_the_host_is_not(sandbox, project):
    module = project / "package" / "module.py"
    program = python(
        "import os\nopen('package/new.py', 'w').write('x')\n"
        "print(open('package/module.py').read(), open('link').read())\n"
        "os.remove('package/module.py')\nprint(sorted(os.listdir('.')), os.listdir('package'))\n"
        "print(open('.venv/inner.txt').read())\n"
        "try: open('.venv/inner.txt', 'w')\nexcept OSError: print('refused')\n",
        copies=(project,),
        readable=(project / ".venv",),
        replaced={module: b"other"},
        cwd=str(project),
    )
    run = sandbox.run(program, Limits())

    lines = run.stdout.decode().splitlines()
    assert lines == [
        "other other",
        "['.venv', 'link', 'package'] ['new.py']",
        "inner",
        "refused",
    ], run.stderr
    assert module.read_text() == "VALUE = 1\n"
    assert [path.name for path in (project / "package").iterdir()] == ["module.py"]


def test_a_copy_has_a_limit_too(sandbox, project):
    code = "for n in range(1000): open(f'{n}', 'wb').write(bytes(1 << 20))"
    program = python(code, copies=(project,), cwd=str(project))
    run = sandbox.run(program, Limits(disk_bytes=4 << 20))

    assert run.stopped_by == "disk"


@pytest.mark.parametrize("path", ["/", "/etc", "/tmp", "/proc", "relative", str(Path.home())])
def test_more_than_a_project_is_not_shown(sandbox, path):
    with pytest.raises(SandboxFailed):
        sandbox.run(python("pass", readable=(Path(path),)), Limits())


def test_only_files_that_are_seen_can_be_replaced(sandbox, tmp_path):
    with pytest.raises(SandboxFailed):
        sandbox.run(python("pass", replaced={tmp_path / "x": b""}), Limits())


def test_a_program_that_is_not_there(sandbox):
    with pytest.raises(SandboxFailed, match="could not be started"):
        sandbox.run(Program(("/nowhere/program",)), Limits())


def test_a_virtual_environment(sandbox, tmp_path):
    venv.create(tmp_path / "env", symlinks=True, with_pip=False)
    interpreter = tmp_path / "env" / "bin" / "python"
    code = "import sys; print(sys.prefix, sys.base_prefix)"
    run = sandbox.run(Program((str(interpreter), "-I", "-c", code)), Limits())

    assert run.stdout.decode().split() == [str(tmp_path / "env"), sys.base_prefix]


def test_what_is_left_running_ends_with_the_program(sandbox):
    code = "import subprocess; subprocess.Popen(['/bin/sleep', '60']); print('done')"
    started = time.monotonic()
    run = sandbox.run(python(code), Limits())

    assert run.stdout == b"done\n"
    assert time.monotonic() - started < 5


def test_a_signal_that_ended_it(sandbox):
    run = sandbox.run(python("import os; os.abort()"), Limits())

    assert (run.exit_code, run.stopped_by, run.signal) == (None, "signal", 6)


HOSTS = {
    "program": "sandbox.run(Program((sys.executable, '-c', 'import time; time.sleep(99)')), far)",
    "call": "ForkServer(sandbox, Path(sys.executable), main).call(b'', far)",
}


@pytest.mark.parametrize("way", HOSTS)
def test_all_ends_with_the_server(sandbox, way, tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from scopewise.sandbox import find_sandbox\n"
        "from scopewise.sandbox.fork_server import ForkServer\n"
        "from scopewise.sandbox.protocol import Limits, Program\n"
        "sandbox, far = find_sandbox().sandbox, Limits(wall_s=99)\n"
        "main = 'import time\\ndef main(payload): time.sleep(99)'\n" + HOSTS[way]
    )
    package = str(Path(scopewise.__file__).parents[1])
    path = os.pathsep.join([package, *sys.path])
    host = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path})
    family = wait_for(lambda: sleeping(host.pid))
    host.kill()
    host.wait()

    assert wait_for(lambda: not any(is_alive(process) for process in family))


def sleeping(pid: int) -> list[psutil.Process]:
    """The processes below a host, once the innermost is there."""
    family = psutil.Process(pid).children(recursive=True)
    return family if len(family) >= 3 else []


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_for(look):
    for _ in range(500):
        if seen := look():
            return seen
        time.sleep(0.01)
    return None
