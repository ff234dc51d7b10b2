"""Worker processes: articles read side by side, in the order in which they came.

Hides: how articles are handed over and taken back, and how processes end, also with a parent that was killed.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, TypeVar

from gazetteer import Gazetteer, MapperError
from geo.articles import Notice, Skipped
from geo.event import Article

if TYPE_CHECKING:
    from geo.pipeline import Settings

__all__ = ["BATCH", "read_in_processes"]

_Read = TypeVar("_Read")

#: Articles that one worker gets at a time; single ones lose a third of the speed to the hand-over (measured).
BATCH = 50


def read_in_processes(
    articles: Iterable[Article | Notice | Skipped],
    read: Callable[[Article, Gazetteer, Settings], _Read],
    *,
    settings: Settings,
) -> Iterator[_Read | Notice | Skipped]:
    """What `read` gives for each article in one of `settings.jobs` processes, and all else as it came, in order.

    Raises MapperError when a process ends before its work is done.
    """
    context = get_context("spawn")
    pool = ProcessPoolExecutor(settings.jobs, mp_context=context, initializer=_start_worker, initargs=(settings,))
    try:
        stream = iter(articles)
        waiting = []
        while batch := list(islice(stream, BATCH)):
            waiting.append(pool.submit(_read_batch, read, batch))
            if len(waiting) > 2 * settings.jobs:
                yield from waiting.pop(0).result()
        for future in waiting:
            yield from future.result()
        pool.shutdown()
    except BrokenProcessPool as exc:
        raise MapperError(
            f"a worker process ended before its work was done (out of memory?); try --jobs {max(1, settings.jobs // 2)}"
        ) from exc
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_worker: tuple[Gazetteer, Settings] | None = None


def _start_worker(settings: Settings) -> None:
    global _worker  # noqa: PLW0603  one gazetteer for each worker process, opened once
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = (Gazetteer.open(settings.gazetteer), settings)


def _end_with_parent() -> None:
    """Ends a worker whose parent was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_batch(
    read: Callable[[Article, Gazetteer, Settings], _Read], batch: list[Article | Notice | Skipped]
) -> list[_Read | Notice | Skipped]:
    assert _worker is not None
    gazetteer, settings = _worker
    return [read(item, gazetteer, settings) if isinstance(item, Article) else item for item in batch]
