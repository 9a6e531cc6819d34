/** What a new agent starts as: complete, valid, and saying what belongs where. */
export const NEW_NAME = 'new-agent';

export const TEMPLATE = `---
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
