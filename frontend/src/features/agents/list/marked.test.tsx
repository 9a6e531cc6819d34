import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { SearchAnswer } from '@/api/types';
import { server, url } from '@/test/server';
import { anAgent, renderApp, serveAgents } from '../test-support';
import { piecesOf } from './Marks';

const agent = anAgent('sewing-kit', {
  description: 'Needles <b>of</b> all kinds, needlework too.',
});

/** Answers the list, and gives what it was asked. */
function serveSearch(search: SearchAnswer) {
  serveAgents(() => [agent]);
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(url('/agents'), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({ items: [agent], next_cursor: null, total: 1, search });
    }),
  );
  return asked;
}

it('marks the words that were found, as text', async () => {
  const asked = serveSearch({
    corrected: null,
    complete: true,
    highlights: {
      [agent.id]: [
        {
          field: 'description',
          segments: [
            { text: 'Needles', match: true },
            { text: ' <b>of</b> all kinds, needlework too.', match: false },
          ],
        },
        {
          field: 'body',
          segments: [
            { text: '… <script> and ', match: false },
            { text: 'thread', match: true },
          ],
        },
      ],
    },
  });
  await renderApp('/agents?q=needle+thread');
  const row = await screen.findByRole('row', { name: /sewing-kit/ });
  expect(await within(row).findByText(/<script> and/)).toBeInTheDocument();
  const marks = [...row.querySelectorAll('mark')].map((mark) => mark.textContent);
  expect(marks).toEqual(['Needles', 'thread']);
  expect(row.querySelector('b, script')).toBeNull();
  expect(asked.at(-1)?.get('highlights')).toBe('true');
  expect(screen.queryByText(/Showing results for/)).toBeNull();
});

it('says which question was answered, and that not all was ranked', async () => {
  serveSearch({ corrected: 'needle', complete: false, highlights: {} });
  await renderApp('/agents?q=needel');
  expect(await screen.findByText(/Showing results for/)).toHaveTextContent(
    'Nothing holds “needel”. Showing results for “needle”.',
  );
  expect(screen.getByText(/Many hold these words/)).toBeInTheDocument();
});

it('asks for no marks without words', async () => {
  const asked = serveSearch({ complete: true });
  await renderApp('/agents');
  await screen.findByRole('row', { name: /sewing-kit/ });
  expect(asked.at(-1)?.has('highlights')).toBe(false);
});

it('takes whole words, whatever stands in them', () => {
  expect(piecesOf('a.b c++ (c++) ac++', ['c++'])).toEqual([
    'a.b ',
    'c++',
    ' (',
    'c++',
    ') ac++',
  ]);
  expect(piecesOf('Straße, Straßen', ['Straße'])).toEqual(['', 'Straße', ', Straßen']);
  expect(piecesOf('text', [])).toEqual(['text']);
});
