import { NativeSelect } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { apiOrigin } from '@/api/session';
import type { CollectionDetail, ExportTarget } from '@/api/types';
import { shopQuery } from '@/features/exports/queries';
import type { InstallSearch } from '../search';
import { arrivesAs, hasMarketplace, type Wanted, wayFor } from './commands';
import { ExportPreview } from './ExportPreview';
import classes from './install.module.css';
import { SinceNotice } from './SinceNotice';
import { ToolList } from './ToolList';
import { Ways } from './Ways';

interface InstallingProps {
  collection: CollectionDetail;
  newest: number;
  targets: ExportTarget[];
  search: InstallSearch;
}

type Change = { [Key in keyof InstallSearch]: InstallSearch[Key] | undefined };

export function Installing({ collection, newest, targets, search }: InstallingProps) {
  const navigate = useNavigate();
  const { data: instance } = useSuspenseQuery(instanceQuery);
  const target = targets.find(({ name }) => name === search.target) ?? targets[0];
  const release = search.release && search.release <= newest ? search.release : null;
  const number = release ?? newest;
  const shop = useQuery({
    ...shopQuery(collection.id, number),
    enabled: target !== undefined && hasMarketplace(target.name),
  });
  if (!target) return null;
  const arriving = arrivesAs(target.name, wayFor(target.name, search.way));
  const arrives = targets.find(({ name }) => name === arriving) ?? target;

  const go = (change: Change, { replace = false } = {}) => {
    const merged = { ...search, ...change };
    const kept = Object.entries(merged).filter(([, value]) => value !== undefined);
    void navigate({
      to: '/collections/$team/$name/install',
      params: { team: collection.team.slug, name: collection.name },
      search: Object.fromEntries(kept),
      resetScroll: false,
      replace,
    });
  };
  const wanted: Wanted = {
    origin: apiOrigin || location.origin,
    team: collection.team.slug,
    name: collection.name,
    id: collection.id,
    target: target.name,
    release,
    newest,
    plugin: shop.data
      ? `${shop.data.plugin}@${shop.data.marketplace}`
      : `${collection.name}@${collection.team.slug}-${collection.name}`,
    signIn: !(instance.public_read && collection.visibility === 'public'),
  };
  return (
    <div className={classes.layout}>
      <ToolList
        collection={collection}
        targets={targets}
        chosen={target.name}
        number={number}
        search={search}
      />
      <div className={classes.main}>
        <header className={classes.head}>
          <div className={classes.headText}>
            <h2>{target.label}</h2>
            <p>{target.description}</p>
          </div>
          <NativeSelect
            aria-label="Release"
            value={release ?? ''}
            onChange={({ currentTarget }) =>
              go({ release: Number(currentTarget.value) || undefined })
            }
            data={[
              { value: '', label: `The newest release (${newest})` },
              ...Array.from({ length: newest }, (_, index) => ({
                value: `${newest - index}`,
                label: `Release ${newest - index}`,
              })),
            ]}
          />
        </header>
        <SinceNotice collection={collection} number={number} />
        <Ways wanted={wanted} search={search} />
        <ExportPreview
          collection={collection.id}
          target={arrives}
          reader={target}
          number={number}
          path={search.file}
          onPath={(file) => go({ file }, { replace: true })}
        />
      </div>
    </div>
  );
}
