import type { HistoryEntry } from '../../training/history.ts';
import { grey, signed } from '../components/colours.ts';
import { CostChart } from '../components/cost-chart.ts';
import { find, make } from '../components/find.ts';
import { Pairs } from '../components/pairs.ts';
import { RateHistogram } from '../components/rate-histogram.ts';
import { drawRoll } from '../components/roll.ts';
import { ShareBars } from '../components/share-bars.ts';
import { drawTiles, type TileShape } from '../components/tile.ts';
import { TileGrid } from '../components/tile-grid.ts';
import type { Look as DataLook } from './data-sets.ts';
import type { Look } from './look.ts';
import type { Answer } from './messages.ts';
import type { Settings } from './settings.ts';

/** Everything that is drawn of a model while it trains. */
export class Stage {
  private readonly costs = new CostChart(find('costs', HTMLElement));
  private readonly rates = new RateHistogram(find('rates', HTMLElement));
  private readonly shares = new ShareBars(find('share', HTMLElement), find('shares', HTMLElement));
  private readonly pairs = new Pairs(find('pairs', HTMLCanvasElement));
  private readonly tiles: TileGrid;
  private readonly roll = find('roll', HTMLCanvasElement);
  private readonly inspector = find('inspector', HTMLElement);
  private data: DataLook = { kind: 'table', columns: [] };
  private chosen: number | null = null;

  constructor(pick: (unit: number) => void) {
    this.tiles = new TileGrid(find('tiles', HTMLElement), (unit) => {
      this.choose(unit);
      pick(unit);
    });
    find('close-inspector', HTMLButtonElement).addEventListener('click', () => this.choose(null));
  }

  /** Keeps the place of what will be drawn of such data. */
  expect({ data }: Settings): void {
    const isRoll = data === 'swiss-roll';
    for (const id of ['roll', 'about-roll']) find(id, HTMLElement).hidden = !isRoll;
    for (const id of ['pairs', 'about-pairs']) find(id, HTMLElement).hidden = isRoll;
  }

  /** Before a model that has not been seen yet. */
  begin(data: DataLook, settings: Settings): void {
    this.data = data;
    this.expect(settings);
    this.costs.clear();
    this.choose(null);
    find('about-pairs', HTMLElement).textContent = headingOf(data, settings);
  }

  draw(look: Look, settings: Settings): void {
    const { tiles, units, rates, rateIs } = look;
    const word = rateIs === 'mean' ? 'mean activation' : 'on for';
    const rate = (unit: number) => (rateIs === 'mean' ? rates[unit].toFixed(3) : `${(100 * rates[unit]).toFixed(1)}%`);
    find('about-features', HTMLElement).textContent = this.wordsOf(look);
    this.tiles.draw(
      tiles,
      units,
      this.shapeOf(look.width),
      (unit) => `unit ${unit}, ${word} ${rate(unit)}`,
      (unit) => rates[unit] < 1e-4,
    );
    this.costs.add(look.history.map(pointOf));
    this.shares.draw(look.shares);
    const isMean = rateIs === 'mean';
    const never = isMean ? 0 : rates.filter((rate) => rate === 0).length;
    this.rates.draw(
      rates,
      settings.model === 'kl' ? settings.values.rho : null,
      isMean ? 'ρ̂ of a unit' : 'share of 500 examples that turn a unit on',
    );
    find('about-rates', HTMLElement).textContent = isMean
      ? 'Mean activation ρ̂ of the units'
      : `How often units are on: ${never} of ${units} never`;
    if (this.data.kind === 'roll')
      drawRoll(this.roll, look.x as Float32Array, look.reconstructions as Float32Array, this.data.angles);
    else this.pairs.draw([look.x as Uint8Array, look.reconstructions as Uint8Array], this.shapeOf(look.width));
  }

  /** The examples that a unit answers most. */
  answer({ unit, rows, activations, shades }: Extract<Answer, { tell: 'top' }>): void {
    if (unit !== this.chosen) return;
    const length = rows.length > 0 ? shades.length / rows.length : 0;
    const shape = this.shapeOf(length);
    const figures = rows.map((row, i) => {
      const canvas = document.createElement('canvas');
      drawTiles(canvas, shades.subarray(i * length, (i + 1) * length), shape, { columns: 1, gap: 0 });
      canvas.style.setProperty('--aspect', `${shape.width} / ${shape.height}`);
      const figure = make(
        'figure',
        { title: `example ${row}` },
        canvas,
        make('figcaption', {}, activations[i].toFixed(2)),
      );
      return figure;
    });
    const host = find('answers', HTMLElement);
    host.classList.toggle('rows', shape.width > 3 * shape.height);
    host.replaceChildren(...(figures.length > 0 ? figures : ['No example turns it on: the unit is dead.']));
    find('inspected', HTMLElement).textContent =
      figures.length > 0 ? `Unit ${unit} answers these most, each with its activation` : `Unit ${unit}`;
  }

  /** The unit that is looked at. */
  get unit(): number | null {
    return this.chosen;
  }

  private choose(unit: number | null): void {
    this.chosen = unit;
    this.tiles.choose(unit);
    this.inspector.hidden = unit === null;
    if (unit !== null) find('inspected', HTMLElement).textContent = `Unit ${unit}`;
  }

  /** What the tiles are. */
  private wordsOf({ tilesAre }: Look): string {
    const what = tilesAre === 'weights' ? 'what each unit looks for' : 'what each unit adds to a reconstruction';
    const how =
      this.data.kind === 'image'
        ? ', faint where it is never on'
        : `${onColumns(this.data)}: blue below 0, orange above`;
    return `${what}${how}; click one`;
  }

  private shapeOf(length: number): TileShape {
    if (this.data.kind === 'image') return { ...this.data.image, palette: grey };
    return { height: 1, width: length, palette: signed };
  }
}

function headingOf({ kind }: DataLook, { model }: Settings): string {
  if (kind === 'table')
    return 'Rows of the table, least number blue, largest orange; under each what the model makes of it';
  return model === 'denoising'
    ? 'Masked inputs, and what the model restores'
    : 'Inputs, and what the model makes of them';
}

/** Names of a table's columns, where they are few enough to be read. */
function onColumns(data: DataLook): string {
  return data.kind === 'table' && data.columns.length <= 12 ? ` on ${data.columns.join(', ')}` : '';
}

function pointOf({ epoch, cost, terms }: HistoryEntry) {
  const { weightDecay, ...rest } = terms as Readonly<Record<string, number>>;
  return { epoch, cost, terms: { ...rest, 'weight decay': weightDecay } };
}
