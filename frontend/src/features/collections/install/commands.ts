/** How a release gets to where it is used: the very commands, for each tool. */

export const WAYS = ['cli', 'git', 'marketplace', 'download', 'ci'] as const;
export type Way = (typeof WAYS)[number];

export interface Wanted {
  /** Where the instance is, without a slash at the end. */
  origin: string;
  team: string;
  name: string;
  /** Of the collection. */
  id: string;
  target: string;
  /** A release to stay with; null: whichever is the newest. */
  release: number | null;
  /** The newest release. */
  newest: number;
  /** `plugin@marketplace`, as its marketplace names them. */
  plugin: string;
  /** Whether programs have to say who they are. */
  signIn: boolean;
}

export interface Step {
  title: string;
  about?: string;
  /** What is copied: commands, or the text of `file`. */
  command: string;
  file?: string;
}

/** The target that a clone without a branch has. */
const MAIN = 'claude-plugin';

export const reference = ({ team, name, release }: Wanted) =>
  `${team}/${name}${release === null ? '' : `@${release}`}`;

export const remote = ({ origin, team, name }: Wanted) =>
  `${origin}/git/${team}/${name}.git`;

/** Branch or tag of what is wanted; null: what a clone has anyway. */
export function refOf({ target, release }: Wanted): string | null {
  if (target === MAIN) return release === null ? null : `v${release}`;
  return release === null ? `target/${target}` : `${target}/v${release}`;
}

const onMain = (wanted: Wanted) => refOf({ ...wanted, target: MAIN });

const token: Step = {
  title: 'Give the token to this shell',
  about: 'Paste it and press Enter: it stays out of the history, and out of addresses.',
  command: 'read -rs ROSTER_TOKEN && export ROSTER_TOKEN',
};

const helper = ({ origin }: Wanted): Step => ({
  title: 'Let git use it here',
  about: 'Once for each computer. Git asks the shell, and writes the token nowhere.',
  command: `git config --global credential.${origin}.helper '!f() { echo username=roster; echo "password=$ROSTER_TOKEN"; }; f'`,
});

const forGit = (wanted: Wanted) => (wanted.signIn ? [token, helper(wanted)] : []);

const WITHOUT_IT =
  'If there is no command roster: pipx install ./backend, in a checkout of Roster, brings it.';

/** What tells the tool about files that it does not find in a project by itself. */
const loads: Record<string, (wanted: Wanted) => Step> = {
  'claude-plugin': ({ plugin }) => ({
    title: 'Install the plugin from this folder',
    command: `claude plugin marketplace add ./ && claude plugin install ${plugin}`,
  }),
  gemini: () => ({
    title: 'Link the extension in this folder',
    command: 'gemini extensions link .',
  }),
};

function byCli(wanted: Wanted): Step[] {
  const signIn: Step = {
    title: 'Sign in',
    about: `Once for each computer. The browser asks you, and the token is made for you. ${WITHOUT_IT}`,
    command: `roster login ${wanted.origin} --scopes read`,
  };
  const address: Step = {
    title: 'Say where Roster is',
    about: WITHOUT_IT,
    command: `export ROSTER_URL=${wanted.origin}`,
  };
  const load = loads[wanted.target];
  return [
    wanted.signIn ? signIn : address,
    {
      title: 'Pull',
      about:
        'In the folder of your project. It writes its own files alone, and asks before it overwrites what you changed.',
      command: `roster pull ${reference(wanted)} --target ${wanted.target}`,
    },
    ...(load ? [load(wanted)] : []),
    {
      title: 'Later: see what changed',
      about: 'Newer releases, yanked revisions, and what was changed by hand.',
      command: 'roster status',
    },
  ];
}

function clone(wanted: Wanted): string {
  const ref = refOf(wanted);
  // Else it fetches what all other tools read as well.
  return `git clone --single-branch ${ref ? `--branch ${ref} ` : ''}${remote(wanted)}`;
}

const APART = 'Into a folder of its own, not into that of your project.';

function byGit(wanted: Wanted): Step[] {
  return [
    ...forGit(wanted),
    {
      title: 'Clone',
      about:
        wanted.release === null
          ? `${APART} Each release is a commit: git pull brings the next one.`
          : `${APART} It stays at release ${wanted.release}.`,
      command: clone(wanted),
    },
  ];
}

