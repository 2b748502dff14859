"""The filter, run by a machine of a few lines: the kernel's own is only one architecture."""

import struct

import pytest

from scopewise.sandbox.seccomp import filter_for

ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def answer(machine: str, number: int, first: int = 0, second: int = 0, audit: int = 0) -> int:
    program = list(struct.iter_unpack("=HBBI", filter_for(machine) or b""))
    data = struct.pack("<IIQ6Q", number, audit or AUDIT[machine], 0, first, second, 0, 0, 0, 0)
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case 0x06:
                return value


NUMBERS = {
    "x86_64": {
        "read": 0, "mmap": 9, "socketpair": 53, "execve": 59, "futex": 202, "prlimit64": 302,
        "ptrace": 101, "socket": 41, "mount": 165, "unshare": 272, "keyctl": 250, "bpf": 321,
        "clone": 56, "ioctl": 16,
    },
    "aarch64": {
        "read": 63, "mmap": 222, "socketpair": 199, "execve": 221, "futex": 98, "prlimit64": 261,
        "ptrace": 117, "socket": 198, "mount": 40, "unshare": 97, "keyctl": 219, "bpf": 280,
        "clone": 220, "ioctl": 29,
    },
}  # fmt: skip


@pytest.fixture(params=sorted(NUMBERS))
def machine(request):
    return request.param


@pytest.mark.parametrize("name", ["read", "mmap", "socketpair", "execve", "futex", "prlimit64"])
def test_ordinary_work_is_allowed(machine, name):
    assert answer(machine, NUMBERS[machine][name]) == ALLOW


@pytest.mark.parametrize("name", ["ptrace", "socket", "mount", "unshare", "keyctl", "bpf"])
def test_doors_are_closed(machine, name):
    assert answer(machine, NUMBERS[machine][name]) == EPERM


@pytest.mark.parametrize("number", [425, 426, 427, 428, 429, 430, 438, 442])
def test_numbers_that_all_machines_share(machine, number):
    assert answer(machine, number) == EPERM


def test_clone_may_make_threads_and_processes_but_no_namespaces(machine):
    clone = NUMBERS[machine]["clone"]

    assert answer(machine, clone, first=0x3D0F00) == ALLOW
    assert answer(machine, clone, first=17) == ALLOW
    for flag in (0x00020000, 0x02000000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(machine, clone, first=flag | 17) == EPERM
    assert answer(machine, 435) == ENOSYS


def test_nothing_is_typed_into_the_terminal(machine):
    ioctl = NUMBERS[machine]["ioctl"]

    assert answer(machine, ioctl, second=0x5412) == EPERM
    assert answer(machine, ioctl, second=0x5401) == ALLOW


def test_numbers_of_the_future_and_other_numberings(machine):
    assert answer(machine, 463) == ENOSYS
    assert answer(machine, 0x40000000 + 59) == ENOSYS
    assert answer(machine, 0, audit=0x40000003) == KILL


def test_a_machine_nobody_wrote_a_list_for():
    assert filter_for("riscv64") is None
