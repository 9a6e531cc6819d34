import { createFileRoute } from '@tanstack/react-router';
import { UserPage } from '@/features/admin/UserPage';

export const Route = createFileRoute('/_app/admin/users/$id')({
  staticData: {
    title: 'User',
    crumbs: () => [
      { label: 'Administration', href: '/admin' },
      { label: 'Users', href: '/admin/users' },
      { label: 'User' },
    ],
  },
  component: UserRoute,
});

function UserRoute() {
  const { id } = Route.useParams();
  return <UserPage key={id} id={id} />;
}
