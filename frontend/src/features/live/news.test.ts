import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apply, newsOf, sayNews, showNews, watchLists } from './news';
import { happened, ID } from './test-support';

const LIST = ['agents', 'agents', 'list', {}];
const OTHER_LIST = ['components', 'list', {}];
const PAGE = ['components', ID, 'labels'];

describe('news', () => {
  const client = new QueryClient();
  const asked = vi.fn(async ({ queryKey }: { queryKey: unknown }) => queryKey);
  let leave: (() => void)[] = [];

  const open = async (queryKey: readonly unknown[]) => {
    const query = { queryKey, queryFn: asked, staleTime: 60_000 };
    leave.push(new QueryObserver(client, query).subscribe(() => {}));
    await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  };
  const times = (queryKey: readonly unknown[]) =>
    asked.mock.calls.filter(([context]) => context.queryKey === queryKey).length;

  beforeEach(async () => {
    asked.mockClear();
    leave = [watchLists(client), sayNews(LIST)];
    await open(LIST);
    await open(PAGE);
  });
  afterEach(() => {
    for (const end of leave) end();
    client.clear();
  });

  it('leaves the rows of a list alone until its reader asks for them', async () => {
    apply(client, [happened(), happened()], 'ada');
    apply(client, [happened()], 'ada');
    await vi.waitFor(() => expect(times(PAGE)).toBeGreaterThan(1));
    expect(times(LIST)).toBe(1);
    expect(newsOf(LIST)).toBe(3);

    showNews(client, LIST);
    await vi.waitFor(() => expect(times(LIST)).toBe(2));
    await vi.waitFor(() => expect(newsOf(LIST)).toBe(0));
  });

  it('asks at once for a list that cannot say that it has changed', async () => {
    await open(OTHER_LIST);
    apply(client, [happened()], 'ada');
    await vi.waitFor(() => expect(times(OTHER_LIST)).toBe(2));
    expect(newsOf(OTHER_LIST)).toBe(0);
  });

  it('shows what people did themselves at once', async () => {
    apply(client, [happened('component', 'ada')], 'ada');
    await vi.waitFor(() => expect(times(LIST)).toBe(2));
    expect(newsOf(LIST)).toBe(0);
  });

  it('forgets what waited for a list that was left, and asks for it later', async () => {
    apply(client, [happened()], 'ada');
    expect(newsOf(LIST)).toBe(1);
    leave[2]?.();
    expect(newsOf(LIST)).toBe(0);
    await open(LIST);
    expect(times(LIST)).toBe(2);
  });
});
