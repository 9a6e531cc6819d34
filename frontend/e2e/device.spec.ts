import type { APIRequestContext, APIResponse, Page } from '@playwright/test';
import { expect, inspect, signIn, test, visit } from './journey';

const WAITING = /^\/api\/v1\/auth\/device\/[A-Z-]+$/;

interface Started {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
}

/** What a program in a terminal does: it shows a code, and asks for its token. */
class Device {
  private constructor(
    private readonly request: APIRequestContext,
    readonly codes: Started,
  ) {}

  static async start(request: APIRequestContext, ...scopes: string[]): Promise<Device> {
    const answer = await request.post('/api/v1/auth/device', {
      data: { client_name: 'roster on quay', scopes },
      headers: { 'User-Agent': 'roster/1.0' },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    return new Device(request, await answer.json());
  }

  poll(): Promise<APIResponse> {
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const { device_code } = this.codes;
    return this.request.post('/api/v1/auth/device/token', {
      form: { grant_type, device_code },
    });
  }

  async error(): Promise<string> {
    const answer = await this.poll();
    expect(answer.status()).toBe(400);
    return (await answer.json()).error;
  }
}

const title = (page: Page) => page.getByRole('heading', { level: 1 });

visit(
  'A device is let in by its address, after signing in, and gets no more than allowed',
  async ({ page, person, request }) => {
    const device = await Device.start(request, 'read', 'write', 'publish');
    expect(await device.error()).toBe('authorization_pending');
    expect(await device.error()).toBe('slow_down');

    const { pathname, search } = new URL(device.codes.verification_uri_complete);
    await page.goto(`${pathname}${search}`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await signIn(page, person.username);
    await expect(page).toHaveURL(`/device?code=${device.codes.user_code}`);
    await expect(title(page)).toHaveText('Let this device act for you?');
    await expect(page.getByRole('alert')).toContainText(device.codes.user_code);
    await expect(page.getByText('roster on quay')).toBeVisible();
    await inspect(page, 'device-asks');
    if ((page.viewportSize()?.width ?? 0) >= 1024) {
      for (const name of ['Allow', 'Refuse']) {
        await expect(page.getByRole('button', { name })).toBeInViewport({ ratio: 1 });
      }
    }

    await page.getByLabel('Only these teams').check();
    await page.getByRole('button', { name: 'Allow' }).click();
    await expect(page.getByText('Choose one at least')).toBeVisible();
    await inspect(page, 'device-asks-for-teams');
    await page.getByLabel('All your teams').check();
    await page.getByLabel('Publish').uncheck();
    await page.getByLabel('Works for').selectOption('30 days');
    await page.getByRole('button', { name: 'Allow' }).click();
    await expect(title(page)).toHaveText('The device is signed in');
    await expect(title(page)).toBeFocused();
    await expect(page.getByText('You can close this page')).toBeVisible();
    await inspect(page, 'device-allowed');

    const given = await device.poll();
    expect(given.status(), await given.text()).toBe(200);
    const { access_token: token, scope } = await given.json();
    expect(scope).toBe('read write');
    expect(await device.error()).toBe('invalid_grant');
    const headers = { Authorization: `Bearer ${token}` };
    expect((await request.get('/api/v1/agents', { headers })).status()).toBe(200);

    await page.getByRole('link', { name: 'See it among your API tokens' }).click();
    const made = page.getByRole('list', { name: 'API tokens' });
    await expect(made).toContainText('roster on quay at');
    await page.getByRole('button', { name: /^Revoke roster on quay/ }).click();
    await page.getByRole('button', { name: 'Revoke token' }).click();
    await expect(made).toContainText('Revoked');
    expect((await request.get('/api/v1/agents', { headers })).status()).toBe(401);
  },
);

test('A code is typed by keyboard, and the device refused', async ({
  page,
  request,
  guard,
}) => {
  guard.refuses('GET', WAITING, 404);
  guard.refuses('GET', WAITING, 409);
  const device = await Device.start(request, 'read');
  await page.goto('/device');
  await expect(page.getByLabel('Code')).toBeFocused();
  await inspect(page, 'device-code');

  await page.keyboard.type('bcdf ghjk');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Code')).toHaveAccessibleDescription(
    /No device shows this code/,
  );
  await inspect(page, 'device-code-unknown');

  await page.getByLabel('Code').selectText();
  await page.keyboard.type(device.codes.user_code.replace('-', '').toLowerCase());
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('Let this device act for you?');
  await expect(title(page)).toBeFocused();
  const refuse = page.getByRole('button', { name: 'Refuse' });
  for (let steps = 0; steps < 20; steps += 1) {
    await page.keyboard.press('Tab');
    if (await refuse.evaluate((button) => button === document.activeElement)) break;
  }
  await page.keyboard.press('Enter');
  await expect(title(page)).toHaveText('The device was refused');
  await inspect(page, 'device-refused');
  expect(await device.error()).toBe('access_denied');

  await page.reload();
  await expect(page.getByRole('alert')).toContainText('This code was used already');
  await inspect(page, 'device-code-used');
});
