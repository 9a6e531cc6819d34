import { Button } from '@mantine/core';
import { IconRestore, IconTrash } from '@tabler/icons-react';
import type { ComponentPublic } from '@/api/types';
import { CopyText, Fact, FactList, KindBadge, RelativeTime } from '@/ui/facts';
import { PageHeader } from '@/ui/PageHeader';
import { toastDone } from '@/ui/toast';
import { restoreComponent } from '../changes';
import { ChangeError } from './ChangeError';
import classes from './component.module.css';
import { authorOf } from './people';
import { useChange } from './use-change';

/** A deleted agent, for those who may restore it. */
export default function Tombstone({ agent }: { agent: ComponentPublic }) {
  const restore = useChange(
    () => restoreComponent(agent),
    () => toastDone(`Restored ${agent.name}`),
  );
  return (
    <div className={classes.page}>
      <PageHeader
        title={
          <span className={classes.title}>
            <span className="mono">{agent.name}</span>
            <KindBadge kind={agent.kind} />
          </span>
        }
        actions={
          <Button
            variant="filled"
            loading={restore.isPending}
            leftSection={<IconRestore size={16} stroke={1.7} aria-hidden />}
            onClick={() => restore.mutate(undefined)}
          >
            Restore
          </Button>
        }
      />
      <div className={classes.notice} role="note" data-tone="danger">
        <IconTrash size={16} stroke={1.7} aria-hidden />
        <span className={classes.noticeText}>
          <span>
            Deleted {agent.deleted_at && <RelativeTime at={agent.deleted_at} />}
            {agent.deletion_reason && `: ${agent.deletion_reason}`}. Nobody finds it any
            more; its revisions are kept, and restoring brings all of it back.
          </span>
        </span>
      </div>
      <ChangeError error={restore.error} agent={agent} />
      <div className={classes.tombstone}>
        <FactList>
          <Fact label="Identifier">
            <CopyText value={`roster:${agent.reference}`} what="identifier" />
          </Fact>
          <Fact label="Description">{agent.description}</Fact>
          {agent.latest && (
            <>
              <Fact label="Latest revision">{agent.latest.number}</Fact>
              <Fact label="Published">
                {authorOf(agent.latest.author)},{' '}
                <RelativeTime at={agent.latest.published_at} />
              </Fact>
            </>
          )}
        </FactList>
      </div>
    </div>
  );
}
