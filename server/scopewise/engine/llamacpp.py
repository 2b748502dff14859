"""llama.cpp through llama-cpp-python's C API: the only file that imports llama_cpp.

The high-level `Llama` class copies the whole vocabulary's scores into Python for every token,
serves one sequence at a time and cannot be stopped during prefill.
Here tokens are chosen by llama.cpp's own samplers, several samples are decoded in one batch after
one prefill, and an abort flag is looked at between the nodes of the compute graph.
This runs in the engine's own process (`engine/worker.py`), never in the language server.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from scopewise.engine.chat_template import ChatTemplate, Span
from scopewise.engine.loop_guard import LoopGuard, Shapes
from scopewise.engine.pace import ThreadPace
from scopewise.engine.protocol import (
    Completion,
    Delta,
    Event,
    Prefill,
    Request,
    Sample,
    Sampling,
    StopReason,
)
from scopewise.engine.stream import TextStream
from scopewise.errors import Cancelled, EngineError, EngineUnavailable, ModelCorrupt, PromptTooLong

N_SLOTS = 4
"""Prompts whose KV cache is kept, so that explaining between two fills costs neither its prefix."""
MAX_SAMPLES = 16
BATCH_TOKENS = 512
"""Prompt tokens evaluated in one call; progress is reported between calls."""
_ABORTED = 2
_NO_ROOM = 1


class ModelConfig(msgspec.Struct, frozen=True):
    """How to load and run a model; the meanings are those of `settings.EngineSettings`."""

    path: str
    name: str
    context_tokens: int = 8192
    threads: int = 0
    gpu_layers: int = 0
    kv_type: str = "f16"
    flash_attention: str = "auto"
    repack: bool = True
    """Whether weights may be rearranged for the CPU's matrix instructions."""


@dataclass
class _Slot:
    """A sequence of the KV cache that holds a prompt, and what follows it, for reuse."""

    sequence: int
    tokens: list[int] = field(default_factory=list)
    last_used: int = 0


@dataclass
class _Branch:
    """One sample being decoded."""

    index: int
    sequence: int
    sampler: Any
    stream: TextStream
    guard: LoopGuard | None
    n_tokens: int = 0
    stop_reason: StopReason | None = None
    tokens: list[int] = field(default_factory=list)


