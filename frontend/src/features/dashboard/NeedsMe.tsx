import {
  type Icon,
  IconCircleArrowUp,
  IconCircleX,
  IconGitPullRequest,
  IconPencil,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Stats } from '@/api/types';
import { kindOf } from '@/features/kinds/kinds';
import { KindBadge, RelativeTime } from '@/ui/facts';
import classes from './dashboard.module.css';
import { numberText } from './words';

interface GroupProps {
  icon: Icon;
  title: string;
  count: number;
  /** What it says where there is none. */
  nothing: string;
  children: ReactNode;
}

function Group({ icon: Icon, title, count, nothing, children }: GroupProps) {
  return (
    <section className={classes.group} data-quiet={count === 0 || undefined}>
      <h3 className={classes.groupTitle}>
        <Icon size={16} stroke={1.7} aria-hidden />
        {title}
        <span className={classes.groupCount}>{numberText(count)}</span>
      </h3>
      {count === 0 ? <p className={classes.nothing}>{nothing}</p> : children}
    </section>
  );
}

interface ThingProps {
  href: string;
  /** Which part of that page. */
  search?: { tab: 'upstream' };
  kind: string;
  name: string;
  more?: ReactNode;
}

function Thing({ href, search, kind, name, more }: ThingProps) {
  return (
    <li className={classes.thing}>
      <KindBadge kind={kind} />
      <Link to={href as string} search={search ?? {}} className={classes.thingName}>
        {name}
      </Link>
      {more && <span className={classes.thingMore}>{more}</span>}
    </li>
  );
}

const pageOf = (one: { kind: string; team: string; name: string }) =>
  `/${kindOf(one.kind).plural}/${one.team}/${one.name}`;
const called = (one: { team: string; name: string }) => `${one.team}/${one.name}`;

function More({ count, shown }: { count: number; shown: number }) {
  if (count <= shown) return null;
  return <p className={classes.nothing}>and {numberText(count - shown)} more</p>;
}

/** What waits for this person, and the first few of each. */
export function NeedsMe({ needs }: { needs: Stats['needs_me'] }) {
  const { approvals, errors, drafts, updates } = needs;
  return (
    <div className={classes.groups}>
      <Group
        icon={IconGitPullRequest}
        title="Promotions to approve"
        count={approvals.count}
        nothing="No promotion waits for you."
      >
        <ul className={classes.things}>
          {approvals.first.map((one) => (
            <Thing
              key={one.id}
              href={`/reviews/${one.id}`}
              kind={one.component.kind}
              name={called(one.component)}
              more={`${one.label} to revision ${one.number}, by ${one.author}`}
            />
          ))}
        </ul>
        <More count={approvals.count} shown={approvals.first.length} />
      </Group>
      <Group
        icon={IconCircleX}
        title="With errors"
        count={errors.count}
        nothing="Nothing that you may edit has errors."
      >
        <ul className={classes.things}>
          {errors.first.map((one) => (
            <Thing
              key={one.id}
              href={pageOf(one)}
              kind={one.kind}
              name={called(one)}
              more={one.errors === 1 ? '1 error' : `${one.errors} errors`}
            />
          ))}
        </ul>
        <More count={errors.count} shown={errors.first.length} />
      </Group>
      <Group
        icon={IconCircleArrowUp}
        title="Updates from upstream"
        count={updates.count}
        nothing="All that comes from a repository is up to date."
      >
        <ul className={classes.things}>
          {updates.first.map((one) => (
            <Thing
              key={one.id}
              href={pageOf(one)}
              search={{ tab: 'upstream' }}
              kind={one.kind}
              name={called(one)}
            />
          ))}
        </ul>
        <More count={updates.count} shown={updates.first.length} />
      </Group>
      <Group
        icon={IconPencil}
        title="Your drafts"
        count={drafts.count}
        nothing="You have no drafts."
      >
        <ul className={classes.things}>
          {drafts.first.map((one) => (
            <Thing
              key={one.id}
              href={`${pageOf(one)}/edit`}
              kind={one.kind}
              name={called(one)}
              more={<RelativeTime at={one.updated_at} />}
            />
          ))}
        </ul>
        <More count={drafts.count} shown={drafts.first.length} />
      </Group>
    </div>
  );
}
