import { Button } from '@mantine/core';
import { IconFileDescription, IconFolderOpen, IconUpload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { fromDrop, fromPicker, type Source } from './collect';
import classes from './upload.module.css';

// React passes it on; its types do not know it.
const wholeFolders = { webkitdirectory: '' };

interface DropZoneProps {
  onTake: (sources: Source[]) => void;
  disabled: boolean;
}

/**
 * Takes files, folders and archives. Whole folders come by drop or by their own dialog, so
 * there are two real buttons; the drop counts wherever it lands on the page.
 */
export function DropZone({ onTake, disabled }: DropZoneProps) {
  const files = useRef<HTMLInputElement>(null);
  const folders = useRef<HTMLInputElement>(null);
  const [reading, setReading] = useState(false);
  const [failed, setFailed] = useState(false);

  const over = useDropOnPage(disabled, async (data) => {
    setReading(true);
    setFailed(false);
    try {
      onTake(await fromDrop(data));
    } catch {
      setFailed(true);
    } finally {
      setReading(false);
    }
  });

  const picked = (input: HTMLInputElement) => {
    onTake(fromPicker(input.files ?? []));
    // So that the same choice again is a change again.
    input.value = '';
  };

  return (
    <div className={classes.zone} data-over={over || undefined}>
      <IconUpload className={classes.zoneIcon} size={26} stroke={1.4} aria-hidden />
      <p className={classes.zoneTitle}>
        {over ? 'Let go to add' : 'Drop files, a folder or an archive here'}
      </p>
      <p className={classes.zoneText}>
        A whole repository if you like: agents, skills, commands and servers are found
        by what they contain. Archives may be zip or tar.gz.
      </p>
      <div className={classes.zoneActions}>
        <Button
          leftSection={<IconFileDescription size={16} stroke={1.6} aria-hidden />}
          onClick={() => files.current?.click()}
          disabled={disabled}
        >
          Choose files
        </Button>
        <Button
          leftSection={<IconFolderOpen size={16} stroke={1.6} aria-hidden />}
          onClick={() => folders.current?.click()}
          disabled={disabled}
        >
          Choose a folder
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to import"
        onChange={(event) => picked(event.currentTarget)}
      />
      <input
        ref={folders}
        type="file"
        {...wholeFolders}
        hidden
        aria-label="Folder to import"
        onChange={(event) => picked(event.currentTarget)}
      />
      <p className={classes.zoneState} role="status">
        {reading && 'Looking through the folder…'}
        {failed && 'That could not be read. Try “Choose a folder”.'}
      </p>
    </div>
  );
}

const holdsFiles = (data: DataTransfer | null) =>
  data?.types.includes('Files') ?? false;

function useDropOnPage(disabled: boolean, take: (data: DataTransfer) => void) {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;

  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth++;
      setOver(!disabled);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      // Without this the browser would leave the page to show the file.
      if (holdsFiles(event.dataTransfer)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (event.dataTransfer && !disabled) latest.current(event.dataTransfer);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop };
    for (const [name, listener] of Object.entries(listeners)) {
      globalThis.addEventListener(name, listener as EventListener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        globalThis.removeEventListener(name, listener as EventListener);
      }
    };
  }, [disabled]);
  return over;
}
