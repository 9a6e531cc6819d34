import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import { NewAgentPage } from '@/features/agents/editor/NewAgentPage';
import { readViewSearch, type ViewSearch } from '@/features/agents/editor/views';
import { kindAt } from '@/features/kinds/kinds';

const titleOf = (plural = '') => `New ${kindAt(plural)?.label.toLowerCase()}`;

export const Route = createFileRoute('/_app/$plural/new')({
  staticData: {
    title: ({ plural }) => titleOf(plural),
    crumbs: ({ plural = '' }) => [
      { label: kindAt(plural)?.labels ?? plural, href: `/${plural}` },
      { label: titleOf(plural) },
    ],
  },
  validateSearch: readViewSearch,
  component: NewRoute,
});

function NewRoute() {
  const search = Route.useSearch();
  const { kind } = Route.useRouteContext();
  const navigate = Route.useNavigate();
  const onSearch = useCallback(
    (next: ViewSearch) =>
      void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  return (
    <NewAgentPage key={kind.name} kind={kind} search={search} onSearch={onSearch} />
  );
}
