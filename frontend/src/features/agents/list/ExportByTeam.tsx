import { Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { describe } from '@/api/problem';
import { byTeam, countedAs } from '../bulk';
import { exportZip } from '../changes';
import { Dialog } from '../Dialog';
import classes from './bulk.module.css';
import type { Agents } from './use-bulk';

interface ExportByTeamProps {
  agents: Agents;
  error: Error | null;
  onClose: () => void;
}

/** Two teams may have the same name, one zip may not: then each team gets its own. */
export function ExportByTeam({ agents, error, onClose }: ExportByTeamProps) {
  const teams = byTeam(agents);
  const zips = useMutation({
    mutationFn: async () => {
      for (const chosen of teams.values()) await exportZip(chosen);
    },
    onSuccess: onClose,
  });
  return (
    <Dialog onClose={onClose} title="Two of them share a file name">
      <p className={classes.first}>{describe(error)}</p>
      <ul className={classes.names}>
        {[...teams].map(([team, chosen]) => (
          <li key={team}>
            {team}.zip <span className="muted">{countedAs(chosen)}</span>
          </li>
        ))}
      </ul>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button variant="filled" loading={zips.isPending} onClick={() => zips.mutate()}>
          Export one zip per team
        </Button>
      </Group>
    </Dialog>
  );
}
