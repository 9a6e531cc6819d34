import { agentText } from './editor';
import { expect, inspect, test } from './journey';

test('A private agent is not there for anybody else', async ({
  page,
  person,
  join,
  browserOf,
  guard,
}) => {
  const agent = await person.createAgent(agentText('sealed-letter'));
  const address = person.address(agent);
  await page.goto(address);
  await expect(page.getByText('Private', { exact: true })).toBeVisible();

  const stranger = await join('eve');
  const elsewhere = await (await browserOf(stranger)).newPage();
  guard.refuses('GET', /\/resolve$/, 404); // nor has it another name
  await elsewhere.goto(address);
  const heading = elsewhere.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText(
    `There is no agent ${person.username}/sealed-letter`,
  );
  await inspect(elsewhere, 'agent-not-there');
  await elsewhere.goto(`${address}/edit`);
  await expect(heading).toHaveText('There is no such agent');
  await inspect(elsewhere, 'editor-not-there');
  await elsewhere.goto('/agents?q=harbour');
  await expect(elsewhere.getByText('sealed-letter')).toHaveCount(0);
  await elsewhere.goto('/nowhere');
  await expect(heading).toHaveText('There is nothing at this address');
  await inspect(elsewhere, 'not-found');
});
