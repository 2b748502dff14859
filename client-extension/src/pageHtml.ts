/** The frame of a page: it can load nothing but its own script and style. */

import * as vscode from 'vscode';

export function html(webview: vscode.Webview, media: vscode.Uri): string {
  const link = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${link('page.css')}">
<title></title>
</head>
<body>
<h1 id="title"></h1>
<p id="status" role="status"></p>
<main id="text" tabindex="0"></main>
<script src="${link('page.js')}"></script>
</body>
</html>`;
}
