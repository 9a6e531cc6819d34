import { ActionIcon, Button } from '@mantine/core';
import { IconShieldCheck, IconShieldX, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Member, Role, Team } from '@/api/types';
import { RelativeTime } from '@/ui/facts';
import { Leaving, type Question } from './Leaving';
import { RoleSelect } from './RoleSelect';
import classes from './teams.module.css';
import { roles } from './words';

interface MemberRowProps {
  team: Team;
  member: Member;
  /** The only owner who can sign in: cannot go. */
  last: boolean;
  /** Whether second factors are told. */
  told: boolean;
  self: boolean;
}

export function MemberRow({ team, member, last, told, self }: MemberRowProps) {
  const { user, role } = member;
  const [question, setQuestion] = useState<Question | null>(null);
  const decides = team.role === 'owner';
  const name = user.display_name || user.username;
  return (
    <tr>
      <th scope="row" className={classes.person}>
        <span className={classes.personName}>{name}</span>
        <span className="mono muted">{user.username}</span>
        {self && <span className={classes.tag}>You</span>}
        {!member.is_active && (
          <span className={classes.tag} data-tone="warning">
            Deactivated
          </span>
        )}
      </th>
      <td>
        {decides && !last ? (
          <RoleSelect
            team={team}
            member={member}
            onStepDown={self ? (next: Role) => setQuestion({ stepDown: next }) : null}
          />
        ) : (
          <span title={`${roles[role].word}: ${roles[role].may}`}>
            {roles[role].word}
          </span>
        )}
      </td>
      {told && (
        <td className={classes.wideOnly}>
          <SecondFactor has={member.has_second_factor} />
        </td>
      )}
      <td className={`${classes.wideOnly} muted`}>
        <RelativeTime at={member.joined_at} />
      </td>
      <td className={classes.actionCell}>
        {self && !last && (
          <Button size="xs" onClick={() => setQuestion('leave')}>
            Leave
          </Button>
        )}
        {decides && !self && !last && (
          <ActionIcon
            aria-label={`Remove ${name}`}
            title={`Remove ${name}`}
            onClick={() => setQuestion('remove')}
          >
            <IconX size={16} stroke={1.7} />
          </ActionIcon>
        )}
        {question && (
          <Leaving
            team={team}
            member={member}
            question={question}
            onClose={() => setQuestion(null)}
          />
        )}
      </td>
    </tr>
  );
}

function SecondFactor({ has }: { has: boolean | null | undefined }) {
  if (has === null || has === undefined) return null;
  const Icon = has ? IconShieldCheck : IconShieldX;
  return (
    <span className={classes.factor} data-has={has || undefined}>
      <Icon size={15} stroke={1.7} aria-hidden />
      {has ? 'On' : 'None'}
    </span>
  );
}
