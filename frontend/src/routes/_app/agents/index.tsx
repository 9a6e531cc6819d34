import { createFileRoute } from '@tanstack/react-router';
import { AgentsPage } from '@/features/agents/AgentsPage';

export const Route = createFileRoute('/_app/agents/')({
  staticData: { title: 'Agents', crumbs: () => [{ label: 'Agents' }] },
  validateSearch: (search): { q?: string } =>
    typeof search.q === 'string' && search.q ? { q: search.q } : {},
  component: AgentsRoute,
});

function AgentsRoute() {
  const { q } = Route.useSearch();
  return <AgentsPage q={q} />;
}
