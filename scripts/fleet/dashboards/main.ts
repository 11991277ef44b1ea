// Writes the dashboards to the folder that is named, one file each.
import fs from 'node:fs';
import path from 'node:path';
import { cgo } from './cgo';
import { drift } from './drift';
import { goroot } from './goroot';
import { monitor } from './monitor';
import { overview } from './overview';
import { rollback } from './rollback';
import { versions } from './versions';

/** In the order of their file names in shared/observability/grafana. */
const boards = { overview, goroot, cgo, drift, rollback, versions, monitor };

const folder = process.argv[2];
if (!folder) throw new Error('say which folder to write to');
for (const [name, made] of Object.entries(boards))
  fs.writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(made, null, 2)}\n`);
