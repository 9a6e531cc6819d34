import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import { EditAgentPage } from '@/features/agents/editor/EditAgentPage';
import { type EditSearch, readEditSearch } from '@/features/agents/editor/views';
import { kindAt } from '@/features/kinds/kinds';

export const Route = createFileRoute('/_app/$plural/$team/$name/edit')({
  staticData: {
    title: ({ name }) => `Edit ${name}`,
    crumbs: ({ plural = '', team, name }) => [
      { label: kindAt(plural)?.labels ?? plural, href: `/${plural}` },
      { label: team ?? '', mono: true },
      { label: name ?? '', href: `/${plural}/${team}/${name}`, mono: true },
      { label: 'Edit' },
    ],
  },
  validateSearch: readEditSearch,
  component: EditRoute,
});

function EditRoute() {
  const { team, name } = Route.useParams();
  const { kind } = Route.useRouteContext();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const onSearch = useCallback(
    (next: EditSearch) =>
      void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  return (
    <EditAgentPage
      key={`${kind.name}:${team}/${name}`}
      kind={kind}
      team={team}
      name={name}
      search={search}
      onSearch={onSearch}
    />
  );
}
