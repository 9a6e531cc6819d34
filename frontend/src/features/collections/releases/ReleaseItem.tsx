import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { CollectionDetail, ReleaseSummary } from '@/api/types';
import { Check } from '@/features/agents/Check';
import { Digest, RelativeTime } from '@/ui/facts';
import { downloadRelease } from '../changes';
import { entryCount } from '../words';
import { LockView } from './LockView';
import classes from './releases.module.css';

interface ReleaseItemProps {
  collection: CollectionDetail;
  release: ReleaseSummary;
  opened: boolean;
  picked: boolean;
  comparable: boolean;
  onPick: () => void;
  onOpen: (open: boolean) => void;
}

export function ReleaseItem(props: ReleaseItemProps) {
  const { collection, release, opened, picked } = props;
  const { number, author } = release;
  const download = useMutation({
    mutationFn: () => downloadRelease(collection, number),
  });
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <li className={classes.release} data-picked={picked || undefined}>
      {props.comparable ? (
        <Check
          className={classes.pick ?? ''}
          checked={picked}
          onChange={props.onPick}
          aria-label={`Compare release ${number}`}
        />
      ) : (
        <span />
      )}
      <span className={classes.number}>{number}</span>
      <div className={classes.what}>
        <p className={classes.notes} data-none={release.notes ? undefined : true}>
          {release.notes || 'No notes'}
        </p>
        <div className={classes.meta}>
          <span>{author.display_name || author.username}</span>
          <RelativeTime at={release.created_at} />
          <span className="tabular">{entryCount(release.entry_count)}</span>
          <Digest value={release.digest} />
        </div>
        {opened && <LockView collection={collection} number={number} />}
      </div>
      <div className={classes.actions}>
        <Button
          size="xs"
          aria-expanded={opened}
          aria-label={`Lock of release ${number}`}
          leftSection={<Chevron size={14} stroke={1.8} aria-hidden />}
          onClick={() => props.onOpen(!opened)}
        >
          Lock
        </Button>
        <Button
          size="xs"
          aria-label={`Download release ${number}`}
          leftSection={<IconDownload size={14} stroke={1.8} aria-hidden />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          Download
        </Button>
      </div>
    </li>
  );
}
