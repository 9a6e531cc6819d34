import { createFileRoute } from '@tanstack/react-router';
import { WelcomePage } from '@/features/welcome/WelcomePage';

export const Route = createFileRoute('/_app/welcome')({
  staticData: { title: 'Welcome', crumbs: () => [{ label: 'Welcome' }] },
  component: WelcomePage,
});
