/** What a new component starts as: complete, valid, and saying what belongs where. */
export const NEW_NAME = 'new-agent';

export const AGENT = `---
name: ${NEW_NAME}
description: Use this agent when … Say in one or two sentences when to call it, and when not.
---

You are … Say who the agent is and what it is responsible for.

## How you work

1. First look at what is there, before changing anything.
2. Do the one thing you were called for.
3. Check the result, and say how you checked it.

## What you report

Begin with the result. Then name what you did not do, and what you are unsure about.
`;

const SKILL = `---
name: new-skill
description: Does … Use it when … Say what the skill does and when to use it.
---

# What to do

1. Say the steps, in the order in which they are taken.
2. Name the files that stand beside this one, and when to read them.
3. Say how to check the result.
`;

const COMMAND = `---
description: Say in one line what the command does.
argument-hint: "[what]"
---

Do … with $ARGUMENTS.

Say what to look at first, what to change, and what to report at the end.
`;

const SERVER = `{
  "mcpServers": {
    "new-server": {
      "command": "npx",
      "args": ["-y", "@scope/package@1.0.0"],
      "env": {}
    }
  }
}
`;

/** By the name of the kind. */
export const TEMPLATES: Record<string, string> = {
  agent: AGENT,
  skill: SKILL,
  command: COMMAND,
  server: SERVER,
};
