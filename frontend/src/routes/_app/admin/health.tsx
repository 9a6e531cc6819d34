import { createFileRoute } from '@tanstack/react-router';
import { HealthPage } from '@/features/health/HealthPage';

export const Route = createFileRoute('/_app/admin/health')({
  staticData: {
    title: 'Health',
    crumbs: () => [{ label: 'Administration', href: '/admin' }, { label: 'Health' }],
  },
  component: HealthPage,
});
