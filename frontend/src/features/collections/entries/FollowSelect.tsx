import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CollectionEntry, EntryFollow } from '@/api/types';
import { followableQuery } from '../queries';
import { followOf, follows } from '../words';

interface FollowSelectProps {
  entry: CollectionEntry;
  onChange: (what: EntryFollow) => void;
}

const option = (value: string, label: string) => ({ value, label });

/** What an entry follows; what it could follow is read when somebody comes near. */
export function FollowSelect({ entry, onChange }: FollowSelectProps) {
  const [near, setNear] = useState(false);
  const { data } = useQuery({
    ...followableQuery(entry.component_id),
    enabled: near && entry.state !== 'deleted',
    retry: false,
  });
  const value = follows(entry);
  const labels = new Set([
    'latest',
    ...(entry.label ? [entry.label] : []),
    ...(data?.labels ?? []).map(({ name }) => name),
  ]);
  const numbers = new Map(
    (data?.revisions ?? []).map(({ number, message }) => [number, message]),
  );
  for (const number of [entry.number, entry.revision?.number]) {
    if (number && !numbers.has(number)) numbers.set(number, '');
  }
  const stays = [...numbers].sort(([a], [b]) => b - a);
  return (
    <NativeSelect
      aria-label={`What ${entry.name} follows`}
      size="xs"
      value={value}
      onPointerEnter={() => setNear(true)}
      onFocus={() => setNear(true)}
      onChange={({ currentTarget }) => onChange(followOf(currentTarget.value))}
      data={[
        {
          group: 'Follow a label',
          items: [...labels].map((name) => option(`label:${name}`, name)),
        },
        {
          group: 'Stay at a revision',
          items: stays.map(([number, message]) =>
            option(
              `number:${number}`,
              message ? `${number}: ${message.slice(0, 60)}` : `Revision ${number}`,
            ),
          ),
        },
      ]}
    />
  );
}
