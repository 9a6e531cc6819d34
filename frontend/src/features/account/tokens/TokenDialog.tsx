import { useMutation, useQueryClient } from '@tanstack/react-query';
import { makeToken } from '../changes';
import { accountKeys } from '../queries';
import { TaskModal } from '../TaskModal';
import { TokenForm, type TokenStart } from './TokenForm';
import { TokenOnce } from './TokenOnce';

interface TokenDialogProps {
  opened: boolean;
  onClose: () => void;
  start?: TokenStart;
}

/** Makes a token, then shows it. */
export default function TokenDialog({ opened, onClose, start }: TokenDialogProps) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: makeToken,
    // The secret goes when nothing shows it any more.
    gcTime: 0,
    meta: { quiet: true },
    onSuccess: () => client.invalidateQueries({ queryKey: accountKeys.tokens }),
  });
  const made = make.data;
  const close = () => {
    onClose();
    make.reset();
  };
  return (
    <TaskModal
      opened={opened}
      onClose={close}
      title={made ? `Keep the token of ${made.name}` : 'New token'}
      size="lg"
      once={made !== undefined}
    >
      {made ? (
        <TokenOnce token={made.token} onDone={close} />
      ) : (
        <TokenForm make={make} onClose={close} {...(start && { start })} />
      )}
    </TaskModal>
  );
}
