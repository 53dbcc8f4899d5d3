import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import tap, { type Test } from 'tap';
import { renderHtml } from '../../src/reporters/html/page.ts';
import { compareRuns } from '../../src/reporters/model/compare.ts';
import type { RunReport } from '../../src/reporters/model/run-report.ts';
import { snapshotOf } from '../../src/reporters/model/snapshot.ts';
import { check, HOSTILE, oneInstance, reportOf, sampleRun } from '../sample-run.ts';

const PREPARE = new URL('../../src/prepare/browser.mjs', import.meta.url).href;
const { findBrowser } = (await import(PREPARE)) as { findBrowser: (env: object) => string | undefined };

const executablePath = findBrowser(process.env);
if (executablePath === undefined) {
  throw new Error('no Chromium: node src/prepare/prepare.mjs --browser installs one, or says what to do');
}
/** What a browser may take on a machine that is busy with other things. */
const BUSY_MS = 300_000;
// As root, as in a container, Chromium wants no sandbox; what it opens is our own page.
const browser: Browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox'],
  timeout: BUSY_MS,
});
tap.teardown(() => browser.close());

interface Opened {
  readonly page: Page;
  /** Errors, warnings and requests for anything but the page itself. */
  readonly complaints: readonly string[];
}

async function open(t: Test, html: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const dir = t.testdirName;
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'report.html');
  writeFileSync(file, html);
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ offline: true, ...options });
  t.teardown(() => page.close());
  page.setDefaultTimeout(BUSY_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(request.url());
  });
  page.on('dialog', (dialog) => complaints.push(`dialog ${dialog.message()}`));
  await page.goto(url);
  return { page, complaints };
}

function page(): string {
  const report = reportOf(sampleRun());
  const now = snapshotOf(report);
  const before = {
    ...now,
    runId: 'before',
    instances: now.instances.map((one) => ({
      ...one,
      checks: one.checks.map((c) => ({ ...c, outcome: 'pass' as const })),
    })),
  };
  return renderHtml(report, compareRuns(before, now));
}

await tap.test(
  'from file://, without network: the failures first, each cell leads to its message',
  async (t) => {
    const { page: p, complaints } = await open(t, page());
    const headings = await p.locator('h2').allInnerTexts();
    t.same(
      headings.map((text) => text.split(' ')[0]),
      ['Problems', 'Since', 'Instances', 'Timeline', 'Slowest', 'Remarks', 'Logs'],
    );
    t.match(await p.locator('article').first().innerText(), /http GET \/a is 200/);
    const cell = p.locator('tr[data-name="web-debian-12"] td.c.fail a');
    await cell.click();
    await p.waitForFunction('document.activeElement.id === decodeURIComponent(location.hash.slice(1))');
    const target = String(await p.evaluate('document.activeElement.textContent'));
    t.match(target, /http GET \/a is 200[\s\S]*expected/);
    t.match(await p.locator('section:has(#changes)').innerText(), /pass → fail/);
    t.same(complaints, []);
  },
);

await tap.test('instances are filtered, logs are searched and come back as they were', async (t) => {
  const { page: p, complaints } = await open(t, page());
  await p.fill('#filter', 'web');
  await p.locator('#shown:has-text("2 instances")').waitFor();
  await p.check('#bad');
  await p.locator('#shown:has-text("1 instance")').waitFor();
  t.equal(await p.locator('tbody tr[data-name]:visible').count(), 1);
  await p.fill('#search', 'converging');
  await p.locator('#found:has-text("1 line")').waitFor();
  t.equal(await p.locator('details.log[open] mark').innerText(), 'Converging');
  await p.fill('#search', 'nowhere');
  await p.locator('#found:has-text("0 lines")').waitFor();
  await p.fill('#search', '');
  await p.locator('details.log:visible').first().waitFor();
  await p.locator('details.log summary').first().click();
  t.match(
    await p.locator('details.log[open] pre').innerText(),
    /── converge\n+Converging 5 resources\n+WARN/,
  );
  t.same(complaints, []);
});

