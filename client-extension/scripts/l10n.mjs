// Writes the texts to translate into l10n/bundle.l10n.json, from the calls of `l10n.t` in src/.
// With --check, fails when they are out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

const root = new URL('../', import.meta.url);
const bundle = new URL('l10n/bundle.l10n.json', root);

const texts = readdirSync(new URL('src/', root)).flatMap((name) => {
  const source = readFileSync(new URL(`src/${name}`, root), 'utf8');
  return textsIn(ts.createSourceFile(name, source, ts.ScriptTarget.Latest));
});
const sorted = [...new Set(texts)].sort();
const written = `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2)}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(bundle, written);
} else if (readFileSync(bundle, 'utf8') !== written) {
  console.error('l10n/bundle.l10n.json is out of date: run `npm run l10n`.');
  process.exitCode = 1;
}

function textsIn(node) {
  const inside = [];
  ts.forEachChild(node, (child) => {
    inside.push(...textsIn(child));
  });
  const isCall = ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression);
  if (!isCall || node.expression.expression.text !== 'l10n') {
    return inside;
  }
  const [text] = node.arguments;
  if (!text || !ts.isStringLiteralLike(text)) {
    throw new Error(`l10n.t takes a literal text: ${node.expression.name.text}`);
  }
  return [text.text, ...inside];
}
