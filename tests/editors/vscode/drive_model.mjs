// One fill and one explanation by whatever model is set: node drive_model.mjs ADDRESS FOLDER PICTURES
import { withBrowser, writeReport } from './browser.mjs';
import { Workbench } from './workbench.mjs';

const PATIENCE_MS = 180_000;

const [address, folder, pictures] = process.argv.slice(2);

await withBrowser(async (context) => {
  const seen = {};
  const window = new Workbench(context.pages()[0], pictures);
  window.count = 80;
  window.page.setDefaultTimeout(PATIENCE_MS);
  try {
    await window.start(address, folder);
    await window.openFile('shapes.py');
    await window.untilStatus('asleep');
    await window.goToLine(4, 6);
    await window.command('scopewise: Fill the Body Here');
    await window.title('Apply').waitFor();
    await window.page.waitForTimeout(1000);
    seen.tab = await window.page.locator('.tab.active').first().getAttribute('aria-label');
    await window.picture('model-diff');
    await window.page.keyboard.press('Control+Enter');
    await window.page.locator('.tab.active', { hasText: /^shapes\.py$/ }).waitFor();
    await window.page.waitForTimeout(1000);
    seen.applied = await window.text();
    await window.command('scopewise: Explain the Code Here');
    const page = window.page.frameLocator('iframe.webview').frameLocator('iframe');
    await page.locator('#status', { hasText: 'verified' }).waitFor();
    seen.explanation = await page.locator('#text').innerText();
    await window.picture('model-explanation');
  } catch (error) {
    seen.error = String(error);
    await window.picture('failed-model');
  }
  writeReport(seen);
});
