import { Menu } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useUser } from '@/lib/use-session';
import { AnchoredMenu } from '@/ui/AnchoredMenu';
import type { MenuState } from '@/ui/LazyMenu';
import classes from './teams.module.css';

/** The teams to switch to. */
export default function TeamItems(state: MenuState) {
  const teams = useUser()?.teams ?? [];
  const { team: shown } = useParams({ strict: false });
  return (
    <AnchoredMenu {...state} width={240}>
      {teams.map(({ id, slug, name }) => (
        <Menu.Item
          key={id}
          renderRoot={(props) => (
            <Link to="/teams/$team" params={{ team: slug }} {...props} />
          )}
          aria-current={slug === shown || undefined}
          className={classes.switchItem ?? ''}
        >
          {name}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item component={Link} to="/teams">
        All your teams
      </Menu.Item>
    </AnchoredMenu>
  );
}
