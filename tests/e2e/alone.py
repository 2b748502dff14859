"""Runs a command where no network is, and writes down whatever tried to leave.

`python alone.py REPORT COMMAND…`, inside of `unshare --net --mount`.
There is the loopback device alone, and every address in the world is routed to it: what would have
left is refused at once and seen.
The report is a JSON list of packets to anything but this machine, and of questions to a name server
even on this machine, which would ask others.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

_EVERYTHING = 0x0003
_SET_UP = (
    "ip link set lo up",
    "ip route add local 0.0.0.0/0 dev lo",
    "ip -6 route add local ::/0 dev lo",
)
_HELPERS = ("/run/systemd/resolve", "/run/nscd", "/run/dbus")
"""Sockets of programs that stayed outside and would ask a name server for us."""
_NAME_SERVERS = frozenset({53, 853, 5353, 5355})
_KINDS = {1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6"}
_LAST = ("127.0.0.1", 9)
"""A packet to here is the last one to be looked at."""


def traveller(frame: bytes) -> tuple[str, str, int]:
    """Protocol, target and port of a packet; the port 0 where it has none."""
    if frame[12:14] == b"\x08\x00":
        number, rest = frame[23], frame[14 + (frame[14] & 15) * 4 :]
        target = socket.inet_ntop(socket.AF_INET, frame[30:34])
    else:
        number, rest = frame[20], frame[54:]
        target = socket.inet_ntop(socket.AF_INET6, frame[38:54])
    port = struct.unpack("!H", rest[2:4])[0] if number in (6, 17) else 0
    return _KINDS.get(number, str(number)), target, port


def record(seen: list[str], recorder: socket.socket) -> None:
    """Note every packet that would have left, until the last one."""
    while True:
        frame, address = recorder.recvfrom(65535)
        if address[2] != socket.PACKET_OUTGOING or frame[12:14] not in (b"\x08\x00", b"\x86\xdd"):
            continue
        kind, target, port = traveller(frame)
        if (target, port) == _LAST:
            return
        if not ipaddress.ip_address(target).is_loopback or port in _NAME_SERVERS:
            seen.append(f"{kind} to {target} port {port}")


def main(report: Path, command: list[str]) -> int:
    for line in _SET_UP:
        subprocess.run(line.split(), check=True)
    for folder in filter(os.path.isdir, _HELPERS):
        subprocess.run(["mount", "-t", "tmpfs", "none", folder], check=True)
    seen: list[str] = []
    recorder = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERYTHING))
    recording = threading.Thread(target=record, args=(seen, recorder))
    recording.start()
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", _LAST)
        recording.join()
        report.write_text(json.dumps(seen))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
