import { PageTabs } from '@/features/shell/Tabs';

/** What was brought in, and where it comes from. */
export function ImportTabs() {
  return (
    <PageTabs
      label="Imports and repositories"
      tabs={[
        { label: 'Imports', link: { to: '/imports' } },
        { label: 'Repositories', link: { to: '/imports/repositories' } },
      ]}
    />
  );
}
