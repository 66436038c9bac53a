"""A step or two ahead: while one result is counted, the next are simulated."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 2  # while one lays out its world, which takes one core, the other's paths are stepped on all of them


def ahead(tasks: Iterable[Callable[[], T]]) -> Iterator[T]:
    """The results of tasks in their order, two of them at work while one is looked at.

    Tasks run on threads of their own, and no more than three results are held. Their errors are raised here.

    >>> list(ahead([lambda: 1, lambda: 2, lambda: 3]))
    [1, 2, 3]
    """
    waiting: deque[Future[T]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for task in tasks:
            waiting.append(pool.submit(task))
            if len(waiting) > AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
