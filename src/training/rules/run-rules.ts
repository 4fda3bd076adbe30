import type { View } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { alone, type Group } from '../../model/group.ts';
import type { Network } from '../../model/network.ts';
import { assertTensors } from '../../model/spec.ts';
import { State } from '../../model/state.ts';
import type { Optimizer } from '../../optimizers/optimizer.ts';
import { made } from '../../part.ts';
import { show } from '../../validate.ts';
import { orAborted } from '../abortable.ts';
import type { Rule, RuleKind, RuleParameter, Step } from './rule.ts';
import type { RuleConfig } from './table.ts';

/** The rules of a run, with what they keep. */
export interface Rules {
  /** Whether there are any: a step without is not described to them. */
  readonly any: boolean;
  readonly state: State;
  before(step: Step): Promise<void>;
  after(step: Step): Promise<void>;
}

/** The run that rules are made for. */
export interface RuledRun {
  readonly network: Network;
  readonly theta: View;
  readonly optimizer: { readonly kind: string; readonly moments?: Optimizer['moments'] };
  readonly batchSize: number;
  readonly seed: number;
  readonly transcoder: boolean;
  readonly group?: Group | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rules in the order of their specs; what one keeps is named by its place and kind, such as `rule.0.clip-norm.…`. */
export function createRules(
  specs: readonly RuleConfig[],
  kinds: Readonly<Record<string, RuleKind<{ readonly kind: string }>>>,
  { network, theta, optimizer, batchSize, seed, transcoder, group = alone, signal }: RuledRun,
): Rules {
  const { kernels: k, storage, gradient, parameters } = network;
  const shapes = parameters.map(({ name, value }) => ({ name, shape: value.shape }));
  const prefix = (i: number) => `rule.${i}.${specs[i].kind}`;
  const kept = specs.flatMap((spec, i) => {
    const tensors = (kinds[spec.kind].tensors?.(spec, shapes) ?? []).map((tensor) => ({
      ...tensor,
      role: 'run-state' as const,
    }));
    assertTensors(`rule ${show(spec.kind)}`, tensors);
    return tensors.map((tensor) => ({ ...tensor, name: `${prefix(i)}.${tensor.name}` }));
  });
  const state = new State(k, kept, storage);
  const what = { transcoder, centred: network.spec.layers[0].center !== null };
  const rules = specs.map((spec, i): Rule => {
    const moments = ({ value }: RuleParameter) => {
      if (optimizer.moments !== undefined) return optimizer.moments.map((all) => within(all, value, theta));
      throw new InputError(
        `rule ${show(spec.kind)} sets anew what the optimizer keeps of a weight, and optimizer ${show(optimizer.kind)} has no list moments: add it, or use adam or sgd`,
      );
    };
    const own = (name: string) => state.views[`${prefix(i)}.${name}`];
    const place = { k, storage, theta, gradient, parameters, batchSize, seed, group, ...what, moments, state: own };
    const rule = kinds[spec.kind].create(spec, place);
    return made(`rule ${show(spec.kind)}`, rule, { some: ['before', 'after'] });
  });
  /** A promise that never resolves ends with the signal. */
  const waited = (done: void | Promise<void>) =>
    done === undefined ? undefined : orAborted(Promise.resolve(done), signal);
  return {
    any: rules.length > 0,
    state,
    async before(step) {
      for (const rule of rules) await waited(rule.before?.(step));
    },
    async after(step) {
      for (const rule of rules) await waited(rule.after?.(step));
    },
  };
}

/** The part of a vector in θ's layout that lies as the parameter does in θ. */
function within(all: View, { shape, stride, offset }: View, theta: View): View {
  return { data: all.data, shape, stride, offset: all.offset + offset - theta.offset };
}
