import { Button } from '@mantine/core';
import { IconBandage } from '@tabler/icons-react';
import { useState } from 'react';
import type { Published } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { DiffView } from '@/ui/code/DiffView';
import { ButtonLink } from '@/ui/links';
import classes from './source.module.css';

interface RepairNoticeProps {
  agent: Published;
  original: string;
  repaired: string;
}

/** A proposal beside the stored bytes: seen as a diff, taken in the editor. */
export function RepairNotice({ agent, original, repaired }: RepairNoticeProps) {
  const [shown, setShown] = useState(false);
  return (
    <section className={classes.repair} aria-label="Repair">
      <div className={classes.repairHead}>
        <IconBandage size={18} stroke={1.6} aria-hidden />
        <div className={classes.repairText}>
          <strong>A repair is ready.</strong> It takes all fixes that keep every value
          as you read it here. The stored file stays as it is until you publish.
        </div>
        <div className={classes.repairActions}>
          <Button size="xs" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {shown ? 'Hide changes' : 'Show changes'}
          </Button>
          {agent.permissions.edit && (
            <ButtonLink
              size="xs"
              to="/$plural/$team/$name/edit"
              params={placeOf(agent)}
              search={{ repair: true }}
            >
              Open in editor with repair
            </ButtonLink>
          )}
        </div>
      </div>
      {shown && (
        <DiffView
          original={original}
          modified={repaired}
          from="As stored"
          to="Repaired"
          label={`${agent.name}, as stored and repaired`}
        />
      )}
    </section>
  );
}
