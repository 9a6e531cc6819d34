import { createFileRoute } from '@tanstack/react-router';
import { InstancePage } from '@/features/admin/InstancePage';

export const Route = createFileRoute('/_app/admin/instance')({
  staticData: {
    title: 'Instance',
    crumbs: () => [{ label: 'Administration', href: '/admin' }, { label: 'Instance' }],
  },
  component: InstancePage,
});
