// Uses scopewise in VS Code as a person would, and writes down what there was to see:
// node drive_ui.mjs ADDRESS FOLDER PICTURES
import fs from 'node:fs';
import path from 'node:path';

import { withBrowser, writeReport } from './browser.mjs';
import { Workbench } from './workbench.mjs';

const [address, folder, pictures] = process.argv.slice(2);
const seen = { times: {} };
const only = (process.env.SCOPEWISE_ONLY ?? '').split(',').filter(Boolean);

/** Each part writes into `seen`; a part that fails does not take the others along. */
async function part(name, window, work) {
  if (only.length > 0 && !only.includes(name)) {
    return;
  }
  const began = Date.now();
  try {
    await work();
  } catch (error) {
    seen.errors = { ...seen.errors, [name]: String(error) };
    await window.picture(`failed-${name}`);
    await window.page.keyboard.press('Escape');
  }
  seen.times[name] = Date.now() - began;
}

const onDisk = (name) => fs.readFileSync(path.join(folder, name), 'utf8');

async function fill(window) {
  const { page } = window;
  await window.openFile('shapes.py');
  await window.untilStatus('asleep');
  await window.goToLine(4, 6);
  await window.bulb().waitFor();
  seen.actions = await window.actions();
  await window.picture('light-bulb');
  await window.choose('Fill body of `area` from its docstring');

  const progress = window.notification('Fill body of');
  await progress.waitFor();
  await page.waitForTimeout(1500);
  seen.progress = await progress.innerText();
  seen.statusWriting = await window.status();
  await window.picture('progress');
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await progress.waitFor({ state: 'detached' });
  seen.afterCancel = await window.text();

  await window.command('scopewise: Fill the Body Here');
  await window.title('Apply').waitFor();
  await page.waitForTimeout(1200);
  seen.diff = await window.text();
  await window.notification('Try again').waitFor();
  seen.question = await window.notification('Fill body of').innerText();
  seen.buttons = await page
    .locator('.editor-group-container.active .editor-actions .action-label')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label')));
  seen.tab = await page.locator('.tab.active').first().getAttribute('aria-label');
  await window.picture('diff');
  await window.notification('Fill body of').getByRole('link', { name: 'Try again' }).click();
  await page.waitForTimeout(300);
  await window.title('Apply').waitFor();
  await page.waitForTimeout(1000);
  seen.diffAgain = await window.text();
  await page.keyboard.press('Control+Enter');
  await window.title('Apply').waitFor({ state: 'detached' });
  await page.locator('.tab.active', { hasText: 'shapes.py' }).waitFor();
  await page.waitForTimeout(800);
  seen.applied = await window.text();
  seen.questionAfter = await window.notification('Fill body of').count();
  await window.picture('applied');
  await page.locator('.editor-group-container.active .view-line').first().click();
  await page.keyboard.press('Control+s');
  await page.waitForTimeout(700);
  seen.saved = onDisk('shapes.py');
  await page.keyboard.press('Control+z');
  await page.waitForTimeout(500);
  seen.undone = await window.text();
  await page.keyboard.press('Control+s');
}

async function explain(window) {
  const { page } = window;
  await window.openFile('shapes.py');
  await window.goToLine(12, 6);
  await window.command('scopewise: Explain the Code Here');
  const frame = page.frameLocator('iframe.webview').frameLocator('iframe');
  const text = frame.locator('#text');
  await text.getByText('It doubles').waitFor();
  seen.explanationBegins = await frame.locator('#status').innerText();
  await window.picture('explaining');
  await frame.locator('#status', { hasText: 'unverified' }).waitFor();
  seen.explanation = await text.innerText();
  seen.explanationStatus = await frame.locator('#status').innerText();
  await window.picture('explained');

  await window.openFile('shapes.py');
  const name = page.locator('.view-line', { hasText: 'double' }).first();
  await name.locator('span span', { hasText: 'double' }).first().hover();
  const hover = page.locator('.monaco-hover', { hasText: 'It doubles' });
  await hover.waitFor();
  await page.waitForTimeout(400);
  seen.hover = await hover.first().innerText();
  await window.picture('hover');
  await page.mouse.move(900, 700);
  await window.closeAll();
}

async function fixSelection(window) {
  const { page } = window;
  await window.openFile('trace.txt');
  await page.locator('.editor-group-container.active .view-line').first().click();
  await page.keyboard.press('Control+a');
  await window.command('scopewise: Fix From Selected Stack Trace');
  await window.title('Apply').waitFor();
  await page.waitForTimeout(1000);
  seen.fix = await window.text();
  await window.picture('fix');
  await window.title('Discard').click();
  await window.title('Discard').waitFor({ state: 'detached' });
  seen.notFixed = onDisk('stats.py');
}

/** The Testing view's message of a failed test. */
async function fixTest(window) {
  const { page } = window;
  await window.openFile('stats.py');
  await window.command('Test: Run All Tests');
  const message = page.locator(
    '.test-output-peek, .testing-results, .test-output-peek-message-container',
  );
  await window.command('Test Results: Focus on Test Results View');
  await page.waitForTimeout(1500);
  await window.picture('test-results');
  const row = page
    .locator('.test-output-peek-tree .monaco-list-row', {
      hasText: 'Traceback',
    })
    .first();
  await row.waitFor();
  await row.click();
  await page.waitForTimeout(1000);
  await window.picture('test-message');
  await page.getByText('Fix What This Test Found').first().click();
  await window.title('Apply').waitFor();
  await page.waitForTimeout(500);
  seen.fixedTest = await window.text();
  seen.testMessages = await message.count();
  await window.title('Discard').click();
  await window.closeAll();
}

