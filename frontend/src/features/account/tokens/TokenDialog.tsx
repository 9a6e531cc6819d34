import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { makeToken } from '../changes';
import { accountKeys } from '../queries';
import { TokenForm } from './TokenForm';
import { TokenOnce } from './TokenOnce';

interface TokenDialogProps {
  opened: boolean;
  onClose: () => void;
}

/** Makes a token, then shows it. */
export function TokenDialog({ opened, onClose }: TokenDialogProps) {
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
    <Modal
      opened={opened}
      onClose={close}
      title={made ? `Keep the token of ${made.name}` : 'New token'}
      size="lg"
      centered
      closeOnClickOutside={!made}
      closeOnEscape={!made}
      withCloseButton={!made}
    >
      {made ? (
        <TokenOnce token={made.token} onDone={close} />
      ) : (
        <TokenForm make={make} onClose={close} />
      )}
    </Modal>
  );
}
