import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Changelog, CollectionDetail } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { KindBadge } from '@/ui/facts';
import { TextSkeleton } from '@/ui/skeletons';
import { changelogQuery } from '../queries';
import classes from './releases.module.css';

interface ChangelogViewProps {
  collection: CollectionDetail;
  from: number;
  to: number;
  onClose: () => void;
}

/** Two releases compared, in the words of a changelog. */
export function ChangelogView({ collection, from, to, onClose }: ChangelogViewProps) {
  const changes = useQuery(changelogQuery(collection.id, from, to));
  return (
    <section className={classes.changelog} aria-labelledby="changelog">
      <div className={classes.changelogHead}>
        <h2 id="changelog">
          From release {from} to {to}
        </h2>
        <ActionIcon aria-label="Close the comparison" onClick={onClose}>
          <IconX size={16} stroke={1.7} />
        </ActionIcon>
      </div>
      {changes.isPending && <TextSkeleton lines={4} />}
      {changes.error && (
        <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />
      )}
      {changes.data && <Changes changes={changes.data} />}
    </section>
  );
}

function Changes({ changes }: { changes: Changelog }) {
  const { added, removed, updated, moved } = changes;
  if (added.length + removed.length + updated.length + moved.length === 0) {
    return <p className="muted">Both lock the same.</p>;
  }
  return (
    <>
      <Group title="Added" items={added}>
        {({ number }) => `revision ${number}`}
      </Group>
      <Group title="Removed" items={removed}>
        {({ number }) => `revision ${number}`}
      </Group>
      <Group title="Updated" items={updated}>
        {({ before, after, revisions }) => (
          <>
            revision {before} → {after}
            {revisions.length > 0 && (
              <ul className={classes.messages}>
                {revisions.map(({ number, message, author }) => (
                  <li key={number}>
                    <span className="tabular">{number}</span>{' '}
                    {message || <span className="muted">No message</span>}{' '}
                    <span className="muted">
                      {author.display_name || author.username}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Group>
      <Group title="Moved" items={moved}>
        {({ before, after }) => `place ${before} → ${after}`}
      </Group>
    </>
  );
}

interface Changed {
  component_id: string;
  kind: string;
  team: string;
  name: string;
}

interface GroupProps<Item> {
  title: string;
  items: Item[];
  children: (item: Item) => ReactNode;
}

function Group<Item extends Changed>({ title, items, children }: GroupProps<Item>) {
  if (items.length === 0) return null;
  return (
    <div className={classes.changes}>
      <h3>
        {title} <span className="muted">{items.length}</span>
      </h3>
      <ul>
        {items.map((item) => (
          <li key={item.component_id}>
            <KindBadge kind={item.kind} />
            <span className="mono">
              {item.team}/{item.name}
            </span>
            <div className={classes.change}>{children(item)}</div>
          </li>
        ))}
      </ul>
    </div>
  );
}
