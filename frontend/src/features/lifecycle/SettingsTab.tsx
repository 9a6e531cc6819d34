import { IconLock } from '@tabler/icons-react';
import type { ComponentPublic } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { AccessSection } from './AccessSection';
import { DeleteSection } from './DeleteSection';
import { DeprecationSection } from './DeprecationSection';
import classes from './lifecycle.module.css';
import { RenameSection, TransferSection } from './NameSections';

/** What an owner decides about a component as a whole. */
export default function SettingsTab({ agent }: { agent: ComponentPublic }) {
  const own = !agent.published && agent.permissions.edit;
  if (!agent.permissions.manage && !own) {
    return (
      <EmptyState icon={IconLock} title="For the owners of the team">
        Owners of {agent.team.name} decide who sees {agent.name} and how it is called.
      </EmptyState>
    );
  }
  return (
    <div className={classes.settings}>
      <AccessSection key={agent.etag} component={agent} />
      <RenameSection component={agent} />
      <TransferSection component={agent} />
      {agent.published && <DeprecationSection component={agent} />}
      <DeleteSection component={agent} />
    </div>
  );
}
