import type { PlanResult } from './wire.gen';

/** What a person reads before a fix is carried out. */
export function planText(plan: PlanResult, maxLines = 40): string {
  const parts: string[] = [];
  if (plan.note !== '') parts.push(plan.note);
  if (plan.commands.length > 0) {
    const shown = plan.commands.slice(0, maxLines).map((line) => `• ${line}`);
    const more = plan.commands.length - shown.length;
    parts.push((more > 0 ? [...shown, `… and ${more} more`] : shown).join('\n'));
  }
  const diff = plan.diff.trimEnd();
  if (diff !== '') {
    const lines = diff.split('\n');
    const more = lines.length - maxLines;
    parts.push(more > 0 ? [...lines.slice(0, maxLines), `… and ${more} more lines`].join('\n') : diff);
  }
  return parts.join('\n\n');
}
