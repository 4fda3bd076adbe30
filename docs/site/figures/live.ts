import './figure.css';
import { type Figure, reading, startOf } from './figure.ts';
import { figures } from './index.ts';
import { render } from './render.ts';

const NARROWEST = 300;
const WIDEST = 640;
/** A play takes this long from min to max. */
const PLAY_MS = 6000;

/** Controls of all figures so far: each has an id of its own. */
let count = 0;

/** An element with attributes and children. */
function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * Puts the live figure in the place of the still picture in `host`, whose `data-figure` names it. Its width is the
 * host's, its height that of the still. Where the code does not load, the still stays.
 * @returns what ends it: the still is back, nothing listens any more.
 */
export async function upgrade(host: HTMLElement): Promise<() => void> {
  const figure = await figures[host.dataset.figure ?? '']();
  const still = [...host.childNodes];
  const values: Record<string, number> = { ...startOf(figure) };
  const ending = new AbortController();
  const { signal } = ending;
  const picture = make('span', { class: 'figure-picture' });
  const said = make('span', { class: 'figure-said', 'aria-live': 'polite' });
  let width = 0;
  let asked = 0;
  let talk = 0;

  const draw = () => {
    asked = 0;
    const svg = render(figure, values, width, document);
    svg.setAttribute('aria-label', figure.alt);
    picture.replaceChildren(svg);
    // Heard once the reader rests, not at every pixel of a slider.
    clearTimeout(talk);
    talk = window.setTimeout(() => {
      said.textContent = figure.draw(values, width).says.join(' ');
    }, 500);
  };
  const redraw = () => {
    if (asked === 0) asked = requestAnimationFrame(draw);
  };

  const { rows, stop } = controlsOf(figure, values, redraw, signal);
  host.replaceChildren(picture, make('span', { class: 'figure-controls' }, ...rows), said);
  host.classList.add('figure-live');
  const fit = () => {
    const now = Math.round(Math.min(WIDEST, Math.max(NARROWEST, host.clientWidth)));
    if (now === width) return;
    width = now;
    draw();
  };
  fit();
  const observer = new ResizeObserver(fit);
  observer.observe(host);

  return () => {
    ending.abort();
    stop();
    observer.disconnect();
    cancelAnimationFrame(asked);
    clearTimeout(talk);
    host.classList.remove('figure-live');
    host.replaceChildren(...still);
  };
}

/** A row of label, slider and value for each control, and a play button where time is what moves. */
function controlsOf(figure: Figure, values: Record<string, number>, redraw: () => void, signal: AbortSignal) {
  let frame = 0;
  const stop = () => cancelAnimationFrame(frame);
  const rows = Object.entries(figure.controls).map(([key, control]) => {
    const id = `figure-control-${++count}`;
    const { min, max, step } = control;
    const slider = make('input', {
      id,
      type: 'range',
      min: `${min}`,
      max: `${max}`,
      step: `${step}`,
      value: `${values[key]}`,
    });
    const value = make('output', { for: id });
    const show = () => {
      value.textContent = reading(control, values[key]);
      slider.setAttribute('aria-valuetext', `${control.symbol} = ${value.textContent}`);
    };
    const set = (to: number) => {
      values[key] = to;
      slider.value = String(to);
      show();
      redraw();
    };
    show();
    slider.addEventListener('input', () => set(Number(slider.value)), { signal });
    const label = make('label', { for: id }, control.name, ' ', make('i', {}, control.symbol));
    const parts: Node[] = [label, slider, value];
    if (figure.plays === key) {
      const play = playButton(
        () => values[key],
        set,
        control,
        (next) => (frame = next),
      );
      slider.addEventListener('pointerdown', play.stop, { signal });
      slider.addEventListener('keydown', play.stop, { signal });
      play.button.addEventListener('click', play.toggle, { signal });
      parts.push(play.button);
    }
    return make('span', { class: 'figure-control' }, ...parts);
  });
  return { rows, stop };
}

/** Plays a control to its end, from its beginning where it stands at the end; one step a press where motion is unwanted. */
function playButton(
  now: () => number,
  set: (value: number) => void,
  { min, max, step, name }: { min: number; max: number; step: number; name: string },
  hold: (frame: number) => void,
) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const button = make('button', { type: 'button', 'aria-label': still ? `next ${name}` : `play ${name}` });
  let frame = 0;
  const dress = () => {
    button.textContent = still ? 'Next' : frame === 0 ? 'Play' : 'Pause';
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    dress();
  };
  const toggle = () => {
    const from = now() >= max ? min : now();
    if (still) return set(now() >= max ? min : Math.min(max, now() + step));
    if (frame !== 0) return stop();
    const begin = performance.now();
    const tick = (time: number) => {
      const steps = Math.floor(((Math.max(0, time - begin) / PLAY_MS) * (max - min)) / step);
      const to = Math.min(max, from + steps * step);
      if (to !== now()) set(to);
      if (to >= max) return stop();
      frame = requestAnimationFrame(tick);
      hold(frame);
    };
    frame = requestAnimationFrame(tick);
    hold(frame);
    dress();
  };
  dress();
  return { button, stop, toggle };
}
