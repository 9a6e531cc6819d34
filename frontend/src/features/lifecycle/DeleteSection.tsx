import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { DeleteAgent } from '@/features/agents/component/DeleteAgent';
import { Section } from './Section';

export function DeleteSection({ component }: { component: ComponentPublic }) {
  const [asked, setAsked] = useState(false);
  return (
    <Section
      title="Delete"
      about={
        component.published
          ? 'It leaves every list. Its references lead to a tombstone that says who deleted it and why, and you can restore it from the trash.'
          : 'It was never published: it is gone at once, and its name is free again.'
      }
    >
      <Button variant="outline" color="red" onClick={() => setAsked(true)}>
        Delete {component.name}
      </Button>
      {asked && <DeleteAgent agent={component} onClose={() => setAsked(false)} />}
    </Section>
  );
}