const shops: Record<string, (wanted: Wanted) => Step[]> = {
  'claude-plugin': (wanted) => {
    const ref = onMain(wanted);
    return [
      {
        title: 'Add and install the plugin',
        command: [
          `claude plugin marketplace add ${remote(wanted)}${ref ? `#${ref}` : ''}`,
          `claude plugin install ${wanted.plugin}`,
        ].join(' && '),
      },
    ];
  },
  codex: (wanted) => {
    const ref = onMain(wanted);
    return [
      {
        title: 'Add and install the plugin',
        about:
          'Codex takes skills and servers from plugins. Agents come with the other ways.',
        command: [
          `codex plugin marketplace add ${remote(wanted)}${ref ? ` --ref ${ref}` : ''}`,
          `codex plugin add ${wanted.plugin}`,
        ].join(' && '),
      },
    ];
  },
  gemini: (wanted) =>
    wanted.signIn
      ? [
          {
            title: 'Clone and link the extension',
            about:
              'Gemini CLI signs in nowhere, so git does it first. git pull brings the next release.',
            command: `${clone(wanted)} && gemini extensions link ${wanted.name}`,
          },
        ]
      : [
          {
            title: 'Install the extension',
            about: 'It shows what comes with it, and asks before it installs.',
            command: `gemini extensions install ${remote(wanted)} --ref ${refOf(wanted)}`,
          },
        ],
  'agent-skills': (wanted) => [
    {
      title: 'Add the skills',
      about: 'It asks which of them, and for which tools.',
      command: `npx skills add ${remote(wanted)}#${refOf(wanted)}`,
    },
  ],
};

export const hasMarketplace = (target: string) => target in shops;

/** Targets whose tool takes another one's files from a marketplace. */
const shipsAs: Record<string, string> = { codex: MAIN };

/** The target whose files arrive by a way. */
export const arrivesAs = (target: string, way: Way): string =>
  (way === 'marketplace' && shipsAs[target]) || target;

/** The way that is asked for, where the target has it. */
export function wayFor(target: string, asked: string | undefined): Way {
  const way = WAYS.find((one) => one === asked) ?? 'cli';
  return way === 'marketplace' && !hasMarketplace(target) ? 'cli' : way;
}

const byMarketplace = (wanted: Wanted): Step[] => {
  const shop = shops[wanted.target];
  return shop ? [...forGit(wanted), ...shop(wanted)] : [];
};

export const archiveName = ({ team, name, release, newest, target }: Wanted) =>
  `${team}-${name}-${release ?? newest}-${target}`;

function byDownload(wanted: Wanted): Step[] {
  const { origin, id, target, release, newest, signIn } = wanted;
  const address = `${origin}/api/v1/collections/${id}/releases/${release ?? newest}/export`;
  const header = signIn ? '-H "Authorization: Bearer $ROSTER_TOKEN" ' : '';
  return [
    ...(signIn ? [token] : []),
    {
      title: 'Download and unpack',
      about:
        'Into the current folder, over files of the same names. The same release gives the same bytes.',
      command: `curl -fsS ${header}'${address}?target=${target}&format=tar.gz' | tar xz`,
    },
  ];
}

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is GitHub's own syntax */
const SECRET = '      ROSTER_TOKEN: ${{ secrets.ROSTER_TOKEN }}';
const SOURCE = '      ROSTER_SOURCE: ${{ vars.ROSTER_SOURCE }}';
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above */

function byCi(wanted: Wanted): Step[] {
  const { origin, target, signIn } = wanted;
  const source =
    'the variable ROSTER_SOURCE says where Roster’s Python package comes from';
  return [
    {
      title: 'Fail a pull request whose files are not those of the release',
      about: signIn
        ? `In the repository, the secret ROSTER_TOKEN holds the token, and ${source}.`
        : `In the repository, ${source}.`,
      file: '.github/workflows/roster.yml',
      command: [
        'name: Roster',
        'on: [pull_request]',
        'permissions:',
        '  contents: read',
        'jobs:',
        '  pulled:',
        '    runs-on: ubuntu-latest',
        '    env:',
        `      ROSTER_URL: ${origin}`,
        SOURCE,
        ...(signIn ? [SECRET] : []),
        '    steps:',
        '      - uses: actions/checkout@v4',
        '      - run: pipx install "$ROSTER_SOURCE"',
        `      - run: roster pull ${reference(wanted)} --target ${target} --check`,
      ].join('\n'),
    },
  ];
}

const byWay: Record<Way, (wanted: Wanted) => Step[]> = {
  cli: byCli,
  git: byGit,
  marketplace: byMarketplace,
  download: byDownload,
  ci: byCi,
};

export const stepsOf = (way: Way, wanted: Wanted): Step[] => byWay[way](wanted);
