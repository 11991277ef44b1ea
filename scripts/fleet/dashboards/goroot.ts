import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { board, events, heat, list, matrix, number, ofWorkspace, overTime, plain, workspace } from './kit';

const moves = (range: '$__interval' | '$__range') => events('go_build_goroot_migrations', ofWorkspace, range);
const small = { unit: 'none', span: 6, height: 4 };

export const goroot = board({
  uid: 'godrift-goroot',
  title: 'godrift: GOROOT migrations',
  text: 'Which Go took the place of which, when and where. A place is a version and what kind of folder it stands in: path, sdk, modcache, system, other.',
  from: 'now-7d',
  byWorkspace: true,
  panels: [
    number({
      ...small,
      title: 'Moves',
      text: 'How often builds moved to another Go in the time shown.',
      expr: `sum(${moves('$__range')}) or vector(0)`,
      steps: plain,
    }),
    number({
      ...small,
      title: 'Workspaces that moved',
      text: 'Workspaces with at least one move in the time shown.',
      expr: `count(group by (${workspace}) (${moves('$__range')})) or vector(0)`,
      steps: plain,
    }),
    number({
      ...small,
      title: 'Ways',
      text: 'Different pairs of from and to. Many ways at once are a migration without a plan.',
      expr: `count(group by (from, to) (${moves('$__range')})) or vector(0)`,
      steps: plain,
    }),
    number({
      ...small,
      title: 'GOROOT changes',
      text: 'How often GOROOT, as go env prints it, became another folder; also where the version stayed.',
      expr: `sum(${events('go_env_goroot_change', ofWorkspace, '$__range')}) or vector(0)`,
      steps: plain,
    }),
    heat({
      title: 'Migrations over time',
      text: 'Each row is a way from one Go to another, each field how many workspaces took it then. A planned change is one bright column; a row that goes on for days is somebody whose tools pull back and forth.',
      unit: 'none',
      span: 24,
      height: 12,
      interval: '5m',
      histogram: false,
      query: { expr: `sum by (from, to) (${moves('$__interval')})`, legend: '{{from}} → {{to}}' },
    }),
    matrix({
      title: 'From and to',
      text: 'All moves of the time shown: from the Go in the row to the Go in the column.',
      unit: 'none',
      span: 14,
      height: 11,
      expr: `sum by (from, to) (${moves('$__range')})`,
      down: 'from',
      across: 'to',
      colour: FieldColorModeId.ContinuousYlRd,
    }),
    list({
      title: 'Who moved most',
      text: 'The workspaces with the most moves. One that moves to and fro has two programs or shells with different settings.',
      unit: 'none',
      span: 10,
      height: 11,
      expr: `topk(50, sum by (instance, workspace, from, to) (${moves('$__range')}))`,
      labels: { instance: 'Instance', workspace: 'Workspace', from: 'From', to: 'To' },
      value: 'Moves',
      worst: 'high',
    }),
    overTime({
      title: 'How the Go is chosen',
      text: 'Workspaces by how the go command comes to the Go that runs: the one on PATH (local, path), one from the module cache, one that it would download, or none (error, nogo).',
      unit: 'none',
      span: 24,
      height: 7,
      as: 'stacked',
      queries: [
        {
          expr: `count by (how) (group by (${workspace}, how) (go_selected_info{${ofWorkspace}}))`,
          legend: '{{how}}',
        },
      ],
    }),
  ],
});
