import { useQuery } from '@tanstack/react-query';
import type { ExportTarget, ExportPreview as Preview } from '@/api/types';
import { ExportFiles } from '@/features/exports/ExportFiles';
import { LossBadge } from '@/features/exports/LossBadge';
import { LossReport } from '@/features/exports/LossReport';
import { PreviewError } from '@/features/exports/PreviewError';
import { previewQuery } from '@/features/exports/queries';
import { sizeOf } from '@/features/files/tree';
import { Digest } from '@/ui/facts';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './install.module.css';
import { Variables } from './Variables';

interface ExportPreviewProps {
  collection: string;
  target: ExportTarget;
  /** Whoever takes it, who may have a target of their own. */
  reader: ExportTarget;
  number: number;
  path: string | undefined;
  onPath: (path: string) => void;
}

/** What arrives: the variables it needs, what gets lost, and the files themselves. */
export function ExportPreview(props: ExportPreviewProps) {
  const { collection, target, reader, number, path, onPath } = props;
  const preview = useQuery(previewQuery(collection, number, target.name));
  if (preview.isPending) return <TextSkeleton lines={8} />;
  if (!preview.data) {
    return (
      <PreviewError error={preview.error} onRetry={() => void preview.refetch()} />
    );
  }
  const { files, losses, serious, variables, digest } = preview.data;
  return (
    <>
      {variables.length > 0 && <Variables variables={variables} />}
      <section aria-labelledby="losses" className={classes.section}>
        <h2 id="losses">
          What gets lost {losses > 0 && <LossBadge losses={losses} serious={serious} />}
        </h2>
        {target.name !== reader.name && (
          <p className={classes.sectionAbout}>
            By this way {reader.label} takes what is laid out as {target.label}, and
            reads the skills and servers in it. The report and the files are those.
          </p>
        )}
        <LossReport key={target.name} preview={preview.data} />
      </section>
      <section aria-labelledby="files" className={classes.section}>
        <h2 id="files">What arrives</h2>
        <div className={classes.facts}>
          <span className="tabular">
            {files.length === 1 ? '1 file' : `${files.length} files`}, {totalOf(files)}
          </span>
          <Digest value={digest} />
        </div>
        <ExportFiles
          collection={collection}
          preview={preview.data}
          path={path}
          onPath={onPath}
        />
      </section>
    </>
  );
}

const totalOf = (files: Preview['files']) =>
  sizeOf(files.reduce((total, { size }) => total + size, 0));
