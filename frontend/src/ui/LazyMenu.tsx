import {
  type ComponentType,
  cloneElement,
  type HTMLAttributes,
  type ReactElement,
  type Ref,
  useId,
  useState,
} from 'react';
import { useCode } from '@/lib/use-code';

/** What a menu is told by the button that stays outside of it. */
export interface MenuState {
  id: string;
  anchor: HTMLElement;
  opened: boolean;
  onChange: (opened: boolean) => void;
}

type Button = HTMLAttributes<HTMLElement> & {
  ref?: Ref<HTMLButtonElement>;
  'data-expanded'?: boolean | undefined;
};

interface LazyMenuProps {
  /** Gives a component around `<AnchoredMenu>`; always the same function. */
  load: () => Promise<{ default: ComponentType<MenuState> }>;
  children: ReactElement<Button>;
}

/** A button whose menu comes after the page; a click before that opens it on arrival. */
export function LazyMenu({ load, children }: LazyMenuProps) {
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [opened, setOpened] = useState(false);
  const Menu = useCode(load, opened);
  return (
    <>
      {cloneElement(children, {
        ref: setAnchor,
        id,
        onClick: () => setOpened(!opened),
        'aria-haspopup': 'menu',
        'aria-expanded': opened,
        'aria-controls': opened && Menu ? `${id}-dropdown` : undefined,
        'data-expanded': opened || undefined,
      })}
      {Menu && anchor && (
        <Menu id={id} anchor={anchor} opened={opened} onChange={setOpened} />
      )}
    </>
  );
}
