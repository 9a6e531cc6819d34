import { createFileRoute, notFound, Outlet } from '@tanstack/react-router';
import { kindAt } from '@/features/kinds/kinds';

/** The pages of one kind of component. */
export const Route = createFileRoute('/_app/$plural')({
  staticData: { title: 'Not found' },
  beforeLoad: ({ params }) => {
    const kind = kindAt(params.plural);
    if (!kind) throw notFound();
    return { kind };
  },
  component: Outlet,
});
