import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Severity } from '@/api/types';
import { ImportFiles } from '@/features/files/ImportFiles';
import { CodeView } from '@/ui/code/CodeEditor';
import { DiffView } from '@/ui/code/DiffView';
import { ErrorState } from '@/ui/ErrorState';
import { FindingItem } from '@/ui/FindingItem';
import { TextSkeleton } from '@/ui/skeletons';
import { Conversion } from './Conversion';
import classes from './detail.module.css';
import { ExampleList } from './ExampleList';
import { Proposals } from './Proposals';
import { Provenance } from './Provenance';
import { fileQuery } from './queries';
import type { ImportFileDetail as Detail, ImportFile, ImportPublic } from './types';

const worst: Severity[] = ['error', 'warning', 'info'];

interface FileDetailProps {
  of: ImportPublic;
  file: ImportFile;
}

/** All about one file, loaded when its row is opened. */
export default function FileDetail({ of, file }: FileDetailProps) {
  const detail = useQuery(fileQuery(of.id, file.id));
  if (detail.error && !detail.data) {
    return (
      <ErrorState error={detail.error} heading="h3" onRetry={() => detail.refetch()} />
    );
  }
  if (!detail.data) return <TextSkeleton lines={8} />;
  const { findings, examples } = detail.data;
  const plain = findings
    .filter(({ fix }) => !fix || fix.safe)
    .sort((a, b) => worst.indexOf(a.severity) - worst.indexOf(b.severity));
  return (
    <div className={classes.sections}>
      {findings.length === 0 && (
        <p className="muted">Nothing is wrong with this file.</p>
      )}
      {plain.length > 0 && (
        <section aria-label={`Findings in ${file.path}`}>
          <h3>What was found</h3>
          <ul className={classes.findings}>
            {plain.map((finding, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: findings never move
              <FindingItem key={index} finding={finding} />
            ))}
          </ul>
        </section>
      )}
      <Provenance of={of} file={detail.data} />
      <Proposals of={of} file={file} detail={detail.data} />
      <Texts file={file} detail={detail.data} />
      {detail.data.files.length > 0 && (
        <ImportFiles
          importId={of.id}
          fileId={file.id}
          files={detail.data.files}
          changes={detail.data.changes ?? null}
        />
      )}
      {examples.length > 0 && <ExampleList examples={examples} path={file.path} />}
    </div>
  );
}

type View = 'repair' | 'change' | 'conversion' | 'source';

const words: Record<View, string> = {
  repair: 'What the repair changes',
  change: 'What changes in the registry',
  conversion: 'What it was, and what it becomes',
  source: 'The file',
};

const short: Record<View, string> = {
  repair: 'Repair',
  change: 'Change',
  conversion: 'Conversion',
  source: 'File',
};

function Texts({ file, detail }: { file: ImportFile; detail: Detail }) {
  const { original, repaired, current } = detail;
  const views: View[] = [];
  if (current !== null && file.outcome !== 'unchanged') views.push('change');
  if (repaired !== null) views.push('repair');
  if (detail.source !== null) views.push('conversion');
  views.push('source');
  const [chosen, setChosen] = useState<View | null>(null);
  const view = chosen && views.includes(chosen) ? chosen : (views[0] ?? 'source');
  const incoming = file.decision === 'repaired' && repaired !== null;
  return (
    <section aria-label={`Text of ${file.path}`}>
      <div className={classes.textHead}>
        <h3>{words[view]}</h3>
        {views.length > 1 && (
          <SegmentedControl
            aria-label={`Which text of ${file.path}`}
            value={view}
            onChange={(value) => setChosen(value as View)}
            data={views.map((value) => ({
              value,
              label: short[value],
            }))}
          />
        )}
      </div>
      <div className={classes.diff}>
        {view === 'repair' && (
          <DiffView
            original={original}
            modified={repaired ?? original}
            label={`${file.path}, original to repaired`}
            from="Original"
            to="Repaired"
          />
        )}
        {view === 'change' && (
          <DiffView
            original={current ?? ''}
            modified={incoming ? (repaired ?? original) : original}
            label={`${file.path}, registry to file`}
            from="In the registry"
            to={incoming ? 'This file, repaired' : 'This file'}
          />
        )}
      </div>
      {view === 'conversion' && <Conversion detail={detail} />}
      {view === 'source' && (
        <div className={classes.source}>
          <CodeView
            value={original}
            label={`Text of ${file.path}`}
            findings={detail.findings}
            fill
          />
        </div>
      )}
    </section>
  );
}
