import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '@/features/agents/Dialog';
import { pathProblem } from './tree';

interface PathDialogProps {
  title: string;
  start: string;
  taken: readonly string[];
  main: string;
  onPath: (path: string) => void;
  onClose: () => void;
}

/** Asks where a file is to be. */
export function PathDialog({
  title,
  start,
  taken,
  main,
  onPath,
  onClose,
}: PathDialogProps) {
  const [path, setPath] = useState(start);
  const [tried, setTried] = useState(false);
  const problem = pathProblem(path, taken, main);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (problem === null) onPath(path);
        }}
      >
        <TextInput
          label="Path"
          description="Relative to the folder of the skill; folders are made by slashes."
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          error={tried && problem}
          data-autofocus
          spellCheck={false}
        />
        <Group justify="flex-end" mt="md">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled">
            {start ? 'Move' : 'Make it'}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
