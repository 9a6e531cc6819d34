import { ActionIcon, Button } from '@mantine/core';
import { IconCircleArrowUp, IconDots, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { JobPublic } from '@/features/jobs/types';
import { isActive } from '@/features/jobs/words';
import { checkRepository, refreshUpstreams, updateAll } from './changes';
import RepositoryMenu from './RepositoryMenu';
import type { Repository } from './types';
import { counted, isActive as isWaiting } from './words';

export interface Rights {
  edit: boolean;
  manage: boolean;
}

interface RepositoryActionsProps {
  repository: Repository;
  rights: Rights;
  /** The work on it that is shown. */
  job: JobPublic | undefined;
  /** An update of all was asked for. */
  onUpdate: (job: string | null) => void;
}

export function RepositoryActions(props: RepositoryActionsProps) {
  const { repository, rights, job, onUpdate } = props;
  const { id, updates } = repository;
  const client = useQueryClient();
  const check = useMutation({
    mutationFn: () => checkRepository(id),
    onSuccess: async () => {
      onUpdate(null);
      await refreshUpstreams(client);
    },
  });
  const update = useMutation({
    mutationFn: () => updateAll(id),
    onSuccess: ({ id }) => onUpdate(id),
  });
  const working = job !== undefined && isActive(job);
  const updating = working && job.kind === 'repositories.update';
  const checking = (working && !updating) || isWaiting(repository.job);
  return (
    <>
      <Button
        leftSection={<IconRefresh size={16} stroke={1.7} aria-hidden />}
        variant={updates > 0 ? 'default' : 'filled'}
        loading={check.isPending || checking}
        onClick={() => check.mutate()}
      >
        Check now
      </Button>
      {updates > 0 && (
        <Button
          leftSection={<IconCircleArrowUp size={16} stroke={1.7} aria-hidden />}
          variant="filled"
          loading={update.isPending || updating}
          onClick={() => update.mutate()}
        >
          Take {counted(updates, 'update')}
        </Button>
      )}
      <RepositoryMenu repository={repository} rights={rights}>
        <ActionIcon
          size={32}
          variant="default"
          aria-label="More actions on this repository"
        >
          <IconDots size={18} stroke={1.7} />
        </ActionIcon>
      </RepositoryMenu>
    </>
  );
}
