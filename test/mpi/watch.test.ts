import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Hub } from '../../src/node/mpi/watch-hub.ts';
import { Spoke } from '../../src/node/mpi/watch-spoke.ts';
import { failureLines, silenceOf } from '../../src/node/mpi/watch-words.ts';

const member = (rank: number) => ({ rank, host: `h${rank}`, pid: 100 + rank });

/** A hub and its processes, in this one: what they tell, and with what each ends the job. */
async function watched(size: number, joining = size) {
  const told: string[] = [];
  const ends: string[] = [];
  let isEmpty = false;
  const tell = (lines: string | readonly string[]) => void told.push(...[lines].flat());
  const hub = new Hub(size, {
    tell,
    joined() {},
    empty() {
      isEmpty = true;
    },
  });
  const offer = { host: 'h0', ...(await hub.open()) };
  const spokes = Array.from(
    { length: joining },
    (_, rank) => new Spoke(member(rank), size, offer, { tell, end: (status) => void ends.push(`${rank}: ${status}`) }),
  );
  for (const spoke of spokes) await spoke.open();
  return { hub, spokes, offer, told, ends, isEmpty: () => isEmpty };
}

/** Waits until it holds. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 1000) throw new Error(`not in 10 s: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What the other side says to lines that are no process's of the job, until it hangs up. */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

test('watch: all that say goodbye leave nothing to tell, and an empty hub', async () => {
  const { hub, spokes, told, ends, isEmpty } = await watched(3);
  for (const spoke of spokes) await spoke.close();
  await until(isEmpty);
  assert.equal([told, ends], [[], []]);
  hub.close();
});

test('watch: who does not know the token, or the language, is not let in, and is no death', async () => {
  const { hub, spokes, offer, told } = await watched(2);
  const hello = { kind: 'hello', token: offer.token, rank: 1, host: 'x', pid: 1 };
  for (const text of [
    JSON.stringify({ ...hello, token: 'other' }),
    JSON.stringify(hello), // rank 1 is there already
    '{"kind":"beat"}',
    '{"kind":"pulse","token":"other","rank":1}',
    JSON.stringify({ kind: 'pulse', token: offer.token, rank: 7 }),
    `{"kind":"beat"}\n${JSON.stringify({ ...hello, rank: 9 })}`, // what comes after what is refused
    'GET / HTTP/1.1',
    'null',
    '{',
  ]) {
    assert.is(await answerTo(offer.port, `${text}\n`), '', text);
  }
  assert.is(await answerTo(offer.port, 'x'.repeat(100_000)), '');
  assert.equal(told, []);
  for (const spoke of spokes) await spoke.close();
  hub.close();
});

test('watch: a connection that ends without a goodbye is told once, and ends the job', async () => {
  const { hub, spokes, offer, told, ends } = await watched(3, 2);
  const hello = { kind: 'hello', token: offer.token, ...member(2) };
  const socket = connect({ host: '127.0.0.1', port: offer.port }, () => socket.write(`${JSON.stringify(hello)}\n`));
  socket.once('data', () => socket.destroy()); // it was welcome
  await until(() => ends.length > 0); // the launcher has not
  assert.is(told.length, 1);
  assert.match(told[0], /^rhohat: rank 2 of 3 \(host h2, pid 102\) ended without a word: it was killed/);
  assert.equal(ends, ['0: 1']);
  for (const spoke of spokes) await spoke.close();
  hub.close();
});

/** A process's connections end as the system ends them, one after the other, with no word. */
function die(spoke: Spoke): void {
  Reflect.set(spoke, 'over', true); // it says nothing any more
  for (const name of ['channel', 'pulse']) Reflect.get(spoke, name)?.destroy();
}

test('watch: of processes whose ends are found together, the first to end is named, whoever had beaten last', async () => {
  const { hub, spokes, told } = await watched(3);
  const beat = () => {
    for (const spoke of spokes) Reflect.get(spoke, 'beat').call(spoke, true);
  };
  beat();
  await new Promise((resolve) => setTimeout(resolve, 100)); // all pulses are connected
  // At once: the hub, in this process, sees nothing of it before the end.
  beat();
  for (const rank of [2, 0, 1]) die(spokes[rank]);
  await until(() => told.length > 0);
  for (const spoke of spokes) await spoke.close();
  hub.close();
  assert.match(told[0], /^rhohat: rank 2 of 3 \(host h2, pid 102\) ended without a word/);
});

