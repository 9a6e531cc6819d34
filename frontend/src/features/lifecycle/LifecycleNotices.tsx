import { IconBan, IconPencilExclamation, IconSunset2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ComponentPublic } from '@/api/types';
import classes from '@/features/agents/component/component.module.css';
import { revisionQuery } from '@/features/agents/queries';
import { AnchorLink } from '@/ui/links';

interface LifecycleNoticesProps {
  agent: ComponentPublic;
  /** The revision that is on the page; 0 if there is none. */
  shown: number;
}

/** Whether a person should use what they look at. */
export function LifecycleNotices({ agent, shown }: LifecycleNoticesProps) {
  const { deprecation, latest, published, labels } = agent;
  const older = shown !== 0 && shown !== latest?.number;
  const revision = useQuery({ ...revisionQuery(agent.id, shown), enabled: older });
  const yanked = older ? revision.data?.yanked : null;
  const marooned = labels.filter((label) => label.yanked);
  return (
    <>
      {deprecation && (
        <Notice icon={<IconSunset2 size={16} stroke={1.7} aria-hidden />}>
          <strong>Deprecated.</strong> {deprecation.message}
          {deprecation.successor && (
            <AnchorLink
              underline="always"
              to="/resolve"
              search={{ ref: deprecation.successor.reference }}
            >
              Go to {deprecation.successor.reference}
            </AnchorLink>
          )}
        </Notice>
      )}
      {yanked && (
        <Notice danger icon={<IconBan size={16} stroke={1.7} aria-hidden />}>
          <strong>Revision {shown} is yanked.</strong> {yanked.reason}
        </Notice>
      )}
      {!latest && published && (
        <Notice danger icon={<IconBan size={16} stroke={1.7} aria-hidden />}>
          All revisions are yanked. They can be read under Revisions; the next one that
          is published counts.
        </Notice>
      )}
      {!published && (
        <Notice icon={<IconPencilExclamation size={16} stroke={1.7} aria-hidden />}>
          Nothing of it is published yet; nobody but you sees it.
        </Notice>
      )}
      {marooned.length > 0 && (
        <Notice icon={<IconBan size={16} stroke={1.7} aria-hidden />}>
          {marooned
            .map(({ name, number }) => `${name} is on revision ${number}`)
            .join(', ')}
          , which is yanked.
        </Notice>
      )}
    </>
  );
}

interface NoticeProps {
  icon: ReactNode;
  danger?: boolean;
  children: ReactNode;
}

function Notice({ icon, danger, children }: NoticeProps) {
  return (
    <div
      className={classes.notice}
      role="note"
      data-tone={danger ? 'danger' : undefined}
    >
      {icon}
      <span className={classes.noticeText}>{children}</span>
    </div>
  );
}
