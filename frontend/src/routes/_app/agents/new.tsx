import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import { NewAgentPage } from '@/features/agents/editor/NewAgentPage';
import { readViewSearch, type ViewSearch } from '@/features/agents/editor/views';

export const Route = createFileRoute('/_app/agents/new')({
  staticData: {
    title: 'New agent',
    crumbs: () => [{ label: 'Agents', href: '/agents' }, { label: 'New agent' }],
  },
  validateSearch: readViewSearch,
  component: NewAgentRoute,
});

function NewAgentRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const onSearch = useCallback(
    (next: ViewSearch) =>
      void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  return <NewAgentPage search={search} onSearch={onSearch} />;
}
