import { createFileRoute } from '@tanstack/react-router';
import { NewImportPage } from '@/features/imports/NewImportPage';

export const Route = createFileRoute('/_app/imports/new')({
  staticData: {
    title: 'Import files',
    crumbs: () => [{ label: 'Imports', href: '/imports' }, { label: 'New import' }],
  },
  component: NewImportPage,
});
