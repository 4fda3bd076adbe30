// What an edge runtime answers, which knows no workers.
import { workHere } from './work-here.mjs';

export async function answer() {
  try {
    return Response.json(await workHere());
  } catch (error) {
    return Response.json({ error: error.stack });
  }
}
