import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (name: string): string => readFileSync(name, 'utf8');

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    configuration: { properties: Record<string, { scope: string; default: unknown }> }[];
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const MANIFEST = JSON.parse(read('package.json')) as Manifest;
const SETTINGS = MANIFEST.contributes.configuration.flatMap((group) =>
  Object.entries(group.properties),
);
/** Commands of the server, which the client library registers under these names. */
const SERVERS = ['run', 'fixTrace', 'cancelAll', 'pullModel', 'status', 'pause', 'models'];

test('every text named in the manifest exists, and no other', () => {
  const named = new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
  const texts = Object.keys(JSON.parse(read('package.nls.json')) as object);
  assert.deepEqual(texts.toSorted(), [...named].toSorted());
});

test('the extension’s commands have other names than the server’s', () => {
  const names = MANIFEST.contributes.commands.map(({ command }) => command.split('.')[1]);
  assert.deepEqual(
    names.filter((name) => SERVERS.includes(name ?? '')),
    [],
  );
});

test('menus name commands there are', () => {
  const known = new Set(MANIFEST.contributes.commands.map(({ command }) => command));
  const named = Object.values(MANIFEST.contributes.menus).flat();
  assert.deepEqual(
    named.filter(({ command }) => !known.has(command)),
    [],
  );
});

test('no setting is taken from the repository that is open', () => {
  assert.ok(SETTINGS.length > 40);
  assert.deepEqual(
    SETTINGS.filter(([, { scope }]) => scope !== 'machine'),
    [],
  );
});

test('paths, addresses and the cloud are restricted, and results are shown before they are applied', () => {
  const restricted = MANIFEST.capabilities.untrustedWorkspaces.restrictedConfigurations;
  for (const name of [
    'server.python',
    'model.store',
    'verify.python',
    'cloud.base_url',
    'cloud.mode',
  ]) {
    assert.ok(restricted.includes(`scopewise.${name}`), name);
  }
  assert.equal(Object.fromEntries(SETTINGS)['scopewise.actions.confirm']?.default, 'always');
});
