import { Autocomplete, Select } from '@mantine/core';
import { useState } from 'react';
import type { ComponentPublic, Visibility } from '@/api/types';
import { ChangeError } from '@/features/agents/component/ChangeError';
import { useChange } from '@/features/agents/component/use-change';
import { toastDone } from '@/ui/toast';
import { setAccess } from './changes';
import { fieldError, restOf } from './field-error';
import { Section, SettingForm } from './Section';
import { VISIBILITIES } from './visibilities';

/** Of the hundreds that there are, those that are chosen most. */
const LICENCES = [
  'MIT',
  'Apache-2.0',
  'BSD-3-Clause',
  'MPL-2.0',
  'GPL-3.0-or-later',
  'CC-BY-4.0',
  'CC0-1.0',
];

export function AccessSection({ component }: { component: ComponentPublic }) {
  const [visibility, setVisibility] = useState(component.visibility);
  const [licence, setLicence] = useState(component.licence ?? '');
  const change = useChange(
    () => setAccess(component, { visibility, licence: licence.trim() || null }),
    (now) => {
      setLicence(now.licence ?? '');
      toastDone(`Changed who sees ${component.name}, and how it may be used`);
    },
  );
  const same =
    visibility === component.visibility && licence.trim() === (component.licence ?? '');
  return (
    <Section
      title="Visibility and licence"
      about="What is public needs a licence, so that everybody knows what they may do."
    >
      <SettingForm
        onSubmit={() => change.mutate(undefined)}
        submit="Save"
        busy={change.isPending}
        disabled={same}
      >
        <Select
          label="Who can see it"
          data={VISIBILITIES}
          value={visibility}
          allowDeselect={false}
          onChange={(value) => value && setVisibility(value as Visibility)}
        />
        <Autocomplete
          label="Licence"
          description="An SPDX expression. Revisions keep the one they were published under."
          data={LICENCES}
          value={licence}
          error={fieldError(change.error, 'licence')}
          onChange={setLicence}
          autoCapitalize="none"
          spellCheck={false}
        />
        <ChangeError error={restOf(change.error, 'licence')} agent={component} />
      </SettingForm>
    </Section>
  );
}
