import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { Session } from './session';
import { statusItem, type Tone, tooltipCommands } from './status';

const backgrounds: Record<Tone, string | undefined> = {
  plain: undefined,
  warning: 'statusBarItem.warningBackground',
  error: 'statusBarItem.errorBackground',
};

/** The item in the status bar. It follows the folder of the active editor. */
export class StatusBar implements Disposable {
  private readonly item = window.createStatusBarItem('status', StatusBarAlignment.Left, 10);
  private readonly subscriptions: Disposable[];

  constructor(private readonly session: Session) {
    this.item.name = 'godrift';
    this.item.command = 'godrift.menu';
    this.subscriptions = [
      this.item,
      session.onDidChange(() => this.draw()),
      window.onDidChangeActiveTextEditor(() => this.draw()),
    ];
    this.draw();
    this.item.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private draw(): void {
    const uri = window.activeTextEditor?.document.uri;
    const { text, label, tooltip, tone } = statusItem(this.session.state, this.session.status(uri));
    const markdown = new MarkdownString(tooltip, true);
    markdown.isTrusted = { enabledCommands: tooltipCommands };
    const background = backgrounds[tone];
    this.item.text = text;
    this.item.tooltip = markdown;
    this.item.accessibilityInformation = { label };
    this.item.backgroundColor = background ? new ThemeColor(background) : undefined;
  }
}
