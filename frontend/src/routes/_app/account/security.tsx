import { createFileRoute } from '@tanstack/react-router';
import { SecurityPage } from '@/features/account/security/SecurityPage';

export const Route = createFileRoute('/_app/account/security')({
  staticData: {
    title: 'Security',
    crumbs: () => [{ label: 'Account', href: '/account' }, { label: 'Security' }],
  },
  component: SecurityPage,
});
