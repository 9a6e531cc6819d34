import { UnstyledButton } from '@mantine/core';
import { useUser } from '@/lib/use-session';
import { LazyMenu } from '@/ui/LazyMenu';
import classes from './shell.module.css';

const items = () => import('./AccountItems');

export function AccountMenu({ collapsed }: { collapsed: boolean }) {
  const user = useUser();
  if (!user) return null;
  const name = user.display_name || user.username;
  return (
    <LazyMenu load={items}>
      <UnstyledButton className={classes.account} aria-label={`Account of ${name}`}>
        <span className={classes.avatar} aria-hidden="true">
          {name.slice(0, 1)}
        </span>
        {!collapsed && <span className={classes.accountName}>{name}</span>}
      </UnstyledButton>
    </LazyMenu>
  );
}
