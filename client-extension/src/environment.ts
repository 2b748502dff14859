/** A virtual environment of our own, with the server in it. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import * as vscode from 'vscode';

import { privatePython } from './interpreters';
import { requirement } from './requirement';

export class InstallFailed extends Error {}

type Say = (line: string) => void;

/** Makes the environment, or mends it, and installs the server; raises InstallFailed. */
export async function install(
  base: string,
  folder: string,
  safeFolder: string,
  say: Say,
  stop: vscode.CancellationToken,
): Promise<void> {
  const wanted = requirement(
    vscode.workspace.getConfiguration('scopewise').get<string>('server.package', 'scopewise'),
  );
  await run(base, ['-m', 'venv', '--clear', folder], safeFolder, say, stop);
  const pip = [
    '-m',
    'pip',
    '--disable-pip-version-check',
    '--no-input',
    'install',
    '--progress-bar',
  ];
  await run(privatePython(folder), [...pip, 'off', wanted], safeFolder, say, stop);
}

function run(
  program: string,
  args: string[],
  cwd: string,
  say: Say,
  stop: vscode.CancellationToken,
): Promise<void> {
  return new Promise((resolve, reject) => {
    say(`> ${[program, ...args].join(' ')}`);
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const stopping = stop.onCancellationRequested(() => child.kill());
    let last = '';
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        last = line.trim() || last;
        say(line);
      });
    }
    child.on('error', (error) => {
      reject(new InstallFailed(error.message));
    });
    child.on('close', (code) => {
      stopping.dispose();
      if (stop.isCancellationRequested) {
        reject(new vscode.CancellationError());
      } else if (code === 0) {
        resolve();
      } else {
        reject(new InstallFailed(last || `exit code ${String(code)}`));
      }
    });
  });
}
