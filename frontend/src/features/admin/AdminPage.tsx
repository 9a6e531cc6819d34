import { IconLock } from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { type PageTab, PageTabs } from '@/features/shell/Tabs';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { PageHeader } from '@/ui/PageHeader';

const tabs: PageTab[] = [
  { label: 'Users', link: { to: '/admin/users' }, deep: true },
  { label: 'Instance', link: { to: '/admin/instance' } },
  { label: 'Jobs', link: { to: '/admin/jobs' } },
  { label: 'Audit', link: { to: '/admin/audit' } },
  { label: 'Health', link: { to: '/admin/health' } },
];

/** The frame of the administrators' pages. */
export function AdminPage() {
  if (!useUser()?.is_admin) {
    return (
      <EmptyState heading="h1" icon={IconLock} title="This is for administrators">
        An administrator of this instance can open it, and can make you one.
      </EmptyState>
    );
  }
  return (
    <>
      <PageHeader title="Administration" />
      <PageTabs label="Parts of administration" tabs={tabs} />
      <Outlet />
    </>
  );
}
