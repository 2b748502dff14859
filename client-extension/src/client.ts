/** The connection to one server process. */

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { LogOutputChannel } from 'vscode';
import {
  type ClientCapabilities,
  type CloseHandlerResult,
  DidChangeConfigurationNotification,
  ErrorAction,
  type Executable,
  type FeatureState,
  LanguageClient,
  type Middleware,
  RevealOutputChannelOn,
  type StaticFeature,
} from 'vscode-languageclient/node';

import type { Channels } from './log';
import { ABILITIES } from './protocol';

/** The languages the server has grammars for; plain text, logs and untitled ones hold stack traces. */
const LANGUAGES = [
  'python',
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
  'go',
  'rust',
  'java',
  'c',
  'cpp',
  'shellscript',
  'plaintext',
  'log',
];

export interface Connection {
  python: string;
  /** Where the process runs: not in the workspace, whose files Python would import. */
  folder: string;
  settings: () => Record<string, unknown>;
  closed: () => Promise<CloseHandlerResult>;
  middleware: Middleware;
  channels: Channels;
}

export function createClient(connection: Connection): LanguageClient {
  const { channels, settings } = connection;
  const client: LanguageClient = new LanguageClient(
    'scopewise',
    'scopewise',
    processOf(connection),
    {
      documentSelector: LANGUAGES.flatMap((language) => [
        { scheme: 'file', language },
        { scheme: 'untitled', language },
      ]),
      initializationOptions: settings,
      outputChannel: channels.server,
      traceOutputChannel: channels.trace,
      stdioOptions: { stdout: write, stderr: write },
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      markdown: { isTrusted: false, supportHtml: false },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: connection.closed,
      },
      middleware: {
        ...connection.middleware,
        workspace: {
          ...connection.middleware.workspace,
          configuration: ({ items }) => items.map(() => settings()),
          didChangeConfiguration: () => sendSettings(client, settings),
        },
      },
    },
  );
  client.registerFeature(new Abilities());
  return client;
}

/** Tells the server about settings that changed, or about trust that was given. */
export function sendSettings(
  client: LanguageClient,
  settings: () => Record<string, unknown>,
): Promise<void> {
  return client.sendNotification(DidChangeConfigurationNotification.type, {
    settings: { scopewise: settings() },
  });
}

function processOf({ python, folder, channels }: Connection): Executable {
  // -P: nothing is imported from the working folder.
  const args = ['-P', '-m', 'scopewise', 'serve'];
  channels.extension.info(`Starting ${[python, ...args].join(' ')}`);
  return { command: python, args, options: { cwd: folder } };
}

/** What the process says of itself, which names its own levels. */
function write(stream: Readable, channel: LogOutputChannel): void {
  createInterface({ input: stream }).on('line', (line) => {
    channel.info(line);
  });
}

/** Announces what this client does besides LSP. */
class Abilities implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const others = capabilities.experimental as Record<string, unknown> | undefined;
    capabilities.experimental = { ...others, scopewise: ABILITIES };
  }

  initialize(): void {
    // There is nothing to do.
  }

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {
    // There is nothing to forget.
  }
}
