import { prepare } from '../../data/preprocessing/prepare.ts';
import { InputError } from '../../errors.ts';
import { ownArray } from '../../node/label-source.ts';
import type { SourcePlan } from '../../training/run.ts';
import type { Labelled, Stack } from './classify-data.ts';
import type { ClassifyFlags } from './classify-flags.ts';
import { asRead, kept, readSource } from './read-source.ts';
import { ownLabels, readLabels } from './run-data.ts';

/** Reads examples with their labels, treated as those of the stack below the classifier were. */
export class LabelledReader {
  private readonly source: string;
  private readonly stack: Stack;
  private readonly flags: ClassifyFlags;
  // Names and places of the columns: what is read after the training data gives the same ones.
  private names: readonly string[] | undefined;
  private ownPlan: SourcePlan;

  /** `source`: the training data. */
  constructor(source: string, stack: Stack, flags: ClassifyFlags) {
    this.source = source;
    this.stack = stack;
    this.flags = flags;
    this.names = stack.columns;
    this.ownPlan = stack.plan;
  }

  /** Names of the columns, once something was read. */
  get columns(): readonly string[] | undefined {
    return this.names;
  }

  /** How new data are to be read, once something was. */
  get plan(): SourcePlan {
    return this.ownPlan;
  }

  /** @throws InputError where there are no labels, naming `flag`, or the source does not fit the plan. */
  readonly read = async (name: string, labelSource?: string, limit?: number, flag?: string): Promise<Labelled> => {
    const { source, flags } = this;
    const { models, steps } = this.stack;
    const labels = await readLabels(name, labelSource, flag);
    const { classes, limit: _, ...others } = this.ownPlan;
    const chosen = {
      ...others,
      ...(flags.classes ? { classes: flags.classes } : {}),
      ...(limit === undefined ? {} : { limit }),
    };
    const { stacks, plan: rest } = await readSource(name, chosen, {
      match: this.names,
      saved: flags.on !== undefined || name !== source,
      id: ownLabels(name, labelSource),
      labels: ownArray(name, labelSource),
    });
    this.names ??= kept(stacks[0].columns);
    if (flags.on === undefined && name === source) this.ownPlan = asRead(this.ownPlan, stacks[0]);
    const precision = models[0]?.config.precision ?? flags.precision ?? 'float32';
    const { x, labels: left, image, read: words } = prepare(stacks, rest, precision, steps, labels);
    if (left === undefined) throw new InputError(`${name}: it has no labels: name them with --labels`);
    return { x, labels: left, read: words, ...(image ? { image } : {}) };
  };
}
