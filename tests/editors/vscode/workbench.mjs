// VS Code's window as a person uses it: by what is on the screen, with mouse and keyboard.
import path from 'node:path';

export class Workbench {
  constructor(page, pictures) {
    this.page = page;
    this.pictures = pictures;
    this.count = 0;
    this.hosts = new Set();
    page.on('request', (request) => {
      const { hostname } = new URL(request.url());
      if (hostname && hostname !== '127.0.0.1') {
        this.hosts.add(hostname);
      }
    });
  }

  async start(address, folder) {
    await this.page.goto(`${address}/?folder=${encodeURIComponent(folder)}`, {
      waitUntil: 'load',
    });
    await this.page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** A numbered screenshot. */
  async picture(name) {
    this.count += 1;
    const file = `${String(this.count).padStart(2, '0')}-${name}.png`;
    await this.page.screenshot({ path: path.join(this.pictures, file) });
  }

  async openFile(name) {
    const row = this.page.locator('.explorer-folders-view .monaco-list-row', {
      hasText: name,
    });
    await row.first().dblclick();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: title })
      .first()
      .waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Puts the cursor in a line of the active editor, numbered from 1. */
  async goToLine(line, column = 1) {
    await this.page.keyboard.press('Control+g');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await this.page.waitForTimeout(300);
    await this.page.keyboard.press('Enter');
    await this.page.waitForTimeout(200);
  }

  bulb() {
    return this.page.locator('.lightBulbWidget, [class*="codicon-gutter-lightbulb"]').first();
  }

  /** The titles in the menu of the light bulb, opened by the keyboard. */
  async actions() {
    await this.page.keyboard.press('Control+.');
    const menu = this.page.locator('.action-widget .monaco-list-row');
    await menu.first().waitFor();
    await this.page.waitForTimeout(500);
    return (await menu.allInnerTexts()).map((title) => title.trim());
  }

  async choose(title) {
    await this.page.locator('.action-widget .monaco-list-row', { hasText: title }).first().click();
  }

  notification(text) {
    return this.page.locator('.notifications-toasts .notification-list-item', {
      hasText: text,
    });
  }

  /** The text of the active editor, as the document has it and not as it is drawn. */
  async text() {
    const lines = this.page.locator(
      '.editor-group-container.active .modified-in-monaco-diff-editor .view-line',
    );
    const all =
      (await lines.count()) > 0
        ? lines
        : this.page.locator('.editor-group-container.active .view-line');
    const placed = await all.evaluateAll((nodes) =>
      nodes.map((node) => ({
        top: Number.parseFloat(node.style.top),
        text: node.textContent,
      })),
    );
    return placed
      .sort((one, other) => one.top - other.top)
      .map(({ text }) => text.replace(/\u00a0/g, ' '))
      .join('\n');
  }

  async status() {
    const item = this.page.locator('.statusbar-item', { hasText: 'scopewise:' }).first();
    return {
      text: (await item.innerText()).trim(),
      label: await item.getAttribute('aria-label'),
    };
  }

  async untilStatus(text) {
    await this.page.locator('.statusbar-item', { hasText: text }).first().waitFor();
  }

  title(name) {
    return this.page.locator(`.editor-actions .action-label[aria-label^="${name}"]`);
  }

  /** Types into a list that opened a moment ago. */
  async pick(text) {
    await this.page.waitForTimeout(500);
    await this.page.keyboard.type(text);
    await this.page.waitForTimeout(500);
    await this.page.keyboard.press('Enter');
  }

  async closeAll() {
    await this.command('View: Close All Editors');
  }
}
