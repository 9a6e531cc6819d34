import { createFileRoute } from '@tanstack/react-router';
import { readUserSearch } from '@/features/admin/search';
import { UsersPage } from '@/features/admin/UsersPage';

export const Route = createFileRoute('/_app/admin/users/')({
  staticData: {
    title: 'Users',
    crumbs: () => [{ label: 'Administration', href: '/admin' }, { label: 'Users' }],
  },
  validateSearch: readUserSearch,
  component: UsersRoute,
});

function UsersRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <UsersPage
      search={search}
      onSearch={(next, replace = false) =>
        void navigate({ search: next, replace, resetScroll: false })
      }
    />
  );
}
