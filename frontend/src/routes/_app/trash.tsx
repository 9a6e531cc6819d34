import { createFileRoute } from '@tanstack/react-router';
import { TrashPage } from '@/features/lifecycle/TrashPage';

export const Route = createFileRoute('/_app/trash')({
  staticData: { title: 'Trash', crumbs: () => [{ label: 'Trash' }] },
  component: TrashPage,
});
