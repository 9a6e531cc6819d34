import { createFileRoute } from '@tanstack/react-router';
import { AppearancePage } from '@/features/account/AppearancePage';

export const Route = createFileRoute('/_app/account/appearance')({
  staticData: {
    title: 'Appearance',
    crumbs: () => [{ label: 'Account', href: '/account' }, { label: 'Appearance' }],
  },
  component: AppearancePage,
});
