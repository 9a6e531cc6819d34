import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CollectionDetail } from '@/api/types';
import { releaseQuery } from '../queries';
import classes from './install.module.css';

interface SinceNoticeProps {
  collection: CollectionDetail;
  number: number;
}

/** That what a release locked was withdrawn since. */
export function SinceNotice({ collection, number }: SinceNoticeProps) {
  const release = useQuery(releaseQuery(collection.id, number));
  const yanked = release.data?.entries.filter((one) => one.yanked) ?? [];
  if (yanked.length === 0) return null;
  const names = yanked.map((one) => `${one.team}/${one.name}`);
  return (
    <div className={classes.notice} role="note">
      <IconAlertTriangle
        className={classes.noticeIcon}
        size={16}
        stroke={1.7}
        aria-hidden
      />
      <p>
        {names.slice(0, 3).join(', ')}
        {names.length > 3 && ` and ${names.length - 3} more`}{' '}
        {names.length === 1 ? 'was' : 'were'} yanked since release {number} was made.{' '}
        <Link
          to="/collections/$team/$name"
          params={{ team: collection.team.slug, name: collection.name }}
          search={{ tab: 'releases', release: number }}
        >
          See its lock
        </Link>
      </p>
    </div>
  );
}
