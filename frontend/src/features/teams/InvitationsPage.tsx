import { InvitationList } from './InvitationList';
import { OwnersOnly } from './OwnersOnly';

/** Ways into a team that its owners handed out. */
export function InvitationsPage({ slug }: { slug: string }) {
  return (
    <OwnersOnly slug={slug}>
      {(team) => <InvitationList team={team} to={team.name} />}
    </OwnersOnly>
  );
}
