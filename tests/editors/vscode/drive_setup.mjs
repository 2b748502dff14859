// The first start without a server: asked, installed with progress, and used:
// node drive_setup.mjs ADDRESS FOLDER PICTURES
import { withBrowser, writeReport } from './browser.mjs';
import { Workbench } from './workbench.mjs';

const [address, folder, pictures] = process.argv.slice(2);

await withBrowser(async (context) => {
  const seen = {};
  const window = new Workbench(context.pages()[0], pictures);
  window.count = 70;
  window.page.setDefaultTimeout(30_000);
  try {
    await window.start(address, folder);
    await window.openFile('shapes.py');
    const question = window.notification('scopewise needs its server');
    await question.waitFor();
    seen.question = await question.innerText();
    await window.untilStatus('not set up');
    seen.status = await window.status();
    await window.picture('not-set-up');
    await question.getByRole('button', { name: 'Install it' }).click();
    const progress = window.notification('Installing the scopewise server');
    await progress.waitFor();
    seen.progress = await progress.innerText();
    await window.picture('installing');
    await window.untilStatus('asleep');
    seen.after = await window.status();
    await window.picture('installed');
    await window.command('scopewise: Doctor');
    const page = window.page.frameLocator('iframe.webview').frameLocator('iframe');
    await page.locator('#text li').first().waitFor();
    seen.doctor = await page.locator('#text').innerText();
    await window.picture('doctor');
  } catch (error) {
    seen.error = String(error);
    await window.picture('failed-setup');
  }
  writeReport(seen);
});
