import { Button, Group, Modal, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { CollectionDetail } from '@/api/types';
import { FormError } from '@/ui/FormError';
import { toastDone } from '@/ui/toast';
import { makeRelease, refreshCollections } from '../changes';
import { entryCount, states } from '../words';
import classes from './releases.module.css';

interface ReleaseDialogProps {
  collection: CollectionDetail;
  onClose: () => void;
}

/** Locks what all entries stand for now, for ever. */
export default function ReleaseDialog({ collection, onClose }: ReleaseDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [notes, setNotes] = useState('');
  const { team, name, entries } = collection;
  const left = entries.filter(({ state }) => state === 'hidden');
  const unfit = entries.filter(({ state }) => state !== 'ok' && state !== 'hidden');
  const make = useMutation({
    mutationFn: () => makeRelease(collection, notes.trim()),
    meta: { quiet: true },
    onSuccess: async (release) => {
      await refreshCollections(client);
      await navigate({
        to: '/collections/$team/$name',
        params: { team: team.slug, name },
        search: { tab: 'releases', release: release.number },
      });
      onClose();
      toastDone(`Made release ${release.number} of ${collection.reference}`);
    },
    onError: () => refreshCollections(client),
  });
  const refused = isProblem(make.error) ? make.error.errors : [];
  return (
    <Modal opened centered onClose={onClose} title={`Release ${collection.reference}`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (unfit.length === 0) make.mutate();
        }}
      >
        <p className={classes.intro}>
          It locks {entryCount(entries.length - left.length - unfit.length)} at the
          revisions that they stand for now. A release never changes.
        </p>
        {unfit.length > 0 && (
          <div className={classes.unfit} role="alert">
            These stand in the way:
            <ul>
              {unfit.map(({ component_id, reference, state }) => (
                <li key={component_id}>
                  <span className="mono">{reference}</span>{' '}
                  {state !== 'ok' && states[state].word.toLowerCase()}
                </li>
              ))}
            </ul>
          </div>
        )}
        {left.length > 0 && (
          <p className={classes.intro}>
            {entryCount(left.length)} that fewer people may see{' '}
            {left.length === 1 ? 'is' : 'are'} left out.
          </p>
        )}
        <FormError error={make.error} />
        {refused.length > 0 && (
          <ul className={classes.refused}>
            {refused.map(({ loc, message }) => (
              <li key={loc}>
                <span className="mono">{loc}</span> {message}
              </li>
            ))}
          </ul>
        )}
        <Textarea
          label="Notes"
          description="What is new in it, for those who take it."
          rows={4}
          maxLength={10_000}
          data-autofocus
          value={notes}
          onChange={({ currentTarget }) => setNotes(currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            disabled={unfit.length > 0}
            loading={make.isPending}
          >
            Make release
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
