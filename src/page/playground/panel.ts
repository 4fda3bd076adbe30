import { find, make } from '../components/find.ts';
import { type ControlName, positionOf, positionsOf, valueAt } from './controls.ts';
import { ENGINE_TITLES, engineNames } from './engines.ts';
import { type ModelName, modelKinds, modelNames } from './model-kinds.ts';
import { controlNamed, type DataName, dataNames, type Settings, startOf } from './settings.ts';

const DATA_TITLES: Readonly<Record<DataName, string>> = {
  'dead-leaves': 'dead leaves',
  digits: 'digits',
  'swiss-roll': 'Swiss roll',
  own: 'your own',
};

/** How much has changed: training goes on with new settings, or begins anew. */
export type Change = 'goes on' | 'anew';

/** Whether there is anything to choose among: pages have it over https and on localhost. */
export function hasWebGpu(): boolean {
  return 'gpu' in navigator;
}

/** The settings as radio buttons and sliders. */
export class Panel {
  private settings: Settings;
  private hasOwn = false;
  private ownAreImages = true;
  private readonly changed: (settings: Settings, change: Change) => void;
  private readonly sliders = new Map<ControlName, HTMLInputElement>();
  private readonly seed = find('seed', HTMLInputElement);
  private readonly whiten = find('whiten', HTMLInputElement);

  constructor(settings: Settings, changed: (settings: Settings, change: Change) => void) {
    this.settings = settings;
    this.changed = changed;
    for (const name of dataNames) {
      this.choice('data', name, DATA_TITLES[name], () =>
        this.anew(startOf(this.settings.model, name, this.settings.seed, this.settings.engine)),
      );
    }
    for (const name of modelNames) {
      this.choice('model', name, modelKinds[name].title, () => this.chooseModel(name));
    }
    for (const name of engineNames) {
      this.choice('engine', name, ENGINE_TITLES[name], () => this.anew({ ...this.settings, engine: name }));
    }
    find('engines', HTMLElement).hidden = !hasWebGpu();
    this.seed.addEventListener('change', () => {
      const seed = Number(this.seed.value);
      if (Number.isSafeInteger(seed) && seed >= 0) this.anew({ ...this.settings, seed });
      else this.seed.value = `${this.settings.seed}`;
    });
    this.whiten.addEventListener('change', () => this.anew({ ...this.settings, whiten: this.whiten.checked }));
    find('settings', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
    this.show(settings);
  }

  /** Shows settings that came from elsewhere: an address, a file. */
  show(settings: Settings): void {
    const kind = modelKinds[settings.model];
    const others = this.sliders.size === 0 || this.settings.model !== settings.model;
    this.settings = settings;
    this.check('data', settings.data);
    this.check('model', settings.model);
    this.check('engine', settings.engine);
    const says = find('says', HTMLParagraphElement);
    says.replaceChildren(`${kind.says} `, make('a', { href: `derivation/${kind.page}.html` }, 'Its derivation'));
    if (others) this.lay(kind.controls);
    for (const name of kind.controls) {
      const slider = this.sliders.get(name);
      if (slider) slider.value = `${positionOf(controlNamed(name), settings.values[name])}`;
      this.say(name);
    }
    this.seed.value = `${settings.seed}`;
    this.whiten.checked = settings.whiten;
    const arePatches = settings.data === 'dead-leaves' || (settings.data === 'own' && this.ownAreImages);
    find('whitening', HTMLLabelElement).hidden = !arePatches;
  }

  /** There are data of one's own, images or a table: they can be chosen again. */
  allowOwn(areImages: boolean): void {
    this.hasOwn = true;
    this.ownAreImages = areImages;
    this.show(this.settings);
  }

  private chooseModel(model: ModelName): void {
    this.anew(startOf(model, this.settings.data, this.settings.seed, this.settings.engine));
  }

  private anew(settings: Settings): void {
    this.show(settings);
    this.changed(settings, 'anew');
  }

  private choice(group: 'data' | 'model' | 'engine', value: string, title: string, chosen: () => void): void {
    const input = make('input', { type: 'radio', name: group, value });
    input.addEventListener('change', chosen);
    find(group, HTMLFieldSetElement).append(make('label', { className: 'choice' }, input, make('span', {}, title)));
  }

  private check(group: string, value: string): void {
    for (const input of document.querySelectorAll<HTMLInputElement>(`input[name="${group}"]`)) {
      input.checked = input.value === value;
      if (input.value === 'own' && input.parentElement) input.parentElement.hidden = !this.hasOwn;
    }
  }

  private lay(names: readonly ControlName[]): void {
    this.sliders.clear();
    const rows = names.map((name) => {
      const control = controlNamed(name);
      const id = `slider-${name}`;
      const slider = make('input', { id, type: 'range', min: '0', max: `${positionsOf(control)}`, step: '1' });
      slider.addEventListener('input', () => {
        const values = { ...this.settings.values, [name]: valueAt(control, Number(slider.value)) };
        this.settings = { ...this.settings, values };
        this.say(name);
        this.changed(this.settings, 'goes on');
      });
      this.sliders.set(name, slider);
      const label = make('label', { htmlFor: id }, make('b', {}, control.symbol), ` ${control.label}`);
      return make('div', { className: 'slider' }, label, make('output', { htmlFor: id } as object), slider);
    });
    const host = find('sliders', HTMLFieldSetElement);
    host.replaceChildren(...host.querySelectorAll('legend'), ...rows);
  }

  private say(name: ControlName): void {
    const slider = this.sliders.get(name);
    const output = slider?.parentElement?.querySelector('output');
    const text = `${this.settings.values[name]}`;
    if (output) output.textContent = text;
    slider?.setAttribute('aria-valuetext', text);
  }
}
