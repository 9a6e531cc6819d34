import { Button, VisuallyHidden } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exportZip } from '@/features/agents/changes';
import { kindOf } from '@/features/kinds/kinds';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { RowsSkeleton } from '@/ui/skeletons';
import { FileGroup } from './FileGroup';
import { GroupTabs } from './GroupTabs';
import { ImportHeader } from './ImportHeader';
import classes from './imports.module.css';
import { allFilesQuery } from './queries';
import { ReportList } from './ReportList';
import { ShareReport } from './ShareReport';
import type { ImportSearch } from './search';
import type { ImportFile, ImportPublic } from './types';
import {
  groups,
  headlineOf,
  importable,
  type ResultName,
  reportOf,
  resultNames,
  results as words,
} from './wording';

/** As many as one export takes. */
const EXPORTABLE = 1000;
const aside = ['left_aside', 'refused'] as const;
const none = { created: 0, published: 0, unchanged: 0, reused: 0, skipped: 0 };

interface ReportProps {
  of: ImportPublic;
  search: ImportSearch;
}

/** What applying did. The address can be sent to others of the team. */
export function Report({ of, search }: ReportProps) {
  const results = of.results ?? none;
  const files = useQuery(allFilesQuery(of.id, { outcome: importable }));
  const [firstResult] = useState(() => resultNames.find((name) => results[name] > 0));
  const group = aside.find((name) => name === search.group);
  const current: ResultName = search.result ?? firstResult ?? 'created';
  const shown = files.data?.filter(({ result }) => result?.outcome === current) ?? [];
  const stored = storedIds(files.data ?? []);
  const zip = useMutation({
    mutationFn: () => exportZip(stored.map((id) => ({ id }))),
  });
  const tabs = [
    ...resultNames
      .filter((name) => results[name] > 0 || (!group && name === current))
      .map((name) => ({
        key: name,
        label: words[name].label,
        count: results[name],
        search: { result: name },
      })),
    ...aside
      .filter((name) => of.counts[name] > 0)
      .map((name) => ({
        key: name,
        label: groups[name].label,
        count: of.counts[name],
        search: { group: name },
      })),
  ];
  // Where most of what came in is.
  const [most] = Object.entries(of.headline.components).sort((a, b) => b[1] - a[1]);
  const kind = kindOf(most?.[0] ?? 'agent');
  return (
    <>
      <ImportHeader of={of} title={`${reportOf(results, of.headline.components)}.`}>
        Before: {lowerFirst(headlineOf(of.headline))}.
      </ImportHeader>
      <div className={classes.reportActions}>
        <ButtonLink
          variant="filled"
          to="/$plural"
          params={{ plural: kind.plural }}
          search={{ team: of.team.slug }}
        >
          See the {kind.labels.toLowerCase()}
        </ButtonLink>
        {stored.length > 0 && stored.length <= EXPORTABLE && (
          <Button
            leftSection={<IconDownload size={16} stroke={1.6} aria-hidden />}
            loading={zip.isPending}
            onClick={() => zip.mutate()}
          >
            Export these as a zip
          </Button>
        )}
        <ButtonLink to="/imports/new">Import more</ButtonLink>
        <ShareReport of={of} />
      </div>
      <GroupTabs
        id={of.id}
        label="What became of the files"
        tabs={tabs}
        current={group ?? current}
      />
      <section aria-labelledby="group" className={classes.panel}>
        <VisuallyHidden component="h2" id="group">
          {group ? groups[group].label : words[current].label}
        </VisuallyHidden>
        {group ? (
          <FileGroup key={group} of={of} outcome={group} />
        ) : (
          <>
            <div className={classes.groupHead}>
              <p>{words[current].text}</p>
            </div>
            {files.isPending && (
              <RowsSkeleton rows={Math.min(results[current], 8) || 1} />
            )}
            {files.error && !files.data && (
              <ErrorState error={files.error} onRetry={() => files.refetch()} />
            )}
            {shown.length > 0 && <ReportList of={of} files={shown} />}
          </>
        )}
      </section>
    </>
  );
}

const lowerFirst = (text: string) =>
  /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;

/** The components that this import wrote, each once. */
function storedIds(files: readonly ImportFile[]): string[] {
  const ids = files.flatMap(({ result }) =>
    result?.component_id && ['created', 'published'].includes(result.outcome)
      ? [result.component_id]
      : [],
  );
  return [...new Set(ids)];
}
