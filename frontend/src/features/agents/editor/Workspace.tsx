import { SegmentedControl, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useCallback, useMemo, useRef } from 'react';
import type { Finding } from '@/api/types';
import type { Kind } from '@/features/kinds/kinds';
import { CodeEditor, type CodeEditorHandle } from '@/ui/code/CodeEditor';
import { BrokenForm } from './BrokenForm';
import classes from './editor.module.css';
import { FindingsPanel } from './FindingsPanel';
import { FormView } from './FormView';
import { readForm } from './frontmatter';
import { Preview } from './Preview';
import ServerForm from './ServerForm';
import type { Lint } from './use-lint';
import { type Panel, type Shown, shownOf, type View, type ViewSearch } from './views';

interface WorkspaceProps {
  kind: Kind;
  text: string;
  onText: (text: string) => void;
  lint: Lint;
  /** What is edited, for screen readers. */
  label: string;
  fixedName: string | null;
  nameError?: string | null;
  search: ViewSearch;
  onSearch: (search: ViewSearch) => void;
  /** The other files of a skill. */
  files?: ReactNode;
  /** The focus left a part of it. */
  onPause: () => void;
}

const NO_FINDINGS: readonly Finding[] = [];

/** The text as form and as source, with what the checks say beside it. */
export function Workspace(props: WorkspaceProps) {
  const { kind, text, onText, lint, label, fixedName, search, onSearch } = props;
  const nameError = props.nameError ?? null;
  const wide = useMediaQuery('(min-width: 64em)', true, {
    getInitialValueInEffect: false,
  });
  const shown = shownOf(search);
  const source = useRef<CodeEditorHandle | null>(null);
  const toShow = useRef<Finding | null>(null);
  const form = useMemo(() => readForm(text, kind.fields), [kind, text]);
  const findings = lint.result?.findings ?? NO_FINDINGS;
  const fresh = lint.pending ? null : lint.result;

  const setView = (next: View) => {
    const { view: _, ...rest } = search;
    onSearch(next === 'form' ? rest : { ...rest, view: next });
  };
  const setPanel = (next: Panel) => {
    const { panel: _, ...rest } = search;
    onSearch(next === 'findings' ? rest : { ...rest, panel: next });
  };
  const takeHandle = useCallback((handle: CodeEditorHandle | null) => {
    source.current = handle;
    if (handle && toShow.current) {
      handle.show(toShow.current);
      toShow.current = null;
    }
  }, []);
  const show = (finding: Finding) => {
    if (source.current) source.current.show(finding);
    else {
      toShow.current = finding;
      setView('source');
    }
  };

  const formPane = (
    <div className={classes.formPane}>
      {kind.format === 'json' ? (
        <ServerForm
          text={text}
          onText={onText}
          fixedName={fixedName}
          nameError={nameError}
          onSource={() => setView('source')}
        />
      ) : form.state === 'ready' ? (
        <FormView
          kind={kind}
          form={form}
          text={text}
          onText={onText}
          lint={fresh}
          fixedName={fixedName}
          nameError={nameError}
        />
      ) : (
        <BrokenForm
          form={form}
          lint={fresh}
          onRepair={onText}
          onSource={() => setView('source')}
        />
      )}
    </div>
  );
  const sourcePane = (
    <div className={classes.sourcePane}>
      <CodeEditor
        label={label}
        language={kind.format === 'json' ? 'json' : 'agent'}
        value={text}
        onChange={onText}
        findings={findings}
        checked={lint.text}
        handle={takeHandle}
        fill
      />
    </div>
  );
  const findingsPane = (
    <FindingsPanel lint={lint} text={text} onText={onText} onShow={show} />
  );
  const previewPane = (
    <Preview
      body={form.state === 'ready' ? form.body : (lint.result?.body ?? '')}
      examples={lint.result?.examples ?? []}
    />
  );
  const count = findings.length > 0 && (
    <span className={classes.count}>{findings.length}</span>
  );

  const tabs: [Shown['tab'], ReactNode, ReactNode][] = [
    ['form', 'Form', formPane],
    ['source', 'Source', sourcePane],
    ['findings', <>Findings {count}</>, findingsPane],
    ['preview', 'Preview', previewPane],
  ];
  const shownTabs = kind.format === 'json' ? tabs.slice(0, 3) : tabs;
  if (props.files) shownTabs.push(['files', 'Files', props.files]);
  const panels = shownTabs.slice(2);
  if (!wide) {
    return (
      <PaneTabs
        tabs={shownTabs}
        value={shown.tab}
        onChange={setView}
        onBlur={props.onPause}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only notes that typing paused
    <div className={classes.workspace} data-view={shown.view} onBlur={props.onPause}>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="How to edit"
          value={shown.view}
          onChange={(value) => setView(value as View)}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'source', label: 'Source' },
            { value: 'split', label: 'Both' },
          ]}
        />
      </div>
      <div className={classes.panes}>
        {shown.view !== 'source' && formPane}
        {shown.view !== 'form' && sourcePane}
      </div>
      <PaneTabs tabs={panels} value={shown.panel} onChange={setPanel} />
    </div>
  );
}

interface PaneTabsProps<T extends string> {
  tabs: readonly (readonly [string, ReactNode, ReactNode])[];
  value: T;
  onChange: (value: T) => void;
  onBlur?: () => void;
}

function PaneTabs<T extends string>({
  tabs,
  value,
  onChange,
  onBlur,
}: PaneTabsProps<T>) {
  return (
    <Tabs
      className={classes.tabs}
      value={value}
      keepMounted={false}
      onChange={(next) => onChange(next as T)}
      onBlur={onBlur}
    >
      <Tabs.List>
        {tabs.map(([name, title]) => (
          <Tabs.Tab key={name} value={name}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(([name, , pane]) => (
        <Tabs.Panel key={name} value={name} className={classes.tabPanel}>
          {pane}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
