import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Outlet } from '@tanstack/react-router';
import { OfflineBanner } from '@/features/shell/OfflineBanner';
import { RouteFocus } from '@/features/shell/RouteFocus';

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
});

function Root() {
  return (
    <>
      <RouteFocus />
      <OfflineBanner />
      <Outlet />
    </>
  );
}
