import { Button } from '@mantine/core';
import classes from './upload.module.css';

interface UploadProgressProps {
  part: number;
  onCancel: () => void;
}

/** How far the upload is; the rest is told on the page of the import. */
export function UploadProgress({ part, onCancel }: UploadProgressProps) {
  const percent = Math.floor(part * 100);
  const sent = part >= 1;
  const text = sent ? 'Storing what was sent…' : `Uploading, ${percent} %`;
  return (
    <div className={classes.progress}>
      <div className={classes.progressText}>
        <span id="upload-state" className="tabular">
          {text}
        </span>
        <Button size="xs" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <progress
        className={classes.bar}
        aria-labelledby="upload-state"
        max={100}
        {...(sent ? {} : { value: percent })}
      />
    </div>
  );
}