async function fixTerminal(window) {
  const { page } = window;
  await window.command('Terminal: Create New Terminal');
  const rows = page.locator('.terminal-wrapper.active .xterm-screen');
  await rows.waitFor();
  await page.waitForTimeout(1500);
  await page.keyboard.type('clear; cat trace.txt\n');
  await page.waitForTimeout(1000);
  await window.command('Terminal: Select All');
  await window.picture('terminal');
  await window.command('scopewise: Fix From Stack Trace Selected in Terminal');
  await window.title('Apply').waitFor();
  await page.waitForTimeout(500);
  seen.fixedTerminal = await window.text();
  await window.title('Discard').click();
  await window.command('Terminal: Kill the Active Terminal Instance');
  await window.closeAll();
}

async function menu(window) {
  const { page } = window;
  await page.locator('.statusbar-item', { hasText: 'scopewise:' }).first().click();
  const entries = page.locator('.quick-input-list .monaco-list-row');
  await entries.first().waitFor();
  await page.waitForTimeout(300);
  seen.menu = (await entries.allInnerTexts()).map((text) => text.trim());
  seen.status = await window.status();
  await window.picture('menu');
  await page.keyboard.press('Escape');
}

async function cloud(window) {
  const { page } = window;
  await window.command('scopewise: Set API Key');
  const input = page.locator('.quick-input-widget input[type=password]').first();
  await input.waitFor();
  await input.fill('sk-ant-api03-not-a-key-not-a-key-not-a-key-not-a-key');
  await window.picture('api-key');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(500);
  await window.openFile('shapes.py');
  await window.goToLine(8, 6);
  await window.command('scopewise: Fill the Body Here');
  await window.title('Ask Claude').click();
  const send = window.title('Send Once');
  await send.waitFor();
  await page.waitForTimeout(1000);
  await window.notification('Send once').waitFor();
  seen.cloudQuestion = await window.notification('Send once').innerText();
  const frame = page.frameLocator('iframe.webview').frameLocator('iframe');
  seen.cloudPage = await frame.locator('#text').innerText();
  await window.picture('cloud');
  await window.title('Show Exactly').click();
  await page.locator('.tab.active', { hasText: 'payload.json' }).waitFor();
  await page.waitForTimeout(500);
  seen.payload = await window.text();
  await window.picture('payload');
  await window.notification('Send once').getByRole('link', { name: 'Do not send' }).click();
  await page.locator('.tab', { hasText: 'payload.json' }).waitFor({ state: 'detached' });
  await page.waitForTimeout(700);
  seen.afterRefusal = await page.locator('.notifications-toasts').innerText();
  await window.picture('refused');
}

async function twoWindows(context, window) {
  const page = await context.newPage();
  const other = new Workbench(page, pictures);
  other.count = 50;
  await other.start(address, folder);
  await other.openFile('odd name.py');
  await other.untilStatus('asleep');
  await other.goToLine(4, 6);
  await other.command('scopewise: Fill the Body Here');
  await other.title('Apply').waitFor();
  seen.otherDiff = await other.text();
  await other.picture('second-window');
  await other.title('Discard').click();
  await page.close();
  seen.firstWindow = await window.status();
}

async function walkthrough(window) {
  await window.command('scopewise: Get Started');
  await window.page
    .locator('.gettingStartedContainer', { hasText: 'Install the server' })
    .waitFor();
  await window.page.waitForTimeout(800);
  seen.walkthrough = await window.page.locator('.gettingStartedContainer').innerText();
  await window.picture('walkthrough');
  await window.closeAll();
}

/** A preview in other themes, each in a window that begins with it. */
async function themes(context) {
  const file = process.env.SCOPEWISE_SETTINGS;
  const settings = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const [index, theme] of ['Dark Modern', 'Default High Contrast'].entries()) {
    fs.writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
    const page = await context.newPage();
    const other = new Workbench(page, pictures);
    other.count = 60 + index;
    await other.start(address, folder);
    await other.openFile('odd name.py');
    await other.untilStatus('asleep');
    await other.goToLine(4, 6);
    await other.command('scopewise: Fill the Body Here');
    await other.notification('Try again').waitFor();
    await page.waitForTimeout(500);
    await other.picture(theme.toLowerCase().replaceAll(' ', '-'));
    seen.themes = [
      ...(seen.themes ?? []),
      await page.locator('.monaco-workbench').getAttribute('class'),
    ];
    await other.title('Discard').click();
    await page.close();
  }
}

await withBrowser(async (context) => {
  const window = new Workbench(context.pages()[0], pictures);
  window.page.setDefaultTimeout(15_000);
  try {
    await window.start(address, folder);
    await part('fill', window, () => fill(window));
    await part('explain', window, () => explain(window));
    await part('fix', window, () => fixSelection(window));
    await part('test', window, () => fixTest(window));
    await part('terminal', window, () => fixTerminal(window));
    await part('menu', window, () => menu(window));
    await part('cloud', window, () => cloud(window));
    await part('twoWindows', window, () => twoWindows(context, window));
    await part('walkthrough', window, () => walkthrough(window));
    await part('themes', window, () => themes(context));
  } catch (error) {
    seen.errors = { ...seen.errors, start: String(error) };
    await window.picture('failed-start');
  }
  seen.hosts = [...window.hosts];
  writeReport(seen);
});
