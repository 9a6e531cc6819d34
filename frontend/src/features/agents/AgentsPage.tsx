import { Button, Table } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { agentsQuery } from '@/api/queries';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';

export function AgentsPage({ q }: { q: string | undefined }) {
  const agents = useInfiniteQuery(agentsQuery(q ? { q } : {}));
  const items = agents.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Agents" />
      {agents.error && (
        <ErrorState error={agents.error} onRetry={() => agents.refetch()} />
      )}
      {agents.isSuccess && items.length === 0 && (
        <EmptyState icon={IconRobot} title={q ? 'Nothing found' : 'No agents yet'}>
          Agents are the sub-agent definitions that your teams share.
        </EmptyState>
      )}
      {items.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Description</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((agent) => (
              <Table.Tr key={agent.id}>
                <Table.Td className="mono">{agent.name}</Table.Td>
                <Table.Td>{agent.description}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {agents.hasNextPage && (
        <Button onClick={() => agents.fetchNextPage()} loading={agents.isFetching}>
          Show more
        </Button>
      )}
    </>
  );
}
