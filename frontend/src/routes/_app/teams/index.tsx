import { createFileRoute } from '@tanstack/react-router';
import { TeamsPage } from '@/features/teams/TeamsPage';

export const Route = createFileRoute('/_app/teams/')({
  staticData: { title: 'Teams', crumbs: () => [{ label: 'Teams' }] },
  validateSearch: (search): { new?: true } => (search.new ? { new: true } : {}),
  component: TeamsRoute,
});

function TeamsRoute() {
  const { new: making = false } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <TeamsPage
      making={making}
      onMaking={(next) => void navigate({ search: next ? { new: true } : {} })}
    />
  );
}
