import { createFileRoute } from '@tanstack/react-router';
import { ProfilePage } from '@/features/account/ProfilePage';

export const Route = createFileRoute('/_app/account/')({
  staticData: { title: 'Account', crumbs: () => [{ label: 'Account' }] },
  component: ProfilePage,
});
