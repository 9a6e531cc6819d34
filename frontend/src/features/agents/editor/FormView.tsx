import { Autocomplete, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { LintResult } from '@/api/types';
import type { FieldName, Kind } from '@/features/kinds/kinds';
import { CodeEditor } from '@/ui/code/CodeEditor';
import { TokenCount } from '@/ui/facts';
import { ColorField } from './ColorField';
import classes from './editor.module.css';
import {
  linesBeforeBody,
  type ReadyForm,
  setBody,
  setField,
  setTools,
  type TextField,
} from './frontmatter';
import { INSIDE } from './inside';
import { OtherKeys } from './OtherKeys';
import { splitTools } from './yaml-values';

const MODELS = ['sonnet', 'opus', 'haiku', 'inherit'];
const TOOLS = [
  'Agent',
  'Bash',
  'Edit',
  'Glob',
  'Grep',
  'NotebookEdit',
  'Read',
  'Skill',
  'TodoWrite',
  'WebFetch',
  'WebSearch',
  'Write',
];

interface FormViewProps {
  kind: Kind;
  form: ReadyForm;
  text: string;
  onText: (text: string) => void;
  /** Of this very text; null while it is being checked. */
  lint: LintResult | null;
  /** The name of a component that exists: it cannot change. */
  fixedName: string | null;
  nameError?: string | null;
}

const tokens = (text: string) => Math.ceil([...text].length / 4);

export function FormView(props: FormViewProps) {
  const { kind, form, text, onText, lint, fixedName, nameError } = props;
  const { fields, tools } = form;
  const set = (field: TextField, value: string | null) =>
    onText(setField(text, field, value));
  const has = (field: FieldName) =>
    kind.fields.includes(field) && !form.rows.some((row) => row.key === field);
  const errorOf = (rule: string) =>
    lint?.findings.find((one) => one.rule === rule && one.severity !== 'info')?.message;
  const before = linesBeforeBody(text, form.body);
  const findings = lint?.findings
    .filter(({ line }) => line > before)
    .map((one) => ({
      ...one,
      line: one.line - before,
      end_line: one.end_line - before,
      fix: null,
    }));

  return (
    <div className={classes.form}>
      {has('name') && (
        <TextInput
          label="Name"
          description={
            fixedName
              ? 'It is changed in the settings.'
              : 'Lower-case letters, digits and single hyphens; it cannot change later.'
          }
          classNames={{ input: `mono ${classes.mono}` }}
          value={fields.name ?? ''}
          readOnly={fixedName !== null && fields.name === fixedName}
          error={
            nameError ??
            errorOf('manifest.name-missing') ??
            errorOf('manifest.name-invalid')
          }
          onChange={(event) => set('name', event.currentTarget.value)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      {has('description') && (
        <Textarea
          label={
            <span className={classes.labelRow}>
              Description
              <span className={classes.labelNote}>
                <TokenCount value={tokens(fields.description ?? '')} />
              </span>
            </span>
          }
          description={kind.describe}
          autosize
          minRows={3}
          maxRows={16}
          value={fields.description ?? ''}
          error={errorOf('manifest.description-missing')}
          onChange={(event) => set('description', event.currentTarget.value)}
        />
      )}
      {has('tools') && (
        <TagsInput
          comboboxProps={INSIDE}
          label="Tools"
          description={
            tools?.length
              ? 'The agent may use these and no others.'
              : 'Without any named here, the agent may use all tools.'
          }
          placeholder={tools?.length ? '' : 'All tools'}
          data={TOOLS}
          splitChars={[]}
          clearable
          value={tools ?? []}
          onChange={(value) =>
            onText(setTools(text, [...new Set(value.flatMap(splitTools))]))
          }
          classNames={{ pill: 'mono' }}
        />
      )}
      <div className={classes.pair}>
        {has('model') && (
          <Autocomplete
            comboboxProps={INSIDE}
            label="Model"
            description="An alias or a full model id."
            placeholder="As the session"
            classNames={{ label: classes.label ?? '', input: 'mono' }}
            size="sm"
            data={MODELS}
            value={fields.model ?? ''}
            onChange={(value) => set('model', value === '' ? null : value)}
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        {has('color') && (
          <ColorField
            value={fields.color ?? ''}
            onChange={(value) => set('color', value === '' ? null : value)}
          />
        )}
      </div>
      <OtherKeys rows={form.rows} text={text} onText={onText} />
      <div className={classes.body}>
        <div className={classes.labelRow}>
          <h2>{kind.body}</h2>
          <span className={classes.labelNote}>
            <TokenCount value={tokens(form.body)} />
          </span>
        </div>
        <p className={classes.hint}>
          Markdown. In the text, Tab indents; Escape and then Tab moves on.
        </p>
        <CodeEditor
          label={kind.body}
          language="markdown"
          value={form.body}
          findings={findings ?? []}
          onChange={(body) => onText(setBody(text, body))}
        />
      </div>
    </div>
  );
}
