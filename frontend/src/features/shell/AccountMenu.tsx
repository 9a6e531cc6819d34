import { Menu, UnstyledButton } from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSignOut } from '@/features/auth/use-sign-out';
import { useUser } from '@/lib/use-session';
import classes from './shell.module.css';

export function AccountMenu({ collapsed }: { collapsed: boolean }) {
  const user = useUser();
  const signOut = useSignOut();
  if (!user) return null;
  const name = user.display_name || user.username;
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-label={`Account of ${name}`}>
          <span className={classes.avatar} aria-hidden="true">
            {name.slice(0, 1)}
          </span>
          {!collapsed && <span className={classes.accountName}>{name}</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to="/account"
          leftSection={<IconUserCircle size={16} stroke={1.6} aria-hidden />}
        >
          Account
        </Menu.Item>
        <Menu.Item
          onClick={signOut}
          leftSection={<IconLogout size={16} stroke={1.6} aria-hidden />}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
