import { Menu } from '@mantine/core';
import { IconFileImport, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { importAgain, refreshUpstreams, removeRepository } from './changes';
import { upstreamKeys } from './queries';
import type { Rights } from './RepositoryActions';
import type { Repository } from './types';
import classes from './upstreams.module.css';
import { counted, shortUrl } from './words';

interface RepositoryMenuProps {
  repository: Repository;
  rights: Rights;
  /** The button that opens it. */
  children: ReactElement;
}

/** What is done with a repository now and then. */
export default function RepositoryMenu(props: RepositoryMenuProps) {
  const { repository, rights, children } = props;
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const again = useMutation({
    mutationFn: () => importAgain(repository.id),
    onSuccess: ({ id }) => void navigate({ to: '/imports/$id', params: { id } }),
  });
  return (
    <>
      <Menu width={220}>
        <Menu.Target>{children}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileImport size={16} stroke={1.6} aria-hidden />}
            onClick={() => again.mutate()}
          >
            Import again
          </Menu.Item>
          {rights.manage && (
            <>
              <Menu.Divider />
              <Menu.Item
                className={classes.danger ?? ''}
                leftSection={<IconTrash size={16} stroke={1.6} aria-hidden />}
                onClick={() => setAsking(true)}
              >
                Remove
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <RemoveDialog
        repository={repository}
        opened={asking}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

interface RemoveDialogProps {
  repository: Repository;
  opened: boolean;
  onClose: () => void;
}

function RemoveDialog({ repository, opened, onClose }: RemoveDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const name = shortUrl(repository.url);
  const remove = useMutation({
    mutationFn: () => removeRepository(repository),
    meta: { quiet: true },
    onSuccess: async () => {
      await navigate({ to: '/imports/repositories' });
      client.removeQueries({ queryKey: upstreamKeys.repository(repository.id) });
      toastDone(`Removed ${name}`);
    },
    onSettled: () => refreshUpstreams(client),
  });
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove ${name}?`}
      confirm="Remove repository"
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {repository.components > 0
        ? `${counted(repository.components, 'component')} from it stay as they are, and hear no more of it.`
        : 'No component comes from it any more.'}{' '}
      {repository.has_token && 'Its token goes for good.'}
      <FormError error={remove.error} />
    </ConfirmDialog>
  );
}