class LlamaModel:
    """A model and its context; not thread-safe but for `tokenize`."""

    def __init__(self, config: ModelConfig, on_load: Callable[[float], None] | None = None) -> None:
        """Load the model; raises EngineUnavailable or ModelCorrupt."""
        self._llama = _import_llama()
        self._config = config
        self._n_threads = config.threads or physical_cores()
        self._pace = ThreadPace(self._n_threads)
        self._is_stopped: Callable[[], bool] = lambda: False
        self._clock = 0
        self._load(on_load)
        self._slots = [_Slot(sequence) for sequence in range(N_SLOTS)]
        self._shapes: Shapes | None = None

    # Public

    @property
    def context_tokens(self) -> int:
        return int(self._llama.llama_n_ctx(self._context))

    @property
    def description(self) -> str:
        buffer = ctypes.create_string_buffer(256)
        self._llama.llama_model_desc(self._model, buffer, len(buffer))
        return buffer.value.decode(errors="replace")

    def tokenize(self, text: str, with_special: bool = False) -> list[int]:
        """The tokens of a text.

        `with_special` also recognises special tokens: for our own templates, never for source code,
        in which a marker such as `<|im_end|>` is only text.
        """
        data = text.encode("utf-8", errors="replace")
        capacity = len(data) + 8
        tokens = (self._llama.llama_token * capacity)()
        count = self._llama.llama_tokenize(
            self._vocab, data, len(data), tokens, capacity, False, with_special
        )
        if count < 0:
            raise EngineError(f"The tokenizer failed on a text of {len(data)} bytes.")
        return list(tokens[:count])

    def prompt_tokens(self, request: Request) -> list[int]:
        """The whole prompt as tokens, the opening of the assistant's turn included."""
        if not request.messages:
            return self._begin() + self.tokenize(request.raw, with_special=True)
        spans = self._template.render(request.messages)
        tokens = [] if self._template.has_begin_token else self._begin()
        for span in [*spans, Span(request.opening, is_content=True)]:
            tokens += self.tokenize(span.text, with_special=not span.is_content)
        return tokens

    def generate(
        self,
        request: Request,
        on_event: Callable[[Event], None],
        shapes: Shapes | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Completion:
        """Run one request; raises PromptTooLong, and Cancelled once `is_stopped` answers true.

        `is_stopped` is asked between the nodes of the compute graph, a thousand times a token.
        """
        self._is_stopped = is_stopped
        prompt = self.prompt_tokens(request)
        self._check_room(len(prompt), request)
        started = time.perf_counter()
        slot, n_cached = self._prefill(prompt, request, on_event)
        prefilled = time.perf_counter()
        branches = self._branches(request, slot, len(prompt), shapes)
        try:
            self._decode_all(branches, len(prompt), request, on_event)
            self._keep_answer(slot, branches)
        finally:
            self._release(branches)
        return Completion(
            samples=tuple(self._sample(branch) for branch in branches),
            model=self._config.name,
            n_prompt_tokens=len(prompt),
            n_cached_tokens=n_cached,
            prefill_s=prefilled - started,
            decode_s=time.perf_counter() - prefilled,
        )

    # Loading

    def _load(self, on_load: Callable[[float], None] | None) -> None:
        llama, config = self._llama, self._config
        llama.llama_backend_init()
        parameters = llama.llama_model_default_params()
        parameters.n_gpu_layers = config.gpu_layers
        parameters.use_extra_bufts = config.repack
        if on_load is not None:
            parameters.progress_callback = self._keep(
                llama.llama_progress_callback(lambda share, _: on_load(share) or True)
            )
        self._model = llama.llama_model_load_from_file(config.path.encode(), parameters)
        if not self._model:
            raise ModelCorrupt(
                f"llama.cpp cannot load {config.path}: it is cut short or of a kind it does not "
                "know.",
                f"Type `scopewise models verify {config.name}`.",
            )
        self._vocab = llama.llama_model_get_vocab(self._model)
        self._context = llama.llama_init_from_model(self._model, self._context_parameters())
        if not self._context:
            raise EngineUnavailable(
                f"There is no memory for a context of {config.context_tokens} tokens.",
                "Lower the setting `engine.context_tokens`.",
            )
        self._memory = llama.llama_get_memory(self._context)
        abort = self._keep(llama.ggml_abort_callback(lambda _: self._is_stopped()))
        llama.llama_set_abort_callback(self._context, abort, None)
        self._batch = llama.llama_batch_init(BATCH_TOKENS, 0, 1)
        self._template = self._chat_template()

    def _context_parameters(self) -> Any:
        llama, config = self._llama, self._config
        parameters = llama.llama_context_default_params()
        trained = llama.llama_model_n_ctx_train(self._model)
        parameters.n_ctx = min(config.context_tokens, trained or config.context_tokens)
        parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
        parameters.n_seq_max = N_SLOTS + MAX_SAMPLES
        # Sequences share the cells of their common prefix instead of owning a part of the cache.
        parameters.kv_unified = True
        parameters.n_threads = parameters.n_threads_batch = self._n_threads
        parameters.type_k = parameters.type_v = _KV_TYPES[config.kv_type]
        parameters.flash_attn_type = _FLASH_ATTENTION[config.flash_attention]
        return parameters

    def _chat_template(self) -> ChatTemplate:
        source = self._llama.llama_model_chat_template(self._model, None)
        if not source:
            raise EngineUnavailable(
                f"The model {self._config.name} carries no chat template.",
                "Choose an instruction-tuned model.",
            )
        bos = self._token_text(self._llama.llama_vocab_bos(self._vocab))
        eos = self._token_text(self._llama.llama_vocab_eos(self._vocab))
        return ChatTemplate(source.decode(), bos, eos)

    def _token_text(self, token: int) -> str:
        if token < 0:
            return ""
        return (self._llama.llama_vocab_get_text(self._vocab, token) or b"").decode()

    def _begin(self) -> list[int]:
        if not self._llama.llama_vocab_get_add_bos(self._vocab):
            return []
        return [self._llama.llama_vocab_bos(self._vocab)]

    def _keep(self, callback: Any) -> Any:
        """ctypes callbacks must outlive the C side's use of them."""
        self.__dict__.setdefault("_callbacks", []).append(callback)
        return callback

    # Prefill

    def _check_room(self, n_prompt: int, request: Request) -> None:
        n_needed = n_prompt + request.max_tokens * request.n_samples
        if not n_prompt:
            raise EngineError("The prompt is empty.")
        if request.n_samples > MAX_SAMPLES:
            raise EngineError(f"At most {MAX_SAMPLES} samples fit one request.")
        if n_needed > self.context_tokens:
            raise PromptTooLong(
                f"The prompt has {n_prompt} tokens and the answer may take "
                f"{n_needed - n_prompt}, but the context holds {self.context_tokens}.",
                "Choose a smaller piece of code or raise `engine.context_tokens`.",
            )

    def _prefill(
        self, prompt: list[int], request: Request, on_event: Callable[[Event], None]
    ) -> tuple[_Slot, int]:
        """The slot that now holds the prompt, and how many of its tokens were there before."""
        slot, n_cached = self._take_slot(prompt)
        self._make_room(slot, len(prompt) + request.max_tokens * request.n_samples)
        slot.tokens = prompt[:n_cached]
        on_event(Prefill(n_cached, len(prompt)))
        for start in range(n_cached, len(prompt), BATCH_TOKENS):
            chunk = prompt[start : start + BATCH_TOKENS]
            is_last = start + len(chunk) == len(prompt)
            self._fill_batch(
                (token, start + i, slot.sequence, is_last and i == len(chunk) - 1)
                for i, token in enumerate(chunk)
            )
            try:
                self._decode_batch()
            except BaseException:
                self._llama.llama_memory_seq_rm(self._memory, slot.sequence, start, -1)
                raise
            slot.tokens = prompt[: start + len(chunk)]
            on_event(Prefill(start + len(chunk), len(prompt)))
        return slot, n_cached

    def _take_slot(self, prompt: list[int]) -> tuple[_Slot, int]:
        """A slot whose cache is a prefix of the prompt, as long as can be had."""
        self._clock += 1
        best = max(self._slots, key=lambda slot: _n_common(slot.tokens, prompt))
        # The last prompt token is always evaluated: its logits choose the first answer token.
        n_common = min(_n_common(best.tokens, prompt), len(prompt) - 1)
        slot = best
        if n_common < len(best.tokens) // 2:
            # Most of what that slot holds would be lost: share its prefix, spare the rest.
            slot = min(self._slots, key=lambda slot: slot.last_used)
        if slot is not best:
            self._llama.llama_memory_seq_rm(self._memory, slot.sequence, -1, -1)
            self._llama.llama_memory_seq_cp(self._memory, best.sequence, slot.sequence, 0, n_common)
        else:
            self._llama.llama_memory_seq_rm(self._memory, slot.sequence, n_common, -1)
        slot.last_used = self._clock
        return slot, n_common

    def _make_room(self, slot: _Slot, n_needed: int) -> None:
        """Forget the oldest other prompts until `n_needed` tokens fit."""
        others = sorted(
            (other for other in self._slots if other is not slot), key=lambda o: o.last_used
        )
        n_held = sum(len(other.tokens) for other in others)
        for other in others:
            if n_held + n_needed <= self.context_tokens:
                return
            n_held -= len(other.tokens)
            other.tokens = []
            self._llama.llama_memory_seq_rm(self._memory, other.sequence, -1, -1)

    # Decode

    def _branches(
        self, request: Request, slot: _Slot, n_prompt: int, shapes: Shapes | None
    ) -> list[_Branch]:
        branches = []
        for index in range(request.n_samples):
            sequence = N_SLOTS + index
            self._llama.llama_memory_seq_cp(self._memory, slot.sequence, sequence, 0, n_prompt)
            guard = _guard_for(request, shapes)
            stream = TextStream(request.stop, request.stop_pattern)
            is_greedy = request.greedy_first and not index
            sampler = self._sampler(Sampling() if is_greedy else request.sampling, index)
            branches.append(_Branch(index, sequence, sampler, stream, guard))
        return branches

    def _decode_all(
        self,
        branches: list[_Branch],
        n_prompt: int,
        request: Request,
        on_event: Callable[[Event], None],
    ) -> None:
        # All first tokens come from the last prompt token's logits; -1 is the last output.
        outputs = dict.fromkeys(range(len(branches)), -1)
        active = branches
        while active:
            for branch in active:
                token = self._llama.llama_sampler_sample(
                    branch.sampler, self._context, outputs[branch.index]
                )
                self._take(branch, token, request, on_event)
            active = [branch for branch in active if branch.stop_reason is None]
            if not active:
                return
            self._fill_batch(
                (branch.tokens[-1], n_prompt + branch.n_tokens - 1, branch.sequence, True)
                for branch in active
            )
            self._decode_paced(len(active))
            outputs = {branch.index: i for i, branch in enumerate(active)}

    def _take(
        self, branch: _Branch, token: int, request: Request, on_event: Callable[[Event], None]
    ) -> None:
        """Add a sampled token to a branch and decide whether the branch goes on."""
        if self._llama.llama_vocab_is_eog(self._vocab, token) or self._llama.llama_vocab_is_control(
            self._vocab, token
        ):
            # Any control token ends the text: none may reach it.
            self._show(branch, branch.stream.finish(), on_event)
            branch.stop_reason = StopReason.END
            return
        branch.tokens.append(token)
        branch.n_tokens += 1
        text = branch.stream.push(self._piece(token))
        loop = branch.guard.push(token, text) if branch.guard else ""
        if branch.stream.is_stopped:
            branch.stop_reason = StopReason.STOP
        elif loop:
            branch.stop_reason = StopReason.LOOP
        elif branch.n_tokens >= request.max_tokens:
            text += branch.stream.finish()
            branch.stop_reason = StopReason.LENGTH
        self._show(branch, text, on_event)

    def _show(self, branch: _Branch, text: str, on_event: Callable[[Event], None]) -> None:
        on_event(Delta(branch.index, text, branch.n_tokens))

    def _sample(self, branch: _Branch) -> Sample:
        assert branch.stop_reason is not None
        return Sample(branch.stream.text, branch.stop_reason, branch.n_tokens)

    def _keep_answer(self, slot: _Slot, branches: list[_Branch]) -> None:
        """The first answer stays in the cache behind its prompt, for a conversation that goes
        on."""
        branch = branches[0]
        n_prompt = len(slot.tokens)
        n_evaluated = max(branch.n_tokens - 1, 0)
        self._llama.llama_memory_seq_cp(
            self._memory, branch.sequence, slot.sequence, n_prompt, n_prompt + n_evaluated
        )
        slot.tokens = slot.tokens + branch.tokens[:n_evaluated]

    def _release(self, branches: list[_Branch]) -> None:
        for branch in branches:
            self._llama.llama_memory_seq_rm(self._memory, branch.sequence, -1, -1)
            self._llama.llama_sampler_free(branch.sampler)

    def _sampler(self, sampling: Sampling, index: int) -> Any:
        llama = self._llama
        chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for part in self._sampler_parts(sampling, index):
            llama.llama_sampler_chain_add(chain, part)
        return chain

    def _sampler_parts(self, sampling: Sampling, index: int) -> Iterator[Any]:
        llama = self._llama
        if sampling.repeat_penalty != 1.0:
            n_vocab = llama.llama_vocab_n_tokens(self._vocab)
            penalty = sampling.repeat_penalty
            yield llama.llama_sampler_init_penalties(n_vocab, 256, penalty, 0.0, 0.0)
        if sampling.temperature <= 0:
            yield llama.llama_sampler_init_greedy()
            return
        yield llama.llama_sampler_init_top_k(sampling.top_k)
        yield llama.llama_sampler_init_top_p(sampling.top_p, 1)
        yield llama.llama_sampler_init_min_p(sampling.min_p, 1)
        yield llama.llama_sampler_init_temp(sampling.temperature)
        yield llama.llama_sampler_init_dist((sampling.seed + index) & 0xFFFFFFFF)

    # The batch

    def _fill_batch(self, rows: Iterator[tuple[int, int, int, bool]]) -> None:
        """Rows are (token, position, sequence, whether its logits are wanted)."""
        batch = self._batch
        count = 0
        for token, position, sequence, wants_logits in rows:
            batch.token[count] = token
            batch.pos[count] = position
            batch.n_seq_id[count] = 1
            batch.seq_id[count][0] = sequence
            batch.logits[count] = wants_logits
            count += 1
        batch.n_tokens = count

    def _decode_batch(self) -> None:
        if self._is_stopped():
            raise Cancelled("Cancelled.")
        status = self._llama.llama_decode(self._context, self._batch)
        if status == _ABORTED:
            raise Cancelled("Cancelled.")
        if status == _NO_ROOM:
            raise PromptTooLong(
                f"The context of {self.context_tokens} tokens is full.",
                "Raise `engine.context_tokens`.",
            )
        if status != 0:
            raise EngineError(f"llama.cpp could not evaluate the prompt (status {status}).")

    def _decode_paced(self, n_sequences: int) -> None:
        n_threads, n_batch_threads = self._pace.n_threads, self._n_threads
        self._llama.llama_set_n_threads(self._context, n_threads, n_batch_threads)
        started = time.perf_counter()
        self._decode_batch()
        self._pace.observe(n_sequences, time.perf_counter() - started)

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(64)
        count = self._llama.llama_token_to_piece(self._vocab, token, buffer, 64, 0, False)
        if count < 0:
            buffer = ctypes.create_string_buffer(-count)
            count = self._llama.llama_token_to_piece(self._vocab, token, buffer, -count, 0, False)
        return buffer.raw[:count]


def bare_decode_seconds(config: ModelConfig, prompt: str, n_tokens: int) -> float:
    """Seconds for `n_tokens` by the plainest loop: one sequence, `llama_decode`, greedy sampling.

    The yardstick of `scopewise bench engine`: no abort callback, no text, no pipe, llama.cpp's own
    defaults but for threads and context.
    """
    llama = _import_llama()
    llama.llama_backend_init()
    model = llama.llama_model_load_from_file(
        config.path.encode(), llama.llama_model_default_params()
    )
    parameters = llama.llama_context_default_params()
    parameters.n_ctx = config.context_tokens
    parameters.n_threads = parameters.n_threads_batch = config.threads or physical_cores()
    context = llama.llama_init_from_model(model, parameters)
    vocab = llama.llama_model_get_vocab(model)
    data = prompt.encode()
    tokens = (llama.llama_token * len(data))()
    n_prompt = llama.llama_tokenize(vocab, data, len(data), tokens, len(data), False, True)
    llama.llama_decode(context, llama.llama_batch_get_one(tokens, n_prompt))
    sampler = llama.llama_sampler_init_greedy()
    token = (llama.llama_token * 1)()
    started = time.perf_counter()
    for _ in range(n_tokens):
        token[0] = llama.llama_sampler_sample(sampler, context, -1)
        llama.llama_decode(context, llama.llama_batch_get_one(token, 1))
    return time.perf_counter() - started


def physical_cores() -> int:
    """Physical cores this process may use: hyper-threads only make decoding slower."""
    import os

    import psutil

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(min(psutil.cpu_count(logical=False) or 1, usable or 1), 1)


# ggml's type numbers (ggml.h) and llama.cpp's flash-attention modes (llama.h).
_KV_TYPES = {"f16": 1, "q8_0": 8, "q4_0": 2}
_FLASH_ATTENTION = {"auto": -1, "off": 0, "on": 1}


def _guard_for(request: Request, shapes: Shapes | None) -> LoopGuard | None:
    if request.guard == "off":
        return None
    return LoopGuard(shapes, is_prose=request.guard == "prose")


def _n_common(left: Sequence[int], right: Sequence[int]) -> int:
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def _import_llama() -> Any:
    try:
        import llama_cpp
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineUnavailable(
            f"llama-cpp-python cannot be loaded ({error}).",
            "Type `pip install 'scopewise[local]'`, which takes a C++ compiler and a few minutes.",
        ) from error
    return llama_cpp
