import type { ExtensionContext } from 'vscode';
import { CacheView } from './cache-view';
import { registerCommands } from './commands';
import { EditorEnvironment } from './editor-environment';
import { HistoryView } from './history-view';
import { PagePanel } from './page-panel';
import { Records } from './records';
import { Session } from './session';
import { StatusBar } from './status-bar';
import { ToolsView } from './tools-view';
import { WhyView } from './why-view';

let session: Session | undefined;

export function activate(context: ExtensionContext): void {
  const environment = new EditorEnvironment(context);
  session = new Session(context, environment);
  context.subscriptions.push(environment, session, new StatusBar(session), new ToolsView(session));
  const cache = new CacheView(session);
  const records = new Records(session);
  const history = new HistoryView(session, records);
  const page = new PagePanel(context, session);
  context.subscriptions.push(records.registration, history, cache, page);
  const why = new WhyView(context, session);
  registerCommands(context, session, { why, history, cache, page });
  void session.start(); // tells its own failure
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
