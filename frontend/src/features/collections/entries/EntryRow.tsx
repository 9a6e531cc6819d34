import { ActionIcon } from '@mantine/core';
import { IconStackPush, IconX } from '@tabler/icons-react';
import type { CollectionEntry } from '@/api/types';
import { kindOf } from '@/features/kinds/kinds';
import { KindBadge, TokenCount } from '@/ui/facts';
import { AnchorLink } from '@/ui/links';
import shared from '../collections.module.css';
import { deprecated, states } from '../words';
import classes from './entries.module.css';
import { FollowSelect } from './FollowSelect';
import type { EntryActions } from './use-entries';

interface EntryRowProps {
  entry: CollectionEntry;
  place: number;
  entries: CollectionEntry[];
  /** Missing for those who only read. */
  actions?: EntryActions;
}

export function EntryRow({ entry, place, entries, actions }: EntryRowProps) {
  const gone = entry.state === 'deleted';
  return (
    <>
      <span className={classes.place}>{place}</span>
      <div className={classes.what} data-off={entry.shadowed_by ? true : undefined}>
        <div className={classes.line}>
          <KindBadge kind={entry.kind} />
          {gone ? (
            <span className={classes.name}>{entry.name}</span>
          ) : (
            <AnchorLink
              className={classes.name ?? ''}
              to="/$plural/$team/$name"
              params={{
                plural: kindOf(entry.kind).plural,
                team: entry.team,
                name: entry.name,
              }}
            >
              {entry.name}
            </AnchorLink>
          )}
          <span className="mono muted">{entry.team}</span>
          <Marks entry={entry} entries={entries} />
        </div>
        {entry.description && <p className={classes.about}>{entry.description}</p>}
      </div>
      <div className={classes.follows}>
        {actions ? (
          <FollowSelect
            entry={entry}
            onChange={(what) => actions.follow(entry, what)}
          />
        ) : (
          <span className="muted">{entry.label ?? 'stays'}</span>
        )}
        <span className={classes.revision}>
          {entry.revision ? `Revision ${entry.revision.number}` : 'No revision'}
        </span>
      </div>
      <span className={classes.tokens}>
        <TokenCount value={entry.description_tokens} />
      </span>
      {actions && (
        <ActionIcon
          className={classes.remove ?? ''}
          aria-label={`Take ${entry.name} out`}
          title="Take out"
          onClick={() => actions.remove(entry)}
        >
          <IconX size={16} stroke={1.7} />
        </ActionIcon>
      )}
    </>
  );
}

function Marks({ entry, entries }: Pick<EntryRowProps, 'entry' | 'entries'>) {
  const winner = entries.find(({ component_id }) => component_id === entry.shadowed_by);
  const state = entry.state === 'ok' ? null : states[entry.state];
  return (
    <>
      {state && (
        <span
          className={shared.tag}
          data-tone={state.tone}
          title={entry.yank_reason ?? state.hint}
        >
          <state.icon size={13} stroke={1.8} aria-hidden />
          {state.word}
          <span className={classes.spoken}>: {entry.yank_reason ?? state.hint}</span>
        </span>
      )}
      {entry.deprecated && (
        <span
          className={shared.tag}
          data-tone={deprecated.tone}
          title={entry.deprecation_message ?? ''}
        >
          <deprecated.icon size={13} stroke={1.8} aria-hidden />
          {deprecated.word}
        </span>
      )}
      {winner && (
        <span className={shared.tag} data-tone="warning">
          <IconStackPush size={13} stroke={1.8} aria-hidden />
          Shadowed by {winner.team}/{winner.name} above
        </span>
      )}
    </>
  );
}
