import { Button, Group, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { applyProblem } from '@/lib/form-errors';
import { FormError } from '@/ui/FormError';
import { CopyText } from '@/ui/facts';
import classes from '../account.module.css';
import { confirmTotp } from '../changes';
import { accountKeys } from '../queries';
import type { TotpSetup } from '../types';

interface ConfirmFactorProps {
  setup: TotpSetup;
  onCodes: (codes: string[]) => void;
  onClose: () => void;
}

/** The secret as a picture and as text; a code shows that the app has it. */
export function ConfirmFactor({ setup, onCodes, onClose }: ConfirmFactorProps) {
  const client = useQueryClient();
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: {
      code: (value) =>
        /^\d{6}$/.test(value.replace(/\s/g, ''))
          ? null
          : 'Enter the six digits that the app shows',
    },
  });
  const confirm = useMutation({
    mutationFn: confirmTotp,
    gcTime: 0,
    meta: { quiet: true },
    onMutate: () => setUnplaced(null),
    onSuccess: ({ recovery_codes }) => {
      onCodes(recovery_codes);
      return client.invalidateQueries({ queryKey: accountKeys.factors });
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={form.onSubmit(({ code }) => confirm.mutate(code.replace(/\s/g, '')))}
    >
      <p className={classes.plain}>
        Scan this with your authenticator app, or type the key into it.
      </p>
      <div className={classes.secret}>
        <img
          className={classes.qr}
          src={picture(setup.qr_svg)}
          alt="QR code of the key below"
        />
        <div className={classes.key}>
          <div className={classes.keyLabel}>Key</div>
          <CopyText value={setup.secret} what="key">
            <span className={classes.grouped}>{grouped(setup.secret)}</span>
          </CopyText>
        </div>
      </div>
      <FormError error={unplaced} />
      <TextInput
        label="Code"
        description="The six digits that the app shows now."
        autoComplete="one-time-code"
        inputMode="numeric"
        maxLength={12}
        autoFocus
        {...form.getInputProps('code')}
        key={form.key('code')}
      />
      <Group justify="flex-end" gap="xs">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={confirm.isPending}>
          Turn on
        </Button>
      </Group>
    </form>
  );
}

/** As an image the picture needs to say what it is; inside a page it does not. */
const picture = (svg: string) => {
  const named = svg.includes('xmlns=')
    ? svg
    : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  return `data:image/svg+xml,${encodeURIComponent(named)}`;
};

const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');
