import { createFileRoute } from '@tanstack/react-router';
import { DraftsPage } from '@/features/lifecycle/DraftsPage';

export const Route = createFileRoute('/_app/drafts')({
  staticData: { title: 'Drafts', crumbs: () => [{ label: 'Drafts' }] },
  component: DraftsPage,
});
