import {
  IconCircleArrowUp,
  IconHistory,
  IconPencilExclamation,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Published } from '@/api/types';
import { kindOf, placeOf } from '@/features/kinds/kinds';
import { AnchorLink } from '@/ui/links';
import type { Tab } from '../compare';
import classes from './component.module.css';

interface NoticesProps {
  agent: Published;
  /** The revision that is on the page. */
  shown: number;
  tab: Tab;
}

/** What a person should know before they read on. */
export function Notices({ agent, shown, tab }: NoticesProps) {
  const { latest, permissions, upstream_state } = agent;
  return (
    <>
      {agent.draft && (
        <Notice icon={<IconPencilExclamation size={16} stroke={1.7} aria-hidden />}>
          You have a draft of this {kindOf(agent.kind).label.toLowerCase()} that is not
          published.
          <AnchorLink
            underline="always"
            to="/$plural/$team/$name/edit"
            params={placeOf(agent)}
          >
            Go on with the draft
          </AnchorLink>
        </Notice>
      )}
      {tab !== 'upstream' && permissions.edit && upstream_state === 'available' && (
        <Notice icon={<IconCircleArrowUp size={16} stroke={1.7} aria-hidden />}>
          The repository that it comes from has a newer version.
          <AnchorLink
            underline="always"
            to="/$plural/$team/$name"
            params={placeOf(agent)}
            search={{ tab: 'upstream' }}
          >
            See the update
          </AnchorLink>
        </Notice>
      )}
      {tab !== 'revisions' && shown !== latest.number && (
        <Notice icon={<IconHistory size={16} stroke={1.7} aria-hidden />}>
          This is revision {shown}; the newest is {latest.number}.
          <AnchorLink
            underline="always"
            to="/$plural/$team/$name"
            params={placeOf(agent)}
            search={tab === 'read' ? {} : { tab }}
          >
            Show the newest
          </AnchorLink>
          <AnchorLink
            underline="always"
            to="/$plural/$team/$name"
            params={placeOf(agent)}
            search={{ tab: 'revisions', from: shown, to: latest.number }}
          >
            Compare them
          </AnchorLink>
        </Notice>
      )}
    </>
  );
}

function Notice({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.notice} role="note">
      {icon}
      <span className={classes.noticeText}>{children}</span>
    </div>
  );
}
