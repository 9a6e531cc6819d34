import { Menu, type MenuProps } from '@mantine/core';
import {
  type Ref,
  type RefCallback,
  useEffect,
  useLayoutEffect,
  useState,
} from 'react';
import type { MenuState } from './LazyMenu';

type AnchoredMenuProps = MenuState & Omit<MenuProps, keyof MenuState>;

/** The menu of a `<LazyMenu>`: Mantine's, at a button that is already on the page. */
export function AnchoredMenu({
  anchor,
  opened,
  children,
  ...others
}: AnchoredMenuProps) {
  // Opening is always a change, on the first time too: it notes where focus returns.
  const [shown, setShown] = useState(false);
  useEffect(() => setShown(opened), [opened]);
  return (
    <Menu {...others} opened={shown}>
      <Menu.Target>
        <Anchor node={anchor} />
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}

/** Hands the button to Mantine, which would otherwise want to render it. */
function Anchor({ node, ref }: { node: HTMLElement; ref?: Ref<HTMLElement> }) {
  useLayoutEffect(() => {
    (ref as RefCallback<HTMLElement> | undefined)?.(node);
  }, [node, ref]);
  return null;
}
