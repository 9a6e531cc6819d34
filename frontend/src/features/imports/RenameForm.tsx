import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { describe, isProblem } from '@/api/problem';
import classes from './files.module.css';
import { nameProblem } from './names';
import type { ImportFile, ImportPublic } from './types';
import { nameOf, useDecide } from './use-decide';

interface RenameFormProps {
  of: ImportPublic;
  file: ImportFile;
  /** What to begin with, when its own name will not do. */
  proposal?: string;
  onDone: (name: string | null) => void;
}

/** Takes a file under another name; says at once what is wrong with it. */
export function RenameForm({ of, file, proposal, onDone }: RenameFormProps) {
  const decide = useDecide(of.id, file, (saved) => onDone(nameOf(saved)));
  const [name, setName] = useState(proposal ?? nameOf(file));
  const [left, setLeft] = useState(false);
  const problem = nameProblem(name);
  const taken = isProblem(decide.error)
    ? decide.error.errors.find(({ loc }) => loc.endsWith('target_name'))?.message
    : null;
  const refused = decide.error ? (taken ?? describe(decide.error)) : null;

  const save = () => {
    setLeft(true);
    if (problem) return;
    decide.mutate({
      target_name: name === file.name ? null : name,
      decision:
        file.decision && file.decision !== 'skip'
          ? file.decision
          : file.has_repair
            ? 'repaired'
            : 'original',
    });
  };

  return (
    <form
      className={classes.rename}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone(null);
      }}
    >
      <TextInput
        label={`Name for ${file.path}`}
        description="Lower-case letters, digits and single hyphens."
        value={name}
        autoFocus
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        classNames={{ input: 'mono' }}
        error={(left || name !== nameOf(file) ? problem : null) ?? refused}
        onChange={(event) => {
          decide.reset();
          setName(event.currentTarget.value.trim());
        }}
        onBlur={() => setLeft(true)}
      />
      <div className={classes.renameActions}>
        <Button type="submit" loading={decide.isPending}>
          Take it under this name
        </Button>
        <Button variant="subtle" color="gray" onClick={() => onDone(null)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