test('watch: where beats are not answered over their own connection, they go over the first', async () => {
  const { hub, spokes } = await watched(2);
  const [spoke] = spokes;
  const beat = () => Reflect.get(spoke, 'beat').call(spoke, true);
  const peer = Reflect.get(hub, 'peers').get(0).channel;
  const reached = async () => {
    peer.heard = 0;
    beat();
    await until(() => peer.heard > 0);
  };
  await reached();
  const pulse = Reflect.get(spoke, 'pulse');
  const before = pulse.heard;
  await until(() => pulse.heard > before); // it is answered
  assert.is(Reflect.get(spoke, 'pulse'), pulse);
  pulse.heard -= 7000;
  await reached();
  assert.is(Reflect.get(spoke, 'pulse'), null);
  await reached();
  for (const one of spokes) await one.close();
  hub.close();
});

test('watch: one that gave up waiting leaves with a goodbye, which is no death, and a late welcome changes nothing', async () => {
  let heard = '';
  const slow = createServer((socket) => {
    socket.on('data', (chunk) => {
      heard += chunk;
      if (heard.includes('"bye"')) socket.end('{"kind":"welcome"}\n'); // as a hub does that reads all of it at once
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const { port } = slow.address() as AddressInfo;
  const said: string[] = [];
  const offer = { host: 'h0', port, token: 't', addresses: [], place: '' };
  const tell = (lines: string | readonly string[]) => void said.push(...[lines].flat());
  // Rank 0: where it has lost the hub, it says so at once.
  await new Spoke(member(0), 2, offer, { tell, end: () => said.push('ended') }).open();
  await until(() => heard.includes('"bye"'));
  assert.match(heard, /^\{"kind":"hello".*\n\{"kind":"bye"\}\n/);
  await new Promise((resolve) => setTimeout(resolve, 200));
  slow.close();
  assert.is(said.length, 1, said.join('\n'));
  assert.match(said[0], /^rhohat: rank 0 of 2 .* cannot reach the host of rank 0/);
});

test('watch: a hub that is closed closes the connections of those too who never said who they are', async () => {
  const { hub, spokes, offer } = await watched(2);
  const stranger = connect({ host: '127.0.0.1', port: offer.port });
  await until(() => Reflect.get(hub, 'sockets').size === 3);
  const closed = new Promise((resolve) => stranger.once('close', resolve));
  for (const spoke of spokes) await spoke.close();
  hub.close();
  await closed;
  await until(() => Reflect.get(hub, 'sockets').size === 0);
});

test('watch: failures of some are told once, with ranks, and the lowest that is left ends the job with the status', async () => {
  const { hub, spokes, told, ends } = await watched(3);
  spokes[2].fail('no data', 4);
  spokes[1].fail('no data', 4);
  await until(() => ends.length > 0);
  assert.equal(told, ['rhohat: ranks 1–2 of 3: no data']);
  assert.equal(ends, ['0: 4']);
  for (const spoke of spokes) await spoke.close();
  hub.close();
});

test('watch: words of failures and silences', () => {
  const failure = (rank: number, text: string) => ({ ...member(rank), text, status: 1 });
  assert.equal(failureLines([failure(0, 'a'), failure(1, 'a')], 2), ['rhohat: a']);
  assert.equal(failureLines([failure(0, 'a'), failure(1, 'b')], 2), [
    'rhohat: rank 0 of 2 (host h0): a',
    'rhohat: rank 1 of 2 (host h1): b',
  ]);
  const many = [0, 1, 2, 5].map((rank) => failure(rank, 'a'));
  assert.equal(failureLines(many, 8), ['rhohat: ranks 0–2, 5 of 8: a']);
  const silent = [4, 5].map((rank) => ({ ...member(rank), host: 'b' }));
  assert.match(silenceOf(silent, 6, 15), /^rhohat: ranks 4–5 of 6 \(host b\) have not been heard for 15 s/);
});

test.run();
