import { createContext, type ReactNode, useContext } from 'react';

/** True below the frame, whose `main` is already there. */
export const FrameContext = createContext(false);

/** The page's `main` landmark, once, inside and outside of the frame. */
export function InMain({ children }: { children: ReactNode }) {
  return useContext(FrameContext) ? children : <main id="main">{children}</main>;
}
