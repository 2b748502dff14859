/** Objects as a table in Markdown: a column for every key, a row for every object. */
export function table(rows: readonly object[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) =>
    line(keys.map((key) => cell(new Map(Object.entries(row)).get(key)))),
  );
  return [
    line(keys.map((key) => key.replaceAll('_', ' '))),
    line(keys.map(() => '---')),
    ...body,
  ].join('\n');
}

/** What the doctor found, a line for each thing it looked at. */
export function findings(rows: readonly object[]): string {
  const lines = rows.map((row) => {
    const { what, status, found, remedy } = row as Record<string, unknown>;
    const advice = remedy ? `  \n  *${cell(remedy)}*` : '';
    return `- **${cell(what)}** — ${cell(status)}: ${cell(found)}${advice}`;
  });
  return lines.join('\n');
}

function cell(value: unknown): string {
  if (value === undefined || value === null) {
    return '';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\\|]/g, '\\$&').replace(/\s+/g, ' ').replace(/</g, '&lt;');
}
