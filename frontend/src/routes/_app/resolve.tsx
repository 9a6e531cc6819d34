import { createFileRoute } from '@tanstack/react-router';
import { ResolvePage } from '@/features/lifecycle/ResolvePage';

/** An identifier as an address: `/resolve?ref=roster:agent:team/name@3`. */
export const Route = createFileRoute('/_app/resolve')({
  staticData: { title: 'Reference', crumbs: () => [{ label: 'Reference' }] },
  validateSearch: ({ ref }: Record<string, unknown>): { ref: string } => ({
    ref: typeof ref === 'string' ? ref : '',
  }),
  component: ResolveRoute,
});

function ResolveRoute() {
  const { ref } = Route.useSearch();
  return <ResolvePage reference={ref} />;
}
