"""One step ahead: while one result is counted, the next is simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(tasks: Iterable[Callable[[], T]]) -> Iterator[T]:
    """The results of tasks in their order, each begun as soon as the one before it is done.

    Tasks run one at a time on a thread of their own; no more than two results are held. Their errors are raised here.

    >>> list(ahead([lambda: 1, lambda: 2]))
    [1, 2]
    """
    with ThreadPoolExecutor(1) as pool:
        waiting: Future[T] | None = None
        for task in tasks:
            begun = pool.submit(task)
            if waiting is not None:
                yield waiting.result()
            waiting = begun
        if waiting is not None:
            yield waiting.result()
