/** Where interpreters are looked for, in this order: the setting, ours, the Python extension's, PATH. */

import * as path from 'node:path';

import * as vscode from 'vscode';

import type { Candidate } from './python';

/** What `ms-python.python` exports, as far as it is used here. */
interface PythonApi {
  environments: {
    getActiveEnvironmentPath(): { path: string };
    resolveEnvironment(environment: {
      path: string;
    }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
  };
}

/** The interpreter inside the private environment. */
export function privatePython(folder: string): string {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python');
}

/** An interpreter the user named is the only candidate: another one would surprise. */
export async function candidates(environmentFolder: string): Promise<Candidate[]> {
  const named = vscode.workspace.getConfiguration('scopewise').get<string>('server.python', '');
  if (named) {
    return [{ path: named, origin: 'setting' }];
  }
  const found: Candidate[] = [{ path: privatePython(environmentFolder), origin: 'private' }];
  const active = await activeInterpreter();
  if (active) {
    found.push({ path: active, origin: 'extension' });
  }
  for (const name of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    found.push({ path: name, origin: 'path' });
  }
  return found;
}

/** The one chosen in the Python extension, which may lie in the workspace: not if that is untrusted. */
async function activeInterpreter(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python');
  if (!extension || !vscode.workspace.isTrusted) {
    return undefined;
  }
  try {
    const { environments } = await extension.activate();
    const active = await environments.resolveEnvironment(environments.getActiveEnvironmentPath());
    return active?.executable.uri?.fsPath;
  } catch {
    return undefined; // Another extension's trouble is no reason not to go on looking.
  }
}
