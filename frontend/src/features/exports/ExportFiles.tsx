import { SegmentedControl } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ExportPreview } from '@/api/types';
import { FileContent } from '@/features/files/FileContent';
import { FileTree } from '@/features/files/FileTree';
import files from '@/features/files/files.module.css';
import { lookOf, sizeOf, treeOf } from '@/features/files/tree';
import { CopyText } from '@/ui/facts';
import classes from './exports.module.css';
import { isLoss, lossesByFile } from './losses';
import { exportedFileQuery } from './queries';

interface ExportFilesProps {
  collection: string;
  preview: ExportPreview;
  /** The file whose content is shown. */
  path: string | undefined;
  onPath: (path: string) => void;
}

/** The files that a tool finds; the content of one comes when it is asked for. */
export function ExportFiles({ collection, preview, path, onPath }: ExportFilesProps) {
  const tree = useMemo(() => treeOf(preview.files, ''), [preview.files]);
  const losses = useMemo(() => lossesByFile(preview), [preview]);
  const file = preview.files.find((one) => one.path === path);
  return (
    <div className={classes.files}>
      <nav aria-label="Files of the export" className={classes.tree}>
        <FileTree
          nodes={tree}
          render={(node, content) => (
            <button
              type="button"
              className={files.file}
              aria-current={node.path === path ? 'page' : undefined}
              onClick={() => onPath(node.path)}
            >
              {content}
              {losses.has(node.path) && (
                <IconAlertTriangle
                  className={classes.lossy}
                  data-weight={losses.get(node.path)}
                  size={13}
                  stroke={1.8}
                  aria-label={`Something gets lost in it: ${losses.get(node.path)}`}
                />
              )}
              <span className={classes.size}>{sizeOf(node.file?.size ?? 0)}</span>
            </button>
          )}
        />
      </nav>
      <div className={classes.content}>
        {file ? (
          <ExportedContent
            key={`${preview.target}:${preview.number}:${file.path}`}
            collection={collection}
            preview={preview}
            file={file}
          />
        ) : (
          <p className={files.notice}>
            {path
              ? `There is no file ${path} for this tool. Choose another one.`
              : 'Choose a file to see what the tool would read.'}
          </p>
        )}
      </div>
    </div>
  );
}

interface ExportedContentProps {
  collection: string;
  preview: ExportPreview;
  file: ExportPreview['files'][number];
}

function ExportedContent({ collection, preview, file }: ExportedContentProps) {
  const [raw, setRaw] = useState(true);
  const notes = preview.notes.filter((note) => note.path === file.path && isLoss(note));
  return (
    <section aria-label={`File ${file.path}`}>
      <div className={files.bar}>
        <h3 className={classes.filePath}>
          <CopyText value={file.path} what="path" />
        </h3>
        <span className="muted tabular">
          {sizeOf(file.size)}
          {file.mode === '100755' && ', executable'}
        </span>
        {lookOf(file.path, '') === 'markdown' && (
          <span className={files.actions}>
            <SegmentedControl
              size="xs"
              aria-label="How to show it"
              value={raw ? 'source' : 'read'}
              onChange={(value) => setRaw(value === 'source')}
              data={[
                { value: 'read', label: 'Read' },
                { value: 'source', label: 'Source' },
              ]}
            />
          </span>
        )}
      </div>
      {notes.length > 0 && (
        <ul className={classes.fileNotes} aria-label="What gets lost in it">
          {notes.map(({ field, fate, weight, why }) => (
            <li key={`${field}:${fate}:${why}`}>
              <IconAlertTriangle
                className={classes.fileNoteIcon}
                size={14}
                stroke={1.8}
                aria-hidden
              />
              <span>
                <strong>{weight}:</strong> {fate}{' '}
                {field && <code className="mono">{field}</code>} {why}
              </span>
            </li>
          ))}
        </ul>
      )}
      <FileContent
        path={file.path}
        size={file.size}
        query={exportedFileQuery(collection, preview, file.path)}
        raw={raw}
      />
    </section>
  );
}
