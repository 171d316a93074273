// One compiler run per set of globals: a room that reaches for what its host does not have does not compile.
import { spawn } from 'node:child_process';

const projects = ['src/tsconfig.core.json', 'src/hosts/browser', 'src/hosts/node', 'src/studio', 'tsconfig.json'];
const compile = (project) =>
  new Promise((resolve) => {
    const child = spawn('npx', ['tsc', '--project', project, '--pretty', 'false'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) => resolve({ project, code, output }));
  });

let failed = false;
const queue = [...projects];
const worker = async () => {
  for (let project = queue.shift(); project; project = queue.shift()) {
    const { code, output } = await compile(project);
    console.log(`${code === 0 ? 'ok' : 'FAIL'} ${project}`);
    if (code !== 0) {
      failed = true;
      console.error(output);
    }
  }
};
await Promise.all([worker(), worker()]);
process.exit(failed ? 1 : 0);
