/** One row of the trees of tools and of the build cache. */
export interface Row {
  id: string;
  label: string;
  description?: string;
  tooltip?: string;
  /** The name of one of the editor's icons, and of a colour for it. */
  icon: string;
  color?: string;
  /** The fix that a click offers, or the command that it runs. */
  fix?: string;
  command?: string;
  children?: Row[];
  collapsed?: boolean;
}
