import { createFileRoute } from '@tanstack/react-router';
import { ImportsPage } from '@/features/imports/ImportsPage';

export const Route = createFileRoute('/_app/imports/')({
  staticData: { title: 'Imports', crumbs: () => [{ label: 'Imports' }] },
  component: ImportsPage,
});
