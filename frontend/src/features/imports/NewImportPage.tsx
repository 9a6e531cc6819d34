import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { instanceQuery } from '@/api/queries';
import { type PageTab, PageTabs } from '@/features/shell/Tabs';
import { PageHeader } from '@/ui/PageHeader';
import { FilesForm } from './FilesForm';
import { LockForm } from './LockForm';
import { RepositoryForm } from './RepositoryForm';
import { type NewImportSearch, SOURCES, type SourceName } from './search';
import { useImportTeams } from './TeamField';
import classes from './upload.module.css';
import { useSources } from './use-sources';

const labels: Record<SourceName, string> = {
  files: 'Files',
  repository: 'Git repository',
  lock: 'Lock file',
};

const tabsOf = ({ source: _, ...rest }: NewImportSearch): PageTab[] =>
  SOURCES.map((source) => ({
    label: labels[source],
    bySearch: true,
    link: {
      to: '/imports/new',
      search: source === 'files' ? rest : { ...rest, source },
      replace: true,
    },
  }));

/** Where the files come from; what becomes of them is asked on the page after it. */
export function NewImportPage({ search }: { search: NewImportSearch }) {
  const { data: instance } = useQuery(instanceQuery);
  const { teams, own } = useImportTeams();
  const asked = teams.some(({ slug }) => slug === search.team) ? search.team : null;
  const [chosen, setTeam] = useState<string | null>(null);
  const sources = useSources(instance?.limits);
  const into = { team: chosen ?? asked ?? own, onTeam: setTeam };
  return (
    <div className={classes.page}>
      <PageHeader
        title="Import files"
        description="First you see what they are and what is wrong with each. Nothing enters the registry before you say so."
      />
      <PageTabs label="Where they come from" tabs={tabsOf(search)} />
      {search.source === 'repository' ? (
        <RepositoryForm
          // A link to another repository fills the form anew.
          key={`${search.url} ${search.ref} ${search.folder}`}
          {...into}
          from={search}
        />
      ) : search.source === 'lock' ? (
        <LockForm {...into} />
      ) : (
        <FilesForm {...into} instance={instance} chosen={sources} />
      )}
    </div>
  );
}
