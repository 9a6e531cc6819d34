import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconAdjustmentsHorizontal,
  IconColumns3,
  IconFileImport,
} from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { countOf, type Kind } from '@/features/kinds/kinds';
import { ListNews } from '@/features/live/ListNews';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { agentFacetsQuery, agentListQuery } from '../queries';
import * as state from '../search';
import * as selections from '../selection';
import { AgentTable, type Reveal } from './AgentTable';
import { useColumns } from './columns';
import { Facets } from './Facets';
import { FilterChips } from './FilterChips';
import { ListSkeleton } from './ListSkeleton';
import classes from './list.module.css';
import { HighlightsContext, highlightsIn } from './Marked';
import { MoreRows } from './MoreRows';
import { SearchBox } from './SearchBox';
import { SortSelect } from './SortSelect';
import { useListKeys } from './use-list-keys';

const FacetsDrawer = lazy(() => import('./FacetsDrawer'));
const BulkBar = lazy(() => import('./BulkBar'));
const ViewDialog = lazy(() => import('./ViewDialog'));
const Nothing = lazy(() => import('./ListStates'));
const SearchNote = lazy(() => import('./SearchNote'));

/** After a thousand rows the next ones get an address of their own. */
const MOST_PAGES = 20;

interface AgentsPageProps {
  kind: Kind;
  search: state.AgentSearch;
  /** Typing replaces the address; a choice makes a new entry to go back from. */
  onSearch: (search: state.AgentSearch, replace?: boolean) => void;
}

