/** What the routes ask for while the code of their pages is on its way. */
import type { QueryClient } from '@tanstack/react-query';
import type { Kind } from '@/features/kinds/kinds';
import { agentFacetsQuery, agentListQuery, agentQuery } from './queries';
import type { AgentSearch } from './search';

export function prefetchList(client: QueryClient, kind: Kind, search: AgentSearch) {
  void client.prefetchInfiniteQuery(agentListQuery(kind, search));
  void client.prefetchQuery(agentFacetsQuery(kind, search));
}

export function prefetchAgent(
  client: QueryClient,
  kind: Kind,
  team: string,
  name: string,
) {
  void client.prefetchQuery(agentQuery(kind, team, name));
}
