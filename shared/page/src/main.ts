// The page: in a browser it talks to the monitor that it came from, in an editor to the editor.
import { App } from './app';
import { EditorTransport } from './editor';
import { Http, takeKey } from './http';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): { place?: string } | undefined;
  setState(state: { place: string }): void;
};

function inBrowser(): App {
  takeKey();
  return new App(new Http(), {
    get: () => location.hash.slice(1),
    set: (place) => history.pushState(null, '', `#${place}`),
    onChange: (f) => {
      window.addEventListener('popstate', f);
      window.addEventListener('hashchange', f);
    },
  });
}

function inEditor(): App {
  const editor = acquireVsCodeApi();
  let changed = () => {};
  let place = document.body.dataset.section || editor.getState()?.place || '';
  const set = (next: string) => {
    place = next;
    editor.setState({ place });
  };
  const transport = new EditorTransport(editor, (section) => {
    set(section);
    changed();
  });
  return new App(transport, {
    get: () => place,
    set,
    onChange: (f) => {
      changed = f;
    },
  });
}

const app = typeof acquireVsCodeApi === 'function' ? inEditor() : inBrowser();
void app.start();
