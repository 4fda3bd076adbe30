import { answer } from '../answer.mjs';

export const runtime = 'edge';
export const GET = answer;
