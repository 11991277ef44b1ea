import {
  board,
  colours,
  events,
  heat,
  list,
  number,
  ofHost,
  ofWorkspace,
  overTime,
  plain,
  zeroIsGood,
} from './kit';

const done = `${ofHost},result="done"`;
const quantile = (q: number, range: '$__interval' | '$__range') =>
  `histogram_quantile(${q}, sum by (le) (${events('rollback_duration_seconds_bucket', done, range)}))`;
const small = { span: 6, height: 4 };
const slow: [number | null, string][] = [
  [null, colours.good],
  [10, colours.warn],
  [60, colours.bad],
];

export const rollback = board({
  uid: 'godrift-rollback',
  title: 'godrift: rollback latency',
  text: 'How long it takes until an environment is back where it was, and whether it gets there. Durations belong to hosts, not to workspaces.',
  from: 'now-7d',
  byWorkspace: true,
  panels: [
    number({
      ...small,
      unit: 'none',
      title: 'Rollbacks',
      text: 'Rollbacks in the time shown, however they ended.',
      expr: `sum(${events('rollback', ofWorkspace, '$__range')}) or vector(0)`,
      steps: plain,
    }),
    number({
      ...small,
      unit: 'none',
      title: 'Failed',
      text: 'Rollbacks that did not get there. A refused one changed nothing and does not count.',
      expr: `sum(${events('rollback', `${ofWorkspace},result="failed"`, '$__range')}) or vector(0)`,
      steps: zeroIsGood,
    }),
    number({
      ...small,
      unit: 's',
      title: 'Median',
      text: 'Half of the rollbacks that were done took no longer.',
      expr: quantile(0.5, '$__range'),
      steps: slow,
    }),
    number({
      ...small,
      unit: 's',
      title: '95 of 100',
      text: 'Of a hundred rollbacks that were done, ninety-five took no longer.',
      expr: quantile(0.95, '$__range'),
      steps: slow,
    }),
    overTime({
      title: 'Latency',
      text: 'Quantiles of how long rollbacks took that were done, from the histogram; there are gaps where there was none.',
      unit: 's',
      span: 12,
      height: 9,
      as: 'line',
      interval: '1h',
      queries: [
        { expr: quantile(0.5, '$__interval'), legend: 'median' },
        { expr: quantile(0.95, '$__interval'), legend: '95 of 100' },
        { expr: quantile(0.99, '$__interval'), legend: '99 of 100' },
      ],
    }),
    heat({
      title: 'How latency is spread',
      text: 'How many rollbacks took how long. Two bands are two kinds of rollback: variables alone, and a toolchain that had to be fetched.',
      unit: 'none',
      span: 12,
      height: 9,
      interval: '1h',
      histogram: true,
      query: {
        expr: `sum by (le) (${events('rollback_duration_seconds_bucket', ofHost, '$__interval')})`,
        legend: '{{le}}',
      },
    }),
    overTime({
      title: 'How rollbacks ended',
      text: 'done: looked at afterwards and found to be as remembered; refused: nothing was changed; failed: not there.',
      unit: 'none',
      span: 12,
      height: 8,
      as: 'bars',
      interval: '5m',
      queries: [
        { expr: `sum by (result) (${events('rollback', ofWorkspace, '$__interval')})`, legend: '{{result}}' },
      ],
    }),
    overTime({
      title: 'What was done to mend things',
      text: 'Fixes, undos, rollbacks, acceptances and others, as the audit tells them.',
      unit: 'none',
      span: 12,
      height: 8,
      as: 'bars',
      interval: '5m',
      queries: [
        {
          expr: `sum by (kind) (${events('godrift_deeds', ofWorkspace, '$__interval')})`,
          legend: '{{kind}}',
        },
      ],
    }),
    list({
      title: 'Where environments are rolled back',
      text: 'The workspaces with the most rollbacks in the time shown: something there keeps changing the environment.',
      unit: 'none',
      span: 24,
      height: 8,
      expr: `topk(50, sum by (instance, workspace, result) (${events('rollback', ofWorkspace, '$__range')}))`,
      labels: { instance: 'Instance', workspace: 'Workspace', result: 'Result' },
      value: 'Rollbacks',
      worst: 'high',
    }),
  ],
});
