import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inScratch, rhohat, table } from './command.ts';

const QUICK = ['--epochs', '2', '--batch-size', '20', '--threads', '1'];

test('a sweep trains every combination with every seed, as train would, and tells the best', () =>
  inScratch(async (folder) => {
    const call = (...args: string[]) => rhohat(args, { cwd: folder });
    writeFileSync(join(folder, 'data.csv'), table(60));
    const sweep = [
      'sweep',
      'data.csv',
      ...QUICK,
      '--vary',
      'learning-rate=0.1,1e30',
      '--vary',
      'hidden=3',
      '--seeds',
      '7,9',
    ];
    const { status, stdout, stderr } = await call(...sweep, '--out', 'out');
    assert.is(status, 1, stderr); // 1e30 diverges
    assert.match(stderr, /6 examples, a tenth, are held out: runs are compared by their error/);
    assert.match(stderr, /^4\/4 /m);
    assert.match(
      stdout,
      /best: learning-rate 0\.1, hidden 3, validation error 0\.\d+ ± [\d.e-]+ of 6 held-out examples, a tenth/,
    );
    assert.match(stdout, /failed: learning-rate=1e30,hidden=3,seed=7: .*overflows/);
    const files = readdirSync(join(folder, 'out'));
    for (const name of ['sweep.json', 'sweep.csv', 'best.json', 'curves.svg', 'heatmap.svg'])
      assert.ok(files.includes(name));
    assert.not.ok(files.includes('run.lock'));

    // A run's bits are those of train with the same config.
    const name = 'learning-rate=0.1,hidden=3,seed=9';
    await call('train', '--config', `out/configs/${name}.json`, '--out', 'again', '--threads', '2');
    await call(
      'train',
      'data.csv',
      ...QUICK,
      '--learning-rate',
      '0.1',
      '--hidden',
      '3',
      '--seed',
      '9',
      '--held-out',
      '6',
      '--out',
      'typed',
    );
    const [one, again, typed] = [`out/${name}`, 'again', 'typed'].map((run) =>
      readFileSync(join(folder, run, 'model.safetensors')),
    );
    assert.ok(one.equals(again) && one.equals(typed));
    const csv = readFileSync(join(folder, 'out/sweep.csv'), 'utf8').trimEnd().split('\n');
    assert.is(csv.length, 5);
    assert.match(csv[0], /^run,learning-rate,hidden,seed,state,validation,cost,/);
    assert.match(csv[1], /^"learning-rate=0.1,hidden=3,seed=7",0.1,3,7,finished,0\.\d+/);
    assert.match(csv[3], /,1e30,3,7,failed,,/);

    // The same command goes on, which is to try again what failed.
    const second = await call(...sweep, '--out', 'out', '--json');
    const json = JSON.parse(second.stdout);
    assert.equal([second.status, json.runs.length, json.combinations.length, json.heldOut], [1, 4, 2, 6]);
    assert.equal(json.best.settings, { 'learning-rate': '0.1', hidden: '3' });
    assert.is(json.runs[2].state, 'failed');
    assert.is(second.stderr, '');
    const other = await call('sweep', 'data.csv', ...QUICK, '--vary', 'hidden=2,3', '--out', 'out');
    assert.is(other.status, 2);
    assert.match(other.stderr, /out holds a sweep of other settings/);

    const compared = await call('compare', 'out');
    assert.equal([compared.status, compared.stderr], [0, '']);
    assert.is(compared.stdout.trimEnd().split('\n').length >= 5, true, compared.stdout);
    assert.match(compared.stdout, 'waiting');
  }));

test('--print-config prints the plan and trains nothing; seeds, lists and data follow', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(60));
    const { status, stdout } = await rhohat(
      [
        ...[
          'sweep',
          'data.csv',
          '--vary',
          'hidden=[3,2],4',
          '--vary',
          'optimizer.beta1=0.8,0.9',
          '--vary',
          'tied=true,false',
        ],
        ...['--optimizer', 'adam', '--seeds', '2', '--held-out', '10', '--patience', '3', '--print-config'],
      ],
      { cwd: folder },
    );
    assert.is(status, 0);
    const { runs, heldOut, heldOutChosen, examples } = JSON.parse(stdout);
    assert.equal([runs.length, heldOut, heldOutChosen, examples], [16, 10, false, [50, 4]]);
    assert.is(runs[0].name, 'hidden=3-2,beta1=0.8,tied=true,seed=1');
    assert.equal(
      [runs[0].run.model.hidden, runs[0].run.fit.optimizer.beta1, runs[0].run.model.tied],
      [[3, 2], 0.8, true],
    );
    assert.equal([runs[15].run.model.hidden, runs[15].run.model.seed, runs[15].run.fit.seed], [4, 2, 2]);
    assert.is(runs[0].run.heldOut, 10);
    assert.equal(readdirSync(folder), ['data.csv']);
  }));

