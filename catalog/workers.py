"""Work for more than one core: chunks go to other processes and are answered in their order, in bounded memory."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


@contextmanager
def processes(number: int, start: str) -> Iterator[ProcessPoolExecutor]:
    """Have so many processes for the block; ``start`` is multiprocessing's word for how they begin.

    ``fork`` gives them all that this one knows, but must not meet open connections or other threads; ``spawn`` gives
    them nothing but the modules their work is in.
    """
    context = multiprocessing.get_context(start)
    with ProcessPoolExecutor(number, context, initializer=_end_with_the_first) as pool:
        yield pool


def in_order(
    pool: ProcessPoolExecutor, work: Callable[[Chunk], Result], chunks: Iterable[Chunk], *, ahead: int
) -> Iterator[Result]:
    """Yield what the work makes of each chunk; no more than ``ahead`` chunks are under way beside the one awaited."""
    waiting: deque[Future[Result]] = deque()
    for chunk in chunks:
        waiting.append(pool.submit(work, chunk))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _end_with_the_first() -> None:
    """Leave nobody behind: a process that was killed cannot tell its workers to end."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
