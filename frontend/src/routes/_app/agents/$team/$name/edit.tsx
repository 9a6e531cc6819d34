import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import { EditAgentPage } from '@/features/agents/editor/EditAgentPage';
import { type EditSearch, readEditSearch } from '@/features/agents/editor/views';

export const Route = createFileRoute('/_app/agents/$team/$name/edit')({
  staticData: {
    title: ({ name }) => `Edit ${name}`,
    crumbs: ({ team, name }) => [
      { label: 'Agents', href: '/agents' },
      { label: team ?? '', mono: true },
      { label: name ?? '', href: `/agents/${team}/${name}`, mono: true },
      { label: 'Edit' },
    ],
  },
  validateSearch: readEditSearch,
  component: EditAgentRoute,
});

function EditAgentRoute() {
  const { team, name } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const onSearch = useCallback(
    (next: EditSearch) =>
      void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  return (
    <EditAgentPage
      key={`${team}/${name}`}
      team={team}
      name={name}
      search={search}
      onSearch={onSearch}
    />
  );
}
