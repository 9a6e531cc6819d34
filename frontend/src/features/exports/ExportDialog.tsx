import { Button, Group, Modal, NativeSelect, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { FieldError, Published } from '@/api/types';
import { exportComponents } from '@/features/agents/changes';
import { FormError } from '@/ui/FormError';
import { FORMATS, type Format } from './download';
import classes from './exports.module.css';
import { lossText } from './losses';
import { targetsQuery } from './queries';

interface ExportDialogProps {
  component: Published;
  onClose: () => void;
}

/** One component, laid out for a tool; what gets lost is told before it is taken. */
export default function ExportDialog({ component, onClose }: ExportDialogProps) {
  const { data: targets = [] } = useQuery(targetsQuery);
  const [target, setTarget] = useState('');
  const [format, setFormat] = useState<Format>('zip');
  const take = useMutation({
    mutationFn: (strict: boolean) =>
      exportComponents([component], { ...(target && { target }), format, strict }),
    meta: { quiet: true },
    onSuccess: onClose,
  });
  const losses = isProblem(take.error, 'export-loses') ? take.error.errors : null;
  const chosen = targets.find(({ name }) => name === target);
  return (
    <Modal opened centered onClose={onClose} title={`Export ${component.name}`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          // First as it is asked for by somebody who wants to lose nothing.
          take.mutate(target !== '' && losses === null);
        }}
      >
        <NativeSelect
          label="For which tool"
          description={chosen?.description ?? 'The very files, as they are stored.'}
          data-autofocus
          value={target}
          onChange={({ currentTarget }) => {
            setTarget(currentTarget.value);
            take.reset();
          }}
          data={[
            { value: '', label: 'Any: as it is stored' },
            ...targets.map(({ name, label }) => ({ value: name, label })),
          ]}
        />
        <SegmentedControl
          aria-label="Format"
          value={format}
          onChange={(value) => setFormat(value as Format)}
          data={[...FORMATS]}
        />
        {losses ? (
          <Losses label={chosen?.label ?? target} losses={losses} />
        ) : (
          <FormError error={take.error} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={take.isPending}>
            {losses ? `Export with ${lossText(losses.length)}` : 'Export'}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface LossesProps {
  label: string;
  losses: readonly FieldError[];
}

function Losses({ label, losses }: LossesProps) {
  return (
    <div className={classes.dialogLosses} role="alert">
      <p>This gets lost on the way to {label}, what matters most first:</p>
      <ul>
        {losses.map(({ loc, code, message }) => (
          <li key={`${loc}:${code}:${message}`}>
            <strong>{code}</strong> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
