import { type PageTab, PageTabs } from '@/features/shell/Tabs';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { JobList } from './JobList';
import type { JobSearch } from './search';

interface JobsPageProps {
  search: JobSearch;
  onSearch: (search: JobSearch) => void;
}

/** What runs in the background for this person and their teams, and what has. */
export function JobsPage({ search, onSearch }: JobsPageProps) {
  return (
    <>
      <PageHeader
        title="Jobs"
        description="Work in the background. It goes on when you leave."
        actions={<ButtonLink to="/imports/new">New import</ButtonLink>}
      />
      <PageTabs label="Whose jobs" tabs={tabsOf(search)} />
      <JobList
        search={search}
        onSearch={onSearch}
        none={
          search.scope
            ? 'What editors of your teams import or check is listed here.'
            : 'What you import, check or update is listed here, with its log.'
        }
      />
    </>
  );
}

const tabsOf = ({ scope: _, ...filters }: JobSearch): PageTab[] => [
  { label: 'Yours', bySearch: true, link: { to: '/jobs', search: filters } },
  {
    label: 'Your teams',
    bySearch: true,
    link: { to: '/jobs', search: { ...filters, scope: 'teams' } },
  },
];
