import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Choice } from './FileGroup';
import { FileRow } from './FileRow';
import classes from './files.module.css';
import type { ImportFile, ImportPublic } from './types';

/** Shorter lists are simply there: for find-in-page, print and screen readers. */
const PLAIN = 60;
const ROW = 76;
const AHEAD = 20;

interface FileListProps {
  of: ImportPublic;
  files: readonly ImportFile[];
  total: number;
  onEnd?: () => void;
  choice?: Choice;
}

export function FileList({ of, files, total, onEnd, choice }: FileListProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const row = (file: ImportFile) => (
    <FileRow
      of={of}
      file={file}
      open={open.has(file.id)}
      onToggle={() => toggle(file.id)}
      {...(choice ? { choice } : {})}
    />
  );
  if (files.length <= PLAIN) {
    return (
      <ul className={classes.files}>
        {files.map((file) => (
          <li key={file.id} className={classes.file}>
            {row(file)}
          </li>
        ))}
      </ul>
    );
  }
  return <LongList files={files} total={total} row={row} onEnd={onEnd} />;
}

interface LongListProps {
  files: readonly ImportFile[];
  total: number;
  row: (file: ImportFile) => React.ReactNode;
  onEnd: (() => void) | undefined;
}

/** Only the rows in view; the page's own scrollbar stays the only one. */
function LongList({ files, total, row, onEnd }: LongListProps) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const at = list.current?.getBoundingClientRect().top ?? 0;
    setTop(Math.round(at + globalThis.scrollY));
  }, []);
  const virtual = useWindowVirtualizer({
    count: files.length,
    estimateSize: () => ROW,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => files[index]?.id ?? index,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const near = last >= files.length - AHEAD && files.length < total;
  useLayoutEffect(() => {
    if (near) onEnd?.();
  });
  return (
    <ul
      ref={list}
      className={classes.files}
      style={{ height: virtual.getTotalSize(), position: 'relative' }}
    >
      {shown.map(({ index, key, start }) => {
        const file = files[index];
        if (!file) return null;
        return (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            aria-posinset={index + 1}
            aria-setsize={total}
            className={classes.file}
            style={{
              position: 'absolute',
              insetInline: 0,
              top: 0,
              transform: `translateY(${start - top}px)`,
            }}
          >
            {row(file)}
          </li>
        );
      })}
    </ul>
  );
}
