import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { ConflictView } from '@/features/agents/editor/ConflictView';
import { type AsideText, SetAside } from '@/features/agents/editor/SetAside';
import { FileChoices } from '@/features/lifecycle/FileChoices';
import { ErrorState } from '@/ui/ErrorState';
import { TextSkeleton } from '@/ui/skeletons';
import { refreshUpstreams } from './changes';
import { updateQuery } from './queries';
import type { Upstream, UpstreamMerge } from './types';
import { UpdateReview } from './UpdateReview';
import classes from './upstreams.module.css';
import { shortCommit } from './words';

interface UpdateViewProps {
  agent: ComponentPublic;
  upstream: Upstream;
}

/** The update as a diff; where both sides changed the same, first the merge of them. */
export function UpdateView({ agent, upstream }: UpdateViewProps) {
  const client = useQueryClient();
  const merge = useQuery(updateQuery(agent.id));
  const [resolved, setResolved] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<string[]>([]);
  const [aside, setAside] = useState<AsideText[]>([]);
  if (merge.isPending) return <TextSkeleton lines={10} />;
  if (!merge.data) {
    return <ErrorState error={merge.error} onRetry={() => void merge.refetch()} />;
  }
  const { data } = merge;
  const open = data.files.filter(({ side }) => side == null);
  const files = (
    <FileChoices
      files={open}
      about="These files were changed here and upstream. Choose which of the two stays; the other can still be read in its revision or its commit."
      theirs={theirs}
      onTheirs={setTheirs}
    />
  );
  const keep = (what: string, text: string) =>
    setAside((texts) => [...texts, { id: crypto.randomUUID(), what, text }]);
  /** What was merged is out of date; the text of it is kept at hand. */
  const startOver = async () => {
    if (resolved !== null && resolved !== data.merged)
      keep('what you merged', resolved);
    setResolved(null);
    setTheirs([]);
    await Promise.all([refreshUpstreams(client), merge.refetch()]);
  };
  const undecided = data.conflicts.length > 0 && resolved === null;
  const refuses = data.objection !== null || !agent.permissions.edit;
  return (
    <>
      <SetAside texts={aside} onForget={() => setAside([])} />
      {undecided && !refuses ? (
        <div className={classes.decide}>
          <ConflictView
            key={data.update_digest + data.latest_digest}
            conflict={data}
            names={namesOf(data, upstream)}
            files={files}
            onResolve={setResolved}
          />
        </div>
      ) : (
        <UpdateReview
          key={data.update_digest + data.latest_digest}
          agent={agent}
          merge={data}
          content={resolved}
          theirs={theirs}
          files={files}
          onBack={resolved === null ? undefined : () => setResolved(null)}
          onStartOver={() => void startOver()}
        />
      )}
    </>
  );
}

const namesOf = (merge: UpstreamMerge, { repository }: Upstream) => ({
  mine: 'Your text',
  theirs: 'The update',
  base: 'As it was taken',
  lead: `Since revision ${merge.number} this was changed here and in ${repository.ref || 'the repository'}, by commit ${shortCommit(merge.commit)}.`,
  kept: 'What you do not choose stays in its revision or its commit.',
});
