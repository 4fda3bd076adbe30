import { matrix } from '../../array/matrix.ts';
import { project } from '../../figures/projection.ts';
import { viridis } from './colours.ts';

const EYE = { azimuth: 25, elevation: 60 };
const FAINT = 0.28;

/** Points in space (n, 3), coloured by the angle of the sheet that they lie on: as given, faint, and as a model gives them back. */
export function drawRoll(canvas: HTMLCanvasElement, x: Float32Array, xHat: Float32Array, angles: Float64Array): void {
  const size = Math.round(canvas.clientWidth * (globalThis.devicePixelRatio || 1)) || 300;
  if (canvas.width !== size) canvas.width = size;
  if (canvas.height !== size) canvas.height = size;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.clearRect(0, 0, size, size);
  const seen = [x, xHat].map((points) => project(matrix(points, points.length / 3, 3), EYE));
  const [given] = seen;
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const [left, top] = [middle(given.map((p) => p.x)), middle(given.map((p) => p.y))];
  const reach = Math.max(...given.map((p) => Math.max(Math.abs(p.x - left), Math.abs(p.y - top)))) * 1.1;
  const radius = size / 170;
  const [first, last] = [1.5 * Math.PI, 4.5 * Math.PI];
  for (const [side, points] of seen.entries()) {
    context.globalAlpha = side === 0 ? FAINT : 1;
    const order = points.map((_, i) => i).sort((a, b) => points[a].depth - points[b].depth);
    for (const i of order) {
      const shade = 3 * Math.round((255 * (angles[i] - first)) / (last - first));
      context.fillStyle = `rgb(${viridis[shade]} ${viridis[shade + 1]} ${viridis[shade + 2]})`;
      context.beginPath();
      const [px, py] = [points[i].x - left, top - points[i].y].map((at) => size / 2 + (at / reach) * (size / 2));
      context.arc(px, py, side === 0 ? radius * 0.8 : radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}
