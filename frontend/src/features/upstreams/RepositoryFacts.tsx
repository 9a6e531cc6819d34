import { Button, NativeSelect } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Fact, FactList, RelativeTime } from '@/ui/facts';
import { toastDone } from '@/ui/toast';
import { CheckMark } from './CheckMark';
import { changeRepository, refreshUpstreams } from './changes';
import { repositoryQuery } from './queries';
import type { Rights } from './RepositoryActions';
import { TokenDialog } from './TokenDialog';
import type { Every, Repository } from './types';
import { Commit } from './UpstreamFacts';
import classes from './upstreams.module.css';
import { EVERY, everyWords } from './words';

interface FactsProps {
  repository: Repository;
  rights: Rights;
}

export function RepositoryFacts({ repository, rights }: FactsProps) {
  const { ref, folder, team, commit, checked_at, next_check_at } = repository;
  return (
    <FactList>
      <Fact label="Last check">
        <CheckMark of={repository} />
        {checked_at && (
          <div className="muted">
            <RelativeTime at={checked_at} />
          </div>
        )}
      </Fact>
      <Schedule repository={repository} rights={rights} />
      {next_check_at && (
        <Fact label="Next check">
          <RelativeTime at={next_check_at} />
        </Fact>
      )}
      <Fact label="Branch">
        {ref ? (
          <span className="mono">{ref}</span>
        ) : (
          <span className="muted">its own default</span>
        )}
      </Fact>
      {folder && (
        <Fact label="Folder">
          <span className="mono">{folder}</span>
        </Fact>
      )}
      {commit && (
        <Fact label="Commit">
          <Commit value={commit} />
        </Fact>
      )}
      <Fact label="Team">
        <span className="mono">{team.slug}</span>
      </Fact>
      <Token repository={repository} rights={rights} />
      <Fact label="Added">
        <RelativeTime at={repository.created_at} />
      </Fact>
    </FactList>
  );
}

function Schedule({ repository, rights }: FactsProps) {
  const client = useQueryClient();
  const id = useId();
  const { queryKey } = repositoryQuery(repository.id);
  const change = useMutation({
    mutationFn: (every: Every) => changeRepository(repository, { every }),
    onMutate: (every) => {
      client.setQueryData(queryKey, { ...repository, every });
    },
    onSuccess: (changed) => client.setQueryData(queryKey, changed),
    onSettled: () => refreshUpstreams(client),
  });
  if (!rights.edit) {
    return <Fact label="Schedule">{everyWords[repository.every]}</Fact>;
  }
  return (
    <Fact label={<label htmlFor={id}>Schedule</label>}>
      <NativeSelect
        id={id}
        className={classes.schedule ?? ''}
        value={repository.every}
        disabled={change.isPending}
        data={EVERY.map((value) => ({ value, label: everyWords[value] }))}
        onChange={({ currentTarget }) => change.mutate(currentTarget.value as Every)}
      />
    </Fact>
  );
}

/** Written once, never shown: it is there, or it is not. */
function Token({ repository, rights }: FactsProps) {
  const client = useQueryClient();
  const [writing, setWriting] = useState(false);
  const remove = useMutation({
    mutationFn: () => changeRepository(repository, { token: null }),
    onSuccess: () => toastDone('Removed the token'),
    onSettled: () => refreshUpstreams(client),
  });
  const { has_token } = repository;
  return (
    <Fact label="Token">
      {has_token ? (
        <span className={classes.token}>
          <IconKey size={14} stroke={1.7} aria-hidden />
          Kept encrypted
        </span>
      ) : (
        <span className="muted">none</span>
      )}
      {rights.edit && (
        <div className={classes.tokenActions}>
          <Button size="xs" onClick={() => setWriting(true)}>
            {has_token ? 'Replace' : 'Add a token'}
          </Button>
          {has_token && (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              loading={remove.isPending}
              aria-label="Remove the token"
              onClick={() => remove.mutate()}
            >
              Remove
            </Button>
          )}
        </div>
      )}
      {writing && (
        <TokenDialog repository={repository} onClose={() => setWriting(false)} />
      )}
    </Fact>
  );
}
