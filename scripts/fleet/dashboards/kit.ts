// What all dashboards are made of: their variables, the label matchers of their queries, and panels that cannot be
// made without a title, a description and a unit.

import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** The matchers of what belongs to a host, and of what belongs to a workspace. */
export const ofHost = 'job="godrift",instance=~"$instance"';
export const ofWorkspace = `${ofHost},workspace=~"$workspace"`;

/** The labels that make a workspace, which queries join by. */
export const workspace = 'job, instance, workspace';

/** The sum of what a rule of godrift-events recorded, over a range that Grafana fills in. */
export const events = (record: string, matchers: string, range: '$__interval' | '$__range') =>
  `sum_over_time(godrift:${record}:delta5m{${matchers}}[${range}])`;

/**
 * Adds the name of the host, which the resource of the metrics tells. One series of target_info for each instance is
 * taken: a host whose name changes has two for some minutes. Where there is none, the instance must do.
 */
export const named = (expr: string) =>
  `(${expr}) * on (job, instance) group_left (host_name) topk by (job, instance) (1, target_info{job="godrift"}) or on (job, instance) (${expr})`;

const source = { type: 'prometheus', uid: '$' + '{datasource}' };

/** The colours of severities and of what is good and bad; Grafana's own names, which follow its themes. */
export const colours = { good: 'green', bad: 'red', warn: 'orange', calm: 'blue', none: 'text' };

/** From here on the value has this colour. */
type Step = [from: number | null, colour: string];

export const zeroIsGood: Step[] = [
  [null, colours.good],
  [1, colours.bad],
];
export const zeroIsBetter: Step[] = [
  [null, colours.good],
  [1, colours.warn],
];
export const plain: Step[] = [[null, colours.calm]];

const thresholds = (steps: Step[]) =>
  new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));

/** What every panel says of itself. */
interface About {
  title: string;
  /** What is shown, and what to make of it. */
  text: string;
  /** Grafana's name of the unit; none says that the value is a plain number. */
  unit: string;
  /** Columns of the 24 that there are, and rows. */
  span: number;
  height: number;
}

/** What the builders of panels have in common, each returning itself. */
interface Framed<P> {
  title(title: string): P;
  description(text: string): P;
  unit(unit: string): P;
  span(columns: number): P;
  height(rows: number): P;
  datasource(source: { type: string; uid: string }): P;
}

const framed = <P extends Framed<P>>(panel: P, about: About): P =>
  panel
    .title(about.title)
    .description(about.text)
    .unit(about.unit)
    .span(about.span)
    .height(about.height)
    .datasource(source);

export interface Query {
  expr: string;
  legend: string;
}

const query = (q: Query, ref: number) =>
  new prometheus.DataqueryBuilder()
    .refId(String.fromCharCode(65 + ref))
    .datasource(source)
    .expr(q.expr)
    .legendFormat(q.legend);

const now = (expr: string, ref = 0) =>
  query({ expr, legend: '__auto' }, ref).instant().format(prometheus.PromQueryFormat.Table);

/** One number, coloured by what it means. */
export const number = (about: About & { expr: string; steps: Step[] }) =>
  framed(new stat.PanelBuilder(), about)
    .withTarget(query({ expr: about.expr, legend: about.title }, 0).instant())
    .thresholds(thresholds(about.steps))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .noValue('0');

/** How many workspaces there are. */
export const workspaces = (size: Pick<About, 'unit' | 'span' | 'height'>) =>
  number({
    ...size,
    title: 'Workspaces',
    text: 'Workspaces that are watched on these hosts.',
    expr: `count(group by (${workspace}) (godrift_score{${ofWorkspace}}))`,
    steps: plain,
  });

type Drawn = 'line' | 'stacked' | 'bars';

/** Lines over time; what is counted in pieces of time are bars, what adds up is stacked. */
export const overTime = (
  about: About & { queries: Query[]; as: Drawn; min?: number; max?: number; interval?: string },
) => {
  const panel = framed(new timeseries.PanelBuilder(), about)
    .min(about.min ?? 0)
    .drawStyle(about.as === 'bars' ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
    .fillOpacity(about.as === 'line' ? 0 : 60)
    .lineWidth(about.as === 'line' ? 2 : 1)
    .showPoints(common.VisibilityMode.Never)
    .stacking(
      new common.StackingConfigBuilder().mode(
        about.as === 'line' ? common.StackingMode.None : common.StackingMode.Normal,
      ),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    );
  if (about.max !== undefined) panel.max(about.max);
  if (about.interval) panel.interval(about.interval);
  for (const [i, q] of about.queries.entries()) panel.withTarget(query(q, i).range());
  return panel;
};

/** A row of bars, one for each series, as they are now. */
export const bars = (about: About & { query: Query; steps: Step[] }) =>
  framed(new bargauge.PanelBuilder(), about)
    .min(0)
    .withTarget(query(about.query, 0).instant())
    .thresholds(thresholds(about.steps))
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .orientation(common.VizOrientation.Horizontal)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));

const cells = (type: 'auto' | 'color-background') =>
  (type === 'auto'
    ? { type: common.TableCellDisplayMode.Auto }
    : {
        type: common.TableCellDisplayMode.ColorBackground,
        mode: common.TableCellBackgroundDisplayMode.Basic,
      }) as common.TableCellOptions;

