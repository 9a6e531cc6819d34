import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { fileNameOf, kindOf } from '@/features/kinds/kinds';
import { type CodeEditorHandle, CodeView } from '@/ui/code/CodeEditor';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { downloadRevision } from '../changes';
import { revisionQuery } from '../queries';
import { FindingList } from './FindingList';
import { RepairNotice } from './RepairNotice';
import classes from './source.module.css';
import type { TabProps } from './tab-code';

const size = new Intl.NumberFormat('en', {
  style: 'unit',
  unit: 'byte',
  unitDisplay: 'long',
});

/** The file as it is stored, with what is wrong beside it. */
export default function SourceTab({ agent, number }: TabProps) {
  const revision = useQuery(revisionQuery(agent.id, number));
  const code = useRef<CodeEditorHandle>(null);
  const download = useMutation({ mutationFn: () => downloadRevision(agent, number) });
  if (revision.isPending) return <TextSkeleton lines={14} />;
  if (!revision.data) {
    return (
      <ErrorState error={revision.error} onRetry={() => void revision.refetch()} />
    );
  }
  const { content, findings, repaired, encoding, files } = revision.data;
  return (
    <>
      {repaired !== null && repaired !== undefined && (
        <RepairNotice agent={agent} original={content} repaired={repaired} />
      )}
      <div className={classes.layout}>
        <div className={classes.main}>
          <div className={classes.bar}>
            <span className="mono">{fileNameOf(agent)}</span>
            <span className="muted tabular">
              {content.split(/\r\n|\r|\n/).length} lines
              {files[0] && <>, {size.format(files[0].size)}</>}, {encoding}
            </span>
            <Button
              size="xs"
              className={classes.download ?? ''}
              leftSection={<IconDownload size={15} stroke={1.7} aria-hidden />}
              loading={download.isPending}
              onClick={() => download.mutate()}
            >
              Download
            </Button>
          </div>
          <CodeView
            handle={code}
            value={content}
            label={`Source of ${agent.name}, revision ${number}`}
            language={kindOf(agent.kind).format === 'json' ? 'json' : 'agent'}
            findings={findings}
          />
        </div>
        <aside className={classes.side} aria-label="Findings">
          <FindingList
            findings={findings}
            onShow={(finding) => code.current?.show(finding)}
          />
        </aside>
      </div>
    </>
  );
}
