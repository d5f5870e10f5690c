import { systemMonotonicClock, type Timers } from '@rapport/platform';

/** Resolves when every projection has come to the head of the log. @throws Error after two minutes */
export async function untilViewsAreThere(url: string, timers: Timers): Promise<void> {
  const deadline = systemMonotonicClock.now() + 120_000;
  while (!(await caughtUp(url))) {
    if (systemMonotonicClock.now() > deadline)
      throw new Error('the views did not come to the head in two minutes');
    await timers.sleep(100);
  }
}

async function caughtUp(url: string): Promise<boolean> {
  const signedIn = await fetch(`${url}/demo/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'administrator' }),
  });
  if (!signedIn.ok) return false;
  const { token } = (await signedIn.json()) as { token: string };
  const answer = await fetch(`${url}/api/projections`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) return false;
  const { projections } = (await answer.json()) as { projections: readonly { readonly lag: number }[] };
  return projections.length > 0 && projections.every(({ lag }) => lag === 0);
}
