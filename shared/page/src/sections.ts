// The sections of the page, in the order of their tabs.

import { alerts } from './alerts';
import type { Context } from './app';
import { audit } from './audit';
import { cache } from './cache';
import { cgo } from './cgo';
import { now } from './now';
import { pins } from './pins';
import { timeline } from './timeline';
import { tools } from './tools';
import type { Transport } from './transport';

/** One section as it is shown. */
export interface Section {
  element: HTMLElement;
  /** Asks and draws anew. */
  refresh(): Promise<void>;
  /** Another section takes its place. */
  gone?(): void;
  /** Time goes by. */
  tick?(): void;
}

export interface SectionMaker {
  id: string;
  title: string;
  needs?(transport: Transport): boolean;
  make(context: Context): Section;
}

export const sections: SectionMaker[] = [
  { id: 'now', title: 'Now', make: now },
  { id: 'timeline', title: 'Timeline', make: timeline },
  { id: 'pins', title: 'Pins & readers', make: pins },
  { id: 'cgo', title: 'cgo', make: cgo },
  { id: 'cache', title: 'Cache', make: cache },
  { id: 'tools', title: 'Tools', make: tools },
  { id: 'alerts', title: 'Alerts', needs: (transport) => transport.alerts !== undefined, make: alerts },
  { id: 'audit', title: 'Audit', make: audit },
];
