"""A seccomp filter: the system calls a program that only computes has no use for.

Most would fail anyway for want of a privilege; refusing them at the door keeps their code in the
kernel, where the mistakes are, out of reach.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable
from dataclasses import dataclass

_NEWER = 463
"""The first number that was not yet given when this list was made; x32's lie above as well."""

# Numbers from Linux' asm/unistd_64.h and asm-generic/unistd.h.
_DENIED_X86_64 = {
    "acct": 163,
    "add_key": 248,
    "adjtimex": 159,
    "bpf": 321,
    "chroot": 161,
    "clock_adjtime": 305,
    "clock_settime": 227,
    "delete_module": 176,
    "fanotify_init": 300,
    "finit_module": 313,
    "init_module": 175,
    "ioperm": 173,
    "iopl": 172,
    "kcmp": 312,
    "kexec_file_load": 320,
    "kexec_load": 246,
    "keyctl": 250,
    "lookup_dcookie": 212,
    "migrate_pages": 256,
    "modify_ldt": 154,
    "mount": 165,
    "move_pages": 279,
    "mq_open": 240,
    "mq_unlink": 241,
    "msgctl": 71,
    "msgget": 68,
    "msgrcv": 70,
    "msgsnd": 69,
    "name_to_handle_at": 303,
    "nfsservctl": 180,
    "open_by_handle_at": 304,
    "perf_event_open": 298,
    "personality": 135,
    "pivot_root": 155,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "ptrace": 101,
    "quotactl": 179,
    "reboot": 169,
    "request_key": 249,
    "semctl": 66,
    "semget": 64,
    "semop": 65,
    "semtimedop": 220,
    "setdomainname": 171,
    "sethostname": 170,
    "setns": 308,
    "settimeofday": 164,
    "shmat": 30,
    "shmctl": 31,
    "shmget": 29,
    "socket": 41,
    "swapoff": 168,
    "swapon": 167,
    "sysctl": 156,
    "sysfs": 139,
    "syslog": 103,
    "umount2": 166,
    "unshare": 272,
    "uselib": 134,
    "userfaultfd": 323,
    "ustat": 136,
    "vhangup": 153,
    "vmsplice": 278,
}
_DENIED_AARCH64 = {
    "acct": 89,
    "add_key": 217,
    "adjtimex": 171,
    "bpf": 280,
    "chroot": 51,
    "clock_adjtime": 266,
    "clock_settime": 112,
    "delete_module": 106,
    "fanotify_init": 262,
    "finit_module": 273,
    "init_module": 105,
    "kcmp": 272,
    "kexec_file_load": 294,
    "kexec_load": 104,
    "keyctl": 219,
    "lookup_dcookie": 18,
    "migrate_pages": 238,
    "mount": 40,
    "move_pages": 239,
    "mq_open": 180,
    "mq_unlink": 181,
    "msgctl": 187,
    "msgget": 186,
    "msgrcv": 188,
    "msgsnd": 189,
    "name_to_handle_at": 264,
    "nfsservctl": 42,
    "open_by_handle_at": 265,
    "perf_event_open": 241,
    "personality": 92,
    "pivot_root": 41,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "ptrace": 117,
    "quotactl": 60,
    "reboot": 142,
    "request_key": 218,
    "semctl": 191,
    "semget": 190,
    "semop": 193,
    "semtimedop": 192,
    "setdomainname": 162,
    "sethostname": 161,
    "setns": 268,
    "settimeofday": 170,
    "shmat": 196,
    "shmctl": 195,
    "shmget": 194,
    "socket": 198,
    "swapoff": 225,
    "swapon": 224,
    "syslog": 116,
    "umount2": 39,
    "unshare": 97,
    "userfaultfd": 282,
    "vhangup": 58,
    "vmsplice": 75,
}
_DENIED_EVERYWHERE = {
    "fsconfig": 431,
    "fsmount": 432,
    "fsopen": 430,
    "fspick": 433,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "io_uring_setup": 425,
    "memfd_secret": 447,
    "mount_setattr": 442,
    "move_mount": 429,
    "open_tree": 428,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "quotactl_fd": 443,
}
_CLONE3 = 435


@dataclass(frozen=True)
class _Machine:
    audit: int
    clone: int
    ioctl: int
    denied: dict[str, int]


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 56, 16, _DENIED_X86_64),
    "aarch64": _Machine(0xC00000B7, 220, 29, _DENIED_AARCH64),
}

_NAMESPACES = 0x7E020000
"""The flags of clone that make a namespace."""
_TERMINAL_INPUT = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: keys typed into the terminal the server was started from."""

# struct seccomp_data: the number, the architecture, the instruction pointer, six arguments.
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_DENY = _ERRNO | errno.EPERM
_UNKNOWN = _ERRNO | errno.ENOSYS


def filter_for(machine: str) -> bytes | None:
    """The filter as an array of `struct sock_filter`; None for a machine without a list."""
    known = _MACHINES.get(machine)
    if known is None:
        return None
    return b"".join(
        [
            _load(_ARCHITECTURE),
            _unless(_EQUAL, known.audit, _KILL),
            _load(_NUMBER),
            _when(_AT_LEAST, [_NEWER], _UNKNOWN),
            # glibc asks clone3 first, whose flags no filter can see, and then clone.
            _when(_EQUAL, [_CLONE3], _UNKNOWN),
            _when(_EQUAL, sorted({**known.denied, **_DENIED_EVERYWHERE}.values()), _DENY),
            _argument_of(known.clone, _FIRST, _when(_ANY_BIT, [_NAMESPACES], _DENY)),
            _argument_of(known.ioctl, _SECOND, _when(_EQUAL, _TERMINAL_INPUT, _DENY)),
            _return(_ALLOW),
        ]
    )


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, offset)


def _return(action: int) -> bytes:
    return _instruction(_RETURN, action)


def _unless(test: int, value: int, action: int) -> bytes:
    return _instruction(test, value, if_true=1) + _return(action)


def _when(test: int, values: Iterable[int], action: int) -> bytes:
    return b"".join(_instruction(test, value, if_false=1) + _return(action) for value in values)


def _argument_of(number: int, offset: int, checks: bytes) -> bytes:
    """Checks of an argument of one system call; for any other they are passed over."""
    body = _load(offset) + checks + _load(_NUMBER)
    return _instruction(_EQUAL, number, if_false=len(body) // 8) + body
