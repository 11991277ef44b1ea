/**
 * Makes text stand for itself in a Markdown string that may run commands.
 *
 * File names, pins and messages come from the workspace: none of them may become a link, an icon or markup.
 */
export function plain(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!|<>~$&:@^=]/g, '\\$&')
    .replace(/\s*[\r\n\u2028\u2029]+\s*/g, '  \n')
    .replace(/\t/g, ' ');
}

/** A link that runs one of the extension's own commands. */
export function commandLink(label: string, command: string, ...args: unknown[]): string {
  const query =
    args.length > 0 ? `?${encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, percent)}` : '';
  return `[${plain(label)}](command:${command}${query})`;
}

const percent = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;

/** Text as one inline code span, whatever backticks are in it. */
export function code(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replace(/\s*[\r\n]+\s*/g, ' ')}${pad}${fence}`;
}
