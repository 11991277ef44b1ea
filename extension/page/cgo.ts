// The page with the grid of targets: keeps which one was chosen, and draws. Every text
// from outside is set as text, never as markup.

import type { Cell, CgoPage, Mark, TargetDetail } from '../../shared/page/src/cgo-grid';
import { make } from './element';

interface Editor {
  postMessage(message: unknown): void;
  getState(): { target: string } | undefined;
  setState(state: { target: string }): void;
}

declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();
let chosen = editor.getState()?.target ?? '';
let page: CgoPage | undefined;

const find = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return element;
};

const [grid, detail, empty, main, needs, legend, packages, picture] = [
  'grid',
  'detail',
  'empty',
  'main',
  'needs',
  'legend',
  'packages',
  'picture',
].map(find) as [
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
];
const look = find('look') as HTMLButtonElement;

const words: [mark: Mark, sign: string, text: string][] = [
  ['works', '✓', 'can be built'],
  ['other', '✓ CC', 'can be built with another CC, which was tried'],
  ['fails', '✗', 'cannot be built'],
  ['wrong', '≠', 'is built for another system'],
  ['untried', '?', 'not tried'],
  ['none', '–', 'Go has no cgo there'],
];

function drawGrid(told: CgoPage): void {
  grid.replaceChildren();
  const head = make(make(grid, 'thead'), 'tr');
  make(head, 'td');
  for (const name of told.grid.architectures) make(head, 'th', name).scope = 'col';
  const body = make(grid, 'tbody');
  for (const system of told.grid.systems) {
    const row = make(body, 'tr');
    make(row, 'th', system.name).scope = 'row';
    for (const cell of system.cells) {
      const place = make(row, 'td');
      if (cell) drawCell(place, cell);
    }
  }
  legend.replaceChildren();
  const seen = new Set(told.grid.systems.flatMap((s) => s.cells.map((c) => c?.mark)));
  for (const [mark, sign, text] of words) {
    if (!seen.has(mark)) continue;
    const item = make(legend, 'span', '', 'item');
    make(item, 'span', sign, `sign ${mark}`);
    item.append(` ${text}`);
  }
  const item = make(legend, 'span', '', 'item');
  make(item, 'span', 'on', 'sign on');
  item.append(' cgo is on there as things are');
}

function drawCell(place: Element, cell: Cell): void {
  const button = make(place, 'button', cell.sign, `sign ${cell.mark}`);
  button.type = 'button';
  button.title = cell.label;
  button.setAttribute('aria-label', cell.label);
  button.setAttribute('aria-pressed', String(cell.target === chosen));
  button.dataset.target = cell.target;
  if (cell.on) button.classList.add('on');
  if (cell.native) button.classList.add('native');
  button.addEventListener('click', () => choose(cell.target));
}

function choose(target: string): void {
  chosen = target;
  editor.setState({ target });
  for (const button of grid.querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(button.dataset.target === target));
  }
  drawDetail(page?.details.find((d) => d.target === target));
}

function drawDetail(told: TargetDetail | undefined): void {
  detail.replaceChildren();
  if (!told) return;
  make(detail, 'h2', told.title);
  if (told.message) make(detail, 'p', told.message);
  if (told.line) make(detail, 'pre', told.line);
  if (told.remedies.length > 0) {
    const list = make(detail, 'ul');
    for (const remedy of told.remedies) {
      const item = make(list, 'li', remedy.text + (remedy.command ? ': ' : ''));
      if (remedy.command) make(item, 'code', remedy.command);
    }
  }
  const facts = make(detail, 'table', '', 'facts');
  for (const [name, value] of told.facts) {
    const row = make(facts, 'tr');
    make(row, 'th', name).scope = 'row';
    make(row, 'td', value);
  }
  if (told.output) {
    const more = make(detail, 'details');
    make(more, 'summary', 'What the compiler printed');
    make(more, 'pre', told.output);
  }
}

function draw(told: CgoPage): void {
  page = told;
  document.body.classList.toggle('busy', told.busy);
  look.disabled = told.busy;
  const some = told.grid.systems.length > 0;
  empty.textContent = told.empty || (told.busy && !some ? 'Trying the compilers …' : '');
  main.hidden = !some || told.empty !== '';
  if (main.hidden) return;
  needs.textContent = told.needs;
  needs.classList.toggle('fine', told.fine);
  drawGrid(told);
  const all = told.details.map((d) => d.target);
  if (!all.includes(chosen)) {
    const cells = told.grid.systems.flatMap((s) => s.cells).filter((c): c is Cell => c !== null);
    chosen = (cells.find((c) => c.native) ?? cells[0])?.target ?? '';
  }
  choose(chosen);
  picture.replaceChildren();
  for (const step of told.picture) {
    const row = make(picture, 'tr');
    make(row, 'th', step.name).scope = 'row';
    make(row, 'td', step.text);
  }
  packages.replaceChildren();
  for (const told of page.packages) {
    const row = make(packages, 'tr');
    make(row, 'th', told.path).scope = 'row';
    make(row, 'td', told.what);
    make(row, 'td', told.where, 'faint');
  }
}

look.addEventListener('click', () => editor.postMessage({ kind: 'look' }));
window.addEventListener('message', (event: MessageEvent<{ kind?: string; page?: CgoPage }>) => {
  if (event.data.kind === 'cgo' && event.data.page) draw(event.data.page);
});
editor.postMessage({ kind: 'ready' });
