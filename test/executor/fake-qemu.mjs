// Stands in for qemu-system-x86_64: takes its arguments, connects to its sockets, and behaves as FAKE_QEMU says.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';

const behaviour = process.env.FAKE_QEMU ?? '';
const words = process.argv.slice(2);
const chardev = (id) => words.find((word) => word.includes(`id=${id},`))?.replace(/^.*path=/, '') ?? '';
const say = (text) => writeFileSync(chardev('log'), text, { flag: 'a' });
const hello = '{"t":"hello","protocol":1,"kernel":"7.2","operations":["open"],"module":true}\n';

if (behaviour === 'refuses') {
  console.error('qemu-system-x86_64: no machine of that kind');
  process.exit(1);
}
// A child that has to go with it.
if (behaviour !== 'alone') spawn('sleep', ['100'], { stdio: 'ignore', argv0: `child of ${chardev('console')}` });
setInterval(() => undefined, 1000);
if (behaviour !== 'deaf') {
  const console_ = createConnection(chardev('console'));
  const control = createConnection(chardev('control'));
  control.on('error', () => undefined);
  console_.on('error', () => undefined);
  control.write(behaviour === 'garbage on control' ? 'not json\n' : '{"QMP":{}}\n');
  control.on('data', (data) => {
    for (const line of data.toString().split('\n')) {
      if (line === '') continue;
      const { execute } = JSON.parse(line);
      if (execute === 'migrate' && behaviour === 'dies while saving') process.exit(0);
      if (execute === 'stop' && behaviour === 'mute control') continue;
      const status = behaviour === 'can not save' ? 'failed' : 'completed';
      control.write(`${JSON.stringify({ return: execute === 'query-migrate' ? { status } : {} })}\n`);
    }
  });
  if (behaviour !== 'silent') say('[    0.000000] Linux version 7.2\r\n');
  if (behaviour === 'panic') {
    say('[    1.000000] Kernel panic - not syncing: no init found\r\n');
    setTimeout(() => process.exit(0), 50);
  } else if (behaviour === 'exits') setTimeout(() => process.exit(3), 50);
  else if (behaviour === 'killed') setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);
  else if (behaviour === 'garbage') console_.write('\u0000\u0001 what\n');
  else if (behaviour === 'at once')
    console_.write(`${hello}{"t":"ran","id":1}\n{"t":"r`, () => setTimeout(() => console_.write('an","id":2}\n'), 50));
  else if (behaviour === 'never silent')
    setInterval(() => say('[    2.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!\r\n'), 100);
  else if (behaviour === 'talks then stops') console_.write(hello);
}
