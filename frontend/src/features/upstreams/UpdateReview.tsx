import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';
import { toastPublished } from '@/features/agents/editor/published-toast';
import { placeOf } from '@/features/kinds/kinds';
import { DiffView } from '@/ui/code/DiffView';
import { FormError } from '@/ui/FormError';
import { refreshUpstreams, takeUpdate } from './changes';
import type { UpstreamMerge } from './types';
import classes from './upstreams.module.css';
import { fileChanges, fileWords } from './words';

interface UpdateReviewProps {
  agent: ComponentPublic;
  merge: UpstreamMerge;
  /** What the person made of both; null: as the server merged it. */
  content: string | null;
  /** Files of which the update's is taken. */
  theirs: string[];
  /** What is to be chosen about files. */
  files: ReactNode;
  onBack: (() => void) | undefined;
  onStartOver: () => void;
}

type Side = 'here' | 'upstream';

/** What the update will change, with a message to publish it under. */
export function UpdateReview(props: UpdateReviewProps) {
  const { agent, merge, files } = props;
  const [side, setSide] = useState<Side>('here');
  const text =
    props.content ?? (merge.conflicts.length > 0 ? merge.theirs : merge.merged);
  const changed = merge.mine !== merge.base;
  const sides = {
    here: [merge.mine, text, `Revision ${merge.latest_number}`, 'With the update'],
    upstream: [merge.base, merge.theirs, 'As it was taken', 'The update'],
  } as const;
  const [original, modified, from, to] = sides[side];
  return (
    <section className={classes.review} aria-label="The update">
      {merge.objection && (
        <div className={classes.objection} role="note">
          <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
          <span>{merge.objection}</span>
        </div>
      )}
      {files}
      {changed && (
        <SegmentedControl
          className={classes.sides ?? ''}
          aria-label="Which changes"
          value={side}
          onChange={(value) => setSide(value as Side)}
          data={[
            { value: 'here', label: 'What changes here' },
            { value: 'upstream', label: 'What changed upstream' },
          ]}
        />
      )}
      {original === modified ? (
        <p className={classes.same}>The text stays as it is.</p>
      ) : (
        <DiffView
          original={original}
          modified={modified}
          from={from}
          to={to}
          label={`${agent.name}, ${from.toLowerCase()} and ${to.toLowerCase()}`}
        />
      )}
      <OtherFiles merge={merge} />
      {agent.permissions.edit && !merge.objection && <Take {...props} />}
    </section>
  );
}

/** The files beside the text that change with it. */
function OtherFiles({ merge }: { merge: UpstreamMerge }) {
  const changes = fileChanges(merge.files);
  if (changes.length === 0) return null;
  return (
    <section aria-label="Other files">
      <h3 className={classes.heading}>Other files</h3>
      <ul className={classes.files}>
        {changes.map(({ path, change }) => (
          <li key={path}>
            <span className={classes.change}>{fileWords[change]}</span>
            <span className="mono">{path}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Take(props: UpdateReviewProps) {
  const { agent, merge, content, theirs } = props;
  const router = useRouter();
  const client = useQueryClient();
  const [message, setMessage] = useState('');
  const take = useMutation({
    mutationFn: () =>
      takeUpdate(agent.id, merge, {
        // Where something was left to decide, the server wants the whole of it.
        content: content ?? (merge.clean ? null : merge.merged),
        theirs,
        message: message.trim(),
      }),
    meta: { quiet: true },
    onSuccess: async ({ number }) => {
      await refreshUpstreams(client);
      const to = { to: '/$plural/$team/$name', params: placeOf(agent) } as const;
      const search = {
        tab: 'revisions',
        from: merge.latest_number,
        to: number,
      } as const;
      await router.navigate({ ...to, search: {} });
      toastPublished({
        message: `Updated ${agent.name}: revision ${number}`,
        compare: {
          href: router.buildLocation({ ...to, search }).href,
          open: () => void router.navigate({ ...to, search }),
        },
      });
    },
  });
  const moved = isProblem(take.error) && [409, 412].includes(take.error.status);
  return (
    <form
      className={classes.take}
      onSubmit={(event) => {
        event.preventDefault();
        if (!take.isPending) take.mutate();
      }}
    >
      <TextInput
        className={classes.message ?? ''}
        label="Message"
        description="What the revision says it is; without one, where it comes from."
        value={message}
        maxLength={500}
        onChange={({ currentTarget }) => setMessage(currentTarget.value)}
      />
      <FormError error={take.error} />
      <div className={classes.buttons}>
        {moved && <Button onClick={props.onStartOver}>Look at it again</Button>}
        {props.onBack && <Button onClick={props.onBack}>Back to the merge</Button>}
        <Button type="submit" variant="filled" loading={take.isPending}>
          Update to revision {merge.latest_number + 1}
        </Button>
      </div>
    </form>
  );
}
