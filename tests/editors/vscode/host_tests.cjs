// Tests that run inside the extension host, where the extension's own objects can be looked at.
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

const FOLDER = process.env.SCOPEWISE_PROJECT;
const PATIENCE_MS = 15_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const run = vscode.commands.executeCommand;
const file = (name) => vscode.Uri.file(path.join(FOLDER, name));

let api;

async function until(what, condition) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await condition();
    if (found) {
      return found;
    }
    assert.ok(Date.now() < deadline, `Waited in vain for ${what}.`);
    await sleep(50);
  }
}

/** Opens a file with the cursor behind some text. */
async function open(name, text) {
  const document = await vscode.workspace.openTextDocument(file(name));
  const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  const at = document.positionAt(document.getText().indexOf(text) + text.length);
  editor.selection = new vscode.Selection(at, at);
  return editor;
}

const isPreview = (tab) =>
  tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.scheme === 'scopewise-result';

function previews() {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(isPreview);
}

async function preview() {
  const tab = await until('a preview', () => previews()[0]);
  const [before, after] = await Promise.all(
    [tab.input.original, tab.input.modified].map((uri) => vscode.workspace.openTextDocument(uri)),
  );
  await until('the label', () => api.labels.all.some(({ uri }) => uri === after.uri.toString()));
  return {
    tab,
    uri: after.uri,
    before: before.getText(),
    after: after.getText(),
  };
}

async function gone() {
  await until('the preview to close', () => previews().length === 0);
}

/** Starts filling a stub and gives the preview; `area` is answered slowly the first time. */
async function fill(name, text) {
  const editor = await open(name, text);
  const before = editor.document.getText();
  await run('scopewise.fillHere');
  return { editor, before, shown: await preview() };
}

async function revert({ document }, before) {
  const editor = await vscode.window.showTextDocument(document);
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  await editor.edit((edit) => edit.replace(whole, before));
  await document.save();
}

/** The hovers of the name that ends at the cursor. */
function hoversBefore({ document, selection }) {
  const at = selection.active.translate(0, -1);
  return run('vscode.executeHoverProvider', document.uri, at);
}

async function isIdle() {
  const { state } = await run('scopewise.status', {});
  return state === 'idle' || state === 'unloaded';
}