export function AgentsPage({ kind, search, onSearch }: AgentsPageProps) {
  const list = useInfiniteQuery(agentListQuery(kind, search));
  const facets = useQuery(agentFacetsQuery(kind, search));
  const agents = useMemo(
    () => list.data?.pages.flatMap((page) => page.items) ?? [],
    [list.data],
  );
  const highlights = useMemo(() => highlightsIn(list.data?.pages ?? []), [list.data]);
  const order = useMemo(() => agents.map(({ id }) => id), [agents]);
  const [chosen, setSelection] = useState(selections.nothingSelected);
  const selection = useMemo(() => selections.within(chosen, order), [chosen, order]);
  const [drawer, setDrawer] = useState(false);
  const [viewing, setViewing] = useState(false);
  const columns = useColumns(kind);
  const narrow = useMediaQuery('(max-width: 48em)', false) ?? false;
  const searchBox = useRef<HTMLInputElement>(null);
  const reveal = useRef<Reveal>(null);

  useEffect(() => {
    // Ready before the first choice, also when the server is away by then.
    if (list.isSuccess) void import('./BulkBar').catch(() => {});
  }, [list.isSuccess]);

  const select = useCallback(
    (id: string, range: boolean) =>
      setSelection((now) =>
        range ? selections.extend(now, order, id) : selections.toggle(now, id),
      ),
    [order],
  );
  const clearSelection = () => setSelection(selections.nothingSelected);
  const change = (next: state.AgentSearch, replace = false) => {
    clearSelection();
    onSearch(state.fromStart(next), replace);
  };
  const goOn = (after: string | null | undefined) => {
    clearSelection();
    if (after) onSearch({ ...search, after });
    globalThis.scrollTo({ top: 0 });
  };
  useListKeys({
    count: agents.length,
    search: searchBox,
    reveal,
    onSelect: (index, range) => {
      const id = order[index];
      if (id !== undefined) select(id, range);
    },
    onClear: clearSelection,
  });

  const pages = list.data?.pages ?? [];
  const total = pages[0]?.total ?? agents.length;
  const atLeast = pages[0]?.at_least ?? false;
  const answer = pages[0]?.search;
  const result = `${atLeast ? 'more than ' : ''}${countOf(kind, total)}`;
  const empty = list.isSuccess && agents.length === 0;
  const filters = state.filterCount(search);
  const facetProps = {
    kind,
    search,
    counts: facets.data,
    onToggle: (facet: state.FacetName, value: string) =>
      change(state.toggleValue(search, facet, value)),
    onDeleted: (deleted: boolean) => change(state.withDeleted(search, deleted)),
  };
  const fresh = empty && !state.isFiltered(search) && !search.deleted;
  return (
    <>
      <PageHeader
        title={search.deleted ? `Deleted ${kind.labels.toLowerCase()}` : kind.labels}
        actions={
          !fresh && (
            <>
              <ButtonLink
                to={'/imports/new' as string}
                leftSection={<IconFileImport size={16} stroke={1.7} aria-hidden />}
              >
                Import
              </ButtonLink>
              <ButtonLink
                to="/$plural/new"
                params={{ plural: kind.plural }}
                variant="filled"
              >
                New {kind.label.toLowerCase()}
              </ButtonLink>
            </>
          )
        }
      />
      {fresh ? (
        <Suspense>
          <Nothing
            kind={kind}
            search={search}
            onClear={() => change({})}
            onLeaveDeleted={() => change({})}
          />
        </Suspense>
      ) : (
        <div className={classes.layout}>
          <aside className={classes.side} aria-label="Filters">
            <Facets {...facetProps} />
          </aside>
          <section className={classes.list} aria-label="List">
            <div className={classes.toolbar}>
              <SearchBox
                kind={kind}
                inputRef={searchBox}
                value={search.q ?? ''}
                onChange={(text) => change(state.withText(search, text), true)}
              />
              <SortSelect
                search={search}
                onChange={(sort) => change(state.withSort(search, sort))}
              />
              <Button
                className={classes.filterButton ?? ''}
                leftSection={
                  <IconAdjustmentsHorizontal size={16} stroke={1.7} aria-hidden />
                }
                onClick={() => setDrawer(true)}
              >
                Filters{filters > 0 && ` (${filters})`}
              </Button>
              <Button
                leftSection={<IconColumns3 size={16} stroke={1.7} aria-hidden />}
                onClick={() => setViewing(true)}
              >
                View
              </Button>
              <span className={classes.total} role="status">
                {list.isSuccess ? result : ''}
              </span>
            </div>
            {search.after && (
              <p className={classes.further}>
                These are rows from further down.
                <button
                  type="button"
                  className={classes.clear}
                  onClick={() => change(search)}
                >
                  Back to the first rows
                </button>
              </p>
            )}
            <ListNews queryKey={agentListQuery(kind, search).queryKey} />
            <FilterChips
              kind={kind}
              search={search}
              onRemove={facetProps.onToggle}
              onClear={() => change(state.withoutFilters(search))}
            />
            {search.q && answer && (answer.corrected || !answer.complete) && (
              <Suspense>
                <SearchNote q={search.q.trim()} answer={answer} />
              </Suspense>
            )}
            {list.isPending && <ListSkeleton kind={kind} narrow={narrow} />}
            {list.isError && !list.data && (
              <ErrorState error={list.error} onRetry={() => void list.refetch()} />
            )}
            {empty && (
              <Suspense>
                <Nothing
                  kind={kind}
                  search={search}
                  onClear={() => change(search.deleted ? { deleted: true } : {})}
                  onLeaveDeleted={() => change({})}
                />
              </Suspense>
            )}
            {agents.length > 0 && (
              <div data-stale={list.isPlaceholderData || undefined}>
                <HighlightsContext value={highlights}>
                  <AgentTable
                    kind={kind}
                    agents={agents}
                    total={total}
                    search={search}
                    narrow={narrow}
                    selection={selection}
                    onSelect={select}
                    onSelectAll={() =>
                      setSelection((now) => selections.toggleAll(now, order))
                    }
                    onSort={(column) =>
                      change(state.withSort(search, state.nextSort(search, column)))
                    }
                    columns={columns.shown}
                    reveal={reveal}
                  />
                </HighlightsContext>
                <MoreRows
                  list={list}
                  left={atLeast || search.after ? null : total - agents.length}
                  full={pages.length >= MOST_PAGES}
                  onNext={() => goOn(pages.at(-1)?.next_cursor)}
                />
              </div>
            )}
          </section>
        </div>
      )}
      {viewing && (
        <Suspense>
          <ViewDialog
            kind={kind}
            search={search}
            columns={columns.shown}
            narrow={narrow}
            onColumn={columns.toggle}
            onOpen={change}
            onClose={() => setViewing(false)}
          />
        </Suspense>
      )}
      {drawer && (
        <Suspense>
          <FacetsDrawer
            {...facetProps}
            result={result}
            onClose={() => setDrawer(false)}
          />
        </Suspense>
      )}
      {selection.ids.size > 0 && (
        <Suspense>
          <BulkBar
            kind={kind}
            agents={agents.filter(({ id }) => selection.ids.has(id))}
            shown={agents.length}
            deleted={search.deleted ?? false}
            onSelectAll={() => setSelection({ ids: new Set(order), anchor: null })}
            onClear={clearSelection}
          />
        </Suspense>
      )}
    </>
  );
}
