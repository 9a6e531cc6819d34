import { Menu } from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSignOut } from '@/features/auth/use-sign-out';
import { AnchoredMenu } from '@/ui/AnchoredMenu';
import type { MenuState } from '@/ui/LazyMenu';

export default function AccountItems(state: MenuState) {
  const signOut = useSignOut();
  return (
    <AnchoredMenu {...state} position="top-start" width={220}>
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
    </AnchoredMenu>
  );
}
