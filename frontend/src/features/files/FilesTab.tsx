import { Button } from '@mantine/core';
import { IconFileZip } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TabProps } from '@/features/agents/component/tab-code';
import { revisionQuery } from '@/features/agents/queries';
import { kindOf, placeOf } from '@/features/kinds/kinds';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { toastError } from '@/ui/toast';
import { downloadTree } from './api';
import { FileTree } from './FileTree';
import { FileView } from './FileView';
import classes from './files.module.css';
import { treeOf } from './tree';

/** All files of a revision: the tree, and the one that the address names. */
export default function FilesTab({ agent, number, search }: TabProps) {
  const revision = useQuery(revisionQuery(agent.id, number));
  const zip = useMutation({
    mutationFn: () => downloadTree(agent.id, number, `${agent.name}-${number}.zip`),
    onError: toastError,
  });
  if (revision.isPending) return <TextSkeleton lines={12} />;
  if (!revision.data) {
    return (
      <ErrorState error={revision.error} onRetry={() => void revision.refetch()} />
    );
  }
  const { main } = kindOf(agent.kind);
  const { files } = revision.data;
  const chosen = search.file ?? main;
  const file = files.find(({ path }) => path === chosen);
  return (
    <div className={classes.layout}>
      <nav className={classes.side} aria-label="Files">
        <div className={classes.sideHead}>
          <span className="muted tabular">
            {files.length === 1 ? '1 file' : `${files.length} files`}
          </span>
          <Button
            size="xs"
            leftSection={<IconFileZip size={15} stroke={1.7} aria-hidden />}
            loading={zip.isPending}
            onClick={() => zip.mutate()}
          >
            Download all
          </Button>
        </div>
        <FileTree
          nodes={treeOf(files, main)}
          render={(node, content) => (
            <Link
              to="/$plural/$team/$name"
              params={placeOf(agent)}
              search={{
                tab: 'files',
                ...(search.revision ? { revision: search.revision } : {}),
                ...(node.path === main ? {} : { file: node.path }),
              }}
              resetScroll={false}
              activeOptions={{ exact: true, includeSearch: true }}
              className={classes.file}
              aria-current={node.path === chosen ? 'page' : undefined}
            >
              {content}
            </Link>
          )}
        />
      </nav>
      <div className={classes.main}>
        {file ? (
          <FileView
            key={`${number}:${file.path}`}
            component={agent.id}
            number={number}
            file={file}
          />
        ) : (
          <div className={classes.notice}>
            <p>
              Revision {number} has no file <span className="mono">{chosen}</span>.
              Choose another one.
            </p>
          </div>
        )}
      </div>
    </div>
  );
}
