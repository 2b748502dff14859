"""`python -m scopewise.bench.bare_loop`: seconds that llama.cpp's plainest loop takes.

Reads `{"config", "prompt", "n_tokens"}` from stdin and writes the seconds of decoding to stdout.
"""

from __future__ import annotations

import os
import sys

import msgspec

from scopewise.engine.llamacpp import ModelConfig, bare_decode_seconds


class Job(msgspec.Struct):
    config: ModelConfig
    prompt: str
    n_tokens: int


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    answers.write(f"{bare_decode_seconds(job.config, job.prompt, job.n_tokens)}\n")
    answers.flush()


if __name__ == "__main__":
    main()
