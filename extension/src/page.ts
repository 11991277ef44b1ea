import { randomBytes } from 'node:crypto';
import { type ExtensionContext, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';

/** A page in an editor tab. Its script and style sheet are named after it. */
export interface Page {
  /** As in "page": page.js and page.css, which the build puts into extension/out. */
  name: string;
  title: string;
  /** The element body with all that is in it, but for the script. */
  body: string;
}

/** Opens a page. It may load nothing but its own two files. */
export function openPage(context: ExtensionContext, { name, title, body }: Page): WebviewPanel {
  const out = Uri.joinPath(context.extensionUri, 'extension', 'out');
  const panel = window.createWebviewPanel(`godrift.${name}`, title, ViewColumn.Active, {
    enableScripts: true,
    localResourceRoots: [out],
  });
  const icon = (file: string) => Uri.joinPath(context.extensionUri, 'extension', 'images', file);
  panel.iconPath = { light: icon('tab-light.svg'), dark: icon('tab-dark.svg') };
  const own = (file: string) => panel.webview.asWebviewUri(Uri.joinPath(out, file)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src ${panel.webview.cspSource}; script-src 'nonce-${nonce}'`;
  panel.webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="stylesheet" href="${own(`${name}.css`)}">
</head>
${body.replace('</body>', `<script nonce="${nonce}" src="${own(`${name}.js`)}"></script>\n</body>`)}
</html>`;
  return panel;
}
