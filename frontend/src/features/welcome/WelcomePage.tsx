import { UnstyledButton } from '@mantine/core';
import {
  type Icon,
  IconArrowRight,
  IconFileImport,
  IconFlask,
  IconPencilPlus,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { useSamples } from '@/features/imports/use-upload';
import { useUser } from '@/lib/use-session';
import { PageHeader } from '@/ui/PageHeader';
import classes from './welcome.module.css';

interface WayProps {
  icon: Icon;
  title: string;
  text: string;
  onClick: () => void;
  busy?: boolean;
}

function Way({ icon: Icon, title, text, onClick, busy = false }: WayProps) {
  return (
    <li>
      <UnstyledButton className={classes.way} onClick={onClick} disabled={busy}>
        <span className={classes.icon}>
          <Icon size={20} stroke={1.5} aria-hidden />
        </span>
        <span className={classes.text}>
          <strong>{title}</strong>
          <span>{text}</span>
        </span>
        <IconArrowRight className={classes.arrow} size={18} stroke={1.6} aria-hidden />
      </UnstyledButton>
    </li>
  );
}

/** What next, on an empty instance. */
export function WelcomePage() {
  const user = useUser();
  const navigate = useNavigate();
  const { data: instance } = useQuery(instanceQuery);
  const team = user?.teams.find(({ is_personal }) => is_personal) ?? user?.teams[0];
  const samples = useSamples();
  return (
    <div className={classes.page}>
      <PageHeader
        title={`Welcome, ${user?.display_name || user?.username}`}
        description="Ways to fill the registry:"
      />
      <ol className={classes.ways}>
        <Way
          icon={IconFileImport}
          title="Import your files"
          text="Drop agent files, a folder or a zip. You see what is wrong with each before anything is kept."
          onClick={() => void navigate({ href: '/imports/new' })}
        />
        {instance?.samples_available && team && (
          <Way
            icon={IconFlask}
            title="Try with samples"
            text="A dozen agents that come with Roster, some of them broken on purpose."
            busy={samples.isPending}
            onClick={() => samples.mutate(team.slug)}
          />
        )}
        <Way
          icon={IconPencilPlus}
          title="Create by hand"
          text="Write an agent in the editor, with live checks beside the text."
          onClick={() => void navigate({ href: '/agents/new' })}
        />
      </ol>
    </div>
  );
}
