/** A Python interpreter: what it is, and whether the server is installed in it. */

import { execFile } from 'node:child_process';

import { isAtLeast, MINIMUM_PYTHON, MINIMUM_SERVER } from './version';

export type Origin = 'setting' | 'private' | 'extension' | 'path';

/** Where an interpreter was heard of. */
export interface Candidate {
  path: string;
  origin: Origin;
}

export interface Python extends Candidate {
  version: string;
  /** The version of the server installed there; empty when there is none. */
  server: string;
}

export type Finding =
  | { kind: 'ready'; python: Python }
  /** The server can be installed with the interpreter `base`. */
  | { kind: 'noServer'; base: Python }
  | { kind: 'oldServer'; found: Python; base: Python }
  | { kind: 'noPython'; found?: Python };

/** Runs alone, with nothing of the project on the path: the working folder must be a safe one. */
const PROBE = `
import json, sys
server = ""
if sys.version_info >= (3, 11):
    try:
        from scopewise import __version__ as server
    except ImportError:
        pass
print(json.dumps({"version": "%d.%d.%d" % sys.version_info[:3], "server": server}))
`;

const PATIENCE_MS = 20_000;

/** What runs there; undefined when it is no Python. */
export async function probe(candidate: Candidate, safeFolder: string): Promise<Python | undefined> {
  const said = await output(candidate.path, ['-c', PROBE], safeFolder);
  return said === undefined ? undefined : parseProbe(candidate, said);
}

/** The answer of a probe; undefined when it is not one. */
export function parseProbe(candidate: Candidate, said: string): Python | undefined {
  try {
    const facts: unknown = JSON.parse(said.trim().split('\n').at(-1) ?? '');
    if (isFacts(facts)) {
      return { ...candidate, ...facts };
    }
  } catch {
    // Something else was printed.
  }
  return undefined;
}

/** Which interpreter to use, or what is missing; the first that will do wins. */
export function choose(pythons: readonly Python[]): Finding {
  const usable = pythons.filter((python) => isAtLeast(python.version, MINIMUM_PYTHON));
  const withServer = usable.filter((python) => python.server !== '');
  const ready = withServer.find((python) => isAtLeast(python.server, MINIMUM_SERVER));
  if (ready) {
    return { kind: 'ready', python: ready };
  }
  // A private environment is made anew from an interpreter outside of it.
  const base = usable.find((python) => python.origin !== 'private');
  if (!base) {
    const found = pythons[0];
    return found ? { kind: 'noPython', found } : { kind: 'noPython' };
  }
  const old = withServer[0];
  return old ? { kind: 'oldServer', found: old, base } : { kind: 'noServer', base };
}

/** What a program prints; undefined when it cannot be run, fails, or takes too long. */
function output(program: string, args: string[], cwd: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, timeout: PATIENCE_MS }, (error, stdout) => {
      resolve(error ? undefined : stdout);
    });
  });
}

function isFacts(value: unknown): value is { version: string; server: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    'server' in value &&
    typeof value.version === 'string' &&
    typeof value.server === 'string'
  );
}
