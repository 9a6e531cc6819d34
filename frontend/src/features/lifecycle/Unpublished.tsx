import { IconPencil } from '@tabler/icons-react';
import type { ComponentPublic } from '@/api/types';
import type { ComponentSearch } from '@/features/agents/compare';
import { AgentTabs } from '@/features/agents/component/AgentTabs';
import classes from '@/features/agents/component/component.module.css';
import RevisionsTab from '@/features/agents/component/RevisionsTab';
import { placeOf } from '@/features/kinds/kinds';
import { CopyText, KindBadge } from '@/ui/facts';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { LifecycleNotices } from './LifecycleNotices';
import SettingsTab from './SettingsTab';

interface UnpublishedProps {
  agent: ComponentPublic;
  search: ComponentSearch;
}

/** One without a revision to show: never published, or all of them yanked. */
export default function Unpublished({ agent, search }: UnpublishedProps) {
  const { name, permissions, published } = agent;
  const tab = published && search.tab !== 'settings' ? 'revisions' : 'settings';
  return (
    <div className={classes.page}>
      <PageHeader
        title={
          <span className={classes.title}>
            <span className="mono">{name}</span>
            <KindBadge kind={agent.kind} />
          </span>
        }
        description={<CopyText value={`roster:${agent.reference}`} what="identifier" />}
        actions={
          permissions.edit && (
            <ButtonLink
              to="/$plural/$team/$name/edit"
              params={placeOf(agent)}
              variant="filled"
              leftSection={<IconPencil size={16} stroke={1.7} aria-hidden />}
            >
              {published ? 'Edit' : 'Go on with the draft'}
            </ButtonLink>
          )
        }
      />
      <LifecycleNotices agent={agent} shown={0} />
      <AgentTabs agent={agent} tab={tab} revision={undefined} />
      {tab === 'revisions' ? (
        <RevisionsTab agent={agent} number={0} search={search} />
      ) : (
        <SettingsTab agent={agent} />
      )}
    </div>
  );
}
