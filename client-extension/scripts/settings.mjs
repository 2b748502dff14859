// Writes the server's settings into package.json, from the one place they are defined: the server.
// With --check, fails when they are out of date. PYTHON names an interpreter with scopewise in it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const TITLES = {
  model: 'Model',
  engine: 'Engine',
  hover: 'Hover',
  actions: 'Actions',
  verify: 'Verification',
  scope: 'Scope analysis',
  cloud: 'Claude',
  trace: 'Trace file',
};
const OWN = [
  { name: 'server.python', default: '', schema: { type: 'string' } },
  { name: 'server.package', default: 'scopewise', schema: { type: 'string' } },
];
/** An editor with a preview of every change shows it before anything is applied. */
const OVERRIDES = { 'actions.confirm': 'always' };
/** Told by the editor and not by the user. */
const DERIVED = ['verify.trusted'];

const root = new URL('../', import.meta.url);
const python = process.env.PYTHON ?? 'python3';
const said = execFileSync(python, ['-m', 'scopewise', 'settings', '--json'], { encoding: 'utf8' });
const declared = JSON.parse(said).filter(({ name }) => !DERIVED.includes(name));

const manifest = readJson('package.json');
manifest.contributes.configuration = groups([...OWN, ...declared]);
manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = [...OWN, ...declared]
  .filter(isRestricted)
  .map(({ name }) => `scopewise.${name}`);
const texts = { ...ownTexts(readJson('package.nls.json')), ...textsOf(declared) };

const outOfDate = [
  ['package.json', written(manifest)],
  ['package.nls.json', written(texts)],
].filter(([name, text]) => read(name) !== text);
if (process.argv.includes('--check')) {
  outOfDate.forEach(([name]) => console.error(`${name} is out of date: run \`npm run settings\`.`));
  process.exitCode = outOfDate.length > 0 ? 1 : 0;
} else {
  outOfDate.forEach(([name, text]) => writeFileSync(new URL(name, root), text));
}

/** A page of the settings editor for every section, in the order of definition. */
function groups(settings) {
  const sections = [...new Set(settings.map(({ name }) => sectionOf(name)))];
  return sections.map((section) => {
    const members = settings.filter(({ name }) => sectionOf(name) === section);
    const entries = members.map((setting, order) => [
      `scopewise.${setting.name}`,
      entry(setting, order),
    ]);
    return { title: `%settings.${section}%`, properties: Object.fromEntries(entries) };
  });
}

/** A setting as VS Code wants it: no value is ever taken from the repository that is open. */
function entry({ name, type, default: ordinary, schema }, order) {
  const { enum: values, ...rest } = schema;
  delete rest.description;
  const value = OVERRIDES[name] ?? ordinary;
  if (values && !values.includes(value)) {
    throw new Error(`${name} cannot be ${JSON.stringify(value)}.`);
  }
  const asDefined = values?.toSorted((one, other) => type.indexOf(one) - type.indexOf(other));
  return {
    ...(values ? { type: 'string', enum: asDefined } : rest),
    default: value,
    scope: 'machine',
    order,
    markdownDescription: `%settings.${name}%`,
  };
}

/** Whatever names a path, an address or the cloud, and what decides about running code. */
function isRestricted({ name, schema }) {
  const isFree = schema.type === 'string' && !schema.enum;
  return isFree || ['cloud', 'verify', 'trace'].includes(sectionOf(name));
}

function textsOf(settings) {
  const sections = new Set(settings.map(({ name }) => sectionOf(name)));
  return Object.fromEntries([
    ...[...sections].map((section) => [`settings.${section}`, TITLES[section] ?? section]),
    ...settings.map(({ name, description }) => [`settings.${name}`, linked(description)]),
  ]);
}

/** Texts that are written by hand. */
function ownTexts(all) {
  const isOwn = ([key]) => !key.startsWith('settings.') || key.startsWith('settings.server');
  return Object.fromEntries(Object.entries(all).filter(isOwn));
}

/** Other settings named in a description become links to them. */
function linked(description) {
  const names = new RegExp(
    `\`(${declared.map(({ name }) => name.replace('.', '\\.')).join('|')})\``,
    'g',
  );
  return description.replace(names, '`#scopewise.$1#`');
}

function sectionOf(name) {
  return name.split('.')[0];
}

function readJson(name) {
  return JSON.parse(read(name));
}

function read(name) {
  return readFileSync(new URL(name, root), 'utf8');
}

function written(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
