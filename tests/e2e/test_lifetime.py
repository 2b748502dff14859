"""Beginning and end of the server's process."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time

from conftest import SERVER, Start
from samples import BODY, SLOWLY, STUB

SLOW = {"text": BODY + "    # word" * 200, "delay_s": SLOWLY}


async def test_shutdown_in_the_middle_of_a_job(start: Start) -> None:
    editor = await start(SLOW)
    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: editor.progress)

    await editor.stop()

    assert editor.server.returncode == 0


async def test_shutdown_while_a_command_waits(start: Start) -> None:
    editor = await start(SLOW)
    waiting = asyncio.create_task(editor.run("fill_body", editor.open(STUB), wait=True))
    await editor.until(lambda: editor.progress)

    await editor.stop()

    assert editor.server.returncode == 0
    waiting.cancel()


async def test_server_goes_when_stdin_is_closed(start: Start) -> None:
    editor = await start(SLOW)
    await editor.run("fill_body", editor.open(STUB))
    await editor.until(lambda: editor.progress)

    assert editor.server.stdin
    editor.server.stdin.close()

    await asyncio.wait_for(editor.server.wait(), 5)


def test_server_goes_with_the_editor(environment: dict[str, str]) -> None:
    """Even when something else holds its stdin open."""
    editor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    server = subprocess.Popen(
        SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    params: dict[str, object] = {"processId": editor.pid, "rootUri": None, "capabilities": {}}
    assert server.stdin
    assert server.stdout
    server.stdin.write(initialize(params))
    server.stdin.flush()
    assert server.stdout.readline().startswith(b"Content-Length")

    editor.communicate(b"\n")

    assert server.wait(10) == 1
    server.stdin.close()
    server.stdout.close()


def test_tcp(environment: dict[str, str]) -> None:
    """For debugging: one client, and the server goes with it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([*SERVER, "--tcp", str(port)], env=environment)

    with connected(port) as client:
        client.sendall(initialize({"processId": None, "rootUri": None, "capabilities": {}}))
        answer = client.recv(4096)

    assert answer.startswith(b"Content-Length")
    assert server.wait(10) == 0


def connected(port: int) -> socket.socket:
    deadline = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def initialize(params: dict[str, object]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})
    return f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
