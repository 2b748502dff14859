// A browser without a screen that can reach this machine and nothing else.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { chromium } = await import(process.env.PLAYWRIGHT);

/** Runs `work` with a page; the browser and its profile are gone afterwards. */
export async function withBrowser(work) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'scopewise-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    headless: true,
    viewport: { width: 1280, height: 760 },
    permissions: ['clipboard-read', 'clipboard-write'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
  try {
    await work(context);
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

export function writeReport(report) {
  fs.writeFileSync(process.env.SCOPEWISE_REPORT, JSON.stringify(report, undefined, 1));
}
