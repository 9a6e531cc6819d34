import { ActionIcon } from '@mantine/core';
import { IconRobot, IconSelector, IconShieldLock } from '@tabler/icons-react';
import type { Team } from '@/api/types';
import { useUser } from '@/lib/use-session';
import { LazyMenu } from '@/ui/LazyMenu';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import classes from './teams.module.css';
import { memberCount, roles } from './words';

const otherTeams = () => import('./TeamItems');

export function TeamHeader({ team }: { team: Team }) {
  return (
    <PageHeader
      title={
        <span className={classes.title}>
          {team.name}
          {team.is_personal && <span className={classes.tag}>Personal</span>}
        </span>
      }
      description={
        <div className={classes.headFacts}>
          <span className="mono">{team.slug}</span>
          <span>{team.role ? roles[team.role].word : 'Not a member'}</span>
          <span className="tabular">{memberCount(team.members)}</span>
          {team.require_second_factor && (
            <span className={classes.headFact}>
              <IconShieldLock size={14} stroke={1.7} aria-hidden />
              Second factor required
            </span>
          )}
        </div>
      }
      actions={
        <>
          <Switcher />
          {!team.locked && (
            <ButtonLink
              to="/$plural"
              params={{ plural: 'agents' }}
              search={{ team: team.slug }}
              leftSection={<IconRobot size={16} stroke={1.7} aria-hidden />}
            >
              Show agents
            </ButtonLink>
          )}
        </>
      }
    />
  );
}

/** From one team to another, for those who are in several. */
function Switcher() {
  const user = useUser();
  if (!user || user.teams.length < 2) return null;
  return (
    <LazyMenu load={otherTeams}>
      <ActionIcon variant="default" size={32} aria-label="Switch team">
        <IconSelector size={16} stroke={1.7} />
      </ActionIcon>
    </LazyMenu>
  );
}
