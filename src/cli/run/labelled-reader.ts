import { describeValues } from '../../data/formats/describe-values.ts';
import { prepare } from '../../data/preprocessing/prepare.ts';
import { InputError, show } from '../../errors.ts';
import { ownArray } from '../../node/label-source.ts';
import type { SourcePlan } from '../../training/run.ts';
import type { Labelled, Stack } from './classify-data.ts';
import type { ClassifyFlags } from './classify-flags.ts';
import { asRead, kept, readSource } from './read-source.ts';
import { labelsFor, ownLabels } from './run-data.ts';

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

  /** What the classes are called, by number, where the training data say so. */
  get classes(): readonly string[] | undefined {
    return this.classNames;
  }

  /** How new data are to be read, once something was. */
  get plan(): SourcePlan {
    return this.ownPlan;
  }

  /** @throws InputError where there are no labels, naming `flag`, or the source does not fit the plan. */
  readonly read = async (name: string, labelSource?: string, limit?: number, flag?: string): Promise<Labelled> => {
    const { source, flags } = this;
    const { models, steps } = this.stack;
    // A column of the table itself, or a source of their own.
    const label = labelSource === undefined ? flags.labelColumn : undefined;
    const { classes, limit: _, ...others } = this.ownPlan;
    const chosen = {
      ...others,
      ...(flags.classes ? { classes: flags.classes } : {}),
      ...(limit === undefined ? {} : { limit }),
    };
    const { stacks, plan: rest } = await readSource(name, chosen, {
      match: this.names,
      saved: flags.on !== undefined || name !== source,
      ...(label === undefined
        ? { id: ownLabels(name, labelSource), labels: ownArray(name, labelSource) }
        : { label, classes: this.classNames }),
      ...(flags.dropRows ? { dropRows: true } : {}),
      fills: steps?.[0]?.kind === 'fill',
    });
    const labels = this.inOrder(name, await labelsFor(stacks, name, labelSource, flag), stacks[0].classes);
    this.names ??= kept(stacks[0].columns);
    if (flags.on === undefined && name === source) this.ownPlan = asRead(this.ownPlan, stacks[0]);
    const precision = models[0]?.config.precision ?? flags.precision ?? 'float32';
    const { x, labels: left, image, read: words } = prepare(stacks, rest, precision, steps, labels);
    if (left === undefined) throw new InputError(`${name}: it has no labels: name them with --labels`);
    const byClass = stacks[0].classes !== undefined && labelSource === undefined && label === undefined;
    const values = describeValues(stacks);
    return { x, labels: left, read: words, values, byClass, ...(image ? { image } : {}) };
  };

  /** Labels as the training data number the classes: where both have names, these tell. */
  private inOrder(name: string, labels: ArrayLike<number>, classes?: readonly string[]): ArrayLike<number> {
    const known = this.classNames;
    if (classes === undefined) return labels;
    if (known === undefined) {
      if (name === this.source) this.classNames = kept(classes);
      return labels;
    }
    return Uint32Array.from(labels, (label) => {
      const number = known.indexOf(classes[label]);
      if (number >= 0) return number;
      throw new InputError(
        `${name}: it has the class ${show(classes[label])}, which the training data do not have: their classes are ${known.slice(0, 12).map(show).join(', ')}`,
      );
    });
  }
}
