import { answer } from './answer.mjs';

// biome-ignore lint/style/noDefaultExport: workerd asks for one
export default { fetch: answer };
