import { describeValues } from '../../data/formats/describe-values.ts';
import { prepare } from '../../data/preprocessing/prepare.ts';
import { InputError } from '../../errors.ts';
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
  private classNames: readonly string[] | undefined;

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

  /** What the classes are called, where the labels are texts, once something was read. */
  get classes(): readonly string[] | undefined {
    return this.classNames;
  }

  /** @throws InputError where there are no labels, naming `flag`, or the source does not fit the plan. */
  readonly read = async (name: string, labelSource?: string, limit?: number, flag?: string): Promise<Labelled> => {
    const { source, flags } = this;
    const { models, steps } = this.stack;
    // A column of the table itself, or a source of their own.
    const label = labelSource === undefined ? flags.labelColumn : undefined;
    const named = label === undefined ? await readLabels(name, labelSource, flag) : undefined;
    const { classes, limit: _, ...others } = this.ownPlan;
    const chosen = {
      ...others,
      ...(flags.classes ? { classes: flags.classes } : {}),
      ...(limit === undefined ? {} : { limit }),
    };
    const { stacks, plan: rest } = await readSource(name, chosen, {
      match: this.names,
      saved: flags.on !== undefined || name !== source,
      ...(label === undefined ? { id: ownLabels(name, labelSource) } : { label, classes: this.classNames }),
      ...(flags.dropRows ? { dropRows: true } : {}),
      fills: steps?.[0]?.kind === 'fill',
    });
    this.classNames ??= stacks[0].classes;
    const labels = named ?? stacks[0].labels;
    this.names ??= kept(stacks[0].columns);
    if (flags.on === undefined && name === source) this.ownPlan = asRead(this.ownPlan, stacks[0]);
    const precision = models[0]?.config.precision ?? flags.precision ?? 'float32';
    const { x, labels: left, image, read: words } = prepare(stacks, rest, precision, steps, labels);
    if (left === undefined) throw new InputError(`${name}: it has no labels: name them with --labels`);
    return { x, labels: left, read: words, values: describeValues(stacks), ...(image ? { image } : {}) };
  };
}
