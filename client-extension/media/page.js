// Shows what the extension sends. Blocks that did not change are left alone, so that a text that
// grows does not flicker, and a selection or a reader's place in it is not lost.
// @ts-check
const vscode = acquireVsCodeApi();
const text = document.getElementById('text');
const status = document.getElementById('status');
const title = document.getElementById('title');

/** @param {string} html */
function blocksOf(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  return Array.from(parsed.body.childNodes);
}

/** @param {Node[]} blocks */
function replaceChanged(blocks) {
  const old = Array.from(text.childNodes);
  blocks.forEach((block, index) => {
    const there = old[index];
    if (!there) {
      text.appendChild(document.importNode(block, true));
    } else if (!there.isEqualNode(block)) {
      text.replaceChild(document.importNode(block, true), there);
    }
  });
  old.slice(blocks.length).forEach((node) => node.remove());
}

window.addEventListener('message', ({ data }) => {
  title.textContent = data.title;
  if (status.textContent !== data.status) {
    status.textContent = data.status;
  }
  if ('html' in data.body) {
    replaceChanged(blocksOf(data.body.html));
  } else {
    const plain = document.createElement('pre');
    plain.textContent = data.body.text;
    replaceChanged([plain]);
  }
});

vscode.postMessage('ready');
