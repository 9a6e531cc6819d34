import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { schemes } from '@/features/shell/ThemeSwitch';
import classes from './account.module.css';
import { Section } from './Section';

export function AppearancePage() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title="Colour theme" about="Kept in this browser.">
      <div className={classes.row}>
        <SegmentedControl
          aria-label="Colour theme"
          value={colorScheme}
          onChange={(value) =>
            setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')
          }
          data={schemes.map(({ value, label }) => ({ value, label }))}
        />
      </div>
    </Section>
  );
}
