// Runs tests inside the extension host: node run_host.mjs ADDRESS TESTS FOLDER EXTENSION
import { withBrowser } from './browser.mjs';

const [address, tests, folder, extension] = process.argv.slice(2);
const remote = (file) => `vscode-remote://${new URL(address).host}${file}`;
const payload = [
  ['extensionDevelopmentPath', remote(extension)],
  ['extensionTestsPath', remote(tests)],
  ['skipWelcome', 'true'],
];

await withBrowser(async (context) => {
  const page = context.pages()[0];
  const ended = new Promise((resolve) => {
    page.exposeFunction('codeAutomationExit', resolve);
  });
  await page.exposeFunction('codeAutomationLog', (kind, args) => console.log(kind, ...args));
  const query = new URLSearchParams({
    folder,
    payload: JSON.stringify(payload),
  });
  await page.goto(`${address}/?${query}`);
  process.exitCode = (await ended) === 0 ? 0 : 1;
});
