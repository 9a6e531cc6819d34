import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Collection } from '@/api/types';
import { RelativeTime } from '@/ui/facts';
import { toastDone } from '@/ui/toast';
import { refreshCollections, restoreCollection } from './changes';
import classes from './collections.module.css';
import { VisibilityMark } from './VisibilityMark';
import { entryCount } from './words';

export function CollectionItem({ collection }: { collection: Collection }) {
  const { team, name, title, latest_release: release } = collection;
  const gone = collection.deleted_at !== null;
  const shown = title || name;
  return (
    <li className={classes.item}>
      <div className={classes.itemText}>
        {gone ? (
          <span className={classes.itemName}>{shown}</span>
        ) : (
          <Link
            to="/collections/$team/$name"
            params={{ team: team.slug, name }}
            className={classes.itemLink}
          >
            {shown}
          </Link>
        )}
        <span className="mono muted">{collection.reference}</span>
        {collection.description && (
          <span className={classes.itemAbout}>{collection.description}</span>
        )}
      </div>
      <span className={classes.itemFacts}>
        <VisibilityMark visibility={collection.visibility} />
        <span className="tabular">{entryCount(collection.entry_count)}</span>
        <span className="tabular">{release ? `Release ${release}` : 'No release'}</span>
        {collection.archived_at && <span className={classes.tag}>Archived</span>}
        <span className="muted">
          {gone ? 'deleted ' : 'changed '}
          <RelativeTime at={collection.deleted_at ?? collection.updated_at} />
        </span>
      </span>
      {gone && <Restore collection={collection} />}
    </li>
  );
}

function Restore({ collection }: { collection: Collection }) {
  const client = useQueryClient();
  const restore = useMutation({
    mutationFn: () => restoreCollection(collection),
    onSuccess: async () => {
      await refreshCollections(client);
      toastDone(`Restored ${collection.name}`);
    },
  });
  return (
    <Button
      size="xs"
      loading={restore.isPending}
      onClick={() => restore.mutate()}
      aria-label={`Restore ${collection.name}`}
    >
      Restore
    </Button>
  );
}
