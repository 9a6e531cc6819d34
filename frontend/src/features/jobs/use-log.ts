import { useQuery, useQueryClient } from '@tanstack/react-query';
import { addLines, EARLIER, type JobLog, UNREAD } from './log';
import { jobKeys, logQuery, readLines } from './queries';
import { useJob } from './use-job';

/** The log of a job, which goes on while it runs. */
export function useLog(id: string) {
  const client = useQueryClient();
  const job = useJob(id);
  // The number of lines tells where the end is that is read first.
  const log = useQuery({ ...logQuery(client, id), enabled: job.isSuccess });
  const isRead = log.data?.isRead ?? false;
  const lines = log.data?.lines ?? [];
  const first = lines[0]?.number ?? 1;

  async function showEarlier() {
    const after = Math.max(0, first - 1 - EARLIER);
    const read = await readLines(id, after, { all: false });
    const earlier = read.filter(({ number }) => number < first);
    client.setQueryData<JobLog>(jobKeys.log(id), (known) =>
      addLines(known ?? UNREAD, earlier),
    );
  }

  return { job, log, isRead, lines, earlier: first - 1, showEarlier };
}
