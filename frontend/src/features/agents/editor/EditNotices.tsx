import { Button } from '@mantine/core';
import { IconGitMerge, IconHistory, IconTool } from '@tabler/icons-react';
import { RelativeTime } from '@/ui/facts';
import classes from './editor.module.css';
import type { Offer } from './open';
import type { Standing } from './use-conflict';

interface EditNoticesProps {
  started: Offer | null;
  offer: Offer | null;
  standing: Standing | null;
  /** With the offer to take it, with null to leave it. */
  onOffer: (taken: Offer | null) => void;
  onConflict: () => void;
}

const named = ({ kind, number }: Offer) =>
  kind === 'repair' ? `the repair of revision ${number}` : `revision ${number}`;

/** What the person should know before typing on. */
export function EditNotices(props: EditNoticesProps) {
  const { started, offer, standing, onOffer, onConflict } = props;
  return (
    <>
      {standing && !standing.open && (
        <div className={classes.notice} data-tone="warning" role="alert">
          <IconGitMerge size={16} stroke={1.7} aria-hidden />
          <span className={classes.noticeText}>
            {standing.conflict.author ?? 'Somebody'} published revision{' '}
            {standing.conflict.number} <RelativeTime at={standing.conflict.at} />, after
            you began. Bring both together before you publish.
          </span>
          <Button size="xs" onClick={onConflict}>
            Compare and merge
          </Button>
        </div>
      )}
      {offer && (
        <div className={classes.notice} role="note">
          <IconHistory size={16} stroke={1.7} aria-hidden />
          <span className={classes.noticeText}>
            You have a draft already. Replace its text by {named(offer)}?
          </span>
          <Button size="xs" onClick={() => onOffer(offer)}>
            Replace the text
          </Button>
          <Button size="xs" onClick={() => onOffer(null)}>
            Keep the draft
          </Button>
        </div>
      )}
      {started && (
        <div className={classes.notice} role="note">
          <IconTool size={16} stroke={1.7} aria-hidden />
          <span className={classes.noticeText}>
            The text started from {named(started)}. Nothing is published until you do
            so.
          </span>
        </div>
      )}
    </>
  );
}
