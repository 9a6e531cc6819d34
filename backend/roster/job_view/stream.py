"""What becomes of jobs, as server-sent events."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

from fastapi.sse import format_sse_event

from roster.job_view import positions
from roster.job_view.schemas import JobEnd, JobLineEvent
from roster.job_view.watching import News, Wanted, Watch, Watcher
from roster.live.listeners import Listener
from roster.live.stream import RETRY_MILLISECONDS, Parts, Stream


class JobStream(Stream):
    def __init__(
        self, watch: Watch, token: str, wanted: Wanted, *, follow: bool
    ) -> None:
        super().__init__(watch.hub.pace.send_seconds)
        self._follow = follow
        self._joined = watch.joined(token, wanted)

    @asynccontextmanager
    async def joined(self) -> AsyncGenerator[tuple[Listener, Parts]]:
        async with self._joined as watcher:
            yield watcher, self._texts(watcher)

    async def _texts(self, watcher: Watcher) -> Parts:
        async with aclosing(watcher.all_news(follow=self._follow)) as all_news:
            async for news in all_news:
                yield _text(news, positions.text_of(watcher.told))


def _text(news: News, position: str) -> bytes:
    if news.is_end and news.job is not None:
        end = JobEnd(job_id=news.job.id, state=news.job.state)
        return format_sse_event(
            event="end", data_str=end.model_dump_json(), id=position
        )
    if news.job is not None:
        data = news.job.model_dump_json()
        return format_sse_event(event="job", data_str=data, id=position)
    if news.line is not None and news.job_id is not None:
        line = JobLineEvent(job_id=news.job_id, **news.line.model_dump())
        return format_sse_event(
            event="line", data_str=line.model_dump_json(), id=position
        )
    return format_sse_event(
        comment="nothing new", id=position, retry=RETRY_MILLISECONDS
    )
