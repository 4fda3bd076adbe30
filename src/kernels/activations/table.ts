import type { Activation } from './activation.ts';
import { linear } from './linear.ts';
import { relu } from './relu.ts';
import { sigmoid } from './sigmoid.ts';
import { softplus } from './softplus.ts';
import { tanh } from './tanh.ts';

/** Activations by the name that a config gives. A new one is one file and one line here. */
export const activations = { sigmoid, tanh, relu, softplus, linear } satisfies Readonly<Record<string, Activation>>;

/** The name of an activation of the table, or of one that is given as a part. */
export type ActivationName = keyof typeof activations | (string & {});
