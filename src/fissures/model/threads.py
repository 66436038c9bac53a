"""Work side by side: independent pieces on the machine's cores, each with one thread of linear algebra.

The fit's matrices are small: two threads inside one product wait for one another longer than they work, so that a
stream's mode takes four times as long with two as with one. Pieces share no state, so that no result depends on how
many run at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

Out = TypeVar("Out")


class Aside(Protocol):
    """Begins a piece of work; what it returns gives the result, when it is called."""

    def __call__(self, piece: Callable[[], Out], /) -> Callable[[], Out]: ...


@contextmanager
def side_by_side() -> Iterator[Aside]:
    """As many pieces at once as there are cores, the caller's own included."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(max((os.cpu_count() or 1) - 1, 1)) as pool:

        def aside(piece: Callable[[], Out], /) -> Callable[[], Out]:
            return pool.submit(piece).result

        yield aside


def in_turn(piece: Callable[[], Out], /) -> Callable[[], Out]:
    """The piece at once, in the caller's own thread."""
    done = piece()
    return lambda: done
