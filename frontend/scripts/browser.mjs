// Prints how to start a Chromium for the journeys, one NAME=value a line: BROWSER_BIN
// and the variables that it needs. BROWSER_BIN in the environment chooses another one.
//
// It comes out of the npm package @sparticuz/chromium, unpacked here rather than by the
// package's own code, which unpacks to the system's temporary folder anew each time.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const frontend = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(frontend, 'node_modules', '@sparticuz', 'chromium');
const home = join(frontend, '.browser');
// Libraries that a bare system lacks, fonts, and graphics without a graphics card.
const archives = ['al2023', 'fonts', 'swiftshader'];

const unpacked = (name) =>
  brotliDecompressSync(readFileSync(join(source, 'bin', name)));

function fontsConf(folder) {
  // Without any font configuration Chromium's renderer dies.
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`;
}

function unpack(folder) {
  mkdirSync(home, { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  try {
    writeFileSync(join(draft, 'chromium'), unpacked('chromium.br'));
    chmodSync(join(draft, 'chromium'), 0o755);
    for (const name of archives) {
      execFileSync('tar', ['-xf', '-', '-C', draft], {
        input: unpacked(`${name}.tar.br`),
      });
    }
    writeFileSync(join(draft, 'fonts.conf'), fontsConf(folder));
    renameSync(draft, folder);
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function browser() {
  if (process.env.BROWSER_BIN) return { BROWSER_BIN: process.env.BROWSER_BIN };
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  const folder = join(home, version);
  if (!existsSync(folder)) unpack(folder);
  return {
    BROWSER_BIN: join(folder, 'chromium'),
    LD_LIBRARY_PATH: join(folder, 'lib'),
    FONTCONFIG_FILE: join(folder, 'fonts.conf'),
  };
}

for (const [name, value] of Object.entries(browser())) {
  process.stdout.write(`${name}=${value}\n`);
}
