import { createFileRoute } from '@tanstack/react-router';
import { kindAt } from '@/features/kinds/kinds';
import { BeginPage } from '@/features/lifecycle/BeginPage';

const titleOf = (plural = '') => `New ${kindAt(plural)?.label.toLowerCase()}`;

export const Route = createFileRoute('/_app/$plural/new')({
  staticData: {
    title: ({ plural }) => titleOf(plural),
    crumbs: ({ plural = '' }) => [
      { label: kindAt(plural)?.labels ?? plural, href: `/${plural}` },
      { label: titleOf(plural) },
    ],
  },
  component: NewRoute,
});

function NewRoute() {
  const { kind } = Route.useRouteContext();
  return <BeginPage key={kind.name} kind={kind} />;
}
