import { ActionIcon, Button, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './editor.module.css';
import { hasKey, type Row, removeKey, setRaw } from './frontmatter';

interface OtherKeysProps {
  rows: readonly Row[];
  text: string;
  onText: (text: string) => void;
}

const NOT_YAML = 'This is not valid YAML yet, so the file still has the value before.';

/** Keys without a field of their own, each with its value as YAML. */
export function OtherKeys({ rows, text, onText }: OtherKeysProps) {
  const [adding, setAdding] = useState(false);
  return (
    <fieldset className={classes.keys}>
      <legend>Other keys</legend>
      {rows.map((row) => (
        <KeyRow
          key={row.key}
          row={row}
          onChange={(raw) => {
            const after = setRaw(text, row.key, raw);
            if (after !== null) onText(after);
            return after !== null;
          }}
          onRemove={() => onText(removeKey(text, row.key))}
        />
      ))}
      {adding ? (
        <NewKey
          taken={(key) => hasKey(text, key)}
          onCancel={() => setAdding(false)}
          onAdd={(key, raw) => {
            const after = setRaw(text, key, raw);
            if (after === null) return false;
            onText(after);
            setAdding(false);
            return true;
          }}
        />
      ) : (
        <Button
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          Add a key
        </Button>
      )}
    </fieldset>
  );
}

interface KeyRowProps {
  row: Row;
  /** Whether the file took the value. */
  onChange: (raw: string) => boolean;
  onRemove: () => void;
}

function KeyRow({ row, onChange, onRemove }: KeyRowProps) {
  // What is typed, while it differs from what the file has or says it otherwise.
  const [typed, setTyped] = useState<{ raw: string; taken: boolean } | null>(null);
  const refused = typed !== null && !typed.taken;
  return (
    <div className={classes.keyRow}>
      <Textarea
        label={<span className="mono">{row.key}</span>}
        classNames={{ input: `mono ${classes.mono}` }}
        autosize
        minRows={1}
        maxRows={12}
        value={typed?.raw ?? row.raw}
        error={refused ? NOT_YAML : undefined}
        spellCheck={false}
        onChange={(event) => {
          const raw = event.currentTarget.value;
          setTyped({ raw, taken: onChange(raw) });
        }}
        onBlur={() => {
          if (!refused) setTyped(null);
        }}
      />
      <ActionIcon
        aria-label={`Remove ${row.key}`}
        title={`Remove ${row.key}`}
        onClick={onRemove}
      >
        <IconTrash size={16} stroke={1.6} />
      </ActionIcon>
    </div>
  );
}

interface NewKeyProps {
  taken: (key: string) => boolean;
  onAdd: (key: string, raw: string) => boolean;
  onCancel: () => void;
}

function NewKey({ taken, onAdd, onCancel }: NewKeyProps) {
  const [key, setKey] = useState('');
  const [raw, setValue] = useState('');
  const [error, setError] = useState<{ key?: string; raw?: string }>({});
  const add = () => {
    if (taken(key)) setError({ key: 'The file has this key' });
    else if (!/^[A-Za-z_][\w.-]*$/.test(key)) {
      setError({ key: 'Letters, digits, hyphens and underscores' });
    } else if (!onAdd(key, raw)) {
      setError({ raw: 'This is not valid YAML' });
    }
  };
  return (
    <div className={classes.newKey}>
      <TextInput
        label="Key"
        classNames={{ input: 'mono' }}
        autoFocus
        autoCapitalize="none"
        spellCheck={false}
        value={key}
        error={error.key}
        onChange={(event) => setKey(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      <TextInput
        label="Value"
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={raw}
        error={error.raw}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      <div className={classes.newKeyActions}>
        <Button size="xs" onClick={add}>
          Add
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
