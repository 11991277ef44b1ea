/** Adds an element with a text, which is never markup, and a class. */
export function make<K extends keyof HTMLElementTagNameMap>(
  parent: Element,
  name: K,
  text = '',
  kind = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.textContent = text;
  if (kind) element.className = kind;
  parent.append(element);
  return element;
}
