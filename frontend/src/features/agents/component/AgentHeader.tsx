import { ActionIcon } from '@mantine/core';
import {
  IconBuildingCommunity,
  IconDots,
  IconLock,
  IconPencil,
  IconWorld,
} from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { Published, Visibility } from '@/api/types';
import { kindOf, placeOf } from '@/features/kinds/kinds';
import { CopyText, KindBadge, LabelChip } from '@/ui/facts';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { HealthDot } from '@/ui/severity';
import classes from './component.module.css';

const VisibilityDialog = lazy(() => import('./VisibilityDialog'));
const ActionsMenu = lazy(() => import('./ActionsMenu'));

const visibilities = {
  private: { icon: IconLock, word: 'Private', hint: 'Seen by the members of the team' },
  internal: {
    icon: IconBuildingCommunity,
    word: 'Internal',
    hint: 'Seen by everyone who is signed in',
  },
  public: { icon: IconWorld, word: 'Public', hint: 'Seen by everyone' },
} as const satisfies Record<Visibility, unknown>;

const numbers = new Intl.NumberFormat('en');

interface AgentHeaderProps {
  agent: Published;
  /** What is below has a more important button. */
  quiet?: boolean;
}

export function AgentHeader({ agent, quiet = false }: AgentHeaderProps) {
  const { name, latest, permissions } = agent;
  return (
    <PageHeader
      title={
        <span className={classes.title}>
          <span className="mono">{name}</span>
          {agent.display_name && (
            <span className={classes.displayName}>{agent.display_name}</span>
          )}
          <KindBadge kind={agent.kind} />
          {agent.labels.map((label) => (
            <LabelChip key={label.name} name={label.name} number={label.number} />
          ))}
        </span>
      }
      description={
        <div className={classes.headFacts}>
          <CopyText
            value={`roster:${agent.reference}@${latest.number}`}
            what="identifier"
          />
          <VisibilityFact agent={agent} />
          <HealthDot health={agent.health} withText />
          {kindOf(agent.kind).format === 'markdown' && (
            <span className="tabular">
              {numbers.format(agent.description_tokens)} tokens
              <span className={classes.quiet}>
                {' '}
                in every session, {numbers.format(agent.body_tokens)} when called
              </span>
            </span>
          )}
        </div>
      }
      actions={
        <>
          {permissions.edit && (
            <ButtonLink
              to="/$plural/$team/$name/edit"
              params={placeOf(agent)}
              variant={quiet ? 'default' : 'filled'}
              leftSection={<IconPencil size={16} stroke={1.7} aria-hidden />}
            >
              Edit
            </ButtonLink>
          )}
          <Actions agent={agent} />
        </>
      }
    />
  );
}

/** Who sees it; for those who decide that, a way to change it. */
function VisibilityFact({ agent }: { agent: Published }) {
  const [asked, setAsked] = useState(false);
  const { icon: Icon, word, hint } = visibilities[agent.visibility];
  const fact = (
    <>
      <Icon size={14} stroke={1.7} aria-hidden />
      {word}
    </>
  );
  if (!agent.permissions.manage) {
    return (
      <span className={classes.headFact} title={hint}>
        {fact}
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        className={`${classes.headFact} ${classes.factButton}`}
        title={`${hint}. Change it`}
        aria-label={`${word}: change who sees it`}
        aria-haspopup="dialog"
        onClick={() => setAsked(true)}
      >
        {fact}
      </button>
      {asked && (
        <Suspense>
          <VisibilityDialog agent={agent} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The menu comes with the first click on it. */
function Actions({ agent }: { agent: Published }) {
  const [wanted, setWanted] = useState(false);
  const button = (
    <ActionIcon
      size={32}
      variant="default"
      aria-label={`More actions on ${agent.name}`}
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
    >
      <IconDots size={18} stroke={1.7} />
    </ActionIcon>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <ActionsMenu agent={agent} />
    </Suspense>
  );
}
