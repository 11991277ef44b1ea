// Elements of the page. Every text is set as text: nothing that comes from outside is ever taken for markup.

export type Child = Node | string | number | null | undefined | false;

export interface Properties {
  /** Set as attributes; true is an empty one, and false, null and undefined are none. */
  [attribute: string]: string | number | boolean | null | undefined | ((event: never) => void) | Css;
}

/** Style properties by name. They are set through the object model, which the policy of the page allows. */
export type Css = Record<string, string>;

/** Makes an element. Properties that begin with "on" are listeners, and css holds style properties. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  set(element, properties);
  add(element, children);
  return element;
}

/** The same for pictures. */
export function s<K extends keyof SVGElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  set(element, properties);
  add(element, children);
  return element;
}

function set(element: HTMLElement | SVGElement, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (typeof value === 'object') {
      for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    } else if (read.has(name)) element.setAttribute(name, visible(String(value)));
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Attributes that people read. */
const read = new Set(['title', 'aria-label', 'placeholder']);

// Control characters and those that turn the direction of text around: the same as in server/tell/clean.go.
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A text in which nothing is hidden, and nothing makes what is around it look like something else. */
export function visible(text: string): string {
  return text.replace(hidden, '\ufffd');
}

export function add(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : visible(String(child)));
  }
}

/**
 * Puts a new content in the place of the old one. What a person has opened stays open, and who was at a control with
 * a data-key is at the new one with the same key.
 */
export function replace(element: HTMLElement, ...children: Child[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && element.contains(active) ? active.dataset.key : undefined;
  const open = new Set<string>();
  for (const details of element.querySelectorAll<HTMLDetailsElement>('details[data-key]')) {
    if (details.open) open.add(details.dataset.key ?? '');
  }
  element.replaceChildren();
  add(element, children);
  for (const details of element.querySelectorAll<HTMLDetailsElement>('details[data-key]')) {
    if (open.has(details.dataset.key ?? '')) details.open = true;
  }
  if (key === undefined) return;
  for (const next of element.querySelectorAll<HTMLElement>('[data-key]')) {
    if (next.dataset.key === key) {
      next.focus({ preventScroll: true });
      return;
    }
  }
}

/** Runs f once, a short time after the last of several calls. */
export function later(milliseconds: number, f: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(f, milliseconds);
  };
}
