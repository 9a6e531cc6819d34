import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Finding, Manifest } from '@/api/types';
import classes from './read.module.css';

interface ManifestTableProps {
  manifest: Manifest;
  findings: readonly Finding[];
}

/** Every key of the front matter in its order, the unknown ones too. */
export function ManifestTable({ manifest, findings }: ManifestTableProps) {
  const unknown = findings.filter(({ rule }) => rule === 'manifest.unknown-key');
  const entries = Object.entries(manifest);
  if (entries.length === 0) return <p className="muted">The file has none.</p>;
  return (
    <dl className={classes.manifest}>
      {entries.map(([key, value]) => (
        <div key={key}>
          <dt className="mono">
            {key}
            {unknown.some(({ evidence }) => evidence?.startsWith(key)) && (
              <span className={classes.unknown}>unknown key, kept</span>
            )}
          </dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const LONG = 500;

function LongText({ text }: { text: string }) {
  const [all, setAll] = useState(text.length <= LONG);
  return (
    <>
      <span className={all ? classes.text : `${classes.text} ${classes.folded}`}>
        {text}
      </span>
      {text.length > LONG && (
        <Button
          variant="subtle"
          size="xs"
          ml={-10}
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show less' : 'Show all of it'}
        </Button>
      )}
    </>
  );
}

const isPlain = (value: unknown) => value === null || typeof value !== 'object';

export function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined)
    return <span className="muted">empty</span>;
  if (typeof value === 'string') {
    return <LongText text={value} />;
  }
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    return (
      <ul className={classes.chips}>
        {value.map((one) => (
          <li key={String(one)} className={`mono ${classes.chip}`}>
            {String(one)}
          </li>
        ))}
      </ul>
    );
  }
  const entries = Object.entries(value);
  if (typeof value === 'object' && entries.every(([, one]) => isPlain(one))) {
    return (
      <dl className={classes.inner}>
        {entries.map(([key, one]) => (
          <div key={key} className={classes.innerRow}>
            <dt className={`mono ${classes.innerKey}`}>{key}</dt>
            <dd className={classes.innerValue}>{String(one)}</dd>
          </div>
        ))}
      </dl>
    );
  }
  if (typeof value === 'object') {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll with the keyboard
      <pre className={`mono ${classes.nested}`} tabIndex={0}>
        {JSON.stringify(value, null, 2)}
      </pre>
    );
  }
  return <span className="mono">{String(value)}</span>;
}
