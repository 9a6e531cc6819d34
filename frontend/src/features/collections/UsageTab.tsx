import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { CollectionDetail } from '@/api/types';
import { targetsQuery } from '@/features/exports/queries';
import { periodOf, USUAL } from '@/features/usage/periods';
import { collectionUsageQuery } from '@/features/usage/queries';
import { ClientSplit, Split } from '@/features/usage/Split';
import { UsageView } from '@/features/usage/UsageView';
import type { CollectionSearch } from './search';

interface UsageTabProps {
  collection: CollectionDetail;
  search: CollectionSearch;
}

/** How often its releases were pulled: which of them, with what, and for which tool. */
export default function UsageTab({ collection, search }: UsageTabProps) {
  const navigate = useNavigate();
  const days = periodOf(search.days);
  const usage = useQuery(collectionUsageQuery(collection.id, days));
  const { data: targets } = useQuery(targetsQuery);
  const params = { team: collection.team.slug, name: collection.name };
  const targetText = (name: string) =>
    targets?.find((one) => one.name === name)?.label ?? (name || 'As it is stored');
  return (
    <UsageView
      usage={usage}
      team={collection.team}
      days={days}
      onDays={(next) =>
        void navigate({
          to: '/collections/$team/$name',
          params,
          search: { tab: 'usage', ...(next !== USUAL && { days: next }) },
          replace: true,
          resetScroll: false,
        })
      }
      hint={
        <>
          It counts when somebody takes a release of it.{' '}
          <Link to="/collections/$team/$name/install" params={params}>
            See how
          </Link>
        </>
      }
    >
      {({ clients, targets: lines, releases }) => (
        <>
          <Split
            title="Releases"
            parts={releases.map(({ number, total }) => ({
              key: `${number}`,
              label: (
                <Link
                  to="/collections/$team/$name"
                  params={params}
                  search={{ tab: 'releases', release: number }}
                >
                  Release {number}
                </Link>
              ),
              total,
            }))}
          />
          <ClientSplit clients={clients} />
          <Split
            title="Tools"
            parts={lines.map(({ name, total }) => ({
              key: name || '-',
              label: targetText(name),
              total,
            }))}
          />
        </>
      )}
    </UsageView>
  );
}
