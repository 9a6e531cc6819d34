import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { UserAdmin } from '@/api/types';
import { RelativeTime } from '@/ui/facts';
import classes from './admin.module.css';

export function UserTable({ users, stale }: { users: UserAdmin[]; stale: boolean }) {
  return (
    <table className={classes.table} aria-label="Users" data-stale={stale || undefined}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col" className={classes.wideOnly}>
            E-mail
          </th>
          <th scope="col">Second factor</th>
          <th scope="col" className={`${classes.wideOnly} ${classes.number}`}>
            Teams
          </th>
          <th scope="col" className={classes.wideOnly}>
            Last sign-in
          </th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <UserRow key={user.id} user={user} />
        ))}
      </tbody>
    </table>
  );
}

function UserRow({ user }: { user: UserAdmin }) {
  return (
    <tr className={classes.row} data-inactive={!user.is_active || undefined}>
      <th scope="row" className={classes.person}>
        <Link
          to="/admin/users/$id"
          params={{ id: user.id }}
          className={classes.personLink}
        >
          {user.display_name || user.username}
        </Link>
        <span className="mono muted">{user.username}</span>
        {user.is_admin && <span className={classes.tag}>Administrator</span>}
        {!user.is_active && (
          <span className={classes.tag} data-tone="warning">
            Deactivated
          </span>
        )}
      </th>
      <td className={`${classes.wideOnly} ${classes.email}`}>{user.email}</td>
      <td>
        <Factor has={user.has_second_factor} />
      </td>
      <td className={`tabular ${classes.wideOnly} ${classes.number}`}>{user.teams}</td>
      <td className={`${classes.wideOnly} muted`}>
        {user.last_sign_in_at ? <RelativeTime at={user.last_sign_in_at} /> : 'never'}
      </td>
    </tr>
  );
}

export function Factor({ has }: { has: boolean }) {
  const Icon = has ? IconShieldCheck : IconShieldX;
  return (
    <span className={classes.factor} data-has={has || undefined}>
      <Icon size={15} stroke={1.7} aria-hidden />
      {has ? 'On' : 'None'}
    </span>
  );
}