/** A table of series: their labels under these headings, in this order, and their value; the worst on top. */
export const list = (
  about: About & {
    expr: string;
    labels: Record<string, string>;
    value: string | null;
    worst: 'high' | 'low';
  },
) => {
  const shown = Object.keys(about.labels);
  const panel = framed(new table.PanelBuilder(), about)
    .withTarget(now(about.expr))
    .filterable(true)
    .cellOptions(cells('auto'))
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(
          ['Time', '__name__', 'job', ...(about.value === null ? ['Value'] : [])]
            .filter((name) => !shown.includes(name))
            .map((name) => [name, true]),
        ),
        indexByName: Object.fromEntries([...shown, 'Value'].map((name, i) => [name, i])),
        renameByName: { ...about.labels, ...(about.value === null ? {} : { Value: about.value }) },
      },
    });
  if (about.value !== null)
    panel.sortBy([
      new common.TableSortByFieldStateBuilder().displayName(about.value).desc(about.worst === 'high'),
    ]);
  return panel;
};

/** A table with one label down, one across, and the value as a coloured field. */
export const matrix = (
  about: About & {
    expr: string;
    down: string;
    across: string;
    colour: dashboard.FieldColorModeId;
    max?: number;
  },
) => {
  const panel = framed(new table.PanelBuilder(), about)
    .min(0)
    .withTarget(now(about.expr))
    .cellOptions(cells('color-background'))
    .align(common.FieldTextAlignment.Center)
    .colorScheme(new dashboard.FieldColorBuilder().mode(about.colour))
    .withTransformation({
      id: 'groupingToMatrix',
      options: { rowField: about.down, columnField: about.across, valueField: 'Value', emptyValue: 'null' },
    })
    .overrideByRegexp(`^${about.down}.*`, [
      { id: 'custom.cellOptions', value: { type: 'auto' } },
      { id: 'custom.align', value: 'left' },
    ]);
  if (about.max !== undefined) panel.max(about.max);
  return panel;
};

/**
 * A heat map over time with one row for each series, or for each bound of a histogram. Grafana takes the buckets of a
 * histogram apart if the format says so; of other series it would take each from the next.
 */
export const heat = (about: About & { query: Query; interval: string; histogram: boolean }) => {
  const axis = new heatmap.YAxisConfigBuilder().axisPlacement(common.AxisPlacement.Left);
  return framed(new heatmap.PanelBuilder(), about)
    .interval(about.interval)
    .withTarget(
      query(about.query, 0)
        .range()
        .format(about.histogram ? prometheus.PromQueryFormat.Heatmap : prometheus.PromQueryFormat.TimeSeries),
    )
    .calculate(false)
    .yAxis(about.histogram ? axis.unit('s') : axis)
    .cellGap(2)
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(heatmap.HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .cellValues(new heatmap.CellValuesBuilder().unit('none').decimals(0))
    .tooltip(new heatmap.HeatmapTooltipBuilder().mode(common.TooltipDisplayMode.Single).yHistogram(false))
    .showLegend();
};

/** What a dashboard says of itself. */
interface Board {
  uid: string;
  title: string;
  text: string;
  from: string;
  /** Whether what it shows belongs to workspaces; else it is of hosts alone. */
  byWorkspace: boolean;
  panels: Builder<dashboard.Panel>[];
}

/** All variables that a dashboard may have; a test gives them values. */
const variables = (byWorkspace: boolean) => {
  const label = (name: string, title: string, text: string, values: string) =>
    new dashboard.QueryVariableBuilder(name)
      .label(title)
      .description(text)
      .datasource(source)
      .query({ query: values, refId: name })
      .definition(values)
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      .sort(dashboard.VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .current({ text: ['All'], value: ['$__all'], selected: true });
  const all: Builder<dashboard.VariableModel>[] = [
    new dashboard.DatasourceVariableBuilder('datasource')
      .label('Prometheus')
      .description('The Prometheus that holds the metrics and has the recording rules loaded.')
      .type('prometheus'),
    label(
      'instance',
      'Host',
      'Hosts that report.',
      'label_values(godrift_build_info{job="godrift"}, instance)',
    ),
  ];
  if (byWorkspace)
    all.push(
      label(
        'workspace',
        'Workspace',
        'Workspaces of these hosts.',
        'label_values(godrift_score{job="godrift",instance=~"$instance"}, workspace)',
      ),
    );
  return all;
};

/** Puts a dashboard together and numbers its panels. */
export function board(b: Board): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(b.title)
    .uid(b.uid)
    .description(b.text)
    .tags(['godrift'])
    .timezone('browser')
    .time({ from: b.from, to: 'now' })
    .refresh('1m')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .editable()
    .variables(variables(b.byWorkspace))
    .link(
      new dashboard.DashboardLinkBuilder('godrift')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['godrift'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true)
        .tooltip('The other dashboards of godrift'),
    );
  for (const panel of b.panels) builder.withPanel(panel);
  const made = builder.build();
  for (const [i, panel] of (made.panels ?? []).entries()) (panel as dashboard.Panel).id = i + 1;
  return made;
}
