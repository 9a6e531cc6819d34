import { Button } from '@mantine/core';
import { IconPackageExport } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { CollectionDetail } from '@/api/types';
import { CopyText } from '@/ui/facts';
import { PageHeader } from '@/ui/PageHeader';
import classes from './collections.module.css';
import { VisibilityMark } from './VisibilityMark';
import { entryCount } from './words';

const ReleaseDialog = lazy(() => import('./releases/ReleaseDialog'));

export function CollectionHeader({ collection }: { collection: CollectionDetail }) {
  const [asked, setAsked] = useState(false);
  const { title, name, latest_release: release } = collection;
  const mayRelease =
    collection.permissions.edit &&
    collection.archived_at === null &&
    collection.entries.length > 0;
  return (
    <PageHeader
      title={
        <span className={classes.title}>
          {title || <span className="mono">{name}</span>}
          {collection.archived_at && <span className={classes.tag}>Archived</span>}
        </span>
      }
      description={
        <>
          <div className={classes.headFacts}>
            <CopyText value={collection.reference} what="reference" />
            <VisibilityMark visibility={collection.visibility} />
            <span className="tabular">{entryCount(collection.entries.length)}</span>
            <span className="tabular">
              {release ? `Release ${release}` : 'No release yet'}
            </span>
          </div>
          {collection.description && (
            <p className={classes.about}>{collection.description}</p>
          )}
        </>
      }
      actions={
        mayRelease && (
          <>
            <Button
              variant="filled"
              leftSection={<IconPackageExport size={16} stroke={1.7} aria-hidden />}
              onClick={() => setAsked(true)}
            >
              Release
            </Button>
            {asked && (
              <Suspense>
                <ReleaseDialog
                  collection={collection}
                  onClose={() => setAsked(false)}
                />
              </Suspense>
            )}
          </>
        )
      }
    />
  );
}
