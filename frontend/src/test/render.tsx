import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createQueryClient } from '@/api/query-client';
import { cssVariablesResolver, theme } from '@/theme/theme';

/** Renders with theme and queries, without router: for pieces and forms. */
export function renderUi(ui: ReactNode) {
  const client = createQueryClient(() => {});
  return render(ui, {
    wrapper: ({ children }) => (
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        env="test"
      >
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </MantineProvider>
    ),
  });
}
