// Stands in for the Python extension: a debugger that stops at an exception, and a test that fails.
const vscode = require('vscode');
const path = require('node:path');

exports.activate = (context) => {
  const folder = vscode.workspace.workspaceFolders?.[0].uri.fsPath ?? '';
  const stats = path.join(folder, 'stats.py');
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('python', {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterInlineImplementation(new Adapter(stats)),
    }),
    failingTest(stats, path.join(folder, 'trace.txt')),
  );
};

/** Speaks as much of the Debug Adapter Protocol as it takes to stop at an exception. */
class Adapter {
  constructor(stats) {
    this.stats = stats;
    this.emitter = new vscode.EventEmitter();
    this.onDidSendMessage = this.emitter.event;
    this.seq = 1;
  }

  handleMessage(request) {
    const source = { name: 'stats.py', path: this.stats };
    const bodies = {
      initialize: { supportsExceptionInfoRequest: true },
      threads: { threads: [{ id: 1, name: 'main' }] },
      stackTrace: {
        stackFrames: [
          { id: 1, name: 'mean', line: 2, column: 1, source },
          { id: 2, name: '<module>', line: 5, column: 1, source },
        ],
        totalFrames: 2,
      },
      scopes: { scopes: [] },
      exceptionInfo: {
        exceptionId: 'ZeroDivisionError',
        description: 'division by zero',
        breakMode: 'always',
      },
    };
    const { command, seq } = request;
    this.send({
      type: 'response',
      request_seq: seq,
      success: true,
      command,
      body: bodies[command],
    });
    if (command === 'initialize') {
      this.event('initialized');
    } else if (command === 'launch') {
      this.event('stopped', {
        reason: 'exception',
        threadId: 1,
        allThreadsStopped: true,
      });
    } else if (command === 'disconnect') {
      this.event('terminated');
    }
  }

  event(event, body) {
    this.send({ type: 'event', event, body });
  }

  send(message) {
    this.emitter.fire({ seq: this.seq++, ...message });
  }

  dispose() {
    this.emitter.dispose();
  }
}

function failingTest(stats, trace) {
  const controller = vscode.tests.createTestController('helper', 'Tests that fail');
  const item = controller.createTestItem('mean', 'mean of nothing', vscode.Uri.file(stats));
  item.range = new vscode.Range(0, 0, 0, 0);
  controller.items.add(item);
  controller.createRunProfile(
    'Run',
    vscode.TestRunProfileKind.Run,
    async (request) => {
      const run = controller.createTestRun(request);
      const text = Buffer.from(
        await vscode.workspace.fs.readFile(vscode.Uri.file(trace)),
      ).toString();
      const message = new vscode.TestMessage(text);
      message.location = new vscode.Location(vscode.Uri.file(stats), new vscode.Position(1, 0));
      run.failed(item, message);
      run.end();
    },
    true,
  );
  return controller;
}
