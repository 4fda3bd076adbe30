import { answer } from '../answer.mjs';

export const dynamic = 'force-dynamic';
export const GET = answer;
