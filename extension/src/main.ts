import type { ExtensionContext } from 'vscode';
import { registerCommands } from './commands';
import { EditorEnvironment } from './editor-environment';
import { Session } from './session';
import { StatusBar } from './status-bar';
import { ToolsView } from './tools-view';
import { WhyView } from './why-view';

let session: Session | undefined;

export function activate(context: ExtensionContext): void {
  const environment = new EditorEnvironment(context);
  session = new Session(context, environment);
  context.subscriptions.push(environment, session, new StatusBar(session), new ToolsView(session));
  registerCommands(context, session, new WhyView(context, session));
  void session.start(); // tells its own failure
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