const tests = {
  async 'the server starts, and says what its model does'() {
    await until('the server', () => api.server.life === 'running');
    await until('a status', () => /asleep|idle/.test(api.status.text));
  },

  async 'the light bulb offers what applies'() {
    const { document } = await open('shapes.py', 'def ring');
    const at = document.positionAt(document.getText().indexOf('ring'));
    const actions = await run(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(at, at),
    );
    const titles = actions.map(({ title }) => title);
    assert.ok(titles.includes('Fill body of `ring` from its docstring'), titles.join());
    assert.ok(
      titles.some((title) => title.startsWith('Explain')),
      titles.join(),
    );
  },

  async 'a job is cancelled, and nothing is changed'() {
    const editor = await open('shapes.py', 'def area');
    const before = editor.document.getText();
    await run('scopewise.fillHere');
    await until('the model', () => /writing/.test(api.status.text));
    await run('scopewise.stopJobs');
    await until('the end', isIdle);
    await sleep(300);
    assert.equal(previews().length, 0);
    assert.equal(editor.document.getText(), before);
  },

  async 'a preview closed is a result discarded'() {
    const { editor, before, shown } = await fill('shapes.py', 'def area');
    await vscode.window.tabGroups.close(shown.tab);
    await gone();
    assert.equal(editor.document.getText(), before);
  },

  async 'a preview shows the change and its label, and may be tried again, and applied'() {
    const { editor, before, shown } = await fill('shapes.py', 'def area');
    assert.equal(shown.before, before);
    assert.ok(shown.after.includes('    return width * height\n'));
    const label = api.labels.all.find(({ uri }) => uri === shown.uri.toString());
    assert.match(label.text, /unverified: nothing was executed/);
    assert.equal(label.content, '    return width * height');

    await run('scopewise.retryResult', shown.uri);
    const again = await until('another preview', () =>
      previews().find(({ input }) => input.modified.toString() !== shown.uri.toString()),
    );
    await run('scopewise.applyResult', again.input.modified);
    await until('the edit', () => editor.document.getText() === shown.after);
    await gone();

    const applied = api.labels.all.find(({ uri }) => uri === editor.document.uri.toString());
    assert.match(applied.text, /unverified/);
    assert.equal(applied.content, '    return width * height');
    await vscode.window.showTextDocument(editor.document);
    await run('undo');
    assert.equal(editor.document.getText(), before, 'one undo takes it back');
    assert.ok(!api.labels.all.some(({ uri }) => uri === editor.document.uri.toString()));
  },

  async 'text edited during the job and during the preview stays'() {
    const editor = await open('shapes.py', 'def ring');
    const before = editor.document.getText();
    await run('scopewise.fillHere');
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '# one\n'));
    const shown = await preview();
    assert.ok(shown.before.includes('# one\n'));
    assert.ok(shown.after.includes('    return 2 * (width + height)\n'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(editor.document.uri, new vscode.Position(1, 0), '# two\n');
    await vscode.workspace.applyEdit(edit);
    await run('scopewise.applyResult', shown.uri);
    const wanted = shown.after.replace('# one\n', '# two\n# one\n');
    await until('the edit', () => editor.document.getText() === wanted);
    await revert(editor, before);
  },

  async 'a file closed and renamed during the job is left alone'() {
    const editor = await open('shapes.py', 'def ring');
    const before = editor.document.getText();
    await run('scopewise.fillHere');
    await run('workbench.action.closeActiveEditor');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(file('shapes.py'), file('renamed.py'));
    await vscode.workspace.applyEdit(edit);
    await until('the end', isIdle);
    await sleep(300);
    const tab = previews()[0];
    if (tab) {
      await run('scopewise.applyResult', tab.input.modified);
    }
    await until('the end', isIdle);
    await sleep(300);
    assert.equal(fs.readFileSync(file('renamed.py').fsPath, 'utf8'), before);
    assert.ok(!fs.existsSync(file('shapes.py').fsPath));
    const back = new vscode.WorkspaceEdit();
    back.renameFile(file('renamed.py'), file('shapes.py'));
    await vscode.workspace.applyEdit(back);
    await run('workbench.action.closeAllEditors');
  },

  async 'emoji, tabs and CRLF stay in their places'() {
    const { editor, before, shown } = await fill('odd name.py', 'def odd');
    assert.equal(shown.after, `${before}\treturn 2 * width\r\n`);
    await run('scopewise.applyResult', shown.uri);
    await until('the edit', () => editor.document.getText() === shown.after);
    await revert(editor, before);
  },

  async 'an answer that is declined is shown and cannot be applied'() {
    const editor = await open('declined.py', 'def declined');
    const before = editor.document.getText();
    await run('scopewise.fillHere');
    const tab = await until('the answer', () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .find(({ input }) => input?.uri?.scheme === 'scopewise-result'),
    );
    const shown = await vscode.workspace.openTextDocument(tab.input.uri);
    assert.match(shown.getText(), /unknown_name/);
    await run('scopewise.applyResult', tab.input.uri).then(undefined, () => undefined);
    await run('scopewise.discardResult', tab.input.uri);
    await sleep(300);
    assert.equal(editor.document.getText(), before);
  },

  async 'an explanation is shown while it is written'() {
    await open('shapes.py', 'def double');
    const { page } = api.explanations;
    await run('scopewise.explainHere');
    await until('the first words', () => page.content.markdown.length > 0);
    assert.match(page.content.status, /Being written/);
    await until('the last words', () => page.content.status.includes('unverified'));
    assert.match(page.content.markdown, /^It doubles a number\./);
  },

  async 'the hover shows it; what the model wrote runs no command'() {
    const { document, selection } = await open('shapes.py', 'def double');
    const [hover] = await hoversBefore({ document, selection });
    const contents = hover.contents.filter(({ value }) => value !== '');
    assert.match(contents[0].value, /It doubles a number/);
    assert.ok(!contents[0].isTrusted);
    assert.match(contents.at(-1).value, /command:scopewise\.explainHere/);
    assert.deepEqual(contents.at(-1).isTrusted.enabledCommands, ['scopewise.explainHere']);
  },

  async 'a trace in the selection, the clipboard or a test’s message is fixed'() {
    const trace = fs.readFileSync(file('trace.txt').fsPath, 'utf8');
    const ways = {
      selection: async () => {
        const editor = await open('trace.txt', '');
        editor.selection = new vscode.Selection(0, 0, editor.document.lineCount, 0);
        await run('scopewise.fixFromSelection');
      },
      clipboard: async () => {
        await vscode.env.clipboard.writeText(trace);
        await run('scopewise.fixFromClipboard');
      },
      test: () => run('scopewise.fixFromTestMessage', { message: { message: trace } }),
    };
    for (const [name, way] of Object.entries(ways)) {
      await way();
      const shown = await preview();
      assert.match(shown.after, /if not numbers:/, name);
      await run('scopewise.discardResult', shown.uri);
      await gone();
    }
  },

  async 'the exception the debugger stopped at is fixed'() {
    const configuration = { type: 'python', request: 'launch', name: 'stops' };
    assert.ok(await vscode.debug.startDebugging(undefined, configuration));
    const { document } = await open('stats.py', 'return sum');
    await until('the stop', () => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame);
    const editor = vscode.window.activeTextEditor;
    const actions = await run('vscode.executeCodeActionProvider', document.uri, editor.selection);
    const bulb = actions.find(({ command }) => command?.command === 'scopewise.fixFromDebugger');
    assert.ok(bulb, actions.map(({ title }) => title).join());
    await run('scopewise.fixFromDebugger');
    const shown = await preview();
    assert.match(shown.after, /if not numbers:/);
    await run('scopewise.discardResult', shown.uri);
    await vscode.debug.stopDebugging();
  },

  async 'what would go to Claude is shown first, and a refusal is heard'() {
    const key = 'sk-ant-api03-not-a-key-not-a-key-not-a-key-not-a-key';
    await api.server.client.sendNotification('scopewise/apiKey', { key });
    const { shown } = await fill('odd name.py', 'def odd');
    await run('scopewise.askCloudForResult', shown.uri);
    await until('what would be sent', () => api.cloudPage.isOpen);
    const { title, markdown } = api.cloudPage.content;
    assert.equal(title, 'Ask Claude: Fill body of odd');
    assert.match(markdown, /Nothing has been sent yet/);
    await run('scopewise.showPayload');
    const payload = JSON.parse(vscode.window.activeTextEditor.document.getText());
    assert.match(JSON.stringify(payload.messages), /def odd/);
    await run('scopewise.refuseCloud');
    await until('the page to close', () => !api.cloudPage.isOpen);
    await until('the end', isIdle);
  },

  async 'paused, nothing is offered'() {
    await run('scopewise.togglePause');
    await until('the pause', () => /paused/.test(api.status.text));
    const { document, selection } = await open('shapes.py', 'def ring');
    const offered = await run('vscode.executeCodeActionProvider', document.uri, selection);
    assert.ok(!offered.some(({ title }) => title.startsWith('Fill')));
    await run('scopewise.togglePause');
    await until('the end of the pause', () => !/paused/.test(api.status.text));
  },

  async 'settings of the repository do not count'() {
    const settings = path.join(FOLDER, '.vscode', 'settings.json');
    fs.mkdirSync(path.dirname(settings));
    fs.writeFileSync(
      settings,
      JSON.stringify({ 'scopewise.cloud.base_url': 'https://example.invalid' }),
    );
    await until('the settings', () => {
      const { workspaceValue } = vscode.workspace
        .getConfiguration('scopewise')
        .inspect('cloud.base_url');
      return workspaceValue === undefined;
    });
    await sleep(500);
    const value = vscode.workspace.getConfiguration('scopewise').get('cloud.base_url');
    assert.equal(value, 'https://api.anthropic.com');
    fs.rmSync(path.dirname(settings), { recursive: true });
  },

  async 'a crash is followed by a new start, and a preview that was open closes'() {
    await fill('odd name.py', 'def odd');
    const { pid } = api.server.client.serverProcess;
    process.kill(pid, 'SIGKILL');
    await until('the crash', () => api.server.life !== 'running');
    await gone();
    await until('the new start', () => api.server.life === 'running');
    assert.notEqual(api.server.client.serverProcess.pid, pid);
    const { editor, before, shown } = await fill('odd name.py', 'def odd');
    await run('scopewise.discardResult', shown.uri);
    assert.equal(editor.document.getText(), before);
  },

  async 'the server is restarted without the window'() {
    const { pid } = api.server.client.serverProcess;
    await run('scopewise.restartServer');
    assert.equal(api.server.life, 'running');
    assert.notEqual(api.server.client.serverProcess.pid, pid);
    const { shown } = await fill('odd name.py', 'def odd');
    await run('scopewise.discardResult', shown.uri);
  },

  async 'a Python without the server is said to be one'() {
    const configuration = vscode.workspace.getConfiguration('scopewise');
    const good = configuration.get('server.python');
    await configuration.update(
      'server.python',
      '/usr/bin/false',
      vscode.ConfigurationTarget.Global,
    );
    await until('the server to be missing', () => api.server.life === 'missing');
    assert.equal(api.server.finding.kind, 'noPython');
    assert.match(api.status.text, /not set up/);
    await configuration.update('server.python', good, vscode.ConfigurationTarget.Global);
    await until('the server', () => api.server.life === 'running');
  },
};

