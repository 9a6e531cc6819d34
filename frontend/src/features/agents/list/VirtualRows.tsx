import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useImperativeHandle, useRef } from 'react';
import type { ComponentPublic } from '@/api/types';
import type { Reveal } from './AgentTable';

interface VirtualRowsProps {
  agents: readonly ComponentPublic[];
  row: (agent: ComponentPublic, index: number) => ReactNode;
  narrow: boolean;
  /** How many there are in a row of the table. */
  cells: number;
  reveal: RefObject<Reveal | null>;
}

export const ROW = 48;
export const CARD = 112;

/** The rows in view, between two spacers as high as the others. */
export default function VirtualRows(props: VirtualRowsProps) {
  const { agents, row, narrow, cells, reveal } = props;
  const top = useRef<HTMLTableRowElement & HTMLLIElement>(null);
  const virtual = useWindowVirtualizer({
    count: agents.length,
    estimateSize: () => (narrow ? CARD : ROW),
    overscan: 12,
    scrollMargin: top.current
      ? top.current.getBoundingClientRect().top + globalThis.scrollY
      : 260,
    getItemKey: (index) => agents[index]?.id ?? index,
  });
  useImperativeHandle(reveal, () => (index: number) => {
    virtual.scrollToIndex(index, { align: 'auto' });
  });
  const shown = virtual.getVirtualItems();
  const before = (shown[0]?.start ?? 0) - virtual.options.scrollMargin;
  const after =
    virtual.getTotalSize() +
    virtual.options.scrollMargin -
    (shown.at(-1)?.end ?? virtual.options.scrollMargin);
  const Spacer = narrow ? 'li' : 'tr';
  const spacer = (height: number) => (
    <Spacer aria-hidden="true" style={{ height: Math.max(0, height) }}>
      {narrow ? null : <td colSpan={cells} />}
    </Spacer>
  );
  return (
    <>
      <Spacer ref={top} aria-hidden="true" />
      {spacer(shown.length > 0 ? before : 0)}
      {shown.map(({ index }) => {
        const agent = agents[index];
        return agent && row(agent, index);
      })}
      {spacer(shown.length > 0 ? after : 0)}
    </>
  );
}
