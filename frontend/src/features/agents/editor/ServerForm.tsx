import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './editor.module.css';
import {
  type Json,
  type JsonObject,
  listOf,
  pairsOf,
  readServer,
  textOf,
  transportOf,
  withKey,
  withServerName,
  withTransport,
} from './server-json';

interface ServerFormProps {
  text: string;
  onText: (text: string) => void;
  /** The name of a component that exists: it cannot change. */
  fixedName: string | null;
  nameError: string | null;
  onSource: () => void;
}

const TRANSPORTS = [
  { value: 'stdio', label: 'Start a program' },
  { value: 'http', label: 'HTTP' },
  { value: 'sse', label: 'SSE' },
];
const SHOWN = ['type', 'command', 'args', 'cwd', 'env', 'url', 'headers'];

/** The fields of a server, and its JSON behind them: a change of one is one of both. */
export default function ServerForm(props: ServerFormProps) {
  const { text, onText, fixedName, nameError, onSource } = props;
  const form = readServer(text);
  if (form.state === 'broken') {
    return (
      <div className={classes.form}>
        <p>{form.message}</p>
        <Button onClick={onSource}>Mend it in the source</Button>
      </div>
    );
  }
  const { name, server } = form;
  const transport = transportOf(server);
  const set = (key: string, value: Json | undefined) =>
    onText(withKey(text, key, value));
  const fields = { server, set, onSource };
  const others = Object.keys(server).filter((key) => !SHOWN.includes(key));
  return (
    <div className={classes.form}>
      {name !== null && (
        <TextInput
          label="Name"
          description={
            fixedName
              ? 'It is changed in the settings.'
              : 'Lower-case letters, digits and single hyphens.'
          }
          classNames={{ input: `mono ${classes.mono}` }}
          value={name}
          readOnly={fixedName !== null && name === fixedName}
          error={nameError}
          onChange={(event) => onText(withServerName(text, event.currentTarget.value))}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <SegmentedControl
        aria-label="How it is reached"
        value={transport}
        onChange={(next) => onText(withTransport(text, next))}
        data={
          TRANSPORTS.some(({ value }) => value === transport)
            ? TRANSPORTS
            : [...TRANSPORTS, { value: transport, label: transport }]
        }
      />
      {transport === 'stdio' ? <Program {...fields} /> : <Address {...fields} />}
      {others.length > 0 && (
        <p className={classes.hint}>
          The source has more keys, which stay as they are:{' '}
          <span className="mono">{others.join(', ')}</span>.
        </p>
      )}
    </div>
  );
}

interface FieldsProps {
  server: JsonObject;
  set: (key: string, value: Json | undefined) => void;
  onSource: () => void;
}

function Program({ server, set, onSource }: FieldsProps) {
  return (
    <>
      <OneText
        label="Command"
        description="The program alone; each of its arguments has a row of its own."
        value={server.command}
        onChange={(value) => set('command', value)}
        onSource={onSource}
      />
      <Rows
        label="Arguments"
        one="Argument"
        rows={listOf(server.args)?.map((value) => ['', value] as const) ?? null}
        onRows={(rows) =>
          set('args', rows.length > 0 ? rows.map(([, value]) => value) : undefined)
        }
        onSource={onSource}
      />
      <Pairs
        label="Environment"
        one="Variable"
        of="env"
        {...{ server, set, onSource }}
      />
      <OneText
        label="Working folder"
        value={server.cwd ?? ''}
        onChange={(value) => set('cwd', value === '' ? undefined : value)}
        onSource={onSource}
      />
    </>
  );
}

function Address({ server, set, onSource }: FieldsProps) {
  return (
    <>
      <OneText
        label="URL"
        value={server.url}
        onChange={(value) => set('url', value)}
        onSource={onSource}
      />
      <Pairs label="Headers" one="Header" of="headers" {...{ server, set, onSource }} />
    </>
  );
}

interface OneTextProps {
  label: string;
  description?: string;
  value: Json | undefined;
  onChange: (value: string) => void;
  onSource: () => void;
}

function OneText({ label, description, value = '', onChange, onSource }: OneTextProps) {
  const text = textOf(value);
  if (text === null) return <InSource label={label} onSource={onSource} />;
  return (
    <TextInput
      label={label}
      description={description}
      classNames={{ input: `mono ${classes.mono}` }}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
}

/** Names with values; secrets are named as ${NAME} and kept beside the file. */
function Pairs(props: FieldsProps & { label: string; one: string; of: string }) {
  const { label, one, of, server, set, onSource } = props;
  return (
    <Rows
      label={label}
      one={one}
      named
      hint="Write ${NAME} for what is secret or differs from machine to machine."
      rows={pairsOf(server[of])}
      onRows={(rows) => set(of, rows.length > 0 ? Object.fromEntries(rows) : undefined)}
      onSource={onSource}
    />
  );
}

type Row = readonly [name: string, value: string];

interface RowsProps {
  label: string;
  one: string;
  named?: boolean;
  hint?: ReactNode;
  /** Null where only the source can show them. */
  rows: readonly Row[] | null;
  onRows: (rows: readonly Row[]) => void;
  onSource: () => void;
}

function Rows({ label, one, named, hint, rows, onRows, onSource }: RowsProps) {
  // A name that is empty, or stands there already, is not in the text yet.
  const [typed, setTyped] = useState<readonly Row[] | null>(null);
  if (rows === null) return <InSource label={label} onSource={onSource} />;
  const shown = typed ?? rows;
  const change = (next: readonly Row[]) => {
    const names = next.map(([name]) => name);
    const whole =
      !named || (!names.includes('') && new Set(names).size === names.length);
    setTyped(whole ? null : next);
    if (whole) onRows(next);
  };
  const replace = (at: number, row: Row) =>
    change(shown.map((before, index) => (index === at ? row : before)));
  return (
    <fieldset className={classes.keys}>
      <legend>{label}</legend>
      {hint && <p className={classes.hint}>{hint}</p>}
      {shown.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <div key={index} className={classes.serverRow} data-named={named || undefined}>
          {named && (
            <TextInput
              aria-label={`${one} ${index + 1}: name`}
              placeholder="Name"
              classNames={{ input: 'mono' }}
              value={name}
              error={
                shown.findIndex(([other]) => other === name) !== index &&
                'It stands there already'
              }
              onChange={(event) => replace(index, [event.currentTarget.value, value])}
              spellCheck={false}
            />
          )}
          <TextInput
            aria-label={named ? `${one} ${index + 1}: value` : `${one} ${index + 1}`}
            placeholder={named ? 'Value' : ''}
            classNames={{ input: 'mono' }}
            value={value}
            onChange={(event) => replace(index, [name, event.currentTarget.value])}
            spellCheck={false}
          />
          <ActionIcon
            aria-label={`Remove ${one.toLowerCase()} ${index + 1}`}
            onClick={() => change(shown.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} stroke={1.6} />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => change([...shown, ['', '']])}
      >
        Add {/^[aeiou]/i.test(one) ? 'an' : 'a'} {one.toLowerCase()}
      </Button>
    </fieldset>
  );
}

function InSource({ label, onSource }: { label: string; onSource: () => void }) {
  return (
    <div className={classes.inSource}>
      <span>{label}: a value of another shape, which only the source shows.</span>
      <Button size="xs" onClick={onSource}>
        Show the source
      </Button>
    </div>
  );
}
