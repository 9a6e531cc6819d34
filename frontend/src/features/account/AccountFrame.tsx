import { Outlet } from '@tanstack/react-router';
import { PageTabs } from '@/features/shell/Tabs';
import { useUser } from '@/lib/use-session';
import { PageHeader } from '@/ui/PageHeader';

/** What the pages of the account have in common. */
export function AccountFrame() {
  const user = useUser();
  if (!user) return null;
  return (
    <>
      <PageHeader
        title="Account"
        description={user.is_admin ? `${user.username} · administrator` : user.username}
      />
      <PageTabs
        label="Parts of your account"
        tabs={[
          { label: 'Profile', link: { to: '/account' } },
          { label: 'Security', link: { to: '/account/security' } },
          { label: 'API tokens', link: { to: '/account/tokens' } },
          { label: 'Appearance', link: { to: '/account/appearance' } },
        ]}
      />
      <Outlet />
    </>
  );
}