const untrusted = {
  async 'nothing runs the project’s Python, and the server knows there is no trust'() {
    assert.equal(vscode.workspace.isTrusted, false);
    await until('the server', () => api.server.life === 'running');
    const { document, selection } = await open('shapes.py', 'def double');
    const hovers = await until('a hover', async () => {
      const found = await hoversBefore({ document, selection });
      return found.length > 0 && found;
    });
    assert.ok(
      hovers[0].contents.every(({ isTrusted, value }) => !isTrusted && !value.includes('command:')),
    );
    const { shown } = await fill('odd name.py', 'def odd');
    const label = api.labels.all.find(({ uri }) => uri === shown.uri.toString());
    assert.match(label.hover.value, /not trusted/);
    await run('scopewise.discardResult', shown.uri);
  },
};

exports.run = async () => {
  const seen = {};
  const wanted = vscode.workspace.isTrusted ? tests : untrusted;
  try {
    const extension = vscode.extensions.getExtension('scopewise.scopewise');
    try {
      api = await extension.activate();
    } catch (error) {
      seen.activation = {
        ok: false,
        ms: 0,
        error: String(error?.stack ?? error),
      };
      return;
    }
    const only = process.env.SCOPEWISE_ONLY ?? '';
    for (const [name, test] of Object.entries(wanted).filter(([name]) => name.includes(only))) {
      const began = Date.now();
      try {
        await test();
        seen[name] = { ok: true, ms: Date.now() - began };
      } catch (error) {
        seen[name] = {
          ok: false,
          ms: Date.now() - began,
          error: String(error?.stack ?? error),
        };
        await run('workbench.action.closeAllEditors');
      }
    }
  } finally {
    fs.writeFileSync(process.env.SCOPEWISE_REPORT, JSON.stringify({ seen }, undefined, 1));
  }
  const failed = Object.keys(seen).filter((name) => !seen[name].ok);
  if (failed.length > 0) {
    throw new Error(`Failed: ${failed.join('; ')}`);
  }
};
