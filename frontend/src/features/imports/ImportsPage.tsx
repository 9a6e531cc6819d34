import { Table } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';

export function ImportsPage() {
  const imports = useQuery({
    queryKey: [...keys.imports, 'list'],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/imports', { signal })),
  });
  return (
    <>
      <PageHeader title="Imports" />
      {imports.error && (
        <ErrorState error={imports.error} onRetry={() => imports.refetch()} />
      )}
      {imports.data?.items.length === 0 && (
        <EmptyState icon={IconFileImport} title="Nothing imported yet">
          An import takes agent files in as they are, shows what is wrong with each, and
          changes nothing until you apply it.
        </EmptyState>
      )}
      {imports.data && imports.data.items.length > 0 && (
        <Table>
          <Table.Tbody>
            {imports.data.items.map((item) => (
              <Table.Tr key={item.id}>
                <Table.Td>{item.team.name}</Table.Td>
                <Table.Td>{item.state}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}
