import { createFileRoute } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { TokensPage } from '@/features/account/tokens/TokensPage';

export const Route = createFileRoute('/_app/account/tokens')({
  staticData: {
    title: 'API tokens',
    crumbs: () => [{ label: 'Account', href: '/account' }, { label: 'API tokens' }],
  },
  loader: ({ context }) => context.queryClient.ensureQueryData(instanceQuery),
  component: TokensPage,
});
