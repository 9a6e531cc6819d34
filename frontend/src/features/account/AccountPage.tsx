import {
  Button,
  SegmentedControl,
  TextInput,
  useMantineColorScheme,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { updateUser } from '@/api/session';
import type { UserMe } from '@/api/types';
import { schemes } from '@/features/shell/ThemeSwitch';
import { applyProblem } from '@/lib/form-errors';
import { useUser } from '@/lib/use-session';
import { FormError } from '@/ui/FormError';
import { PageHeader } from '@/ui/PageHeader';
import { toastDone } from '@/ui/toast';
import classes from './account.module.css';

export function AccountPage() {
  const user = useUser();
  if (!user) return null;
  return (
    <>
      <PageHeader
        title="Account"
        description={user.is_admin ? `${user.username} · administrator` : user.username}
      />
      <Profile user={user} />
      <Appearance />
    </>
  );
}

function Profile({ user }: { user: UserMe }) {
  const [unplaced, setUnplaced] = useState<unknown>(null);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { display_name: user.display_name ?? '', email: user.email },
    validate: {
      email: (value) =>
        /^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Enter an e-mail address',
    },
  });
  const save = useMutation({
    mutationFn: (body: { display_name: string; email: string }) =>
      unwrap(api.PATCH('/api/v1/users/me', { body })),
    meta: { quiet: true },
    onSuccess: (saved) => {
      updateUser(saved);
      form.resetDirty();
      toastDone('Profile saved');
    },
    onError: (error) => {
      if (!applyProblem(form, error)) setUnplaced(error);
    },
  });
  return (
    <section className={classes.section} aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <form
        className={classes.form}
        noValidate
        onSubmit={form.onSubmit(({ display_name, email }) => {
          setUnplaced(null);
          save.mutate({ display_name: display_name.trim(), email: email.trim() });
        })}
      >
        <FormError error={unplaced} />
        <TextInput
          label="Display name"
          description="Shown beside what you publish."
          autoComplete="name"
          {...form.getInputProps('display_name')}
          key={form.key('display_name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="email"
          {...form.getInputProps('email')}
          key={form.key('email')}
        />
        <div>
          <Button type="submit" variant="filled" loading={save.isPending}>
            Save profile
          </Button>
        </div>
      </form>
    </section>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className={classes.section} aria-labelledby="appearance">
      <h2 id="appearance">Appearance</h2>
      <div className={classes.form}>
        <div>
          <SegmentedControl
            aria-labelledby="appearance"
            value={colorScheme}
            onChange={(value) =>
              setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')
            }
            data={schemes.map(({ value, label }) => ({ value, label }))}
          />
        </div>
        <p className="muted">Kept in this browser.</p>
      </div>
    </section>
  );
}