test('what is wrong is told before anything is trained', () =>
  inScratch(async (folder) => {
    writeFileSync(join(folder, 'data.csv'), table(60));
    const refused: [string[], RegExp][] = [
      [['--vary', 'hiden=2,3'], /--vary names "hiden", which is no key \(did you mean hidden\?\)/],
      [['--vary', 'sparsity.wieght=2,3'], /with sparsity\.wieght=2: config\.sparsity\.wieght is not a known key/],
      [['--vary', 'hidden'], /it must be a key and values/],
      [['--vary', 'hidden=2,,3'], /it must be a key and values/],
      [['--vary', 'hidden=2,x'], /--vary hidden is "x": .*It must be a number/],
      [['--vary', 'tied=yes'], /--vary tied is "yes": it must be true or false/],
      [['--vary', 'output=tanhh'], /--vary output is "tanhh": .*Allowed choices/],
      [['--vary', 'seed=1,2'], /which is not varied: give --seeds 3/],
      [['--vary', 'held-out=1,2'], /which is not varied/],
      [['--vary', 'source=../x'], /which is not varied/],
      [['--vary', '__proto__.x=1'], /which is no key/],
      [['--vary', 'model.constructor=1'], /which is no key/],
      [['--vary', 'hidden=2,3', '--vary', 'hidden=4'], /--vary names hidden twice/],
      [['--vary', 'hidden=2,2.0'], /give the same run twice, hidden=2,seed=1 and hidden=2.0,seed=1/],
      [['--vary', 'sparsity.target=0.1,2'], /with sparsity\.target=2: config\.sparsity\.target is 2/],
      [
        ['--vary', `hidden=${Array.from({ length: 70 }, (_, i) => i + 1)}`, '--seeds', '60'],
        /ask for 4200 runs: at most 4096/,
      ],
      [['--vary', 'hidden=2', '--seeds', '1,1'], /No seed may stand twice/],
      [['--vary', 'hidden=2', '--held-out', '0'], /--held-out is 0: runs are compared/],
      [['--vary', 'hidden=2', '--held-out', '60'], /--held-out|held-out/],
      [['--vary', 'columns=[a,b],[a,nope]'], /nope/],
      [['--vary', 'hidden=2', '--out', '.'], /\. exists and is not empty/],
      [['--resume', 'nowhere'], /data\.csv is given with --resume/],
      [['--jobs', '0'], /at least 1/],
    ];
    for (const [args, message] of refused) {
      const { status, stdout, stderr } = await rhohat(['sweep', 'data.csv', ...QUICK, ...args], { cwd: folder });
      assert.equal([status, stdout], [2, ''], `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
    }
    const resume = await rhohat(['sweep', '--resume', 'nowhere'], { cwd: folder });
    assert.match(resume.stderr, /nowhere: there is no such folder: name the folder of a sweep/);
    assert.equal(readdirSync(folder), ['data.csv']);
  }));

test('hostile names of columns reach no path, no table and no picture', () =>
  inScratch(async (folder) => {
    const names = ['../../up', '<script>alert(1)</script>', '=cmd|x', 'plain'];
    const head = names.map((name) => `"${name}"`).join(',');
    writeFileSync(join(folder, 'data.csv'), table(60).replace('a,b,c,d', head));
    const { status, stderr } = await rhohat(
      [
        ...['sweep', 'data.csv', ...QUICK, '--hidden', '2', '--out', 'out'],
        ...[
          '--vary',
          'data.table.columns=["../../up","=cmd|x"],["<script>alert(1)</script>","plain"]',
          '--vary',
          'loss=squared-error',
        ],
      ],
      { cwd: folder },
    );
    assert.is(status, 0, stderr);
    assert.equal(readdirSync(folder).sort(), ['data.csv', 'out']);
    for (const name of readdirSync(join(folder, 'out'))) assert.match(name, /^[\w.,=+-]+$/);
    const read = (name: string) => readFileSync(join(folder, 'out', name), 'utf8');
    for (const name of ['curves.svg', 'heatmap.svg']) {
      assert.not.match(read(name), '<script');
      assert.match(read(name), '&lt;script');
    }
    const [first] = readdirSync(join(folder, 'out')).filter((name) => name.startsWith('columns='));
    assert.ok(existsSync(join(folder, 'out', first, 'summary.json')));
  }));

test.run();