await tap.test('who waited for what is told to everyone', async (t) => {
  const { page: p } = await open(t, page());
  const row = p.locator('details.row[data-name="web-debian-11"]');
  t.match(await row.locator('summary').textContent(), /waited 0.3s for image debian:11 \(web-debian-12/);
  await row.locator('summary').focus();
  await p.keyboard.press('Enter');
  t.match(await row.locator('ul').innerText(), /waited 2.0s for a free slot \(db-debian-12 made room\)/);
  t.ok((await row.locator('.bar.wait').count()) === 2);
});

const phone = { viewport: { width: 375, height: 700 } };

await tap.test('on a phone nothing but tables is wider than the screen', async (t) => {
  const { page: p } = await open(t, page(), phone);
  t.equal(await p.evaluate('document.documentElement.scrollWidth'), 375);
  const track = await p.locator('.track').first().boundingBox();
  t.ok((track?.width ?? 0) > 300, 'the timeline has the width of the screen');
});

/** WCAG contrast of every element's own text against what is behind it: those below 4.5. Runs in the page. */
const LOW_CONTRAST = String.raw`(() => {
  const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const c = rgb[i] / 255;
    return sum + weight * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('main *, header *, footer')].flatMap((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) return [];
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < 4.5 ? [element.tagName + ' ' + ratio.toFixed(2) + ' ' + element.textContent] : [];
  });
})()`;

await tap.test('text can be read in light and in dark', async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page: p } = await open(t, page(), { colorScheme });
    const body = await p.evaluate('getComputedStyle(document.body).backgroundColor');
    t.equal(body, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(18, 22, 29)');
    t.same(await p.evaluate(LOW_CONTRAST), [], colorScheme);
  }
});

await tap.test('a screen reader hears names, outcomes and what scrolls', async (t) => {
  const { page: p } = await open(t, page());
  t.ok(await p.getByRole('region', { name: 'matrix 1' }).isVisible());
  t.ok(await p.getByRole('navigation', { name: 'Sections' }).isVisible());
  t.equal(
    await p.getByRole('img', { name: 'could not look' }).count(),
    2,
    'one in the legend, one in the matrix',
  );
  t.ok((await p.getByRole('rowheader', { name: 'web-debian-12' }).count()) > 0);
  await p.keyboard.press('Tab');
  t.equal(await p.evaluate('document.activeElement.textContent'), 'Skip to the results');
  const unlabelled = await p.evaluate(
    '[...document.querySelectorAll("input")].filter((one) => !one.labels.length).map((one) => one.id)',
  );
  t.same(unlabelled, []);
});

await tap.test('hostile texts run nothing, in any place of the page', async (t) => {
  const checks = HOSTILE.map((text, i) =>
    check({
      id: `${i}${text}`,
      title: text,
      outcome: 'fail',
      hint: text,
      results: [{ property: text, outcome: 'fail', expected: text, observed: text }],
    }),
  );
  const html = renderHtml(reportOf(oneInstance(checks, HOSTILE, `web ${HOSTILE[4]}`)));
  const { page: p, complaints } = await open(t, html);
  await p.fill('#search', 'onerror');
  await p.locator('#found:has-text("1 line")').waitFor();
  await p.locator('td.c.fail a').nth(4).click();
  t.same(complaints, []);
  t.equal(await p.evaluate('globalThis.pwned'), undefined);
  t.same(await p.locator('img, svg').count(), 0);
});

await tap.test('even markup that got past the escaping would run nothing', async (t) => {
  const bad = page().replace(
    '<footer>',
    '<script>globalThis.pwned = 1</script><img src=x onerror="globalThis.pwned = 1"><footer>',
  );
  const { page: p } = await open(t, bad);
  await p.locator('#filter').fill('w');
  await p.locator('#shown:has-text("instances")').waitFor();
  t.equal(await p.evaluate('globalThis.pwned'), undefined);
});

await tap.test('a run of 500 instances stays usable', async (t) => {
  const checks = Array.from({ length: 30 }, (_, n) =>
    check({ id: `c${n}`, title: `http GET /${n} is 200`, outcome: n === 7 ? 'fail' : 'pass' }),
  );
  const lines = Array.from({ length: 900 }, (_, n) => `${n} ${'log line '.repeat(10)}`);
  const one: RunReport = reportOf(oneInstance(checks, lines));
  const [instance] = one.instances;
  if (!instance) throw new Error('the sample has changed');
  const instances = Array.from({ length: 500 }, (_, n) => ({ ...instance, name: `web-${n}` }));
  const { page: p, complaints } = await open(t, renderHtml({ ...one, instances }), phone);
  await p.fill('#filter', 'web-499');
  await p.locator('#shown:has-text("1 instance")').waitFor();
  t.equal(await p.locator('tbody tr[data-name]:visible').count(), 1);
  await p.fill('#search', '42 log line');
  await p.locator('#found:has-text("lines")').waitFor();
  t.equal(await p.evaluate('document.documentElement.scrollWidth'), 375);
  t.same(complaints, []);
});
