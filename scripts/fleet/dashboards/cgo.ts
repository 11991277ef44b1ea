import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  board,
  events,
  list,
  matrix,
  named,
  number,
  ofWorkspace,
  overTime,
  plain,
  workspace,
  zeroIsBetter,
  zeroIsGood,
} from './kit';

const on = `max by (${workspace}) (go_env_cgo_enabled_state{${ofWorkspace}})`;
const target = `max by (${workspace}, goos, goarch) (go_env_cgo_cross_compilable{${ofWorkspace}})`;
const broken = `${target} == 0 and on (${workspace}) (${on} == 1)`;
const flips = (range: '$__interval' | '$__range') => events('go_build_cgo_enabled_flips', ofWorkspace, range);
const small = { unit: 'none', span: 6, height: 4 };

export const cgo = board({
  uid: 'godrift-cgo',
  title: 'godrift: CGO flips and targets',
  text: 'Where CGO_ENABLED goes on and off, and for which targets C code can be built.',
  from: 'now-7d',
  byWorkspace: true,
  panels: [
    number({
      ...small,
      title: 'cgo is on',
      text: 'Workspaces in which CGO_ENABLED is 1.',
      expr: `sum(${on})`,
      steps: plain,
    }),
    number({
      ...small,
      title: 'Flips',
      text: 'How often CGO_ENABLED changed in the time shown. Each change rebuilds what depends on it.',
      expr: `sum(${flips('$__range')}) or vector(0)`,
      steps: zeroIsBetter,
    }),
    number({
      ...small,
      title: 'Workspaces that flip',
      text: 'Workspaces in which CGO_ENABLED changed in the time shown.',
      expr: `count(group by (${workspace}) (${flips('$__range')})) or vector(0)`,
      steps: zeroIsBetter,
    }),
    number({
      ...small,
      title: 'Cannot build C code',
      text: 'Targets that cannot be built although cgo is on there, over all workspaces.',
      expr: `count(${broken}) or vector(0)`,
      steps: zeroIsGood,
    }),
    overTime({
      title: 'CGO_ENABLED',
      text: 'Workspaces by the value of CGO_ENABLED.',
      unit: 'none',
      span: 12,
      height: 8,
      as: 'stacked',
      queries: [{ expr: `count_values("state", ${on})`, legend: 'CGO_ENABLED={{state}}' }],
    }),
    overTime({
      title: 'Flips',
      text: 'Changes of CGO_ENABLED by the value that it became, each counted once.',
      unit: 'none',
      span: 12,
      height: 8,
      as: 'bars',
      interval: '5m',
      queries: [{ expr: `sum by (value) (${flips('$__interval')})`, legend: 'became {{value}}' }],
    }),
    matrix({
      title: 'Targets that can be built',
      text: 'The share of workspaces in which a program with C code can be built for the target. Only what was tried counts.',
      unit: 'percentunit',
      span: 12,
      height: 10,
      expr: `avg by (goos, goarch) (${target})`,
      down: 'goos',
      across: 'goarch',
      colour: FieldColorModeId.ContinuousRdYlGr,
      max: 1,
    }),
    list({
      title: 'cgo is on and cannot build',
      text: 'What to mend: godrift cgo on that host names the cause and what helps.',
      unit: 'none',
      span: 12,
      height: 10,
      expr: named(broken),
      labels: {
        host_name: 'Host',
        instance: 'Instance',
        workspace: 'Workspace',
        goos: 'GOOS',
        goarch: 'GOARCH',
      },
      value: null,
      worst: 'high',
    }),
    list({
      title: 'Who flips most',
      text: 'The workspaces in which CGO_ENABLED changed most often in the time shown.',
      unit: 'none',
      span: 24,
      height: 8,
      expr: `topk(50, sum by (instance, workspace) (${flips('$__range')}))`,
      labels: { instance: 'Instance', workspace: 'Workspace' },
      value: 'Flips',
      worst: 'high',
    }),
  ],
});
