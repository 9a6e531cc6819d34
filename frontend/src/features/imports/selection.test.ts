import { expect, it } from 'vitest';
import { fromPicker } from './collect';
import { addSources, select } from './selection';

const limits = { upload_bytes: 3000, import_files: 3, file_bytes: 1000 };
const file = (name: string, size: number) => new File(['x'.repeat(size)], name);

it('adds up what fits', () => {
  const chosen = select(fromPicker([file('a.md', 400), file('b.zip', 2500)]), limits);
  expect(chosen).toMatchObject({ size: 2900, tooLarge: [], problem: null });
});

it('keeps back files that are too large for an agent, but no archive', () => {
  const chosen = select(fromPicker([file('a.md', 1001), file('b.md', 1000)]), limits);
  expect(chosen.files.map(({ path }) => path)).toEqual(['b.md']);
  expect(chosen.tooLarge.map(({ path }) => path)).toEqual(['a.md']);
  expect(chosen.problem).toBeNull();
});

it('says why nothing can be uploaded', () => {
  const three = ['a.md', 'b.md', 'c.md', 'd.md'].map((name) => file(name, 10));
  expect(select(fromPicker(three), limits).problem).toContain(
    'These are 4 files, and at most 3 are taken at once.',
  );
  const large = [file('a.zip', 2000), file('b.zip', 1500)];
  expect(select(fromPicker(large), limits).problem).toContain(
    'Together these have 3.4 kB, and at most 2.9 kB are taken at once.',
  );
  expect(select(fromPicker([file('a.md', 2000)]), limits).problem).toContain(
    'Nothing is left to upload',
  );
});

it('lets a later choice of the same name replace the earlier', () => {
  const before = fromPicker([file('a.md', 1), file('b.md', 1)]);
  const after = addSources(before, fromPicker([file('a.md', 2)]));
  expect(after.map(({ name }) => name)).toEqual(['b.md', 'a.md']);
  expect(select(after, limits).size).toBe(3);
});
