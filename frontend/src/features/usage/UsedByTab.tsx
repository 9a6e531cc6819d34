import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReleaseUsage } from '@/api/types';
import type { TabProps } from '@/features/agents/component/tab-code';
import { placeOf } from '@/features/kinds/kinds';
import { periodOf, USUAL } from './periods';
import { componentUsageQuery } from './queries';
import { ClientSplit, Split } from './Split';
import { UsageView } from './UsageView';

/** Who took a component, as far as anybody may know: how often, with what, in what. */
export default function UsedByTab({ agent, search }: TabProps) {
  const navigate = useNavigate();
  const days = periodOf(search.days);
  const usage = useQuery(componentUsageQuery(agent.id, days));
  return (
    <UsageView
      usage={usage}
      team={agent.team}
      days={days}
      onDays={(next) =>
        void navigate({
          to: '/$plural/$team/$name',
          params: placeOf(agent),
          search: { tab: 'usage', ...(next !== USUAL && { days: next }) },
          replace: true,
          resetScroll: false,
        })
      }
      hint="It counts when somebody downloads it, or takes a release of a collection that it is in."
    >
      {({ clients, releases, revisions }) => (
        <>
          <ClientSplit clients={clients} />
          <Split
            title="Releases that hold it"
            parts={releases.map((one) => ({
              key: `${one.collection_id}:${one.number}`,
              label: <ReleaseLink release={one} />,
              total: one.total,
            }))}
          />
          <Split
            title="Revisions"
            parts={revisions.map(({ number, total }) => ({
              key: `${number}`,
              label: (
                <Link
                  to="/$plural/$team/$name"
                  params={placeOf(agent)}
                  search={{ revision: number }}
                >
                  Revision {number}
                </Link>
              ),
              total,
            }))}
          />
        </>
      )}
    </UsageView>
  );
}

function ReleaseLink({ release }: { release: ReleaseUsage }) {
  const [team = '', name = ''] = release.collection.split('/');
  return (
    <Link
      to="/collections/$team/$name"
      params={{ team, name }}
      search={{ tab: 'releases', release: release.number }}
    >
      <span className="mono">{release.collection}</span> {release.number}
    </Link>
  );
}
