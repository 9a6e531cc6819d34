import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, test } from 'vitest';
import * as session from '@/api/session';
import { renderUi } from '@/test/render';
import { ada, problem, server, url } from '@/test/server';
import { JobLog } from './JobLog';
import { JobProgress } from './JobProgress';
import { aJob, aLine, JOB_ID, saying } from './test-support';
import { useCancel } from './use-changes';
import { useJob } from './use-job';

const at = url(`/jobs/${JOB_ID}`);

beforeEach(async () => {
  server.use(http.get(url('/users/me'), () => HttpResponse.json(ada)));
  await session.begin({ access_token: 'token' } as Parameters<typeof session.begin>[0]);
});

function Stoppable() {
  const { data: job } = useJob(JOB_ID);
  const cancel = useCancel();
  if (!job) return null;
  return (
    <>
      <JobProgress job={job} />
      <button
        type="button"
        disabled={!job.can_cancel}
        onClick={() => cancel.mutate(job)}
      >
        Cancel
      </button>
    </>
  );
}

test('a log is read, goes on as the stream tells it, and ends with the job', async () => {
  const later = [aLine(3, { level: 'warning', message: 'A colon' }), aLine(4)];
  let ended = false;
  let asked: string | null = '';
  server.use(
    http.get(at, () =>
      HttpResponse.json(aJob({ ...(ended && { state: 'succeeded' }) })),
    ),
    http.get(`${at}/log`, ({ request }) => {
      const after = Number(new URL(request.url).searchParams.get('after'));
      const all = [aLine(1), aLine(2), ...(ended ? later : [])];
      const items = all.filter(({ number }) => number > after);
      return HttpResponse.json({ items, next_cursor: null });
    }),
    http.get(`${at}/events`, ({ request }) => {
      asked = request.headers.get('Authorization');
      ended = true;
      const told = later.map((line) => ({ ...line, job_id: JOB_ID }));
      const text = [
        ...told.map((line) => saying('line', line, `p${line.number}`)),
        saying('job', aJob({ state: 'succeeded', lines: 4 }), 'p5'),
        saying('end', { job_id: JOB_ID, state: 'succeeded' }, 'p6'),
      ];
      return new HttpResponse(text.join(''), {
        headers: { 'Content-Type': 'text/event-stream' },
      });
    }),
  );
  const user = userEvent.setup();
  renderUi(<JobLog id={JOB_ID} />);
  await screen.findByText('Complete');
  expect(asked).toBe('Bearer token');
  const log = screen.getByRole('region', { name: 'Log' });
  await waitFor(() => expect(within(log).getAllByRole('listitem')).toHaveLength(4));
  expect(screen.getByText('4 lines')).toBeInTheDocument();

  await user.click(screen.getByRole('radio', { name: 'Problems' }));
  expect(within(log).getAllByRole('listitem')).toHaveLength(1);
  expect(log).toHaveTextContent('Warning: A colon');
});

test('a job stops at once for who cancels it, and goes on if the server says no', async () => {
  let refused = 0;
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(
    http.get(at, () => HttpResponse.json(aJob())),
    http.get(`${at}/events`, () => new HttpResponse(null, { status: 404 })),
    http.get(url('/jobs'), () => HttpResponse.json({ items: [], next_cursor: null })),
    http.post(`${at}/cancel`, async () => {
      await answered;
      refused += 1;
      return problem(409, 'conflict', { detail: 'It has ended.' });
    }),
  );
  const user = userEvent.setup();
  renderUi(<Stoppable />);
  await user.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText('Stopping')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Cancel' })).toBeDisabled();
  answer();
  expect(await screen.findByText('Reading files')).toBeInTheDocument();
  expect(refused).toBe(1);
});

test('a bar says how far it is, also where nobody knows', () => {
  const job = aJob({ done: 12, total: 40 });
  const { rerender } = renderUi(<JobProgress job={job} label="Progress of it" />);
  const bar = screen.getByRole('progressbar', { name: 'Progress of it' });
  expect(bar).toHaveAttribute('aria-valuenow', '30');
  expect(bar).toHaveAttribute('aria-valuetext', 'Reading files, 12 of 40');
  expect(screen.getByText('12 of 40 · 30 %')).toBeInTheDocument();
  rerender(<JobProgress job={aJob({ done: 3, total: null, step: '' })} />);
  expect(screen.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow');
  expect(screen.getByText('Beginning')).toBeInTheDocument();
});
