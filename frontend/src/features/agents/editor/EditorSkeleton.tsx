import { PageHeader } from '@/ui/PageHeader';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './editor.module.css';

/** The editor while its text is on the way. */
export function EditorSkeleton({ title }: { title: string }) {
  return (
    <div className={classes.page} data-wide>
      <div className={classes.head}>
        <PageHeader
          title={<span className="mono">{title}</span>}
          description="Opening the newest text"
        />
      </div>
      <div className={classes.workspace}>
        <div className={classes.bar} />
        <div className={classes.formPane}>
          <div className={classes.form}>
            <TextSkeleton lines={12} />
          </div>
        </div>
      </div>
    </div>
  );
}
