import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { LazyMenu } from '@/ui/LazyMenu';

export const schemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const;

const items = () => import('./ThemeItems');

export function ThemeSwitch() {
  const { colorScheme } = useMantineColorScheme();
  const Current =
    schemes.find(({ value }) => value === colorScheme)?.icon ?? IconDeviceDesktop;
  return (
    <LazyMenu load={items}>
      <ActionIcon aria-label="Colour theme">
        <Current size={18} stroke={1.6} />
      </ActionIcon>
    </LazyMenu>
  );
}
