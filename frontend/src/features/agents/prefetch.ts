/** What the routes ask for while the code of their pages is on its way. */
import type { QueryClient } from '@tanstack/react-query';
import { agentFacetsQuery, agentListQuery, agentQuery } from './queries';
import type { AgentSearch } from './search';

export function prefetchList(client: QueryClient, search: AgentSearch) {
  void client.prefetchInfiniteQuery(agentListQuery(search));
  void client.prefetchQuery(agentFacetsQuery(search));
}

export function prefetchAgent(client: QueryClient, team: string, name: string) {
  void client.prefetchQuery(agentQuery(team, name));
}
