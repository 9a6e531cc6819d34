import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowBackUp,
  IconBan,
  IconDots,
  IconDownload,
  IconEye,
  IconGitCompare,
  IconTag,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ComponentPublic, RevisionSummary } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { unyank } from '@/features/lifecycle/changes';
import { Provenance, YankedBadge } from '@/features/lifecycle/Provenance';
import { Digest, LabelChip, RelativeTime } from '@/ui/facts';
import { HealthDot } from '@/ui/severity';
import { toastDone, toastError } from '@/ui/toast';
import { Check } from '../Check';
import { downloadRevision } from '../changes';
import { authorOf } from './people';
import classes from './revisions.module.css';
import { useChange } from './use-change';

interface RevisionEntryProps {
  agent: ComponentPublic;
  revision: RevisionSummary;
  picked: boolean;
  comparable: boolean;
  onPick: (number: number) => void;
  onCompare: (a: number, b: number) => void;
  onRestore: (number: number) => void;
  onLabel: (number: number) => void;
  onYank: (number: number) => void;
}

const numbers = new Intl.NumberFormat('en');

export function RevisionEntry(props: RevisionEntryProps) {
  const { agent, revision, picked, comparable, onPick } = props;
  const { number } = revision;
  return (
    <li className={classes.entry} data-picked={picked || undefined}>
      <Check
        className={classes.pick ?? ''}
        aria-label={`Compare revision ${number}`}
        checked={picked}
        disabled={!comparable}
        onChange={() => onPick(number)}
      />
      <span className={classes.number}>{number}</span>
      <div className={classes.what}>
        <div className={classes.line}>
          <Link
            to="/$plural/$team/$name"
            params={placeOf(agent)}
            search={number === agent.latest?.number ? {} : { revision: number }}
            className={classes.message}
            data-none={!revision.message || undefined}
          >
            {revision.message || 'No message'}
          </Link>
          {revision.labels.map((label) => (
            <LabelChip key={label} name={label} />
          ))}
          {revision.yanked && <YankedBadge yanked={revision.yanked} />}
        </div>
        <div className={classes.meta}>
          <span>
            {authorOf(revision.author)}, <RelativeTime at={revision.created_at} />
          </span>
          <Provenance revision={revision} />
          <HealthDot health={revision.health} withText />
          <span className="tabular">
            {numbers.format(revision.description_tokens)} +{' '}
            {numbers.format(revision.body_tokens)} tokens
          </span>
          <Digest value={revision.digest} />
        </div>
      </div>
      <EntryMenu {...props} />
    </li>
  );
}

const icon = (Icon: typeof IconTag) => <Icon size={16} stroke={1.6} aria-hidden />;

function EntryMenu(props: RevisionEntryProps) {
  const { agent, onCompare, onRestore, onLabel } = props;
  const { number, yanked } = props.revision;
  const newest = agent.latest?.number;
  const takeBack = useChange(
    () => unyank(agent, number),
    () => toastDone(`Revision ${number} of ${agent.name} counts again`),
  );
  const download = useMutation({ mutationFn: () => downloadRevision(agent, number) });
  return (
    <Menu width={240}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions on revision ${number}`}>
          <IconDots size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to="/$plural/$team/$name"
          params={placeOf(agent) as never}
          search={
            (number === newest
              ? { tab: 'source' }
              : { tab: 'source', revision: number }) as never
          }
          leftSection={icon(IconEye)}
        >
          Show its source
        </Menu.Item>
        {number > 1 && (
          <Menu.Item
            leftSection={icon(IconGitCompare)}
            onClick={() => onCompare(number - 1, number)}
          >
            Compare with the one before
          </Menu.Item>
        )}
        {newest !== undefined && number !== newest && (
          <Menu.Item
            leftSection={icon(IconGitCompare)}
            onClick={() => onCompare(number, newest)}
          >
            Compare with the newest
          </Menu.Item>
        )}
        <Menu.Item leftSection={icon(IconDownload)} onClick={() => download.mutate()}>
          Download
        </Menu.Item>
        {agent.permissions.edit && (
          <Menu.Item leftSection={icon(IconTag)} onClick={() => onLabel(number)}>
            Move a label here
          </Menu.Item>
        )}
        {agent.permissions.edit && number !== newest && !yanked && (
          <Menu.Item
            leftSection={icon(IconArrowBackUp)}
            onClick={() => onRestore(number)}
          >
            Restore it as the newest
          </Menu.Item>
        )}
        {agent.permissions.manage &&
          (yanked ? (
            <Menu.Item
              leftSection={icon(IconBan)}
              onClick={() => takeBack.mutate(undefined, { onError: toastError })}
            >
              Take the yank back
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={icon(IconBan)} onClick={() => props.onYank(number)}>
              Yank
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
