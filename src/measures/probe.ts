import {
  type AnyNumbers,
  holdsValues,
  matrix,
  type Numbers,
  rowRange,
  type TypedNumbers,
  type View,
  zeros,
} from '../array/matrix.ts';
import { dataTerm, forward } from '../model/cost.ts';
import type { Engine } from '../model/engine.ts';
import { assertStored } from '../model/examples-check.ts';
import { type Network, type Pass, SLOT } from '../model/network.ts';
import { encodesApart } from '../model/spec.ts';
import { type Activity, ActivityReader } from './activity.ts';

/** What is asked for beside codes. */
export interface Wanted {
  readonly outputs: boolean;
  /** Σₖ L(xₖ, x̂ₖ). */
  readonly loss: boolean;
}

/** Some examples and what a model makes of them. All of it is void once the next ones are taken. */
export interface Probed {
  /** The first of them. */
  readonly begin: number;
  readonly examples: number;
  /** The examples themselves (examples, d), without a unit: as they are stored, or as the model sees them. */
  readonly x: View<TypedNumbers>;
  /** Codes, as encoding gives them. */
  readonly code: Activity;
  /** Activations of the first layer on their way to the codes, in storage of the kernels. */
  readonly first: View;
  /** X̂, as training gives it, where it is asked for. @throws InputError where a value overflows. */
  outputs(): View<Numbers>;
  /** Σₖ L(xₖ, x̂ₖ), where it is asked for. */
  readonly loss: number;
}

/** Where what is read of so many examples lies. */
interface Room {
  readonly examples: number;
  readonly codes: Numbers;
  readonly outputs: Numbers;
  readonly x: Numbers;
}

/**
 * Takes examples through a model once, for codes and outputs both: where encoding keeps other units than training, the two
 * are chosen from the same z. Has networks of its own over the model's θ, which `dispose` gives back.
 */
export class Probe {
  private readonly engine: Engine;
  private readonly wanted: Wanted;
  private readonly network: Network;
  /** For codes, where they are not those that outputs are made of. */
  private readonly encoder: Network | null;
  /** The first layer that encodes in its own way. */
  private readonly parts: number;
  private readonly reader: ActivityReader;
  /** Whether outputs and loss need the examples once z of the first layer is known. */
  private readonly looksAtX: boolean;
  private room: Room | null = null;

  constructor(engine: Engine, wanted: Wanted) {
    const { layers, code } = engine.spec;
    this.engine = engine;
    this.wanted = wanted;
    this.parts = layers.findIndex(encodesApart);
    this.network = engine.createNetwork({ readonly: true });
    const apart = this.parts >= 0;
    this.looksAtX = wanted.loss || layers.some(({ skip }) => skip !== null);
    this.encoder = apart ? engine.createNetwork({ readonly: true, encode: true, keepsZ: wanted.outputs }) : null;
    this.reader = new ActivityReader(this.network.units(code));
  }

  /** Takes rows begin … end−1 of x. @throws InputError where a code overflows. */
  take(x: View<AnyNumbers>, begin: number, end: number): Promise<Probed> {
    return this.engine.exclusive(async () => {
      const { engine, wanted, network, encoder, reader } = this;
      const { kernels } = engine;
      const examples = end - begin;
      const room = this.roomFor(examples, x);
      const part = (numbers: Numbers, rows: number) => numbers.subarray(0, (numbers.length / room.examples) * rows);
      const rows = Uint32Array.from({ length: examples }, (_, i) => begin + i);
      const encoding = (encoder ?? network).pass(examples);
      assertStored(x);
      kernels.gatherRows(encoding.x, x, rows);
      const coding = encoding.layers.slice(0, engine.spec.code + 1);
      await forward({ layers: coding, m: examples });
      const a = await kernels.copyOut(coding[coding.length - 1].code.a, part(room.codes, examples));
      engine.assertFiniteRows(a, examples, begin);
      let outputs: Numbers | null = null;
      let loss = 0;
      if (wanted.outputs) {
        const pass = encoder === null ? encoding : network.pass(examples);
        if (encoder === null) await forward({ layers: pass.layers.slice(coding.length), m: examples });
        else await this.follow(pass, encoding);
        const out = pass.layers[pass.layers.length - 1].code.a;
        outputs = await kernels.copyOut(out, part(room.outputs, examples));
        if (wanted.loss) loss = await this.lossOf(pass, x, rows);
      }
      return {
        begin,
        examples,
        x: holdsValues(x)
          ? rowRange(x, begin, end)
          : rowsOf(await kernels.copyOut(encoding.x, part(room.x, examples)), examples),
        code: reader.read(a),
        first: coding[0].code.a,
        outputs: () => {
          if (outputs === null) throw new Error('outputs were not asked for');
          engine.assertFiniteRows(outputs, examples, begin);
          return rowsOf(outputs, examples);
        },
        loss,
      };
    });
  }

  /** Gives the networks back. */
  dispose(): void {
    this.network.dispose();
    this.encoder?.dispose();
  }

  /** Forward as in training, from the z of a pass that has encoded: up to the first layer that encodes in its own way inputs are the same. */
  private async follow(pass: Pass, encoding: Pass): Promise<void> {
    if (this.looksAtX) this.engine.kernels.copy(pass.x, encoding.x);
    const layers = pass.layers.map((layer, l) =>
      l > this.parts ? layer : { ...layer, forward: () => layer.forward(encoding.layers[l].code.z) },
    );
    await forward({ layers, m: pass.m });
  }

  /** Σₖ L(xₖ, x̂ₖ) of a pass whose outputs are there. */
  private async lossOf(pass: Pass, x: View<AnyNumbers>, rows: Uint32Array): Promise<number> {
    const { network, engine } = this;
    const { kernels } = engine;
    if (pass.target !== pass.x) kernels.gatherRows(pass.target, x, rows);
    if (pass.emphasis !== null) kernels.fill(pass.emphasis, 1);
    kernels.clearResults(network.results);
    dataTerm(network, pass);
    return (await kernels.read(network.results))[SLOT.data] * rows.length;
  }

  private roomFor(examples: number, x: View<AnyNumbers>): Room {
    const { network, engine, wanted } = this;
    const { spec, kernels } = engine;
    if (this.room === null || this.room.examples < examples) {
      const numbers = (columns: number) => zeros(examples * columns, kernels.precision);
      const outputs = wanted.outputs ? network.units(spec.layers.length - 1) : 0;
      this.room = {
        examples,
        codes: numbers(network.units(spec.code)),
        outputs: numbers(outputs),
        x: numbers(holdsValues(x) ? 0 : spec.inputs),
      };
    }
    return this.room;
  }
}

function rowsOf(numbers: Numbers, rows: number): View<Numbers> {
  return matrix(numbers, rows, numbers.length / rows);
}
